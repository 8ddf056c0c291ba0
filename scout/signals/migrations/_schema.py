"""Rails' dump of the schema, compared with the migrations that should lead to it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scout.model import Evidence
from scout.repository import Tree
from scout.signals._evidence import at_line, at_path
from scout.signals.migrations._graph import Chain, Migration

DUMP = re.compile(r"^(?P<folder>(?:.*/)?db)/(?:(?P<name>\w+?)_)?(?:schema|structure|\w+)\.(?P<kind>rb|sql)$")
_DEFINED = re.compile(r"ActiveRecord::Schema(?:\[[\d.]+\])?\.define\(\s*version:\s*(\d[\d_]{0,39})")
_LISTED = re.compile(r"INSERT INTO \W*(?:\w+\W+)?schema_migrations\W.*?VALUES(.*?);", re.DOTALL | re.IGNORECASE)
_TABLE = re.compile(r"^[^\S\n]*create_table \"([\w.]+)\"(.*?)^[^\S\n]*end\b", re.MULTILINE | re.DOTALL)
_COLUMN = re.compile(r"^[^\S\n]*t\.(\w+) \"(\w+)\"", re.MULTILINE)
_NO_COLUMNS = frozenset({"index", "check_constraint", "foreign_key", "unique_constraint", "exclusion_constraint"})
_REMARK = re.compile(r"^[^\S\n]*#.*$", re.MULTILINE)
_WORD = re.compile(r"\w+")
_CREATED = re.compile(r"\bcreate_table[\s(]+[:\"'](\w+)")
_ADDED = re.compile(r"\badd_column[\s(]+[:\"'](\w+)[\"']?\s*,\s*[:\"'](\w+)")
_TAKEN = re.compile(
    r"\b(?:drop|remove|rename)\w*\b[^\n]*(?:\n[^\n]*)?|\bDROP\s+TABLE[^\n]*|\bt\.re(?:move|name)\b[^\n]*", re.IGNORECASE
)
_ENDS = ("_id", "_type", "_count", "_at", "_on", "_file_name", "_content_type", "_file_size", "_updated_at", "_digest")
_GIVEN = frozenset({"id", "created_at", "updated_at", "schema_migrations", "ar_internal_metadata"})
_MOST_UNKNOWN = 2
_MOST_COLUMNS = 12
_ASKS = re.compile(r"\b(?:table|data_source|column|index)_exists\?|\breturn\b|\bRails\.env\b|\bdefined\?|\bENV\b")
_RENAMED = re.compile(r"\brename_table[\s(]+[:\"'](\w+)[\"']?\s*,\s*[:\"'](\w+)")
_VERSIONS = re.compile(r"^(?=.*\bprimary_key: \"version\")(?=.*\bid: :string\b)")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class Dump:
    """A dump of the schema.

    Attributes:
        line: on which its version is stated (the first line, for SQL).
        version: the newest migration that it knows.
        listed: all migrations that it knows; empty where it names the newest alone.
        tables: its tables, each with line and with its columns and their lines.
    """

    path: str
    lines: tuple[str, ...]
    line: int
    version: int
    listed: frozenset[int] = frozenset()
    tables: Mapping[str, tuple[int, Mapping[str, int]]] = field(
        default_factory=dict[str, tuple[int, Mapping[str, int]]]
    )

    def at(self, line: int) -> Evidence:
        """Return evidence for a line."""
        return at_line(self.path, line, self.lines[line - 1])


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing in which dump and migrations differ: in words, with where it shows."""

    said: str
    places: tuple[Evidence, ...]


def dumps(tree: Tree, chains: Sequence[Chain]) -> Iterator[tuple[Dump, Chain]]:
    """Give the dumps of a tree, each with the migrations that lead to it."""
    by_folder = {chain.folder: chain for chain in chains}
    for path in tree.files:
        found = DUMP.match(path)
        if found is None or (text := tree.text(path)) is None:
            continue
        dump = _ruby(path, text) if found.group("kind") == "rb" else _sql(path, text)
        prefix = f"{found.group('name')}_" if found.group("name") else ""
        chain = by_folder.get(f"{found.group('folder')}/{prefix}migrate")
        if dump is not None and chain is not None:
            yield dump, chain


def faults(dump: Dump, chain: Chain, chains: Sequence[Chain], texts: Mapping[str, str]) -> Iterator[Fault]:
    """Give what differs between a dump and its migrations.

    Args:
        dump: the dump.
        chain: its own migrations.
        chains: all chains of Rails, those of engines among them.
        texts: contents of all their migrations by path.
    """
    yield from _versions(dump, chain, chains)
    each = [frozenset(_WORD.findall(_spread(text).lower())) for text in texts.values()]
    words = frozenset[str]().union(*each)
    unknown = [name for name in dump.tables if not _is_named(name, words) and not _is_of_a_gem(dump, name)]
    if len(unknown) > _MOST_UNKNOWN:
        return
    for name in unknown:
        yield Fault(f"no migration creates the table `{name}`", (dump.at(dump.tables[name][0]),))
    older = _renames(texts)
    names = {table: _names(table, older) for table in dump.tables}
    columns = [
        (table, column, line)
        for table, (_, known) in dump.tables.items()
        for column, line in known.items()
        if table not in unknown
        and not any(_is_named(column, one) for one in each if one & names[table] or _is_named(table, one))
    ]
    for table, column, line in columns if len(columns) <= _MOST_COLUMNS else []:
        yield Fault(f"no migration adds the column `{table}.{column}`", (dump.at(line),))
    if dump.tables:
        yield from _undumped(dump, chain, texts)


