"""The tickets of a project at one moment: what is open, what happened to it, what hangs on what.

What trackers say is of the last pull; what happened after the view's clock is left out, so that a look at the same
moment says the same.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeVar

from scout.model import TicketState
from scout.signals._base import View
from scout.warehouse.records import ChangeRow, CommentRow, LinkRow, TicketRow, TransitionRow

_Row = TypeVar("_Row", CommentRow, TransitionRow, LinkRow)

_NOISE = frozenset(
    {"subscribed", "unsubscribed", "mentioned", "locked", "unlocked", "user_blocked", "pinned", "unpinned"}
)
_TURN = re.compile(r"(\d+)")
_FEWEST_OPEN = 10
_YOUNG = timedelta(days=90)
DAY = timedelta(days=1)
_CLOSED = frozenset({"closed", "merged", TicketState.COMPLETED.value, TicketState.CANCELED.value})


def natural(key: str) -> tuple[tuple[int, int, str], ...]:
    """Return what sorts `APP-9` before `APP-10`."""
    return tuple((1, int(part), "") if part.isdecimal() else (0, 0, part) for part in _TURN.split(key) if part)


def is_open(state: str) -> bool:
    """Say whether a ticket of this state may still be worked on."""
    return TicketState(state).is_open


class Board:
    """What the tracker knows about tickets, up to the view's clock.

    Attributes:
        now: the view's clock.
        tickets: all tickets that there were by then, by key, in natural order.
    """

    def __init__(self, view: View) -> None:
        self.now = view.now
        self._core = view.core
        rows = sorted(view.core.tickets.values(), key=lambda row: natural(row.key))
        self.tickets: Mapping[str, TicketRow] = {row.key: row for row in rows if self._was(row.created_at)}

    @cached_property
    def open(self) -> tuple[TicketRow, ...]:
        """Tickets on which work may still happen."""
        return tuple(row for row in self.tickets.values() if is_open(row.state))

    @cached_property
    def grown(self) -> bool:
        """Whether there are at least ten open tickets, and the tracker has been in use for 90 days.

        In a small or young backlog everybody knows what is there: habits cannot be told yet.
        """
        first = min((row.created_at for row in self.tickets.values() if row.created_at), default=self.now)
        return len(self.open) >= _FEWEST_OPEN and self.now - first >= _YOUNG

    @cached_property
    def changes(self) -> Mapping[str, ChangeRow]:
        """Pull requests by key; empty where the scout does not read them."""
        return self._core.changes

    @cached_property
    def has_transitions(self) -> bool:
        """Whether the tracker tells what happened to tickets at all."""
        return any(row.subject in self.tickets for row in self._core.of(TransitionRow))

    def comments(self, key: str) -> tuple[CommentRow, ...]:
        """Return what people said about a ticket, oldest first."""
        return self._comments.get(key, ())

    def transitions(self, key: str) -> tuple[TransitionRow, ...]:
        """Return what happened to a ticket, oldest first, programs' doings included."""
        return self._transitions.get(key, ())

    def links(self, key: str, *kinds: str) -> tuple[LinkRow, ...]:
        """Return the links of some kinds that start at a ticket or a change, by the other's key."""
        return tuple(row for row in self._links.get(key, ()) if not kinds or row.kind in kinds)

    def links_to(self, key: str) -> tuple[LinkRow, ...]:
        """Return the links from others that end at a ticket, by where they start."""
        return self._links_to.get(key, ())

    def last_sign(self, row: TicketRow) -> datetime:
        """Return when people last did or said something about a ticket.

        A tracker that keeps no transitions tells the last change of any kind alone, which counts then.
        """
        moves = (one.at for one in self.transitions(row.key) if not one.by_bot and one.field not in _NOISE)
        said = (one.created_at for one in self.comments(row.key))
        other = () if self.has_transitions else (row.updated_at,)
        return max((at for at in (row.created_at, *moves, *said, *other) if at and at <= self.now), default=self.now)

    def silent_days(self, row: TicketRow) -> int:
        """Return for how many days nobody has done or said anything about a ticket."""
        return (self.now - self.last_sign(row)).days

    def children(self, key: str) -> tuple[TicketRow, ...]:
        """Return the tickets of this project that are parts of a ticket, in natural order."""
        return tuple(self.tickets[child] for child in sorted(self._children.get(key, ()), key=natural))

    def foreign_children(self, key: str) -> tuple[LinkRow, ...]:
        """Return the links from a ticket to parts that live elsewhere."""
        return tuple(row for row in self.links(key, "child") if row.other not in self.tickets)

    def blockers(self, key: str) -> tuple[str, ...]:
        """Return the keys of what a ticket waits for by links, in natural order."""
        return tuple(sorted(self._blockers.get(key, ()), key=natural))

    def state_of(self, key: str, said: str = "") -> str:
        """Return the state of a ticket or a change, else what a link says; empty where nobody knows."""
        if key in self.tickets:
            return self.tickets[key].state
        return self.changes[key].state if key in self.changes else said

    def closed_at(self, key: str) -> datetime | None:
        """Return when a ticket or a change was closed; None while it is open or where nobody knows."""
        if key in self.tickets:
            row = self.tickets[key]
            return None if is_open(row.state) else (row.closed_at or row.updated_at)
        if key in self.changes:
            return self.changes[key].merged_at or self.changes[key].closed_at
        return None

    def is_closed(self, key: str, said: str = "") -> bool:
        """Say whether something is known to be closed."""
        return self.state_of(key, said) in _CLOSED

    @cached_property
    def cycle_days(self) -> tuple[float, ...]:
        """How long finished tickets took from their first start to their end, in days, sorted.

        From their creation where the tracker does not tell of fewer than ten starts: longer, so that nothing is called
        late too early.
        """
        done = [row for row in self.tickets.values() if row.state == TicketState.COMPLETED and row.closed_at]
        started = [(row, at) for row in done if (at := self._first_start(row.key))]
        pairs = started if len(started) >= _FEWEST_OPEN else [(row, row.created_at) for row in done if row.created_at]
        return tuple(sorted((row.closed_at - at) / DAY for row, at in pairs if row.closed_at and row.closed_at >= at))

    @cached_property
    def keepers(self) -> frozenset[str]:
        """Pseudonyms of who sorts and closes other people's tickets, for telling roles apart only."""
        authors = {row.key: row.author for row in self.tickets.values()}
        return frozenset(
            move.actor
            for row in self.tickets.values()
            for move in self.transitions(row.key)
            if move.field in {"label", "state", "milestone", "claim"}
            and move.actor
            and not move.by_bot
            and move.actor != authors[move.subject]
        )

    def _first_start(self, key: str) -> datetime | None:
        return next(
            (one.at for one in self.transitions(key) if one.field == "state" and one.after == TicketState.STARTED), None
        )

    def _was(self, at: datetime | None) -> bool:
        return at is None or at <= self.now

    @cached_property
    def _comments(self) -> Mapping[str, tuple[CommentRow, ...]]:
        rows = (row for row in self._core.of(CommentRow) if not row.by_bot and self._was(row.created_at))
        return _by_subject(sorted(rows, key=lambda row: (row.created_at or self.now, row.key)))

    @cached_property
    def _transitions(self) -> Mapping[str, tuple[TransitionRow, ...]]:
        rows = (row for row in self._core.of(TransitionRow) if self._was(row.at))
        return _by_subject(sorted(rows, key=lambda row: (row.at or self.now, row.field, row.after, row.before)))

    @cached_property
    def _links(self) -> Mapping[str, tuple[LinkRow, ...]]:
        return _by_subject(sorted(self._core.of(LinkRow), key=lambda row: (natural(row.other), row.kind)))

    @cached_property
    def _links_to(self) -> Mapping[str, tuple[LinkRow, ...]]:
        found: dict[str, list[LinkRow]] = {}
        for row in sorted(self._core.of(LinkRow), key=lambda row: (natural(row.subject), row.kind)):
            found.setdefault(row.other, []).append(row)
        return {key: tuple(group) for key, group in found.items()}

    @cached_property
    def _children(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {}
        pairs = [(row.parent, row.key) for row in self.tickets.values() if row.parent]
        pairs += [(row.subject, row.other) for row in self._core.of(LinkRow) if row.kind == "child"]
        pairs += [(row.other, row.subject) for row in self._core.of(LinkRow) if row.kind == "parent"]
        for parent, child in pairs:
            if child in self.tickets and child != parent:
                found.setdefault(parent, set()).add(child)
        return found

    @cached_property
    def _blockers(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {}
        for row in self._core.of(LinkRow):
            if row.kind == "blocked_by":
                found.setdefault(row.subject, set()).add(row.other)
            elif row.kind == "blocks":
                found.setdefault(row.other, set()).add(row.subject)
        return found


def _by_subject(rows: Iterable[_Row]) -> Mapping[str, tuple[_Row, ...]]:
    found: dict[str, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.subject, []).append(row)
    return {key: tuple(group) for key, group in found.items()}


def quantile(values: tuple[float, ...], share: float) -> float:
    """Return a quantile of sorted values (the nearest one above); 0 of none."""
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0.0
