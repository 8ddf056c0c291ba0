"""Demand as the plan needs it: what is counted as a start, what was asked for in vain, and what others teach."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

from scout.buffer.calendar import Calendar
from scout.buffer.changes import Change, changes
from scout.buffer.course import Prior
from scout.buffer.demand import Tempo, borrowed, daily, tempo
from scout.ledger import Request
from scout.service.wiring import Project, Workspace
from scout.warehouse.connection import Connection
from scout.warehouse.tables import git, starts
from scout.warehouse.tables.starts import DailyStarts

PROXY = "changes landed on the default branch (proxy of starts)"

BASES: Mapping[str, str] = MappingProxyType(
    {
        "board": "tickets moved to a started state",
        "linked": "tickets whose first closing change was opened",
        "opened": "changes opened (proxy of starts)",
        "claimed": "tickets first assigned (proxy of starts)",
    }
)
"""What may count as a start, the surest first."""

_YEARS = 3
_RECENT = timedelta(days=365)
_SHARE = 1 / 3  # of what the fullest evidence knows: less, and it is used now and then only
_YOUNG = 20  # working days of history under which a project borrows


@dataclass(frozen=True, slots=True)
class StartHistory:
    """Dated demand.

    Attributes:
        basis: what was counted as a start, in words.
        started: days with the number of starts on them.
        unmet: days with the number of tickets asked for when none was ready.
        expedited: changes of the last year merged within an hour of their opening, which do not count.
        others: starts per working day of other projects, and on how many days they rest.
    """

    basis: str
    started: Sequence[tuple[date, int]]
    unmet: Sequence[tuple[date, int]] = ()
    expedited: int = 0
    others: Sequence[tuple[float, int]] = ()

    @property
    def asked(self) -> list[tuple[date, int]]:
        """Days with what was started or asked for in vain on them, oldest first."""
        return sorted([*self.started, *self.unmet])

    def tempo(self, today: date, calendar: Calendar) -> Tempo:
        """Return what the history says about the rate; a project younger than 20 working days borrows from others."""
        asked = [*self.started, *self.unmet]
        first = min((day for day, count in asked if count > 0 and day < today), default=today)
        young = calendar.count(first, today) < _YOUNG
        lenders = (Tempo(days=days, per_day=per_day) for per_day, days in self.others)
        return tempo(asked, today, calendar, borrowed(lenders) if young else Prior())

    def changes(self, today: date, calendar: Calendar) -> tuple[Change, ...]:
        """Return when the pace changed, oldest first."""
        counts = daily(self.started, today, calendar)
        if not counts:
            return ()
        begin = today - timedelta(days=3 * len(counts) + 60)
        return changes(counts, calendar.days(begin, today)[-len(counts) :])

    def notes(self, today: date) -> tuple[str, ...]:
        """Return what a reader should know about the history, in sentences."""
        notes: list[str] = []
        future = sum(count for day, count in self.started if day > today)
        if future:
            verb = "start is" if future == 1 else "starts are"
            notes.append(f"{future} {verb} dated after today and {'does' if future == 1 else 'do'} not count.")
        if self.unmet:
            missed = sum(count for _, count in self.unmet)
            days = f"{len(self.unmet)} day{'s' if len(self.unmet) > 1 else ''}"
            notes.append(f"On {days} work was asked for and nothing was ready: {missed} more count as demand.")
        if self.expedited:
            what = "change was" if self.expedited == 1 else "changes were"
            notes.append(
                f"{self.expedited} {what} merged within an hour of opening this year: expedited, no demand from stock."
            )
        return tuple(notes)


def history_of(work: Workspace, project: Project, connection: Connection) -> StartHistory:
    """Return the demand of a project as far as it is known."""
    today = work.now.date()
    since = date(today.year - _YEARS, 1, 1)
    found = starts.daily_starts(connection, project.id, since)
    evidence = chosen(found, today)
    if evidence is None:
        basis, started = PROXY, git.daily_landed(connection, project.id, since)
    else:
        basis, started = BASES[evidence], [(one.day, one.starts) for one in found if one.evidence == evidence]
    requests = work.ledger.requests(project.id, datetime(since.year, 1, 1, tzinfo=UTC))
    counted_expedited = evidence in {"linked", "opened"}
    recent = (one for one in found if one.evidence == "expedited" and today - _RECENT < one.day <= today)
    return StartHistory(
        basis=basis,
        started=started,
        unmet=unmet(requests),
        expedited=sum(one.starts for one in recent) if counted_expedited else 0,
        others=starts.paces(connection, project.id),
    )


def chosen(found: Sequence[DailyStarts], today: date) -> str | None:
    """Return the surest evidence that knows at least a third of the starts that the fullest knows.

    The last year counts, or all there is where that is empty; None where no tracker tells of any start.
    """
    for since in (today - _RECENT, date.min):
        totals = Counter[str]()
        for one in found:
            if one.evidence in BASES and since < one.day <= today:
                totals[one.evidence] += one.starts
        if totals:
            fullest = max(totals.values())
            return next(name for name in BASES if totals[name] >= _SHARE * fullest)
    return None


def unmet(requests: Sequence[Request]) -> tuple[tuple[date, int], ...]:
    """Return for each day the most that was asked for at a time when nothing was ready.

    Not their sum: an agent that asks every minute wants one ticket. Starts = min(demand, ready), so that without
    these a starving project would look like a quiet one.
    """
    most = defaultdict[date, int](int)
    for one in requests:
        if one.available == 0 and one.asked > 0:
            day = one.at.astimezone(UTC).date()
            most[day] = max(most[day], one.asked)
    return tuple(sorted(most.items()))
