"""What measures are made of: the event log of one project, and rows about its tickets and changes, as columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Table = Mapping[str, NDArray[Any]]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

DAY = 86_400.0
"""Seconds of a day: elapsed days are seconds divided by it, nights and weekends included."""
YEAR = 365.25 * DAY
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class WorkingDays:
    """A project's calendar.

    Attributes:
        week: which days of the week are worked, Monday first.
        holidays: days nobody works.
        zone: where days begin and end.
    """

    week: tuple[bool, ...] = (True, True, True, True, True, False, False)
    holidays: tuple[date, ...] = ()
    zone: tzinfo = UTC

    @cached_property
    def _numpy(self) -> np.busdaycalendar:
        return np.busdaycalendar(weekmask=list(self.week), holidays=[np.datetime64(day) for day in self.holidays])

    def count(self, first: int, last: int) -> int:
        """Return the working days from day number `first` on and before `last` (days since 1970)."""
        return int(np.busday_count(_day(first), _day(last), busdaycal=self._numpy)) if last > first else 0

    def between(self, first: Ints, last: Ints) -> Ints:
        """Return for each pair of day numbers the working days from the first on and before the last."""
        pair = (days.astype("datetime64[D]") for days in (first, last))
        return np.asarray(np.busday_count(*pair, busdaycal=self._numpy), dtype=np.int64)

    def worked(self, days: Ints) -> Flags:
        """Return which of the day numbers are working days."""
        return np.asarray(np.is_busday(days.astype("datetime64[D]"), busdaycal=self._numpy), dtype=np.bool_)

    def day_of(self, moment: float) -> int:
        """Return the day number of a moment (seconds since 1970, UTC) in the zone."""
        return (datetime.fromtimestamp(moment, self.zone).date() - _EPOCH).days

    def weekdays(self, moments: Floats) -> Ints:
        """Return days of the week in the zone, 0 is Monday.

        The offset from UTC is taken once an hour, which is exact for all zones in use that change on whole hours.
        """
        hours, places = np.unique(np.floor(moments / 3600.0), return_inverse=True)
        local = np.array(
            [datetime.fromtimestamp(hour * 3600.0, self.zone).weekday() for hour in hours.tolist()], dtype=np.int64
        )
        return local[places] if local.size else np.zeros(0, dtype=np.int64)


def _day(number: int) -> np.datetime64:
    return np.datetime64(number, "D")


def as_date(day: int) -> date:
    """Return the date of a day number."""
    return _EPOCH + timedelta(days=day)


def quarter(day: date) -> str:
    """Return the quarter that a day is in, such as `2026-Q1`; by these names quarters are in their order."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def as_moment(seconds: float) -> datetime:
    """Return the moment (UTC) of seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


@dataclass(frozen=True)
class FlowLog:
    """One project's flow, as `scout.warehouse.tables.flow.read` returns it.

    Attributes:
        now: the present moment, seconds since 1970 (UTC).
        ticket: a row for each ticket.
        change: a row for each change (pull request).
        event: the event log, by time.
        ticket_stay: from when until when a ticket was in which state; only where the source tells the history.
        change_stay: whose turn it was with a change.
        area: which ticket or change belongs to which area; areas of fewer than five people are not there.
        source: which sources tell the history of states.
        disorder: how many moments were left out, by reason.
        landing: what came onto the default branch, with what the controls look at.
        release: when something was released.
        calendar: the project's working days.
    """

    now: float
    ticket: Table
    change: Table
    event: Table
    ticket_stay: Table
    change_stay: Table
    area: Table
    source: Table
    disorder: Table
    landing: Table
    release: Table
    calendar: WorkingDays

    @cached_property
    def days(self) -> Ints:
        """The days on which tickets and changes were created, closed or merged, up to today, in no order."""
        today = self.calendar.day_of(self.now)
        named = (
            (self.ticket, "created_day"),
            (self.ticket, "closed_day"),
            (self.change, "created_day"),
            (self.change, "ended_day"),
        )
        every = np.concatenate([table[name] for table, name in named])
        return every[(every >= 0) & (every <= today)]

    @cached_property
    def last_day(self) -> int:
        """The last of those days: the end of the data; 0 without any."""
        return int(self.days.max()) if self.days.size else 0

    @cached_property
    def first_day(self) -> int:
        """The first of those days; 0 without any."""
        return int(self.days.min()) if self.days.size else 0

    def window(self, days: int) -> tuple[int, int]:
        """Return the first day of the last `days` days of data, and the day after the last; shorter for young data."""
        return max(self.last_day - days + 1, self.first_day), self.last_day + 1
