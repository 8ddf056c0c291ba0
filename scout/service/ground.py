"""What a repository has to say about texts that name its files: read once for all tickets of a project."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from scout.buffer.serving import mentioned_paths
from scout.errors import ScoutError
from scout.model import Ticket
from scout.readiness.autonomy import Place, Site
from scout.repository import Ignored, Repository, Tree
from scout.service.wiring import Project

_OWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
_CONTROL = re.compile(
    r"(?:^|/)\.github/workflows/[^/]+\.ya?ml$|^\.gitlab-ci\.yml$|^\.circleci/config\.yml$|^\.travis\.yml$"
    r"|^azure-pipelines\.ya?ml$|^Jenkinsfile$|^\.ci/[^/]+$|^\.woodpecker[^/]*\.ya?ml$"
)
_TESTING = re.compile(r"\b(?:py|unit)?tests?\b|\b(?:tox|nox|r?spec|jest|vitest|phpunit|ctest|cypress)\b", re.IGNORECASE)
_TEMPLATE = re.compile(
    r"^(?:\.github/|docs/)?(?:ISSUE_TEMPLATE/[^/]+\.(?:md|ya?ml)|ISSUE_TEMPLATE(?:\.md)?)$"
    r"|^\.gitlab/issue_templates/[^/]+\.md$",
    re.IGNORECASE,
)
_TEST = re.compile(r"(?:^|[/_.-])(?:tests?|specs?|__tests__|e2e)(?:[/_.-]|$)", re.IGNORECASE)
_AFFIX = re.compile(r"^(?:tests?|specs?)[_-]|[_.-]?(?:tests?|specs?|cy)$", re.IGNORECASE)
_DOCS = re.compile(r"\.(?:md|mdx|rst|adoc|txt)$|^docs?/", re.IGNORECASE)
_MOST_PLACES = 20


@dataclass(frozen=True)
class Ground:
    """The files of one commit, as far as texts and their autonomy need them; nothing stays open.

    Attributes:
        sha: the commit; empty where there is no checkout, or it has no commits.
        paths: all its files.
        controls: files that make tests run by themselves.
        templates: contents of the issue forms and templates.
        owned: patterns of the code owners' file, in its order, each with whether it names an owner.
    """

    sha: str = ""
    paths: frozenset[str] = frozenset()
    controls: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    owned: tuple[tuple[str, bool], ...] = ()
    _named: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    _tests: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, project: Project) -> "Ground":
        """Return what a project's newest commit has; nothing where it has no checkout that can be read."""
        if not project.has_checkout:
            return cls()
        with suppress(ScoutError), Repository.open(project.path) as repository:
            return cls.at(repository.tree(repository.resolve()))
        return cls()

    @classmethod
    def at(cls, tree: Tree) -> "Ground":
        """Return what a commit has."""
        paths = tuple(tree.files)
        rules = next((tree.text(path) or "" for path in _OWNERS if path in tree.files), "")
        named: dict[str, list[str]] = {}
        for path in paths:
            named.setdefault(path.rpartition("/")[2], []).append(path)
        tests = {_stem(path): path for path in reversed(paths) if _TEST.search(path)}
        return cls(
            sha=tree.sha,
            paths=frozenset(paths),
            controls=tuple(path for path in paths if _CONTROL.search(path) and _TESTING.search(tree.text(path) or "")),
            templates=tuple(tree.text(path) or "" for path in paths if _TEMPLATE.search(path)),
            owned=tuple(_rules(rules)),
            _named=named,
            _tests=tests,
        )

    def around(self, ticket: Ticket) -> Site:
        """Return what surrounds a ticket: the files that it names and that are there."""
        if not self.sha:
            return Site()
        places = tuple(self._place(path) for path in self.resolved(ticket))
        return Site(seen=True, controls=self.controls, places=places)

    def resolved(self, ticket: Ticket) -> tuple[str, ...]:
        """Return the files that a ticket names and that are there, sorted; a bare name counts when it is the only one.

        At most twenty: a text that names more is a listing.
        """
        found = {path for name in mentioned_paths(ticket) if (path := self._whole(name))}
        return tuple(sorted(found)[:_MOST_PLACES])

    def gone(self, ticket: Ticket) -> tuple[str, ...]:
        """Return the paths with a folder that a ticket names and that are not there, sorted; none without a commit."""
        if not self.sha:
            return ()
        named = (name for name in mentioned_paths(ticket) if "/" in name and PurePosixPath(name).suffix)
        return tuple(sorted(name for name in named if not self._whole(name))[:_MOST_PLACES])

    def test_of(self, path: str) -> str:
        """Return a test file that is named like a file, or the file itself where it is a test; empty if none."""
        return path if _TEST.search(path) else self._tests.get(_stem(path), "")

    def _whole(self, name: str) -> str:
        if name in self.paths:
            return name
        ending = [path for path in self._named.get(name.rpartition("/")[2], ()) if f"/{path}".endswith(f"/{name}")]
        return ending[0] if len(ending) == 1 else ""

    def _place(self, path: str) -> Place:
        return Place(path, docs=_DOCS.search(path) is not None, test=self.test_of(path), owned=self._owned(path))

    def _owned(self, path: str) -> str:
        for pattern, has_owner in reversed(self.owned):
            if matches(pattern, path):
                return pattern if has_owner else ""
        return ""


def matches(pattern: str, path: str) -> bool:
    """Say whether a path is meant by a pattern in the way of gitignore(5), as code owners' files have it."""
    return Ignored({"": pattern.encode("utf-8", "surrogateescape")}).matches(path)


def _rules(text: str) -> Iterator[tuple[str, bool]]:
    for line in text.splitlines():
        words: Iterable[str] = re.sub(r"(?:^|\s)#.*$", "", line).split()
        pattern, *owners = words or ("",)
        if pattern and not pattern.startswith(("[", "^[", "@")):
            yield pattern, bool(owners)


def _stem(path: str) -> str:
    """Return a file's name without its suffix and without what makes it a test's: `test_export.py` → `export`."""
    name = PurePosixPath(path).stem
    return _AFFIX.sub("", _AFFIX.sub("", name)).lower()
