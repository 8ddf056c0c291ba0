"""The settings' page: every key of `scout.toml` with its type, default, meaning, and whether it needs trust."""

import types
import typing
from typing import Any, Literal

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from pages.markdown import code, table
from scout.settings import SECTIONS, Section, Settings

INTRODUCTION = """# Settings

Nothing here is needed: without settings Scout takes the checkout it is started in. The first of these that exists is
read, and no other: `--config FILE`, `$SCOUT_CONFIG`, `scout.toml` in the working folder or above it,
`scout/scout.toml` in your configuration folder (`$XDG_CONFIG_HOME`). `scout init` writes a commented one.

An unknown key is an error that names the nearest known one. `SCOUT_<SECTION>__<KEY>` in the environment wins over the
file: `SCOUT_POLICY__FLOOR=5`. All state lives in `$SCOUT_HOME`, by default your platform's state folder for `scout`.

Keys marked *trust* reach outside the checkout. In a file that came with a checkout they are ignored, loudly, until
that very content has been accepted with `scout trust`; so are paths that leave the checkout. In your own
configuration folder they need nothing."""

NAMES = {str: "text", bool: "true or false", int: "whole number", float: "number", SecretStr: "text, never shown"}


def page() -> str:
    """Return the page."""
    tables = [_section(name, section) for name, section in _sections().items()]
    return "\n\n".join((INTRODUCTION, *tables))


def _sections() -> dict[str, type[Section]]:
    """Return the sections by the heading that a TOML file gives them."""
    many = {name for name, field in Settings.model_fields.items() if typing.get_origin(field.annotation) is tuple}
    nested = {name: f"project.{name}" for name in SECTIONS if name not in Settings.model_fields}
    headings = {name: f"[[{name}]]" if name in many else f"[{nested.get(name, name)}]" for name in SECTIONS}
    return {headings[name]: section for name, section in SECTIONS.items()}


def _section(heading: str, section: type[Section]) -> str:
    rows = [_row(name, field, name in section.reaches_outside) for name, field in section.model_fields.items()]
    meaning = (section.__doc__ or "").strip()
    return f"## `{heading}`\n\n{meaning}\n\n{table(('key', 'type', 'default', 'meaning', ''), rows)}"


def _row(name: str, field: FieldInfo, outside: bool) -> tuple[str, ...]:  # noqa: FBT001 - a cell of the row
    kind = f"{_type(field.annotation)}{_bounds(field)}"
    return code(name), kind, _default(field), _sentence(field.description or ""), "*trust*" if outside else ""


def _type(hint: Any) -> str:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return ", ".join(code(f'"{choice}"') for choice in arguments)
    if origin in {types.UnionType, typing.Union}:
        return _type(next(one for one in arguments if one is not type(None)))
    if origin is tuple:
        return f"list of {_type(arguments[0])}"
    return "text or table" if isinstance(hint, type) and issubclass(hint, Section) else NAMES[hint]


def _bounds(field: FieldInfo) -> str:
    bounds = [
        f"{word} {getattr(one, name):g}"
        for one in field.metadata
        for name, word in (("gt", "above"), ("ge", "from"), ("lt", "below"), ("le", "to"))
        if hasattr(one, name)
    ]
    return f", {' '.join(bounds)}" if bounds else ""


def _default(field: FieldInfo) -> str:
    value = field.default
    if field.is_required():
        return "required"
    if value is None or isinstance(value, Section) or value == ():
        return ""
    match value:
        case bool():
            return code(str(value).lower())
        case str():
            return code(f'"{value}"')
        case _:
            return code(str(value))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
