"""Since when a line's text stands in its file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scout.repository._call import GitError
from scout.repository._git import Git
from scout.repository._objects import Objects
from scout.repository.commits import seconds

_DEEPEST = 8
_HEADER = re.compile(rb"^([0-9a-f]{40,64}) (\d+) (\d+)(?: \d+)?$")
_TOO_FEW = re.compile(r"has only (\d+) lines?")
_LINT = re.compile(
    rb"(?:#|//|/\*|<!--)\s*(?:noqa|nosec|nolint|nosonar|type: ?ignore|pyright:|pylint:|mypy:|fmt:|ruff:|isort:|pragma:"
    rb"|codespell:|eslint|tslint|prettier|biome|rubocop:|@ts-|istanbul|c8 ignore|coverage:).*"
)
_NOISE = re.compile(rb"[^0-9a-z\x80-\xff]+")


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where blame found a line: the commit, its time, and the file before it (commit and path), if there was one."""

    sha: str
    at: int
    text: bytes
    previous: tuple[str, str] | None


class Since(NamedTuple):
    """From which commit and Unix time on a text stands in its file; not `sure` where contents are missing here."""

    sha: str
    at: int
    sure: bool


def since(git: Git, objects: Objects, sha: str, path: str, lines: Sequence[int]) -> Mapping[int, Since]:
    """Return from when on the text of each line of a commit's file stands in the file."""
    found: dict[int, Since] = {}
    waiting = {(sha, path): {line: line for line in lines}}
    for _ in range(_DEEPEST):
        following: dict[tuple[str, str], dict[int, int]] = {}
        for (commit, name), asked in waiting.items():
            origins = _origins(git, commit, name, sorted(set(asked.values())))
            for line, there in asked.items():
                if there not in origins:
                    if line in found:
                        found[line] = found[line]._replace(sure=False)
                    continue
                origin = origins[there]
                before = _before(objects, origin)
                older = None if before is None else _line_of(before, origin.text)
                found[line] = Since(origin.sha, origin.at, before is not None)
                if older is not None and origin.previous is not None:
                    following.setdefault(origin.previous, {})[line] = older
        if not following:
            break
        waiting = following
    return found


def _origins(git: Git, sha: str, path: str, lines: Sequence[int]) -> dict[int, _Origin]:
    ranges = [part for line in lines for part in ("-L", f"{line},{line}")]
    try:
        said = git.run("blame", "-w", "-M", "-C", "--porcelain", *ranges, sha, "--", path) if lines else b""
    except GitError as error:
        shorter = _TOO_FEW.search(error.stderr)
        if shorter:
            return _origins(git, sha, path, [line for line in lines if line <= int(shorter.group(1))])
        if error.missing or "no such path" in error.stderr:
            return {}
        raise
    return _parsed(said)


def _parsed(said: bytes) -> dict[int, _Origin]:
    found: dict[int, _Origin] = {}
    commits: dict[bytes, dict[bytes, bytes]] = {}
    sha, line = b"", 0
    for row in said.split(b"\n"):
        header = _HEADER.match(row)
        if header:
            sha, line = header.group(1), int(header.group(3))
            commits.setdefault(sha, {})
        elif row.startswith(b"\t"):
            facts = commits[sha]
            at = seconds(facts.get(b"committer-time", b"0"))
            found[line] = _Origin(sha.decode("ascii"), at, row[1:], _previous(facts))
        elif sha:
            name, _, value = row.partition(b" ")
            commits[sha][name] = value
    return found


def _previous(facts: Mapping[bytes, bytes]) -> tuple[str, str] | None:
    sha, _, path = facts.get(b"previous", b"").partition(b" ")
    return (sha.decode("ascii"), path.decode("utf-8", "surrogateescape")) if sha else None


def _before(objects: Objects, origin: _Origin) -> bytes | None:
    """Return the file before the commit, empty where there was none; None when its content is not in this copy."""
    if origin.previous is None:
        return b""
    sha, path = origin.previous
    return b"" if "\n" in path else objects.read(f"{sha}:{path}")


def _line_of(content: bytes, text: bytes) -> int | None:
    """Return the line that says the same in other punctuation, case or place."""
    wanted = _words(text)
    for number, line in enumerate(content.split(b"\n"), start=1):
        if wanted and _words(line) == wanted:
            return number
    return None


def _words(line: bytes) -> bytes:
    return _NOISE.sub(b" ", _LINT.sub(b"", line.lower())).strip()
