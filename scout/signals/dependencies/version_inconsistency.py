"""`version-inconsistency`: what is tested and what runs have different versions of the same runtime."""

import re
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._evidence import at_line
from scout.signals._words import listed, title
from scout.signals.dependencies._ends import NAMES, allows, exact, numbers
from scout.signals.dependencies._images import is_tool
from scout.signals.dependencies._runtimes import Role, Use, uses

_BY_MAJOR = frozenset({"node", "postgresql", "redis", "java", "mongodb"})
_BY_MINOR = frozenset({"python", "ruby", "go", "php", "mysql", "mariadb"})
_ASIDE = re.compile(
    r"readthedocs|(?:^|[/_.-])(?:docs?|site|pages|website|lint|linters?|format|stale|labels?|labeler|release|publish"
    r"|nightly|fuzz|bench\w*|codeql|security|spell\w*|update|changelog|examples?|example_\w+|pre-commit)(?:[/_.-]|$)",
    re.IGNORECASE,
)
_FOR_TESTS = re.compile(r"(?:^|[/_.-])(?:tests?|testing|ci|dev-env)(?:[/_.-]|$)", re.IGNORECASE)
_GROUPS = {
    **dict.fromkeys((Role.IMAGE, Role.SERVICE), "runs"),
    **dict.fromkeys((Role.CI, Role.DEVELOPMENT), "tests"),
    Role.TOOL: "tool file",
    Role.MANIFEST: "manifest",
}
_ORDER = ("runs", "manifest", "tool file", "tests")
_MANIFEST = re.compile(r"(?:^|/)(?:package\.json|pyproject\.toml|go\.mod|Gemfile|pom\.xml|build\.gradle(?:\.kts)?)$")
_FLOOR_ONLY = re.compile(r"^\s*>=?")
_NEWER = {"pyproject.toml": '[project]\nname = "fresco"\nrequires-python = ">=3.12"\n'}


class _Conflict(NamedTuple):
    first: str
    second: str
    uses: tuple[Use, ...]


