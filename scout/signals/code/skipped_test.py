"""`skipped-test`: a test is switched off for half a year or longer."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from scout.model import Evidence, EvidenceKind, Finding, Story, WorkKind
from scout.repository import Change
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._evidence import at_change, at_line
from scout.signals._vocabulary import REFERENCE
from scout.signals._words import counted, listed, normalised, span, title
from scout.signals.code._fixed import fix_of, numbers_in
from scout.signals.code._skips import STUB
from scout.signals.code._switched_off import Place, decisions, switched_off, why
from scout.text.render import code_span

_DISTINCT_WORDS = 4
_MANY = 5


class SkippedTest(Scout):
    """A test is skipped or expected to fail, without a condition, and has been for half a year.

    Read are the syntax trees of tests in Python (`skip`, `xfail`, `skipTest` as the first statement), JavaScript and
    TypeScript (`it.skip`, `xit`), Ruby (`xit`, `pending` at the start, `skip` in a body) and Go (`t.Skip` not below a
    condition). Passed over are marks with a condition, tests whose reason says that they are meant for other occasions
    (benchmarks, manual runs, platforms, credentials), suites in which nothing changed for three years, expected
    failures that name what is raised, tests without anything in them, and what only looks like a mark in a string.
    Tests of a file that are switched off in the same way are one finding, the same reason in several files too, and
    what one commit switched off without a word, or with the same few.

    ## Why it matters
    The behaviour was thought worth a test, and since that day nothing notices when it breaks. The report stays green,
    so everybody believes it is covered.

    ## What to do with it
    Run it: repair it, or the code; or delete it with a line why. `# scout: ignore[skipped-test] reason` on the line or
    the one before keeps it as it is.

    ## Severity
    2 when the issue that it names was fixed since, when a whole file or five tests are off; else 1.

    ## Source
    Meszaros, xUnit Test Patterns (2007), 'Lost Test'. Field study of 28 public repositories: 76 % of findings true
    after these filters, 30 % before them.
    """

    id: ClassVar[str] = "skipped-test"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.TESTS
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A skipped test whose issue was fixed since, and one that is expected to fail",
            (
                Commit(
                    "2023-01-10",
                    {
                        "tests/test_tints.js": lines(
                            "import { dry, paint, wall } from '../web/walls'",
                            "",
                            "test('paints the wall in the tint of the day', () => {",
                            "  expect(paint(wall())).toBe('ochre')",
                            "})",
                            "",
                            "test.skip('dries in the sun', () => {",
                            "  expect(dry(wall())).toBe(true)",
                            "})",
                        ),
                        "tests/test_pay.py": lines(
                            "import pytest",
                            "",
                            "@pytest.mark.skip(reason='fails since the new prices, see #123')",
                            "def test_total():",
                            "    assert total() == 3",
                            "",
                            "@pytest.mark.xfail",
                            "def test_still_needs_tax():",
                            "    assert tax() == 1",
                        ),
                    },
                ),
                Commit("2023-03-10", {"pay.py": "def total(): return 3\n"}, "Round prices, fixes #123"),
            ),
            "2024-02-01",
            (
                Expected("tests/test_pay.py", "tests/test_pay.py:3"),
                Expected("tests/test_pay.py", "tests/test_pay.py:7"),
                Expected("tests/test_tints.js", "tests/test_tints.js:7"),
            ),
        ),
        Example(
            "One commit switches off two files of tests without a word, and one further down with a word",
            (
                Commit(
                    "2023-01-10",
                    {
                        **{
                            f"spec/{one}_spec.rb": f"describe '{one}' do\n  xit 'dries' do\n  end\nend\n"
                            for one in "ab"
                        },
                        "test/c_test.rb": "test 'c' do\n  a = 1\n  skip 'hangs on the old scaffold'\n  a\nend\n",
                        "test/d_test.rb": "test 'd' do\n  a = 1\n  skip_rain 'it is wet out'\n  skip 'b' if a\nend\n",
                    },
                ),
            ),
            "2024-02-01",
            (Expected("test/c_test.rb", "test/c_test.rb:3"), Expected("spec/a_spec.rb", "spec/a_spec.rb:2")),
        ),
        Example(
            "Tests that are switched off in Ruby and Go, and a stub that a generator made",
            (
                Commit(
                    "2023-01-10",
                    {
                        "spec/a_spec.rb": lines(
                            "describe 'a' do",
                            "  it 'dries' do",
                            "    skip 'broken since the move'",
                            "  end",
                            "end",
                        ),
                        "spec/b_spec.rb": "describe 'b' do\n  pending 'add some examples'\nend\n",
                        "spec/c_spec.rb": "describe 'c' do\n  pending 'add some tests for c'\nend\n",
                        "tests/c_test.go": lines(
                            "package c",
                            "",
                            "func TestDry(t *testing.T) {",
                            '\tt.Skip("needs to be written, hangs now and then")',
                            "}",
                        ),
                    },
                ),
            ),
            "2024-02-01",
            (
                Expected("spec/a_spec.rb", "spec/a_spec.rb:3"),
                Expected("tests/c_test.go", "tests/c_test.go:4"),
                Expected("spec/b_spec.rb", "spec/b_spec.rb:2"),
            ),
        ),
        Example(
            "A suite that nobody has touched for years, in a project that goes on, and an empty test",
            (
                Commit(
                    "2018-01-10", {"old/tests/a/test_a.py": "@pytest.mark.skip\ndef test_a(): a()\n", "a.py": "1\n"}
                ),
                Commit("2023-01-05", {"web/a.test.ts": "test('a', () => { a() })\ntest.skip('dries', () => {})\n"}),
                Commit("2023-01-10", {"tests/test_b.py": "@pytest.mark.skip\ndef test_b():\n    'B'\n    pass\n"}),
            ),
            "2024-02-01",
        ),
        Example(
            "Conditions, benchmarks, strings, code that is no test, and a young mark",
            (
                Commit(
                    "2023-01-10",
                    {
                        "tests/test_a.py": lines(
                            "import pytest, sys",
                            "",
                            "@pytest.mark.skipif(sys.platform == 'win32', reason='paths')",
                            "def test_a(): a()",
                            "",
                            "@pytest.mark.xfail(sys.version_info < (3, 9), reason='old')",
                            "def test_b(): b()",
                            "",
                            "@pytest.mark.xfail(raises=ValueError)",
                            "def test_raises(): r()",
                            "",
                            "@pytest.mark.skip(reason='benchmark, run by hand')",
                            "def test_c(): c()",
                            "",
                            "@pytest.mark.skip(reason='strict checks of our own code would be a net drag')",
                            "def test_strict(): c()",
                            "",
                            "SOURCE = '''",
                            "@pytest.mark.skip",
                            "def test_d(): d()",
                            "'''",
                            "",
                            "def test_e():",
                            "    if sys.platform == 'win32':",
                            "        pytest.skip('paths')",
                        ),
                        "a_test.go": lines(
                            "package a",
                            "",
                            "func TestA(t *testing.T) {",
                            "\tif testing.Short() {",
                            '\t\tt.Skip("slow")',
                            "\t}",
                            "}",
                        ),
                    },
                ),
                Commit("2023-12-10", {"tests/test_new.py": "@pytest.mark.skip\ndef test_n(): n()\n"}),
            ),
            "2024-02-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each reason for which tests are switched off.

        Raises:
            UnavailableError: ages cannot be told in this clone.
        """
        view.needs_ages()
        same: dict[str, list[Place]] = {}
        for place in switched_off(view):
            same.setdefault(_cause(view, place), []).append(place)
        for cause, places in decisions(same).items():
            numbers = {number for place in places for number in numbers_in(place.reason)}
            fix = fix_of(view, numbers, max(place.since for place in places))
            stub = places[0].skip.reason == STUB
            whole = not stub and (any(not place.skip.name for place in places) or len(places) >= _MANY)
            oldest = min(place.since for place in places)
            yield Finding(
                signal=self.id,
                subject=places[0].path,
                identity=cause,
                severity=2 if fix or whole else 1,
                kind=self.kind,
                story=_story(places, fix, view.now),
                evidence=tuple(_evidence(places, fix)),
                score=0.5 if stub else _score(places[0], (view.now - oldest).days),
            )


