"""Python migrations bared of what says nothing to the database."""

import ast
import re
from collections.abc import Mapping

from scout.signals.migrations._python import dotted, elements

_OF_STATE = frozenset(
    [
        "verbose_name",
        "verbose_name_plural",
        "help_text",
        "related_name",
        "related_query_name",
        "validators",
        "choices",
        "blank",
        "editable",
        "upload_to",
        "storage",
        "limit_choices_to",
        "error_messages",
        "on_delete",
        "managers",
        "bases",
        "serialize",
        "elidable",
        "hints",
        "strict",
        "stacklevel",
        "use_json_field",
        "block_lookup",
        "swappable",
        "comment",
    ]
)
"""Arguments that say something to the program and nothing to the database, or that linters ask for."""
_FRAMEWORK = frozenset(
    {"batch_op", "models", "migrations", "sa", "op", "postgresql", "mysql", "django", "sqlalchemy", "alembic"}
)
_RELATIONS = frozenset(["dependencies", "replaces", "run_before", "initial", "atomic"])
_HEADER = frozenset(["revision", "down_revision", "branch_labels", "depends_on", "create_date"])
_OF_MODEL = frozenset(
    [
        "abstract",
        "base_manager_name",
        "default_manager_name",
        "default_permissions",
        "get_latest_by",
        "ordering",
        "permissions",
        "verbose_name",
        "verbose_name_plural",
    ]
)
"""Options of a Django model that no table knows; permissions are made from the newest state, whichever it was."""
_BACKWARDS = frozenset({"reverse_code", "reverse_sql"})
_BESIDE = frozenset({"postgresql_concurrently", "mysql_algorithm", "mysql_lock"})
"""Arguments that say how an index is built beside the work that goes on: it is the same index."""
_LIVE = re.compile(r"(?<=\bINDEX)\s+CONCURRENTLY\b", re.IGNORECASE)
_TIMEOUT = re.compile(r"\s*SET\s+(?:LOCAL\s+|SESSION\s+)?\w*timeout\b", re.IGNORECASE)
LONG_NAME = re.compile(r"\b(?=[A-Za-z]+_)\w{64,}\b")
"""A name that is longer than a database keeps it."""
_LONGEST_NAME = 63
_BATCH = re.compile(r"batch|chunk|page_size|sleep|timeout|limit", re.IGNORECASE)
_TELLS = re.compile(r"(?:^|\.)(?:print|stdout\.(?:write|flush)|(?:log|logger|logging|_logger)\.\w+)$")
_READING = frozenset(["only", "defer", "select_related", "prefetch_related", "iterator", "order_by", "save"])
"""Methods whose arguments say how rows are read, or which columns are sent, not what is written."""
_ASKS = re.compile(r"has_(?:table|column|index)|inspect|get_columns|table_names|get_indexes")
_OF_COLUMN = frozenset(
    [
        "null",
        "default",
        "max_length",
        "to",
        "db_index",
        "unique",
        "primary_key",
        "db_column",
        "max_digits",
        "decimal_places",
        "model_name",
        "name",
        "field",
        "fields",
        "options",
    ]
)
_RENAMED = {"check": "condition"}