def _is_of_a_gem(dump: Dump, name: str) -> bool:
    """Say whether a table only lists versions, as gems make it for migrations of their own (`data_migrate`)."""
    line, columns = dump.tables[name]
    return not columns.keys() - {"version"} and (
        "version" in columns or _VERSIONS.search(dump.lines[line - 1]) is not None
    )


def _versions(dump: Dump, chain: Chain, chains: Sequence[Chain]) -> Iterator[Fault]:
    newest = max(chain.migrations, key=lambda one: int(one.name))
    everywhere = max(int(one.name) for other in chains for one in other.migrations)
    if dump.listed:
        late = [one for one in chain.migrations if int(one.name) not in dump.listed]
        if late and len(late) <= max(3, len(chain.migrations) // 10):
            places = tuple(_at(one) for one in late[:6])
            yield Fault(
                f"{len(late)} of the migrations are not in the dump, such as `{late[0].path}`", (dump.at(1), *places)
            )
    elif dump.version < int(newest.name):
        said = f"the dump stands at {dump.version}, before the newest migration `{newest.path}`"
        yield Fault(said, (dump.at(dump.line), _at(newest)))
    if dump.version > everywhere and dump.version > int(newest.name):
        said = f"the dump stands at {dump.version}, and no migration has this version (the newest is `{newest.path}`)"
        yield Fault(said, (dump.at(dump.line), _at(newest)))


def _undumped(dump: Dump, chain: Chain, texts: Mapping[str, str]) -> Iterator[Fault]:
    """Give tables and columns that a migration adds, none takes away, and the dump does not have.

    A migration that asks first what is there, or returns early, may have done nothing.
    """
    bare = {one.path: _REMARK.sub("", texts.get(one.path, "")) for one in chain.migrations}
    taken = {
        word
        for text in bare.values()
        for found in _TAKEN.finditer(text)
        for word in _WORD.findall(found.group().lower())
    }
    dropped = "execute" if any("drop_table(" in text and "each" in text for text in bare.values()) else ""
    if dropped:
        return
    for one in chain.migrations:
        if _ASKS.search(bare[one.path]):
            continue
        for found in _CREATED.finditer(bare[one.path]):
            name = found.group(1).lower()
            if name not in dump.tables and name not in taken:
                yield Fault(f"the dump lacks the table `{name}` of `{one.path}`", (dump.at(dump.line), _at(one)))
        for found in _ADDED.finditer(bare[one.path]):
            table, column = found.group(1).lower(), found.group(2).lower()
            known = dump.tables.get(table)
            if known and column not in known[1] and column not in taken and table not in taken:
                yield Fault(
                    f"the dump lacks the column `{table}.{column}` of `{one.path}`", (dump.at(known[0]), _at(one))
                )


def _spread(text: str) -> str:
    """Return a migration's text without remarks, then with humps parted: `CaseContact` names a table."""
    bare = _REMARK.sub("", text)
    return f"{bare} {_HUMP.sub('_', bare)}"


def _renames(texts: Mapping[str, str]) -> Mapping[str, set[str]]:
    """Return the older names of tables that were renamed."""
    older: dict[str, set[str]] = {}
    for text in texts.values():
        for found in _RENAMED.finditer(text):
            older.setdefault(found.group(2).lower(), set()).add(found.group(1).lower())
    return older


def _names(table: str, older: Mapping[str, set[str]]) -> set[str]:
    """Return by which names migrations may call a table: its own, older ones, and those of its model."""
    found = {table}
    for _ in range(3):
        found |= {old for name in found for old in older.get(name, ())}
    return found | {form for name in found for form in _singular(name)}


def _singular(table: str) -> tuple[str, ...]:
    return (
        table.removesuffix("s"),
        table.removesuffix("es"),
        f"{table.removesuffix('ies')}y",
        table.replace("people", "person"),
    )


def _is_named(name: str, words: frozenset[str]) -> bool:
    """Say whether migrations name a table or column, as such or as what Rails makes it from."""
    name = name.rpartition(".")[2].lower()
    stems = [name.removesuffix(end) for end in _ENDS if name.endswith(end)]
    stems += [f"{stem}s" for stem in stems]
    if name in _GIVEN or name in words or any(stem in words for stem in stems):
        return True
    parts = name.split("_")
    joined = [("_".join(parts[:at]), "_".join(parts[at:])) for at in range(1, len(parts))]
    return any(first in words and second in words for first, second in joined)


def _at(one: Migration) -> Evidence:
    return at_line(one.path, one.line, one.text) if one.text.strip() else at_path(one.path, f"migration {one.name}")


def _ruby(path: str, text: str) -> Dump | None:
    found = _DEFINED.search(text)
    if found is None:
        return None
    tables: dict[str, tuple[int, Mapping[str, int]]] = {}
    for table in _TABLE.finditer(text):
        start = table.start(2)
        columns = {
            one.group(2).lower(): _line(text, start + one.start(2))
            for one in _COLUMN.finditer(table.group(2))
            if one.group(1) not in _NO_COLUMNS
        }
        tables[table.group(1).lower()] = (_line(text, table.start(1)), columns)
    version = int(found.group(1).replace("_", ""))
    return Dump(path, tuple(text.split("\n")), _line(text, found.start(1)), version, tables=tables)


def _sql(path: str, text: str) -> Dump | None:
    found = _LISTED.search(text)
    listed = frozenset(map(int, re.findall(r"\d{3,40}", found.group(1)))) if found else frozenset[int]()
    return Dump(path, tuple(text.split("\n")), 1, max(listed), listed) if listed else None


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