def _score(place: Place, days: int) -> float:
    return round(0.6 + min(0.2, days / 9_000) + (0.1 if place.reason else 0), 3)


def _cause(view: View, place: Place) -> str:
    words = normalised(place.skip.reason)
    if place.skip.reason == STUB:
        return STUB
    if len(words.split()) >= _DISTINCT_WORDS or REFERENCE.search(place.skip.reason):
        return words
    return f"{view.history.origin(place.path)}: {words}"


def _evidence(places: list[Place], fix: Change | None) -> Iterator[Evidence]:
    for place in places:
        yield at_line(place.path, place.skip.line, place.text)
    oldest = min(places, key=lambda place: (place.since, place.path, place.skip.line))
    seen = f"{oldest.since:%Y-%m-%d}: switched off since this commit"
    yield Evidence(kind=EvidenceKind.COMMIT, locator=oldest.sha, seen=seen)
    if fix is not None and fix.sha != oldest.sha:
        yield at_change(fix)


def _done(places: list[Place]) -> str:
    """Return what marks do to tests, as the words between where they stand and since when."""
    names = [f"`{place.skip.name}`" for place in places if place.skip.name]
    what = listed(names, 8) if names else "all tests of the file"
    one = len(places) == 1
    if places[0].skip.reason == STUB:
        return f"{'has' if one else 'have'} been left as a generator made {'it' if one else 'them'}"
    if all(place.skip.fails for place in places):
        return f"{'has' if one else 'have'} expected {what} to fail"
    return f"{'has' if one else 'have'} switched off {what}"


def _story(places: list[Place], fix: Change | None, now: datetime) -> Story:
    first, one, stub = places[0], len(places) == 1, places[0].skip.reason == STUB
    oldest = min(place.since for place in places)
    where = [f"`{place.path}:{place.skip.line}`" for place in places]
    files = list(dict.fromkeys(place.path for place in places))
    state = f" The reason given is: {code_span(first.reason[:200])}." if first.reason else " No reason is given."
    start = f"Revive or delete {counted(len(places), 'switched-off test')} in "
    if stub:
        start = f"Write or delete {counted(len(places), 'empty test')}, first "
    fixed = f" That issue was fixed in `{fix.sha[:10]}` of {fix.at:%Y-%m-%d}." if fix else ""
    return Story(
        title=title(start, first.path),
        current=(
            f"{listed(where, 8)} {_done(places)} since {oldest:%Y-%m-%d}{'' if one else ' at the earliest'}, "
            f"{span((now - oldest).days)} ago.{'' if stub else state}{fixed}"
        ),
        why=why(places),
        wanted=(
            f"{'The test' if one else 'Each of these tests'} runs and passes, or is gone; what has to stay off has a "
            "condition, or a reason with an open ticket."
        ),
        acceptance=(
            f"The run of {listed([f'`{path}`' for path in files], 3)} reports nothing of this as skipped or failing.",
        ),
        tests=tuple(f"`{path}`" for path in files[:5]),
        scope=tuple(f"`{path}`" for path in files[:5]),
        non_goals=("Tests that are skipped under a condition.",),
        risks=("The test may show a fault of the code: then the fault is the work, not the mark.",),
        size="S" if len(places) == 1 else "M",
    )
