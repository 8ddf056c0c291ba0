"""What the keys of a table of settings are, for readers: made from the class, so that it is never out of date."""

import json
import types
import typing
from enum import Enum
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from scout.model import Frozen
from scout.settings._schema import OpenTable, Publish
from scout.settings._section import Section

NAMES = {str: "text", bool: "true or false", int: "whole number", float: "number", SecretStr: "text, never shown"}


class Key(Frozen):
    """One key.

    Attributes:
        type: what it may be, in words.
        default: as TOML; empty where there is none.
        meaning: a sentence without its full stop.
        trust: whether a checkout may say it only when trusted.
    """

    name: str
    type: str
    default: str
    meaning: str
    trust: bool


def keys(section: type[Section]) -> tuple[Key, ...]:
    """Return the keys of a table: its `type`, then what is its own, then what it shares with its kind."""
    inherited = {name for base in section.__bases__ if issubclass(base, Section) for name in base.model_fields}
    ordered = sorted(section.model_fields.items(), key=lambda one: (one[0] != "type", one[0] in inherited))
    return tuple(_key(name, field, section) for name, field in ordered)


def _key(name: str, field: FieldInfo, section: type[Section]) -> Key:
    text = field.description or ""
    return Key(
        name=name,
        type=f"{_type(field.annotation)}{_bounds(field)}",
        default=_default(field),
        meaning=text[:1].upper() + text[1:],
        trust=name in section.reaches_outside,
    )


def _type(hint: Any) -> str:
    arguments = typing.get_args(hint)
    match typing.get_origin(hint):
        case None:
            return _simple(hint)
        case typing.Annotated:
            return _type(arguments[0])
        case typing.Literal:
            return ", ".join(f'"{choice}"' for choice in arguments)
        case types.UnionType | typing.Union:
            return " or ".join(_type(one) for one in arguments if one is not types.NoneType)
        case origin:
            return f"table of {_type(arguments[1])}" if origin is dict else f"list of {_type(arguments[0])}"


def _simple(hint: type[Any]) -> str:
    if issubclass(hint, OpenTable | Publish):
        return "text or table"
    if issubclass(hint, Enum):
        return ", ".join(f'"{choice.value}"' for choice in hint)
    return "table" if issubclass(hint, Section) else NAMES.get(hint, "any")


def _bounds(field: FieldInfo) -> str:
    bounds = [
        f"{word} {getattr(one, name):g}"
        for one in field.metadata
        for name, word in (("gt", "above"), ("ge", "from"), ("lt", "below"), ("le", "to"))
        if hasattr(one, name)
    ]
    return f", {' '.join(bounds)}" if bounds else ""


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True) if not field.is_required() else None
    if field.is_required():
        return "required"
    if value is None or isinstance(value, Section) or value in ((), {}, ""):
        return ""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case tuple():
            return json.dumps(value)
        case _:
            return str(value)
