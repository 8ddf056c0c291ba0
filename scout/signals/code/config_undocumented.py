"""`config-undocumented`: the project documents its variables, all but a few."""

import re
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from scout.model import Finding, Story, WorkKind
from scout.repository import FileClass
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View, lines
from scout.signals._evidence import at_line, at_path
from scout.signals._words import counted, listed, title
from scout.signals.code._environment import BUNDLER, REFERENCE, SETTING, built_in, named_in, read_in

_SUSPECT = re.compile(rb"environ|getenv|Getenv|LookupEnv|\benv(?:\.\w+)?\(|\bconfig\(|ENV\b|process\.env")
_CODE = re.compile(r"\.(?:py|rb|go|[cm]?[jt]sx?|vue|ya?ml)$")
_ASIDE = re.compile(
    r"(?:^|/)(?:\.github|\.circleci|scripts?|tools|examples?|benchmarks?|docs?|dev|ci)/|(?:^|/)(?:conftest|setup|noxfile|tasks)\.py$"
)
_LEAST_SHARE = 0.85
_LEAST_READ = 10
_LEAST_ON_PAGE = 5
_MOST = 8


class _Read(NamedTuple):
    name: str
    path: str
    line: int
    text: str


class ConfigUndocumented(Scout):
    """A project that describes at least 85 % of the environment variables it reads leaves a few out.

    Variables are taken from code (`os.environ`, `env(…)`, `ENV[…]`, `process.env`, `os.Getenv`); a variable is
    described when its name stands in the documentation or in a sample file such as `.env.example`. Passed over are
    projects that read fewer than ten or describe fewer than 85 % (there is no reference to complete), variables of
    tools, platforms and continuous integration, those that images, Compose files and bundlers set themselves, and
    scripts, tests and examples. All missing ones are one finding.

    ## Why it matters
    Where there is a reference, people trust it to be complete. What is missing there is found by reading the source
    after something did not work.

    ## What to do with it
    Add the variables with their meaning, default and form. `# scout: ignore[config-undocumented] reason` on the line
    or the one before keeps one out.

    ## Severity
    1 always.

    ## Source
    Wiggins, The Twelve-Factor App, III: config (2011). Field study of 28 public repositories: 10 of 13 findings true
    after these filters, 10 % before them.
    """

    id: ClassVar[str] = "config-undocumented"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.DOCS
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "One of twelve variables is missing in the sample file",
            (
                Commit(
                    "2024-01-10",
                    {
                        ".env.example": "".join(f"WALL_OPTION_{letter}=1\n" for letter in "ABCDEFGHIJK"),
                        "walls/settings.py": lines(
                            "import os",
                            *(f"{letter} = os.environ['WALL_OPTION_{letter}']" for letter in "ABCDEFGHIJK"),
                            "L = os.environ.get('WALL_OPTION_L')",
                            "ci = os.environ.get('GITHUB_TOKEN_NAME')",
                        ),
                    },
                ),
            ),
            "2024-02-01",
            (Expected(".env.example", "walls/settings.py:13"),),
        ),
        Example(
            "All are described but those that the image and the bundler set",
            (
                Commit(
                    "2024-01-10",
                    {
                        ".env.example": "".join(f"WALL_OPTION_{letter}=1\n" for letter in "ABCDEFGHIJK"),
                        "Dockerfile": "FROM python:3.13\nENV WALL_OPTION_L=1\n",
                        "webpack.config.js": "x = {'process.env.WALL_OPTION_M': JSON.stringify('UTC')};\n",
                        "ui/zone.js": "const zone = process.env.WALL_OPTION_M || 'UTC';\n",
                        "walls/settings.py": lines(
                            "import os",
                            *(f"{letter} = os.environ['WALL_OPTION_{letter}']" for letter in "ABCDEFGHIJKL"),
                        ),
                    },
                ),
            ),
            "2024-02-01",
        ),
        Example(
            "The reference is that of another part",
            (
                Commit(
                    "2024-01-10",
                    {
                        "src/agent/README.md": "".join(
                            f"| WALL_OPTION_{letter} | a wall |\n" for letter in "ABCDEFGHIJK"
                        ),
                        "src/agent/settings.py": lines(
                            "import os",
                            *(f"{letter} = os.environ['WALL_OPTION_{letter}']" for letter in "ABCDEFGHIJK"),
                        ),
                        "src/mail/server.py": "import os\nL = os.environ['WALL_OPTION_L']\n",
                    },
                ),
            ),
            "2024-02-01",
        ),
        Example(
            "No reference that could be completed",
            (
                Commit(
                    "2024-01-10",
                    {
                        "README.md": "Set WALL_OPTION_A.\n",
                        "walls/settings.py": lines(
                            "import os",
                            *(f"{letter} = os.environ['WALL_OPTION_{letter}']" for letter in "ABCDEFGHIJKL"),
                        ),
                    },
                ),
            ),
            "2024-02-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding with the variables that the reference lacks.

        Raises:
            NotApplicable: the project has no reference of its variables.
        """
        read: dict[str, _Read] = {}
        for one in _reads(view):
            read.setdefault(one.name, one)
        pages = _pages(view, frozenset(read))
        described = frozenset[str]().union(*pages.values())
        internal = _set_inside(view) - described
        read = {name: one for name, one in read.items() if name not in internal}
        page = max(sorted(pages), key=lambda path: len(pages[path]), default="")
        too_few = len(read) < _LEAST_READ or len(described) < _LEAST_SHARE * len(read)
        if too_few or len(pages[page]) < _LEAST_ON_PAGE:
            message = "there is no reference that describes most of the variables the project reads"
            raise NotApplicable(message)
        part = _part(view, page)
        missing = [one for one in read.values() if one.name not in described and one.path.startswith(part)]
        if 0 < len(missing) <= _MOST:
            places = tuple(at_line(one.path, one.line, one.text) for one in missing)
            yield Finding(
                signal=self.id,
                subject=page,
                identity="variables",
                severity=1,
                kind=self.kind,
                story=_story(page, missing, len(read)),
                evidence=(*places, at_path(page, f"describes {len(pages[page])} variables")),
                score=0.6,
            )


def _part(view: View, page: str) -> str:
    """Return the folder of a page that stands with the code of one part of the repository; else nothing."""
    folder = page.rpartition("/")[0]
    beside = (
        path
        for path in view.tree.files
        if path.startswith(f"{folder}/") and _CODE.search(path) and view.tree.file_class(path) is FileClass.CODE
    )
    here = folder and any("/" not in path.removeprefix(f"{folder}/") for path in beside)
    return f"{folder}/" if here else ""


def _reads(view: View) -> Iterator[_Read]:
    for file in view.tree.search(_SUSPECT, lambda one: _CODE.search(one.path) is not None):
        if _ASIDE.search(file.path) or view.tree.file_class(file.path) is not FileClass.CODE:
            continue
        text = view.tree.text(file.path) or ""
        rows = text.split("\n")
        for name, line in read_in(text):
            yield _Read(name, file.path, line, rows[line - 1])


def _pages(view: View, names: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return which of some variables each page or sample file names; release notes describe nothing."""
    found: dict[str, frozenset[str]] = {}
    for path in view.tree.files:
        if REFERENCE.search(path) and not re.search(r"(?i)change|release|history|news", path):
            here = named_in(view.tree.text(path) or "") & names
            if here:
                found[path] = here
    return found


def _set_inside(view: View) -> frozenset[str]:
    found = set[str]()
    for path in view.tree.files:
        if SETTING.search(path):
            found |= named_in(view.tree.text(path) or "")
        elif BUNDLER.search(path):
            found |= built_in(view.tree.text(path) or "")
    return frozenset(found)


def _story(page: str, missing: list[_Read], total: int) -> Story:
    names = [f"`{one.name}` (`{one.path}:{one.line}`)" for one in missing]
    return Story(
        title=title(f"Describe {counted(len(missing), 'variable')} that are read and not in ", page),
        current=(
            f"The code reads {total} environment variables of its own, and the documentation describes "
            f"{total - len(missing)} of them, most in `{page}`. Not described: {listed(names, _MOST)}."
        ),
        why=(
            f"Whoever runs the program trusts `{page}` to be complete, and finds out by the source that there is more "
            "to set."
        ),
        wanted="Each of them is described with its meaning, its default and an example, or is no longer read.",
        acceptance=(f"`git grep -nE '{'|'.join(one.name for one in missing)}'` finds a description of each.",),
        scope=(f"`{page}`",),
        non_goals=("Describing variables of tools and platforms.",),
        size="S",
    )
