"""`release-drift`: a project that publishes has not released what it changed for far longer than it used to."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import ClassVar

from scout.model import Evidence, EvidenceKind, Finding, Story, WorkKind
from scout.repository import Change, FileClass, Tag
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View
from scout.signals._changes import bare_title, touches, units
from scout.signals._evidence import at_change, at_path
from scout.signals._project import publishing_file
from scout.signals._words import counted, listed, span

_FINAL = re.compile(r"^(?:[A-Za-z][a-z]*(?:-[a-z]+)?[-/@_]?)?(?:\d+[.-]\d+(?:[.-]\d+)*|\d{4}\.?\d{2}\.?\d{2})$")
_FEWEST_DAYS = 60
_LONG_DAYS = 365
_TIMES = 3
_FEWEST_CHANGES = 5
_MANY_CHANGES = 50
_LAST_GAPS = 12
_UNDER_WAY = timedelta(days=30)
_MANIFESTS = ("package.json", "pyproject.toml", "Cargo.toml", "setup.cfg", "setup.py")
_VERSION = re.compile(r"^\s*\"?version\"?\s*[:=]\s*[\"']?v?(\d+(?:\.\d+)+)[\"']?,?\s*$")
_HABIT = 2 / 3
_MOST_TOLD = 6


def _package(version: str) -> str:
    """Return a manifest of an example."""
    return f'{{\n  "name": "a",\n  "version": "{version}"\n}}\n'


@dataclass(frozen=True, slots=True)
class _Drift:
    """What has not been released: the newest tag in the history, the usual gap in days, newer tags made elsewhere."""

    tag: Tag
    days: int
    gap: float
    changes: tuple[Change, ...]
    elsewhere: tuple[Tag, ...]


class ReleaseDrift(Scout):
    """A project that publishes has changed its code since the newest release tag, and far longer ago than usual.

    The newest tag of a final version that the history holds has to be older than 60 days and older than three times the
    median time between the last twelve releases, with five or more changes of code since; programs, translations and
    sweeps don't count. Where newer versions are tagged on branches that are not merged back, that is how the project
    releases, and no drift, unless it always merged its tags before and has not for a year. Projects that publish
    nothing (no release workflow, no package metadata) are passed over, and so are those that have just set a newer
    version in their manifest: that release is under way.

    ## Why it matters
    Fixes that are merged and not released help nobody; users report what has long been mended. The longer it lasts,
    the larger and riskier the release becomes.

    ## What to do with it
    Release, or say in the README that the project is used from its main branch. Reject the candidate if releases were
    given up on purpose.

    ## Severity
    3 when 50 or more changes of code wait for a release, else 2.

    ## Source
    Field study of 28 public repositories: 3 of 3 findings true. Khomh et al., Do faster releases improve software
    quality? (MSR 2012).
    """

    id: ClassVar[str] = "release-drift"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Releases came monthly, and none for half a year of changes",
            (
                Commit(
                    "2024-01-01", {"pyproject.toml": "[build-system]\nrequires = []\n", "a.py": "a = 0\n"}, tag="v1.0"
                ),
                Commit("2024-02-01", {"a.py": "a = 1\n"}, tag="v1.1"),
                Commit("2024-03-01", {"a.py": "a = 2\n"}, tag="v1.2"),
                *(Commit(f"2024-0{month}-01", {"a.py": f"a = {month}\n"}) for month in range(4, 9)),
            ),
            "2024-09-01",
            (Expected(".", "ad6904e2e21b8feacb92f57e53e0e5a4ca9c06f7"),),
        ),
        Example(
            "Four changes of code only, beside documents, tests and a program's",
            (
                Commit(
                    "2024-01-01", {"pyproject.toml": "[build-system]\nrequires = []\n", "a.py": "a = 0\n"}, tag="v1.0"
                ),
                Commit("2024-02-01", {"a.py": "a = 1\n"}, tag="v1.1"),
                *(Commit(f"2024-0{month}-01", {"a.py": f"a = {month}\n"}) for month in range(3, 7)),
                Commit("2024-07-01", {"README.md": "a\n"}),
                Commit("2024-07-02", {"tests/test_a.py": "a = 1\n"}),
                Commit("2024-07-03", {"a.py": "a = 9\n"}, author="dependabot[bot]"),
            ),
            "2024-09-01",
        ),
        Example(
            "A site that publishes nothing, though it has tags",
            (
                Commit("2024-01-01", {"a.py": "a = 0\n"}, tag="v1.0"),
                Commit("2024-02-01", {"a.py": "a = 1\n"}, tag="v1.1"),
                *(Commit(f"2024-0{month}-01", {"a.py": f"a = {month}\n"}) for month in range(3, 9)),
            ),
            "2024-09-01",
        ),
        Example(
            "The manifest has just got the number of the next release",
            (
                Commit("2024-01-01", {"package.json": _package("1.0.0"), "a.js": "0\n"}, tag="v1.0.0"),
                Commit("2024-02-01", {"a.js": "1\n"}, tag="v1.0.1"),
                *(Commit(f"2024-0{month}-01", {"a.js": f"{month}\n"}) for month in range(3, 9)),
                Commit("2024-08-28", {"package.json": _package("2.0.0")}),
            ),
            "2024-09-01",
        ),
        Example(
            "The manifest got the number of the next release half a year ago",
            (
                Commit("2024-01-01", {"package.json": _package("1.0.0"), "a.js": "0\n"}, tag="v1.0.0"),
                Commit("2024-02-01", {"a.js": "1\n"}, tag="v1.0.1"),
                Commit("2024-03-28", {"package.json": _package("2.0.0")}),
                *(Commit(f"2024-0{month}-01", {"a.js": f"{month}\n"}) for month in range(4, 9)),
            ),
            "2024-09-01",
            (Expected(".", "4b71b9b4e792c861501d70bb43151553efc118fa"),),
        ),
        Example(
            "Candidates, and no release for half a year",
            (
                Commit("2024-01-01", {"setup.py": "setup()\n", "a.py": "a = 0\n"}, tag="1.0"),
                Commit("2024-02-01", {"a.py": "a = 1\n"}, tag="1.1"),
                *(
                    Commit(f"2024-0{month}-01", {"a.py": f"a = {month}\n"}, tag=f"1.2rc{month}")
                    for month in range(3, 9)
                ),
            ),
            "2024-09-01",
            (Expected(".", "3c5d6d6b0981071b54ed1adfa2aa342d264b3e09"),),
        ),
        Example(
            "Releases come once a year",
            (
                Commit("2022-01-01", {"setup.py": "setup()\n", "a.py": "a = 0\n"}, tag="1.0"),
                Commit("2023-01-01", {"a.py": "a = 1\n"}, tag="1.1"),
                Commit("2024-01-01", {"a.py": "a = 2\n"}, tag="1.2"),
                *(Commit(f"2024-0{month}-01", {"a.py": f"a = {month}\n"}) for month in range(3, 9)),
            ),
            "2024-09-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding where releases have fallen behind.

        Raises:
            UnavailableError: the clone's older history is cut off.
            NotApplicable: nothing is released or published here.
        """
        view.needs_ages()
        finals = [tag for tag in view.tags if _FINAL.match(tag.name)]
        if len(finals) < 2:  # noqa: PLR2004 one release has no rhythm
            message = "fewer than two releases are tagged"
            raise NotApplicable(message)
        door = publishing_file(view)
        if door is None:
            message = "it publishes nothing that users install"
            raise NotApplicable(message)
        drift = _drift(view, finals)
        if drift is not None:
            yield Finding(
                signal=self.id,
                subject=".",
                identity=f"since {drift.tag.name}",
                severity=3 if len(drift.changes) >= _MANY_CHANGES and not drift.elsewhere else 2,
                kind=self.kind,
                story=_story(view, drift, door),
                evidence=tuple(_evidence(drift, door)),
                score=min(0.95, 0.7 + drift.days / 3650),
            )


