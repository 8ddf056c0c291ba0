"""`release-that-broke`: releases have to be repaired within days, again and again."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import ClassVar

from scout.model import Evidence, EvidenceKind, Finding, Story, WorkKind
from scout.repository import Change, Tag
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View
from scout.signals._changes import bare_title, kind, units
from scout.signals._evidence import at_change, seen
from scout.signals._words import listed

_FINAL = re.compile(r"^(?:[A-Za-z][a-z]*(?:-[a-z]+)?[-/@_]?)?(\d+)\.(\d+)(?:\.(\d+))?$")
_YEAR = timedelta(days=365)
_SOON = timedelta(days=4)
_FASTER = 4
_FEWEST = 3
_SHARE = 0.25
_FEWEST_TAGS = 6
_LAST_GAPS = 30
_MANY_FIXES = 20
_OFTEN = 0.5
_Version = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Broken:
    """A release that was repaired: its tag, the tag that repaired it, and what mended it."""

    tag: Tag
    repair: Tag
    fixes: tuple[Change, ...]


def _released(version: str, at: str, title: str = "Add a page") -> Commit:
    return Commit(at, {"a.py": f"a = '{version}'\n"}, title, tag=f"v{version}")


_MONTHLY = tuple(_released(f"1.{month}", f"2023-{month:02}-10") for month in range(1, 6))


class ReleaseThatBroke(Scout):
    """Three releases or more of a year, and a quarter of all, were followed within four days by one that repairs them.

    A repair is the next patch version of the same release, four times sooner than releases usually come, with a fix of
    behaviour or a revert between the two tags. Final versions count, of one line of tags; pre-releases and other tags
    are passed over, and projects that release nearly every day: there a quick release is the habit.

    ## Why it matters
    Users who update first get the fault; those who have learnt that wait, and get the fixes late.

    ## What to do with it
    Read what the repairs had in common, and add the check that would have caught most of them before the tag is set.

    ## Severity
    3 when half of the year's releases had to be repaired, else 2.

    ## Source
    Forsgren, Humble and Kim, Accelerate (2018), on the change failure rate.
    """

    id: ClassVar[str] = "release-that-broke"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.TESTS
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Three of eleven releases were repaired on the next day",
            (
                *_MONTHLY,
                *(
                    one
                    for minor, month in ((9, "09"), (10, "10"), (11, "11"))
                    for one in (
                        _released(f"1.{minor}.0", f"2023-{month}-10"),
                        _released(f"1.{minor}.1", f"2023-{month}-11", "Fix the crash of the page"),
                    )
                ),
            ),
            "2023-12-01",
            (Expected(".", "cd44208390250e0924adae6bf6e1fa6308c05b5a"),),
        ),
        Example(
            "Two repairs, patches without a fix, later ones, other minor versions, and repairs of two years ago",
            (
                _released("1.0.0", "2021-03-10"),
                _released("1.0.1", "2021-03-11", "Fix the crash of the page"),
                _MONTHLY[0],
                _released("1.9.0", "2023-09-10"),
                _released("1.9.1", "2023-09-11", "Fix the crash of the page"),
                _released("1.10.0", "2023-10-10"),
                _released("1.10.1", "2023-10-11", "Fix the crash of the page"),
                _released("1.11.0", "2023-11-01"),
                _released("1.11.1", "2023-11-02", "Fix typo in docs"),
                _released("1.12.0", "2023-11-10"),
                _released("1.12.1", "2023-11-20", "Fix the crash of the page"),
                _released("1.13.0", "2023-12-01"),
                _released("1.14.0", "2023-12-02", "Fix the crash of the page"),
            ),
            "2023-12-20",
        ),
        Example(
            "Three of thirteen",
            (
                *_MONTHLY,
                *(
                    one
                    for minor, month in ((7, "07"), (8, "08"), (9, "09"))
                    for one in (
                        _released(f"1.{minor}.0", f"2023-{month}-10"),
                        _released(f"1.{minor}.1", f"2023-{month}-11", "Fix the crash of the page"),
                    )
                ),
                _released("1.10.0", "2023-10-10"),
                _released("1.11.0", "2023-11-10"),
            ),
            "2023-12-01",
        ),
        Example(
            "Three of nine of the last year, one by a revert, after years of quiet",
            (
                *(
                    _released(f"0.{year}{month}.0", f"{year}-0{month}-10")
                    for year in (2020, 2021)
                    for month in range(1, 9)
                ),
                *_MONTHLY[:3],
                _released("1.9.0", "2023-09-10"),
                _released("1.9.1", "2023-09-11", 'Revert "Add a page"'),
                _released("1.10.0", "2023-10-10"),
                _released("1.10.1", "2023-10-11", "Fix the crash of the page"),
                _released("1.11.0", "2023-11-10"),
                _released("1.11.1", "2023-11-11", "Fix the crash of the page"),
            ),
            "2023-12-01",
            (Expected(".", "c88f4517f7b659be621a919ac201a11b78b71b35"),),
        ),
        Example(
            "Every release comes within days here",
            tuple(_released(f"1.0.{number}", f"2023-11-{number * 2 + 1:02}", "Fix the crash") for number in range(12)),
            "2023-12-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding where releases have to be repaired again and again.

        Raises:
            UnavailableError: the clone's older history is cut off.
            NotApplicable: too few releases are tagged.
        """
        view.needs_ages()
        tags = [(tag, version) for tag in view.tags if (version := _version(tag.name))]
        if len(tags) < _FEWEST_TAGS:
            message = f"fewer than {_FEWEST_TAGS} releases are tagged"
            raise NotApplicable(message)
        year = [tag for tag, _ in tags if view.now - tag.at <= _YEAR]
        broken = tuple(_broken(view, tags))
        if len(broken) >= _FEWEST and len(broken) >= _SHARE * len(year):
            yield Finding(
                signal=self.id,
                subject=".",
                identity="releases",
                severity=3 if len(broken) >= _OFTEN * len(year) else 2,
                kind=self.kind,
                story=_story(broken, len(year)),
                evidence=tuple(_evidence(broken)),
                score=min(0.9, 0.6 + len(broken) / 20),
            )


