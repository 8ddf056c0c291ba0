"""Reading JSON that may have any shape: what is not as expected counts as missing, never as an error."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from scout.remote.reading import parsed

Json = Mapping[str, Any]
NOTHING: Json = {}
_OBJECT: Any = dict  # as Any, so that the values inside are Any as well
_ARRAY: Any = list


def text(value: Any) -> str:
    """Return a text as it is; empty for anything else."""
    return value if type(value) is str else ""


def key(value: Any) -> str:
    """Return an identity: a whole number or a text; empty for anything else."""
    if type(value) is str:
        return value
    return str(value) if type(value) is int else ""


def whole(value: Any) -> int | None:
    """Return a whole number that a database holds; None for anything else."""
    fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 31
    return value if fits else None


def moment(value: Any) -> datetime | None:
    """Return a time as GitHub writes it (`2026-01-02T03:04:05Z`) in UTC; None for anything else."""
    if type(value) is not str:
        return None
    try:
        read = datetime.fromisoformat(value)
        if read.tzinfo is UTC:  # as GitHub writes it
            return read
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def part(value: Any, *path: str) -> Json:
    """Return the object at a path of names; an empty one where there is none."""
    for name in path:
        value = value.get(name) if type(value) is _OBJECT else None
    return value if type(value) is _OBJECT else NOTHING


def parts(value: Any) -> list[Json]:
    """Return the objects in a list; what else stands there is passed over."""
    return [one for one in value if isinstance(one, _OBJECT)] if isinstance(value, _ARRAY) else []


def texts(value: Any) -> list[str]:
    """Return the texts in a list; what else stands there is passed over."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, _ARRAY) else []


def count(value: Any) -> int:
    """Return how long a list is; 0 for anything else."""
    return len(value) if isinstance(value, _ARRAY) else 0


def without(value: Json, *names: str) -> Json:
    """Return an object without some of its parts; itself if it has none of them."""
    found = [name for name in names if name in value]
    if not found:
        return value
    kept = dict(value)
    for name in found:
        del kept[name]
    return kept


def read(payload: bytes) -> Json:
    """Return a record's payload.

    Raises:
        GarbageError: it is no JSON.
    """
    return part(parsed(payload))
