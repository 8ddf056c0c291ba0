"""Versions that a file had, and the newest that two projects had in common."""

from collections.abc import Iterator
from typing import NamedTuple

from scout.repository import Change
from scout.signals._base import View
from scout.signals.portfolio._lines import Line, telling

_MOST_VERSIONS = 40
_MOST_BYTES = 100_000


class Version(NamedTuple):
    """A content that a file has or had.

    Attributes:
        blob: its name; the same content has the same in all repositories.
        change: what brought it.
    """

    blob: str
    change: Change


def versions(view: View, path: str) -> tuple[Version, ...]:
    """Return what a file has said, the newest first, at most 40 contents."""
    return tuple(_versions(view, path))


def _versions(view: View, path: str) -> Iterator[Version]:
    name = path
    for change in view.history.touching(path)[:_MOST_VERSIONS]:
        for file in change.files:
            if file.path == name:
                if file.after:
                    yield Version(file.after, change)
                name = file.old_path or name
                break


def last_common(here: View, path: str, there: View, place: str, names: tuple[str, ...]) -> str | None:
    """Return the newest content that a file had in both projects; their own names in it don't make it another.

    Args:
        here: one project.
        path: the file in it.
        there: the other, whose name for the content is returned.
        place: the file in that one.
        names: what the projects are called.
    """
    ours = [version.blob for version in versions(here, path)]
    theirs = [version.blob for version in versions(there, place)]
    known = set(ours)
    if (same := next((blob for blob in theirs if blob in known), None)) is not None:
        return same
    said = {_bare(here, blob, names) for blob in ours}
    return next((blob for blob in theirs if (bare := _bare(there, blob, names)) and bare in said), None)


def content(view: View, blob: str) -> tuple[Line, ...]:
    """Return the telling lines of a content; none where it is missing here or too large."""
    raw = view.blob(blob)
    return telling(raw.decode("utf-8", "replace")) if raw and len(raw) <= _MOST_BYTES else ()


def since(view: View, path: str, key: str) -> Change | None:
    """Return the change since which a file has a line."""
    found: Change | None = None
    for version in versions(view, path):
        if all(line.key != key for line in content(view, version.blob)):
            break
        found = version.change
    return found


def _bare(view: View, blob: str, names: tuple[str, ...]) -> tuple[str, ...]:
    rows = tuple(line.key.lower() for line in content(view, blob))
    for name in names:
        rows = tuple(row.replace(name.lower(), "") for row in rows)
    return rows