class VersionInconsistency(Scout):
    """One runtime is pinned to different versions in places that belong together.

    Compared are what runs (images, services of Compose), what tests it (continuous integration, dev container), tool
    files (`.nvmrc`, `.ruby-version`) and exact versions in manifests; a pin that a manifest's range forbids counts too.
    Two sides conflict only when no place of the one agrees with any place of the other: by major version for Node.js
    and PostgreSQL, by minor version for Python, Ruby and Go. A matrix is no conflict, and where CI has a matrix for the
    runtime it decides nothing. Where several parts of the repository have manifests and images of their own, each is
    compared with itself alone. Passed over are jobs and settings for documentation, linting and releases, examples,
    images that hold only single files of their own folder and no manifest, and versions of no more than a major.

    ## Why it matters
    Tests pass with one version and people run another, so faults that depend on it are found where they hurt. A tool
    file that disagrees stops a new contributor at the first command.

    ## What to do with it
    Decide for one version and write it in all places, best in one place that the others read (`node-version-file`,
    a build argument). `# scout: ignore[version-inconsistency] reason` on the line or the one before keeps a place.

    ## Severity
    2 when what runs is not what is tested or declared; 1 between declarations.

    ## Source
    Wiggins, The Twelve-Factor App, X: dev/prod parity (2011). Field study of 28 public repositories: 6 of 8 findings
    true after these filters, 27 % before them.
    """

    id: ClassVar[str] = "version-inconsistency"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "The database of the tests is not the one that runs, and two files name different versions of Node.js",
            (
                Commit(
                    "2024-01-01",
                    {
                        "docker-compose.yml": "services:\n  db:\n    image: postgres:15\n",
                        ".github/workflows/test.yml": lines(
                            "on: push", "jobs:", "  test:", "    services:", "      db:", "        image: postgres:17.2"
                        ),
                        ".ruby-version": "3.3.1\n",
                        "bin/paint/Dockerfile": "FROM ruby:3.1\nCOPY Gemfile .\n",
                        "bin/paint/Gemfile": "gem 'paint'\n",
                        ".nvmrc": "18\n",
                        "package.json": '{\n  "engines": {\n    "node": "22.x"\n  }\n}\n',
                    },
                ),
            ),
            "2024-06-01",
            (
                Expected("PostgreSQL", "docker-compose.yml:3"),
                Expected("Ruby", "bin/paint/Dockerfile:1"),
                Expected("Node.js", "package.json:3"),
            ),
        ),
        Example(
            "The manifest forbids the version of the image",
            (Commit("2024-01-01", {"compose.yml": "services:\n  web:\n    image: python:3.11-slim\n", **_NEWER}),),
            "2024-06-01",
            (Expected("Python", "compose.yml:3"),),
        ),
        Example(
            "A matrix, a documentation job, a bare major, patch versions, and one job of several that agrees",
            (
                Commit(
                    "2024-01-01",
                    {
                        "Dockerfile": "FROM python:3.12.1\n",
                        "web/Dockerfile": "FROM node:22.1\n",
                        "bin/copy/Dockerfile": "FROM ruby:3.1\nCOPY --chown=1 copy.sh .\n",
                        "bin/copy/copy.sh": "pg_dump\n",
                        ".python-version": "3.12.9\n",
                        "tools/pins/pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.10"\n',
                        ".readthedocs.yml": "build:\n  tools:\n    nodejs: '18'\n",
                        "Gemfile": "ruby '~> 3.2'\n",
                        ".ruby-version": "3.3.1\n",
                        ".github/workflows/docs.yml": lines(
                            "on: push",
                            "jobs:",
                            "  build:",
                            "    steps:",
                            "      - uses: actions/setup-node@v4",
                            "        with:",
                            "          node-version: 18",
                        ),
                        ".github/workflows/test.yml": lines(
                            "on: push",
                            "jobs:",
                            "  test:",
                            "    steps:",
                            "      - uses: actions/setup-node@v4",
                            "        with:",
                            "          node-version: 22",
                            "      - uses: actions/setup-node@v4",
                            "        with:",
                            "          node-version: 20",
                            "  all:",
                            "    strategy:",
                            "      matrix:",
                            "        GO_VERSION: ['1.21', '1.22']",
                            "  other:",
                            "    steps:",
                            "      - uses: actions/setup-go@v5",
                            "        with:",
                            "          go-version: '1.20'",
                        ),
                        "tools/Dockerfile": "FROM golang:1.22\n",
                    },
                ),
            ),
            "2024-06-01",
        ),
        Example(
            "Two services with images and manifests of their own, and a job for a third",
            (
                Commit(
                    "2024-01-01",
                    {
                        "src/shop/package.json": "{}\n",
                        "src/shop/Dockerfile": "FROM node:20\n",
                        "src/mail/package.json": "{}\n",
                        "src/mail/Dockerfile": "FROM node:22\n",
                        ".github/workflows/app.yml": lines(
                            "on: push",
                            "jobs:",
                            "  app:",
                            "    steps:",
                            "      - uses: actions/setup-node@v4",
                            "        with:",
                            "          node-version: 24",
                        ),
                    },
                ),
            ),
            "2024-06-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each runtime whose places disagree."""
        by_runtime: dict[str, list[Use]] = {}
        for use in uses(view):
            if use.runtime in _BY_MAJOR | _BY_MINOR and not _is_aside(view, use):
                by_runtime.setdefault(use.runtime, []).append(use)
        for runtime, found in sorted(by_runtime.items()):
            conflict = next(filter(None, (_conflict(runtime, part) for part in _by_part(view, found))), None)
            if conflict is not None:
                yield Finding(
                    signal=self.id,
                    subject=NAMES[runtime],
                    identity=runtime,
                    severity=2 if "runs" in {conflict.first, conflict.second} else 1,
                    kind=self.kind,
                    story=_story(NAMES[runtime], conflict),
                    evidence=tuple(at_line(use.path, use.line, use.text) for use in conflict.uses),
                    score=0.8,
                )


def _by_part(view: View, found: list[Use]) -> list[list[Use]]:
    """Return places that belong together: those of parts with a manifest each, when what runs stands in two of them."""
    parts = {path.rpartition("/")[0] for path in view.tree.files if _MANIFEST.search(path) and "/" in path}
    groups: dict[str, list[Use]] = {}
    for use in found:
        groups.setdefault(next((part for part in sorted(parts, key=len) if _is_in(use, part)), ""), []).append(use)
    running = [part for part, here in groups.items() if part and any(_GROUPS.get(use.role) == "runs" for use in here)]
    return list(groups.values()) if len(running) > 1 else [found]


def _is_in(use: Use, part: str) -> bool:
    return use.path.startswith(f"{part}/")


def _is_aside(view: View, use: Use) -> bool:
    if use.role is Role.IMAGE and is_tool(view.tree, use.path):
        return True
    for_tests = _FOR_TESTS.search(use.path) is not None and use.role in {Role.IMAGE, Role.SERVICE}
    return for_tests or _ASIDE.search(use.path) is not None


def _conflict(runtime: str, found: list[Use]) -> _Conflict | None:
    """Return the first two groups of places of which none agrees with one of the other."""
    matrix = any(use.role is Role.MATRIX for use in found)
    groups: dict[str, list[Use]] = {}
    for use in found:
        group = _GROUPS.get(use.role)
        if group and _is_exact(runtime, use) and not (matrix and group != "runs"):
            groups.setdefault(group, []).append(use)
    for at, first in enumerate(_ORDER):
        for second in _ORDER[at + 1 :]:
            ours, theirs = groups.get(first, []), groups.get(second, [])
            if ours and theirs and not any(_agree(runtime, one, other) for one in ours for other in theirs):
                return _Conflict(first, second, (*ours, *theirs))
    return _forbidden(found, [use for use in groups.get("runs", []) if "/" not in use.path])


def _forbidden(found: list[Use], runs: list[Use]) -> _Conflict | None:
    """Return the conflict of what runs from the root with the range of the manifest there."""
    ranges = [use for use in found if use.role is Role.MANIFEST and "/" not in use.path and exact(use.written) is None]
    for use in runs:
        for manifest in ranges:
            if not allows(manifest.written, exact(use.written) or ()):
                return _Conflict("runs", "manifest", (use, manifest))
    return None


def _is_exact(runtime: str, use: Use) -> bool:
    """Say whether a place allows a single version of those that are told apart: `^3.10` allows every later minor."""
    version = _version(use)
    within = runtime in _BY_MAJOR or not use.written.strip().startswith("^")
    return within and version is not None and len(version) >= _depth(runtime)


def _version(use: Use) -> tuple[int, ...] | None:
    wild = re.fullmatch(r"\s*[~^]?\s*v?(\d+(?:\.\d+)*)(?:\.[xX*])?\s*", use.written)
    return numbers(wild.group(1)) if wild and not _FLOOR_ONLY.match(use.written) else None


def _depth(runtime: str) -> int:
    return 1 if runtime in _BY_MAJOR else 2


def _agree(runtime: str, one: Use, other: Use) -> bool:
    depth = _depth(runtime)
    return (_version(one) or ())[:depth] == (_version(other) or ())[:depth]


_SAID = {
    "runs": "what runs",
    "tests": "what continuous integration and development use",
    "tool file": "the tool file",
    "manifest": "the manifest",
}


def _story(name: str, conflict: _Conflict) -> Story:
    told = [f"`{use.place}` has {use.written.strip()}" for use in conflict.uses]
    files = list(dict.fromkeys(use.path for use in conflict.uses))
    versions = list(dict.fromkeys(use.written.strip() for use in conflict.uses))
    runs = conflict.first == "runs"
    return Story(
        title=title(f"Agree on one version of {name}: ", listed(versions, 3), " are in use"),
        current=f"{listed(told, 10)}: {_SAID[conflict.first]} and {_SAID[conflict.second]} disagree about {name}.",
        why=(
            f"What is tested or declared is not the {name} that runs, so a fault that depends on the version passes "
            "every check and shows up for users."
            if runs
            else f"Whoever sets the project up by one of these files gets a {name} that the other one forbids."
        ),
        wanted=f"All these places name the same version of {name}, or read it from one of them.",
        acceptance=(f"{listed([f'`{path}`' for path in files], 6)} name the same version of {name}.", "All jobs pass."),
        scope=tuple(f"`{path}`" for path in files[:8]),
        non_goals=("Matrices that test several versions on purpose.",),
        risks=("Code may rely on the version that is raised or lowered: run the tests with the chosen one first.",),
        size="S",
    )
