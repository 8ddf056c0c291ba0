"""Commits and what they changed: values, and how to read them from git's output."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

LAST_SECOND = 253402300799
_NO_BLOB = {b"000000", b"160000"}
_BOT = re.compile(
    rb"\[bot\]|(?:^|[-_. +0-9<(])bot(?:$|[-_. @>)])|^(?:dependabot|renovate|greenkeeper|snyk|weblate|pyup|mergify"
    rb"|imgbot|codecov|allcontributors|transifex|github-actions?|pre-commit-ci|semantic-release|l10n|web-flow)\b|-bot\b"
    rb"|noreply@weblate|crowdin",
    re.IGNORECASE,
)
_AGENT = re.compile(
    rb"(?:^|\+)(?:copilot|copilot-swe-agent|devin-ai-integration|google-labs-jules|sweep-ai|gemini-code-assist)@"
    rb"|^(?:no-?reply|cursoragent|openhands|codex)@",
    re.IGNORECASE,
)
"""Addresses of programs that write code on request and call themselves like people, and that nobody can answer."""
_LENT = re.compile(rb"^(?:\d+\+)?(?P<login>[\w.-]+)@users\.noreply\.")
"""An address that a forge lends to an account."""
_SHORTEST = 4

_MERGE = re.compile(rb"Merge (?:pull request|branch|remote-tracking branch|in|commit)\b|Merged in\b")
_REQUEST = re.compile(rb"(?:pull request |request |!)#?(\d+)")
_TRAILER = re.compile(rb"[\w-]+(?:-by|[- ]to):|See merge request|#|\* |Conflicts?:", re.IGNORECASE)


class FileChange(NamedTuple):
    """One file in a change.

    Attributes:
        status: A added, M modified, D deleted, R renamed, T changed its type.
        path: its name afterwards (before, when deleted).
        old_path: its name before, when renamed; else empty.
        before: name of the content it had; empty when it was added, and for submodules.
        after: name of the content it got; empty when it was deleted, and for submodules.
    """

    status: str
    path: str
    old_path: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One commit on the first-parent line, with its difference to its first parent.

    Attributes:
        at: committer date (UTC).
        author: number of the author within this history; says who is the same, never who it is.
        subject: first line of its message.
        bot: whether a program made it, by its name or address.
        title: what it says about itself: the subject; for the merge of a request, the request's title or number.
    """

    sha: str
    at: datetime
    author: int
    subject: str
    parents: tuple[str, ...]
    files: tuple[FileChange, ...]
    bot: bool
    title: str = ""


class Identities:
    """Numbers for people, in the order in which they are first seen; names are not kept beyond one reading."""

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, bytes], int] = {}
        self._numbers: dict[tuple[str, bytes], int] = {}
        self._many = 0

    def number(self, name: bytes, mail: bytes) -> int:
        """Return the number of whoever has this address or, with another address, this name.

        A name of two words or more tells who it is; one of a single word does so together with an address that a forge
        lends, or where it is the account of such an address.
        """
        if (name, mail) not in self._known:
            self._known[name, mail] = self._number(mail.lower() or name.lower(), name.strip().lower())
        return self._known[name, mail]

    def _number(self, address: bytes, called: bytes) -> int:
        lent = _LENT.match(address)
        alone = {one for one in (called, lent["login"] if lent else b"") if b" " not in one and len(one) >= _SHORTEST}
        full = {("name", called)} if b" " in called else set[tuple[str, bytes]]()
        sought = [("address", address), *sorted(full), *(("lent", one) for one in sorted(alone))]
        sought += [("alone", one) for one in sorted(alone)] if lent else []
        number = next((self._numbers[key] for key in sought if key in self._numbers), None)
        if number is None:
            number = self._many
            self._many += 1
        for key in (("address", address), *full, *(("lent" if lent else "alone", one) for one in alone)):
            self._numbers.setdefault(key, number)
        return number


@lru_cache(maxsize=10_000)
def is_bot(name: bytes, mail: bytes) -> bool:
    """Say whether a program commits under this name or address."""
    named = _BOT.search(name) or _BOT.search(mail.partition(b"@")[0] + b"@")
    return named is not None or _AGENT.search(mail) is not None


def title_of(subject: bytes, body: bytes) -> str:
    """Return what a commit says about itself: the subject; for a merge, the first line of its body if that is a title.

    The name of a merged branch is left out: it may name a person.
    """
    if not _MERGE.match(subject):
        return subject.decode("utf-8", "replace")
    said = body.strip().partition(b"\n")[0].strip()
    if said and not _TRAILER.match(said):
        return said.decode("utf-8", "replace")
    request = _REQUEST.search(subject)
    return f"Merge pull request #{request.group(1).decode('ascii')}" if request else "Merge a branch"


def moment(seconds: bytes) -> datetime:
    """Return a Unix time as UTC; what no calendar holds becomes the nearest that it does."""
    try:
        return datetime.fromtimestamp(max(0, min(int(seconds), LAST_SECOND)), UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def path_of(raw: bytes) -> str:
    """Return a path as text; bytes that are no UTF-8 become lone surrogates."""
    return raw.decode("utf-8", "surrogateescape")


def blobs_of(facts: list[bytes]) -> tuple[bytes, ...]:
    """Return the contents before and after from `:mode mode blob blob status`; submodules have none."""
    sides = ((facts[0][-6:], facts[2]), (facts[1], facts[3]))
    return tuple(blob for mode, blob in sides if mode not in _NO_BLOB)


def differences(said: bytes) -> dict[str, list[FileChange]]:
    """Return the changed files of each commit from `git log -z --raw --format=tformat:%H`."""
    found: dict[str, list[FileChange]] = {}
    files: list[FileChange] = []
    parts = iter(said.split(b"\0"))
    for part in parts:
        if part[:1] == b":" or part[:2] == b"\n:":
            files.append(_file_change(part.split(b" "), parts))
        elif part:
            files = found[part.decode("ascii")] = []
    return found


def _file_change(facts: list[bytes], parts: Iterator[bytes]) -> FileChange:
    status = chr(facts[4][0])
    before = "" if facts[0][-6:] in _NO_BLOB else facts[2].decode("ascii")
    after = "" if facts[1] in _NO_BLOB else facts[3].decode("ascii")
    path = path_of(next(parts))
    if status == "R":
        return FileChange(status, path_of(next(parts)), path, before, after)
    return FileChange(status, path, "", before, after)
