"""What measuring a project's flow found that may be worth a ticket, for the scouts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from scout.errors import StoreError
from scout.flow import FlowLog
from scout.flow.catalogue import controls
from scout.flow.decisions import decision_steps
from scout.flow.load import load_shifts, quarterly
from scout.flow.log import YEAR, as_date, quarter
from scout.flow.recurring import recurrences
from scout.service.flow_log import FlowSource, flow_source
from scout.service.flow_names import HIDDEN
from scout.service.wiring import Project, Workspace
from scout.signals import ControlQuarter, ControlSeen, FlowFacts, Growing, Habit, Member, Recurring, Unneeded
from scout.warehouse.freshness import replace_file

_SHOWN = 10


def measured(work: Workspace, project: Project, day: datetime) -> FlowFacts:
    """Measure a project's flow as of a moment, and keep the answer for the looks at its siblings.

    Raises:
        NoWarehouseError: nothing was ever read.
        SettingsError: a holiday is no date.
    """
    facts = facts_of(flow_source(replace(work, now=day), project), day)
    _keep(_place(work.home, project.id), facts)
    return facts


def last_known(home: Path, project: str) -> FlowFacts:
    """Return what the last look at a project measured; nothing before the first, and of what cannot be read."""
    try:
        return FlowFacts.model_validate_json(_place(home, project).read_bytes())
    except (OSError, ValidationError):
        return FlowFacts()


def facts_of(source: FlowSource, day: datetime) -> FlowFacts:
    """Return what may be worth a ticket in what a project's flow is made of."""
    return FlowFacts(
        controls=tuple(_controls(source.log, day)),
        recurring=tuple(_recurring(source)),
        growing=_growing(source.log, day),
        unneeded=tuple(
            Unneeded(kind=row.kind, name=row.name, last_used=row.last_used.date() if row.last_used else None)
            for row in source.unused
            if not source.names.hides(row.name)
        ),
        habits=tuple(
            Habit(step=one.step, role=one.role, n=one.n, changed=one.changed, wait=one.wait, caught=one.caught[:_SHOWN])
            for one in decision_steps(source.log)
            if one.habit
        ),
    )


def _controls(log: FlowLog, day: datetime) -> list[ControlSeen]:
    """Return the controls that had opportunities; what bypassed them last is told up to the running quarter."""
    running = quarter(day)
    start = datetime(day.year, (day.month - 1) // 3 * 3 + 1, 1, tzinfo=day.tzinfo).timestamp()
    made: list[ControlSeen] = []
    for control in controls():
        seen = control.watch(log)
        if not seen.kept.size:
            continue
        figure = control.figure(log, seen)
        lately = (seen.at < start) & (seen.at >= start - YEAR)
        tempo = figure.tempo
        made.append(
            ControlSeen(
                id=figure.id,
                watches=figure.watches,
                opportunity=figure.opportunity,
                suggestions=control.suggestions,
                slow_rate=tempo.slow_rate if tempo else None,
                fast_rate=tempo.fast_rate if tempo else None,
                slow_tempo=tempo.slow_tempo if tempo else 0.0,
                fast_tempo=tempo.fast_tempo if tempo else 0.0,
                rises=tempo is not None and tempo.rises,
                quarters=tuple(
                    ControlQuarter(name=one.quarter, opportunities=one.opportunities, bypassed=one.bypassed)
                    for one in figure.chart
                    if one.quarter < running
                ),
                examples=tuple(seen.telling(lately)[:_SHOWN]),
                are_commits=bool(log.landing["is_commit"].size and log.landing["is_commit"][0]),
            )
        )
    return made


def _recurring(source: FlowSource) -> list[Recurring]:
    known = {one.locator: one for one in source.told}
    return [
        Recurring(
            name=one.name,
            members=tuple(
                Member(
                    kind=known[each].kind,
                    locator=each,
                    text=HIDDEN if source.names.hides(known[each].text) else known[each].text,
                    day=as_date(known[each].day),
                )
                for each in one.members
            ),
            waited=one.waited or 0.0,
            alike=one.alike,
        )
        for one in recurrences(source.told, source.names.hides, source.own)
    ]


def _growing(log: FlowLog, day: datetime) -> Growing | None:
    """Return the overload that lasts; None where there is none, or where the data end a month before the day."""
    if day.date() - as_date(log.last_day) > timedelta(days=31):
        return None
    for one in load_shifts(log):
        if one.kind == "overload" and one.per_week is not None and one.low is not None and one.high is not None:
            return Growing(
                since=one.since,
                per_week=one.per_week,
                low=one.low,
                high=one.high,
                open_now=int((~log.ticket["is_closed"]).sum()),
                quarters=quarterly(log),
            )
    return None


def _place(home: Path, project: str) -> Path:
    return home / "cache" / "flow" / f"{project}.json"


def _keep(place: Path, facts: FlowFacts) -> None:
    """Write what was measured where that is possible; a cache that cannot be written is no failure."""
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(place, facts.model_dump_json().encode())
    except (OSError, StoreError):
        return


def known_of(home: Path, projects: Mapping[str, object]) -> list[object]:
    """Return what is known of some projects, to be told apart from what was known before."""
    return [(name, last_known(home, name).model_dump(mode="json")["controls"]) for name in sorted(projects)]
