"""Is everything in order? Each check says what it found and, when that is not well, what to do."""

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from scout import __version__
from scout.clock import ago
from scout.errors import ScoutError
from scout.model import Frozen, Outcome, Report
from scout.repository import Repository, git_version
from scout.service import listings
from scout.service.ages import SourceAge, streams_told, trouble
from scout.service.examine import Examination, examinations
from scout.service.wiring import Workspace, open_workspace

LEAST_FREE = 1 << 30
MOST_NAMED = 20
OLDEST_GIT = (2, 30)


class Check(Frozen):
    """One check.

    Attributes:
        found: what is the case.
        remedy: what to do; empty when it is well.
        details: further lines for who wants to know more.
    """

    name: str
    passed: bool
    found: str
    remedy: str = ""
    details: tuple[str, ...] = ()


class DoctorReport(Report):
    """All checks.

    Attributes:
        sources: each source of each project, with ages by stream.
    """

    schema_id: ClassVar[str] = "scout.doctor/1"

    healthy: bool
    checks: tuple[Check, ...]
    sources: tuple[Examination, ...] = ()


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
        ("discovery", _discovery),
    )
    for name, examine in examined:
        try:
            checks.append(examine(work))
        except ScoutError as error:
            checks.append(Check(name=name, passed=False, found=error.what, remedy=error.remedy))
    sources: tuple[Examination, ...] = ()
    with suppress(ScoutError):  # that there are no projects was said above
        sources = examinations(work)
    checks += [_source(one, now) for one in sources]
    return DoctorReport(healthy=all(check.passed for check in checks), checks=tuple(checks), sources=sources)


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
        if project.has_checkout:
            with Repository.open(project.checkout) as repository:
                repository.resolve()
    names = [project.id for project in work.projects]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return Check(name="projects", passed=True, found=f"{', '.join(names[:MOST_NAMED])}{more}" if names else "none yet")


def _discovery(work: Workspace) -> Check:
    """Say what trackers listed the last time; they are not asked here."""
    tables = work.loaded.settings.discover
    if not tables:
        return Check(name="discovery", passed=True, found="not used")
    known = listings.read(work.home)
    found = [(table.type, known.get(listings.asked(table))) for table in tables]
    failed = [f"{kind}: {one.reason}" for kind, one in found if one and one.reason]
    answered = [(kind, one) for kind, one in found if one and one.fetched_at]
    said = [f"{kind}: {len(one.found)} listed {ago(one.fetched_at, work.now)}" for kind, one in answered]
    never = [f"{kind}: never asked; `scout run --all` asks" for kind, one in found if one is None]
    remedy = "Mend what is named, then `scout list projects --refresh`." if failed else ""
    return Check(name="discovery", passed=not failed, found="; ".join((*failed, *said, *never)), remedy=remedy)


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


def _source(one: Examination, now: datetime) -> Check:
    """Return what is to be said of one source: does it answer, and is what is known of it as it should be."""
    name = f"{one.project}/{one.source}"
    if one.failure:
        return Check(name=name, passed=False, found=one.failure, remedy=one.remedy, details=streams_told(one.age, now))
    remedy = ""
    if one.age.required and one.age.unread:
        remedy = "Mend what is named, then `scout run`; until then Scout works with what it has."
    elif one.age.required and one.age.old:
        remedy = "Read it again with `scout run`; until then Scout works with what it has."
    said = (*one.facts, trouble(one.age, now) or _age(one.age, now))
    return Check(name=name, passed=not remedy, found="; ".join(said), remedy=remedy, details=streams_told(one.age, now))


def _age(known: SourceAge, now: datetime) -> str:
    if known.outcome is Outcome.NOT_APPLICABLE:
        return f"not applicable: {known.reason}"
    return f"read {ago(known.fetched_at, now)}"
