"""`portfolio-version-conflict`: two projects require versions of a package that don't go together."""

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._evidence import at_line, elsewhere
from scout.signals._words import listed, title
from scout.signals.portfolio._requirements import PYTHON, Required, own_name, required, version

_BEHIND = 2
_FEWEST_AHEAD = 2
_CALENDAR = 19


class _Conflict(NamedTuple):
    """Two lines that do not go together; `through` is where this project requires the other, None where it does not."""

    here: Required
    there: Required
    sibling: str
    through: Required | None


class PortfolioVersionConflict(Scout):
    """This project and its siblings require versions of one package that don't go together.

    Either this project installs a sibling (its requirements name the sibling's package, in a version that the newest
    release meets), and one of the two requires exactly a version that the other forbids; or all projects are bound to
    a major version of it, and this one alone is two or more behind two siblings and all others. Looked at are
    requirements for running in Python's manifests and `package.json`; not looked at are files that a tool compiled,
    tests, documentation, versions below 1, ranges that are open upwards, and packages that count years.

    ## Why it matters
    Versions that exclude each other cannot be installed together: the next release of the sibling stops this project.
    And a project that is majors behind its siblings cannot share code with them, and misses their fixes.

    ## What to do with it
    Loosen the pin, or raise it to the version that the siblings have.
    `# scout: ignore[portfolio-version-conflict] reason` on the line before keeps it.

    ## Severity
    3 when both are installed together, else 1.

    ## Source
    PEP 440, Version Identification and Dependency Specification; Winters et al., Software Engineering at Google,
    chapter 21, Dependency Management (2020).
    """

    id: ClassVar[str] = "portfolio-version-conflict"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY, Reads.PORTFOLIO})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    worldly: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "The library that this project installs has moved to a version that is forbidden here",
            (Commit("2024-01-01", {"requirements.txt": lines("meadow-client>=2", "pydantic==1.10.13")}),),
            "2024-06-01",
            (Expected("pydantic", "requirements.txt:2"),),
            siblings={
                "meadow": (
                    Commit(
                        "2024-01-01",
                        {
                            "pyproject.toml": lines(
                                "[project]", 'name = "meadow_client"', "dependencies = [", '  "pydantic>=2,<3",', "]"
                            )
                        },
                        tag="v2.1.0",
                    ),
                )
            },
        ),
        Example(
            "Alone, two majors behind two siblings",
            (
                Commit(
                    "2024-01-01",
                    {"package.json": lines("{", '  "dependencies": {', '    "express": "^3.2.0"', "  }", "}")},
                ),
            ),
            "2024-06-01",
            (Expected("express", "package.json:3"),),
            siblings={
                name: (
                    Commit(
                        "2024-01-01",
                        {"package.json": lines("{", '  "dependencies": {', f'    "express": "{written}"', "  }", "}")},
                    ),
                )
                for name, written in (("meadow", "5.1.0"), ("orchard", "^6.0.1"))
            },
        ),
        Example(
            "One major apart, below 1, by year, open upwards, compiled, for tests, an old release, and not alone",
            (
                Commit(
                    "2024-01-01",
                    {
                        "requirements.txt": lines(
                            "django==4.2",
                            "starlette==0.2.1",
                            "attrs==21.4.0",
                            "celery>=3.1",
                            "meadow<2",
                            "click==7.1.2",
                            "redis==3.5.3",
                            "pillow==8.4.0",
                        ),
                        "requirements/base.txt": lines("flask==1.0.1", "    # via app"),
                        "requirements-dev.txt": lines("pytest==5.1.0"),
                    },
                ),
            ),
            "2024-06-01",
            siblings={
                name: (
                    Commit(
                        "2024-01-01",
                        {
                            "pyproject.toml": lines(
                                "[project]", f'name = "{name}"', "dependencies = [", '  "click>=8",', "]"
                            ),
                            "requirements.txt": lines(
                                "django==5.0.1",
                                "starlette==3.1.0",
                                "attrs==23.4.0",
                                "celery==5.1.0",
                                "flask==3.0.1",
                                "pytest==8.1.0",
                                redis,
                                *pillow,
                            ),
                        },
                        tag="v2.1.0",
                    ),
                )
                for name, redis, pillow in (
                    ("meadow", "redis==5.0.1", ("pillow==10.1.0",)),
                    ("orchard", "redis==3.2.0", ()),
                    ("quarry", "redis==5.1.0", ()),
                )
            },
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each package."""
        found: dict[str, list[_Conflict]] = {}
        for conflict in _conflicts(view):
            found.setdefault(conflict.here.name, []).append(conflict)
        for name, conflicts in sorted(found.items()):
            together = [one for one in conflicts if one.through is not None]
            first, *more = together or conflicts
            yield Finding(
                signal=self.id,
                subject=name,
                identity=f"{first.here.ecosystem}:{name}",
                severity=3 if together else 1,
                kind=self.kind,
                story=_story(first, more),
                evidence=(
                    at_line(first.here.path, first.here.line, first.here.text),
                    *([at_line(first.through.path, first.through.line, first.through.text)] if first.through else ()),
                    *(
                        elsewhere(one.sibling, at_line(one.there.path, one.there.line, one.there.text))
                        for one in (first, *more)
                    ),
                ),
                score=0.85 if together else 0.5,
            )


def _conflicts(view: View) -> Iterator[_Conflict]:
    theirs = {sibling: other.once(required) for sibling, other in sorted(view.siblings.items())}
    ours = view.once(required)
    for sibling, other in sorted(view.siblings.items()):
        if (through := _through(ours, other)) is not None:
            for here in ours:
                for there in theirs[sibling]:
                    if _is_same(here, there) and _exclude(here, there):
                        yield _Conflict(here, there, sibling, through)
    for here in ours:
        bound = [
            (sibling, there)
            for sibling, several in theirs.items()
            for there in several
            if _is_same(here, there) and there.major is not None
        ]
        ahead = len({sibling for sibling, _ in bound}) >= _FEWEST_AHEAD
        if ahead and all(_is_behind(here, there) for _, there in bound):
            yield from (_Conflict(here, there, sibling, None) for sibling, there in bound)


def _is_same(one: Required, other: Required) -> bool:
    return (one.ecosystem, one.name) == (other.ecosystem, other.name)


def _through(ours: tuple[Required, ...], other: View) -> Required | None:
    """Return the line by which this project installs the sibling's newest release."""
    name = own_name(other)
    line = next((one for one in ours if one.ecosystem == PYTHON and one.name == name), None)
    released = [number for tag in other.tags if (number := version(tag.name.removeprefix("v"))) is not None]
    if line is None or line.allowed is None or not released:
        return None
    return line if max(released) in line.allowed else None


def _exclude(one: Required, other: Required) -> bool:
    """Say whether one requires exactly what the other forbids."""
    for exact, allowed in ((one.exact, other.allowed), (other.exact, one.allowed)):
        if exact is not None and allowed is not None and not allowed.contains(exact, prereleases=True):
            return True
    return False


def _is_behind(here: Required, there: Required) -> bool:
    if here.major is None or there.major is None:
        return False
    return 1 <= here.major <= there.major - _BEHIND and there.major < _CALENDAR


def _story(one: _Conflict, more: list[_Conflict]) -> Story:
    name, here, there = one.here.name, f"`{one.here.path}:{one.here.line}`", f"`{one.there.path}:{one.there.line}`"
    both = f"{here} requires {name} {one.here.range.strip()}, {there} in {one.sibling} {one.there.range.strip()}"
    if one.through is not None:
        return Story(
            title=title(f"Let {one.sibling[:24]} be installed here: agree on ", name),
            current=f"{both}; and `{one.through.path}:{one.through.line}` installs {one.sibling}.",
            why=f"No version of {name} meets both, so an installation fails, or takes an old {one.sibling} silently.",
            wanted=f"There is a version of {name} that both allow.",
            acceptance=(
                f"{here} allows a version that {there} in {one.sibling} allows.",
                f"An installation into an empty environment brings the newest {one.sibling}.",
            ),
            tests=("The tests with the raised version.",),
            scope=(f"`{one.here.path}`",),
            non_goals=("Other requirements.",),
            risks=(f"The code here may need changes for the other {name}.",),
            size="M",
        )
    others = list(dict.fromkeys(conflict.sibling for conflict in (one, *more)))
    return Story(
        title=title(f"Catch up with {listed(others, 2)[:30]} in the version of ", name),
        current=f"{both}; all of {listed(others)} are two major versions or more ahead.",
        why=f"What the siblings learn about {name} cannot be used here, and code cannot be shared.",
        wanted=f"{name} has the same major version everywhere, or a note beside the pin says why it cannot.",
        acceptance=(f"{here} has the major version of a sibling, or a comment with the reason.", "All tests pass."),
        scope=(f"`{one.here.path}`",),
        non_goals=("Other requirements.",),
        risks=("Each major may break something: go one at a time.",),
        size="M",
    )
