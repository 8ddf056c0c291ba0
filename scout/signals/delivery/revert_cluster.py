"""`revert-cluster`: changes of one file are taken back again and again."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from scout.model import Evidence, Finding, Story, WorkKind
from scout.repository import Change, FileClass
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View
from scout.signals._changes import YEAR, bare_title, kind, named_now, told
from scout.signals._evidence import at_change, at_path
from scout.signals._words import counted, listed, normalised, title

_QUOTED = re.compile(r"^(?:revert(?:ed|s|ing)?\b[\s:\"'(]*)+", re.IGNORECASE)
_PERIOD = 2 * YEAR
_FEWEST = 5
_SHARE = 0.1
_MOST_FILES = 10
_MANY = 8
_MOST_TOLD = 6


_MATTERS = ("red", "green", "blue", "white", "black")


def _text(number: int) -> str:
    """Return the text of a file of an example, long enough to be the same file after an edit."""
    return f"a = {number}\nlong = 'enough to be found again'\n"


@dataclass(frozen=True, slots=True)
class _Place:
    """A file, how many changes it had, and those that took something back, each matter once."""

    path: str
    changes: int
    reverts: tuple[Change, ...]


class RevertCluster(Scout):
    """Five or more different changes of one code file were taken back within two years.

    Counted are reverts on the main line, each matter and each day once (the revert of a revert belongs to it), in files
    of code, not in tests, manifests and lock files; reverts of more than ten files say nothing about one of them. They
    have to be a tenth of the file's changes at least, so that a file everybody changes needs more. Files that the same
    reverts touch are one finding.

    ## Why it matters
    A revert means that something went wrong after everybody had agreed. Five in one place mean that neither review nor
    tests can tell there what will work.

    ## What to do with it
    Read why each was taken back, and give the place the test or the environment that would have shown it before.

    ## Severity
    2 from eight reverts, else 1.

    ## Source
    Shimagaki et al., Why are commits being reverted? (ICSME 2016). In 36 public repositories, three or four reverts of
    one file were never worth a ticket: they had nothing in common but the file.
    """

    id: ClassVar[str] = "revert-cluster"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.TESTS
    cap: ClassVar[int | None] = 2
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Five features of one file are taken back, and another file with two of them",
            (
                Commit("2022-09-01", {"app/mail.py": _text(0), "app/queue.py": _text(50)}),
                Commit("2023-07-01", {"app/mail.py": _text(1)}, "Send mail at night"),
                Commit("2023-07-09", {"app/mail.py": _text(2)}, 'Revert "Send mail at night"'),
                Commit(
                    "2023-09-01", {"app/mail.py": _text(3), "app/queue.py": _text(51)}, 'Revert "Queue mails (#4)" (#5)'
                ),
                Commit("2023-11-01", {"app/mail.py": _text(4), "app/queue.py": _text(52)}, "Revert signed mails"),
                Commit("2024-01-01", {"app/mail.py": _text(5)}, "Revert long mails"),
                Commit("2024-02-01", {"app/mail.py": _text(6)}, "Revert short mails"),
            ),
            "2024-05-01",
            (Expected("app/mail.py", "app/mail.py"),),
        ),
        Example(
            "Four features are taken back, one of them twice, and a fifth three years ago",
            (
                Commit("2021-06-01", {"app/mail.py": _text(0)}, 'Revert "Send mail at noon"'),
                Commit("2023-06-01", {"app/mail.py": _text(1)}, 'Revert "Send mail at night"'),
                Commit("2023-07-01", {"app/mail.py": _text(2)}, 'Revert "Revert "Send mail at night""'),
                Commit("2023-08-01", {"app/mail.py": _text(3)}, 'Revert "Send mail at night (#2)"'),
                *(
                    Commit(f"2024-0{n}-01", {"app/mail.py": _text(3 + n)}, f"Revert {what}")
                    for n, what in enumerate(("mails", "queues", "clocks"), start=1)
                ),
            ),
            "2024-06-01",
        ),
        Example(
            "All on one day",
            tuple(Commit("2024-01-01", {"app/mail.py": _text(n)}, f"Revert {what}") for n, what in enumerate(_MATTERS)),
            "2024-06-01",
        ),
        Example(
            "Manifests and tests, a file that is gone, and large reverts",
            (
                *(
                    Commit(
                        f"2024-0{n}-01",
                        {"pyproject.toml": f"a = {n}\n", "tests/test_a.py": f"a = {n}\n", "app/old.py": _text(n)},
                        f"Revert {what}",
                    )
                    for n, what in enumerate(_MATTERS, start=1)
                ),
                Commit("2024-05-09", {"app/old.py": None}, "Remove what nobody used"),
                *(
                    Commit(f"2024-0{n}-02", {f"app/{k}.py": f"a = {n}\n" for k in range(11)}, f"Revert {what}")
                    for n, what in enumerate(_MATTERS, start=1)
                ),
            ),
            "2024-06-01",
        ),
        Example(
            "A file that everybody changes",
            (
                *(Commit("2024-01-01", {"app/hub.py": f"a = {n}\n"}, f"Add feature {n}") for n in range(60)),
                *(
                    Commit(f"2024-0{n}-02", {"app/hub.py": f"b = {n}\n"}, f"Revert {what}")
                    for n, what in enumerate(_MATTERS, start=1)
                ),
            ),
            "2024-06-01",
        ),
        Example(
            "Two files, each with reverts of its own",
            tuple(
                Commit(f"2024-0{n}-{day}", {f"app/{name}.py": _text(n + at)}, f"Revert {what} of {name}")
                for at, (name, day) in enumerate((("mail", "03"), ("queue", "07")))
                for n, what in enumerate(_MATTERS, start=1)
            ),
            "2024-06-01",
            (Expected("app/mail.py", "app/mail.py"), Expected("app/queue.py", "app/queue.py")),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each place where reverts gather.

        Raises:
            UnavailableError: the clone's older history is cut off.
        """
        view.needs_ages()
        for places in _together(_places(view)):
            first = places[0]
            yield Finding(
                signal=self.id,
                subject=first.path,
                identity=view.history.origin(first.path),
                severity=2 if len(first.reverts) >= _MANY else 1,
                kind=self.kind,
                story=_story(places),
                evidence=tuple(_evidence(places)),
                score=round(min(0.9, 0.4 + len(first.reverts) / 20 + len(first.reverts) / first.changes), 3),
            )


