"""`removal-version-reached`: something was to go in a version of the project that is out by now."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import ClassVar, NamedTuple

from scout.errors import UnavailableError
from scout.model import Evidence, EvidenceKind, Finding, Story, WorkKind
from scout.repository import FileClass, Tag
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View, lines
from scout.signals._evidence import at_line
from scout.signals._pins import as_version
from scout.signals._words import counted, listed, span, title
from scout.signals.code._commented import said, suspects
from scout.signals.code._waiting import named

_SUSPECT = re.compile(rb"(?i)\b(?:remov|dropp?|delet)\w*\b[^\n]{0,80}(?:\d+\.\d+|\bnext\b)")
_VERSION = r"(?:version |release |v)?(?P<version>\d+\.\d+(?:\.\d+)?)(?:\.x)?\b(?![-\w/])"
_ORDER = re.compile(
    r"(?:^|[\n.;:,)(–—-]\s*|\b(?:TODO|FIXME|COMPAT|DEPRECATED|please|to|then|and|will|should|must|can|shall|could) )"
    r"(?:be )?(?:removed?|dropp?(?:ed)?|deleted?)\b(?! (?:from|support))(?:[ \n]+[\w`'()-]+){0,6}?[ \n]+"
    rf"(?:in|with|as of|starting with)[ \n]+(?:the )?{_VERSION}",
    re.IGNORECASE,
)
_MESSAGE = re.compile(
    rf"\b(?:will|to|should) be (?:removed|dropped|deleted) (?:in|with|as of|from) {_VERSION}", re.IGNORECASE
)
_NEXT = re.compile(
    r"\b(?:(?:will|to|should|must|shall|can)\s+be\s+(?:\w+ly\s+)?(?:removed|dropped|deleted)"
    r"|(?:remove|drop|delete)\s+(?:this|it|these|them))(?:\s+(?:in|with|for|by))?(?:\s+(?:the|our))?\s+"
    r"(?P<said>next\s+(?P<major>major\s+)?(?:minor\s+)?(?:version\s+)?(?:release|version))\b(?!\s+of\b)",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:was|were|been|is|are|got|already)\s+(?:removed|dropped|deleted)\b", re.IGNORECASE)
_RELEASE = re.compile(r"(?:[a-zA-Z][a-zA-Z_-]*[-_/@]?)?v?(\d+(?:\.\d+)+)")
_LEAST_RELEASES = 3


class _Promise(NamedTuple):
    """What is promised: a version, or the release that comes next, which may have to be a major one."""

    version: str
    next: str = ""
    major: bool = False


class _Place(NamedTuple):
    path: str
    line: int
    text: str
    version: str
    since: datetime
    said: str


class RemovalVersionReached(Scout):
    """A comment or a deprecation notice promises a removal for a version of the project that was released since.

    Counted are orders and promises ('remove in 1.6', 'will be removed in version 2.0', 'in the next major release') in
    comments and in messages of the project's own code, where the version is one of its own: a release tag has reached
    it, and the text is older than that tag. A release that only repairs is not the next one. Passed over are versions
    with another product's name, what tells of the past ('was removed in 2.0'), tests, vendored files, and projects with
    fewer than three release tags. Comments that name another end belong to `temporary-old` and its sisters. All that
    was due in one version is one finding.

    ## Why it matters
    Users were told to move by that version and did; the project still carries, tests and documents what it announced
    as gone. The next announcement is believed less.

    ## What to do with it
    Remove what is named, or move the promise to a version that is still ahead.
    `# scout: ignore[removal-version-reached] reason` on the line or the one before keeps a place.

    ## Severity
    2 always: the decision is made, announced and overdue.

    ## Source
    Sawant et al., On the reaction to deprecation (EMSE 2018).
    """

    id: ClassVar[str] = "removal-version-reached"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A comment and a notice, and the version is out",
            (
                Commit("2022-01-10", {"a.txt": "1\n"}, tag="v1.0.0"),
                Commit("2022-02-10", {"a.txt": "2\n"}, tag="v1.1.0"),
                Commit(
                    "2022-03-10",
                    {
                        "fresco/old.py": lines(
                            "import warnings",
                            "",
                            "# COMPAT: remove this branch in 1.3.0",
                            "x = 1",
                            "warnings.warn('dry() will be removed in version 1.3')",
                        )
                    },
                ),
                Commit("2023-01-10", {"a.txt": "3\n"}, tag="v1.3.0"),
            ),
            "2024-02-01",
            (Expected("1.3", "fresco/old.py:3"),),
        ),
        Example(
            "The release that came next, and a major one",
            (
                Commit("2022-01-10", {"a.txt": "1\n"}, tag="v1.0.0"),
                Commit("2022-02-10", {"a.txt": "2\n"}, tag="v1.1.0"),
                Commit(
                    "2022-03-10",
                    {
                        "fresco/old.py": lines(
                            "# for walls of before, will be removed next release",
                            "x = 1",
                            "warnings.warn('dry() is deprecated and will be removed in the next major release.')",
                            "# will be removed in the next release of the scaffold",
                        )
                    },
                ),
                Commit("2022-04-10", {"a.txt": "3\n"}, tag="v1.1.1"),
                Commit("2023-01-10", {"a.txt": "4\n"}, tag="v1.2.0"),
                Commit("2023-02-10", {"fresco/new.py": "# will be removed in the next major release\nx = 1\n"}),
                Commit("2023-03-10", {"a.txt": "5\n"}, tag="v2.0.0"),
                Commit("2023-04-10", {"fresco/newest.py": "# will be removed in the next release\nx = 1\n"}),
                Commit("2023-05-10", {"a.txt": "6\n"}, tag="v2.0.1"),
            ),
            "2024-02-01",
            (Expected("1.2", "fresco/old.py:1"), Expected("2.0", "fresco/new.py:1")),
        ),
        Example(
            "A version ahead, another product's version, the past, a test, and a text younger than the release",
            (
                Commit("2022-01-10", {"a.txt": "1\n"}, tag="v1.0.0"),
                Commit("2022-02-10", {"a.txt": "2\n"}, tag="v1.1.0"),
                Commit(
                    "2022-03-10",
                    {
                        "fresco/old.py": lines(
                            "# remove this in 2.0",
                            "x = 1",
                            "# This can be removed in Python 1.2",
                            "y = 1",
                            "# It was removed in 1.2 already",
                            "z = 1",
                        ),
                        "tests/test_a.py": "# remove this in 1.2\n",
                    },
                ),
                Commit("2023-01-10", {"a.txt": "3\n"}, tag="v1.3.0"),
                Commit("2023-05-10", {"fresco/new.py": "# remove this in 1.2\nx = 1\n"}),
            ),
            "2024-02-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each version that is out and had removals promised.

        Raises:
            UnavailableError: ages cannot be told in this clone.
            NotApplicable: the project has no releases to go by.
        """
        view.needs_ages()
        releases = [(as_version(number.group(1)), tag) for tag in view.tags if (number := _number(tag))]
        if len(releases) < _LEAST_RELEASES:
            message = "the repository has fewer than three release tags"
            raise NotApplicable(message)
        due: dict[str, list[_Place]] = {}
        out: dict[str, Tag] = {}
        for place in _places(view, releases):
            reached = [tag for number, tag in releases if number >= as_version(place.version)]
            first = min(reached, key=lambda tag: (tag.at, tag.name))
            if place.since < first.at:
                version = ".".join(map(str, as_version(place.version)[:2]))
                due.setdefault(version, []).append(place)
                out[version] = min(out.get(version, first), first, key=lambda tag: (tag.at, tag.name))
        for version, places in due.items():
            tag = out[version]
            evidence = [at_line(one.path, one.line, one.text) for one in places]
            said_of = f"{tag.at:%Y-%m-%d}: the tag {tag.name}"
            yield Finding(
                signal=self.id,
                subject=version,
                identity=version,
                severity=2,
                kind=self.kind,
                story=_story(version, places, tag, view.now),
                evidence=(*evidence, Evidence(kind=EvidenceKind.COMMIT, locator=tag.sha, seen=said_of)),
                score=round(0.75 + min(0.2, (view.now - tag.at).days / 9_000), 3),
            )