class Bare(ast.NodeTransformer):
    """Takes out what says nothing to the database, or only on the way back."""

    def __init__(self, known: Mapping[str, ast.expr]) -> None:
        self._known = known

    def visit_Import(self, node: ast.Import) -> None:  # noqa: ARG002 a visitor's signature
        return None

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:  # noqa: ARG002 a visitor's signature
        return None

    def visit_Pass(self, node: ast.Pass) -> None:  # noqa: ARG002 a visitor's signature
        return None

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        says_nothing = isinstance(node.value, ast.Constant) or _sets_timeout(node.value) or _tells(node.value)
        return None if says_nothing else self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST | None:
        """Leave out an early return, and what only tells: what is skipped for some is the same for all others."""
        skips = len(node.body) == 1 and isinstance(node.body[0], ast.Return) and node.body[0].value is None
        asks = _ASKS.search(ast.unparse(node.test)) is not None
        if (skips and not asks and not node.orelse) or all(_only_tells(one) for one in (*node.body, *node.orelse)):
            return None
        if all(map(_only_tells, node.orelse)):
            node.orelse = []
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        node.kind = None
        if isinstance(node.value, str):
            node.value = LONG_NAME.sub(kept_name, " ".join(_LIVE.sub(" ", node.value).split()))
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST | None:
        if node.name == "downgrade":
            return None
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return self.visit(ast.copy_location(ast.Assign([node.target], node.value), node))

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        passed = names & (_RELATIONS | _HEADER) or any(_BATCH.search(name) for name in names)
        return None if passed else self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> ast.AST | None:
        if node.arg in _OF_STATE | _BACKWARDS | _BESIDE or _BATCH.search(node.arg or ""):
            return None
        if node.arg == "options" and isinstance(node.value, ast.Dict) and not _keep(node.value, _OF_MODEL | _OF_STATE):
            return None
        node.arg = _RENAMED.get(node.arg or "", node.arg)
        return self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        _keep(node, _OF_STATE)
        return self.generic_visit(node)

    def visit_Set(self, node: ast.Set) -> ast.AST:
        return self.generic_visit(ast.copy_location(ast.Tuple(node.elts, ast.Load()), node))

    def visit_List(self, node: ast.List) -> ast.AST:
        return self.generic_visit(ast.copy_location(ast.Tuple(node.elts, ast.Load()), node))

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = dotted(node.func).rpartition(".")[2]
        if name == "StreamField":
            node.args = []
        if name in {"RunPython", "RunSQL"}:
            node.args = node.args[:1]
        if name.endswith("IndexConcurrently"):
            plain = ast.Attribute(ast.Name("migrations", ast.Load()), name.removesuffix("Concurrently"), ast.Load())
            node.func = ast.copy_location(plain, node.func)
        _leave_way(node)
        if name in {"Enum", "ENUM"}:
            node = self._enumeration(node)
        if name.endswith("Field") and _root(node.func) not in _FRAMEWORK:
            node.keywords = [one for one in node.keywords if one.arg in _OF_COLUMN]
        if (
            (name in {"set", "list", "tuple", "dedent"} or dotted(node.func) == "op.f")
            and len(node.args) == 1
            and not node.keywords
        ):
            return self.visit(node.args[0])
        self.generic_visit(node)
        node.keywords = sorted(node.keywords, key=lambda one: one.arg or "")
        return node

    def _enumeration(self, node: ast.Call) -> ast.Call:
        """Return a type of named values in one form, whichever class made it and whoever creates it."""
        values = elements(ast.List(node.args, ast.Load()), self._known)
        named = [one for one in node.keywords if one.arg == "name"]
        made = ast.Call(ast.Name("Enum", ast.Load()), node.args if values is None else values, named)
        return ast.copy_location(made, node)


class Open(ast.NodeTransformer):
    """Leaves open what is named: classes of fields, functions, and what is computed from them."""

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.copy_location(ast.Name("…", ast.Load()), node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return ast.Name("…", ast.Load()) if _root(node) != "migrations" else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if _root(node.func) not in _FRAMEWORK:
            node.keywords = [one for one in node.keywords if one.arg in _OF_COLUMN]
        self.generic_visit(node)
        return node


def kept_name(found: re.Match[str]) -> str:
    """Return a name as PostgreSQL keeps it: its first 63 bytes (manual, 'Identifiers and Key Words')."""
    return found.group().encode()[:_LONGEST_NAME].decode(errors="ignore")


def _keep(node: ast.Dict, without: frozenset[str]) -> bool:
    """Take some keys out of a dictionary that is written out; say whether anything is left."""
    pairs = [
        (key, value)
        for key, value in zip(node.keys, node.values, strict=True)
        if not (isinstance(key, ast.Constant) and key.value in without)
    ]
    node.keys, node.values = [key for key, _ in pairs], [value for _, value in pairs]
    return bool(pairs)


def _sets_timeout(node: ast.expr) -> bool:
    texts = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return isinstance(node, ast.Call) and bool(texts) and all(_TIMEOUT.match(text) for text in texts)


def _leave_way(node: ast.Call) -> None:
    """Take out of a call which columns are read or sent, and in which order: rows get what was assigned before."""
    method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    if method == "bulk_update":
        node.args, node.keywords = node.args[:1], []
    if method in _READING:
        node.args, node.keywords = [], []


def _tells(node: ast.expr) -> bool:
    """Say whether an expression only writes to the screen or the log."""
    return isinstance(node, ast.Call) and _TELLS.search(dotted(node.func)) is not None


def _only_tells(node: ast.stmt) -> bool:
    """Say whether a statement only writes to the screen or the log, in each of its branches."""
    if isinstance(node, ast.If):
        return all(map(_only_tells, (*node.body, *node.orelse)))
    return isinstance(node, ast.Expr) and _tells(node.value)


def _root(node: ast.AST) -> str:
    return dotted(node).partition(".")[0]
