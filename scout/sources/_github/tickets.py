"""Issues: tickets, and changes as their discussion shows them (a pull request is an issue, too)."""

import re
from collections.abc import Iterable, Iterator

from scout.sources._github.refs import reference
from scout.sources._github.shape import Json, key, moment, part, text, whole, without
from scout.sources._github.stream import Paged, Stream, by
from scout.sources._github.words import Vocabulary, issue_kind, issue_state, labels_of, priority
from scout.sources._people import person
from scout.warehouse.records import ChangeRow, CoreRow, LinkRow, StatusRow, TicketRow

_CLOSES = re.compile(
    r"\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+"
    r"((?:[\w.-]+/[\w.-]+)?#\d+|https?://[^\s/]+/[\w.-]+/[\w.-]+/issues/\d+)",
    re.IGNORECASE,
)
"""GitHub, 'Linking a pull request to an issue using a keyword'."""
_STATUSES = (
    ("open", "", "unstarted"),
    ("completed", "closed", "completed"),
    ("not_planned", "closed", "canceled"),
    ("duplicate", "closed", "canceled"),
)


def issue_rows(issue: Json, said: Vocabulary) -> Iterator[CoreRow]:
    """Return a ticket, or a change, and its links."""
    if "pull_request" in issue:
        yield _change(issue)
        yield from _closing(issue)
    else:
        yield _ticket(issue, said)
        if parent := reference(issue.get("parent_issue_url"), _home(issue)):
            yield LinkRow(key(issue.get("number")), "parent", parent, "sub_issue", "")


def _ticket(issue: Json, said: Vocabulary) -> TicketRow:
    labels = labels_of(issue)
    kind, native_kind = issue_kind(issue, labels, said)
    author, by_bot = person(issue.get("user"))
    return TicketRow(
        key=key(issue.get("number")),
        title=text(issue.get("title")),
        body=text(issue.get("body")),
        state=issue_state(issue, labels, said).value,
        native_state=text(issue.get("state")),
        kind=kind.value if kind else None,
        native_kind=native_kind,
        labels=labels,
        claimed=bool(issue.get("assignees") or issue.get("assignee")),
        priority=priority(labels),
        milestone=text(part(issue.get("milestone")).get("title")),
        parent=reference(issue.get("parent_issue_url"), _home(issue)),
        resolution=text(issue.get("state_reason")),
        author=author,
        by_bot=by_bot,
        url=text(issue.get("html_url")),
        fields="{}",
        created_at=moment(issue.get("created_at")),
        updated_at=moment(issue.get("updated_at")),
        closed_at=moment(issue.get("closed_at")),
        due_at=moment(part(issue.get("milestone")).get("due_on")),
    )


def _change(issue: Json) -> ChangeRow:
    author, by_bot = person(issue.get("user"))
    merged_at = moment(part(issue, "pull_request").get("merged_at"))
    added, deleted = whole(issue.get("additions")), whole(issue.get("deletions"))
    return ChangeRow(
        key=key(issue.get("number")),
        title=text(issue.get("title")),
        body=text(issue.get("body")),
        state="merged" if merged_at else "closed" if text(issue.get("state")) == "closed" else "open",
        draft=issue.get("draft") is True,
        labels=labels_of(issue),
        milestone=text(part(issue.get("milestone")).get("title")),
        author=author,
        by_bot=by_bot,
        url=text(issue.get("html_url")),
        created_at=moment(issue.get("created_at")),
        updated_at=moment(issue.get("updated_at")),
        merged_at=merged_at,
        closed_at=moment(issue.get("closed_at")),
        lines=None if added is None or deleted is None else added + deleted,
        files=whole(issue.get("changed_files")),
    )


def _closing(issue: Json) -> Iterator[LinkRow]:
    body = text(issue.get("body"))
    if "#" not in body and "/issues/" not in body:
        return
    number, seen = key(issue.get("number")), set[str]()
    for word, target in _CLOSES.findall(body):
        other = reference(target, _home(issue))
        if other and other not in seen:
            seen.add(other)
            yield LinkRow(number, "closes", other, word.lower(), "")


def _home(issue: Json) -> str:
    """Return the address of its repository, or its own: archives leave the first out."""
    return next(filter(None, (text(issue.get(name)) for name in ("repository_url", "html_url", "url"))), "")


def _details(issue: Json) -> Iterable[str]:
    if "pull_request" in issue:
        return ("timeline",)
    children = whole(part(issue, "sub_issues_summary").get("total"))
    blockers = part(issue, "issue_dependencies_summary")
    names = ["timeline"]
    if children:
        names.append("sub_issue")
    if whole(blockers.get("total_blocked_by")) or whole(blockers.get("blocked_by")):
        names.append("dependency")
    return names


def repository_rows(repository: Json, said: Vocabulary) -> Iterable[CoreRow]:
    """Return the states that GitHub itself knows."""
    del repository, said
    return [StatusRow(*one) for one in _STATUSES]


def _as_listed(issue: Json) -> Json:
    """Return an issue without who closed it, which only its history and the issue alone show."""
    return without(issue, "closed_by")


STREAMS = (
    Stream("repository", "", Paged.ONE, repository_rows),
    Stream(
        "issue",
        "/issues",
        Paged.ENDS,
        issue_rows,
        key=by("number"),
        trim=_as_listed,
        details=_details,
        params={"state": "all"},
        each="/issues/{key}",
        required=True,
    ),
)
