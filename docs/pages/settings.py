"""The settings' page: every key of `scout.toml` with its type, default, meaning, and whether it needs trust."""

import typing
from collections.abc import Iterable

from pages.markdown import code, table
from scout.settings import SECTIONS, Key, Section, Settings, keys

INTRODUCTION = """# Settings

Nothing here is needed: without settings Scout takes the checkout it is started in. The first of these that exists is
read, and no other: `--config FILE`, `$SCOUT_CONFIG`, `scout.toml` in the working folder or above it,
`scout/scout.toml` in your configuration folder (`$XDG_CONFIG_HOME`). `scout init` writes a commented one.

An unknown key is an error that names the nearest known one. `SCOUT_<SECTION>__<KEY>` in the environment wins over the
file: `SCOUT_POLICY__FLOOR=5`. All state lives in `$SCOUT_HOME`, by default your platform's state folder for `scout`.

Keys marked *trust* reach outside the checkout. In a file that came with a checkout they are ignored, loudly, until
that very content has been accepted with `scout trust`; so are paths that leave the checkout, sources that name their
server, and all of `[[discover]]`. In your own configuration folder they need nothing.

A source of `[[project]]` is a name or a table: `sources = ["git", {type = "github", repository = "acme/rocket"}]`.
[Sources and publishers](sources-and-publishers.md) has the keys of each source; `scout explain github` shows them,
too."""


def page() -> str:
    """Return the page."""
    tables = [_section(name, section) for name, section in _sections().items()]
    return "\n\n".join((INTRODUCTION, *tables))


def _sections() -> dict[str, type[Section]]:
    """Return the sections by the heading that a TOML file gives them."""
    many = {name for name, field in Settings.model_fields.items() if typing.get_origin(field.annotation) is tuple}
    nested = {name: f"project.{name}" for name in SECTIONS if name not in Settings.model_fields}
    by_plugin = {name: f"{name}.<id>" for name, field in Settings.model_fields.items() if _is_mapping(field.annotation)}
    names = {name: (nested | by_plugin).get(name, name) for name in SECTIONS}
    headings = {name: f"[[{name}]]" if name in many else f"[{names[name]}]" for name in SECTIONS}
    return {headings[name]: section for name, section in SECTIONS.items()}


def _is_mapping(hint: object) -> bool:
    return typing.get_origin(hint) is dict


def _section(heading: str, section: type[Section]) -> str:
    meaning = (section.__doc__ or "").strip()
    return f"## `{heading}`\n\n{meaning}\n\n{keys_table(keys(section))}"


def keys_table(found: Iterable[Key]) -> str:
    """Return a table of keys."""
    rows = [
        (
            code(one.name),
            one.type,
            code(one.default) if one.default != "required" else one.default,
            one.meaning,
            _trust(one),
        )
        for one in found
    ]
    return table(("key", "type", "default", "meaning", ""), rows)


def _trust(key: Key) -> str:
    return "*trust*" if key.trust else ""
