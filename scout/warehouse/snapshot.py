"""What the page reads: one JSON document a run, replaced whole; whoever has the old one open keeps it."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from scout.errors import StoreError
from scout.model import Frozen
from scout.warehouse._replace import locked, replace_file, told

_SCHEMA = "scout.snapshot/1"


class Snapshot(Frozen):
    """What a run left for the page.

    Attributes:
        at: when this content was first seen (UTC); how old the sources are stands in `sources.json`.
        content: JSON values by name.
    """

    at: datetime
    content: dict[str, Any]


class _Document(Snapshot):
    """The file: a snapshot with the name of its form first."""

    schema_: Literal["scout.snapshot/1"] = Field(alias="schema")

    @property
    def snapshot(self) -> Snapshot:
        return Snapshot(at=self.at, content=self.content)


def write_snapshot(path: Path, content: Mapping[str, Any], at: datetime) -> bool:
    """Replace the snapshot (mode 0600), unless its content is the same; return whether it was written.

    Args:
        path: the file.
        content: JSON values by name, without the time.
        at: the time of this run (UTC).

    Raises:
        StoreError: the file cannot be written; the old one is intact.
    """
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    document = f'{{"schema":"{_SCHEMA}","at":{json.dumps(at.isoformat())},"content":{text}}}\n'.encode()
    with locked(path):
        if _content_of(path) == _content(document):
            return False
        replace_file(path, document)
    return True


def read_snapshot(path: Path) -> Snapshot | None:
    """Return the last snapshot; None when no run has written one yet.

    Raises:
        StoreError: the file is damaged or was written by another version of Scout.
    """
    try:
        with told(path):
            return _read(path, stamp(path))
    except StoreError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return None
        raise
    except ValidationError as error:
        what = f"The snapshot {path} cannot be read."
        raise StoreError(what, "Run `scout run`; it writes a new one.") from error


def stamp(path: Path) -> tuple[int, ...]:
    """Return what is another one whenever a snapshot was written; empty when there is none."""
    try:
        left = path.stat()
    except OSError:
        return ()
    return left.st_ino, left.st_size, left.st_mtime_ns


@lru_cache(maxsize=4)
def _read(path: Path, _stamp: tuple[int, ...]) -> Snapshot:
    """Return the snapshot; one that was not replaced since is not read again."""
    return _Document.model_validate_json(path.read_bytes()).snapshot


def _content_of(path: Path) -> bytes | None:
    try:
        return _content(path.read_bytes())
    except OSError:  # missing or unreadable: it is to be replaced
        return None


def _content(document: bytes) -> bytes:
    """Return the document from `"content"` on: all but its schema and time."""
    return document[document.find(b',"content":') :]
