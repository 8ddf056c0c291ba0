"""Reading JSON that may have any shape: what is not as expected counts as missing, never as an error."""

from collections.abc import Mapping
from typing import Any, cast

from scout.remote.reading import parsed

Json = Mapping[str, Any]
NOTHING: Json = {}
_UNSAYABLE = (b"\\u0000", b"\\ud", b"\\uD")
"""What JSON with something unsayable has; most has none of it."""
_NUMBERS = (int, float)
REPLACEMENT = "\ufffd"


def part(value: Any, *path: str) -> Json:
    """Return the object at a path of names; an empty one where there is none."""
    for name in path:
        kind: type = type(value)
        value = value.get(name) if kind is dict else None
    kind: type = type(value)
    return value if kind is dict else NOTHING


def parts(value: Any, name: str) -> list[Json]:
    """Return the objects in the list called `name`; what stands there else is passed over."""
    found = part(value).get(name)
    return [one for one in cast("list[Any]", found) if isinstance(one, dict)] if found and type(found) is list else []


def word(value: Json, name: str) -> str:
    """Return a text or a number as text; empty for anything else."""
    found = value.get(name)
    if type(found) is str:
        return found
    return str(found) if type(found) in _NUMBERS else ""


def words(value: Json, name: str) -> list[str]:
    """Return the texts in the list called `name`."""
    found = value.get(name)
    return [one for one in cast("list[Any]", found) if isinstance(one, str)] if isinstance(found, list) else []


def read(payload: bytes) -> Json:
    """Return a record's payload, with U+FFFD for what no database can hold: NUL and lone surrogates.

    Raises:
        GarbageError: it is no JSON.
    """
    value = parsed(payload)
    return part(_sayable(value) if unsayable(payload) else value)


def unsayable(payload: bytes) -> bool:
    """Return whether a payload may have something that no database can hold."""
    return b"\\" in payload and any(mark in payload for mark in _UNSAYABLE)


def _sayable(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", REPLACEMENT).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_sayable(one) for one in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {_sayable(name): _sayable(one) for name, one in cast("dict[Any, Any]", value).items()}
    return value
