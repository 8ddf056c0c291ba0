"""Migrations as a graph: what is the same in all systems, and what can be wrong with it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class System(StrEnum):
    """Who applies the migrations."""

    DJANGO = "Django"
    ALEMBIC = "Alembic"
    RAILS = "Rails"
    FLYWAY = "Flyway"
    SQL = "SQL"


@dataclass(frozen=True, slots=True)
class Migration:
    """One migration.

    Attributes:
        path: its file.
        name: what others call it: the file's stem (Django), the revision (Alembic), the version (Rails, SQL).
        number: the number at its front that orders it for readers; None where it has none.
        parents: names in its own chain that it depends on.
        foreign: what it depends on elsewhere: label of the chain, name.
        replaces: names of its own chain that it stands for (a squash).
        line: on which its parents are stated, or its name; counted from 1.
        text: that line.
        opaque: whether its relations cannot be told by reading.
        branched: whether it says that it begins a branch of its own (Alembic's labels).
        title: what its file name says beside the number.
    """

    path: str
    name: str
    number: str | None = None
    parents: tuple[str, ...] = ()
    foreign: tuple[tuple[str, str], ...] = ()
    replaces: tuple[str, ...] = ()
    line: int = 1
    text: str = ""
    opaque: bool = False
    branched: bool = False
    title: str = ""


@dataclass(frozen=True)
class Chain:
    """Migrations that are applied one after the other: of one Django app, one Alembic environment, one folder.

    Attributes:
        folder: where they are.
        migrations: sorted by path.
        label: what migrations elsewhere call the chain; empty when that cannot be told.
    """

    system: System
    folder: str
    migrations: tuple[Migration, ...]
    label: str = ""

    @cached_property
    def by_name(self) -> Mapping[str, Migration]:
        """The migrations by name; the first of several with one name."""
        return {one.name: one for one in reversed(self.migrations)}

    @cached_property
    def replaced(self) -> Mapping[str, str]:
        """Names that a squash stands for, each with the squash that stands for it in the end."""
        found = {name: one.name for one in self.migrations for name in one.replaces}
        return {name: _last(found, name) for name in found}

    @property
    def opaque(self) -> bool:
        """Whether the relations of one of them cannot be told by reading."""
        return any(one.opaque for one in self.migrations)

    def knows(self, name: str) -> bool:
        """Say whether there is a migration of this name, or one that replaces it."""
        if name in self.by_name or name in self.replaced:
            return True
        return self.system is System.ALEMBIC and any(one.startswith(name) for one in self.by_name)

    @cached_property
    def edges(self) -> Mapping[str, frozenset[str]]:
        """The parents of each migration that is not replaced; edges of replaced ones are those of their squash."""
        found: dict[str, set[str]] = {one.name: set() for one in self.migrations if one.name not in self.replaced}
        for one in self.migrations:
            child = self.replaced.get(one.name, one.name)
            parents = {self.replaced.get(name, name) for name in one.parents}
            found.setdefault(child, set()).update(parents - {child})
        return {name: frozenset(parents) for name, parents in found.items()}

    @cached_property
    def heads(self) -> tuple[Migration, ...]:
        """The migrations that no other one of the chain builds on, sorted by path."""
        parents = frozenset[str]().union(*self.edges.values())
        ends = [self.by_name[name] for name in self.edges if name not in parents and name in self.by_name]
        return tuple(sorted(ends, key=lambda one: one.path))

    @cached_property
    def orphans(self) -> tuple[tuple[Migration, str], ...]:
        """The migrations whose parent is missing, with the parent's name, sorted by path."""
        return tuple((one, name) for one in self.migrations for name in one.parents if not self.knows(name))

    def before(self, name: str) -> frozenset[str]:
        """Return the names of all that a migration builds on, itself among them."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            current = waiting.pop()
            if current not in found:
                found.add(current)
                waiting += self.edges.get(current, ())
        return frozenset(found)

    def forked(self) -> tuple[Migration, ...]:
        """Return the migrations that are not below every head: the unmerged branches, sorted by path."""
        if len(self.heads) <= 1:
            return ()
        lines = [self.before(one.name) for one in self.heads]
        shared = lines[0].intersection(*lines[1:])
        return tuple(one for one in self.migrations if one.name in frozenset[str]().union(*lines) - shared)


def _last(found: Mapping[str, str], name: str) -> str:
    seen = {name}
    while found[name] not in seen and found[name] in found:
        name = found[name]
        seen.add(name)
    return found[name]


def same(migrations: Iterable[Migration], by: str = "number") -> list[tuple[Migration, ...]]:
    """Return the groups of two or more migrations with the same `number`, `name` or `title`, in order."""
    groups: dict[str, list[Migration]] = {}
    for one in migrations:
        value: str | None = getattr(one, by)
        if value:
            groups.setdefault(value, []).append(one)
    return [tuple(group) for _, group in sorted(groups.items()) if len(group) > 1]


def numbered(stem: str) -> str | None:
    """Return the number at the front of a file's name without leading zeros; None when it has none."""
    found = re.match(r"(\d+)(?:[_-]|$)", stem)
    return (found.group(1).lstrip("0") or "0") if found else None
