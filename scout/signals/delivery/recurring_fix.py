"""`recurring-fix`: the same repair is made by hand again and again."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.repository import Change, FileClass
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View
from scout.signals._changes import YEAR, bare_title, kind, told, units
from scout.signals._evidence import at_change
from scout.signals._words import counted, listed, title

_WORD = re.compile(r"[a-z][a-z0-9_]+")
_PREFIX = re.compile(r"^(?:\[[\w ./-]{1,30}\]\s*)?(?:[a-z]+(?:\([^)]*\))?!?:\s+)?(?=\S)", re.IGNORECASE)
_ROUTINE = re.compile(
    r"\b(?:bump\w*|updat\w+|upgrad\w+|releas\w+|version\w*|change-?logs?|news|sync\w*|prepar\w+|backport\w*|depend\w*|deps"
    r"|lock|generat\w+|merge\w*|revert\w*|security|cve|advisor\w+|rename\w*|remov\w+|delet\w+|clean\w*|refactor\w*"
    r"|initial|wip|start|more|minor|small|misc\w*|various|tweaks?|improv\w+|address\w*|ran|run|flak\w+|test\w*)\b",
    re.IGNORECASE,
)
_BROKEN_MAIN = re.compile(
    r"^(?:hot)?fix(?:e[sd])?(?:ing|up)?\W+(?:the |some |all |a |up )?(?:broken |breaking |failing |failed )?"
    r"(?:tests?|specs?|builds?|ci|main|master|pipelines?)(?: suite| run)?[.!]?$",
    re.IGNORECASE,
)
_SMALL = """
a an the to of in on for and or with from by at as is are it its this that again fix fixes fixed fixing bug issue error
problem bugfix hotfix some all my our
"""
_SMALL_WORDS = frozenset(_SMALL.split())
_PERIOD = 2 * YEAR
_FEWEST_DAYS = 3
_FEWEST_BROKEN = 5
_FEWEST_BY_HAND = 6
_MANY = 10
_FEWEST_WORDS = 2
_MOST_TOLD = 6
_MOST_FILES = 3
_NO_CAUSE = frozenset({FileClass.DOCS, FileClass.LOCK, FileClass.GENERATED, FileClass.TEST, FileClass.FIXTURE})
_MAIN_BROKEN = "the main line is broken"


@dataclass(frozen=True, slots=True)
class _Cause:
    """Changes that do the same: in which files (those that all of them touch), and what they say."""

    key: str
    changes: tuple[Change, ...]
    files: tuple[str, ...]

    @property
    def days(self) -> int:
        return len({change.at.date() for change in self.changes})

    @property
    def main_broken(self) -> bool:
        return self.key == _MAIN_BROKEN


class RecurringFix(Scout):
    """The same fix, by its words, was made on three or more days of the last two years, one of them in the last.

    Counted are changes of the main line whose titles consist of the same words, numbers apart; not those of programs,
    sweeps and translations, and not fixes of types, spelling, style and documentation. A chore that is done by hand six
    times or more in the same one to three files counts too, and so do five or more repairs of a broken main line ('fix
    tests', 'fix build'). Routine such as releases, updates and change logs does not, and neither do settings that are
    turned up and down: what is wanted of the others, they are already.

    ## Why it matters
    What is repaired three times will be repaired a fourth time. The cause, or the missing tool that would do it, costs
    less than the repetition; and each time, something was broken or somebody waited for a release.

    ## What to do with it
    Read the changes together and mend the cause, or make an admin page, a setting or a command of what people do by
    hand. Reject the candidate if the repetition is meant.

    ## Severity
    3 for ten and more repetitions, else 2.

    ## Source
    Field study of 28 public repositories: 5 of 6 findings true after these filters. Beyer et al., Site Reliability
    Engineering, chapter 5, Eliminating Toil (2016).
    """

    id: ClassVar[str] = "recurring-fix"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    cap: ClassVar[int | None] = 3
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "The same accounts are unlocked by editing one file, three times",
            (
                Commit("2023-06-01", {"app/limits.py": "limit = 0\n"}, "Add limits"),
                Commit("2023-09-01", {"app/limits.py": "limit = 1\n"}, "fix(api): Unlock account 1201"),
                Commit("2023-12-01", {"app/limits.py": "limit = 2\n"}, "Fix(api): unlock account 1877 (#12)"),
                Commit("2024-03-01", {"app/limits.py": "limit = 3\n"}, "Fix: unlock accounts 1900 and 1911"),
            ),
            "2024-05-01",
            (Expected("app/limits.py", "afea097af7100e37cd86683644ea08fd16c3f19c"),),
        ),
        Example(
            "The main line is repaired five times",
            tuple(
                Commit(f"2024-0{month}-01", {"app/mail.py": f"a = {month}\n"}, f"Fix {what}")
                for month, what in enumerate(("tests", "broken tests", "the build", "failing test", "CI"), start=1)
            ),
            "2024-06-01",
            (Expected(".", "d63b8a271e246e78d4a0c72ffa9aa130df5462ba"),),
        ),
        Example(
            "A chore by hand in one file, six times",
            tuple(
                Commit(f"2024-0{month}-01", {"app/blocked.py": f"a = {month}\n"}, f"Block crawler {month}")
                for month in range(1, 7)
            ),
            "2024-08-01",
            (Expected("app/blocked.py", "70be31ea5db9671555e0cfda326fab6931e0b334"),),
        ),
        Example(
            "In tests only, in a file that is gone, long ago, twice as a fix, or four times",
            (
                *(
                    Commit(f"2024-01-0{n}", {"tests/test_a.py": f"a = {n}\n"}, "Fix search of pages")
                    for n in range(1, 4)
                ),
                *(Commit(f"2024-01-0{n}", {"old.py": f"a = {n}\n"}, "Fix upload of pictures") for n in range(1, 4)),
                Commit("2024-01-05", {"old.py": None}, "Give up on pictures"),
                *(Commit(f"2022-09-0{n}", {"a.py": f"a = {n}\n"}, "Fix the old queue") for n in range(1, 4)),
                *(Commit(f"2024-02-0{n}", {"a.py": f"b = {n}\n"}, "fix(api): Login of guests") for n in range(1, 3)),
                Commit("2024-02-03", {"a.py": "b = 3\n"}, "feat(api): Login of guests"),
                *(Commit(f"2024-03-0{n}", {"b.py": f"a = {n}\n"}, "Fix tests") for n in range(1, 5)),
            ),
            "2024-08-01",
        ),
        Example(
            "A setting is turned up, by hand and as a fix",
            tuple(
                Commit(f"2024-0{month}-01", {"chart/prod.yaml": f"pods: {month}\n"}, f"{what} {month}")
                for month, what in enumerate(("Fix number of pods", "Give more memory") * 7, start=1)
                if month < 10  # noqa: PLR2004 days are written with one digit
            ),
            "2024-10-01",
        ),
        Example(
            "By hand five times, six times in many files, and six times in tests",
            (
                *(Commit(f"2024-01-0{n}", {"a.py": f"a = {n}\n"}, f"Block crawler {n}") for n in range(1, 6)),
                *(
                    Commit(f"2024-02-0{n}", {"a.py": f"b = {n}\n", f"b{n}.py": "x\n"}, f"Allow crawler {n}")
                    for n in range(1, 7)
                ),
                *(
                    Commit(f"2024-03-0{n}", {"tests/test_a.py": f"a = {n}\n"}, f"Count crawler {n}")
                    for n in range(1, 7)
                ),
            ),
            "2024-08-01",
        ),
        Example(
            "Twice, on one day, routine, polish, and a program's",
            (
                *(Commit(f"2024-01-0{day}", {"a.py": f"a = {day}\n"}, "Fix login of guests") for day in range(1, 3)),
                *(Commit("2024-02-01", {"a.py": f"b = {n}\n"}, "Fix upload of pictures") for n in range(4)),
                *(Commit(f"2024-03-0{day}", {"a.py": f"c = {day}\n"}, "Fix typo in mail") for day in range(1, 9)),
                *(Commit(f"2024-04-0{day}", {"a.py": f"d = {day}\n"}, f"Release 1.{day}") for day in range(1, 9)),
                *(
                    Commit(f"2024-05-0{day}", {"a.py": f"e = {day}\n"}, "Fix the queue of mails", author="helper[bot]")
                    for day in range(1, 9)
                ),
                *(Commit(f"2021-05-0{day}", {"a.py": f"f = {day}\n"}, "Fix the old queue") for day in range(1, 9)),
            ),
            "2024-08-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each repair that recurs.

        Raises:
            UnavailableError: the clone's older history is cut off.
        """
        view.needs_ages()
        for cause in _causes(view):
            yield Finding(
                signal=self.id,
                subject=cause.files[0] if cause.files and not cause.main_broken else ".",
                identity=cause.key,
                severity=3 if len(cause.changes) >= _MANY else 2,
                kind=self.kind,
                story=_story(cause),
                evidence=tuple(map(at_change, cause.changes)),
                score=round(min(0.95, 0.6 + len(cause.changes) / 40 + (0.1 if cause.files else 0)), 3),
            )


def _causes(view: View) -> Iterator[_Cause]:
    groups: dict[str, list[Change]] = defaultdict(list)
    for unit in units(view, view.now - _PERIOD):
        key = _key(unit.title)
        if key:
            groups[key].append(unit)
    for key, changes in sorted(groups.items()):
        shared = set[str].intersection(*({file.path for file in one.files} for one in changes))
        touched = {file.path for one in changes for file in one.files}
        there = tuple(sorted(path for path in shared if view.tree.exists(path)))
        cause = _Cause(key, tuple(changes), there)
        recent = changes[0].at >= view.now - YEAR
        if recent and cause.days >= _FEWEST_DAYS and (_is_fix(view, cause) or _is_by_hand(view, cause, touched)):
            yield cause


def _key(text: str) -> str:
    """Return the words that make a title the same as another; empty when they say too little or name routine."""
    plain = bare_title(text)
    if _BROKEN_MAIN.match(_PREFIX.sub("", plain)) or _BROKEN_MAIN.match(plain):
        return _MAIN_BROKEN
    if kind(plain).is_polish or _ROUTINE.search(plain) or plain.startswith("Merge "):
        return ""
    words = (word.removesuffix("s") for word in _WORD.findall(_PREFIX.sub("", plain).lower()))
    telling = sorted({word for word in words if word not in _SMALL_WORDS})
    return " ".join(telling) if len(telling) >= _FEWEST_WORDS else ""


def _is_fix(view: View, cause: _Cause) -> bool:
    if cause.main_broken:
        return cause.days >= _FEWEST_BROKEN
    fixes = {change.at.date() for change in cause.changes if kind(change.title).is_fix}
    return len(fixes) >= _FEWEST_DAYS and _in_product(view, cause)


def _is_by_hand(view: View, cause: _Cause, touched: set[str]) -> bool:
    few = cause.days >= _FEWEST_BY_HAND and len(touched) <= _MOST_FILES
    return few and _in_product(view, cause)


def _in_product(view: View, cause: _Cause) -> bool:
    classes = [view.tree.file_class(path) for path in cause.files]
    return any(one not in _NO_CAUSE for one in classes) and set(classes) != {FileClass.CONFIG}


def _story(cause: _Cause) -> Story:
    number = len(cause.changes)
    first = bare_title(cause.changes[0].title).replace("`", "'")
    where = f" All of them change {listed([f'`{path}`' for path in cause.files], 3)}." if cause.files else ""
    changes = listed([told(one) for one in cause.changes], _MOST_TOLD)
    months = f"Between {cause.changes[-1].at:%Y-%m-%d} and {cause.changes[0].at:%Y-%m-%d}"
    if cause.main_broken:
        head = f"Stop changes that break the tests of the main line ({counted(number, 'repair')})"
        current = f"{months}, {counted(number, 'change')} did nothing but repair tests or the build: {changes}."
        why = (
            "Each repair means that the main line was red: everybody who branched off or wanted to release then had to "
            "wait or to find out that the failure was not theirs."
        )
        wanted = "What these failures have in common is known, and a check before the merge catches that kind."
        checks: tuple[str, ...] = (
            "A note in the issue says for each change above what had broken and why it was not seen before.",
            "The check that would have caught most of them runs on every change and is required.",
        )
    else:
        head = title("End the repetition of '", first[:48], f"' ({counted(number, 'change')})")
        current = f"{months}, the same was done {number} times: {changes}.{where}"
        why = (
            "Somebody has to notice, change the code, have it reviewed and released each time, and the next time will "
            "come. The repetition shows that the cause is still there, or that a tool for it is missing."
        )
        wanted = (
            "The cause is removed, or what changes each time is a setting, a record or a command, so that the next "
            "case needs no change of code."
        )
        checks = (
            "The next case of this kind is dealt with without a commit, or can no longer come up.",
            "A test shows the case of the newest of these changes.",
        )
    return Story(
        title=head,
        current=current,
        why=why,
        wanted=wanted,
        acceptance=checks,
        scope=tuple(f"`{path}`" for path in cause.files[:6]),
        non_goals=("One more repair of the same kind.",),
        size="M",
    )
