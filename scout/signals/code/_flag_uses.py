"""Where the names of flags stand in a tree, and which of these places read them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from scout.repository import File, FileClass
from scout.signals._base import View
from scout.signals.code._flags import Flag

_NO_READER = re.compile(
    r"(?:^|/)(?:\.yarn|vendor|node_modules|dist|public/assets|migrations?|migrate|locales?|i18n|l10n|translations?|fixtures?|seeds?|changelogs?)(?:/|\.\w+$)"
    r"|\.(?:md|mdx|rst|txt|po|pot|lock|csv|sql|snap|svg)$|(?:^|/)(?:schema|structure)\.\w+$",
    re.IGNORECASE,
)
_READERS = frozenset({FileClass.CODE, FileClass.CONFIG, FileClass.OTHER, FileClass.DATA, FileClass.GENERATED})
_BRANCHES = re.compile(
    r"\b(?:if|elif|unless|and|or|not|when|assert)\b|\?\s|&&|\|\||\{%-?\s*if|\bv-if=|\*ngIf=|\bng-if=|!\w"
)
_GIVEN = r"\b%s\b[\"']?\s*(?:=(?!=)|:\s+[\"']?[\w$])"
_GOES_ON = rb"(?:#\{|\$\{|\{|%[s(]|[\"'`]\s*(?:\+|%|\.format|<<))"


_INNER = re.compile(rb"[\w]")


class Use(NamedTuple):
    """A line that names a flag."""

    path: str
    line: int
    text: str


def spelled(name: str) -> tuple[str, ...]:
    """Return the ways in which one name is written in several languages."""
    words = [word for word in re.split(r"[-_.]|(?<=[a-z0-9])(?=[A-Z])", name) if word]
    lower = [word.lower() for word in words]
    camel = lower[0] + "".join(word.capitalize() for word in lower[1:])
    ways = (name, "_".join(lower), "-".join(lower), camel, camel[:1].upper() + camel[1:], "_".join(lower).upper())
    return tuple(dict.fromkeys(ways))


def uses(view: View, flags: Iterable[Flag]) -> dict[Flag, tuple[Use, ...]]:
    """Return the lines that name flags, beside those that declare them; documentation and translations don't count."""
    meant: dict[bytes, list[Flag]] = defaultdict(list)
    for flag in flags:
        for way in {way for name in flag.names for way in spelled(name)}:
            meant[way.encode()].append(flag)
    found: dict[Flag, list[Use]] = {flag: [] for several in meant.values() for flag in several}
    if not meant:
        return {}
    longest_first = sorted(meant, key=lambda one: (-len(one), one))
    pattern = re.compile(b"|".join(map(re.escape, longest_first)))
    for file in view.tree.search(pattern, _may_read):
        if view.tree.file_class(file.path) not in _READERS:
            continue
        for number, row in enumerate((view.tree.text(file.path) or "").split("\n"), start=1):
            if row.lstrip().startswith(("#", "//", "*")):
                continue
            for flag in _named(row.encode("utf-8", "replace"), pattern, meant):
                if (file.path, number) != (flag.path, flag.line):
                    found[flag].append(Use(file.path, number, row))
    return {flag: tuple(several) for flag, several in found.items()}


def _may_read(file: File) -> bool:
    return _NO_READER.search(file.path) is None


def _named(row: bytes, pattern: re.Pattern[bytes], meant: Mapping[bytes, list[Flag]]) -> list[Flag]:
    """Return the flags that a line names as whole words, each once."""
    words = {
        one.group()
        for one in pattern.finditer(row)
        if not _INNER.match(row[one.start() - 1 : one.start()]) and not _INNER.match(row[one.end() : one.end() + 1])
    }
    return list(dict.fromkeys(flag for word in sorted(words) for flag in meant[word]))


def put_together(view: View, flags: Iterable[Flag]) -> frozenset[Flag]:
    """Return the flags that code may read under a name that it puts together."""
    wanted = {flag: re.compile(b"|".join(_parts(flag))) for flag in flags}
    if not wanted:
        return frozenset()
    either = re.compile(b"|".join(pattern.pattern for pattern in wanted.values()))
    found: set[Flag] = set()
    for file in view.tree.search(either, _may_read):
        content = view.tree.content(file.path)
        found.update(flag for flag, pattern in wanted.items() if pattern.search(content))
    return frozenset(found)


def _parts(flag: Flag) -> Iterator[bytes]:
    """Give patterns for a name of which code writes the beginning or the end and computes the rest."""
    for name in {way for one in flag.names for way in spelled(one)}:
        cuts = [found.start() + 1 for found in re.finditer(r"[-_]", name)]
        for cut in cuts:
            yield rb"[\"'`:]" + re.escape(name[:cut].encode()) + _GOES_ON
            yield rb"\}" + re.escape(name[cut - 1 :].encode()) + rb"[\"'`]"


def branching(found: Iterable[Use]) -> Iterator[Use]:
    """Give the lines that decide something."""
    yield from (use for use in found if _BRANCHES.search(use.text))


def is_given(name: str, found: Iterable[Use]) -> bool:
    """Say whether a line gives a flag another value, or takes one from outside."""
    given = re.compile(_GIVEN % re.escape(name))
    return any(given.search(use.text) or "environ" in use.text or "getenv" in use.text for use in found)
