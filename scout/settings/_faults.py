"""What is wrong with settings, as one sentence and one remedy; values are never shown, for one may be a secret."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from scout.errors import SettingsError
from scout.model.names import nearest
from scout.settings._schema import SECTIONS
from scout.settings._section import Section

REFERENCE = "docs/reference/settings.md"
UNKNOWN = "extra_forbidden"

S = TypeVar("S", bound=Section)


def fault(error: ValidationError, place: str, root: type[BaseModel]) -> SettingsError:
    """Return what is wrong first in `place`, which was read as `root`: a key that is not known explains one missing."""
    found = error.errors(include_input=False, include_url=False)
    first = next((one for one in found if one["type"] == UNKNOWN), found[0])
    location = first["loc"]
    where = ".".join(str(part) for part in location if part != "[key]")
    if first["type"] == UNKNOWN:
        return SettingsError(f"{place} has an unknown key '{where}'.", _suggestion(location, root))
    message = f"'{where or 'project'}' in {place} is wrong: {first['msg'].removeprefix('Value error, ')}."
    return SettingsError(message, f"`{REFERENCE}` says what it may be.")


def checked(kind: type[S], table: Mapping[str, Any], place: str) -> S:
    """Return a plugin's table, read by the plugin's own class.

    Args:
        kind: the class of the table.
        table: what stands there.
        place: whose table it is, for the error.

    Raises:
        SettingsError: it says something unknown or impossible.
    """
    try:
        return kind.model_validate(table)
    except ValidationError as error:
        raise fault(error, place, kind) from None  # the cause would show what stands there


def _suggestion(location: tuple[int | str, ...], root: type[BaseModel]) -> str:
    sections = [SECTIONS[str(part)] for part in location[:-1] if str(part) in SECTIONS]
    known = (sections[-1] if sections else root).model_fields
    near = nearest(str(location[-1]), known)
    return f"Did you mean '{near}'?" if near else f"Known here: {', '.join(sorted(known))}."
