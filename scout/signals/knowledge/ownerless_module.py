"""`ownerless-module`: those who wrote a module have all left, and nobody has taken it over."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from posixpath import commonpath
from typing import ClassVar

from scout.model import Evidence, Finding, Story, WorkKind
from scout.repository import FileClass
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View
from scout.signals._evidence import at_path
from scout.signals._words import listed, title
from scout.signals.knowledge._hot import SOURCE
from scout.signals.knowledge._knowers import Knowers, knowers, needs_a_team

_FEWEST_FILES = 3
_FEWEST_CHANGES = 40
_MANY_CHANGES = 100
_FEWEST_LINES = 300
_FEWEST_ACTIVE = 3
_MOST_BY_ACTIVE = 0.1
_LEAST_BY_LEFT = 0.5
_OWNED = 0.25
_MOST_RECENT = 5
_ONE_MATTER = 3
_HANDED_OVER = 0.25
_MOST_OF_IT = 2 / 3
_AT_REST = timedelta(days=730)
_LITTLE = "a third of it and more was written by others, or nothing changed in it for two years"
_MOST_SHOWN = 6
_NO_MODULE = re.compile(
    r"(?:^|/)(?:views?|migrat\w*|versions|templates?|icons?|svg\w*|locales?|i18n|fixtures?|types|constants|static|assets|scripts?"
    r"|config|initializers|environments|settings|controllers|routes|models|serializers|adapters|policies|mirage|mocks?|examples?|benchmarks?|docs?|images?|styles?"
    r"|stories|sandbox|demos?|samples?|playgrounds?|[\w-]*tests?)(?:/|$)",
    re.IGNORECASE,
)


_SHAPES = {"seldom": (30, 150, 3), "small": (45, 20, 3), "pair": (45, 150, 2)}


def _written(author: str, *folders: str) -> Iterator[Commit]:
    """Give the history of some folders of examples: how many changes, lines and files by the folder's name."""
    names = {"app/main.py": "".join(f"import app.{one}\n" for one in folders if one != "unnamed")}
    for at in range(45):
        parts: dict[str, str] = {}
        for folder in folders:
            changes, lines, files = _SHAPES.get(folder, (45, 150, 3))
            if at < changes:
                parts[f"app/{folder}/part{at % files}.py"] = f"a = {at}\n" * lines
        yield Commit(f"2021-{1 + at // 28:02}-{1 + at % 28:02}", {**parts, **names}, author=author)


_TOUCHED = Commit("2023-06-01", {"app/ledger/part1.py": "a = 99\n" * 150}, author="person1")


def _shared(changes: int) -> Iterator[Commit]:
    """Give changes of the ledger by six people, few by each."""
    for at in range(changes):
        yield Commit(f"2021-06-{1 + at:02}", {"app/ledger/part2.py": f"c = {at}\n" * 150}, author=f"helper{at % 6}")


def _elsewhere(people: int) -> Iterator[Commit]:
    for at in range(33):
        when = f"2024-{1 + at // 28:02}-{1 + at % 28:02}"
        yield Commit(when, {f"app/web/part{at % 9}.py": f"b = {at}\n"}, author=f"person{at % people}")


