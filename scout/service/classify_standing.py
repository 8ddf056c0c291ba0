"""The classes that tickets have: kept after a run, taken back, and what other parts of Scout ask of them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, cast

from scout.lifecycle import register
from scout.lifecycle.register import Entry
from scout.lifecycle.startable import withheld
from scout.lifecycle.taxonomy import BUILT_IN
from scout.service.classify_runs import Run
from scout.service.wiring import Workspace
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import lifecycle as table
from scout.warehouse.tables.lifecycle import Standing

_AT_ONCE = 2_000


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


def restate(work: Workspace, run: Run, entries: Sequence[Entry]) -> None:
    """Keep the classes of some tickets of a run, which a person has settled since."""
    state = run.state()
    for project in sorted({one.project for one in entries} & set(state.origin.projects)):
        mine = [_standing(run.name, one, work.now) for one in entries if one.project == project]
        with work.warehouse.writing() as connection:
            table.put(connection, project, state.taxonomy, mine)


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
