"""Django's models as their source declares them."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from scout.signals.migrations._modules import Modules
from scout.signals.migrations._python import assigned, dotted, text_of

MODELS = ("django.db.models.Model", "django.contrib.gis.db.models.Model", "django.db.models.base.Model")
_KNOWN_BASES: dict[str, tuple[str, ...]] = {
    "django.contrib.auth.models.AbstractUser": (
        "password",
        "last_login",
        "is_superuser",
        "groups",
        "user_permissions",
        "username",
        "first_name",
        "last_name",
        "email",
        "is_staff",
        "is_active",
        "date_joined",
    ),
    "django.contrib.auth.models.AbstractBaseUser": ("password", "last_login"),
    "django.contrib.auth.base_user.AbstractBaseUser": ("password", "last_login"),
    "django.contrib.auth.models.PermissionsMixin": ("is_superuser", "groups", "user_permissions"),
    "model_utils.models.TimeStampedModel": ("created", "modified"),
    "rules.contrib.models.RulesModelMixin": (),
    "model_utils.models.UUIDModel": ("id",),
    "model_utils.models.SoftDeletableModel": ("is_removed",),
    "django_extensions.db.models.TimeStampedModel": ("created", "modified"),
}
_METACLASSES = frozenset({"RulesModelBase", "ModelBase", "ABCMeta"})
_NO_FIELDS = frozenset({"GenericForeignKey", "GenericRelation"})
_KEYS = frozenset({"ForeignKey", "ForeignObject", "CompositePrimaryKey"})
_HARMLESS = re.compile(
    r"(?:Manager|QuerySet|Tracker|Records|Descriptor|Enum|Choices|property|Panel|Handler|Interface|Registry|Config|Index"
    r"|Constraint|Q|F|Router|Storage|Validator|Form|Template|Logger|Signal|Type|Set|Dict|compile|partial|partialmethod"
    r"|lazy|gettext|_|reverse|frozenset|tuple|list|dict|set|str|int|float|range|sorted|classmethod|staticmethod"
    r"|timedelta|Decimal|namedtuple|as_manager|from_queryset|getattr|object|join|format|keys|values|split)$"
)
_DECORATORS = re.compile(
    r"(?:register|track|final|total_ordering|compatible|receiver|snippet\w*|deprecated|override|deconstructible|dataclass"
    r"|cleanup\w*|audit\w*|history\w*|Trigger)$"
)


@dataclass
class Declared:
    """What a class declares, with what it takes from abstract ancestors.

    Attributes:
        fields: names of fields that are certain, with file and line.
        maybe: names that may be fields.
        prefixes: names of fields of foreign types, which may bring further fields that begin with them.
        whole: whether there can be no other fields.
        is_model: whether it is a model; None when that cannot be told.
    """

    fields: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    maybe: set[str] = field(default_factory=set[str])
    prefixes: set[str] = field(default_factory=set[str])
    whole: bool = True
    is_model: bool | None = False


@dataclass(frozen=True)
class Model:
    """A class of an app's models.

    Attributes:
        is_table: whether it has a table that Django keeps: neither abstract nor proxy nor unmanaged.
        label: the app that it says it belongs to; empty when it says none.
    """

    name: str
    path: str
    line: int
    text: str
    is_table: bool
    label: str
    declared: Declared


class Reader:
    """Reads models.

    Args:
        modules: of the tree.
        types: names of classes that migrations know as types of fields.
    """

    def __init__(self, modules: Modules, types: frozenset[str]) -> None:
        self._modules = modules
        self._types = types
        self._kept: dict[tuple[str, str], Declared] = {}

    def models(self, path: str) -> Iterator[Model]:
        """Give the classes of a file that may be models."""
        module = self._modules.at(path)
        for name, node in (module.classes if module else {}).items():
            meta = next((one for one in node.body if isinstance(one, ast.ClassDef) and one.name == "Meta"), None)
            declared = self.declared(path, node)
            is_table = not any(_is_true(meta, word) for word in ("abstract", "proxy")) and not _is_false(
                meta, "managed"
            )
            label = text_of(assigned(meta.body, "app_label")) if meta else None
            text = module.lines[node.lineno - 1] if module else ""
            yield Model(name, path, node.lineno, text, is_table, label or "", declared)

    def declared(self, path: str, node: ast.ClassDef) -> Declared:
        """Return what a class declares."""
        key = (path, node.name)
        if key not in self._kept:
            self._kept[key] = Declared(whole=False, is_model=None)  # what a cycle sees
            self._kept[key] = self._read(path, node)
        return self._kept[key]

    def _read(self, path: str, node: ast.ClassDef) -> Declared:
        found = Declared()
        for base in reversed(node.bases):
            self._inherit(found, path, base)
        odd = [one for one in node.decorator_list if not _DECORATORS.search(dotted(_called(one)))]
        meta = [one for one in node.keywords if dotted(one.value) not in _METACLASSES]
        found.whole = found.whole and not meta and not odd
        for statement in node.body:
            self._statement(found, path, statement)
        return found

    def _inherit(self, found: Declared, path: str, base: ast.expr) -> None:
        if isinstance(base, ast.Subscript):
            base = base.value
        name = dotted(base)
        meant = self._modules.class_of(name, path) if name else None
        if meant is None:
            found.whole = found.whole and name == "object"
            found.is_model = found.is_model or (None if name != "object" else found.is_model)
        elif isinstance(meant, str):
            self._inherit_foreign(found, path, meant)
        else:
            self._inherit_own(found, *meant)

    def _inherit_foreign(self, found: Declared, path: str, name: str) -> None:
        if name in MODELS or name in _KNOWN_BASES:
            found.is_model = True
            found.fields |= dict.fromkeys(_KNOWN_BASES.get(name, ()), (path, 0))
        elif name.partition(".")[0] not in sys.stdlib_module_names:
            found.whole = False
            found.is_model = found.is_model or None

    def _inherit_own(self, found: Declared, path: str, node: ast.ClassDef) -> None:
        above = self.declared(path, node)
        meta = next((one for one in node.body if isinstance(one, ast.ClassDef) and one.name == "Meta"), None)
        found.is_model = found.is_model or above.is_model
        found.whole = found.whole and above.whole
        if _is_true(meta, "abstract"):
            found.fields |= above.fields
            found.maybe |= above.maybe
            found.prefixes |= above.prefixes
        elif above.is_model is None:
            found.maybe |= above.fields.keys() | above.maybe

    def _statement(self, found: Declared, path: str, statement: ast.stmt) -> None:
        if isinstance(statement, (ast.If, ast.Try, ast.With, ast.For)):
            inner = [node for node in ast.walk(statement) if isinstance(node, ast.Assign)]
            found.maybe |= {name for one in inner for name in _targets(one)}
            found.whole = found.whole and not isinstance(statement, (ast.For, ast.With))
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
            for name in _targets(statement):
                self._assignment(found, path, name, statement.value, statement.lineno)
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            found.whole = False
        elif isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            found.fields.pop(statement.name, None)

    def _assignment(self, found: Declared, path: str, name: str, value: ast.expr | None, line: int) -> None:
        if not isinstance(value, ast.Call):
            if value is not None:
                found.fields.pop(name, None)
            if isinstance(value, (ast.Name, ast.Attribute, ast.IfExp, ast.Subscript)):
                found.maybe.add(name)
            return
        called = dotted(value.func)
        last = called.rpartition(".")[2]
        if last in _NO_FIELDS:
            found.fields.pop(name, None)
        elif self._is_djangos(path, called):
            found.fields[name] = (path, line)
        elif last in self._types:
            found.fields[name] = (path, line)
            found.prefixes.add(name)
        else:
            found.maybe.add(name)
            found.prefixes.add(name)
            found.whole = found.whole and _HARMLESS.search(last) is not None

    def _is_djangos(self, path: str, called: str) -> bool:
        head, _, rest = called.partition(".")
        module = self._modules.at(path)
        source = module.imports.get(head) if module else None
        if source is None or source[2] or source[0].partition(".")[0] != "django" or "forms" in source[0]:
            return False
        last = (rest or source[1]).rpartition(".")[2]
        return last.endswith("Field") or last in _KEYS


def _called(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _targets(statement: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return [one.id for one in targets if isinstance(one, ast.Name)]


def _is_true(meta: ast.ClassDef | None, name: str) -> bool:
    value = assigned(meta.body, name) if meta else None
    return value is not None and not (isinstance(value, ast.Constant) and value.value is False)


def _is_false(meta: ast.ClassDef | None, name: str) -> bool:
    value = assigned(meta.body, name) if meta else None
    return value is not None and not (isinstance(value, ast.Constant) and value.value is True)
