"""Plugins: one concrete subclass in one module; walking the package finds it, entry points add others'.

There is no list of plugins anywhere: adding one means adding a file. Modules and packages whose name starts with
an underscore are passed over.
"""

import importlib
import importlib.util
import inspect
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType
from typing import ClassVar, Protocol, TypeVar

from scout.errors import SettingsError, UsageError
from scout.model.names import nearest


class Plugin(Protocol):
    """What every plugin has: a stable id that users type."""

    id: ClassVar[str]


P = TypeVar("P", bound=Plugin)


def plugins(base: type[P], package: str, group: str) -> dict[str, type[P]]:
    """Return the concrete subclasses of `base` by id, sorted by id.

    Args:
        base: the class that plugins of this kind derive from.
        package: the package to walk, such as `scout.signals`.
        group: the entry-point group of third parties, such as `scout.scouts`.

    Raises:
        SettingsError: two plugins have the same id, or a third party's cannot be imported.
    """
    return dict(_found(base, package, group))


def pick(known: dict[str, type[P]], name: str, what: str) -> type[P]:
    """Return the plugin called `name`.

    Raises:
        UsageError: there is none; the message names the nearest one.
    """
    if name in known:
        return known[name]
    near = nearest(name, known)
    remedy = f"Did you mean '{near}'?" if near else f"`scout list {what}s` shows all."
    message = f"There is no {what} called '{name}'."
    raise UsageError(message, remedy)


def plugin(base: type[P], package: str, group: str, name: str, what: str) -> type[P]:
    """Return the plugin called `name`; where a module of the package is called so, no other is imported.

    Raises:
        SettingsError: as `plugins`.
        UsageError: there is none; the message names the nearest one.
    """
    for candidate in _in_module(base, package, name):
        if candidate.id == name:
            return candidate
    return pick(plugins(base, package, group), name, what)


def _in_module(base: type[P], package: str, name: str) -> Iterator[type[P]]:
    if name.isidentifier() and not name.startswith("_") and importlib.util.find_spec(f"{package}.{name}"):
        yield from _concrete(base, importlib.import_module(f"{package}.{name}"))


@cache
def _found(base: type[P], package: str, group: str) -> tuple[tuple[str, type[P]], ...]:
    found: dict[str, type[P]] = {}
    for candidate in (*_walked(base, package), *_third_party(base, group)):
        other = found.setdefault(candidate.id, candidate)
        if other is not candidate:
            message = f"'{candidate.id}' is declared by {_where(other)} and by {_where(candidate)}."
            raise SettingsError(message, "Uninstall or rename one of them.")
    return tuple(sorted(found.items()))


def _walked(base: type[P], package: str) -> Iterator[type[P]]:
    root = importlib.import_module(package)
    for module in pkgutil.walk_packages(root.__path__, f"{package}."):
        if any(part.startswith("_") for part in module.name.split(".")):
            continue
        yield from _concrete(base, importlib.import_module(module.name))


def _concrete(base: type[P], module: ModuleType) -> Iterator[type[P]]:
    for value in vars(module).values():
        if _is_concrete(value, base) and value.__module__ == module.__name__:
            yield value


def _third_party(base: type[P], group: str) -> Iterator[type[P]]:
    for entry in entry_points(group=group):
        try:
            value = entry.load()
        except Exception as error:  # whatever a stranger's module raises at import
            message = f"The plugin '{entry.name}' ({entry.value}) cannot be imported: {error}."
            raise SettingsError(message, "Mend or uninstall the package that brings it.") from error
        if not _is_concrete(value, base):
            message = f"The plugin '{entry.name}' ({entry.value}) is not a concrete {base.__name__}."
            raise SettingsError(message, f"Let it derive from {_where(base)} and define what is abstract there.")
        yield value


def _is_concrete(value: object, base: type[P]) -> bool:
    return inspect.isclass(value) and issubclass(value, base) and value is not base and not inspect.isabstract(value)


def _where(plugin: type) -> str:
    return f"{plugin.__module__}.{plugin.__qualname__}"
