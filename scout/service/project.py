"""What a project is to the service, and how settings make one."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scout.errors import UsageError
from scout.model import Autonomy, Visibility
from scout.model.names import nearest
from scout.registry import plugin
from scout.settings import Cadence, ProjectSettings, SourceSettings, SourceTable, TrackerSettings, checked

if TYPE_CHECKING:
    from scout.sources import Source

ALWAYS = ("git",)
IMPORTS = "imports"


@dataclass(frozen=True)
class SourceChoice:
    """A source that a project is read from.

    Attributes:
        id: which source.
        settings: what `scout.toml` says for it, as the source's own class.
        named: whether the settings name it, so that its silence makes the project blind.
    """

    id: str
    settings: SourceSettings
    named: bool


@dataclass(frozen=True)
class Project:
    """A project as the service sees it.

    Attributes:
        path: the checkout (or bare repository), absolute; without one, a folder of its own in the state folder.
        sources: what it is read from.
        tickets: folder of Markdown tickets, absolute.
        reviewers: decisions per working day.
        visibility: who may see it.
        autonomy: the freest who may take its tickets.
        has_checkout: whether `path` is one. Where it is not, nothing may look for a repository there: git would
            look upward and find somebody else's.
        publishing: what the settings say that only the publisher knows.
    """

    id: str
    path: Path
    sources: tuple[SourceChoice, ...]
    publisher: str
    tickets: Path
    live: bool
    reviewers: float
    cadence: Cadence
    visibility: Visibility = Visibility.PRIVATE
    autonomy: Autonomy = Autonomy.AGENT
    has_checkout: bool = True
    publishing: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False, repr=False)

    @property
    def named(self) -> bool:
        """Whether the settings name the sources."""
        return any(source.named for source in self.sources)

    @property
    def required(self) -> tuple[str, ...]:
        """Ids of the sources that must answer: those the settings name, else the history of the checkout."""
        return tuple(source.id for source in self.sources if source.named) or (ALWAYS if self.has_checkout else ())

    @property
    def checkout(self) -> Path:
        """The checkout.

        Raises:
            UsageError: the project has none.
        """
        if not self.has_checkout:
            raise UsageError(f"The project {self.id} has no checkout.", "Give its `path` in the settings.")
        return self.path

    @property
    def takes_imports(self) -> bool:
        """Whether archives may be imported: not beside a tracker, which would say the same things a second time."""
        return self.reads(IMPORTS) or not any(isinstance(one.settings, TrackerSettings) for one in self.sources)

    def reads(self, source: str) -> bool:
        """Whether the project is read from the source called so."""
        return any(one.id == source for one in self.sources)


def project_of(given: ProjectSettings, path: Path, sources: tuple[SourceChoice, ...], *, checkout: bool) -> Project:
    """Return the project that settings describe, at a path and with sources that were looked up."""
    return Project(
        id=given.id,
        path=path,
        sources=sources,
        publisher=given.publish.to,
        tickets=path / given.publish.folder,
        live=given.publish.live,
        reviewers=given.reviewers,
        cadence=given.cadence,
        visibility=given.visibility,
        autonomy=given.autonomy,
        has_checkout=checkout,
        publishing=given.publish.rest,
    )


def unnamed(*sources: str) -> tuple[SourceChoice, ...]:
    """Return sources as they are without settings; none of them must answer."""
    return tuple(SourceChoice(id=one, settings=_kind(one).settings(type=one), named=False) for one in sources)


def named(tables: Iterable[SourceTable], base: Path, place: str) -> tuple[SourceChoice, ...]:
    """Return the sources that settings name, each with its table as its own class reads it.

    Args:
        tables: as the settings have them.
        base: where relative paths of files start from.
        place: whose they are, for errors.

    Raises:
        UsageError: there is no such source.
        SettingsError: a table says something unknown or impossible.
    """
    return tuple(_named(one, base, place) for one in tables)


def needs_checkout(sources: Iterable[SourceChoice]) -> bool:
    """Whether one of the sources reads the project's checkout."""
    return any(_kind(one.id).needs_checkout for one in sources)


def slug(name: str) -> str:
    """Return an id for a project of that name."""
    return re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-._")[:50] or "project"


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the remedy for a project's name that is not known."""
    names = list(known)
    near = nearest(name, names)
    return f"Did you mean '{near}'?" if near else f"Known: {', '.join(names) or 'none'}."


def _named(table: SourceTable, base: Path, place: str) -> SourceChoice:
    keys = {"type": table.type, **anchored(table.rest, base)}
    return SourceChoice(
        id=table.type, settings=checked(_kind(table.type).settings, keys, f"{place}, source {table.type},"), named=True
    )


def _kind(name: str) -> "type[Source]":
    from scout.sources import Source

    return plugin(Source, "scout.sources", "scout.sources", name, "source")


def anchored(keys: Mapping[str, Any], base: Path) -> dict[str, Any]:
    """Let relative names of files start from the settings' folder, and `~` from home."""
    return {
        key: str(base / Path(value).expanduser()) if key.endswith("_file") and isinstance(value, str) else value
        for key, value in keys.items()
    }
