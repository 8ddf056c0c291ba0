"""`eol-runtime`: the project runs with a version that gets no more security fixes."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._evidence import at_line
from scout.signals._words import listed, span, title
from scout.signals.dependencies import _upgrade as upgrade
from scout.signals.dependencies._ends import NAMES, Cycle, allows, ended, exact
from scout.signals.dependencies._runtimes import ASIDE, Role, Use, uses

_RECENT = 90
_FRESH = 30
_ROLES = tuple(Role)
_LIBRARY_LIKE = frozenset({Role.MANIFEST, Role.MATRIX})


class EolRuntime(Scout):
    """A language, database, framework or system is pinned to a version whose support has ended.

    Versions are read from images (Dockerfiles and NodeSource's packages in them, Compose, services of CI, dev
    containers), workflow steps and their runners, tool files, manifests and lock files. A range counts only if no
    supported version satisfies it: a floor (`>=3.8`) never does, and a matrix does only when all its versions are over.
    Documentation, tests, examples and vendored files are passed over, and so are a library's CI jobs for the oldest
    version that it still promises to support, services that CI runs in several versions, defaults of build arguments
    that a build gives, and versions that ended less than 30 days ago. All places with versions of one runtime that are
    over are one finding, named after the version that matters most.

    ## Why it matters
    Holes that become known are no longer closed. Images and packages for such versions disappear step by step, so the
    day of the upgrade is chosen by whoever removes them, not by the project.

    ## What to do with it
    Raise the version in all places named, in one change. `# scout: ignore[eol-runtime] reason` on the line or the one
    before keeps a place.

    ## Severity
    3 for a hosted runner that no longer exists (the job never starts); 2 for what ships or runs (image, service, tool
    file, manifest, lock); 1 in continuous integration and development only, or within 90 days after the end.

    ## Source
    Dates: `ends.csv` beside this scout, each row with the vendor's page and the day it was noted. Field study of 28
    public repositories: 16 of 16 findings true after these filters, 63 % before them.
    """

    id: ClassVar[str] = "eol-runtime"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE})
    cap: ClassVar[int | None] = 4
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    worldly: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "An image, a service and a tool file with the same old version, and an old database",
            (
                Commit(
                    "2024-01-01",
                    {
                        "Dockerfile": "ARG NODE=16\nFROM node:${NODE}-slim AS build\nFROM debian:bookworm\n",
                        "docker-compose.yml": "services:\n  db:\n    image: postgres:9.6\n  web:\n    image: node:16\n",
                        ".nvmrc": "v16.20.0\n",
                        ".github/workflows/ci.yml": lines(
                            "on: push", "jobs:", "  db:", "    services:", "      db:", "        image: postgres:11"
                        ),
                    },
                ),
            ),
            "2024-06-01",
            (
                Expected("PostgreSQL 9.6", "docker-compose.yml:3"),
                Expected("Node.js 16", "Dockerfile:2"),
            ),
        ),
        Example(
            "A runner that is gone, a framework that no supported version satisfies, a vendor's packages in an image",
            (
                Commit(
                    "2025-01-01",
                    {
                        "Dockerfile": lines(
                            "FROM ruby:3.4",
                            "ARG NODE=18",
                            "# RUN curl -sL https://deb.nodesource.com/setup_8.x | bash -",
                            "RUN curl -sL https://deb.nodesource.com/setup_${NODE}.x | bash -",
                        ),
                        ".github/workflows/ci.yml": lines(
                            "on: push",
                            "jobs:",
                            "  test:",
                            "    runs-on: ubuntu-20.04",
                            "    steps:",
                            "      - run: make test",
                        ),
                        "pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.12"\ndjango = "~3.2"\n',
                    },
                ),
            ),
            "2025-09-01",
            (
                Expected("runner ubuntu 20.04", ".github/workflows/ci.yml:4"),
                Expected("Django 3.2", "pyproject.toml:3"),
                Expected("Node.js 18", "Dockerfile:4"),
            ),
        ),
        Example(
            "A version that ended last week",
            (Commit("2025-01-01", {"Dockerfile": "FROM node:18\n"}),),
            "2025-05-07",
        ),
        Example(
            "Floors, a matrix with a supported version, the oldest promised version, docs, foreign images, arguments",
            (
                Commit(
                    "2024-01-01",
                    {
                        "db.Dockerfile": "ARG PG=11\nFROM postgres:${PG}\n",
                        "compose.yml": "services:\n  db:\n    build:\n      args:\n        PG: ${PG-16}\n",
                        "pyproject.toml": '[project]\nname = "fresco"\nrequires-python = ">=3.7"\n',
                        "package.json": '{\n  "engines": {\n    "node": ">=14"\n  }\n}\n',
                        "examples/Dockerfile": "FROM python:3.6\n",
                        **{f"integration/{name}_test.go": "package integration\n" for name in "abc"},
                        "integration/resources/compose.yml": "services:\n  db:\n    image: redis:5.0\n",
                        "docs/Dockerfile": "FROM python:3.6\n",
                        "Dockerfile": "FROM acme/python:3.6\n",
                        ".github/workflows/ci.yml": lines(
                            "on: push",
                            "jobs:",
                            "  all:",
                            "    strategy:",
                            "      matrix:",
                            "        python-version: ['3.7', '3.12']",
                            "    steps:",
                            "      - uses: actions/setup-python@v5",
                            "        with:",
                            "          python-version: ${{ matrix.python-version }}",
                            "  oldest:",
                            "    steps:",
                            "      - uses: actions/setup-python@v5",
                            "        with:",
                            "          python-version: '3.7'",
                        ),
                    },
                ),
            ),
            "2024-06-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each version whose support has ended."""
        today = view.now.date()
        found = list(uses(view))
        over: dict[Cycle, list[Use]] = {}
        for use in found:
            cycle = ended(use.runtime, use.written, today)
            fresh = cycle is not None and 0 < (today - cycle.end).days < _FRESH and not upgrade.is_runner(cycle)
            if cycle is not None and not fresh and not _is_promise(use, cycle, found, view):
                over.setdefault(cycle, []).append(use)
        heads = {(use.path, use.line) for cycle, places in over.items() if not _is_system(cycle) for use in places}
        left = {
            cycle: [use for use in places if not _is_system(cycle) or (use.path, use.line) not in heads]
            for cycle, places in over.items()
        }
        for runtime in dict.fromkeys(cycle.runtime for cycle in left):
            same = [(cycle, places) for cycle, places in left.items() if cycle.runtime == runtime and places]
            same.sort(key=lambda one: (-_severity(*one, today), one[0].end, one[0].version))
            if same:
                yield self._finding(same, today)

    def _finding(self, same: list[tuple[Cycle, list[Use]]], today: date) -> Finding:
        cycle, first = same[0]
        name = _name(cycle)
        ordered = _ordered(first)
        others = [(_name(other), _once(_ordered(places))) for other, places in same[1:]]
        every = [*ordered, *(use for _, places in others for use in places)]
        days = (today - cycle.end).days
        return Finding(
            signal=self.id,
            subject=name,
            identity=name,
            severity=_severity(cycle, first, today),
            kind=self.kind,
            story=_story(cycle, ordered, others, today),
            evidence=tuple(at_line(use.path, use.line, use.text) for use in _once(every)),
            score=round(min(0.95, 0.8 + days / 15_000), 3),
        )


