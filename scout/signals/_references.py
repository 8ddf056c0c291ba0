"""References that lead nowhere: put together by cause, so that one cause is one finding."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from scout.model import Evidence
from scout.signals._evidence import at_change, at_line
from scout.signals._paths import Fate
from scout.signals._words import listed, sentence


@dataclass(frozen=True, slots=True)
class Reference:
    """A place that names something that is not there.

    Attributes:
        path: the file that names it.
        line: counted from 1.
        text: the line.
        written: the name as it stands there.
        target: what it means: a path from the root, a command.
        fate: what became of the target, if it ever was there.
        hint: what is there instead, in words; empty when nothing is known.
    """

    path: str
    line: int
    text: str
    written: str
    target: str
    fate: Fate | None = None
    hint: str = ""

    @property
    def place(self) -> str:
        """Where it stands, as a locator."""
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Cause:
    """References with the same cause: one missing target named by several files, or one file.

    Attributes:
        subject: the missing target, or the file.
        identity: what tells the cause from others for good.
        references: sorted by path and line.
    """

    subject: str
    identity: str
    references: tuple[Reference, ...]

    @property
    def targets(self) -> list[str]:
        """The distinct missing targets, in the order of their places."""
        return list(dict.fromkeys(one.target for one in self.references))

    @property
    def files(self) -> list[str]:
        """The distinct files, in order."""
        return list(dict.fromkeys(one.path for one in self.references))

    @property
    def places(self) -> list[str]:
        """Every place once, in code marks."""
        return list(dict.fromkeys(f"`{one.place}`" for one in self.references))

    def evidence(self) -> Iterator[Evidence]:
        """Give the places, then the changes that removed the targets."""
        for one in {ref.place: ref for ref in self.references}.values():
            yield at_line(one.path, one.line, one.text)
        changes = {one.fate.change.sha: one.fate.change for one in self.references if one.fate is not None}
        for change in changes.values():
            yield at_change(change)

    def by_fate(self) -> Iterator[tuple[list[str], Reference]]:
        """Give the targets that met the same fate together, with a reference that tells it."""
        groups: dict[tuple[str, str, str], tuple[list[str], Reference]] = {}
        for one in self.references:
            key = (one.fate.change.sha, one.fate.now, "") if one.fate else ("", one.target, one.hint)
            names, _ = groups.setdefault(key, ([], one))
            if one.target not in names:
                names.append(one.target)
        yield from groups.values()

    def fates(self) -> str:
        """Return what became of the targets, a sentence for each fate."""
        return " ".join(sentence(_told(names, one)) for names, one in self.by_fate())


def causes(references: Iterable[Reference], origin: Callable[[str], str]) -> Iterator[Cause]:
    """Give one cause for each target that several files name, and one for each file with what is left.

    Args:
        references: in any order.
        origin: gives the oldest name of a file.
    """
    ordered = sorted(set(references), key=lambda one: (one.path, one.line, one.target))
    named_by: dict[str, set[str]] = defaultdict(set)
    for one in ordered:
        named_by[one.target].add(one.path)
    by_target: dict[str, list[Reference]] = defaultdict(list)
    by_file: dict[str, list[Reference]] = defaultdict(list)
    for one in ordered:
        (by_target[one.target] if len(named_by[one.target]) > 1 else by_file[one.path]).append(one)
    for target, found in sorted(by_target.items()):
        yield Cause(target, f"target {target}", tuple(found))
    for path, found in sorted(by_file.items()):
        yield Cause(path, f"file {origin(path)}", tuple(found))


def _told(names: list[str], one: Reference) -> str:
    what = listed([f"`{name}`" for name in names], 6)
    many = len(names) > 1
    if one.fate is not None:
        return f"{what} {one.fate.told if not many else one.fate.told.replace('was ', 'were ', 1)}"
    return f"{what} {'are' if many else 'is'} not there{f'; {one.hint}' if one.hint else ''}"
