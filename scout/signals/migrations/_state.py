"""What Django's migrations say the models are: operations replayed, without running anything."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from scout.signals.migrations._django import migration_class
from scout.signals.migrations._graph import Chain, Migration
from scout.signals.migrations._python import argument, assigned, constants, dotted, elements, parsed, text_of

_NEUTRAL = frozenset(
    [
        "AlterModelOptions",
        "AlterModelManagers",
        "AlterModelTable",
        "AlterModelTableComment",
        "AlterUniqueTogether",
        "AlterIndexTogether",
        "AlterOrderWithRespectTo",
        "AddIndex",
        "RemoveIndex",
        "RenameIndex",
        "AddConstraint",
        "RemoveConstraint",
        "AlterConstraint",
        "ValidateConstraint",
        "AddConstraintNotValid",
        "RunPython",
        "AlterField",
        "AddTrigger",
        "RemoveTrigger",
    ]
)
_OF_STATE = re.compile(r"Field|Model|Column|Table|Add|Create|Delete|Remove|Rename|Alter|Translat|State|^[a-z]")
_NEUTRAL_ENDS = ("Extension", "Concurrently", "Collation")


@dataclass
class ModelState:
    """A model as migrations left it.

    Attributes:
        name: as it was created.
        fields: names of its fields, each with the class of its type (last part of its name).
        path: the migration that created it.
        line: on which it did.
        text: that line.
        is_table: whether Django keeps its table: it is no proxy and not unmanaged.
        sure: whether all its fields could be read.
    """

    name: str
    fields: dict[str, str]
    path: str
    line: int
    text: str
    is_table: bool = True
    sure: bool = True


@dataclass
class State:
    """All models of one app.

    Attributes:
        models: by name in lower case.
        types: classes of fields that occurred, by the last part of their names.
        opaque: why it cannot be told what the models are; empty when it can.
    """

    models: dict[str, ModelState] = field(default_factory=dict[str, ModelState])
    types: set[str] = field(default_factory=set[str])
    opaque: str = ""


def replayed(chain: Chain, read: Callable[[str], str | None]) -> State:
    """Return the state after all migrations of a chain; `read` gives the text of a file."""
    state = State()
    if chain.opaque or len(chain.heads) != 1 or chain.orphans:
        state.opaque = "the graph of its migrations cannot be told"
        return state
    for migration in _in_order(chain):
        source = read(migration.path)
        module = parsed(source) if source is not None else None
        found = migration_class(module) if module is not None else None
        if source is None or module is None or found is None:
            state.opaque = f"`{migration.path}` cannot be read"
            return state
        _Replay(state, migration, module, source).run(found)
    return state


def _in_order(chain: Chain) -> Iterator[Migration]:
    done: set[str] = set()
    waiting = [one.name for one in chain.heads]
    while waiting:
        name = waiting[-1]
        missing = sorted(chain.edges.get(name, frozenset()) - done)
        if missing and name not in done:
            waiting += missing
            continue
        waiting.pop()
        if name not in done:
            done.add(name)
            yield chain.by_name[name]


class _Replay:
    def __init__(self, state: State, migration: Migration, module: ast.Module, source: str) -> None:
        self._state = state
        self._path = migration.path
        self._known = constants(module)
        self._lines = source.split("\n")

    def run(self, found: ast.ClassDef) -> None:
        """Apply the operations of a migration."""
        dynamic = any(isinstance(one, (ast.AugAssign, ast.For)) for one in found.body)
        hidden = any(
            isinstance(node, ast.Name) and node.id == "operations"
            for one in found.body
            if isinstance(one, (ast.If, ast.Try, ast.With))
            for node in ast.walk(one)
        )
        inner = ast.Module(found.body, [])
        self._known = {
            **self._known,
            **{name: value for name, value in constants(inner).items() if name != "operations"},
        }
        stated = assigned(found.body, "operations")
        if stated is None and not dynamic and not hidden:
            return
        if dynamic or hidden:
            self._give_up("operations are chosen by code")
        else:
            self._all(stated)

    def _all(self, stated: ast.expr | None) -> None:
        operations = elements(stated, self._known)
        if operations is None:
            self._give_up("operations are computed")
        for operation in operations or []:
            if isinstance(operation, ast.Call):
                self._one(operation)
            else:
                self._give_up("an operation is computed")

    def _one(self, call: ast.Call) -> None:
        name = dotted(call.func).rpartition(".")[2]
        match name:
            case "CreateModel":
                self._create(call)
            case "DeleteModel":
                self._state.models.pop(self._lower(argument(call, "name", 0)), None)
            case "RenameModel":
                self._rename_model(call)
            case "AddField" | "AlterField":
                self._set_field(call, adds=name == "AddField")
            case "RemoveField":
                self._fields(call).pop(text_of(argument(call, "name", 1)) or "", None)
            case "RenameField":
                self._rename_field(call)
            case "SeparateDatabaseAndState" | "RunSQL":
                inner = argument(call, "state_operations", 1 if name != "RunSQL" else 2)
                if inner is not None:
                    self._all(inner)
            case _ if name in _NEUTRAL or name.endswith(_NEUTRAL_ENDS) or (name and not _OF_STATE.search(name)):
                return
            case _:
                self._give_up(f"the operation `{name}` is not known")

    def _create(self, call: ast.Call) -> None:
        name = text_of(argument(call, "name", 0))
        if name is None:
            self._give_up("a model's name is computed")
            return
        fields = elements(argument(call, "fields", 1), self._known)
        pairs = [elements(one, self._known) or [] for one in fields or []]
        named = {text_of(pair[0]) or "": self._type(pair[1]) for pair in pairs if len(pair) == 2}  # noqa: PLR2004 pairs
        sure = fields is not None and len(named) == len(pairs) and "" not in named
        options = argument(call, "options", 2)
        bases = argument(call, "bases", 3)
        self._state.models[name.lower()] = ModelState(
            name,
            named,
            self._path,
            call.lineno,
            self._lines[call.lineno - 1],
            _is_table(options),
            sure and _are_plain(bases),
        )

    def _set_field(self, call: ast.Call, *, adds: bool) -> None:
        kind = self._type(argument(call, "field", 2))
        name = text_of(argument(call, "name", 1))
        if adds and name:
            self._fields(call)[name] = kind
        elif adds:
            self._give_up("a field's name is computed")

    def _rename_model(self, call: ast.Call) -> None:
        old, new = self._lower(argument(call, "old_name", 0)), text_of(argument(call, "new_name", 1)) or ""
        model = self._state.models.pop(old, None)
        if model is not None and new:
            model.name = new
            self._state.models[new.lower()] = model

    def _rename_field(self, call: ast.Call) -> None:
        fields, old = self._fields(call), text_of(argument(call, "old_name", 1)) or ""
        fields[text_of(argument(call, "new_name", 2)) or ""] = fields.pop(old, "")

    def _fields(self, call: ast.Call) -> dict[str, str]:
        model = self._state.models.get(self._lower(argument(call, "model_name", 0)))
        if model is None:
            self._give_up("an operation is about a model that no migration created")
            return {}
        return model.fields

    def _type(self, node: ast.expr | None) -> str:
        kind = dotted(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
        if kind:
            self._state.types.add(kind)
        return kind

    def _lower(self, node: ast.expr | None) -> str:
        return (text_of(node) or "").lower()

    def _give_up(self, why: str) -> None:
        self._state.opaque = self._state.opaque or f"{why} in `{self._path}`"


def _is_table(options: ast.expr | None) -> bool:
    stated = _options(options)
    managed, proxy = stated.get("managed"), stated.get("proxy")
    unmanaged = isinstance(managed, ast.Constant) and managed.value is False
    return not unmanaged and not (isinstance(proxy, ast.Constant) and proxy.value is True)


def _options(node: ast.expr | None) -> Mapping[str, ast.expr]:
    if not isinstance(node, ast.Dict):
        return {}
    return {text_of(key) or "": value for key, value in zip(node.keys, node.values, strict=True) if key is not None}


def _are_plain(bases: ast.expr | None) -> bool:
    """Say whether the stated bases can be read: models, or mixins that Django left in."""
    return bases is None or elements(bases) is not None
