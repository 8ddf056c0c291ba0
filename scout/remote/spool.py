"""Pages that a killed or paused pull had already fetched, in one append-only file.

The file is a row of frames: two lengths, a header in JSON, the body as it came. The first frame says what the pages
belong to. A frame is written at once, so a killed process loses the page it was writing and no other; what is torn at
the end is cut off at the next opening.

Only pages of earlier processes are given out, each once: the second time that a call is made in a pull is answered by
the second page of it that was kept, or by the server. So a pull never takes for new what it has read itself.
"""

import hashlib
import os
import struct
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, Self

import orjson

from scout.errors import StoreError
from scout.remote.call import Call, Page
from scout.remote.reading import GarbageError, dumped, parsed

FILE_NAME = "pages.spool"
LONGEST = 24 * 3600.0
"""Seconds after which kept pages are too old to go on with."""
AHEAD = 3600.0
"""Seconds that a file may be newer than the clock, which may have been set back."""
_LENGTHS = struct.Struct("<II")


class _Frame(NamedTuple):
    """Where a frame's header begins, and how long header and body are."""

    offset: int
    header: int
    body: int

    @property
    def end(self) -> int:
        return self.offset + self.header + self.body


_Frames = dict[str, deque[_Frame]]
"""By key of the call, in the order in which they came."""


class Spool:
    """The pages of one pull. Thread-safe; one process at a time. Its length is how many can still be got."""

    def __init__(self, path: Path, descriptor: int, frames: _Frames) -> None:
        self._path = path
        self._descriptor = descriptor
        self._frames = frames
        self._lock = Lock()

    @classmethod
    def open(cls, folder: Path, basis: str, *, clock: Callable[[], float] = time.time) -> Self:
        """Open the pages kept in a folder, or begin anew.

        Args:
            folder: of this project and source; made if it is missing.
            basis: what the pages belong to: the cursor that the pull began with, the settings it follows. Pages of
                another basis, and those older than a day, are thrown away.
            clock: the time in seconds since 1970.

        Raises:
            StoreError: the folder cannot be written.
        """
        path = folder / FILE_NAME
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _unwritable(path, error) from error
        try:
            return cls(path, descriptor, _opened(descriptor, basis, clock()))
        except OSError as error:
            os.close(descriptor)
            raise _unwritable(path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return sum(map(len, self._frames.values()))

    def get(self, call: Call) -> Page | None:
        """Return the next page that answered this call in an earlier process, with `kept` set; None without one."""
        frames = self._frames.get(_key(call))
        try:
            frame = frames.popleft() if frames else None
        except IndexError:  # another thread took it
            frame = None
        if frame is None:
            return None
        text = os.pread(self._descriptor, frame.header + frame.body, frame.offset)
        try:
            header, body = parsed(text[: frame.header]), parsed(text[frame.header :])
        except GarbageError:  # a power cut may leave a frame of the right length with zeros in it
            return None
        return Page(body, etag=header["etag"], links=header["links"], headers=header["headers"], kept=True)

    def put(self, call: Call, page: Page, raw: bytes | str = b"") -> None:
        """Keep a page for the next process.

        Args:
            call: what it answers.
            page: the answer.
            raw: its body as it came, which saves writing it anew.

        Raises:
            StoreError: it cannot be written: the disk is full.
        """
        body = (raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw) or dumped(page.body)
        header = {"key": _key(call), "etag": page.etag, "links": dict(page.links), "headers": dict(page.headers)}
        frame = _framed(header, body)
        with self._lock:
            try:
                _append(self._descriptor, frame, os.lseek(self._descriptor, 0, os.SEEK_END))
            except OSError as error:
                raise _unwritable(self._path, error) from error

    def clear(self) -> None:
        """Throw all pages away, with the file, and close."""
        with self._lock:
            self._path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Keep the pages for the next run. Nothing can be put or got any more."""
        with self._lock:
            if self._descriptor >= 0:
                os.close(self._descriptor)
            self._descriptor = -1
            self._frames = {}


def _key(call: Call) -> str:
    """Return a digest of everything that decides a call's answer."""
    asked = [call.method, call.path, sorted(call.params.items()), call.etag]
    return hashlib.blake2b(orjson.dumps(asked) + dumped(call.body), digest_size=16).hexdigest()


def _framed(header: dict[str, Any], body: bytes) -> bytes:
    text = orjson.dumps(header)
    return b"".join((_LENGTHS.pack(len(text), len(body)), text, body))


def _append(descriptor: int, frame: bytes, end: int) -> None:
    """Write a frame whole or not at all.

    Raises:
        OSError: not at all.
    """
    if (written := os.write(descriptor, frame)) < len(frame):
        os.ftruncate(descriptor, end)
        message = f"only {written} of {len(frame)} bytes could be written"
        raise OSError(message)


def _opened(descriptor: int, basis: str, now: float) -> _Frames:
    """Return the frames of pages by their call's key; empty the file if they belong to something else."""
    frames = _whole(descriptor)
    nothing: tuple[_Frame | None, dict[str, Any]] = (None, {})
    first, said = next(frames, nothing)
    if first is None or said.get("basis") != basis or not now - LONGEST < said["at"] < now + AHEAD:
        os.ftruncate(descriptor, 0)
        _append(descriptor, _framed({"basis": basis, "at": now}, b""), 0)
        return {}
    kept: _Frames = {}
    end = first.end
    for frame, said in frames:
        kept.setdefault(said["key"], deque()).append(frame)
        end = frame.end
    os.ftruncate(descriptor, end)
    return kept


def _whole(descriptor: int) -> Iterator[tuple[_Frame, dict[str, Any]]]:
    """Return the frames that are whole and their headers, without reading bodies."""
    size, at = os.fstat(descriptor).st_size, 0
    while at + _LENGTHS.size <= size:
        frame = _Frame(at + _LENGTHS.size, *_LENGTHS.unpack(os.pread(descriptor, _LENGTHS.size, at)))
        if frame.end > size:
            return
        try:
            said = orjson.loads(os.pread(descriptor, frame.header, frame.offset))
        except orjson.JSONDecodeError:
            return
        yield frame, said
        at = frame.end


def _unwritable(path: Path, error: OSError) -> StoreError:
    reason = error.strerror or str(error)
    return StoreError(f"Fetched pages cannot be kept in {path}: {reason}.", "Make room there, or make it writable.")