def _number(tag: Tag) -> re.Match[str] | None:
    return _RELEASE.fullmatch(tag.name)


def _places(view: View, releases: list[tuple[tuple[int, ...], Tag]]) -> Iterator[_Place]:
    newest = max(number for number, _ in releases)
    candidates = untraced = 0
    for path, text in suspects(view, _SUSPECT):
        if view.tree.file_class(path) is not FileClass.CODE:
            continue
        wanted = {line: one for line, one in _promises(view, path, text) if as_version(one.version) <= newest}
        since: Mapping[int, tuple[str, datetime]] = view.history.text_since_many(path, tuple(wanted)) if wanted else {}
        candidates += len(wanted)
        untraced += len(wanted) - len(since)
        rows = text.split("\n")
        for line, (_, at) in sorted(since.items()):
            version = wanted[line].version or _following(releases, at, 1 if wanted[line].major else 2)
            if version:
                told = f"{wanted[line].next}, {version}" if wanted[line].next else version
                yield _Place(path, line, rows[line - 1], version, at, told)
    if candidates and untraced == candidates:
        message = "The age of no promise could be told: contents of older commits are not in this clone."
        raise UnavailableError(message, "Use a clone with all its blobs.")


def _following(releases: list[tuple[tuple[int, ...], Tag]], at: datetime, depth: int) -> str:
    """Return the first release after a moment that differs from all before it in that many leading numbers, if any."""
    before = max((number[:depth] for number, tag in releases if tag.at <= at), default=None)
    after = [(tag.at, number) for number, tag in releases if before is not None and number[:depth] > before]
    return ".".join(map(str, min(after)[1][:2])) if after else ""


