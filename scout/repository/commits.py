"""Rows of commits and changed files, and how to read them from `git log -z --raw --numstat`."""

from collections.abc import Iterator
from typing import NamedTuple

from scout.repository.changes import LAST_SECOND, blobs_of


class Commit(NamedTuple):
    """One commit.

    Attributes:
        parents: how many.
        committed_at: Unix time in seconds.
        authored_at: Unix time in seconds.
        author_id: keyed pseudonym, 16 hexadecimal digits.
        first_parent: whether it is on the first-parent line.
        subject: first line of the message.
        reverts: the commit that the message says it reverts, else empty.
        files: how many files it changed; 0 for merges, which are not compared; None when that cannot be told here.
        additions: lines added in text files; None when that cannot be told here.
        deletions: lines deleted in text files; None when that cannot be told here.
    """

    sha: bytes
    parents: int
    committed_at: int
    authored_at: int
    author_id: str
    is_bot: bool
    first_parent: bool
    subject: str
    reverts: bytes
    files: int | None
    additions: int | None
    deletions: int | None


class FileCount(NamedTuple):
    """One file in a commit that is no merge.

    Attributes:
        path: git's bytes.
        old_path: where it was renamed from, else empty.
        status: A added, M modified, D deleted, R renamed, T changed its type.
        additions: lines added; None in binary files, or if unknown here.
        deletions: lines deleted; None in binary files, or if unknown here.
        blobs: names of its contents before and after, as far as there are such.
    """

    sha: bytes
    path: bytes
    old_path: bytes
    status: str
    additions: int | None
    deletions: int | None
    blobs: tuple[bytes, ...] = ()


class LogBatch(NamedTuple):
    """Some commits, and the files they changed, in the order of the log."""

    commits: list[Commit]
    files: list[FileCount]


def parsed(said: bytes, fields: int) -> Iterator[tuple[list[bytes], list[FileCount]]]:
    """Give each commit's header fields (the first is its SHA) and the files it changed."""
    parts = iter(said.split(b"\0"))
    ahead = next(parts)
    while ahead:
        header = [ahead, *(next(parts) for _ in range(fields - 1))]
        changed, ahead = _files(ahead, parts)
        yield header, changed


def _files(sha: bytes, parts: Iterator[bytes]) -> tuple[list[FileCount], bytes]:
    """Return the files of one commit, and the part after them."""
    raw: list[tuple[bytes, bytes, str, tuple[bytes, ...]]] = []
    counts: dict[bytes, tuple[int | None, int | None]] = {}
    part = b""
    for part in parts:
        if part[:1] == b":" or part[:2] == b"\n:":
            facts, path, old = part.split(b" "), next(parts), b""
            if facts[4][:1] in {b"R", b"C"}:
                old, path = path, next(parts)
            raw.append((path, old, chr(facts[4][0]), blobs_of(facts)))
        elif b"\t" in part:
            added, deleted, path = part.split(b"\t", 2)
            if not path:
                next(parts)
                path = next(parts)
            counts[path] = (_number(added), _number(deleted))
        else:
            break
    else:
        part = b""
    unknown = (None, None)
    return [
        FileCount(sha, path, old, status, *counts.get(path, unknown), blobs) for path, old, status, blobs in raw
    ], part


def _number(number: bytes) -> int | None:
    return None if number == b"-" else int(number)


def seconds(stamp: bytes) -> int:
    """Return a Unix time as a number that a calendar holds; 0 for what is none."""
    return max(0, min(int(stamp), LAST_SECOND)) if stamp.isdigit() else 0
