"""Since when a line's text stands in its file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from scout.repository._call import GitError
from scout.repository._git import Git
from scout.repository._objects import Objects
from scout.repository.changes import moment

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
    at: datetime
    text: bytes
    previous: tuple[str, str] | None


def since(git: Git, objects: Objects, sha: str, path: str, lines: Sequence[int]) -> Mapping[int, tuple[str, datetime]]:
    """Return the commit and time (UTC) from which on the text of each line stands in the file."""
    found: dict[int, tuple[str, datetime]] = {}
    waiting = {(sha, path): {line: line for line in lines}}
    for _ in range(_DEEPEST):
        following: dict[tuple[str, str], dict[int, int]] = {}
        for (commit, name), asked in waiting.items():
            origins = _origins(git, commit, name, sorted(set(asked.values())))
            for line, there in asked.items():
                if there not in origins:
                    continue
                origin = origins[there]
                found[line] = (origin.sha, origin.at)
                older = _line_before(objects, origin)
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
            at = moment(facts.get(b"committer-time", b"0"))
            found[line] = _Origin(sha.decode("ascii"), at, row[1:], _previous(facts))
        elif sha:
            name, _, value = row.partition(b" ")
            commits[sha][name] = value
    return found


def _previous(facts: Mapping[bytes, bytes]) -> tuple[str, str] | None:
    sha, _, path = facts.get(b"previous", b"").partition(b" ")
    return (sha.decode("ascii"), path.decode("utf-8", "surrogateescape")) if sha else None


def _line_before(objects: Objects, origin: _Origin) -> int | None:
    """Return the line of the file before the commit that says the same in other punctuation, case or place."""
    wanted = _words(origin.text)
    if origin.previous is None or not wanted:
        return None
    sha, path = origin.previous
    if "\n" in path:
        return None
    content = objects.read(f"{sha}:{path}")
    if content is None:
        return None
    for number, line in enumerate(content.split(b"\n"), start=1):
        if _words(line) == wanted:
            return number
    return None


def _words(line: bytes) -> bytes:
    return _NOISE.sub(b" ", _LINT.sub(b"", line.lower())).strip()
