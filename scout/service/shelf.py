"""All candidates in lines, kept in this process: each question reads of the ledger only what has happened since."""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from scout.ledger import Ledger, Life
from scout.ledger.lives import Pulse
from scout.model import REFINEMENT, CandidateState, standing
from scout.review import inbox, transitions
from scout.service.inbox_line import InboxLine
from scout.service.wiring import Workspace

_EVER, _NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_LEDGERS = 4
"""Ledgers whose lines are kept."""


class Entry(NamedTuple):
    """A candidate in a line.

    Attributes:
        line: as it is while a deferral has not ended.
        until: when it is offered again by itself; None for never.
        decided: whether anything was decided that was not taken back.
        refines: whether it rewrites a ticket.
    """

    line: InboxLine
    until: datetime | None
    decided: bool
    refines: bool


class Shelf(NamedTuple):
    """What waits for decisions and all the rest.

    Attributes:
        waiting: in the order to decide them.
        others: in whatever other state, by id.
        decided: ids of those about which anything was decided that stands.
        refining: ids of those that rewrite a ticket.
    """

    waiting: tuple[InboxLine, ...]
    others: tuple[InboxLine, ...]
    decided: frozenset[str] = frozenset()
    refining: frozenset[str] = frozenset()

    @property
    def all(self) -> tuple[InboxLine, ...]:
        """Those that wait, then the others."""
        return (*self.waiting, *self.others)

    @property
    def states(self) -> dict[str, int]:
        """How many are in which state, in the order of a candidate's life."""
        counts = Counter(one.state for one in self.others) + Counter({CandidateState.OFFERED: len(self.waiting)})
        return {state.value: counts[state] for state in CandidateState if counts[state]}


def shelf(work: Workspace, projects: Iterable[str], need: Mapping[str, float] | None = None) -> Shelf:
    """Return the candidates of these projects in lines.

    Args:
        work: the workspace.
        projects: ids.
        need: by project, how far it is below its reorder point, as `review.inbox.ordered` takes it.

    Raises:
        StoreError: the ledger cannot be read.
    """
    needed = tuple(sorted((need or {}).items()))
    return _kept(work.ledger).shelf(work.ledger, work.now, frozenset(projects), needed)


def decided_today(work: Workspace, projects: Iterable[str]) -> int:
    """Return how many decisions people made about these projects on this day (UTC)."""
    start = work.now.replace(hour=0, minute=0, second=0, microsecond=0)
    return work.ledger.decided_on(tuple(projects), start, start + timedelta(days=1), transitions.Role.SCOUT)


class _Dated(NamedTuple):
    """A shelf that is as it is from `since` until before `until`: then a deferral ends."""

    shelf: Shelf
    since: datetime
    until: datetime


class _Kept:
    """The lines of one ledger, as they were at its last pulse; threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pulse: Pulse | None = None
        self._marks: dict[str, tuple[int, ...]] = {}
        self._entries: dict[str, Entry] = {}
        self._shelves: dict[tuple[object, ...], _Dated] = {}

    def shelf(
        self, ledger: Ledger, now: datetime, wanted: frozenset[str], need: tuple[tuple[str, float], ...]
    ) -> Shelf:
        """Return these projects' candidates, having read those that something has happened to."""
        with self._lock:
            pulse = ledger.pulse()
            if pulse != self._pulse:
                self._refresh(ledger, pulse)
                self._shelves = {}
            known = self._shelves.get((wanted, need))
            if known is None or not known.since <= now < known.until:
                known = _dated([one for one in self._entries.values() if one.line.project in wanted], now, dict(need))
                self._shelves[wanted, need] = known
            return known.shelf

    def _refresh(self, ledger: Ledger, now: Pulse) -> None:
        marks = ledger.marks()  # before the lines: what happens meanwhile is seen the next time
        before = self._pulse
        if before is None or now.is_anew(before):
            self._entries = {one.id: _entry(one) for one in ledger.lives()}
        else:
            changed = [name for name, mark in marks.items() if self._marks.get(name) != mark]
            self._entries |= {one.id: _entry(one) for one in ledger.lives(changed)}
        self._pulse, self._marks = now, marks


def _kept(ledger: Ledger) -> _Kept:
    place = ledger.place
    file = place.path.stat().st_ino if place.path else 0  # another file in its place is another ledger
    return _of(str(place.url), file, ledger.id())


@lru_cache(maxsize=_LEDGERS)
def _of(_url: str, _file: int, _id: str) -> _Kept:
    return _Kept()


def _dated(entries: list[Entry], now: datetime, need: dict[str, float]) -> _Dated:
    lines = [_at(one, now) for one in entries]
    made = Shelf(
        waiting=inbox.ordered((one for one in lines if one.state is CandidateState.OFFERED), need),
        others=tuple(sorted((one for one in lines if one.state is not CandidateState.OFFERED), key=lambda one: one.id)),
        decided=frozenset(one.line.id for one in entries if one.decided),
        refining=frozenset(one.line.id for one in entries if one.refines),
    )
    ends = (one.until for one in entries if one.until is not None and one.until > now)
    return _Dated(made, now, min(ends, default=_NEVER))


def _at(entry: Entry, now: datetime) -> InboxLine:
    over = entry.until is not None and entry.until <= now
    return entry.line.having(state=CandidateState.OFFERED) if over else entry.line


def _entry(life: Life) -> Entry:
    counting = standing(life.decisions)
    state = transitions.state(life.decisions, _EVER, life.tried)
    ends = counting[-1].until if state is CandidateState.DEFERRED and counting else None
    line = InboxLine(
        **life.model_dump(exclude={"decisions", "tried", "total"}),
        state=state,
        readiness=life.total,
    )
    return Entry(line, ends, bool(counting), life.signal == REFINEMENT)
