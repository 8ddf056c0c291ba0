"""The classes that tickets have: kept after a run, taken back, and what other parts of Scout ask of them."""

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any, cast

from scout.errors import ScoutError
from scout.lifecycle import register
from scout.lifecycle.register import Entry
from scout.lifecycle.startable import withheld
from scout.lifecycle.taxonomy import BUILT_IN
from scout.service.classify_runs import Phase, Run, runs
from scout.service.wiring import Workspace
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import lifecycle as table
from scout.warehouse.tables.lifecycle import Standing

_AT_ONCE = 2_000
log = logging.getLogger(__name__)


def keep(work: Workspace, run: Run) -> None:
    """Keep the classes of a run's projects, and what they were before; rows of files stay in the run's folder."""
    state = run.state()
    with register.opened(run.folder) as kept:
        for project in state.origin.projects:
            entries = kept.entries(project)
            with work.warehouse.writing() as connection:
                before = {(one.source, one.key): one for one in table.standings(connection, project, state.taxonomy)}
                while some := list(islice(entries, _AT_ONCE)):
                    keys = [(one.source, one.key) for one in some]
                    kept.remember(project, [(*key, _written(before.get(key))) for key in keys])
                    table.put(connection, project, state.taxonomy, [_standing(run.name, one, work.now) for one in some])
                gone = kept.gone(project)
                kept.remember(project, [(*key, _written(before.get(key))) for key in gone])
                table.drop(connection, project, state.taxonomy, gone)


def restate(work: Workspace, run: Run) -> int:
    """Keep the classes of a run that a person has settled since, and return how many; a later run's are left alone."""
    state = run.state()
    with register.opened(run.folder) as kept:
        owed = kept.owed()
    for project in sorted({one.project for one in owed} & set(state.origin.projects)):
        with work.warehouse.writing() as connection:
            now = {(one.source, one.key): one.run for one in table.standings(connection, project, state.taxonomy)}
            mine = [one for one in owed if one.project == project and now.get((one.source, one.key)) == run.name]
            table.put(connection, project, state.taxonomy, [_standing(run.name, one, work.now) for one in mine])
    if owed:
        with register.opened(run.folder) as kept:
            kept.paid(owed)
    return len(owed)


def restate_all(work: Workspace, project: str | None = None) -> int:
    """Do so for all runs, or those about a project: what was settled on the page counts from the next run on."""
    kept = 0
    try:
        for one in runs(work):
            state = one.state()
            about = project is None or project in state.origin.projects
            kept += restate(work, one) if about and state.phase is Phase.JOINED else 0
    except ScoutError as error:  # it stays owed; nothing else waits for it
        log.warning("what was settled does not count yet: %s", error)
    return kept


def take_back(work: Workspace, run: Run) -> tuple[int, int, int]:
    """Give tickets the classes back that they had before a run; what has another class by now is left alone.

    Return how many have their former class again, how many had none, and how many were left alone.
    """
    state = run.state()
    restored = cleared = skipped = 0
    with register.opened(run.folder) as kept:
        for project in state.origin.projects:
            with work.warehouse.writing() as connection:
                now = {(one.source, one.key): one for one in table.standings(connection, project, state.taxonomy)}
                back: list[Standing] = []
                gone: list[tuple[str, str]] = []
                for source, key, standing in kept.before(project):
                    held = now.get((source, key))
                    if held is not None and held.run != run.name:
                        skipped += 1
                    elif standing is not None:
                        back.append(_read(standing))
                    elif held is not None:
                        gone.append((source, key))
                table.put(connection, project, state.taxonomy, back)
                table.drop(connection, project, state.taxonomy, gone)
                restored, cleared = restored + len(back), cleared + len(gone)
    return restored, cleared, skipped


def withheld_by_class(work: Workspace, project: str) -> Mapping[str, str]:
    """Return tickets that are no ready work by their class, by key, with why; nothing before the first run.

    What hands out or counts ready work leaves these out: they surely wait, are parked, have parts, or need no work.
    """
    try:
        with work.warehouse.reading() as connection:
            told = {
                one.key: withheld(one.meaning, one.doubt, one.reason)
                for one in table.standings(connection, project, BUILT_IN)
            }
    except NoWarehouseError:
        return {}
    return {key: why for key, why in told.items() if why}


def _standing(run: str, one: Entry, at: datetime) -> Standing:
    return Standing(
        source=one.source,
        key=one.key,
        meaning=one.meaning or "",
        confidence=one.confidence or 0.0,
        reason=one.reason or "",
        quotation=one.quotation or "",
        rule=one.rule or "",
        doubt=one.doubt,
        digest=one.digest,
        run=run,
        at=at,
    )


def _written(held: Standing | None) -> str | None:
    return None if held is None else json.dumps({**held._asdict(), "at": held.at.isoformat()})


def _read(standing: str) -> Standing:
    held = cast("dict[str, Any]", json.loads(standing))
    held["at"] = datetime.fromisoformat(held["at"])
    return Standing(**held)
