"""How well likely files are predicted: `SCOUT_MIRRORS=folder python tests/precision/fronts.py [OWNER/NAME …]`.

For the newest finished changes of each repository the files are predicted with nothing but the history before the
change and the files that were there then; what a change said of itself (the title) stands for the ticket. Two tellings:

- **title**: the ticket says no more than that;
- **file**: it names one of the files, too, as a ticket of Scout's does in its evidence. Which one, a digest of the
  change decides; only the other files count as predicted or missed.

Beside each stands the baseline *same folder*: all files in the folder of the file that is named, or that is likeliest.
Files that the change made can't be predicted and count as missed. Then pairs of changes that are at most twenty apart:
would they have met in a file, against those that did.

The thresholds were set on netbox, kitsune, redash and saleor; the repositories here are others. The folder holds
`owner+name/repo`, clones of the repositories.
"""

import hashlib
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from scout.buffer.fronts import Footprint, Terrain, clash
from scout.repository import Change, Repository
from scout.service.terrain import past

CHANGES = 150
MOST_FILES = 30
APART = 20
UNTOLD = ("Merge pull request #", "Merge a branch")
DEFAULT = ("freelawproject/courtlistener", "wagtail/wagtail")


class Case(NamedTuple):
    """A finished change, and what was predicted before it.

    Attributes:
        files: what it changed, by the names before it.
        named: the file that is told; empty when it only made new ones.
        there: all files before it.
        title: the footprint by the title.
        file: the footprint by title and one file.
    """

    files: frozenset[str]
    named: str
    there: frozenset[str]
    title: Footprint
    file: Footprint


class Score(NamedTuple):
    """Precision and recall over all files (or pairs) of all changes."""

    hits: int
    said: int
    true: int

    def shown(self) -> str:
        """Return both, with what they are made of."""
        precision, recall = self.hits / max(self.said, 1), self.hits / max(self.true, 1)
        return f"precision {precision:.2f}  recall {recall:.2f}  ({self.hits} of {self.said} said, {self.true} true)"


def main() -> None:
    """Print the figures of each repository and of all."""
    mirrors = Path(os.environ.get("SCOUT_MIRRORS", "mirrors"))
    every: list[list[Case]] = []
    for name in sys.argv[1:] or DEFAULT:
        with Repository.open(mirrors / name.replace("/", "+") / "repo") as repository:
            every.append(list(islice(cases(repository), CHANGES)))
        tell(f"{name}, {len(every[-1])} changes", every[-1:])
    tell(f"all, {sum(map(len, every))} changes", every)


def cases(repository: Repository) -> Iterator[Case]:
    """Give the finished changes, newest first; those of programs, very wide ones and untold ones are left out."""
    changes = repository.history(repository.resolve()).changes
    for place, change in enumerate(changes[:-1]):
        files = frozenset(file.old_path or file.path for file in change.files)
        if change.bot or not 0 < len(files) <= MOST_FILES or change.title.startswith(UNTOLD):
            continue
        there = frozenset(repository.tree(changes[place + 1].sha).files)
        terrain = Terrain(there, past(changes[place + 1 :]))
        named = min(files & there, key=lambda path: _draw(change, path), default="")
        yield Case(
            files=files,
            named=named,
            there=there,
            title=terrain.footprint(change.title, least=0.0),
            file=terrain.footprint(change.title, named=(named,) if named else ()),
        )


def tell(head: str, every: Sequence[Sequence[Case]]) -> None:
    """Print the figures of some repositories."""
    known = [case for one in every for case in one]
    named = [case for case in known if case.named]
    lines = {
        "files by the title": files(known, lambda case: likely(case.title)),
        "  same folder as the likeliest": files(known, lambda case: beside(case, first(case))),
        "other files, one being told": files(named, lambda case: likely(case.file), told=lambda case: case.named),
        "  same folder as that one": files(named, lambda case: beside(case, case.named), told=lambda case: case.named),
        "pairs that meet, by titles": pairs(every, lambda one, two: bool(clash(one.title, two.title))),
        "  likeliest in the same folder": pairs(every, lambda one, two: folder(first(one)) == folder(first(two))),
        "pairs that meet, one file told": pairs(every, lambda one, two: bool(clash(one.file, two.file))),
        "  told ones in the same folder": pairs(every, lambda one, two: folder(one.named) == folder(two.named)),
        "  told ones are the same": pairs(every, lambda one, two: one.named == two.named != ""),
    }
    sys.stdout.write(f"\n{head}\n")
    for name, score in lines.items():
        sys.stdout.write(f"  {name:<40} {score.shown()}\n")
    sys.stdout.flush()


def files(
    known: Iterable[Case], predict: Callable[[Case], Collection[str]], told: Callable[[Case], str] = lambda _: ""
) -> Score:
    """Return how many predicted files were changed; a file that was told counts on neither side."""
    hits = said = true = 0
    for case in known:
        predicted, real = set(predict(case)) - {told(case)}, case.files - {told(case)}
        hits, said, true = hits + len(predicted & real), said + len(predicted), true + len(real)
    return Score(hits, said, true)


def pairs(every: Sequence[Sequence[Case]], meet: Callable[[Case, Case], bool]) -> Score:
    """Return how many of the changes that were to meet in a file did."""
    hits = said = true = 0
    for known in every:
        for place, one in enumerate(known):
            for two in known[place + 1 : place + 1 + APART]:
                predicted, real = meet(one, two), bool(one.files & two.files)
                hits, said, true = hits + (predicted and real), said + predicted, true + real
    return Score(hits, said, true)


def likely(found: Footprint) -> list[str]:
    """Return the files that are shown as likely."""
    return [one.path for one in found.likely()]


def beside(case: Case, path: str) -> list[str]:
    """Return the files in the folder of a file."""
    return [other for other in case.there if path and folder(other) == folder(path)]


def first(case: Case) -> str:
    """Return the file that is likeliest by the title, however unlikely."""
    return max(case.title.chances, key=lambda path: (case.title.chances[path], path), default="")


def folder(path: str) -> str:
    """Return the folder of a file."""
    return path.rpartition("/")[0]


def _draw(change: Change, path: str) -> bytes:
    return hashlib.sha256(f"{change.sha} {path}".encode("utf-8", "surrogateescape")).digest()


if __name__ == "__main__":
    main()
