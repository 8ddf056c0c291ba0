"""Which days a project works: its country's holidays, and the days that settings close."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from scout.buffer.calendar import Calendar
from scout.errors import SettingsError
from scout.service.wiring import Workspace
from scout.settings import WEEK, FlowSettings

_BACK, _AHEAD = 3, 2  # years of holidays around today
_LONGEST = 400  # days that may be closed at a stretch
_REMEDY = "Write holidays as ISO dates, such as 2026-12-25, or spans of them: 2026-12-24/2027-01-01."


def calendar_of(work: Workspace, project: str) -> Calendar:
    """Return a project's working days.

    Raises:
        SettingsError: a closed day is no date, or nobody knows the country's holidays.
    """
    named = next((one.flow for one in work.loaded.settings.project if one.id == project), FlowSettings())
    mon, tue, wed, thu, fri, sat, sun = (day in named.working_days for day in WEEK)
    return Calendar(holidays=holidays_of(work), week=(mon, tue, wed, thu, fri, sat, sun))


def holidays_of(work: Workspace) -> frozenset[date]:
    """Return the days nobody works: the country's public holidays, and those that settings close.

    Raises:
        SettingsError: a closed day is no date, or nobody knows the country's holidays.
    """
    portfolio = work.loaded.settings.portfolio
    closed = (day for written in portfolio.holidays for day in _closed(written))
    return frozenset(closed) | frozenset(_public(portfolio.country, work.now.year))


def _closed(written: str) -> Iterator[date]:
    first, _, last = written.partition("/")
    try:
        begin = date.fromisoformat(first.strip())
        end = date.fromisoformat(last.strip()) if last else begin
    except ValueError as error:
        raise SettingsError(f"A holiday in the settings is no date: {error}.", _REMEDY) from error
    if not timedelta() <= end - begin <= timedelta(_LONGEST):
        message = f"The holidays {written} end before they begin, or last more than {_LONGEST} days."
        raise SettingsError(message, _REMEDY)
    yield from (begin + timedelta(day) for day in range((end - begin).days + 1))


def _public(country: str | None, year: int) -> Iterable[date]:
    if country is None:
        return frozenset()
    import holidays

    name, _, part = country.partition("-")
    try:
        found = holidays.country_holidays(
            name.upper(), subdiv=part.upper() or None, years=range(year - _BACK, year + _AHEAD)
        )
    except NotImplementedError as error:
        message = f"Nobody knows the holidays of '{country}'."
        raise SettingsError(message, "Give a country, and a part of it where they differ: DE, US-CA.") from error
    return frozenset(found)
