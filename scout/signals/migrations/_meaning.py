"""What a migration does, apart from how it is written: two texts with equal meaning leave the same database."""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from pygments.lexer import Lexer
from pygments.lexers.jvm import JavaLexer, KotlinLexer
from pygments.lexers.ruby import RubyLexer
from pygments.lexers.sql import SqlLexer
from pygments.token import Token

from scout.signals.migrations import _meaning_python as python
from scout.signals.migrations import _meaning_ruby as ruby
from scout.signals.migrations._bare import LONG_NAME, kept_name

_LEXERS: dict[str, type[Lexer]] = {"rb": RubyLexer, "sql": SqlLexer, "java": JavaLexer, "kt": KotlinLexer}
_EMPTY = re.compile(r";(?:\s*;)+")
_WORD = re.compile(r"\w+")
_YEAR = 365
_LIVE = re.compile(r"(?<=\bINDEX)\s+CONCURRENTLY\b", re.IGNORECASE)
_VALUE = re.compile(r"\b(ADD\s+VALUE)\s+IF\s+NOT\s+EXISTS\b", re.IGNORECASE)
"""A value of a type is added outside the transaction: asking for it lets the migration run again."""
_FILLS = re.compile(r"(\bUPDATE\s+\S+\s+SET\s+(\w+)\s*=[^;\"'=]+?\bWHERE\s+\2\s+)(?:=|IS)\s+NULL\b", re.IGNORECASE)
_STYLE = frozenset({"squish", "freeze", "self", "do", "end", "then"})
_RAILS_VERSION = re.compile(r"(ActiveRecord::Migration)\[[\d.]+\]")
_TAKES_AWAY = re.compile(r"(?:remove|drop)_").match
GONE = "`DROP … IF EXISTS`"
"""The guard that leaves the same outcome whether what is dropped was there or not."""
_GUARDS = (
    (
        "gone",
        GONE,
        r"\bdrop\s[\w ]{3,40}?\sif\s+exists\b|\b(?:drop|remove)_\w+[^\n]{0,80}\bif_exists\W{0,6}true",
    ),
    ("exists", "`IF EXISTS` or `IF NOT EXISTS`", r"\bif\s+(?:not\s+)?exists\b|\bif_(?:not_)?exists\b\W{0,6}true"),
    ("asked", "`…_exists?`", r"\b(?:column|table|index|foreign_key|data_source|constraint)_exists\?"),
    ("has", "`has_table` or the like", r"\bhas_(?:table|column|index)\b"),
    ("inspected", "an inspector of the schema", r"\bget_inspector\b|\binspect\s*\(|\bInspector\.from_engine\s*\("),
    (
        "caught",
        "a caught error of the database",
        (
            r"\bexcept\W+(?:\w+\W+){0,3}(?:OperationalError|ProgrammingError|DuplicateTable|DuplicateColumn|UndefinedTable)\b"
            r"|\brescue\s+(?:ActiveRecord::StatementInvalid|PG::\w+)"
        ),
    ),
    ("listed", "a list of tables or columns", r"\bget_(?:table_names|columns)\b|\btable_names\(\)"),
)
_KINDS = {name: words for name, words, _ in _GUARDS}
_GUARD = re.compile("|".join(f"(?P<{name}>{pattern})" for name, _, pattern in _GUARDS), re.IGNORECASE)


@dataclass(frozen=True)
class Meaning:
    """What a migration says.

    Attributes:
        whole: all of it; equal texts mean the same.
        facts: what Python says in detail; None for other languages.
        remarks: texts of comments and docstrings.
        forth: what Ruby says in detail; None for other languages.
    """

    whole: str
    facts: python.Facts | None
    remarks: frozenset[str]
    forth: ruby.Facts | None = None
    _code: str = field(default="", repr=False)

    @cached_property
    def guards(self) -> Counter[str]:
        """Conditions on what is in the database already, each as often as it is asked."""
        return _guards(self.facts.plain if self.facts else self._code)


