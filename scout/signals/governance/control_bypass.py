"""`control-bypass`: changes of code come without tests more and more."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle
from typing import ClassVar

from scout.model import Evidence, Finding, Story, WorkKind
from scout.repository import FileClass
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View
from scout.signals._changes import SOURCE
from scout.signals._evidence import at_change, metric
from scout.signals._words import counted
from scout.signals.governance._quarters import Quarter, Rates, quarterly, share
from scout.signals.governance._templates import asks_for_tests

_FEWEST = 40
_HIGH = 0.6
_RISE = 0.15
_TEMPO = 2.0
_HALF = 0.5
_FEWEST_TESTS = 10
_ADOPTED = 0.02
_WORSE = 0.05
_NO_RULE = 0.75
_MOSTLY = 0.6
_WEAK = "it rose by less than 15 points, or tests came with few changes before: a figure to watch"
_MOST_TOLD_FILES = 15
_MOST_TOLD = 5


_TESTS = Commit("2021-01-01", {f"tests/test_{name}.py": "a = 1\n" for name in "abcdefghij"})
_TIDYING = "refactor: sort queues|Move queues to their own module|Speed up queues|#12 - Convert queues to lists"
_NO_MATTER = (
    *(("app.py", title) for title in ("Bump requests to 2.1", "Lint", "Revert queues", *_TIDYING.split("|"))),
    ("app.rs", "Sort"),
    ("app/page.html.erb", "Show totals"),
    ("app/page.jinja2", "Show sums"),
)
_TEMPLATE = {".github/pull_request_template.md": "- [ ] I have added tests for my changes.\n"}
_COMPARED = (("__snapshots__", "snap"), ("fixtures", "json"))
_FOUND = Expected(
    ".",
    "share of changes of code without a test; changes: `git log --first-parent --diff-merges=first-parent --name-only "
    "--since=2022-01-01 --until=2025-01-01`",
)


def _year(year: int, tested: int, of: int = 4) -> tuple[Commit, ...]:
    """Return the changes of a year of an example: a few a month, of which some bring a test, by three people."""
    return tuple(
        Commit(
            f"{year}-{month:02}-{day:02}",
            {"app.py": f"a = {year}{month}{day}\n"}
            | ({"tests/test_a.py": f"b = {year}{month}{day}\n"} if day <= tested else {}),
            author=f"person{day % 3}",
        )
        for month in range(1, 13)
        for day in range(1, of + 1)
    )


def _in_steps(one: Commit) -> tuple[Commit, Commit]:
    test = {"tests/test_a.py": f"c = '{one.at}'\n"}
    return replace(one, at=f"{one.at}T08:00:00Z"), replace(one, at=f"{one.at}T08:01:00Z", files=test)


class ControlBypass(Scout):
    """Of the changes of code in the last four quarters, far more came without a test than in the two years before.

    Counted are changes of the main line that touch code, quarter by quarter, and whether they touch a test as well;
    not those of programs, sweeps, translations, vendored code, templates of pages and Rust (its tests stand in the
    same files), nor updates of dependencies and versions, repairs of looks, tidying up, speed and translations by their
    titles, and changes taken back. What tests compare with (fixtures, snapshots) counts as a test.
    A finding needs 40 changes in the last four whole quarters, and of those without a test either 15 points more than
    in the eight quarters before, or where one in four brought a test before, five points more and 60 in a hundred, or
    half of them, and no fewer than before, at twice the tempo. Differences that may be chance (less than two standard
    errors) don't count. A share that has been high for three years is how the team works, and no finding. Offered are
    rises of 15 points from 60 in a hundred at most. Repositories with fewer than ten files of tests, whose changes
    hardly ever bring tests, or that one person maintains, have not made this their rule, and where a template of
    requests asks for tests, they have decided. Commits within two minutes are one change, unless they are merges or
    named after a request. It counts changes, never people.

    ## Why it matters
    When work speeds up, tests are what is left out first. It shows months later, as repairs, and by then nobody knows
    which change began it.

    ## What to do with it
    Decide in the team what is meant: a check in continuous integration, a question in the template of requests, or
    words on when a change needs no test. Then look at the next quarter.

    ## Severity
    2.

    ## Source
    Forsgren, Humble and Kim, Accelerate (2018); Beller et al., Developer testing in the IDE (TSE 2019).
    """

    id: ClassVar[str] = "control-bypass"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Changes brought tests, until a year ago",
            (_TESTS, *_year(2022, 4), *_year(2024, 0)),
            "2025-01-10",
            (_FOUND,),
        ),
        Example(
            "Four in seven came without a test for two years, and seven in ten do now",
            (_TESTS, *_year(2022, 3, 7), *_year(2023, 3, 7), *_year(2024, 3, 10)),
            "2025-01-10",
        ),
        Example(
            "Six in ten came without a test, and two in three of a few do now, as chance may bring it",
            (_TESTS, *_year(2022, 2, 5), *_year(2023, 2, 5), *_year(2024, 2, 6)),
            "2025-01-10",
        ),
        Example(
            "Twice as many changes as before, and half of them without a test, as before",
            (_TESTS, *_year(2023, 2), *_year(2024, 2)),
            "2025-01-10",
        ),
        Example(
            "Three in four come without a test, as before",
            (_TESTS, *_year(2022, 1), *_year(2023, 1), *_year(2024, 1)),
            "2025-01-10",
        ),
        Example(
            "Four in five come without a test, as before, of twice as many",
            (_TESTS, *_year(2022, 1, 5), *_year(2023, 1, 5), *_year(2024, 2, 10)),
            "2025-01-10",
        ),
        Example(
            "Seven in ten came without a test, and all do now",
            (_TESTS, *_year(2022, 3, 10), *_year(2023, 3, 10), *_year(2024, 0, 10)),
            "2025-01-10",
        ),
        Example("Nearly no change ever brought one", (_TESTS, *_year(2023, 0), *_year(2024, 0)), "2025-01-10"),
        Example(
            "Nine files of tests",
            (replace(_TESTS, files=dict(list(_TESTS.files.items())[:9])), *_year(2022, 4), *_year(2024, 0)),
            "2025-01-10",
        ),
        Example(
            "Updates, looks, order, what was taken back, templates and Rust come without a test, all else with one",
            (
                _TESTS,
                *_year(2022, 4),
                *_year(2024, 4),
                *(
                    Commit(f"2024-{month:02}-{day:02}", {name: f"e = {month}\n"}, title, author=f"person{day % 2}")
                    for month in range(1, 13)
                    for day, (name, title) in enumerate(_NO_MATTER, start=20)
                ),
            ),
            "2025-01-10",
        ),
        Example(
            "Changes bring what the tests compare with: snapshots, or fixtures",
            (
                _TESTS,
                *_year(2022, 4),
                *(
                    replace(one, files={**one.files, f"ui/{folder}/chart.{end}": f"{one.at}\n"})
                    for one, (folder, end) in zip(_year(2024, 0), cycle(_COMPARED), strict=False)
                ),
            ),
            "2025-01-10",
        ),
        Example(
            "Too few changes to say anything, and programs' changes",
            (
                _TESTS,
                *(Commit(f"2024-{month:02}-01", {"app.py": f"c = {month}\n"}) for month in range(1, 13)),
                *(
                    Commit(f"2024-{month:02}-{day:02}", {"app.py": f"d = {month}{day}\n"}, author="update[bot]")
                    for month in range(1, 13)
                    for day in range(2, 6)
                ),
            ),
            "2025-01-10",
        ),
        Example(
            "Changes are put on the main line commit by commit, code first and its test a minute later",
            (_TESTS, *_year(2022, 4), *(step for one in _year(2024, 0) for step in _in_steps(one))),
            "2025-01-10",
        ),
        Example(
            "The template of requests asks for tests",
            (replace(_TESTS, files={**_TESTS.files, **_TEMPLATE}), *_year(2022, 4), *_year(2024, 0)),
            "2025-01-10",
        ),
        Example(
            "One person maintains it",
            (_TESTS, *_year(2022, 4), *(replace(one, author="first") for one in _year(2024, 0))),
            "2025-01-10",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding where the rule is passed by.

        Raises:
            UnavailableError: the clone's older history is cut off.
            NotApplicable: tests are no rule of this repository, or too little has changed.
        """
        view.needs_ages()
        if view.history.sole_maintainer(view.now) or asks_for_tests(view.tree):
            message = "one person maintains the repository, or the template of requests asks for tests already"
            raise NotApplicable(message)
        rates = quarterly(view)
        if rates.number < _FEWEST:
            message = f"fewer than {_FEWEST} changes of code in four quarters"
            raise NotApplicable(message)
        named = (path for path in view.tree.files if SOURCE.search(path) and ("test" in path or "spec" in path))
        tests = sum(view.tree.file_class(path) is FileClass.TEST for path in named)
        adopted = 1 - share((*rates.recent, *rates.before))
        if tests < _FEWEST_TESTS or adopted < _ADOPTED:
            message = "tests with every change are no rule here"
            raise NotApplicable(message)
        known = rates.earlier >= _FEWEST and not rates.may_be_chance
        was_rule = rates.rate_before <= _NO_RULE
        rose = known and rates.rate - rates.rate_before >= _RISE
        worse = known and was_rule and rates.rate >= _HIGH and rates.rate - rates.rate_before >= _WORSE
        faster = was_rule and rates.tempo >= _TEMPO and rates.rate >= max(_HALF, rates.rate_before)
        if rose or worse or faster:
            telling = rose and rates.rate_before <= _MOSTLY
            yield Finding(
                signal=self.id,
                subject=".",
                identity="tests with code",
                severity=2,
                kind=self.kind,
                story=_story(rates),
                evidence=tuple(_evidence(rates)),
                score=round(min(0.95, 0.6 + max(0.0, rates.rate - rates.rate_before)), 3),
                offered=telling,
                because="" if telling else _WEAK,
            )


