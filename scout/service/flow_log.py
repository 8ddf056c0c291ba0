"""The event log of a project, out of the warehouse, with its calendar; nobody's name in it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from scout.errors import SettingsError
from scout.flow import FlowLog, WorkingDays
from scout.flow.recurring import Told
from scout.service.flow_landing import landings
from scout.service.flow_names import Names
from scout.service.flow_releases import releases
from scout.service.wiring import Project, Workspace
from scout.settings import WEEK, FlowSettings
from scout.warehouse.tables import flow as tables
from scout.warehouse.tables.flow import Columns
from scout.warehouse.tables.flow_told import ToldRow, home, pseudonyms, told
from scout.warehouse.tables.flow_unused import UnusedRow, unused

DORMANT = timedelta(days=365)
"""After so long without an event nothing is offered to be tidied up: nobody is there to miss or to use it."""
_WORDY = (("ticket", "native_state"), ("ticket_stay", "native"), ("area", "area"), ("event", "said"))


@dataclass(frozen=True)
class FlowSource:
    """What the flow of a project is made of.

    Attributes:
        log: the event log and its rows.
        told: what happened in its own words.
        unused: labels and states that nothing depends on.
        names: knows which words must not be shown.
        own: words of the project's own name and repository.
    """

    log: FlowLog
    told: tuple[Told, ...]
    unused: tuple[UnusedRow, ...]
    names: Names
    own: frozenset[str]


def flow_source(work: Workspace, project: Project, step: Callable[[str], None] = lambda _: None) -> FlowSource:
    """Read what a project's flow is made of.

    Raises:
        NoWarehouseError: nothing was ever read.
        SettingsError: a holiday is no date.
    """
    settings = settings_of(work, project.id)
    with work.warehouse.reading() as connection:
        found = tables.read(connection, project.id, work.now, settings.time_zone, step)
        words = told(connection, project.id, work.now, settings.time_zone)
        names = Names(work, pseudonyms(connection, project.id))
        moments = found["event"]["at"]
        last = datetime.fromtimestamp(float(moments[-1]), UTC) if moments.size else work.now
        dead = unused(connection, project.id, last) if work.now - last < DORMANT else ()
        place = home(connection, project.id)
    own = frozenset(re.findall(r"[a-z]+", f"{project.id} {place}".lower()))
    return FlowSource(_log(work, project, settings, names, found, step), _told(words), dead, names, own)


def flow_log(work: Workspace, project: Project, step: Callable[[str], None] = lambda _: None) -> FlowLog:
    """Return a project's log alone.

    Raises:
        NoWarehouseError: nothing was ever read.
        SettingsError: a holiday is no date.
    """
    return flow_source(work, project, step).log


def _log(  # noqa: PLR0913, PLR0917 - what a log is made of
    work: Workspace,
    project: Project,
    settings: FlowSettings,
    names: Names,
    found: Mapping[str, Columns],
    step: Callable[[str], None],
) -> FlowLog:
    landing = landings(work, project, found, step)
    known = {name: dict(table) for name, table in found.items() if name != "landed"}
    known["release"] = dict(releases(work, project, known["release"]))
    for table, column in _WORDY:
        known[table][column] = names.shown(known[table][column])
    return FlowLog(now=work.now.timestamp(), calendar=calendar(work, settings), landing=landing, **known)


def _told(rows: tuple[ToldRow, ...]) -> tuple[Told, ...]:
    return tuple(
        Told(row.kind, row.locator, row.text, row.day, float("nan") if row.days is None else row.days) for row in rows
    )


def settings_of(work: Workspace, project: str) -> FlowSettings:
    """Return how a project's flow is to be measured."""
    named = next((one for one in work.loaded.settings.project if one.id == project), None)
    return named.flow if named else FlowSettings()


def calendar(work: Workspace, settings: FlowSettings) -> WorkingDays:
    """Return a project's working days.

    Raises:
        SettingsError: a holiday is no date.
    """
    try:
        holidays = tuple(date.fromisoformat(day) for day in work.loaded.settings.portfolio.holidays)
    except ValueError as error:
        message = f"A holiday of [portfolio] is no date: {error}."
        raise SettingsError(message, "Write holidays as ISO dates, such as 2026-12-25.") from error
    week = tuple(day in settings.working_days for day in WEEK)
    return WorkingDays(week=week, holidays=holidays, zone=ZoneInfo(settings.time_zone))
