"""Functions and classes of a file with their lines of code, by syntax tree."""

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from scout.text.comments import comments
from scout.text.syntax import found, language_of, parsed

_FUNCTIONS = {
    "python": frozenset({"function_definition"}),
    "ruby": frozenset({"method", "singleton_method"}),
    "go": frozenset({"function_declaration", "method_declaration"}),
    "script": frozenset({"function_declaration", "generator_function_declaration", "method_definition"}),
}
_CLASSES = {
    "python": frozenset({"class_definition"}),
    "ruby": frozenset({"class", "module"}),
    "go": frozenset[str](),
    "script": frozenset({"class_declaration"}),
}
_VALUES = frozenset({"arrow_function", "function_expression", "function"})


@dataclass(frozen=True, slots=True)
class Unit:
    """A function or a class.

    Attributes:
        name: with the class it stands in.
        line: its first, counted from 1.
        code: lines that hold something else than comments and docstrings.
        is_class: whether it is a class or module.
        literal: the share of its lines in lists, tables and texts written out.
    """

    name: str
    line: int
    code: int
    is_class: bool
    literal: float


def spans(path: str, text: str, rows: int) -> bool:
    """Say whether some function or class of a file has more than so many lines, of whatever kind: a cheap question."""
    tree, language = parsed(path, text), language_of(path)
    if tree is None:
        return False
    kind = language if language in _FUNCTIONS else "script"
    types = sorted(
        _FUNCTIONS[kind] | _CLASSES[kind] | (_VALUES - {"function"} if kind == "script" else frozenset[str]())
    )
    query = f"[{' '.join(f'({one})' for one in types)}] @unit"
    return any(node.end_point.row - node.start_point.row >= rows for _, node in found(path, tree, query))


def code_lines(path: str, text: str) -> tuple[int, ...] | None:
    """Return the lines, counted from 1, that hold code; None where the syntax is not known here, or is wrong."""
    tree = parsed(path, text)
    if tree is None:
        return None
    rows = text.replace("\r\n", "\n").split("\n")
    told = {comment.line + at for comment in comments(path, text) if comment.alone for at in range(len(comment.lines))}
    told.update(_docstrings(tree.root_node))
    return tuple(number for number, row in enumerate(rows, start=1) if row.strip() and number not in told)


def units(path: str, text: str) -> tuple[Unit, ...]:
    """Return the named functions and classes of a file that stand in no other function, in their order."""
    tree, lines = parsed(path, text), code_lines(path, text)
    if tree is None or lines is None:
        return ()
    language = language_of(path)
    return tuple(_units(tree.root_node, language if language in _FUNCTIONS else "script", frozenset(lines), ""))


def _units(node: Node, language: str, lines: frozenset[int], within: str) -> Iterator[Unit]:
    for child in node.named_children:
        name = _name(child, language)
        if not name:
            yield from _units(child, language, lines, within)
            continue
        whole = f"{within}.{name}" if within else name
        is_class = child.type in _CLASSES[language]
        code = _count(child, lines)
        yield Unit(whole, child.start_point.row + 1, code, is_class, _literal(child, lines) / max(code, 1))
        if is_class:
            yield from _units(child, language, lines, whole)


def _name(node: Node, language: str) -> str:
    """Return the name of a function or class; nothing for everything else."""
    if node.type in _FUNCTIONS[language] or node.type in _CLASSES[language]:
        named = node.child_by_field_name("name")
    elif language == "script" and node.type == "variable_declarator":
        value = node.child_by_field_name("value")
        named = node.child_by_field_name("name") if value is not None and value.type in _VALUES else None
    else:
        return ""
    return (named.text or b"").decode("utf-8", "replace") if named is not None else ""


def _count(node: Node, lines: frozenset[int]) -> int:
    return sum(1 for number in range(node.start_point.row + 1, node.end_point.row + 2) if number in lines)


def _literal(node: Node, lines: frozenset[int]) -> int:
    """Return how many lines of a node are in tables, lists and texts of more than a few lines."""
    if node.type in _WRITTEN_OUT and node.end_point.row - node.start_point.row >= _A_FEW:
        return _count(node, lines)
    return sum(_literal(child, lines) for child in node.named_children)


_A_FEW = 8
_WRITTEN_OUT = frozenset(
    {
        *("dictionary", "list", "tuple", "set", "string", "hash", "array", "heredoc_body", "object", "template_string"),
        *("jsx_element", "jsx_self_closing_element", "composite_literal", "raw_string_literal"),
    }
)


def _docstrings(node: Node) -> Iterator[int]:
    """Give the lines of texts that stand as statements of their own."""
    if node.type == "expression_statement" and [child.type for child in node.named_children] == ["string"]:
        yield from range(node.start_point.row + 1, node.end_point.row + 2)
        return
    for child in node.named_children:
        if child.end_point.row > child.start_point.row:
            yield from _docstrings(child)
