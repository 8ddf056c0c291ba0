"""Which publisher files for a project, and what it is told."""

from typing import Any

from scout.errors import UsageError
from scout.publish import Destination, Publisher
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
    known: dict[str, type[Publisher]] = plugins(Publisher, "scout.publish", "scout.publishers")
    kind = pick(known, project.publisher, "publisher")
    if kind.needs_checkout and not project.has_checkout:
        message = f"The publisher '{kind.id}' writes into a checkout, and the project {project.id} has none."
        raise UsageError(message, "Give the project's `path` in the settings, or another publisher.")
    return kind


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


def publisher_for(work: Workspace, project: Project) -> Publisher:
    """Return a project's publisher, ready to look and to file."""
    settings = settings_of(work, project)
    target = target_of(project) if settings is None else publisher_of(project).place(settings)
    to = Destination(checkout=project.path, target=target, now=work.now, home=work.home, settings=settings)
    return publisher_of(project)(to)
