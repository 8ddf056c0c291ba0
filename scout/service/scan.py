"""Let the scouts look at one commit, and keep what they found."""

import json
import logging
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, ClassVar

from scout import __version__
from scout.errors import SettingsError, StoreError
from scout.model import Finding, Look, Outcome, Report, digest
from scout.model.names import nearest
from scout.registry import pick, plugins
from scout.repository import Repository
from scout.service.flow_facts import known_of
from scout.service.sight import core_digest, siblings, sight
from scout.service.wiring import Project, Workspace
from scout.settings import checked
from scout.signals import Reads, Scout, Seen, View, fenced, looking, watch
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

    @property
    def unfinished(self) -> tuple[str, ...]:
        """Why looks could not be finished, each reason once, with the scouts it stopped."""
        stopped: dict[tuple[str, str], list[str]] = {}
        for look in self.incomplete:
            stopped.setdefault((look.outcome.value, look.reason), []).append(look.signal)
        return tuple(f"{_named(names)}: {outcome}: {reason}" for (outcome, reason), names in stopped.items())


def _named(signals: Sequence[str]) -> str:
    return signals[0] if len(signals) == 1 else f"{signals[0]} and {len(signals) - 1} more scouts"


def scouts(names: Sequence[str] = ()) -> dict[str, type[Scout]]:
    """Return the scouts by id: those named, or all.

    Raises:
        UsageError: one of the names is unknown.
    """
    known = plugins(Scout, "scout.signals", "scout.scouts")
    return {name: pick(known, name, "scout") for name in sorted(set(names))} if names else known


def find(work: Workspace, project: Project, *, signals: Sequence[str] = (), at: str = "HEAD") -> FindingsReport:
    """Return what the scouts find at a commit; writes nothing but caches.

    The same commit, the same day and the same answers of trackers give the same report, byte for byte.

    Raises:
        UsageError: the path is no repository, `at` no commit, or a signal unknown.
        SettingsError: a table of `[signals]` is wrong.
    """
    day = work.now.replace(hour=0, minute=0, second=0, microsecond=0)
    chosen = equipped(work, signals)
    reads = frozenset[Reads]().union(*(scout.reads | scout.welcomes for scout in chosen))
    with ExitStack() as opened:
        facts = work.home / "cache" / "repositories"
        repository = opened.enter_context(Repository.open(project.checkout, facts)) if project.has_checkout else None
        sha = repository.resolve(at) if repository else ""
        place = (str(repository.git_dir), repository.shallow, _packs(repository)) if repository else ()
        told = (core_digest(work, project, reads), _settled(work, project))
        others = siblings(work, project, opened) if Reads.PORTFOLIO in reads else {}
        flows = known_of(work.home, others) if Reads.FLOW in reads else []
        heads = [(name, one.sha, one.visibility) for name, one in others.items()]
        names = [one.id for one in chosen]
        key = digest(__version__, code_digest(), names, sha, day, place, told, heads, flows, length=32)
        cache = work.home / "cache" / "findings" / f"{key}.json"
        if (kept := _kept(cache)) is not None:
            return kept.having(project=project.id)
        commit = View.of(repository, sha, day) if repository else View(None, day)
        view = sight(work, project, commit, reads, others)
        found, looks = watch(view, chosen, work.loaded.settings.ignore, _eye)
    report = FindingsReport(project=project.id, sha=sha, day=day.date().isoformat(), looks=looks, findings=found)
    passing = {scout.id for scout in chosen if Reads.MODEL in scout.reads}
    if not any(look.outcome is Outcome.ERROR or _is_passing(look, passing) for look in looks):
        _keep(cache, report)
    return report


def _is_passing(look: Look, asking: set[str]) -> bool:
    """Say whether a look ended for want of a model's answer: the next one may get it."""
    return look.outcome is Outcome.UNAVAILABLE and look.signal in asking


def equipped(work: Workspace, names: Sequence[str] = ()) -> list[Scout]:
    """Return scouts with their settings: those named, or all that the settings do not switch off.

    Raises:
        UsageError: one of the names is unknown.
        SettingsError: a table of `[signals]` is about no scout, or says something unknown.
    """
    tables = work.loaded.settings.signals
    known = scouts()
    place = f"{work.loaded.file or 'the environment'}, signals"
    for name in tables:
        if name not in known:
            near = nearest(name, known)
            remedy = f"Did you mean '{near}'?" if near else "`scout list scouts` shows all."
            raise SettingsError(f"{place}: there is no scout called '{name}'.", remedy)
    given = {name: checked(known[name].settings, table, f"{place}.{name}") for name, table in tables.items()}
    made = [kind(given.get(name)) for name, kind in scouts(names).items()]
    return [scout for scout in made if names or scout.given.enabled]


def _eye(view: View, scout: Scout) -> Seen:
    """Let a scout of this package look here, and one of another package in a process of its own."""
    own = type(scout).__module__.startswith("scout.")
    return looking(view, scout) if own else fenced(view, scout)


def _settled(work: Workspace, project: Project) -> list[object]:
    """Return what findings depend on besides commit, clock and trackers' rows: settings, and what was never read."""
    states = work.freshness.states(project.id)
    settings = work.loaded.settings
    known = [(one.id, states.get(one.id)) for one in project.sources]
    unread = [(name, state.outcome if state else "") for name, state in known]
    read = [name for name, state in known if state and state.fetched_at]
    refused = [state.reason for _, state in known if state and not state.fetched_at]
    model = (settings.llm.base_url, settings.llm.model, project.id in settings.llm.projects)
    flow = next((one.flow.model_dump(mode="json") for one in settings.project if one.id == project.id), None)
    rules = [rule.model_dump() for rule in settings.ignore]
    days = settings.portfolio.holidays
    return [settings.signals, rules, project.visibility, unread, read, refused, model, flow, days]


def scan(work: Workspace, project: Project) -> FindingsReport:
    """Find at HEAD and keep the findings in the warehouse; unchanged findings are not written again."""
    report = find(work, project)
    content = table.content_digest(report.findings)
    if _stored_digest(work, project) != content:
        with work.warehouse.writing() as connection:
            table.replace(connection, project.id, report.findings)
    for line in report.unfinished:
        log.warning("%s", line)
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


@cache
def code_digest() -> str:
    """Return a digest of what findings depend on besides the repository: the code that looks, and its tables."""
    package = Path(__file__).parent.parent
    sources = [
        (str(file.relative_to(package)), file.read_text("utf-8"))
        for folder in ("signals", "repository", "text", "model", "flow", "service", "warehouse/models")
        for file in sorted((package / folder).rglob("*"))
        if file.suffix in {".py", ".csv", ".toml", ".sql"}
    ]
    others = sorted(
        f"{entry.value} {entry.dist and entry.dist.version}" for entry in entry_points(group="scout.scouts")
    )
    return digest(sources, others, length=32)
