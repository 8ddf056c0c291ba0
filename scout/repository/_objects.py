"""Reads objects by name through `git cat-file --batch`, one after another or in bulk."""

import select
import subprocess
import threading
from collections.abc import Iterable, Iterator

from scout.errors import UnavailableError
from scout.repository._call import CHUNK, GitTimeoutError
from scout.repository._git import LOOK_SECONDS, Git

_VERB = "cat-file"
_TOO_MANY_HEADER_BYTES = 4096


class CatFileError(UnavailableError):
    """The child that reads objects ended, or answered out of turn."""

    def __init__(self) -> None:
        super().__init__("`git cat-file` stopped while reading an object.", "Run `git fsck` there.")


class Objects:
    """The contents of a repository's objects; one lasting child process, started at the first question.

    Safe to use from several threads, which then take turns.
    """

    def __init__(self, git: Git) -> None:
        self._git = git
        self._child: subprocess.Popen[bytes] | None = None
        self._rest = bytearray()
        self._lock = threading.Lock()

    def read(self, name: str) -> bytes | None:
        """Return an object's content, or None when it is not in this copy or its name cannot be asked for in a line.

        Raises:
            GitTimeoutError: git did not answer within a minute.
            CatFileError: git ended instead of answering.
        """
        with self._lock:
            child = self._running()
            if child.stdin is None or "\n" in name:
                return None
            try:
                child.stdin.write(name.encode("utf-8", "surrogateescape") + b"\n")
                header = self._line(child)
                size = _size(header)
                return None if size is None else self._take(child, size + 1)[:-1]
            except (OSError, UnavailableError):
                self._stop()
                raise

    def read_many(self, names: Iterable[str]) -> Iterator[bytes | None]:
        """Give the contents of many objects in the order of their names; None for those not in this copy."""
        asked = "".join(f"{name}\n" for name in names).encode("ascii")
        if not asked:
            return
        with self._git.stream("cat-file", "--batch", "--buffer", stdin=asked) as chunks:
            yield from _contents(chunks)

    def commits(self, names: Iterable[str]) -> dict[str, str]:
        """Return which commit each object peels to; those that peel to none are left out."""
        listed = tuple(names)
        asked = "".join(f"{name}^{{commit}}\n" for name in listed).encode("ascii")
        answers = self._git.run("cat-file", "--batch-check=%(objectname)", stdin=asked).decode("ascii").splitlines()
        return {name: found for name, found in zip(listed, answers, strict=True) if " " not in found}

    def close(self) -> None:
        """End the child process."""
        with self._lock:
            self._stop()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            self._child = self._git.start("cat-file", "--batch")
        return self._child

    def _stop(self) -> None:
        if self._child is not None:
            self._git.end(self._child)
            self._child = None
        self._rest.clear()

    def _line(self, child: subprocess.Popen[bytes]) -> bytes:
        while (end := self._rest.find(b"\n")) < 0:
            if len(self._rest) > _TOO_MANY_HEADER_BYTES:
                raise CatFileError
            self._more(child)
        line = bytes(self._rest[:end])
        del self._rest[: end + 1]
        return line

    def _take(self, child: subprocess.Popen[bytes], size: int) -> bytes:
        while len(self._rest) < size:
            self._more(child)
        content = bytes(self._rest[:size])
        del self._rest[:size]
        return content

    def _more(self, child: subprocess.Popen[bytes]) -> None:
        pipe = child.stdout
        if pipe is None:
            return
        if not select.select([pipe], [], [], LOOK_SECONDS)[0]:
            raise GitTimeoutError(_VERB, LOOK_SECONDS)
        chunk = pipe.read(CHUNK)
        if not chunk:
            raise CatFileError
        self._rest += chunk


def missing(git: Git, names: Iterable[bytes]) -> frozenset[bytes]:
    """Return which objects are not in this copy."""
    asked = b"".join(name + b"\n" for name in sorted(names))
    said = git.run("cat-file", "--batch-check=", "--buffer", stdin=asked)
    return frozenset(line.removesuffix(b" missing") for line in said.splitlines() if line.endswith(b" missing"))


def _size(header: bytes) -> int | None:
    words = header.split(b" ")
    return int(words[2]) if len(words) == 3 and words[2].isdigit() else None  # noqa: PLR2004 name, type, size


def _contents(chunks: Iterator[bytes]) -> Iterator[bytes | None]:
    rest = bytearray()
    for chunk in chunks:
        rest += chunk
        start = 0
        while (end := rest.find(b"\n", start)) >= 0:
            size = _size(bytes(rest[start:end]))
            if size is None:
                yield None
                start = end + 1
                continue
            stop = end + 1 + size
            if len(rest) <= stop:
                break
            yield bytes(rest[end + 1 : stop])
            start = stop + 1
        del rest[:start]