def _promises(view: View, path: str, text: str) -> Iterator[tuple[int, _Promise]]:
    """Give the line on which a version is promised, and the version: in comments, then in messages."""
    for comment in said(view.tree, path, text):
        if next(named(comment.text), None) is not None:
            continue
        for found in _ORDER.finditer(comment.text):
            if not _PAST.search(found.group()):
                yield comment.line_of(found.start("version")), _Promise(found["version"])
        for found in _NEXT.finditer(comment.text):
            yield comment.line_of(found.start("said")), _next(found)
    for number, row in enumerate(text.split("\n"), start=1):
        if '"' not in row and "'" not in row:
            continue
        if found := _MESSAGE.search(row):
            yield number, _Promise(found["version"])
        elif found := _NEXT.search(row):
            yield number, _next(found)


def _next(found: re.Match[str]) -> _Promise:
    return _Promise("", f"the {' '.join(found['said'].split())}", major=found["major"] is not None)


def _story(version: str, places: list[_Place], tag: Tag, now: datetime) -> Story:
    where = list(dict.fromkeys(f"`{one.path}:{one.line}`" for one in places))
    files = list(dict.fromkeys(one.path for one in places))
    return Story(
        title=title(f"Remove what was due in {version}: {counted(len(where), 'place')}, first ", places[0].path),
        current=(
            f"{listed(where, 10)} {'promises' if len(where) == 1 else 'promise'} a removal for {places[0].said} "
            f"(`{places[0].text.strip()[:100]}`). The tag `{tag.name}` of {tag.at:%Y-%m-%d} reached that version "
            f"{span((now - tag.at).days)} ago."
        ),
        why=(
            "What was announced as gone is still maintained and still offered, and nobody can tell which of these "
            "promises are meant."
        ),
        wanted="Each of these is removed with its notice, or its notice names a version that is still ahead.",
        acceptance=(f"No line of {listed([f'`{path}`' for path in files], 6)} promises a removal for {version}.",),
        scope=tuple(f"`{path}`" for path in files[:8]),
        non_goals=("Removing what was never announced.",),
        risks=("Users may still rely on it: the removal belongs in the release notes.",),
        size="S" if len(where) <= 2 else "M",  # noqa: PLR2004 two places
    )