class OwnerlessModule(Scout):
    """A folder of code is known by people who have all been silent for a year.

    A folder counts when it has three or more files of code with 300 lines together, 40 or more changes, code elsewhere
    that names it, and when everybody who made a tenth of its changes or more (half of all together) has committed
    nothing to the repository for a year, while whoever is active made a tenth at most; five changes within the year at
    most. Sweeps and programs don't count; neither do scripts and the layers of a framework (views, controllers, models,
    migrations, templates) and its configuration (config, initializers, environments, settings). Three such folders and
    more below one folder of the root are one finding. Repositories that one person maintains or mostly wrote, where
    fewer than three people are active, or where a quarter of the code would count (whoever is active keeps it all), are
    passed over. It is offered when those who left made two thirds and something changed there within two years. Names
    are never told, only numbers.

    ## Why it matters
    The module runs on, and nobody is left who knows why it is as it is. The next change there is slow and risky, and
    it usually comes when something is urgent.

    ## What to do with it
    Let two people work themselves in: describe it, test it, write down who reviews it. Or take it out of use.

    ## Severity
    2 with a hundred changes or more, else 1.

    ## Source
    Avelino et al., On the abandonment and survival of open source projects (ESEM 2019); Rigby et al., Quantifying and
    mitigating turnover-induced knowledge loss (ICSE 2016).
    """

    id: ClassVar[str] = "ownerless-module"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    cap: ClassVar[int | None] = 1
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "One person wrote the ledger and left; three others work elsewhere",
            (*_written("gone", "ledger"), _TOUCHED, *_elsewhere(3)),
            "2024-03-01",
            (Expected("app/ledger", "app/ledger/part0.py"),),
        ),
        Example(
            "The writer of ledger and mails is still there",
            (*_written("person1", "ledger", "mails"), _TOUCHED, *_elsewhere(3)),
            "2024-03-01",
        ),
        Example(
            "Whoever wrote it left, and one person maintains the rest",
            (*_written("gone", "ledger"), _TOUCHED, *_elsewhere(1)),
            "2024-03-01",
        ),
        Example(
            "Few changes, few lines, few files, a layer of a framework, and a folder that nothing names",
            (*_written("gone", "seldom", "small", "pair", "views", "demo", "unnamed"), *_elsewhere(3)),
            "2024-03-01",
        ),
        Example(
            "The configuration of a framework",
            (*_written("gone", "config/environments"), *_elsewhere(3)),
            "2024-03-01",
        ),
        Example("Nothing changed in it for two years", (*_written("gone", "ledger"), *_elsewhere(3)), "2024-03-01"),
        Example(
            "A third of it was written by many others who left as well",
            (*_written("gone", "ledger"), *_shared(24), _TOUCHED, *_elsewhere(3)),
            "2024-03-01",
        ),
        Example(
            "Half of the code: whoever is active has taken the whole over",
            (*_written("gone", "ledger", "mails", "walls"), _TOUCHED, *_elsewhere(3)),
            "2024-03-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each module that nobody active knows, the outermost folder of several.

        Raises:
            UnavailableError: the clone's older history is cut off.
            NotApplicable: too few people keep the repository.
        """
        needs_a_team(view, _FEWEST_ACTIVE)
        modules = _modules(view)
        unknown = [
            folder
            for folder in sorted(modules)
            if _has_lost(knowers(view, modules[folder])) and _is_sizeable(view, modules[folder])
        ]
        named = _named(view, unknown)
        lost: list[str] = []
        for folder in unknown:
            if folder in named and not any(folder.startswith(f"{outer}/") for outer in lost):
                lost.append(folder)
        code = {path for paths in modules.values() for path in paths if view.tree.file_class(path) is FileClass.CODE}
        left = {path for folder in unknown for path in modules[folder]} & code
        if len(left) >= _HANDED_OVER * len(code):
            message = "most of the code has passed to the people who are active"
            raise NotApplicable(message)
        for paths in _together(lost, modules):
            folder = commonpath([path.rpartition("/")[0] for path in paths])
            known = knowers(view, paths)
            if known is not None:
                telling = known.left_share >= _MOST_OF_IT and view.now - known.last <= _AT_REST
                yield Finding(
                    signal=self.id,
                    subject=folder,
                    identity=_first_name(view, folder, paths),
                    severity=2 if known.changes >= _MANY_CHANGES else 1,
                    kind=self.kind,
                    story=_story(folder, paths, known),
                    evidence=tuple(_evidence(paths)),
                    score=round(min(0.8, 0.5 + known.changes / 1000), 3),
                    offered=telling,
                    because="" if telling else _LITTLE,
                )


def _together(lost: Sequence[str], modules: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """Give the files of each module; three modules and more below one folder of the root are one matter."""
    by_top = groupby(lost, key=lambda folder: folder.partition("/")[0])
    for _, group in by_top:
        folders = list(group)
        if len(folders) >= _ONE_MATTER:
            yield sorted(path for folder in folders for path in modules[folder])
        else:
            yield from (modules[folder] for folder in folders)


def _modules(view: View) -> Mapping[str, list[str]]:
    """Return the files of code below each folder that may be a module."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in view.tree.files:
        if SOURCE.search(path) and not _NO_MODULE.search(path.rpartition("/")[0]):
            folder = path.rpartition("/")[0]
            while folder:
                found[folder].append(path)
                folder = folder.rpartition("/")[0]
    return {folder: paths for folder, paths in found.items() if len(paths) >= _FEWEST_FILES}


def _has_lost(known: Knowers | None) -> bool:
    if known is None or known.changes < _FEWEST_CHANGES or known.people == 0:
        return False
    owned = known.top_share >= _OWNED and known.left_share >= _LEAST_BY_LEFT
    is_left = not known.active_people and known.active_share <= _MOST_BY_ACTIVE
    return owned and is_left and known.recent <= _MOST_RECENT


def _is_sizeable(view: View, paths: list[str]) -> bool:
    code = [path for path in paths if view.tree.file_class(path) is FileClass.CODE]
    if len(code) < _FEWEST_FILES:
        return False
    return sum((view.tree.text(path) or "").count("\n") for path in code) >= _FEWEST_LINES


def _named(view: View, folders: Sequence[str]) -> frozenset[str]:
    """Return those of some folders that code elsewhere names: one pass for all of them."""
    if not folders:
        return frozenset()
    names = sorted({folder.rpartition("/")[2] for folder in folders})
    pattern = re.compile(rf"[./\"'(\s](?=({'|'.join(map(re.escape, names))})(?:[./\"')\s;,]|$))".encode(), re.MULTILINE)
    by_name: dict[str, list[str]] = defaultdict(list)
    for file in view.tree.search(pattern, lambda one: SOURCE.search(one.path) is not None):
        text = view.tree.text(file.path)
        for name in set(pattern.findall((text or "").encode())):
            by_name[name.decode()].append(file.path)
    return frozenset(
        folder
        for folder in folders
        if any(not path.startswith(f"{folder}/") for path in by_name[folder.rpartition("/")[2]])
    )


def _first_name(view: View, folder: str, paths: Sequence[str]) -> str:
    """Return what the folder was called first, by most of its files."""
    origins = Counter(view.history.origin(path).removesuffix(path.removeprefix(folder)) for path in paths)
    return min(origins, key=lambda name: (-origins[name], name))


def _parts(paths: Sequence[str]) -> dict[str, str]:
    """Return the first file of each folder."""
    found: dict[str, str] = {}
    for path in paths:
        found.setdefault(path.rpartition("/")[0], path)
    return found


def _evidence(paths: Sequence[str]) -> Iterator[Evidence]:
    for folder, path in list(_parts(paths).items())[:_MOST_SHOWN]:
        yield at_path(path, f"part of {folder}")


def _story(folder: str, files: list[str], known: Knowers) -> Story:
    parts = list(_parts(files))
    what = "" if len(parts) == 1 else f"{len(parts)} folders in "
    named = f"`{folder}`" if len(parts) == 1 else listed([f"`{part}`" for part in parts], _MOST_SHOWN)
    return Story(
        title=title(f"Find new keepers for {what}", folder, ", whose main authors have left"),
        current=(
            f"{named} ({len(files)} files of code such as `{files[0]}`, {known.changes} changes in all): most was "
            f"written by {'one person' if known.people == 1 else f'{known.people} people'} "
            f"who made {round(100 * known.left_share)} % of its changes and committed nothing to this repository for "
            f"a year. Those who are active made {round(100 * known.active_share)} %. "
            f"Sweeps apart, it last changed on {known.last:%Y-%m-%d}."
        ),
        why=(
            "Code elsewhere uses it, and nobody who is left knows why it is as it is. A fault there will be found by "
            "somebody who reads it for the first time."
        ),
        wanted=(
            "Two people know it well enough to change it: there is a short description, tests of what others rely on, "
            "and a rule for who reviews changes; or it is no longer used and is removed."
        ),
        acceptance=(
            f"A description of `{folder}` says what it is for, who uses it and how to tell that it works.",
            f"CODEOWNERS, or what the team uses for it, names a team for `{folder}`.",
        ),
        scope=(f"`{folder}`",),
        non_goals=("Rewriting the module.", "Asking those who left."),
        size="M",
    )