def _version(name: str) -> _Version | None:
    found = _FINAL.match(name)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def _broken(view: View, tags: Sequence[tuple[Tag, _Version]]) -> Iterator[_Broken]:
    """Give the releases of the last year that were repaired within days, newest first."""
    gaps = [(after.at - before.at).total_seconds() for (before, _), (after, _) in pairwise(tags[-_LAST_GAPS:])]
    soon = min(_SOON, timedelta(seconds=median(gaps) / _FASTER))
    changes = list(units(view, view.now - _YEAR))
    for (tag, version), (repair, then) in reversed(list(pairwise(tags))):
        follows = then == (*version[:2], version[2] + 1) and repair.at - tag.at <= soon
        if not follows or view.now - tag.at > _YEAR:
            continue
        fixes = tuple(one for one in changes if tag.at < one.at <= repair.at and _mends(one))
        if fixes and len(fixes) <= _MANY_FIXES:
            yield _Broken(tag, repair, fixes)


def _mends(change: Change) -> bool:
    what = kind(bare_title(change.title))
    return (what.is_fix and not what.is_polish) or what.is_revert


def _evidence(broken: Sequence[_Broken]) -> Iterator[Evidence]:
    for one in broken[:8]:
        what = seen(f"{one.tag.at:%Y-%m-%d}: release {one.tag.name}, repaired by {one.repair.name}")
        yield Evidence(kind=EvidenceKind.COMMIT, locator=one.tag.sha, seen=what)
        yield from map(at_change, one.fixes[-2:])


def _story(broken: Sequence[_Broken], number: int) -> Story:
    parts = [
        f"`{one.tag.name}` ({one.tag.at:%Y-%m-%d}, `{one.tag.sha[:10]}`) by `{one.repair.name}` "
        f"({(one.repair.at - one.tag.at) / timedelta(days=1):.1f} days later, '{bare_title(one.fixes[-1].title)[:60]}')"
        for one in broken
    ]
    names = [f"`{one.tag.name}`" for one in broken]
    return Story(
        title=f"Check releases before they are tagged: {len(broken)} of {number} had to be repaired within days",
        current=f"Of {number} releases of the last year {len(broken)} were repaired within days: {listed(parts, 6)}.",
        why="Users who update first get the fault; those who have learnt that wait, and get the fixes late.",
        wanted="The check that would have caught most of these faults runs before a release is tagged.",
        acceptance=(
            f"It is written down what would have caught the fault of each: {listed(names, 6)}.",
            "The release workflow or checklist has the check that would have caught most of them.",
        ),
        tests=("A test of the built package as users install it, in the release workflow.",),
        scope=("The release workflow or checklist",),
        non_goals=("Releasing less often.",),
        size="M",
    )
