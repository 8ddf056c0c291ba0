"""Which publisher files for a project, and what it is told."""

from typing import Any

from scout.errors import UsageError
from scout.publish import Destination, Publisher
from scout.publish.labels import Labeller
from scout.registry import pick, plugins
from scout.service.project import anchored
from scout.service.tickets import target_of
from scout.service.wiring import Project, Workspace
from scout.settings import Section, checked


def publisher_of(project: Project) -> type[Publisher]:
    """Return the publisher that files for a project.

    Raises:
        UsageError: there is no such publisher, or it writes into a checkout and the project has none.
    """
    kind = _named(project)
    if kind.needs_checkout and not project.has_checkout:
        message = f"The publisher '{kind.id}' writes into a checkout, and the project {project.id} has none."
        raise UsageError(message, "Give the project's `path` in the settings, or another publisher.")
    return kind


def _named(project: Project) -> type[Publisher]:
    known: dict[str, type[Publisher]] = plugins(Publisher, "scout.publish", "scout.publishers")
    return pick(known, project.publisher, "publisher")


def settings_of(work: Workspace, project: Project) -> Section | None:
    """Return what a project's publisher is told: by its own table, else by the source of the same name.

    Raises:
        UsageError: there is no such publisher.
        SettingsError: the table says something unknown or impossible, or not enough.
    """
    kind = publisher_of(project)
    if kind.settings is None:
        return None
    source = next((one.settings for one in project.sources if one.id == kind.id), None)
    shared = kind.shared(source.model_dump(include=source.model_fields_set)) if source else {}
    keys: dict[str, Any] = {**shared, **anchored(project.publishing, work.loaded.base)}
    return checked(kind.settings, keys, f"{work.loaded.file or 'the environment'}, publish of project {project.id},")


def target_in(work: Workspace, project: Project) -> str:
    """Return where a project's publisher files, as outbox and reports name it."""
    settings = settings_of(work, project)
    return target_of(project) if settings is None else publisher_of(project).place(settings)


def tracker_in(work: Workspace, project: Project) -> str:
    """Return what only one process at a time may write to when it files for a project."""
    settings = None if _named(project).needs_checkout else settings_of(work, project)
    server = publisher_of(project).tracker(settings) if settings else ""
    return server or str(project.path / target_of(project))


def publisher_for(work: Workspace, project: Project) -> Publisher:
    """Return a project's publisher, ready to look and to file."""
    settings = settings_of(work, project)
    target = target_of(project) if settings is None else publisher_of(project).place(settings)
    to = Destination(checkout=project.path, target=target, now=work.now, home=work.home, settings=settings)
    return publisher_of(project)(to)


def labeller_for(work: Workspace, project: Project, source: str) -> Labeller | None:
    """Return what writes labels on a project's tickets from a source, ready to write; None where nothing does.

    It writes where the source reads. What the table `publish` says counts, too (another credential, lower limits), but
    only if it files in the same place: a credential goes nowhere else.

    Raises:
        SettingsError: the settings say not enough.
    """
    known: dict[str, type[Labeller]] = plugins(Labeller, "scout.publish", "scout.labellers")
    kind = known.get(source)
    if kind is None or (kind.needs_checkout and not project.has_checkout):
        return None
    if kind.settings is None:
        return kind(Destination(checkout=project.path, target=target_of(project), now=work.now, home=work.home))
    chosen = next((one.settings for one in project.sources if one.id == source), None)
    if chosen is None:
        return None
    reads = kind.shared(chosen.model_dump(include=chosen.model_fields_set))
    files = anchored(project.publishing, work.loaded.base) if project.publisher == source else {}
    same = all(files.get(name, reads.get(name)) == reads.get(name) for name in kind.place)
    place = f"{work.loaded.file or 'the environment'}, source {source} of project {project.id},"
    told = checked(kind.settings, {**reads, **(files if same else {})}, place)
    target = str(reads.get("repository") or reads.get("url") or "")
    return kind(Destination(checkout=project.path, target=target, now=work.now, home=work.home, settings=told))