def _name(cycle: Cycle) -> str:
    return f"{NAMES[cycle.runtime]} {cycle.name}"


def _ordered(places: list[Use]) -> list[Use]:
    return sorted(places, key=lambda use: (_ROLES.index(use.role), use.path, use.line))


def _severity(cycle: Cycle, places: list[Use], today: date) -> int:
    if upgrade.is_runner(cycle):
        return 3
    runs = any(use.role not in ASIDE for use in places)
    return 2 if runs and (today - cycle.end).days > _RECENT else 1


def _is_system(cycle: Cycle) -> bool:
    return cycle.runtime in {"debian", "ubuntu", "alpine"}


def _is_promise(use: Use, cycle: Cycle, found: list[Use], view: View) -> bool:
    """Say whether CI looks at an old version on purpose: a supported one is looked at as well."""
    if use.role not in {Role.CI, Role.MATRIX} or use.runtime.startswith("runner-"):
        return False
    same = [one for one in found if one.runtime == use.runtime and one is not use]
    current = any(
        one.role in {Role.CI, Role.MATRIX} and ended(one.runtime, one.written, view.now.date()) is None for one in same
    )
    if not current:
        return False
    is_service = use.text.lstrip(" -").startswith("image")
    promised = any(
        one.role in _LIBRARY_LIKE and exact(one.written) is None and allows(one.written, cycle.version) for one in same
    )
    return promised or is_service


def _once(places: list[Use]) -> list[Use]:
    return list({use.place: use for use in places}.values())


def _story(cycle: Cycle, places: list[Use], others: list[tuple[str, list[Use]]], today: date) -> Story:
    name = _name(cycle)
    where = [f"`{use.place}`" for use in _once(places)]
    files = list(dict.fromkeys(use.path for use in (*places, *(one for _, more in others for one in more))))
    ago = span((today - cycle.end).days)
    gone = upgrade.is_runner(cycle)
    named = " or ".join([name, *(other for other, _ in others)])
    more = "".join(
        f" {other}, which is over too, is at {listed([f'`{one.place}`' for one in at], 6)}." for other, at in others
    )
    choices = upgrade.choices(cycle, today)
    first = places[0]
    return Story(
        title=title(f"Move off {name}, {'removed' if gone else 'out of support'} since ", f"{cycle.end:%Y-%m-%d}"),
        current=(
            f"{listed(where, 10)} {'use' if len(where) > 1 else 'uses'} {name} (`{first.text.strip()[:100]}`). "
            f"{'The hosted runner was removed' if gone else 'Its support ended'} on {cycle.end:%Y-%m-%d}, {ago} ago "
            f"(source: {cycle.source}).{more}"
        ),
        why=upgrade.why(name, places, gone=gone),
        wanted=(
            f"All these places use the same supported version{choices}."
            if len(where) > 1
            else f"{where[0]} uses a supported version{choices}."
        ),
        acceptance=(
            f"None of {listed([f'`{path}`' for path in files], 6)} uses {named} any more."
            if len(files) > 1
            else f"`{files[0]}` does not use {named} any more (now `{first.text.strip()[:60]}`).",
            "The jobs of continuous integration start and pass."
            if gone
            else "The build and the test suite pass with the new version.",
        ),
        scope=tuple(f"`{path}`{upgrade.beside(path)}" for path in files[:8]),
        non_goals=("Upgrades of other runtimes or of libraries that don't require this one.",),
        risks=() if gone else upgrade.risks(cycle),
        size=upgrade.size(cycle, files, today),
    )
