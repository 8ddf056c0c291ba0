"""Where Django's models and their migrations differ."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from scout.model import Evidence
from scout.repository import File
from scout.signals._base import View
from scout.signals._evidence import at_line
from scout.signals.migrations._all import Migrations
from scout.signals.migrations._graph import Chain, System
from scout.signals.migrations._models import Model, Reader
from scout.signals.migrations._modules import Modules
from scout.signals.migrations._state import ModelState, State, replayed

_ANYTHING = re.compile(rb"\S")
_WORD = re.compile(r"[^\W\d]\w*")
_ADDED_LATER = re.compile(rb"\.(?:add_to_class|contribute_to_class)\(")
_DERIVED = re.compile(r"^Historical|(?:Event|History|Version|Translation|Through|Proxy)$|_")
"""Names that tools give to models which they make from others."""
_ADDED = re.compile(
    r"(\w+)\.add_to_class\(\s*[\"'](\w+)|(\w+)\(.{0,80}?\)\.contribute_to_class\(\s*(\w+)\s*,\s*[\"'](\w+)"
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that models and migrations disagree on.

    Attributes:
        kind: what a migration is missing for.
        model: the model's name.
        field: the field's name; empty for a whole model.
        place: where the models show it (for a deleted model: where the migrations do).
    """

    kind: Literal["new model", "deleted model", "new field", "deleted field"]
    model: str
    field: str
    place: Evidence


@dataclass(frozen=True, slots=True)
class Drift:
    """The differences of one app, and its migrations."""

    chain: Chain
    app: str
    differences: tuple[Difference, ...]


class Drifts:
    """Compares the models of all apps of a view with their migrations."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._tree = view.tree
        self._chains = Migrations.of(view).in_system(System.DJANGO)
        self._modules = Modules(view.tree)

    def all(self) -> Iterator[Drift]:
        """Give the apps whose models and migrations differ, by folder."""
        states = [(chain, replayed(chain, self._text)) for chain in self._chains]
        types = frozenset[str]().union(*(state.types for _, state in states))
        reader = Reader(self._modules, types)
        later = self._added_later() if states else {}
        for chain, state in states:
            app = chain.folder.rpartition("/")[0]
            if state.opaque:
                continue
            paths = list(self._model_files(app))
            models = [model for path in paths for model in reader.models(path)]
            broken = any(self._modules.at(path) is None for path in paths)
            found = tuple(self._differences(chain, state, models, later)) if models else ()
            found = tuple(one for one in found if not (broken and one.kind == "deleted model"))
            if found:
                yield Drift(chain, app, found)

    def _differences(
        self, chain: Chain, state: State, models: list[Model], later: dict[str, set[str]]
    ) -> Iterator[Difference]:
        many = Counter(model.name.lower() for model in models)
        by_name = {model.name.lower(): model for model in models}
        for key, known in sorted(state.models.items()):
            model = by_name.get(key)
            if many[key] > 1 or not known.is_table or not known.sure:
                continue
            if model is None:
                if self._is_gone(known, models):
                    yield Difference("deleted model", known.name, "", at_line(known.path, known.line, known.text))
            elif model.is_table and model.label in {"", chain.label}:
                yield from self._fields(known, model, later.get(model.name, set()))
        for model in models:
            sure = (
                model.declared.is_model and model.declared.whole and model.is_table and model.label in {"", chain.label}
            )
            new = sure and many[model.name.lower()] == 1 and model.name.lower() not in state.models
            if new and model.declared.fields and self._is_loaded(model):
                yield Difference("new model", model.name, "", at_line(model.path, model.line, model.text))

    def _fields(self, known: ModelState, model: Model, later: set[str]) -> Iterator[Difference]:
        declared = model.declared
        for name, (path, line) in sorted(declared.fields.items(), key=lambda one: (one[1], one[0])):
            if name not in known.fields and line:
                yield Difference("new field", model.name, name, self._at(path, line))
        if declared.whole and declared.is_model and "*" not in later:
            for name in sorted(known.fields.keys() - declared.fields.keys() - declared.maybe - later):
                brought = any(name.startswith((f"{one}_", f"_{one}")) for one in declared.prefixes)
                if name not in {"id", "_order"} and not name.endswith("_ptr") and not brought:
                    yield Difference("deleted field", model.name, name, at_line(model.path, model.line, model.text))

    def _model_files(self, app: str) -> list[str]:
        start = f"{app}/" if app else ""
        return [
            path
            for path in self._tree.files
            if path.startswith(start) and re.match(r"models(?:\.py$|/(?:.+/)?[^/]+\.py$)", path[len(start) :])
        ]

    def _is_loaded(self, model: Model) -> bool:
        """Say whether a model's module is loaded for sure: it is `models.py`, or the package's front names it."""
        folder, _, name = model.path.rpartition("/")
        if name in {"models.py", "__init__.py"} and not re.search(r"/models/.+/", f"{model.path}/"):
            return True
        front = self._modules.at(f"{folder}/__init__.py")
        stem = name.removesuffix(".py")
        return (
            front is not None
            and folder.endswith("models")
            and any(
                re.match(rf"\s*from\s+(?:\.|[\w.]+\.){stem}\s+import|\s*from\s+\.\s+import.*\b{stem}\b", line)
                for line in front.lines
            )
        )

    def _is_gone(self, known: ModelState, models: list[Model]) -> bool:
        """Say whether nothing in the repository's code names a model, nor makes it from another one."""
        if _DERIVED.search(known.name) or any(one.name in known.name for one in models):
            return False
        return known.name.lower() not in self._words

    @cached_property
    def _words(self) -> frozenset[str]:
        """All words of the product's Python, in lower case."""
        found: set[str] = set()
        for file in self._tree.search(_ANYTHING, _is_product):
            found.update(_WORD.findall((self._tree.text(file.path) or "").lower()))
        return frozenset(found)

    def _added_later(self) -> dict[str, set[str]]:
        """Return fields that code adds to classes from outside, by the classes' names."""
        found: dict[str, set[str]] = {}
        for file in self._tree.search(_ADDED_LATER, _is_product):
            for one in _ADDED.finditer(self._tree.text(file.path) or ""):
                model, name = one.group(1) or one.group(4), one.group(2) or one.group(5)
                found.setdefault(model, set()).add(name)
        return found

    def _at(self, path: str, line: int) -> Evidence:
        module = self._modules.at(path)
        return at_line(path, line, module.lines[line - 1] if module else "")

    def _text(self, path: str) -> str | None:
        return self._tree.text(path)


def _is_product(file: File) -> bool:
    return file.path.endswith(".py") and "migrations/" not in file.path
