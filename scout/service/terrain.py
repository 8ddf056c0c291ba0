"""What a project's history says of the files that tickets are about: read once for all tickets."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from scout.buffer.fronts import Footprint, Past
from scout.buffer.fronts import Terrain as Learned
from scout.buffer.serving import mentioned_paths
from scout.buffer.shelf import SHELF_LIFE, Ground, touched
from scout.errors import ScoutError
from scout.model import Ticket
from scout.repository import Change, History, Repository
from scout.service.ground import Ground as Files
from scout.service.tickets import target_of
from scout.service.wiring import Project, Workspace


@dataclass(frozen=True)
class Terrain:
    """Where tickets leave traces, and what happened to the files that they name; both by the tickets' keys."""

    footprints: dict[str, Footprint] = field(default_factory=dict[str, Footprint])
    grounds: dict[str, Ground] = field(default_factory=dict[str, Ground])


def terrain(work: Workspace, project: Project, tickets: Sequence[Ticket], files: Files | None = None) -> Terrain:
    """Return the terrain of some tickets at the project's newest commit.

    Without a checkout, or without anything to compare, it says nothing: then the files that a ticket names are all
    that is known of it.

    Args:
        work: the workspace.
        project: whose history.
        tickets: those that could be started or are in motion.
        files: the files of the newest commit; read here by default.
    """
    if not project.has_checkout or not tickets:
        return Terrain()
    try:
        with Repository.open(project.path, work.home / "cache" / "repositories") as repository:
            sha = repository.resolve()
            tree = repository.tree(sha)
            files = files if files is not None and files.sha == sha else Files.at(tree)
            history = repository.history(sha)
            named = {one.key: files.resolved(one) for one in tickets}
            learned = Learned(_worked_on(files, project), past(history.changes)) if len(tickets) > 1 else None
            return Terrain(
                footprints={one.key: _footprint(one, named[one.key], learned) for one in tickets},
                grounds=dict(_grounds(history, tickets, named, work.now)),
            )
    except ScoutError:  # a repository that cannot be read is told by the source that reads it
        return Terrain()


def past(changes: Iterable[Change]) -> Iterator[Past]:
    """Give people's changes, newest first, with the files by the names that they have now."""
    now_called: dict[str, str] = {}
    for change in changes:
        for file in change.files:
            if file.old_path:
                now_called[file.old_path] = now_called.get(file.path, file.path)
        if not change.bot:
            yield Past(change.title, tuple(now_called.get(file.path, file.path) for file in change.files))


def _footprint(ticket: Ticket, named: tuple[str, ...], learned: Learned | None) -> Footprint:
    """Return a ticket's footprint: files that are there by their whole path, the rest as the ticket names it."""
    said = mentioned_paths(ticket)
    paths = frozenset(named) | {path for path in said if not any(_ends(whole, path) for whole in named)}
    if learned is None:
        return Footprint(paths, dict.fromkeys(paths, 1.0))
    return learned.footprint(ticket.title, ticket.body, paths)


def _worked_on(files: Files, project: Project) -> frozenset[str]:
    """Return the files that work is about; tickets themselves are not."""
    folder = f"{target_of(project)}/"
    return frozenset(path for path in files.paths if not path.startswith(folder))


def _ends(whole: str, path: str) -> bool:
    return f"/{whole}".endswith(f"/{path}")


def _grounds(
    history: History, tickets: Iterable[Ticket], named: dict[str, tuple[str, ...]], now: datetime
) -> Iterator[tuple[str, Ground]]:
    """Give what happened to the files of old tickets; younger ones are fresh whatever happened."""
    for ticket in tickets:
        last = touched(ticket)
        if last is None or now - last < SHELF_LIFE / 2:
            continue
        since = {
            path: sum(one.at > last and not one.bot for one in history.touching(path)) for path in named[ticket.key]
        }
        if since:
            path = max(since, key=lambda path: (since[path], path))
            yield ticket.key, Ground(path=path, changes=since[path])
