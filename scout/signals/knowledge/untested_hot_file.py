"""`untested-hot-file`: a complicated file that changes and breaks often is named by no test."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import ClassVar

from scout.model import Evidence, Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View
from scout.signals._changes import YEAR, told
from scout.signals._evidence import at_change, at_path
from scout.signals._words import listed, title
from scout.signals.knowledge._components import is_reached
from scout.signals.knowledge._hot import Spot, Tests, family, spots, symbols
from scout.signals.knowledge._repairs import repairs

_HOTTEST = 40
_FEWEST_LINES = 60
_FEWEST_CHANGES = 4
_FEWEST_FIXES = 3
_FEW_FIXES = 2
_MANY_CHANGES = 10
_MANY_FIXES = 5
_FEWEST_TESTS = 5
_INDIRECTLY = re.compile(
    r"(?:^|/)(?:config|settings|conf|environments|initializers|migrations?|versions|controllers|views|handlers|endpoints|routers?|resolvers|scripts|tools|ci|examples|demos?|seeds?"
    r"|e2e|cypress|playwright\w*|stories|locales?)/|(?:^|/)(?:main|app|index|views?|api|routes|urls|settings|conf|config|setup|manage"
    r"|conftest|application_controller|types|constants|schema)\.\w+$|\.d\.ts$|\.(?:stories|config)\.\w+$",
    re.IGNORECASE,
)
_TESTS_INSIDE = re.compile(
    r"#\[cfg\(test\)\]|^[^\S\n]*>>> |import\.meta\.vitest|^[^\S\n]*(?:describe|it)\(", re.MULTILINE
)


class UntestedHotFile(Scout):
    """One of the forty hottest files of code has no test that names it.

    Heat is the number of changes in twelve months times the logarithm of the indentation times one more than the number
    of fixes; those of looks and texts, and those that only rename, don't count. The file has 60 lines or more and four
    changes with three fixes or more, or ten changes with two; no test is named after it, imports it, or names one of
    the functions and classes that it defines. Configuration, routes, views and controllers (request and system tests
    reach them), components whose subject tests in a browser are about or where fewer than one in four has a test, entry
    points, scripts and files with tests inside are passed over, and so are languages with fewer than five test files in
    the repository.

    ## Why it matters
    Here people change complicated code most often, have had to repair it, and nothing tells them before the merge that
    they broke it.

    ## What to do with it
    Write tests for what the fixes named below were about. `scout: ignore[untested-hot-file] reason` in a comment within
    the first ten lines keeps it.

    ## Severity
    3 from five fixes in twelve months, else 2.

    ## Source
    Tornhill, Your Code as a Crime Scene (2015); Nagappan and Ball, Use of relative code churn measures to predict
    system defect density (ICSE 2005).
    """

    id: ClassVar[str] = "untested-hot-file"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.TESTS
    cap: ClassVar[int | None] = 3
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A file with two fixes that no test names, beside one that a test imports",
            (
                Commit(
                    "2024-01-01",
                    {
                        **{f"tests/test_{name}.py": "def test_it():\n    assert ledger_total()\n" for name in "abcde"},
                        "app/mailing.py": "def send_later():\n" + "    if a:\n        b()\n" * 40,
                        "app/ledgers.py": "def ledger_total():\n" + "    if a:\n        b()\n" * 40,
                        "app/short.py": "def short_one():\n    pass\n",
                        "app/settings.py": "ANYTHING = 1\n" * 80,
                    },
                ),
                *(
                    Commit(
                        f"2024-02-0{day}",
                        {
                            "app/mailing.py": "def send_later():\n" + "    if a:\n        b()\n" * (40 + day),
                            "app/ledgers.py": "def ledger_total():\n" + "    if a:\n        b()\n" * (40 + day),
                            "app/short.py": f"def short_one():\n    return {day}\n",
                            "app/settings.py": "ANYTHING = 1\n" * (80 + day),
                        },
                        f"Fix sending on day {day}",
                    )
                    for day in range(1, 5)
                ),
            ),
            "2024-03-01",
            (Expected("app/mailing.py", "app/mailing.py"),),
        ),
        Example(
            "Changed without fixes, fixed long ago, twice in four changes, steps of features, a language without tests",
            (
                Commit(
                    "2022-01-01",
                    {
                        **{f"tests/test_{name}.py": "def test_it():\n    assert True\n" for name in "abcde"},
                        "app/calm.py": "def calmly():\n" + "    if a:\n        b()\n" * 40,
                        "web/page.js": "function page_of() {\n" + "    if (a) { b() }\n" * 70,
                    },
                ),
                *(
                    Commit(
                        f"2022-02-0{day}",
                        {"app/calm.py": "def calmly():\n" + "    if a:\n        b()\n" * (50 + day)},
                        f"Fix calm {day}",
                    )
                    for day in range(1, 5)
                ),
                *(
                    Commit(
                        f"2024-02-0{day}",
                        {"app/calm.py": "def calmly():\n" + "    if a:\n        b()\n" * (40 + day)},
                        f"Extend calm {day}",
                    )
                    for day in range(1, 6)
                ),
                *(
                    Commit(
                        f"2024-02-2{day}",
                        {"app/twice.py": "def twice_told():\n" + "    if a:\n        b()\n" * (40 + day)},
                        f"{'Fix' if day > 2 else 'Extend'} the tale, part {day}",  # noqa: PLR2004 two of four
                    )
                    for day in range(1, 5)
                ),
                *(
                    Commit(
                        f"2024-02-0{day}",
                        {
                            "features/step_definitions/walls.py": "def paint_wall():\n"
                            + "    if a:\n        b()\n" * (40 + day)
                        },
                        f"Fix step {day}",
                    )
                    for day in range(6, 10)
                ),
                *(
                    Commit(
                        f"2024-02-1{day}",
                        {"web/page.js": "function page_of() {\n" + "    if (a) { b() }\n" * (70 + day)},
                        f"Fix page {day}",
                    )
                    for day in range(1, 6)
                ),
            ),
            "2024-03-01",
        ),
        Example(
            "A component whose subject tests in a browser are about",
            (
                Commit("2024-01-01", {f"web/e2e/walls/{name}.spec.tsx": "test('it', () => {})\n" for name in "abcde"}),
                *(
                    Commit(
                        f"2024-02-0{day}",
                        {"web/parts/WallList.tsx": "function WallList() {\n" + "    if (a) { b() }\n" * (70 + day)},
                        f"Fix walls {day}",
                    )
                    for day in range(1, 5)
                ),
            ),
            "2024-03-01",
        ),
        Example(
            "A component where no component has a test of its own, and a file whose texts, looks and names were mended",
            (
                Commit("2024-01-01", {f"tests/{name}.test.js": "test('it', () => {})\n" for name in "abcde"}),
                *(
                    Commit(
                        f"2024-02-0{day}",
                        {
                            "web/parts/WallList.tsx": "function WallList() {\n" + "    if (a) { b() }\n" * (70 + day),
                            "web/mailing.js": f"function sendAll{day}() {{\n" + f"    if (a{day}) b('{day}')\n" * 70,
                        },
                        f"Fix walls {day}",
                    )
                    for day in range(1, 5)
                ),
                *(
                    Commit(
                        f"2024-02-1{day}",
                        {"web/looks.js": "function look() {\n" + "    if (a) b()\n" * (70 + day)},
                        f"Fix colours of walls {day}",
                    )
                    for day in range(1, 5)
                ),
            ),
            "2024-03-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each hot file without tests.

        Raises:
            UnavailableError: the clone's older history is cut off.
            NotApplicable: the repository has no tests.
        """
        view.needs_ages()
        told_hot = (one for one in islice(spots(view, view.now - YEAR), _HOTTEST) if one.lines >= _FEWEST_LINES)
        hot = list(filter(_is_hot, told_hot))
        if not hot:
            return
        tests = Tests(view)
        if not tests.paths:
            message = "there are no tests to compare with"
            raise NotApplicable(message)
        for spot in hot:
            if tests.families[family(spot.path)] < _FEWEST_TESTS or not _is_untested(view, tests, spot.path):
                continue
            mended = replace(spot, fixes=repairs(view, spot.path, spot.fixes))
            if _is_hot(mended):
                yield Finding(
                    signal=self.id,
                    subject=spot.path,
                    identity=view.history.origin(spot.path),
                    severity=3 if len(mended.fixes) >= _MANY_FIXES else 2,
                    kind=self.kind,
                    story=_story(mended),
                    evidence=tuple(_evidence(mended)),
                    score=round(min(0.85, 0.55 + len(mended.fixes) / 30 + spot.changes / 300), 3),
                )


