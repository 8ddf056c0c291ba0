"""`flaky-cluster`: changes that calm flaky tests come again and again."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.repository import Change, FileClass
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View
from scout.signals._changes import YEAR, kind, told, units
from scout.signals._evidence import at_change
from scout.signals._words import counted, listed

_FLAKY = re.compile(
    r"\b(?:flak(?:y|ey|iness|eyness)|intermittent(?:ly)? fail\w*|non-?deterministic tests?)\b", re.IGNORECASE
)
_ABOUT_THE_WORD = re.compile(r"\b(?:docs?|docstrings?|documentation|changelog|tutorial|typos?)\b", re.IGNORECASE)
_FEWEST = 5
_MOST_A_DAY = 2
_MANY = 10
_MOST_TOLD = 3
_TESTS = frozenset({FileClass.TEST, FileClass.FIXTURE})


class FlakyCluster(Scout):
    """Five or more changes of the last twelve months deal with flaky tests.

    Counted are changes of the main line whose title says 'flaky', 'flakey' or 'flakiness' ('flake', the linter, is
    another word), at most two of a day, since a history that is brought in comes on one day. Not counted are changes of
    programs, translations, sweeps, and what was taken back. A repository has one finding.

    ## Why it matters
    Tests that fail without a reason are run again until they pass: each run costs waiting time, and people learn to
    pass over failures, the real ones too. Repairs one test at a time have not ended it.

    ## What to do with it
    Look at the repairs together: what they have in common (time, order, shared state, network, animation) is the thing
    to mend. Reject the candidate if that has just been done.

    ## Severity
    3 from ten changes in the twelve months, else 2.

    ## Source
    Luo et al., An Empirical Analysis of Flaky Tests (FSE 2014). Field study: true in 12 of 13 repositories.
    """

    id: ClassVar[str] = "flaky-cluster"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.TESTS
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Five repairs of flaky tests in a year",
            (
                Commit("2023-06-01", {"tests/test_a.py": "a = 0\n"}, "Add tests"),
                *(
                    Commit(f"2024-0{month}-03", {"tests/test_a.py": f"a = {month}\n"}, f"Fix flaky test of the {what}")
                    for month, what in enumerate(("search", "mail", "queue", "login", "clock"), start=1)
                ),
            ),
            "2024-07-01",
            (Expected(".", "d4b9bb056ff78ab846d50c40834f7f9c6c34696d"),),
        ),
        Example(
            "Four repairs, the linter flake8, the same word on one day, and a page about the word",
            (
                *(
                    Commit(f"2024-0{month}-03", {"tests/test_a.py": f"a = {month}\n"}, "Fix flaky test")
                    for month in range(1, 5)
                ),
                *(
                    Commit(f"2024-05-0{day}", {"tox.ini": f"a = {day}\n"}, "Run flake8, fix flakes")
                    for day in range(1, 6)
                ),
                Commit("2024-06-01", {"docs/a.md": "a\n"}, "Write docs about flaky tests"),
                Commit("2022-06-01", {"tests/test_a.py": "a = 9\n"}, "Fix a flaky test"),
            ),
            "2024-07-01",
        ),
        Example(
            "A history that was brought in on one day, beside two repairs",
            (
                Commit("2024-02-03", {"tests/test_a.py": "a = 20\n"}, "Fix flaky test of the search"),
                Commit("2024-03-03", {"tests/test_a.py": "a = 21\n"}, "Fix flaky test of the mail"),
                *(
                    Commit("2024-05-03", {"tests/test_a.py": f"a = {number}\n"}, f"Fix flaky test number {number}")
                    for number in range(7)
                ),
            ),
            "2024-07-01",
        ),
        Example(
            "Four repairs, and one taken back",
            (
                *(
                    Commit(f"2024-0{month}-03", {"tests/test_a.py": f"a = {month}\n"}, f"Fix flaky test {month}")
                    for month in range(1, 5)
                ),
                Commit("2024-05-03", {"tests/test_a.py": "a = 3\n"}, 'Revert "Fix flaky test 4"'),
            ),
            "2024-07-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding where flakiness comes again.

        Raises:
            UnavailableError: the clone's older history is cut off.
        """
        view.needs_ages()
        found = [
            unit
            for unit in units(view, view.now - YEAR)
            if _FLAKY.search(unit.title) and not _ABOUT_THE_WORD.search(unit.title) and not kind(unit.title).is_revert
        ]
        days = Counter(unit.at.date() for unit in found)
        if sum(min(_MOST_A_DAY, number) for number in days.values()) < _FEWEST:
            return
        yield Finding(
            signal=self.id,
            subject=".",
            severity=3 if len(found) >= _MANY else 2,
            kind=self.kind,
            story=_story(view, found),
            evidence=tuple(map(at_change, found)),
            score=min(0.95, 0.7 + len(found) / 50),
        )


def _story(view: View, found: Sequence[Change]) -> Story:
    places = _places(view, found)
    where = f" They touch {listed([f'`{path}`' for path in places])} most often." if places else ""
    return Story(
        title=f"Find the common cause of flaky tests ({counted(len(found), 'change')} in a year)",
        current=(
            f"In the twelve months before {view.now:%Y-%m-%d}, {counted(len(found), 'change')} of the main line "
            f"dealt with flaky tests, the newest in {listed([told(one) for one in found], _MOST_TOLD)}.{where}"
        ),
        why=(
            "Each flaky test costs a second run of continuous integration and teaches people to pass over red builds. "
            "The tests were repaired, skipped or marked one at a time, and new ones kept coming."
        ),
        wanted=(
            "The repairs have been read together and the causes they share (time, order of results, shared state, "
            "network, waiting for the page) are mended where the tests get them from: fixtures, helpers, settings."
        ),
        acceptance=(
            "A note in the issue groups the changes named above by cause.",
            "The most frequent cause is mended in one place, and the tests concerned pass 20 times in a row.",
            "Tests that stay unreliable are marked with a reason and an issue.",
        ),
        tests=tuple(f"`{path}`" for path in places),
        scope=tuple(f"`{path}`" for path in places),
        non_goals=("Retrying failed tests without looking at the cause.",),
        risks=("A mended test can uncover a real race in the product.",),
        size="M",
    )


def _places(view: View, found: Sequence[Change]) -> list[str]:
    counts = Counter(
        file.path
        for unit in found
        for file in unit.files
        if file.path in view.tree.files and view.tree.file_class(file.path) in _TESTS
    )
    return [path for path, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:4]]
