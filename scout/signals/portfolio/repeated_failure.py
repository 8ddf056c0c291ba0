"""`repeated-failure`: two projects met the same failure, and neither knew of the other."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import ClassVar, NamedTuple

from scout.model import EvidenceKind, Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._evidence import elsewhere
from scout.signals._words import listed, title
from scout.signals.portfolio._failures import Failure, failures, is_same

_TOGETHER = timedelta(days=3)
_MOST_OF_ONE = 3


class _Met(NamedTuple):
    """A failure and the project that met it."""

    project: str
    failure: Failure


class RepeatedFailure(Scout):
    """The same failure was repaired or worked around in two projects of the portfolio, each on its own.

    Two fixes of the last two years tell of the same failure when their titles quote the same error text, name the same
    error and share a word more (two for an error that any program may raise), or have three quarters of their telling
    words in common, three or more. Two comments do when they work around the same report in another project's tracker.
    It is offered once, by the project whose id sorts first. Passed over are routine, style and tests, the same patch in
    both, fixes within three days of each other (somebody rolled them out), and projects that name each other.

    ## Why it matters
    The second team paid for what the first one knew. A failure that came up twice independently has a cause that the
    projects share, and will come up in the next one.

    ## What to do with it
    Compare both repairs, keep the better one, and put it where all projects get it: a shared library, a template, a
    page that on-call people read. Reject the candidate if only the words are alike.

    ## Severity
    3 for three projects and more, else 2; 1 for a workaround that waits for somebody else.

    ## Source
    Beyer et al., Site Reliability Engineering, chapter 15, Postmortem Culture: learning from failure (2016).
    """

    id: ClassVar[str] = "repeated-failure"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY, Reads.PORTFOLIO})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.BUG
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Both lost uploads when the store reset the connection",
            (
                Commit("2023-01-01", {"app/store.py": "put = 0\n"}),
                Commit("2023-09-01", {"app/store.py": "put = 1\n"}, "Fix ConnectionResetError in uploads to the store"),
            ),
            "2024-06-01",
            (Expected("app/store.py", "1f32c3f985ab84dd025df786e673768b3b3ac120"),),
            siblings={
                "meadow": (
                    Commit("2023-01-01", {"lib/send.py": "send = 0\n"}),
                    Commit(
                        "2024-03-01", {"lib/send.py": "send = 1\n"}, "fix: retry upload on ConnectionResetError (#9)"
                    ),
                )
            },
        ),
        Example(
            "Both lost the sessions of guests, in other words",
            (
                Commit("2023-01-01", {"app/cart.py": "cart = 0\n"}),
                Commit("2023-09-01", {"app/cart.py": "cart = 1\n"}, "Fix guest sessions lost after checkout redirect"),
            ),
            "2024-06-01",
            (Expected("app/cart.py", "6ac74aa32aed2ed4af682e88298fb5d81edc3653"),),
            siblings={
                "meadow": (
                    Commit("2023-01-01", {"shop/basket.py": "a = 0\n"}),
                    Commit("2024-03-01", {"shop/basket.py": "a = 1\n"}, "fix: checkout redirect lost session of guest"),
                )
            },
        ),
        Example(
            "Both work around the same report",
            (
                Commit(
                    "2023-01-01",
                    {"setup.py": lines("# Workaround: https://bugs.example.org/toolkit/issues/77", "parallel = False")},
                ),
            ),
            "2024-06-01",
            (Expected("setup.py", "setup.py:1"),),
            siblings={
                "meadow": (
                    Commit(
                        "2023-05-01",
                        {
                            "tools/build.py": lines(
                                "# The parallel build is broken, see",
                                "# https://bugs.example.org/toolkit/issues/77",
                                "jobs = 1",
                            )
                        },
                    ),
                )
            },
        ),
        Example(
            "Rolled out together, the same patch, an error of any program, routine, and one that names the other",
            (
                Commit("2023-01-01", {"a.py": "a = 0\n", "b.py": "b = 0\n", "c.py": "c = 0\n", "d.py": "d = 0\n"}),
                Commit("2023-09-01", {"a.py": "a = 1\n"}, "Fix BrokenPipeError in the report export"),
                Commit("2023-10-01", {"b.py": "b = 1\n"}, "Fix UnicodeDecodeError in names of files"),
                Commit("2023-11-01", {"c.py": "c = 1\n"}, "Fix KeyError in login of guests"),
                Commit("2023-12-01", {"d.py": "d = 1\n"}, "Fix version bump of the lock file"),
                Commit("2024-01-01", {"d.py": "d = 2\n"}, "Fix LookupError of currencies, as in meadow"),
            ),
            "2024-06-01",
            siblings={
                "meadow": (
                    Commit("2023-01-01", {"x.py": "x = 0\n", "b.py": "b = 0\n"}),
                    Commit("2023-09-02", {"x.py": "x = 1\n"}, "Fix BrokenPipeError in the report export"),
                    Commit("2023-10-20", {"b.py": "b = 1\n"}, "Fix UnicodeDecodeError in names of files"),
                    Commit("2023-11-20", {"x.py": "x = 2\n"}, "Fix KeyError in prices of guests"),
                    Commit("2023-12-20", {"x.py": "x = 3\n"}, "Fix version bump of the lock file"),
                    Commit("2024-01-20", {"x.py": "x = 4\n"}, "Fix LookupError of currencies"),
                )
            },
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each failure that this project and others met, if it is the first of them by id."""
        for key, met in _repeated(view):
            others = sorted({one.project for one in met} - {view.project})
            if view.project > others[0]:
                continue
            own = [one.failure for one in met if one.project == view.project]
            comment = own[0].at is None
            yield Finding(
                signal=self.id,
                subject=own[0].path,
                identity=key,
                severity=1 if comment else 3 if len(others) > 1 else 2,
                kind=WorkKind.CHORE if comment else self.kind,
                story=_story(own, [one for one in met if one.project != view.project], others),
                evidence=(
                    *(one.evidence for one in own),
                    *(elsewhere(one.project, one.failure.evidence) for one in met if one.project != view.project),
                ),
                score=0.8 if key.startswith(("text", "report")) else 0.65,
            )


