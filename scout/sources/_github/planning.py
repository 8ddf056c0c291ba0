"""How work is sorted and put in order: labels, milestones, parts of issues, what blocks what, projects."""

from collections.abc import Iterator

from scout.sources._github.refs import reference
from scout.sources._github.shape import Json, key, moment, part, parts, text
from scout.sources._github.stream import Paged, Stream, by, when
from scout.sources._github.words import Vocabulary, issue_state
from scout.warehouse.records import CoreRow, IterationRow, LabelRow, LinkRow

_KEPT = ("number", "url", "repository_url", "state", "state_reason")


def label_rows(label: Json, said: Vocabulary) -> Iterator[CoreRow]:
    """Return a label."""
    del said
    yield LabelRow(text(label.get("name")), text(label.get("description")))


def milestone_rows(milestone: Json, said: Vocabulary) -> Iterator[CoreRow]:
    """Return a milestone."""
    del said
    yield IterationRow(
        key=key(milestone.get("number")),
        kind="milestone",
        name=text(milestone.get("title")),
        state="closed" if text(milestone.get("state")) == "closed" else "open",
        starts_at=None,
        due_at=moment(milestone.get("due_on")),
        closed_at=moment(milestone.get("closed_at")),
    )


def part_rows(sub_issues: Json, said: Vocabulary) -> Iterator[CoreRow]:
    """Return links from an issue to its parts."""
    return _links(sub_issues, "child", "sub_issue", said)


def blocker_rows(dependencies: Json, said: Vocabulary) -> Iterator[CoreRow]:
    """Return links from an issue to what blocks it."""
    return _links(dependencies, "blocked_by", "blocked_by", said)


def project_rows(placed: Json, said: Vocabulary) -> Iterator[CoreRow]:
    """Return a link from an issue to its place in a project, with the state that its status there stands for.

    The issue's own record knows nothing of it, so that the state of the ticket is for a view to put together.
    """
    number, status = key(placed.get("number")), text(part(placed, "fieldValueByName").get("name"))
    state = said.status_state(status) if status else None
    if number and status:
        title = text(part(placed, "project").get("title"))
        yield LinkRow(number, "status", title, status, state.value if state else "")


def _links(details: Json, kind: str, native: str, said: Vocabulary) -> Iterator[CoreRow]:
    """Return links; of tickets of the same repository their own records know the state, and know it better."""
    subject = key(details.get("of"))
    for issue in parts(details.get("rows")):
        if other := reference(issue.get("url"), details.get("at")):
            elsewhere = "#" in other
            yield LinkRow(subject, kind, other, native, issue_state(issue, (), said).value if elsewhere else "")


def _short(issue: Json) -> Json:
    """Return of an issue, which is a record of its own, what a link says about it."""
    return {name: issue[name] for name in _KEPT if name in issue}


def _on_issue(placed: Json) -> str:
    number = key(placed.get("number"))
    return f"issue/{number}" if number else ""


STREAMS = (
    Stream("label", "/labels", Paged.WHOLE, label_rows),
    Stream("milestone", "/milestones", Paged.WHOLE, milestone_rows, key=by("number"), params={"state": "all"}),
    Stream("sub_issue", "/issues/{key}/sub_issues", Paged.DETAIL, part_rows, trim=_short),
    Stream("dependency", "/issues/{key}/dependencies/blocked_by", Paged.DETAIL, blocker_rows, trim=_short),
    Stream("project_item", "", Paged.GRAPH, project_rows, parent=_on_issue, changed=when("updatedAt"), extra=True),
)
