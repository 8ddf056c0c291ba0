"""The days of a project as they ended, put together from what plans, reviewers and trackers have left behind.

Stock is what each day's newest plan counted, and stays what it was where no plan was made. Candidates tell the rest:
each has a dated way from the draft through the queue to a ticket that is ready, or never gets so. Nothing is kept
twice, so that what is taken back, such as a decision that was undone, changes the days that it was counted in.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from scout.buffer.calendar import Calendar
from scout.buffer.days import Day, OnOrder, Today
from scout.model import Candidate, Event, standing

_LONGEST = 260  # working days: a year
_SPAN, _BUSY = 60, 10  # working days that reviewers' speed is measured on; fewer busy ones tell nothing
_FACTOR = 4  # a measured speed is believed between a quarter of what the settings say and four times that


class Kept(NamedTuple):
    """What the newest plan of a day counted.

    Attributes:
        day: a UTC day.
        on_hand: tickets.
        blocked: ready tickets that wait for others.
        unfilled: candidates ordered that were not drafted as the day went on.
    """

    day: date
    on_hand: int
    blocked: int
    unfilled: int


class Step(NamedTuple):
    """What a candidate changes on a day: how many wait in a stage, and how much happened; all counts, ±."""

    day: date
    queued: int = 0
    accepting: int = 0
    decided: int = 0
    accepted: int = 0
    readied: int = 0
    spoiled: int = 0


class Dated(NamedTuple):
    """A working day as it ended."""

    day: date
    ended: Day


Judged = Sequence[tuple[datetime, bool]]
"""When a ticket's readiness changed, oldest first, and whether it was ready from then on."""


def steps(lives: Iterable[Candidate], verdicts: Mapping[str, Judged], now: datetime) -> Iterator[Step]:
    """Return what candidates change day by day, in no order; what is dated after `now` is left out.

    A filed one counts as ready from its filing on, unless its ticket was judged otherwise since: it is then ready
    when that changes, and until it does it has not become what it was made for.

    Args:
        lives: all candidates of a project.
        verdicts: of the tickets that candidates have become, by key.
        now: the clock, UTC.
    """
    for one in lives:
        for step in _way(one, verdicts, now):
            if step.day <= now.astimezone(UTC).date():
                yield step


def chronicle(  # noqa: PLR0913 - one argument a kind of knowledge
    kept: Iterable[Kept],
    today: date,
    calendar: Calendar,
    *,
    started: Iterable[tuple[date, int]] = (),
    unmet: Iterable[tuple[date, int]] = (),
    moved: Iterable[Step] = (),
) -> tuple[Dated, ...]:
    """Return the working days from the first plan to the day before `today`, oldest first; at most a year of them.

    What happened on a free day counts for the working day before it.

    Args:
        kept: what plans counted, in any order.
        today: the day that is not over.
        calendar: the working days.
        started: days with the tickets started on them.
        unmet: days with the tickets asked for on them in vain.
        moved: what `steps` returned.
    """
    plans = {calendar.latest(one.day): one for one in sorted(kept) if one.day < today}
    if not plans:
        return ()
    earliest = max(min(plans), date.fromordinal(max(1, today.toordinal() - 2 * _LONGEST)))
    days = calendar.days(earliest, today)[-_LONGEST:]
    starts, missed = _by_day(started, calendar), _by_day(unmet, calendar)
    changes: dict[date, list[Step]] = {}
    for step in moved:
        changes.setdefault(calendar.latest(step.day), []).append(step)
    line = _Line(days[0], plans, changes) if days else None
    return tuple(Dated(day, line.ended(day, starts.get(day, 0), missed.get(day, 0))) for day in days if line)


def speed(days: Sequence[Dated], said: float) -> float:
    """Return decisions a working day: what reviewers made while more was there, over the last 60 working days.

    Args:
        days: what `chronicle` returned.
        said: what the settings say; it stands until ten such days were seen, and bounds what is believed.
    """
    busy = [one.ended.today.decided for one in days[-_SPAN:] if one.ended.today.queued > 0]
    if len(busy) < _BUSY:
        return said
    return min(max(sum(busy) / len(busy), said / _FACTOR), said * _FACTOR)


class _Line:
    """Goes through the days and knows what stands where."""

    def __init__(self, first: date, plans: Mapping[date, Kept], changes: Mapping[date, Sequence[Step]]) -> None:
        self._plans, self._changes = plans, changes
        before = [step for day, those in changes.items() if day < first for step in those]
        self._queued, self._accepting = sum(one.queued for one in before), sum(one.accepting for one in before)
        known = [day for day in plans if day <= first]
        self._stock = plans[max(known)] if known else Kept(first, 0, 0, 0)
        self._left = 0  # candidates that left the queue undecided

    def ended(self, day: date, starts: int, starved: int) -> Day:
        """Return the next day."""
        happened = self._changes.get(day, ())
        plan = self._plans.get(day)
        before, self._stock = self._stock.on_hand, plan or self._stock
        more, decided = sum(one.queued for one in happened), sum(one.decided for one in happened)
        self._queued += more
        self._accepting += sum(one.accepting for one in happened)
        came = decided + more - self._left
        self._left = max(0, -came)
        today = Today(
            starts=starts,
            starved=starved,
            on_hand=before,
            blocked=self._stock.blocked,
            ordered=max(0, came) + (plan.unfilled if plan else 0),
            presented=max(0, self._queued) + decided,
            queued=max(0, self._queued),
            decided=decided,
            accepted=sum(one.accepted for one in happened),
            spoiled=sum(one.spoiled for one in happened),
            readied=sum(one.readied for one in happened),
        )
        return Day(self._stock.on_hand, OnOrder(0, max(0, self._queued), max(0, self._accepting)), today)


def _way(one: Candidate, verdicts: Mapping[str, Judged], now: datetime) -> Iterator[Step]:
    """Return a candidate's steps in order: from stage to stage, and what a decision or a verdict counts for."""
    waits, accepted = True, False
    until: datetime | None = None
    yield Step(_day(one.created_at), queued=1)
    for event in standing(one.decisions):
        if until is not None and until <= min(event.at, now):  # a deferral that was over before
            waits = True
            yield Step(_day(until), queued=1)
        until = event.until if event.event is Event.DEFER else None
        if event.event in {Event.START, Event.FAIL, Event.VERIFY, Event.REGRESS, Event.APPROVE}:
            continue
        if event.event is Event.PUBLISH:
            yield from _filed(event.at, verdicts.get(one.ticket, ()))
            return
        decides = event.event in {Event.ACCEPT, Event.REJECT, Event.MERGE}
        waiting, yes = event.event in {Event.EDIT, Event.OFFER}, event.event is Event.ACCEPT
        yield Step(_day(event.at), waiting - waits, yes - accepted, int(decides), int(yes))
        waits, accepted = waiting, yes
    if until is not None and until <= now:
        yield Step(_day(until), queued=1)


def _filed(at: datetime, verdicts: Judged) -> Iterator[Step]:
    since = [one for one in verdicts if one[0] >= at]
    ready = at if not since else next((then for then, so in since if so), None)
    if ready is not None:
        yield Step(_day(ready), accepting=-1, readied=1)
    else:
        yield Step(_day(since[0][0]), accepting=-1, spoiled=1)


def _by_day(counts: Iterable[tuple[date, int]], calendar: Calendar) -> dict[date, int]:
    found: dict[date, int] = {}
    for day, count in counts:
        if count > 0:
            worked = calendar.latest(day)
            found[worked] = found.get(worked, 0) + count
    return found


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
