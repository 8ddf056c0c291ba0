"""Python modules of a tree: which file an import means, and what it defines."""

import ast
from dataclasses import dataclass
from functools import cached_property

from scout.repository import Tree
from scout.signals.migrations._python import parsed

_MOST_STEPS = 8


@dataclass(frozen=True)
class Module:
    """One module.

    Attributes:
        lines: its source.
    """

    path: str
    tree: ast.Module
    lines: tuple[str, ...]

    @cached_property
    def statements(self) -> list[ast.stmt]:
        """Its statements, those under conditions at the top level among them."""
        return _flat(self.tree.body)

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        """The classes that it defines at the top level, by name."""
        return {one.name: one for one in self.statements if isinstance(one, ast.ClassDef)}

    @cached_property
    def imports(self) -> dict[str, tuple[str, str, int]]:
        """What names mean: module, name in it (empty for the module itself), level of a relative import."""
        found: dict[str, tuple[str, str, int]] = {}
        for one in self.statements:
            if isinstance(one, ast.ImportFrom):
                for name in one.names:
                    found[name.asname or name.name] = (one.module or "", name.name, one.level)
            elif isinstance(one, ast.Import):
                for name in one.names:
                    bound = name.asname or name.name.partition(".")[0]
                    found[bound] = (name.name if name.asname else bound, "", 0)
        return found

    @cached_property
    def stars(self) -> list[tuple[str, int]]:
        """The modules whose names it takes all: module and level."""
        said = [one for one in self.statements if isinstance(one, ast.ImportFrom)]
        return [(one.module or "", one.level) for one in said if any(name.name == "*" for name in one.names)]


class Modules:
    """The modules of a tree, parsed when they are asked for."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._kept: dict[str, Module | None] = {}

    def at(self, path: str) -> Module | None:
        """Return the module in a file; None when it is missing, unreadable or broken."""
        if path not in self._kept:
            text = self._tree.text(path) if path in self._tree.files else None
            tree = parsed(text) if text is not None else None
            self._kept[path] = Module(path, tree, tuple((text or "").split("\n"))) if tree is not None else None
        return self._kept[path]

    def meant(self, module: str, level: int, path: str) -> str | None:
        """Return the file that an import in `path` means, or None when it is not in the tree."""
        tail = module.replace(".", "/")
        folder = path.rpartition("/")[0]
        if level:
            for _ in range(level - 1):
                folder = folder.rpartition("/")[0]
            return self._file(f"{folder}/{tail}".strip("/"))
        while True:
            found = self._file(f"{folder}/{tail}".strip("/"))
            if found or not folder:
                return found
            folder = folder.rpartition("/")[0]

    def class_of(self, name: str, path: str, steps: int = _MOST_STEPS) -> tuple[str, ast.ClassDef] | str | None:
        """Return what a dotted name means in a file: file and class, or the full name of something outside the tree.

        None when it cannot be told.
        """
        module = self.at(path)
        if module is None or not steps:
            return None
        head, _, rest = name.partition(".")
        if not rest and head in module.classes:
            return path, module.classes[head]
        if head in module.imports:
            source, inner, level = module.imports[head]
            return self._imported(source, inner, level, rest, path, steps)
        for source, level in module.stars:
            target = self.meant(source, level, path)
            found = self.class_of(name, target, steps - 1) if target else None
            if found is not None:
                return found
        return None

    def _imported(  # noqa: PLR0913, PLR0917 an import and where it stands
        self, source: str, inner: str, level: int, rest: str, path: str, steps: int
    ) -> tuple[str, ast.ClassDef] | str | None:
        whole = f"{source}.{inner}".strip(".") if inner else source
        as_module = self.meant(whole, level, path) if rest else None
        if as_module:
            *middle, last = rest.split(".")
            deeper = self.meant(".".join([whole, *middle]), level, path) if middle else as_module
            return self.class_of(last, deeper, steps - 1) if deeper else None
        target = self.meant(source, level, path)
        if target is None:
            return None if level else ".".join(part for part in (whole, rest) if part)
        return self.class_of(".".join(part for part in (inner, rest) if part), target, steps - 1)

    def _file(self, stem: str) -> str | None:
        return next((one for one in (f"{stem}.py", f"{stem}/__init__.py") if one in self._tree.files), None)


def _flat(body: list[ast.stmt]) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for one in body:
        found.append(one)
        if isinstance(one, ast.If):
            found += _flat(one.body) + _flat(one.orelse)
        elif isinstance(one, ast.Try):
            found += _flat(one.body) + [inner for handler in one.handlers for inner in _flat(handler.body)]
    return found
