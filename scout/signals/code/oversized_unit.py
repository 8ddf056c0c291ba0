"""`oversized-unit`: a function, class or file that is far too long, changes all the time and keeps being repaired."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import astuple
from typing import Any, ClassVar, NamedTuple

from scout.model import Finding, Story, WorkKind
from scout.repository import Change, FileClass
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._changes import SOURCE, YEAR, kind, named_now, told
from scout.signals._code import code_version
from scout.signals._evidence import at_change, at_line, at_path, metric
from scout.signals._words import counted, listed, title
from scout.signals.code._units import Unit, code_lines, spans, units

_LONG_FUNCTION = 200
_LONG_CLASS = 1000
_FEWEST_CHANGES = 10
_FIXED_SHARE = 0.4
_MOST_LITERAL = 0.5
_FIXES = 5
"""Of the commits in the examples."""
_ALONE = "size alone is evidence for other findings: no unit is too long, or few of the changes were fixes"


class _Large(NamedTuple):
    """A file with what is too long in it."""

    path: str
    code: int
    units: tuple[Unit, ...]
    changes: int
    fixes: tuple[Change, ...]


def _long(rows: int) -> str:
    """Return a function of so many lines of code, for the examples."""
    return lines("def wash(wall):", *(f"    wall.paint({row})" for row in range(rows - 1)))


def _history(*files: tuple[str, str, range]) -> tuple[Commit, ...]:
    """Return twelve commits after the first, five of them fixes, each of which changes the ends of some files.

    Args:
        files: path, text, and the numbers of the commits that change it.
    """
    first = Commit("2023-01-01", {path: text for path, text, _ in files})
    later = (
        Commit(
            f"2024-01-{day + 1:02}",
            {path: f"{text}\n\nLAST = {day}\n" for path, text, days in files if day in days},
            f"Fix the wash of wall {day}" if day <= _FIXES else f"Wash wall {day}",
        )
        for day in range(1, 13)
    )
    return (first, *later)


class OversizedUnit(Scout):
    """A function of over 200 lines of code, or a class or file of over 1,000, that changes monthly and keeps breaking.

    Counted are lines that are neither empty nor comments or docstrings, in files with ten changes or more in twelve
    months. Size alone is kept as evidence and not offered, nor are long files of short units: offered is a function or
    class in a file with four fixes in ten changes. Passed over
    are tests, generated and vendored files, and units most of whose lines are tables, lists, texts or markup written
    out. A file is one finding, and one of a repository is offered at a time.

    ## Why it matters
    Whoever changes such a unit has to hold all of it in mind, and the fixes show that this does not succeed.

    ## What to do with it
    Take one part out at a time, with a test, beginning with what the last fixes touched.
    `# scout: ignore[oversized-unit] reason` on the line before the unit keeps it.

    ## Severity
    1 always.

    ## Source
    Tornhill, Your Code as a Crime Scene (2015); field study of 28 public repositories: size is true by count, and worth
    a ticket where changes and repairs meet.
    """

    id: ClassVar[str] = "oversized-unit"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    cap: ClassVar[int | None] = 1
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A function of 201 lines",
            _history(("app/wash.py", _long(201), range(1, 11))),
            "2024-02-01",
            (Expected("app/wash.py", "app/wash.py:1"),),
        ),
        Example(
            "A class of 1,001 lines with short methods, the first of two; a file of as many is evidence only",
            _history(
                ("app/wash.py", _long(201), range(1, 11)),
                (
                    "app/wall.py",
                    lines(
                        "class Wall:",
                        *(row for at in range(500) for row in (f"    def wash{at}(self):", f"        return {at}")),
                    ),
                    range(1, 11),
                ),
                (
                    "app/all.py",
                    lines(*(row for at in range(501) for row in (f"def wash{at}():", f"    return {at}"))),
                    range(1, 11),
                ),
            ),
            "2024-02-01",
            (Expected("app/wall.py", "app/wall.py:1"),),
        ),
        Example(
            "Too few fixes (evidence only), too few changes, one line less, and what is mostly table or docstring",
            _history(
                ("app/calm.py", _long(201), range(3, 13)),
                ("app/rare.py", _long(201), range(1, 10)),
                ("app/less.py", _long(200), range(1, 11)),
                ("tests/test_wash.py", _long(201), range(1, 11)),
                (
                    "app/table.py",
                    lines("def walls():", "    return [", *(f"        {at}," for at in range(300)), "    ]"),
                    range(1, 11),
                ),
                (
                    "app/told.py",
                    lines(
                        "def walls():",
                        '    """Give walls.',
                        *("    They are many." for _ in range(120)),
                        '    """',
                        *("    # one more" for _ in range(120)),
                        "    return 1",
                    ),
                    range(1, 11),
                ),
                ("app/data.py", lines("WALLS = [", *(f"    {at}," for at in range(1001)), "]"), range(1, 11)),
            ),
            "2024-02-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each file with units that are too long."""
        for one in _large(view):
            alone = not one.units or len(one.fixes) < _FIXED_SHARE * one.changes
            places = tuple(at_line(one.path, unit.line, _row(view, one.path, unit.line)) for unit in one.units)
            query = f"git log --first-parent --since='{(view.now - YEAR):%Y-%m-%d}' -- '{one.path}'"
            finding = Finding(
                signal=self.id,
                subject=one.path,
                identity=view.history.origin(one.path),
                severity=1,
                kind=self.kind,
                story=_story(one),
                evidence=(
                    *(places or (at_path(one.path, f"{one.code} lines of code"),)),
                    metric(query, f"{one.changes} changes, {len(one.fixes)} of them fixes"),
                    *(at_change(change) for change in one.fixes[:3]),
                ),
                score=round(min(0.5, 0.3 + len(one.fixes) / 100), 3),
            )
            yield finding.having(offered=False, because=_ALONE) if alone else finding


