"""Alembic's revisions: read from their source, never from the header of their docstring."""

import ast
import re
from collections.abc import Mapping, Sequence

from scout.signals.migrations._graph import Chain, Migration, System, numbered
from scout.signals.migrations._python import constants, elements, parsed, text_of

MARK = re.compile(rb"^down_revision\s*[:=]", re.MULTILINE)


def read(path: str, source: str) -> Migration | None:
    """Return the revision in a file; None when there is none. What cannot be parsed is opaque."""
    stem = path.rpartition("/")[2].removesuffix(".py")
    module = parsed(source)
    if module is None:
        return Migration(path, stem, numbered(stem), opaque=True)
    known = constants(module)
    if "revision" not in known or "down_revision" not in known:
        return None
    revision = text_of(known["revision"])
    parents, needed = _names(known, "down_revision"), _names(known, "depends_on")
    labels = _names(known, "branch_labels")
    line = known["down_revision"].lineno
    return Migration(
        path,
        revision or stem,
        numbered(stem),
        parents=tuple(dict.fromkeys((*(parents or ()), *(needed or ())))),
        line=line,
        text=source.split("\n")[line - 1],
        opaque=revision is None or parents is None or needed is None,
        branched=labels is None or bool(labels),
    )


def chains(migrations: Sequence[Migration]) -> list[Chain]:
    """Return the chains of all revisions: those of one folder, and of folders whose revisions name each other."""
    by_folder: dict[str, list[Migration]] = {}
    for one in sorted(migrations, key=lambda one: one.path):
        by_folder.setdefault(one.path.rpartition("/")[0], []).append(one)
    groups = dict(by_folder)
    for folder, group in sorted(by_folder.items()):
        wanted = {name for one in group for name in one.parents} - {one.name for one in group}
        others = (name for name, known in groups.items() if name != folder and wanted & {one.name for one in known})
        into = next(others, None)
        if into is not None and folder in groups:
            groups[into] = [*groups[into], *groups.pop(folder)]
    return [Chain(System.ALEMBIC, folder, tuple(sorted(group, key=_path))) for folder, group in groups.items()]


def _path(one: Migration) -> str:
    return one.path


def _names(known: Mapping[str, ast.expr], name: str) -> tuple[str, ...] | None:
    """Return the revisions that a name is set to; None when they are computed."""
    node = known.get(name)
    if node is None or (isinstance(node, ast.Constant) and node.value is None):
        return ()
    if isinstance(node, ast.Name) and node.id in known:
        node = known[node.id]
    single = text_of(node)
    if single is not None:
        return (single,)
    several = elements(node, known)
    if several is None:
        return None
    texts = [text_of(one) for one in several]
    return None if None in texts else tuple(text for text in texts if text is not None)
