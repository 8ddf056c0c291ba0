"""What a migration of Rails does on the way forth: its operations on the schema, apart from the rest."""

import re
from dataclasses import dataclass

from tree_sitter import Node, Tree

from scout.signals.migrations._meaning_python import DEFINES
from scout.text.syntax import found, parsed, text_of

_QUERY = """
(method name: (identifier) @method)
(singleton_method name: (identifier) @method)
(class name: (_) @class)
(call method: (identifier) @call)
(comment) @comment
"""
_OPERATION = re.compile(
    r"^(?:create|add|remove|change|rename|drop|enable|disable)_(?:\w+_)?"
    r"(?:tables?|columns?|ind(?:ex|exes|ices)|references?|belongs_to|timestamps|foreign_key|constraint|null|default"
    r"|comment|extension|enum\w*|views?|functions?|triggers?|sequence|schema)$"
)
_CONSTANT = re.compile(r"\b[A-Z]\w*(?:::[A-Z]\w*)*")
_MIGRATION = re.compile(r"\bMigration\b")
_WORD = re.compile(r"\w+")
_LITERAL = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|(?<![\w.])\d[\d_.]*|\b(?:true|false|nil)\b")
_ENVIRONMENT = re.compile(r"^\s*return\b.*\bRails\.env\b", re.MULTILINE)
"""What is done in one environment only is a repair by hand."""
_LIVE = re.compile(
    r",\s*:?algorithm(?::|\s*=>)\s*:(?:concurrently|inplace|default)\b|^[^\S\n]*disable_(?:ddl_transaction|statement_timeout)!"
    r"|(?<=\bINDEX)\s+CONCURRENTLY\b|,\s*:?bulk(?::|\s*=>)\s*(?:true|false)\b",
    re.MULTILINE | re.IGNORECASE,
)
"""How an index is built beside the work that goes on, or columns in one statement: they are the same."""
_UNCHECKED = re.compile(r",\s*:?validate(?::|\s*=>)\s*false\b")
_CHECKED = re.compile(r"^[^\S\n]*validate_(?:\w+_)?(?:constraint|foreign_key)\b.*$", re.MULTILINE)
"""The two halves by which a constraint is added first and checked then."""


@dataclass(frozen=True)
class Facts:
    """What is said.

    Attributes:
        code: the way forth, without comments and without classes of the migration's own.
        operations: what is done to the schema, as words.
        stand_ins: names of the migration's own classes.
    """

    code: str
    operations: tuple[str, ...]
    stand_ins: frozenset[str]

    @property
    def loose(self) -> list[str]:
        """All that is done as words, with every constant left open."""
        return _WORD.findall(_CONSTANT.sub("…", self.code))


def facts(path: str, source: str) -> Facts | None:
    """Return what a migration in Ruby says; None when it cannot be parsed."""
    tree = parsed(path, source)
    if tree is None:
        return None
    gone, names = _passed_over(path, tree)
    calls = [node.parent for name, node in found(path, tree, _QUERY) if name == "call" and node.parent is not None]
    kept = [call for call in calls if not any(way.start_byte <= call.start_byte < way.end_byte for way in gone)]
    operations = [text_of(call) for call in kept if _is_operation(call)]
    code = source.encode("utf-8", "replace")
    for way in sorted(gone, key=lambda node: -node.start_byte):
        code = code[: way.start_byte] + b" " + code[way.end_byte :]
    forth = code.decode("utf-8", "replace")
    in_halves = _CHECKED.search(forth) is not None
    words = tuple(" ".join(_WORD.findall(_outcome(one, in_halves=in_halves))) for one in operations)
    return Facts(_outcome(forth, in_halves=in_halves), words, frozenset(names))


def _outcome(code: str, *, in_halves: bool) -> str:
    """Return code without what says how it runs; constraints may be added first and checked then."""
    left = _LIVE.sub("", code)
    return _CHECKED.sub("", _UNCHECKED.sub("", left)) if in_halves else left


def changed(before: Facts, after: Facts) -> str:
    """Return what an edit changed: `schema`, `content` or nothing.

    Passed over are other names for the same code, classes of the migration's own that stand in for the program's, and
    edits of rows that write the same texts and numbers, or are meant for one environment.
    """
    if before.loose == after.loose:
        return ""
    if before.operations != after.operations:
        return "schema"
    same = after.stand_ins - before.stand_ins or _written(before) == _written(after)
    return "" if same or _ENVIRONMENT.search(after.code) else "content"


def _written(facts: Facts) -> list[str]:
    return sorted(_LITERAL.findall(facts.code))


def _is_operation(call: Node) -> bool:
    name = call.child_by_field_name("method")
    method = text_of(name) if name else ""
    if method in {"execute", "exec_query"}:
        return DEFINES.search(text_of(call)) is not None
    return _OPERATION.match(method) is not None


def _passed_over(path: str, tree: Tree) -> tuple[list[Node], list[str]]:
    """Return what says nothing about the way forth, the outermost of it, and the names of the classes in it."""
    gone: list[Node] = []
    names: list[str] = []
    for name, node in found(path, tree, _QUERY):
        whole = node if name == "comment" else node.parent
        if whole is None or name == "call" or any(one.start_byte <= whole.start_byte < one.end_byte for one in gone):
            continue
        if name == "class" and _is_own_class(whole):
            names.append(text_of(node))
            gone.append(whole)
        if name == "comment" or (name == "method" and text_of(node) == "down"):
            gone.append(whole)
    return gone, names


def _is_own_class(whole: Node) -> bool:
    base = whole.child_by_field_name("superclass")
    return base is None or _MIGRATION.search(text_of(base)) is None