def _row(view: View, path: str, line: int) -> str:
    return (view.tree.text(path) or "").split("\n")[line - 1]


def _large(view: View) -> Iterator[_Large]:
    changes, fixes = Counter[str](), defaultdict[str, list[Change]](list)
    for unit, paths in named_now(view, view.now - YEAR):
        said = kind(unit.title)
        for path in paths:
            changes[path] += 1
            if said.is_fix and not said.is_polish:
                fixes[path].append(unit)
    busy = [
        path
        for path, number in sorted(changes.items())
        if number >= _FEWEST_CHANGES and path in view.tree.files and SOURCE.search(path)
        if view.tree.file_class(path) is FileClass.CODE
    ]
    for path, (code, rows) in view.tree.told(f"sizes {code_version()}", busy, _sizes).items():
        if code:
            yield _Large(path, code, tuple(Unit(*row) for row in rows), changes[path], tuple(fixes[path]))


def _sizes(path: str, text: str) -> tuple[int, list[list[Any]]]:
    """Return a file's lines of code with its units that are too long, as JSON can hold them; 0 where none is large."""
    rows = text.count("\n")
    if rows < _LONG_FUNCTION or (rows <= _LONG_CLASS and not spans(path, text, _LONG_FUNCTION)):
        return 0, []
    code, found = len(code_lines(path, text) or ()), units(path, text)
    long = [
        list(astuple(unit))
        for unit in found
        if unit.code > (_LONG_CLASS if unit.is_class else _LONG_FUNCTION) and unit.literal <= _MOST_LITERAL
    ]
    return (code, long) if long or (code > _LONG_CLASS and _is_written(found, code)) else (0, [])


def _is_written(found: tuple[Unit, ...], code: int) -> bool:
    """Say whether most of a file stands in functions and classes that are no tables."""
    outer = [unit for unit in found if "." not in unit.name]
    return sum(unit.code * (1 - unit.literal) for unit in outer) > _MOST_LITERAL * code


def _story(one: _Large) -> Story:
    named = [f"`{unit.name}` ({unit.code} lines)" for unit in one.units]
    what = f"{listed(named)} in `{one.path}` is" if len(named) == 1 else f"{listed(named)} in `{one.path}` are"
    if not named:
        what = f"`{one.path}` has {one.code} lines of code and is"
    first = one.units[0].name if one.units else one.path.rpartition("/")[2]
    return Story(
        title=title("Take apart ", f"{first} in {one.path}" if one.units else one.path),
        current=(
            f"{what} longer than anybody can keep in mind. The file changed {one.changes} times in twelve months, and "
            f"{counted(len(one.fixes), 'time')} to repair something"
            f"{': ' + listed([told(change) for change in one.fixes], 3) if one.fixes else ''}."
        ),
        why="Every change has to be made with all of it in mind, and the repairs show that this goes wrong.",
        wanted="What the last fixes touched stands in units of its own, each with a test; behaviour is as before.",
        acceptance=(
            f"No function of `{one.path}` has over {_LONG_FUNCTION} lines of code, no class over {_LONG_CLASS:,}.",
            "All tests pass, and those of the new units were there first.",
        ),
        tests=(f"Tests of the parts that are taken out of `{one.path}`.",),
        scope=(f"`{one.path}`",),
        non_goals=("New behaviour.",),
        risks=("Taking code apart moves it: one small step at a time, each merged soon.",),
        size="L",
    )
