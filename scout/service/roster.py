"""Which projects there are: those that settings name, those that trackers listed, and those seen before."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from scout.errors import SettingsError
from scout.registry import plugin, plugins
from scout.service.listings import Listed, Listing, asked, wanted
from scout.service.memory import Memory
from scout.service.project import IMPORTS, Project, SourceChoice, anchored, named, needs_checkout, project_of, unnamed
from scout.settings import Discover, Loaded, ProjectSettings, SourceSettings, SourceTable, checked, locate


def configured(loaded: Loaded, memory: Memory) -> tuple[Project, ...]:
    """Return the projects of the settings.

    Raises:
        UsageError: one names a source that is not there.
        SettingsError: the table of a source is wrong.
    """
    return tuple(_configured(one, loaded, memory) for one in loaded.settings.project)


def discovered(
    loaded: Loaded, memory: Memory, listings: Mapping[str, Listing], others: tuple[Project, ...]
) -> tuple[Project, ...]:
    """Return the projects that trackers listed and that the tables of `[[discover]]` take.

    What one of `others` reads already is left out; of two tables that take the same, the first counts.

    Raises:
        UsageError: a table names a source that is not there.
        SettingsError: a table is wrong, or its source cannot discover.
    """
    found: dict[str, Project] = {}
    for table in loaded.settings.discover:
        for project in _discovered(table, loaded, memory, listings.get(asked(table)), others):
            found.setdefault(project.id, project)
    return tuple(found.values())


def at_checkout(top: Path, memory: Memory) -> Project:
    """Return the project that a checkout is without settings."""
    sources = unnamed("git", "files") if (top / ".git").exists() else unnamed("git")
    made = project_of(ProjectSettings(id=memory.identity(top)), top, sources, checkout=True)
    return _with_imports(made, memory)


def remembered(name: str, loaded: Loaded, memory: Memory) -> Project | None:
    """Return a project that was seen before, by its id.

    None when there is none, when its checkout is gone, or when other settings hold there than here.
    """
    path = memory.known().get(name)
    if path is None:
        return None
    if memory.is_folder(path):
        return without_checkout(name, memory)
    return at_checkout(path, memory) if path.exists() and locate(path) == loaded.file else None


def without_checkout(name: str, memory: Memory) -> Project:
    """Return the project that holds what was imported under a name."""
    return project_of(ProjectSettings(id=name), memory.folder(name), unnamed(IMPORTS), checkout=False)


def discovery(table: Discover, loaded: Loaded) -> SourceSettings:
    """Return a table of `[[discover]]` as its source reads it.

    Raises:
        UsageError: there is no such source.
        SettingsError: the source cannot discover, or the table is wrong.
    """
    from scout.sources import Source

    kind = plugin(Source, "scout.sources", "scout.sources", table.type, "source")
    if kind.discovery is None:
        known = plugins(Source, "scout.sources", "scout.sources")
        able = ", ".join(name for name, one in known.items() if one.discovery is not None)
        message = f"The source '{table.type}' cannot discover projects."
        raise SettingsError(message, f"Those that can: {able or 'none'}.")
    place = f"{loaded.file}, discover {table.type},"
    return checked(kind.discovery, {"type": table.type, **anchored(table.rest, loaded.base)}, place)


def _configured(given: ProjectSettings, loaded: Loaded, memory: Memory) -> Project:
    place = f"{loaded.file or 'the environment'}, project {given.id}"
    sources = unnamed("git", "files") if given.sources is None else named(given.sources, loaded.base, place)
    checkout = given.path is not None or needs_checkout(sources)
    path = (loaded.base / (given.path or ".")).resolve() if checkout else memory.folder(given.id)
    return _with_imports(project_of(given, path, sources, checkout=checkout), memory)


def _with_imports(project: Project, memory: Memory) -> Project:
    """Add what was imported: it is read again whenever the warehouse was lost, and nobody has to name it."""
    if project.reads(IMPORTS) or not project.takes_imports or not memory.has_imports(project.id):
        return project
    return replace(project, sources=(*project.sources, *unnamed(IMPORTS)))


def _discovered(
    table: Discover, loaded: Loaded, memory: Memory, listing: Listing | None, others: tuple[Project, ...]
) -> Iterator[Project]:
    from scout.sources import Source

    discovery(table, loaded)
    kind = plugin(Source, "scout.sources", "scout.sources", table.type, "source")
    shared = {key: value for key, value in table.rest.items() if key in kind.settings.model_fields}
    for one in wanted(table, listing.found if listing else ()):
        given = SourceTable.model_validate({"type": table.type, **shared, **one.keys})
        sources = named([given], loaded.base, f"{loaded.file}, project {one.id}")
        if not _is_read(one, sources[0], others):
            settings = ProjectSettings(id=one.id, cadence=table.cadence, reviewers=table.reviewers)
            yield project_of(settings, memory.folder(one.id), sources, checkout=False)


def _is_read(listed: Listed, source: SourceChoice, others: Iterable[Project]) -> bool:
    """Whether a project reads that very thing, perhaps beside others of its kind."""
    return any(
        choice.id == source.id
        and all(_includes(choice.settings, source.settings, key) for key in (*listed.keys, "url"))
        for project in others
        for choice in project.sources
    )


def _includes(there: object, here: object, key: str) -> bool:
    return _plain(getattr(there, key, None)) >= _plain(getattr(here, key, None))


def _plain(value: object) -> frozenset[str]:
    values = cast("Iterable[object]", value) if isinstance(value, list | tuple) else (value,)
    return frozenset(str(one).casefold() for one in values)
