"""What the scouts are given to see of a project: its commit, what its trackers said, and its siblings."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from scout.errors import ScoutError, UnavailableError
from scout.model import Outcome, Visibility
from scout.registry import plugin
from scout.repository import Repository
from scout.service.asking import asking
from scout.service.flow_facts import last_known, measured
from scout.service.wiring import Project, Workspace
from scout.signals import Core, NotApplicable, Reads, View, tables_of
from scout.sources import Source
from scout.warehouse.records import ChangeRow, CoreRow, ReleaseRow, RunRow, TicketRow
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import core as table

_MAIN: dict[Reads, tuple[type[CoreRow], str]] = {
    Reads.TICKETS: (TicketRow, "tickets"),
    Reads.CHANGES: (ChangeRow, "pull requests"),
    Reads.RUNS: (RunRow, "runs of continuous integration"),
    Reads.RELEASES: (ReleaseRow, "releases"),
}


@dataclass(frozen=True)
class Sibling:
    """Another project of the portfolio at its newest commit."""

    repository: Repository
    sha: str
    visibility: Visibility


def sight(work: Workspace, project: Project, at: View, reads: frozenset[Reads], others: Mapping[str, Sibling]) -> View:
    """Return a view with everything that scouts read beside the commit.

    Args:
        work: the workspace.
        project: the project.
        at: the view of the commit alone.
        reads: what is read of it.
        others: the project's siblings, as far as scouts read them.
    """
    return replace(
        at,
        core=core(work, project, reads),
        visibility=project.visibility,
        siblings=dict(_views(work, others, at.now)),
        project=project.id,
        model=asking(work, project) if Reads.MODEL in reads else None,
        lacking=_lacking(work, project, reads, others),
        measured=partial(measured, work, project, at.now),
    )


def core(work: Workspace, project: Project, reads: frozenset[Reads]) -> Core:
    """Return what trackers say about a project, as far as it is read; empty before the first run."""
    if not (wanted := _kinds(project, reads)):
        return Core()
    try:
        with work.warehouse.reading() as connection:
            rows = {kind: table.rows(connection, project.id, kind) for kind in wanted}
    except NoWarehouseError:
        return Core()
    return Core(lambda kind: rows.get(kind, ()))


def core_digest(work: Workspace, project: Project, reads: frozenset[Reads]) -> str:
    """Return a digest of what trackers say about a project, as far as it is read; empty where nothing is."""
    if not (wanted := _kinds(project, reads)):
        return ""
    try:
        with work.warehouse.reading() as connection:
            return table.digest(connection, project.id, wanted)
    except NoWarehouseError:
        return ""


def siblings(work: Workspace, project: Project, opened: ExitStack) -> dict[str, Sibling]:
    """Return the portfolio's other projects that have a checkout, by id; `opened` closes their repositories.

    A checkout that cannot be opened is passed over: it is no business of this project.
    """
    others = sorted((one for one in work.listed if one.id != project.id and one.has_checkout), key=lambda one: one.id)
    return {one.id: sibling for one in others if (sibling := _sibling(work, one, opened)) is not None}


def _sibling(work: Workspace, project: Project, opened: ExitStack) -> Sibling | None:
    try:
        repository = opened.enter_context(Repository.open(project.path, work.home / "cache" / "repositories"))
        return Sibling(repository, repository.resolve("HEAD"), project.visibility)
    except ScoutError:
        return None


def _views(work: Workspace, others: Mapping[str, Sibling], day: datetime) -> Iterator[tuple[str, View]]:
    for name, one in others.items():
        with suppress(ScoutError):
            known = partial(last_known, work.home, name)
            view = replace(View.of(one.repository, one.sha, day), visibility=one.visibility, measured=known)
            yield name, view.sharing(work.answers(one.repository.git_dir, one.sha))


def _lacking(
    work: Workspace, project: Project, reads: frozenset[Reads], others: Mapping[str, Sibling]
) -> dict[Reads, UnavailableError | NotApplicable]:
    found: dict[Reads, UnavailableError | NotApplicable] = {}
    for one in sorted(reads):
        if one is Reads.PORTFOLIO and not others:
            found[one] = NotApplicable("no other project of the portfolio has a checkout")
        elif one is Reads.FLOW and (unmeasured := _unmeasured(work, project)) is not None:
            found[one] = unmeasured
        elif one in _MAIN and (reason := _unread(work, project, one)) is not None:
            found[one] = reason
    return found


def _unmeasured(work: Workspace, project: Project) -> UnavailableError | NotApplicable | None:
    """Return why a project's flow cannot be measured, or None when it can."""
    reasons = [_unread(work, project, one) for one in (Reads.TICKETS, Reads.CHANGES)]
    if None in reasons:
        return None
    if (reason := next((one for one in reasons if isinstance(one, UnavailableError)), None)) is not None:
        return reason
    if not project.has_checkout or not work.warehouse.path.exists():
        return NotApplicable("no run has read anything yet that flow could be measured on")
    return None


def _unread(work: Workspace, project: Project, reads: Reads) -> UnavailableError | NotApplicable | None:
    """Return why nothing is known of a kind of rows, or None when what is known may be looked at."""
    table_of, words = _MAIN[reads]
    states = work.freshness.states(project.id)
    bringing = [one.id for one in _sources(project) if table_of in one.brings]
    asked = [name for name in bringing if name not in states or states[name].outcome is not Outcome.NOT_APPLICABLE]
    if not asked:
        return NotApplicable(f"no source of this project has {words}")
    if any(name in states and states[name].fetched_at for name in asked):
        return None
    reason = next((states[name].reason for name in asked if name in states), "").rstrip(".")
    message = f"'{asked[0]}' was not read yet{f': {reason}' if reason else ''}."
    return UnavailableError(message, "`scout run` reads it.")


def _sources(project: Project) -> list[type[Source]]:
    return [plugin(Source, "scout.sources", "scout.sources", one.id, "source") for one in project.sources]


def _kinds(project: Project, reads: Iterable[Reads]) -> list[type[CoreRow]]:
    """Return the core tables that are read and that a source of the project fills, by name."""
    brought = {kind for one in _sources(project) for kind in one.brings}
    return [kind for kind in tables_of(reads) if kind in brought]
