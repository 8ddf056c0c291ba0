"""Mutants of a scout's modules: the same text with one condition changed."""

import ast
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class Mutant(NamedTuple):
    """One module with one condition changed.

    Attributes:
        inner: the condition stands in a function; else it is asked when the module is imported.
    """

    module: str
    line: int
    what: str
    tree: ast.Module
    inner: bool


def helpers(module: str) -> tuple[str, ...]:
    """Return the private modules beside a scout that it uses, directly or through another one."""
    theme = module.rpartition(".")[0]
    found: dict[str, None] = {}
    waiting = [module]
    while waiting:
        for node in ast.walk(ast.parse(source(waiting.pop()))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if names and names[0] == theme and isinstance(node, ast.ImportFrom):
                names = [f"{theme}.{alias.name}" for alias in node.names]
            for name in names:
                if name.startswith(f"{theme}._") and name not in found:
                    found[name] = None
                    waiting.append(name)
    return tuple(found)


def source(module: str) -> str:
    """Return the text of a module."""
    return Path(importlib.import_module(module).__file__ or "").read_text(encoding="utf-8")


def mutants(module: str) -> Iterator[Mutant]:
    """Give every mutant of a scout's module and of its helpers."""
    for name in (module, *helpers(module)):
        text = source(name)
        for at in range(len(list(places(ast.parse(text))))):
            tree = ast.parse(text)
            place = list(places(tree))[at]
            line, inner, what = place.line, place.inner, place.change()
            yield Mutant(name, line, what, ast.fix_missing_locations(tree), inner)


@dataclass(frozen=True)
class Place:
    """One condition in a syntax tree, which can be changed there.

    Attributes:
        node: what holds it.
        at: which of several it is; -1 for the only one.
        inner: it stands in a function.
    """

    node: ast.If | ast.IfExp | ast.comprehension | ast.BoolOp
    at: int
    inner: bool

    @property
    def line(self) -> int:
        """The line of the condition."""
        return self._condition.lineno

    def change(self) -> str:
        """Change the condition, and return in words how."""
        condition = self._condition
        text = ast.unparse(condition)
        match self.node:
            case ast.If() | ast.IfExp():
                self.node.test = ast.UnaryOp(ast.Not(), condition)
                return f"not ({text})"
            case ast.comprehension():
                self.node.ifs[self.at] = ast.Constant(value=True)
                return f"all, not only those with {text}"
            case ast.BoolOp():
                neutral = isinstance(self.node.op, ast.And)
                self.node.values[self.at] = ast.Constant(value=neutral)
                return f"without {text}"

    @property
    def _condition(self) -> ast.expr:
        match self.node:
            case ast.If() | ast.IfExp():
                return self.node.test
            case ast.comprehension():
                return self.node.ifs[self.at]
            case ast.BoolOp():
                return self.node.values[self.at]


def places(tree: ast.Module) -> Iterator[Place]:
    """Give the conditions of a module; wording in stories and defaults (`text or ""`) are none."""
    told_in = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and ast.unparse(node.returns or ast.Constant("")) in {"Story", "str"}
        for inner in ast.walk(node)
    }
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)]
    inner = {id(inner) for node in functions for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in told_in:
            continue
        within = id(node) in inner
        if isinstance(node, ast.If | ast.IfExp):
            yield Place(node, -1, within)
        elif isinstance(node, ast.comprehension):
            yield from (Place(node, at, within) for at in range(len(node.ifs)))
        elif isinstance(node, ast.BoolOp) and not any(isinstance(one, ast.Constant) for one in node.values):
            yield from (Place(node, at, within) for at in range(len(node.values)))
