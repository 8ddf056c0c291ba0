"""All migrations of a repository at one commit: read once for all scouts of a view."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from scout.repository import File, FileClass, Tree
from scout.signals._base import View
from scout.signals.migrations import _alembic, _django, _rails, _sql
from scout.signals.migrations._graph import Chain, Migration, System

_NOT_OURS = frozenset({FileClass.VENDORED, FileClass.FIXTURE, FileClass.TEST, FileClass.DOCS})
_TEMPLATE = re.compile(
    r"(?:^|/)[\w-]*(?:templates?|cookiecutter|skeleton|scaffold|examples?)[\w-]*/|\{\{", re.IGNORECASE
)
_MARKS = re.compile(b"|".join(mark.pattern for mark in (_django.MARK, _alembic.MARK)), re.MULTILINE)
_KEPT: "WeakKeyDictionary[Tree, Migrations]" = WeakKeyDictionary()


@dataclass(frozen=True)
class Migrations:
    """The chains of a commit.

    Attributes:
        chains: sorted by system and folder.
        unread: files that may be migrations, and whose content is not in this copy.
    """

    chains: tuple[Chain, ...]
    unread: tuple[str, ...]

    @classmethod
    def of(cls, view: View) -> "Migrations":
        """Return the chains that a view shows; files that could not be read count as missed by each scout."""
        tree = view.tree
        if tree not in _KEPT:
            _KEPT[tree] = cls(tuple(_chains(tree)), tuple(sorted(set(tree.unavailable))))
        kept = _KEPT[tree]
        for path in kept.unread:
            if is_migration(path):
                tree.text(path)
        return kept

    def in_system(self, *systems: System) -> list[Chain]:
        """Return the chains of some systems."""
        return [one for one in self.chains if one.system in systems]


def is_migration(path: str) -> bool:
    """Say whether a file is a migration by its name alone."""
    if path.endswith(".py"):
        return (
            _django.PATH.search(path) is not None or re.search(r"(?:^|/)versions/(?!__init__)[^/]+$", path) is not None
        )
    return _rails.PATH.match(path) is not None or _sql.read(path) is not None


def _chains(tree: Tree) -> Iterator[Chain]:
    django, alembic = _python(tree)
    folders: dict[tuple[System, str], list[Migration]] = {}
    for path in tree.files:
        if (found := _by_name(tree, path)) is not None:
            folders.setdefault((found[0], found[1]), []).append(found[2])
    for folder, group in django.items():
        app = folder[: folder.rfind("/") + 1]
        apps = tree.text(f"{app}apps.py") if f"{app}apps.py" in tree.files else None
        if _is_ours(tree, group):
            yield _django.chain(folder, group, apps)
    yield from (one for one in _alembic.chains(alembic) if _is_ours(tree, one.migrations))
    python = {*django, *(one.path.rpartition("/")[0] for one in alembic)}
    for (system, folder), group in sorted(folders.items()):
        below = any(f"{folder}/".startswith(f"{one}/") for one in python)  # texts that migrations in Python run
        if not below and _is_ours(tree, group):
            yield Chain(system, folder, tuple(sorted(group, key=lambda one: one.path)))


def _python(tree: Tree) -> tuple[dict[str, list[Migration]], list[Migration]]:
    django: dict[str, list[Migration]] = {}
    alembic: list[Migration] = []
    for file in tree.search(_MARKS, _may_be_python):
        text = tree.text(file.path)
        if text is None:
            continue
        if _django.PATH.search(file.path) and (one := _django.read(file.path, text)):
            django.setdefault(file.path.rpartition("/")[0], []).append(one)
        elif _alembic.MARK.search(text.encode("utf-8", "surrogatepass")) and (one := _alembic.read(file.path, text)):
            alembic.append(one)
    return django, alembic


def _may_be_python(file: File) -> bool:
    return file.path.endswith(".py") and ("migrat" in file.path or "alembic" in file.path or "versions/" in file.path)


def _by_name(tree: Tree, path: str) -> tuple[System, str, Migration] | None:
    if path.endswith(".rb"):
        if _rails.PATH.match(path) and (one := _rails.read(path, tree.text(path) or "")):
            return System.RAILS, _rails.folder_of(path), one
    elif path.endswith((".sql", ".java", ".kt")) and (named := _sql.read(path)):
        return named[0], path.rpartition("/")[0], named[1]
    return None


def _is_ours(tree: Tree, migrations: Sequence[Migration]) -> bool:
    """Say whether a chain is the project's own: not a test's, a template's or somebody else's."""
    first = migrations[0].path
    folder = first.rpartition("/")[0]
    if _TEMPLATE.search(f"{folder}/"):
        return False
    classes = [tree.file_class(one.path) for one in (migrations[0], migrations[-1])]
    return not all(one in _NOT_OURS for one in classes)
