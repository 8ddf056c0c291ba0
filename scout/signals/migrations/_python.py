"""Python source read as values, as far as they are written out."""

import ast
import re
import warnings
from collections.abc import Iterator, Mapping

_BARE_EXCEPT = re.compile(r"^([^\S\n]*except)\s+([\w.]+(?:\s*,\s*[\w.]+)+)\s*:", re.MULTILINE)


def parsed(source: str) -> ast.Module | None:
    """Return the syntax tree, or None for Python 2 and broken files.

    `except A, B:` is read as Python 3.14 does, whatever version this runs on.
    """
    return _tree(source) or (_tree(_BARE_EXCEPT.sub(r"\1 (\2):", source)) if _BARE_EXCEPT.search(source) else None)


def _tree(source: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def assigned(body: list[ast.stmt], name: str) -> ast.expr | None:
    """Return what a name is set to, last, directly in a body."""
    found: ast.expr | None = None
    for statement in body:
        if (isinstance(statement, ast.Assign) and any(_is_name(target, name) for target in statement.targets)) or (
            isinstance(statement, ast.AnnAssign) and _is_name(statement.target, name)
        ):
            found = statement.value
    return found


def constants(module: ast.Module) -> Mapping[str, ast.expr]:
    """Return what the names of a module are set to at its top level."""
    found: dict[str, ast.expr] = {}
    for statement in module.body:
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            if isinstance(target, ast.Name):
                found[target.id] = statement.value
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
            found[statement.target.id] = statement.value
    return found


def dotted(node: ast.AST | None) -> str:
    """Return `a.b.c` of a name or an attribute of a name; empty for all else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = dotted(node.value)
        return f"{head}.{node.attr}" if head else ""
    return ""


def text_of(node: ast.AST | None) -> str | None:
    """Return the text that is written out, or None."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def elements(node: ast.expr | None, known: Mapping[str, ast.expr] | None = None) -> list[ast.expr] | None:
    """Return the elements of a list, tuple or set, of their sum, or of a name for them; None when they are computed."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        found: list[ast.expr] = []
        for one in node.elts:
            inner = elements(one.value, known) if isinstance(one, ast.Starred) else [one]
            if inner is None:
                return None
            found += inner
        return found
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = elements(node.left, known), elements(node.right, known)
        return None if left is None or right is None else left + right
    if isinstance(node, ast.Name) and known and node.id in known:
        rest = {name: value for name, value in known.items() if name != node.id}
        return elements(known[node.id], rest)
    return None


def argument(call: ast.Call, name: str, at: int) -> ast.expr | None:
    """Return an argument of a call, by its name or its place."""
    found = next((one.value for one in call.keywords if one.arg == name), None)
    if found is not None:
        return found
    return call.args[at] if at < len(call.args) and not isinstance(call.args[at], ast.Starred) else None


def classes(body: list[ast.stmt]) -> Iterator[ast.ClassDef]:
    """Give the classes that are defined directly in a body."""
    yield from (one for one in body if isinstance(one, ast.ClassDef))


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