def _drift(view: View, finals: Sequence[Tag]) -> _Drift | None:
    held = view.history.holds(tag.sha for tag in finals)
    merged = [tag for tag in finals if tag.sha in held]
    if not merged:
        return None
    newest = merged[-1]
    elsewhere = tuple(tag for tag in finals if tag.sha not in held and tag.at > newest.at)
    days = (view.now - newest.at).days
    gap = _gap(merged)
    if days <= max(_FEWEST_DAYS, _TIMES * gap):
        return None
    if elsewhere and (days <= _LONG_DAYS or len(merged) < _HABIT * len(finals)):
        return None
    if _is_under_way(view, newest):
        return None
    changes = tuple(
        unit for unit in units(view, newest.at) if unit.at > newest.at and touches(view, unit, FileClass.CODE)
    )
    return _Drift(newest, days, gap, changes, elsewhere) if len(changes) >= _FEWEST_CHANGES else None


def _is_under_way(view: View, newest: Tag) -> bool:
    """Say whether the manifest got, not long ago, the number of a release that comes after the newest one."""
    released = _numbers(newest.name)
    for path in _MANIFESTS:
        text = (view.tree.text(path) or "") if path in view.tree.files else ""
        for number, line in enumerate(text.split("\n"), start=1):
            if (found := _VERSION.match(line)) and _numbers(found[1]) > released:
                since = view.history.text_since(path, number)
                return since is not None and view.now - since[1] <= _UNDER_WAY
    return False


