"""Is everything in order? Each check says what it found and, when that is not well, what to do."""

import os
import shutil
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from scout import __version__
from scout.errors import ScoutError
from scout.model import Frozen, Outcome, Report
from scout.repository import Repository, git_version
from scout.service.wiring import Workspace, open_workspace

LEAST_FREE = 1 << 30
OLDEST_GIT = (2, 30)


class Check(Frozen):
    """One check.

    Attributes:
        found: what is the case.
        remedy: what to do; empty when it is well.
    """

    name: str
    passed: bool
    found: str
    remedy: str = ""


class DoctorReport(Report):
    """All checks."""

    schema_id: ClassVar[str] = "scout.doctor/1"

    healthy: bool
    checks: tuple[Check, ...]


def doctor(path: Path, now: datetime, config: Path | None = None) -> DoctorReport:
    """Examine settings, state, stores, git, disk and versions; never fails itself, never changes anything."""
    checks = [_versions()]
    try:
        work = open_workspace(path, now, config)
    except ScoutError as error:
        checks.append(Check(name="settings", passed=False, found=error.what, remedy=error.remedy))
        return DoctorReport(healthy=False, checks=tuple(checks))
    examined: tuple[tuple[str, Callable[[Workspace], Check]], ...] = (
        ("settings", _settings),
        ("git", _git),
        ("state folder", _home),
        ("disk", _disk),
        ("projects", _projects),
        ("ledger", _ledger),
        ("warehouse", _warehouse),
        ("sources", _sources),
    )
    for name, examine in examined:
        try:
            checks.append(examine(work))
        except ScoutError as error:
            checks.append(Check(name=name, passed=False, found=error.what, remedy=error.remedy))
    return DoctorReport(healthy=all(check.passed for check in checks), checks=tuple(checks))


def _versions() -> Check:
    return Check(name="versions", passed=True, found=f"scout {__version__}, Python {sys.version.split()[0]}")


def _settings(work: Workspace) -> Check:
    file = work.loaded.file
    if file is None:
        return Check(name="settings", passed=True, found="none; the checkout is the project")
    if work.loaded.ignored:
        keys = ", ".join(work.loaded.ignored)
        return Check(
            name="settings",
            passed=False,
            found=f"{file} is not trusted: {keys} ignored",
            remedy="Read the file, then accept it with `scout trust`.",
        )
    return Check(name="settings", passed=True, found=str(file))


def _git(work: Workspace) -> Check:
    del work
    version = git_version()
    if version < OLDEST_GIT:
        found = f"git {'.'.join(map(str, version))} is too old"
        return Check(name="git", passed=False, found=found, remedy="Install git 2.30 or newer.")
    return Check(name="git", passed=True, found=f"git {'.'.join(map(str, version))}")


def _home(work: Workspace) -> Check:
    home = work.home
    if not home.exists():
        return Check(name="state folder", passed=True, found=f"{home} (made by the first run)")
    if not os.access(home, os.W_OK | os.X_OK):
        remedy = "Change its permissions, or set SCOUT_HOME to a folder that you may write."
        return Check(name="state folder", passed=False, found=f"{home} cannot be written", remedy=remedy)
    mode = home.stat().st_mode & 0o777
    if mode & 0o077:
        found = f"{home} can be read by others (mode {mode:o})"
        return Check(name="state folder", passed=False, found=found, remedy=f"chmod 700 {home}")
    return Check(name="state folder", passed=True, found=str(home))


def _disk(work: Workspace) -> Check:
    place = next(folder for folder in (work.home, *work.home.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    enough = free >= LEAST_FREE
    found = f"{free / (1 << 30):.1f} GiB free at {place}"
    remedy = "" if enough else "Make room, or set SCOUT_HOME to another disk."
    return Check(name="disk", passed=enough, found=found, remedy=remedy)


def _projects(work: Workspace) -> Check:
    for project in work.projects:
        with Repository.open(project.path) as repository:
            repository.resolve()
    return Check(name="projects", passed=True, found=", ".join(project.id for project in work.projects))


def _ledger(work: Workspace) -> Check:
    if not work.home.exists() and work.loaded.settings.portfolio.ledger is None:
        return Check(name="ledger", passed=True, found="none yet")
    count = len(work.ledger.candidates())
    return Check(name="ledger", passed=True, found=f"{count} candidates")


def _warehouse(work: Workspace) -> Check:
    if not work.warehouse.path.exists():
        return Check(name="warehouse", passed=True, found="none yet; `scout run` makes it")
    with work.warehouse.reading():
        size = work.warehouse.path.stat().st_size / (1 << 20)
    return Check(name="warehouse", passed=True, found=f"{size:.1f} MiB")


def _sources(work: Workspace) -> Check:
    states = [
        (f"{project.id}/{source}", state)
        for project in work.projects
        for source, state in work.freshness.states(project.id).items()
    ]
    failed = [f"{name}: {state.reason}" for name, state in states if state.outcome is Outcome.UNAVAILABLE]
    if failed:
        remedy = "Mend what is named, then `scout run`; until then Scout works with what it has."
        return Check(name="sources", passed=False, found="; ".join(failed), remedy=remedy)
    ages = [f"{name} read {work.now - state.fetched_at} ago" for name, state in states if state.fetched_at]
    return Check(name="sources", passed=True, found="; ".join(ages) or "never read; `scout run` reads them")
