"""What controls see of made-up checkouts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scout.flow import FlowLog
from scout.flow.catalogue import controls
from scout.flow.controls_figure import ControlFigure
from scout.flow.log import Table
from scout.service.flow_landing import landings
from scout.service.flow_releases import releases
from scout.service.wiring import open_workspace
from scout.signals import Commit
from tests.flow_worlds import Truth, world
from tests.plugins.building import build

NOW = datetime(2024, 12, 31, tzinfo=UTC)
WORLD = world(Truth(), 0)
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
NO_CHANGES: Mapping[str, dict[str, NDArray[Any]]] = {
    "landed": {name: np.zeros(0, dtype=object) for name in ("key", "merge_sha")},
    "change": {name: np.zeros(0) for name in ("key", "reviewed", "merged", "created")},
}


def landed(folder: Path, *commits: Commit) -> Table:
    """Return what landed in a checkout of commits."""
    build(folder, commits)
    work = open_workspace(folder, NOW)
    return landings(work, work.projects[0], NO_CHANGES)


def seen(control: str, landing: Table, releases: Sequence[datetime] = (), *, now: datetime = NOW) -> ControlFigure:
    """Return what a control sees of what landed, and of releases at some moments."""
    moments = np.array([one.timestamp() for one in releases])
    log: FlowLog = replace(WORLD, now=now.timestamp(), landing=landing, release={"at": moments})
    return next(one for one in controls() if one.id == control).figure(log)


def monthly(*files: Mapping[str, str | None], title: str = "Sort the orders") -> list[Commit]:
    """Return commits, one every ten days, that bring the given files."""
    days = [FIRST + timedelta(days=10 * number) for number in range(len(files))]
    return [Commit(f"{day:%Y-%m-%d}", dict(one), title) for day, one in zip(days, files, strict=True)]


def released(control: str, folder: Path) -> ControlFigure:
    """Return what a control sees of a checkout and its tags."""
    work = open_workspace(folder, NOW)
    known = releases(work, work.projects[0], {"at": np.zeros(0)})
    log = replace(WORLD, now=NOW.timestamp(), landing=landings(work, work.projects[0], NO_CHANGES), release=known)
    return next(one for one in controls() if one.id == control).figure(log)
