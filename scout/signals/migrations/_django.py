"""Django's migrations: read from their source."""

import ast
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from scout.signals.migrations._graph import Chain, Migration, System, numbered
from scout.signals.migrations._python import assigned, classes, constants, dotted, elements, parsed, text_of

PATH = re.compile(r"(?:^|/)(?!south_)(?P<prefix>\w*)migrations/(?!__init__\.py$)[^/]+\.py$")
"""Where Django finds migrations: by default, or where `MIGRATION_MODULES` names the folder, say `db_migrations`."""
MARK = re.compile(rb"^class\s+Migration\s*\(", re.MULTILINE)
OWN_LABELS = frozenset(
    [
        "admin",
        "admindocs",
        "auth",
        "contenttypes",
        "flatpages",
        "gis",
        "humanize",
        "messages",
        "postgres",
        "redirects",
        "sessions",
        "sitemaps",
        "sites",
    ]
)
"""Labels of Django's own apps."""
_LABEL = re.compile(r"^[^\S\n]+label\s*=\s*[\"'](\w+)[\"']", re.MULTILINE)
_REACHED = re.compile(r"\bMigration\s*\.\s*(?:dependencies|replaces)\b")
_ANY_NAME = frozenset({"__first__", "__latest__"})


def read(path: str, source: str) -> Migration | None:
    """Return the migration in a file; None when there is none. What cannot be parsed is opaque."""
    stem = path.rpartition("/")[2].removesuffix(".py")
    named = PATH.search(path)
    if named and named["prefix"] and "django" not in source:
        return None
    module = parsed(source)
    if module is None:
        return Migration(path, stem, numbered(stem), opaque=True)
    found = migration_class(module)
    if found is None:
        return None
    line, opaque = found.lineno, _is_dynamic(found, module, source)
    stated = assigned(found.body, "dependencies")
    dependencies = elements(stated, constants(module)) if stated is not None else []
    if stated is not None:
        line = stated.lineno
    pairs = [_pair(one) for one in dependencies or []]
    replaced = assigned(found.body, "replaces")
    replaces = elements(replaced, constants(module)) if replaced is not None else []
    known = tuple(pair for pair in pairs if pair is not None)
    return Migration(
        path,
        stem,
        numbered(stem),
        foreign=tuple(pair for pair in known if pair[0] and pair[1] not in _ANY_NAME),
        replaces=tuple(pair[1] for one in replaces or [] if (pair := _pair(one)) is not None),
        line=line,
        text=_line(source, line),
        opaque=opaque or dependencies is None or replaces is None or len(known) < len(pairs),
    )


def migration_class(module: ast.Module) -> ast.ClassDef | None:
    """Return the class `Migration` of a module."""
    return next((one for one in classes(module.body) if one.name == "Migration"), None)


def app_folder(folder: str) -> str:
    """Return the folder of the app whose migrations a folder holds; for one at the root, itself."""
    return folder.rpartition("/")[0] or folder


def chain(folder: str, migrations: Sequence[Migration], apps: str | None) -> Chain:
    """Return the chain of one folder.

    Args:
        folder: `…/migrations`.
        migrations: what `read` found there.
        apps: text of the app's `apps.py`, where there is one.
    """
    own = _label(folder, migrations, apps)
    linked = tuple(_linked(one, own) for one in sorted(migrations, key=lambda one: one.path))
    return Chain(System.DJANGO, folder, linked, own)


def _linked(one: Migration, own: str) -> Migration:
    return Migration(
        one.path,
        one.name,
        one.number,
        parents=tuple(name for label, name in one.foreign if label == own),
        foreign=tuple(pair for pair in one.foreign if pair[0] != own),
        replaces=one.replaces,
        line=one.line,
        text=one.text,
        opaque=one.opaque,
    )


def _label(folder: str, migrations: Sequence[Migration], apps: str | None) -> str:
    """Return the label under which the migrations name each other; the folder's name when they say nothing else."""
    names = {one.name for one in migrations} | {name for one in migrations for name in one.replaces}
    named = Counter(label for one in migrations for label, name in one.foreign if name in names)
    stated = _LABEL.search(apps or "")
    if stated:
        return stated.group(1)
    app = app_folder(folder).rpartition("/")[2]
    if named[app]:
        return app
    if named:
        most = max(named.values())
        return min(label for label, count in named.items() if count == most)
    return "" if app in OWN_LABELS else app


def _pair(node: ast.expr) -> tuple[str, str] | None:
    """Return label and name of a dependency; empty ones for a swappable model; None when it is computed."""
    if isinstance(node, ast.Call) and dotted(node.func).endswith("swappable_dependency"):
        return "", ""
    parts = elements(node)
    if parts is None or len(parts) != 2:  # noqa: PLR2004 label and name
        return None
    label, name = text_of(parts[0]), text_of(parts[1])
    if label is None and isinstance(parts[0], ast.Attribute):
        return "", ""
    return None if label is None or name is None else (label, name)


def _is_dynamic(found: ast.ClassDef, module: ast.Module, source: str) -> bool:
    """Say whether dependencies are changed by code: under conditions in the class, or after it."""
    inside = [one for one in found.body if isinstance(one, (ast.If, ast.For, ast.Try, ast.AugAssign, ast.With))]
    names = {node.id for one in inside for node in ast.walk(one) if isinstance(node, ast.Name)}
    if names & {"dependencies", "replaces"}:
        return True
    return _REACHED.search(source) is not None and any(
        isinstance(node, ast.Attribute) and dotted(node) in {"Migration.dependencies", "Migration.replaces"}
        for node in ast.walk(module)
    )


def _line(source: str, line: int) -> str:
    return source.split("\n")[line - 1] if line <= source.count("\n") + 1 else ""


def owners(chains: Sequence[Chain]) -> Mapping[str, Chain]:
    """Return the Django chains by label, where one label belongs to one chain and its migrations name it."""
    many = Counter(one.label for one in chains)
    return {
        one.label: one
        for one in chains
        if one.label and many[one.label] == 1 and any(migration.parents for migration in one.migrations)
    }
