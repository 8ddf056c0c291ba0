"""What a migration in Python does: its operations and its contents, without the words around them."""

import ast
import io
import re
import sys
import tokenize
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from scout.signals.migrations._bare import Bare, Open
from scout.signals.migrations._python import constants, dotted, parsed

_FRAMEWORKS = frozenset(["django", "alembic", "sqlalchemy", "sqlalchemy_utils", "geoalchemy2", "sqlmodel", "flask"])
_DATA_OPERATIONS = ("RunPython", "RunSQL", "execute", "bulk_insert")
_ASIDE = frozenset({"op.get_bind", "op.get_context", "op.f"})
DEFINES = re.compile(
    r"\b(?:create|alter|drop|comment on)\s+(?:or\s+replace\s+|unique\s+|materialized\s+|temp(?:orary)?\s+)*"
    r"(?:table|index|view|function|trigger|type|schema|sequence|extension|constraint|column|domain|rule|policy|procedure)\b",
    re.IGNORECASE,
)
"""Words by which a statement of SQL defines something, not writes rows."""
_LEAST_REMARK = 10
_JSON = re.compile(r"\bdjango\.contrib\.postgres\.fields(?:\.jsonb)?\.JSONField\b")
"""What Django 3.1 moved to `models`: the same column."""


@dataclass(frozen=True)
class Facts:
    """What is said.

    Attributes:
        whole: all that is done, in one text.
        references: what is named of code outside the migration and its framework.
        remarks: texts of comments and docstrings.
    """

    whole: str
    references: frozenset[str]
    remarks: frozenset[str]
    _bare: ast.Module = field(repr=False)
    _back: ast.FunctionDef | None = field(default=None, repr=False)

    @cached_property
    def back(self) -> str:
        """What is done on Alembic's way back as source, without comments; empty when there is none."""
        return ast.unparse(self._back) if self._back is not None else ""

    @cached_property
    def plain(self) -> str:
        """What is done as source, without comments and docstrings."""
        try:
            return ast.unparse(self._bare)
        except (ValueError, RecursionError):
            return ""

    @cached_property
    def operations(self) -> Counter[str]:
        """Each operation on the schema or the data, as often as it is there."""
        return Counter(ast.dump(node) for node in self._found)

    @cached_property
    def loose(self) -> Counter[str]:
        """The operations with everything that is named by reference left open."""
        return Counter(ast.dump(Open().visit(_copy(node))) for node in self._found)

    @cached_property
    def left(self) -> Counter[str]:
        """The operations, with a column of another type in one form: altered, or dropped and added again."""
        every = {ast.dump(node) for node in self._found}
        again = {_dropping(node) for node in self._found} & every
        return Counter(_retyped(node, again) or ast.dump(node) for node in self._found if ast.dump(node) not in again)

    @cached_property
    def contents(self) -> Counter[str]:
        """Texts and numbers outside operations, as often as they are there."""
        inside = {id(inner) for node in self._found for inner in ast.walk(node)}
        slices = [node.slice for node in ast.walk(self._bare) if isinstance(node, ast.Subscript)]
        passed = inside | {id(inner) for node in slices for inner in ast.walk(node)}
        values = [node for node in ast.walk(self._bare) if isinstance(node, ast.Constant) and id(node) not in passed]
        return Counter(repr(node.value) for node in values if _is_content(node.value))

    @cached_property
    def inside(self) -> frozenset[str]:
        """Texts and numbers inside operations."""
        every = [inner for node in self._found for inner in ast.walk(node) if isinstance(inner, ast.Constant)]
        return frozenset(repr(one.value) for one in every)

    @cached_property
    def _found(self) -> list[ast.Call]:
        return [node for node in ast.walk(self._bare) if isinstance(node, ast.Call) and _is_operation(node)]


def facts(source: str) -> Facts | None:
    """Return what a migration in Python says; None when it cannot be parsed."""
    source = _JSON.sub("models.JSONField", source)
    module = parsed(source)
    if module is None:
        return None
    references, remarks = frozenset(_references(module)), frozenset(_remarks(source, module))
    back = next((one for one in module.body if isinstance(one, ast.FunctionDef) and one.name == "downgrade"), None)
    Bare(constants(module)).visit(module)
    bare = ast.fix_missing_locations(module)
    return Facts(ast.dump(bare), references, remarks, bare, back)