def _query(rates: Rates) -> str:
    first, last = rates.before[0].start, rates.recent[-1].start
    end = last.replace(year=last.year + 1, month=1) if last.month == 10 else last.replace(month=last.month + 3)  # noqa: PLR2004 the last quarter
    log = "git log --first-parent --diff-merges=first-parent --name-only"
    return f"share of changes of code without a test; changes: `{log} --since={first:%Y-%m-%d} --until={end:%Y-%m-%d}`"


def _figures(quarters: Sequence[Quarter]) -> str:
    return ", ".join(f"{one.name}: {len(one.without)} of {len(one.changes)}" for one in quarters)


def _evidence(rates: Rates) -> Iterator[Evidence]:
    yield metric(_query(rates), _figures((*rates.before[-4:], *rates.recent)))
    newest = [
        change
        for quarter in reversed(rates.recent)
        for change in quarter.without
        if len(change.files) <= _MOST_TOLD_FILES
    ]
    for change in sorted(newest, key=lambda one: -len(one.files))[:_MOST_TOLD]:
        yield at_change(change)


def _story(rates: Rates) -> Story:
    compared = (
        f" In the eight quarters before, {round(100 * rates.rate_before)} % of {rates.earlier} came without one."
        if rates.earlier
        else ""
    )
    before = f", {round(100 * rates.rate_before)} % did before" if rates.earlier else ""
    return Story(
        title=f"Agree on tests for changes of code: {round(100 * rates.rate)} % come without one{before}",
        current=(
            f"Of {counted(rates.number, 'change')} of code on the main line in the last four whole quarters "
            f"(updates of dependencies and versions, looks and reverts left out; commits at once are one), "
            f"{round(100 * rates.rate)} % touch no test ({_figures(rates.recent)}).{compared} "
            f"Counted by: {_query(rates)}."
        ),
        why=(
            "A change without a test relies on somebody noticing when the next one breaks it. The share says how often "
            "this repository has taken that risk lately."
        ),
        wanted=(
            "The team has decided which changes need a test, and something other than memory asks for it: a check, the "
            "template of requests, or the coverage of changed lines."
        ),
        acceptance=(
            "CONTRIBUTING, or what the team reads instead, says which changes need a test.",
            "Continuous integration or the template of requests asks for it.",
            "The share of the following quarter is lower.",
        ),
        scope=("Rules and checks for changes", "`CONTRIBUTING`, templates, workflows"),
        non_goals=("Tests for past changes.", "Figures about people."),
        risks=("A check that can be satisfied by an empty test.",),
        size="M",
    )