def meaning(path: str, source: str) -> Meaning | None:
    """Return what a migration says; None when it cannot be read."""
    source = _FILLS.sub(_filled, _VALUE.sub(r"\1", source))
    if path.endswith(".py"):
        facts = python.facts(source)
        if facts is None:
            return None
        return Meaning(facts.whole, facts, facts.remarks)
    lexer = _LEXERS.get(path.rpartition(".")[2].lower())
    if lexer is None:
        return None
    source = source.replace("\r\n", "\n")
    forth = ruby.facts(path, source) if path.endswith(".rb") else None
    _, remarks = _split(lexer(), source)
    code, _ = _split(lexer(), forth.code if forth else _LIVE.sub("", source))
    code = LONG_NAME.sub(kept_name, code)
    words = [word for word in _WORD.findall(_RAILS_VERSION.sub(r"\1", code)) if word not in _STYLE]
    signs = re.findall(r"\w+|[^\w\s\"'`]", _EMPTY.sub(";", code.lower()))
    whole = " ".join(words if path.endswith(".rb") else signs)
    return Meaning(whole, None, remarks, forth, code)


def _filled(found: re.Match[str]) -> str:
    """Return what fills a column in one form, where the column may not be empty from then on: else it had failed."""
    column, rest = re.escape(found.group(2)), found.string[found.end() :]
    required = (
        rf"\b{column}\b[^;)]{{0,160}}?\bnullable\s*=\s*False\b|\b{column}\s+(?:[^;\s]+\s+)?SET\s+NOT\s+NULL\b"
        rf"|\bchange_column_null\b[^\n]*\W{column}\W+false\b"
    )
    return f"{found.group(1)}IS NULL" if re.search(required, rest, re.IGNORECASE) else found.group()


def _guards(code: str) -> Counter[str]:
    return Counter(_KINDS[found.lastgroup or ""] for found in _GUARD.finditer(code))


def _split(lexer: Lexer, source: str) -> tuple[str, frozenset[str]]:
    """Return the code without comments, and the texts of these."""
    tokens = list(lexer.get_tokens(source))
    code = "".join(" " if kind in Token.Comment else value for kind, value in tokens)
    return code, frozenset(" ".join(value.split()) for kind, value in tokens if kind in Token.Comment and value.strip())


def new_guards(before: Meaning, after: Meaning) -> list[str]:
    """Return the guards that are asked more often after an edit, in words, sorted.

    Where a migration only takes away, asking whether it is there leaves the same outcome: `GONE`.
    """
    asked = sorted(after.guards - before.guards)
    takes_away = after.forth is not None and after.forth.operations and all(map(_TAKES_AWAY, after.forth.operations))
    return [GONE] if asked and takes_away else asked


def goes_back(before: Meaning, after: Meaning) -> bool:
    """Say whether an edit changed the way back, and asked nothing there: then the way forth may come again."""
    if before.facts is None or after.facts is None:
        return False
    old, new = before.facts.back, after.facts.back
    return bool(old) and old != new and _guards(new) == _guards(old)


def changed(before: Meaning, after: Meaning, days: int) -> str:
    """Return what an edit changed: `schema` (operations), `content` (what they write), or nothing (empty).

    Passed over are edits that say the same in other words, that put a copy where a reference to code stood that is
    gone, and that empty a migration of data with a remark, or after a year.

    Args:
        before: what the migration said.
        after: what it says now.
        days: the migration's age at the edit.
    """
    if before.whole == after.whole:
        return ""
    if before.facts is None or after.facts is None:
        emptied = _is_subset(before.whole, after.whole) and (days >= _YEAR or bool(after.remarks - before.remarks))
        if emptied:
            return ""
        return ruby.changed(before.forth, after.forth) if before.forth and after.forth else "schema"
    return python.changed(before.facts, after.facts, old=days >= _YEAR)


def _is_subset(before: str, after: str) -> bool:
    """Say whether an edit only took away, down to less than half."""
    old, new = Counter(before.split()), Counter(after.split())
    return not new - old and 2 * new.total() < old.total()