def _places(view: View) -> list[_Place]:
    """Return the files of code where reverts gather, under all their names, the most telling first."""
    changes = Counter[str]()
    reverts: dict[str, dict[str, Change]] = defaultdict(dict)
    for unit, paths in named_now(view, view.now - _PERIOD):
        changes.update(paths)
        if kind(unit.title).is_revert and len(paths) <= _MOST_FILES:
            for path in paths:
                reverts[path].setdefault(_matter(unit.title), unit)
    found = [
        _Place(path, changes[path], tuple(matters.values()))
        for path, matters in reverts.items()
        if _is_cluster(matters, changes[path])
    ]
    there = [one for one in found if one.path in view.tree.files]
    chosen = [one for one in there if view.tree.file_class(one.path) is FileClass.CODE]
    return sorted(chosen, key=lambda place: (-len(place.reverts), place.changes, place.path))


def _is_cluster(matters: Mapping[str, Change], changes: int) -> bool:
    days = {change.at.date() for change in matters.values()}
    return len(days) >= _FEWEST and len(matters) >= _SHARE * changes


def _matter(text: str) -> str:
    """Return what a revert takes back, the same for the revert of the revert."""
    return normalised(_QUOTED.sub("", bare_title(text)).replace("…", " "))[:40]


def _together(places: Sequence[_Place]) -> Iterator[list[_Place]]:
    """Give the places that share two or more reverts together, the one with the most first."""
    groups: list[list[_Place]] = []
    for place in places:
        shas = {change.sha for change in place.reverts}
        near = next((group for group in groups if len(shas & {c.sha for c in group[0].reverts}) > 1), None)
        if near is None:
            groups.append([place])
        else:
            near.append(place)
    yield from groups


def _evidence(places: Sequence[_Place]) -> Iterator[Evidence]:
    for place in places[:4]:
        yield at_path(place.path, f"{len(place.reverts)} matters taken back in two years")
    yield from map(at_change, places[0].reverts)


def _story(places: Sequence[_Place]) -> Story:
    first, number = places[0], len(places[0].reverts)
    others = f" The same reverts touch {listed([f'`{one.path}`' for one in places[1:]])}." if len(places) > 1 else ""
    return Story(
        title=title("Find out why changes of ", first.path, f" are taken back ({counted(number, 'revert')})"),
        current=(
            f"Of the {first.changes} changes of `{first.path}` in two years, {number} took back an earlier one, each "
            f"another matter: {listed([told(one) for one in first.reverts], _MOST_TOLD)}.{others}"
        ),
        why=(
            "Each of these changes had been reviewed and merged before it had to go. Whoever works here next cannot "
            "rely on the tests to say what will hold in production."
        ),
        wanted=(
            "For each of them it is known how the fault was noticed and what would have shown it before the merge; the "
            "missing tests or checks are there."
        ),
        acceptance=(
            "A note in the issue says for each revert why it was made.",
            f"New tests of `{first.path}` fail with at least one of the changes that were taken back.",
        ),
        scope=tuple(f"`{one.path}`" for one in places[:6]),
        non_goals=("Bringing back what was taken back.",),
        size="M",
    )
