"""`release-drift`: a project that publishes has not released what it changed for far longer than it used to."""

from collections.abc import Iterator
from typing import ClassVar

from scout.model import Evidence, EvidenceKind, Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View
from scout.signals._changes import bare_title
from scout.signals._evidence import at_change, at_path
from scout.signals._project import publishing_file
from scout.signals._words import counted, listed, span
from scout.signals.delivery._unreleased import FINAL, MANY_CHANGES, Drift, unreleased

_MOST_TOLD = 6


def _package(version: str) -> str:
    """Return a manifest of an example."""
    return f'{{\n  "name": "a",\n  "version": "{version}"\n}}\n'


class ReleaseDrift(Scout):
    """A project that publishes has changed its code since the newest release tag, and far longer ago than usual.

    The newest tag of a final version that the history holds has to be older than 60 days and older than three times
    the median time between the last twelve releases (corrections within two weeks belong to the release before
    them), with five or more changes of code since; programs, translations and sweeps don't count. Ten days with
    tags within two months mark deployments, and are no releases. Where newer versions are tagged on branches that
    are not merged back, that is how the project releases, and no drift, unless it always merged its tags before,
    has not for a year, and no page or workflow tells of release branches. Projects that publish nothing (no release
    workflow, no package metadata) are passed over, and so are those that have just set a newer version in their
    manifest, or tagged an alpha, beta or candidate of one within 60 days: that release is under way. Where 50 changes
    and more came in three years without a release, releases were given up.

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
            "Candidates until spring, and no release for half a year",
            (
                Commit("2024-01-01", {"setup.py": "setup()\n", "a.py": "a = 0\n"}, tag="1.0"),
                Commit("2024-02-01", {"a.py": "a = 1\n"}, tag="1.1"),
                *(
                    Commit(f"2024-0{month}-01", {"a.py": f"a = {month}\n"}, tag=f"1.2rc{month}")
                    for month in range(3, 7)
                ),
                *(Commit(f"2024-0{month}-01", {"a.py": f"a = {month}\n"}) for month in range(7, 9)),
            ),
            "2024-09-01",
            (Expected(".", "3c5d6d6b0981071b54ed1adfa2aa342d264b3e09"),),
        ),
        Example(
            "An alpha of the next version every month",
            (
                Commit("2024-01-01", {"setup.py": "setup()\n", "a.py": "a = 0\n"}, tag="0.9"),
                Commit("2024-02-01", {"a.py": "a = 1\n"}, tag="0.10"),
                *(Commit(f"2024-0{month}-01", {"a.py": f"a = {month}\n"}, tag=f"1.0a{month}") for month in range(3, 9)),
            ),
            "2024-09-01",
        ),
        Example(
            "Releases come twice a year, each with two corrections on the days after",
            (
                Commit("2020-01-01", {"setup.py": "setup()\n", "a.py": "a = 0\n"}, tag="1.0.0"),
                *(
                    Commit(
                        f"202{year}-{month:02}-0{day}",
                        {"a.py": f"a = {year}{month}{day}\n"},
                        tag=f"1.{year}{month}.{day}",
                    )
                    for year in range(1, 4)
                    for month in (1, 7)
                    for day in range(1, 4)
                ),
                *(Commit(f"2023-{month:02}-01", {"a.py": f"a = 9{month}\n"}) for month in range(8, 13)),
            ),
            "2024-01-01",
        ),
        Example(
            "Tags of every day, which marked deployments until this was given up",
            (
                Commit("2024-01-01", {"setup.py": "setup()\n", "a.py": "a = 0\n"}, tag="tag20240101.0"),
                *(
                    Commit(f"2024-01-0{day}", {"a.py": f"a = {day}\n"}, tag=f"tag2024010{day}.0")
                    for day in range(2, 10)
                ),
                Commit("2024-01-10", {"a.py": "a = 10\n"}, tag="tag20240110.0"),
                *(Commit(f"2024-0{month}-01", {"a.py": f"b = {month}\n"}) for month in range(3, 9)),
            ),
            "2024-09-01",
        ),
        Example(
            "Releases were given up years ago",
            (
                Commit("2020-01-01", {"setup.py": "setup()\n", "a.py": "a = 0\n"}, tag="1.0"),
                Commit("2020-02-01", {"a.py": "a = 1\n"}, tag="1.1"),
                *(
                    Commit(f"202{year}-{month:02}-01", {"a.py": f"a = {year}{month}\n"})
                    for year in range(1, 6)
                    for month in range(1, 11)
                ),
            ),
            "2026-01-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding where releases have fallen behind.

        Raises:
            UnavailableError: the clone's older history is cut off.
            NotApplicable: nothing is released or published here.
        """
        view.needs_ages()
        finals = [tag for tag in view.tags if FINAL.match(tag.name)]
        if len(finals) < 2:  # noqa: PLR2004 one release has no rhythm
            message = "fewer than two releases are tagged"
            raise NotApplicable(message)
        door = publishing_file(view)
        if door is None:
            message = "it publishes nothing that users install"
            raise NotApplicable(message)
        drift = unreleased(view, finals)
        if drift is not None:
            yield Finding(
                signal=self.id,
                subject=".",
                identity=f"since {drift.tag.name}",
                severity=3 if len(drift.changes) >= MANY_CHANGES and not drift.elsewhere else 2,
                kind=self.kind,
                story=_story(view, drift, door),
                evidence=tuple(_evidence(drift, door)),
                score=min(0.95, 0.7 + drift.days / 3650),
            )


def _evidence(drift: Drift, door: str) -> Iterator[Evidence]:
    seen = f"{drift.tag.at:%Y-%m-%d}: release {drift.tag.name}"
    yield Evidence(kind=EvidenceKind.COMMIT, locator=drift.tag.sha, seen=seen)
    yield at_path(door, "publishes releases")
    yield from map(at_change, drift.changes[-_MOST_TOLD:])


def _story(view: View, drift: Drift, door: str) -> Story:
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


def _story_of_branches(drift: Drift, door: str, current: str) -> Story:
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