def _repeated(view: View) -> Iterator[tuple[str, list[_Met]]]:
    """Give the causes for which this project and others failed, each of its failures under one cause."""
    theirs: dict[str, list[_Met]] = defaultdict(list)
    for sibling, other in sorted(view.siblings.items()):
        for failure in other.once(failures):
            for key in failure.keys:
                theirs[key].append(_Met(sibling, failure))
    groups: dict[str, list[_Met]] = defaultdict(list)
    for failure in view.once(failures):
        for key in failure.keys:
            same = [one for one in theirs.get(key, ()) if _independent(view, key, failure, one)]
            if same:
                groups[_cause(key, failure)] += [_Met(view.project, failure), *same]
                break
    for cause, met in sorted(groups.items()):
        yield cause, _few(met)


def _cause(key: str, failure: Failure) -> str:
    """Return what tells this failure from others, whatever else is said about it."""
    return f"words {' '.join(sorted(failure.words))}" if key.startswith("word ") else key


def _independent(view: View, key: str, own: Failure, other: _Met) -> bool:
    failure = other.failure
    if not is_same(key, own, failure) or own.contents & failure.contents:
        return False
    if own.at and failure.at and abs(own.at - failure.at) <= _TOGETHER:
        return False
    return not (_names(failure.said, view.project) or _names(own.said, other.project))


def _names(said: str, project: str) -> bool:
    return bool(project) and re.search(rf"\b{re.escape(project)}\b", said, re.IGNORECASE) is not None


def _few(met: list[_Met]) -> list[_Met]:
    """Return each failure once, at most three of a project."""
    number: Mapping[str, list[_Met]] = defaultdict(list)
    for one in dict.fromkeys(met):
        number[one.project].append(one)
    return [one for _, several in sorted(number.items()) for one in several[:_MOST_OF_ONE]]


def _story(own: list[Failure], theirs: list[_Met], others: list[str]) -> Story:
    here = listed([_told(one) for one in own])
    there = listed([f"{_told(one.failure)} in {one.project}" for one in theirs])
    paths = tuple(dict.fromkeys(f"`{one.path}`" for one in own if one.path != "."))
    who = listed(others)
    if own[0].at is None:
        return Story(
            title=title(f"Settle with {who[:30]} the workaround in ", own[0].path),
            current=f"This project and {who} work around the same report: {here} here, {there}.",
            why="When the report is settled, somebody has to find out, and take the workaround out, twice.",
            wanted="It is known whether the report is settled, and both workarounds are gone when it is.",
            acceptance=(
                "A note says what has become of the report.",
                f"If it is settled, the comment and its workaround are gone from {listed(list(paths))} here.",
                *(f"If it is settled, they are gone from {_places(theirs, name)} of {name}, too." for name in others),
            ),
            scope=paths,
            non_goals=("Other workarounds.",),
            size="S",
        )
    return Story(
        title=title(f"Settle what failed here and in {who[:25]}: '", _quoted(own[0].said)[:30].rstrip(), "'"),
        current=f"This project and {who} met the same failure: {here} here, {there}. Neither names the other.",
        why="The second team paid for what the first one knew; a cause that two projects share will reach the next.",
        wanted="The cause is known, and one repair of it is where both projects, and the next, get it from.",
        acceptance=(
            "A note compares the repairs and names the cause that they share, or says that there is none.",
            *(
                f"{name} gets the repair from the same library, template or page as the others, or refers to the note."
                for name in ("This project", *others)
            ),
        ),
        scope=paths,
        non_goals=("Other failures of these projects.",),
        size="M",
    )


def _places(met: list[_Met], project: str) -> str:
    found = (f"`{one.failure.path}`" for one in met if one.project == project and one.failure.path != ".")
    return listed(list(dict.fromkeys(found))) or "the code"


def _quoted(said: str) -> str:
    return said[:80].replace("`", "'")


def _told(failure: Failure) -> str:
    if failure.evidence.kind is EvidenceKind.COMMIT:
        return f"`{failure.evidence.locator[:10]}` of {failure.at:%Y-%m-%d} ({_quoted(failure.said)})"
    return f"the comment at `{failure.evidence.locator}`"