def _numbers(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", name))


def _gap(tags: Sequence[Tag]) -> float:
    days = sorted({tag.at.date() for tag in tags})
    gaps = [(after - before).days for before, after in pairwise(days)]
    return median(gaps[-_LAST_GAPS:]) if gaps else 0


def _evidence(drift: _Drift, door: str) -> Iterator[Evidence]:
    seen = f"{drift.tag.at:%Y-%m-%d}: release {drift.tag.name}"
    yield Evidence(kind=EvidenceKind.COMMIT, locator=drift.tag.sha, seen=seen)
    yield at_path(door, "publishes releases")
    yield from map(at_change, drift.changes[-_MOST_TOLD:])


def _story(view: View, drift: _Drift, door: str) -> Story:
    tag, number = drift.tag, len(drift.changes)
    samples = [f"'{bare_title(one.title)[:70]}'" for one in drift.changes[:_MOST_TOLD]]
    usual = f"; before, a release came every {round(drift.gap)} days (median)" if drift.gap else ""
    current = (
        f"The newest release that this branch holds is `{tag.name}` of {tag.at:%Y-%m-%d} (`{tag.sha}`), "
        f"{drift.days} days before {view.now:%Y-%m-%d}{usual}. {counted(number, 'change').capitalize()} of code "
        f"came since"
    )
    if drift.elsewhere:
        return _story_of_branches(drift, door, current)
    return Story(
        title=f"Release what has changed since {tag.name[:40]} ({span(drift.days)})",
        current=f"{current} that are in no release, the newest {listed(samples)}.",
        why=(
            f"`{door}` says that the project publishes releases. Users who install one do not get these fixes, and "
            "whoever looks for the version of this branch finds one that is long past."
        ),
        wanted=(
            "A release is tagged and published that has these changes, or the README says why there will be none; the "
            "change log says what is in it."
        ),
        acceptance=(
            "`git describe --tags --abbrev=0` names a release newer than " + f"`{tag.name}`.",
            "The change log and the published package name the same version.",
        ),
        scope=(f"Changes since `{tag.name}`", f"`{door}`"),
        non_goals=("New features for the release.",),
        risks=("A release of so many changes wants a candidate that users can try first.",),
        size="M",
    )


def _story_of_branches(drift: _Drift, door: str, current: str) -> Story:
    tag, newest = drift.tag, drift.elsewhere[-1]
    return Story(
        title=f"Merge the releases from {tag.name[:30]} to {newest.name[:30]} back into the main line",
        current=(
            f"{current}. {counted(len(drift.elsewhere), 'newer tag').capitalize()} up to `{newest.name}` of "
            f"{newest.at:%Y-%m-%d} {'stands' if len(drift.elsewhere) == 1 else 'stand'} on branches that were not "
            f"merged back, although releases up to `{tag.name}` were."
        ),
        why=(
            f"`git describe` and all that counts from tags take this branch for `{tag.name}`, so that nobody can tell "
            "from it what is released and what is not; a fix that was made on a release branch only can be lost."
        ),
        wanted=(
            "The releases are part of this branch's history, or it is written down that releases are tagged elsewhere "
            "and how to tell what of this branch they hold."
        ),
        acceptance=(
            f"`git describe --tags --abbrev=0` names `{newest.name}` or a newer release, or CONTRIBUTING says why not.",
            f"`git log HEAD..{newest.name}` shows no fix that this branch lacks.",
        ),
        scope=(f"Tags from `{tag.name}` to `{newest.name}`", f"`{door}`"),
        non_goals=("A new release.",),
        risks=("Merging an old release branch can bring back what was changed since; compare before.",),
        size="S",
    )