def changed(before: Facts, after: Facts, *, old: bool) -> str:
    """Return what an edit changed: `schema`, `content` or nothing; see `_meaning.changed`."""
    replaced = bool(before.references - after.references)
    if before.operations == after.operations or (replaced and before.loose == after.loose):
        return "" if replaced or _same_contents(before, after) else "content"
    if before.left == after.left:
        return ""
    old_ones, new_ones = (before.loose, after.loose) if replaced else (before.operations, after.operations)
    lost, brought = old_ones - new_ones, new_ones - old_ones
    if not lost and all("attr='AlterField'" in one and "id='models'" not in one for one in brought):
        return ""  # a class of the project's own for a field that keeps its column
    explained = bool(after.remarks - before.remarks)
    of_data = all(_is_of_data(one) for one in lost)
    emptied = not brought and ((of_data and (old or explained)) or (not after.operations and explained))
    if emptied:
        return ""
    if of_data and all(_is_of_data(one) for one in brought) and not _defines(before, after, lost + brought):
        return "" if old and not lost else "content"
    return "schema"


def _is_of_data(operation: str) -> bool:
    return any(f"attr='{name}'" in operation for name in _DATA_OPERATIONS)


def _defines(before: Facts, after: Facts, operations: Counter[str]) -> bool:
    """Say whether what was changed of data operations, or of the texts that they use, defines something."""
    texts = [*operations, *(before.contents - after.contents), *(after.contents - before.contents)]
    return any(DEFINES.search(text) for text in texts)


def _same_contents(before: Facts, after: Facts) -> bool:
    """Say whether texts and numbers are the same, wherever they stand: a name may be given to one of an operation.

    What only goes, and a name of the program's comes for it, has become a setting, whose default it is.
    """
    lost, brought = before.contents - after.contents, after.contents - before.contents
    if lost and not brought and after.references - before.references:
        return True
    return lost.keys() <= after.inside and brought.keys() <= before.inside


def _is_content(value: object) -> bool:
    return isinstance(value, (str, int, float, bytes)) and not isinstance(value, bool)


def _is_operation(node: ast.Call) -> bool:
    name = dotted(node.func)
    head, _, last = name.rpartition(".")
    is_class = last[:1].isupper() and (head == "migrations" or head.endswith((".migrations", "operations")))
    return is_class or (head in {"op", "batch_op"} and name not in _ASIDE)


def _dropping(node: ast.Call) -> str:
    """Return the operation that drops the column which an operation of Alembic adds, if it only has a type."""
    match node:
        case ast.Call(ast.Attribute(attr="add_column") as called, [table, ast.Call(_, [column, _], keywords)], []):
            gone = ast.Call(ast.Attribute(called.value, "drop_column", ast.Load()), [table, column], [])
            return ast.dump(gone) if all(map(_is_null, keywords)) else ""
        case _:
            return ""


def _retyped(node: ast.Call, again: set[str]) -> str:
    """Return table, column and type of an operation of Alembic that gives a column another type; else nothing.

    Args:
        node: the operation.
        again: the operations that drop a column which is added again.
    """
    match node:
        case ast.Call(ast.Attribute(attr="alter_column"), [table, column], keywords):
            said = {one.arg: one.value for one in keywords if not _is_known_before(one)}
            kind = said["type_"] if set(said) == {"type_"} else None
        case ast.Call(_, [table, ast.Call(_, [column, kind], _)], []) if _dropping(node) in again:
            pass
        case _:
            return ""
    return "retyped " + " ".join(map(ast.dump, (table, column, kind))) if kind is not None else ""


def _is_known_before(argument: ast.keyword) -> bool:
    return (argument.arg or "").startswith("existing_") or argument.arg == "postgresql_using"


def _is_null(argument: ast.keyword) -> bool:
    return argument.arg == "nullable" and isinstance(argument.value, ast.Constant) and argument.value.value is True


def _references(module: ast.Module) -> Iterable[str]:
    """Give what is named of other code: imports that are neither Python's nor the framework's, commands, settings."""
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom):
            top = (node.module or "").partition(".")[0]
            if node.level or (top not in sys.stdlib_module_names and top not in _FRAMEWORKS):
                yield from (f"{'.' * node.level}{node.module or ''}.{one.name}" for one in node.names)
            elif node.module in {"django.conf", "django.core.management"}:
                yield from (one.name for one in node.names)
        elif isinstance(node, ast.Import):
            tops = [(one.name, one.name.partition(".")[0]) for one in node.names]
            yield from (name for name, top in tops if top not in sys.stdlib_module_names and top not in _FRAMEWORKS)


def _remarks(source: str, module: ast.Module) -> Iterable[str]:
    found: list[str] = []
    try:
        tokens = tokenize.generate_tokens(io.StringIO(source).readline)
        found += [one.string.lstrip("# ") for one in tokens if one.type == tokenize.COMMENT]
    except (tokenize.TokenError, SyntaxError):
        found = []
    expressions = [node.value for node in ast.walk(module) if isinstance(node, ast.Expr)]
    found += [one.value for one in expressions if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return [" ".join(text.split()) for text in found if len(text) >= _LEAST_REMARK]


def _copy(node: ast.Call) -> ast.Call:
    return ast.parse(ast.unparse(node), mode="eval").body  # pyright: ignore[reportReturnType] a call stays one
