"""What happened to issues and changes.

The listing of a repository's events is the bulk stream. The timeline of single issues has more (commits, references
from elsewhere), at one request for each issue: it is a detail that is off unless the settings name it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from scout.model import TicketState
from scout.sources._github.shape import Json, key, moment, part, parts, text
from scout.sources._github.stream import Paged, Stream, when
from scout.sources._github.words import LABEL, Vocabulary, closed_state
from scout.sources._people import person
from scout.warehouse.records import CoreRow, TransitionRow

_CLAIMED = "claimed"
_UNSTARTED = TicketState.UNSTARTED.value


class _Turn(NamedTuple):
    """What became what: as a transition, without whom and when."""

    field: str
    before: str = ""
    after: str = ""
    native_before: str = ""
    native_after: str = ""


def _closed(event: Json, said: Vocabulary) -> Iterable[_Turn]:
    del said
    if part(event, "issue").get("pull_request"):
        return [_Turn("state", "open", "closed", "open", "closed")]
    reason = text(event.get("state_reason"))
    return [_Turn("state", _UNSTARTED, closed_state(reason).value, "open", reason or "closed")]


def _reopened(event: Json, said: Vocabulary) -> Iterable[_Turn]:
    del said
    if part(event, "issue").get("pull_request"):
        return [_Turn("state", "closed", "open", "closed", "open")]
    return [_Turn("state", TicketState.COMPLETED.value, _UNSTARTED, "closed", "open")]


def _merged(event: Json, said: Vocabulary) -> Iterable[_Turn]:
    del event, said
    return [_Turn("state", "open", "merged", "open", "merged")]


def _labeled(event: Json, said: Vocabulary) -> Iterable[_Turn]:
    name = text(part(event, "label").get("name"))
    turns = [_Turn("label", "", name, "", name)]
    if (state := said.label_state(name)) and not part(event, "issue").get("pull_request"):
        turns.append(_Turn("state", _UNSTARTED, state.value, "", f"{LABEL}{name}"))
    return turns


def _unlabeled(event: Json, said: Vocabulary) -> Iterable[_Turn]:
    name = text(part(event, "label").get("name"))
    turns = [_Turn("label", name, "", name, "")]
    if (state := said.label_state(name)) and not part(event, "issue").get("pull_request"):
        turns.append(_Turn("state", state.value, _UNSTARTED, f"{LABEL}{name}", ""))
    return turns


def _milestoned(event: Json, said: Vocabulary) -> Iterable[_Turn]:
    del said
    title = text(part(event, "milestone").get("title"))
    return [_Turn("milestone", "", title, "", title)]


def _demilestoned(event: Json, said: Vocabulary) -> Iterable[_Turn]:
    del said
    title = text(part(event, "milestone").get("title"))
    return [_Turn("milestone", title, "", title, "")]


def _renamed(event: Json, said: Vocabulary) -> Iterable[_Turn]:
    del said
    before, after = text(part(event, "rename").get("from")), text(part(event, "rename").get("to"))
    return [_Turn("title", before, after, before, after)]


def _assigned(event: Json, said: Vocabulary) -> Iterable[_Turn]:
    del event, said
    return [_Turn("claim", "", _CLAIMED, "", "assigned")]


def _unassigned(event: Json, said: Vocabulary) -> Iterable[_Turn]:
    del event, said
    return [_Turn("claim", _CLAIMED, "", "assigned", "")]


_TURNS: Mapping[str, Callable[[Json, Vocabulary], Iterable[_Turn]]] = {
    "closed": _closed,
    "reopened": _reopened,
    "merged": _merged,
    "labeled": _labeled,
    "unlabeled": _unlabeled,
    "milestoned": _milestoned,
    "demilestoned": _demilestoned,
    "renamed": _renamed,
    "assigned": _assigned,
    "unassigned": _unassigned,
}


def event_rows(event: Json, said: Vocabulary) -> Iterator[CoreRow]:
    """Return what an event changed; events of other kinds keep GitHub's word, with what they point at."""
    subject = key(part(event, "issue").get("number"))
    word = text(event.get("event"))
    if not subject or not word:
        return
    make = _TURNS.get(word)
    actor, by_bot = person(event.get("actor"))
    at = moment(event.get("created_at")) or moment(event.get("submitted_at"))
    for turn in make(event, said) if make else [_Turn(word, native_after=_pointed_at(event))]:
        yield TransitionRow(subject, *turn, actor=actor, by_bot=by_bot, at=at)


def timeline_rows(timeline: Json, said: Vocabulary) -> Iterator[CoreRow]:
    """Return what only the timeline has: references from elsewhere, and commits."""
    for event in parts(timeline.get("rows")):
        if text(event.get("event")) in {"cross-referenced", "committed"}:
            yield from event_rows({**event, "issue": {"number": timeline.get("of")}}, said)


def _pointed_at(event: Json) -> str:
    source = text(part(event, "source", "issue").get("html_url"))
    return text(event.get("commit_id")) or source or text(event.get("sha"))


def _own(event: Json) -> Json:
    """Return an event with only the number of its issue, which is a record of its own and changes by itself."""
    issue = part(event, "issue")
    return {**event, "issue": {"number": issue.get("number"), "pull_request": bool(issue.get("pull_request"))}}


def _on_issue(event: Json) -> str:
    subject = key(part(event, "issue").get("number"))
    return f"issue/{subject}" if subject else ""


STREAMS = (
    Stream(
        "event",
        "/issues/events",
        Paged.NEWEST,
        event_rows,
        parent=_on_issue,
        changed=when("created_at"),
        mark="created_at",
        trim=_own,
        each="/issues/events/{key}",
        required=True,
    ),
    Stream("timeline", "/issues/{key}/timeline", Paged.DETAIL, timeline_rows, default=False),
)
