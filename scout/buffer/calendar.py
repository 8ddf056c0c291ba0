"""Working days: those of a week that are worked, without holidays, in UTC."""

from datetime import UTC, date, datetime, time, timedelta

from scout.model import Frozen

_WEEK = 7
_DAY = timedelta(days=1)


class Calendar(Frozen):
    """A project's working days.

    Attributes:
        holidays: days nobody works; those on a weekend change nothing.
        week: which days of the week are worked, Monday first; at least one.
    """

    holidays: frozenset[date] = frozenset()
    week: tuple[bool, bool, bool, bool, bool, bool, bool] = (True, True, True, True, True, False, False)

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day."""
        return self.week[day.weekday()] and day not in self.holidays

    def count(self, first: date, last: date) -> int:
        """Return the number of working days from `first` on and before `last`; 0 when `last` is not later."""
        if last <= first:
            return 0
        closed = sum(1 for day in self.holidays if first <= day < last and self.week[day.weekday()])
        return self._worked_before(last) - self._worked_before(first) - closed

    def days(self, first: date, last: date) -> list[date]:
        """Return the working days from `first` on and before `last`, in order."""
        span = range(first.toordinal(), last.toordinal())
        return [day for day in map(date.fromordinal, span) if self.is_working(day)]

    def latest(self, day: date) -> date:
        """Return `day` when it is a working day, else the last working day before it."""
        while not self.is_working(day) and day > date.min:
            day -= _DAY
        return day

    def between(self, start: datetime, end: datetime) -> float:
        """Return the working days from `start` to `end`, with fractions; 0 when `end` is not later.

        A working day counts by the share of its 24 hours in UTC that lies between the two, so that spans add up.
        """
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if end <= start:
            return 0.0
        return self.count(start.date(), end.date()) + self._passed(end) - self._passed(start)

    def after(self, start: datetime, days: float) -> datetime:
        """Return the first moment by which `days` working days have passed since `start`, to the second."""
        moment, left = start.astimezone(UTC), max(days, 0.0)
        while True:
            following = datetime.combine(moment.date() + _DAY, time(), UTC)
            share = (following - moment) / _DAY if self.is_working(moment.date()) else 0.0
            if left < share or (left == 0 and self.is_working(moment.date())):
                return (moment + left * _DAY).replace(microsecond=0)
            moment, left = following, left - share

    def _passed(self, moment: datetime) -> float:
        if not self.is_working(moment.date()):
            return 0.0
        return (moment - datetime.combine(moment.date(), time(), UTC)) / _DAY

    def _worked_before(self, day: date) -> int:
        """Return the worked days of the week from 0001-01-01, a Monday, on and before `day`."""
        weeks, rest = divmod(day.toordinal() - 1, _WEEK)
        return weeks * sum(self.week) + sum(self.week[:rest])
