"""The actions that workflows use, and which of their versions were built for a retired runtime."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from scout.signals._base import View
from scout.signals.dependencies._ends import rows

_PLACE = re.compile(r"^\.github/workflows/[^/]+\.ya?ml$|^\.github/.*action\.ya?ml$|^action\.ya?ml$")
_USES = re.compile(
    r"^\s*(?:-\s*)?uses\s*:\s*[\"']?(?P<name>[\w.-]+/[\w./-]+)@(?P<version>[^\s\"'#]+)[\"']?(?P<rest>.*)$"
)
_SAID = re.compile(r"#\s*(?:(?:tag|ratchet|pin)?[\w./-]*[@=:]\s*)?v?(\d{1,9})(?:\.\d+)*(?=\s|$)")
_MAJOR = re.compile(r"^v?(\d{1,9})(?:\.\d+)*$")
_SHA = re.compile(r"^[0-9a-f]{40}$")
_REPOSITORY = re.compile(rb"github\.com[/:]([A-Za-z0-9][A-Za-z0-9-]*)/([\w.-]+)")
_TELLING = re.compile(
    r"^(?:readme[\w.]*|pyproject\.toml|setup\.(?:py|cfg)|package\.json|go\.mod|Cargo\.toml|composer\.json|[\w-]+\.gemspec"
    r"|mkdocs\.yml|CONTRIBUTING\.\w+|\.github/[\w-]+\.md|CHANGELOG\.md|CODEOWNERS|\.github/CODEOWNERS)$",
    re.IGNORECASE,
)
_PLACES_OF_GITHUB = ("user-attachments", "sponsors", "orgs", "apps", "features", "marketplace")
_MERGED = re.compile(r"Merge pull request #\d+ from ([\w-]+)/")
_OWN_SUFFIX = re.compile(r"(?:testing|tests?|e2e|infra(?:structure)?|deploy(?:ment)?s?|ops|internal|private)$")
_MOST_READ = 20_000


@dataclass(frozen=True, slots=True)
class ActionUse:
    """A line of a workflow that uses an action.

    Attributes:
        name: owner and repository, with a path below it where there is one.
        version: what stands behind the `@`.
        major: the version's first number, also of a pinned commit whose comment names it.
        text: the line.
    """

    name: str
    version: str
    major: int | None
    path: str
    line: int
    text: str

    @property
    def owner(self) -> str:
        """Whose action it is, in lower case."""
        return self.name.partition("/")[0].lower()

    @property
    def repository(self) -> str:
        """Owner and repository, in lower case."""
        return "/".join(self.name.split("/")[:2]).lower()

    @property
    def is_commit(self) -> bool:
        """Whether it is pinned to a commit."""
        return _SHA.match(self.version) is not None


@dataclass(frozen=True, slots=True)
class Retirement:
    """An action up to a major version that was built for something retired.

    Attributes:
        built_for: the retired runtime, or the service that is switched off.
        stops: whether the action fails since then; else it is run on something it was not built for.
    """

    action: str
    major: int
    built_for: str
    since: date
    stops: bool
    source: str


def actions(view: View) -> Iterator[ActionUse]:
    """Give the actions that workflows and composite actions use, by path and line."""
    for path in view.tree.files:
        if not _PLACE.match(path) or (text := view.tree.text(path)) is None:
            continue
        for number, row in enumerate(text.split("\n"), start=1):
            if (found := _USES.match(row.rstrip("\r"))) is None:
                continue
            version = found["version"]
            said = _SAID.search(found["rest"]) if _SHA.match(version) else _MAJOR.match(version)
            yield ActionUse(found["name"], version, int(said.group(1)) if said else None, path, number, row)


def retired(use: ActionUse, on: date) -> Retirement | None:
    """Return why a use is out of date on a day: the weightiest reason that the table knows."""
    if use.major is None:
        return None
    known = [one for one in _table() if one.action == use.repository and one.major >= use.major and one.since < on]
    return min(known, key=lambda one: (not one.stops, one.major), default=None)


def own_names(view: View) -> frozenset[str]:
    """Return who probably owns the repository, in lower case: the account that its own front files link to most.

    A checkout does not know its owner; several names are returned where they are named about equally often. Where the
    files link nowhere, the branches that were merged tell.
    """
    counted = Counter[str]()
    for (owner, _), number in _linked(view).items():
        counted[owner] += number
    if not counted:
        merged = (_MERGED.match(change.subject) for change in view.history.changes)
        counted.update(found.group(1).lower() for found in merged if found)
    most = max(counted.values(), default=0)
    return frozenset(name for name, number in counted.items() if number * 2 >= most)


def is_beside(view: View, repository: str) -> bool:
    """Say whether a repository, `owner/name`, belongs to this one by its name: the same with a suffix.

    A name of a single word is that of a product too, for which others write tools: it takes a suffix that tells of a
    team's own work.
    """
    ours = own_names(view)
    counted = Counter({name: number for (owner, name), number in _linked(view).items() if owner in ours})
    most = max(counted.values(), default=0)
    suffixes = {
        repository.partition("/")[2].lower().removeprefix(f"{name}-"): name
        for name, number in counted.items()
        if number == most and repository.partition("/")[2].lower().startswith(f"{name}-")
    }
    return any("-" in name or _OWN_SUFFIX.match(suffix) for suffix, name in suffixes.items())


def _linked(view: View) -> Counter[tuple[str, str]]:
    """Return how often the front files link to each repository, by owner and name in lower case."""
    counted = Counter[tuple[str, str]]()
    for path in view.tree.files:
        if _TELLING.match(path) and (text := view.tree.text(path)) is not None:
            for owner, name in _REPOSITORY.findall(text[:_MOST_READ].encode("utf-8", "replace")):
                bare = name.decode("ascii").lower().rstrip(".").removesuffix(".git")
                counted[owner.decode("ascii").lower(), bare] += 1
    return Counter({one: number for one, number in counted.items() if one[0] not in _PLACES_OF_GITHUB})


@cache
def _table() -> tuple[Retirement, ...]:
    return tuple(
        Retirement(
            row["action"].lower(),
            int(row["major"]),
            row["built_for"],
            date.fromisoformat(row["since"]),
            row["effect"] == "stops",
            row["source"],
        )
        for row in rows("actions.csv")
    )
