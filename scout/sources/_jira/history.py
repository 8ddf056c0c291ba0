"""Transitions of a ticket from its changelog."""

from collections.abc import Iterator
from itertools import chain

from scout.model import TicketState
from scout.sources._jira.moments import moment
from scout.sources._jira.shape import NOTHING, Json, part, parts, word
from scout.sources._jira.words import Vocabulary, state_of
from scout.sources._people import person
from scout.warehouse.records import TransitionRow

_OURS = {"status": "state", "assignee": "claim", "summary": "title", "fix version": "milestone"}
_LONGEST = 300
"""Characters of an old or new value that are kept; descriptions stand whole in the raw record."""


def transitions(key: str, issue: Json, said: Vocabulary) -> Iterator[TransitionRow]:
    """Return what changed about a ticket, oldest first.

    Args:
        key: the ticket's.
        issue: its record, people replaced.
        said: what the settings say about statuses.
    """
    categories = _categories(issue)
    for history in parts(part(issue, "changelog"), "histories"):
        by = (*person(history.get("author")), moment(history.get("created")))
        changes = parts(history, "items")
        solved = next((one for one in changes if one.get("field") == "resolution"), NOTHING)
        for change in changes:
            for row in _rows(change, solved, categories, said):
                yield TransitionRow(key, *row, *by)


def _categories(issue: Json) -> Json:
    """Return categories by status id or name: what the pull put beside the issue, and its own status."""
    status = part(issue, "fields", "status")
    own = word(part(status, "statusCategory"), "key")
    return {word(status, "name"): own, **part(issue, "lore", "statuses")} if own else part(issue, "lore", "statuses")


def _rows(change: Json, solved: Json, categories: Json, said: Vocabulary) -> list[tuple[str, str, str, str, str]]:
    """Return field, before, after, native before and native after of one entry; labels one by one."""
    native = word(change, "field").lower()
    field = _OURS.get(native, native)
    if not field:
        return []
    if field == "labels":
        return _labels(change)
    if field == "claim":
        before, after = word(change, "from"), word(change, "to")
        return [(field, before, after, before, after)]
    before, after = word(change, "fromString")[:_LONGEST], word(change, "toString")[:_LONGEST]
    if field != "state":
        return [(field, before, after, before, after)]
    old = _state(change, "from", solved, categories, said)
    return [(field, old, _state(change, "to", solved, categories, said), before, after)]


def _state(change: Json, side: str, solved: Json, categories: Json, said: Vocabulary) -> str:
    name = word(change, f"{side}String")
    category = categories.get(word(change, side)) or categories.get(name) or ""
    state = state_of(
        name, category if isinstance(category, str) else "", said, resolution=word(solved, f"{side}String")
    )
    return state.value if isinstance(state, TicketState) else ""


def _labels(change: Json) -> list[tuple[str, str, str, str, str]]:
    """Return a row for each label that went or came; Jira writes all of them, with blanks between."""
    before, after = (dict.fromkeys(word(change, side).split()) for side in ("fromString", "toString"))
    gone = ((name, "") for name in before if name not in after)
    come = (("", name) for name in after if name not in before)
    return [("label", old, new, old, new) for old, new in chain(gone, come)]
