"""Let the scouts look at one commit, and keep what they found."""

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, ClassVar

from scout import __version__
from scout.errors import StoreError
from scout.model import Finding, Look, Outcome, Report, digest
from scout.registry import pick, plugins
from scout.repository import Repository
from scout.service.wiring import Project, Workspace
from scout.signals import Scout, View, watch
from scout.warehouse.freshness import replace_file
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import findings as table

log = logging.getLogger(__name__)
MOST_CACHED = 20


class FindingsReport(Report):
    """What the scouts found at one commit.

    Attributes:
        sha: the commit.
        day: the day the scouts took for today (UTC); ages are counted to its beginning.
        looks: how each scout's look ended; missing input is `unavailable`, never `absent`.
    """

    schema_id: ClassVar[str] = "scout.findings/1"

    project: str
    sha: str
    day: str
    looks: tuple[Look, ...]
    findings: tuple[Finding, ...]

    @property
    def offered(self) -> tuple[Finding, ...]:
        """The findings that survived grouping, caps and ranking."""
        return tuple(finding for finding in self.findings if finding.offered)

    @property
    def incomplete(self) -> tuple[Look, ...]:
        """Looks that could not be finished."""
        return tuple(look for look in self.looks if look.outcome in {Outcome.UNAVAILABLE, Outcome.ERROR})


def scouts(names: Sequence[str] = ()) -> dict[str, type[Scout]]:
    """Return the scouts by id: those named, or all.

    Raises:
        UsageError: one of the names is unknown.
    """
    known = plugins(Scout, "scout.signals", "scout.scouts")
    return {name: pick(known, name, "scout") for name in sorted(set(names))} if names else known


def find(work: Workspace, project: Project, *, signals: Sequence[str] = (), at: str = "HEAD") -> FindingsReport:
    """Return what the scouts find at a commit; writes nothing but caches.

    The same commit and the same day give the same report, byte for byte. Without a checkout every scout is
    `not_applicable`.

    Raises:
        UsageError: the path is no repository, `at` no commit, or a signal unknown.
    """
    day = work.now.replace(hour=0, minute=0, second=0)
    if not project.has_checkout:
        return _without_checkout(project, day, signals)
    with Repository.open(project.checkout) as repository:
        sha = repository.resolve(at)
        basis = (sorted(set(signals)), sha, day, str(repository.git_dir), repository.shallow, _packs(repository))
        key = digest(__version__, _code_digest(), *basis, length=32)
        cache = work.home / "cache" / "findings" / f"{key}.json"
        if (kept := _kept(cache)) is not None:
            return kept.having(project=project.id)
        chosen = [scout() for scout in scouts(signals).values()]
        found, looks = watch(View.of(repository, sha, day), chosen)
    report = FindingsReport(project=project.id, sha=sha, day=day.date().isoformat(), looks=looks, findings=found)
    if all(look.outcome is not Outcome.ERROR for look in looks):
        _keep(cache, report)
    return report


def _without_checkout(project: Project, day: datetime, signals: Sequence[str]) -> FindingsReport:
    """Say of every scout that it has no meaning here: there is nothing to look at."""
    looks = tuple(
        Look(signal=name, outcome=Outcome.NOT_APPLICABLE, reason="the project has no checkout")
        for name in scouts(signals)
    )
    return FindingsReport(project=project.id, sha="", day=day.date().isoformat(), looks=looks, findings=())


def scan(work: Workspace, project: Project) -> FindingsReport:
    """Find at HEAD and keep the findings in the warehouse; unchanged findings are not written again."""
    report = find(work, project)
    content = table.content_digest(report.findings)
    if _stored_digest(work, project) != content:
        with work.warehouse.writing() as connection:
            table.replace(connection, project.id, report.findings)
    for look in report.incomplete:
        log.warning("%s could not finish: %s", look.signal, look.reason)
    return report


def _stored_digest(work: Workspace, project: Project) -> str:
    try:
        with work.warehouse.reading() as connection:
            return table.digest(connection, project.id)
    except NoWarehouseError:
        return ""


def _kept(cache: Path) -> FindingsReport | None:
    try:
        content: dict[str, Any] = json.loads(cache.read_text("utf-8"))
        content.pop("schema")
        for finding in content["findings"]:
            del finding["fingerprint"], finding["evidence_digest"]
        return FindingsReport.model_validate(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # whatever stands there, it is not ours
        return None


def _keep(cache: Path, report: FindingsReport) -> None:
    """Write a cache entry where that is possible; a cache that cannot be written is no failure."""
    try:
        cache.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(cache, json.dumps(report.document()).encode())
        entries = sorted(cache.parent.glob("*.json"), key=lambda entry: entry.stat().st_mtime)
        for entry in entries[:-MOST_CACHED]:
            entry.unlink(missing_ok=True)
    except (OSError, StoreError) as error:
        log.info("findings were not cached: %s", error)


def _packs(repository: Repository) -> list[str]:
    """Return what tells whether a clone has got objects that it lacked."""
    try:
        return sorted(pack.name for pack in (repository.git_dir / "objects" / "pack").iterdir())
    except OSError:
        return []


def _code_digest() -> str:
    """Return a digest of what findings depend on besides the repository: the code that looks."""
    package = Path(__file__).parent.parent
    sources = [
        (str(file.relative_to(package)), file.read_text("utf-8"))
        for folder in ("signals", "repository", "text", "model")
        for file in sorted((package / folder).rglob("*.py"))
    ]
    others = sorted(
        f"{entry.value} {entry.dist and entry.dist.version}" for entry in entry_points(group="scout.scouts")
    )
    return digest(sources, others, length=32)