def _is_hot(spot: Spot) -> bool:
    """Say whether a file had to be repaired often, or now and then while it changed all the time."""
    often = spot.changes >= _FEWEST_CHANGES and len(spot.fixes) >= _FEWEST_FIXES
    return often or (spot.changes >= _MANY_CHANGES and len(spot.fixes) >= _FEW_FIXES)


def _is_untested(view: View, tests: Tests, path: str) -> bool:
    text = view.tree.text(path) or ""
    if _INDIRECTLY.search(path) or _TESTS_INSIDE.search(text) or tests.name_file(path):
        return False
    if is_reached(view, tests, path):
        return False
    if path.endswith(".go"):
        folder = path.rpartition("/")[0]
        if any(test.rpartition("/")[0] == folder for test in tests.paths):
            return False
    defined = symbols(text)
    return bool(defined) and not defined & tests.words


def _evidence(spot: Spot) -> Iterator[Evidence]:
    yield at_path(spot.path, "no test names this file or what it defines")
    for change in spot.fixes[:6]:
        yield at_change(change)


def _story(spot: Spot) -> Story:
    fixes = [told(one) for one in spot.fixes]
    return Story(
        title=title("Test ", spot.path, f", which was repaired {len(spot.fixes)} times in a year"),
        current=(
            f"`{spot.path}` ({spot.lines} lines) changed {spot.changes} times in twelve months, and "
            f"{len(spot.fixes)} of these changes were fixes: {listed(fixes, 5)}. No test is named after the file, "
            "imports it, or names one of the functions and classes that it defines."
        ),
        why=(
            "It is among the places of this repository where complicated code changes most, and each fix means that a "
            "fault had reached users or colleagues."
        ),
        wanted="Tests cover what the fixes were about, so that the same faults would be seen before a merge.",
        acceptance=(
            "A new test fails when one of the fixes named above is undone.",
            f"The coverage report shows the branches of `{spot.path}` that the fixes touched as covered.",
        ),
        tests=(f"A new test module for `{spot.path}`",),
        scope=(f"`{spot.path}`",),
        non_goals=("Full coverage of the file.", "Rewriting it."),
        risks=("Code that was never tested may need a small seam before it can be.",),
        size="M",
    )
