"""`missing-ci`: a public project has tests, and nothing that runs them."""

import re
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, Story, Visibility, WorkKind
from scout.repository import FileClass, Tree
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View, lines
from scout.signals._ci import jobs
from scout.signals._evidence import at_path
from scout.signals.delivery._runs import OTHER_SYSTEMS

FEWEST_CODE = 10
FEWEST_TESTS = 5
_README = re.compile(r"^(?:\.github/|docs/)?readme[^/]*$", re.IGNORECASE)
_INVITES = re.compile(
    r"git clone https?://|\bopen[- ]source\b|contributions? (?:are|is) welcome|pypi\.org/|npmjs\.com/|crates\.io/",
    re.IGNORECASE,
)
_INVITING = re.compile(
    r"^(?:\.github/|docs/)?(?:code_of_conduct|contributing)[^/]*$|^\.github/(?:issue_template|funding)", re.IGNORECASE
)


def _code(folder: str, count: int) -> dict[str, str]:
    return {f"{folder}/part{number}.py": f"x = {number}\n" for number in range(count)}


def _tests(count: int) -> dict[str, str]:
    return {f"tests/test_{number}.py": f"def test_{number}(): pass\n" for number in range(count)}


class MissingCi(Scout):
    """A public project has code and five tests or more, and no continuous integration of any kind.

    A project counts as public when its settings say so, or when it invites others: by a README that tells to clone it,
    calls it open source or links its package, by a page for contributors, by templates for issues. Any file of a known
    system keeps it silent, whatever it runs.

    ## Why it matters
    The tests hold only as long as everybody remembers to run them, and nobody who sends a change can see whether they
    do.

    ## What to do with it
    Run the tests on every change. Where that happens elsewhere, `enabled = false` in `[signals.missing-ci]`.

    ## Severity
    2.

    ## Source
    Field study of 28 public repositories: each of them has continuous integration, so it is proven on synthetic ones.
    """

    id: ClassVar[str] = "missing-ci"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE})
    kind: ClassVar[WorkKind] = WorkKind.TESTS
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A project to clone, with tests that nothing runs",
            (
                Commit(
                    "2024-01-01",
                    {**_code("src", 12), **_tests(6), "README.rst": "git clone https://example.org/rocket\n"},
                ),
            ),
            "2024-03-01",
            (Expected(".", "README.rst"),),
        ),
        Example(
            "A page for contributors",
            (
                Commit(
                    "2024-01-01",
                    {**_code("src", 12), **_tests(6), "README.rst": "Rocket\n", "CONTRIBUTING.md": "Be kind.\n"},
                ),
            ),
            "2024-03-01",
            (Expected(".", "README.rst"),),
        ),
        Example(
            "A project that the settings call public",
            (Commit("2024-01-01", {**_code("src", 12), **_tests(6), "README.rst": "Rocket\n"}),),
            "2024-03-01",
            (Expected(".", "README.rst"),),
            visibility=Visibility.PUBLIC,
        ),
        Example(
            "A project that invites nobody",
            (Commit("2024-01-01", {**_code("src", 12), **_tests(6), "README.rst": "Rocket\n"}),),
            "2024-03-01",
        ),
        Example(
            "A job of GitLab",
            (
                Commit(
                    "2024-01-01",
                    {
                        **_code("src", 12),
                        **_tests(6),
                        "README.rst": "Open source.\n",
                        ".gitlab-ci.yml": lines("test:", "  script:", "    - pytest"),
                    },
                ),
            ),
            "2024-03-01",
        ),
        Example(
            "A file of another system",
            (
                Commit(
                    "2024-01-01",
                    {**_code("src", 12), **_tests(6), "README.rst": "Open source.\n", "Jenkinsfile": "sh 'pytest'\n"},
                ),
            ),
            "2024-03-01",
        ),
        Example(
            "Two tests, which people run by hand",
            (Commit("2024-01-01", {**_code("src", 12), **_tests(2), "README.rst": "Open source.\n"}),),
            "2024-03-01",
        ),
        Example(
            "Hardly any code",
            (Commit("2024-01-01", {**_code("src", 2), **_tests(6), "README.rst": "Open source notes.\n"}),),
            "2024-03-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for the repository.

        Raises:
            NotApplicable: the project is not public, as far as can be seen.
        """
        tree = view.tree
        readme = next((path for path in tree.files if _README.match(path)), "")
        if view.visibility is not Visibility.PUBLIC and not _invites(tree, readme):
            raise NotApplicable("nothing says that the project is public")
        if _has_ci(tree) or _count(tree, FileClass.CODE, FEWEST_CODE) < FEWEST_CODE:
            return
        tests = _count(tree, FileClass.TEST, len(tree.files))
        if tests >= FEWEST_TESTS:
            first = readme or next(iter(tree.files))
            yield Finding(
                signal=self.id,
                subject=".",
                identity="the repository",
                severity=2,
                kind=self.kind,
                story=_story(first, tests),
                evidence=(
                    at_path(first, f"introduces a repository with {tests} test files and nothing that runs them"),
                ),
                score=0.7,
            )


def _has_ci(tree: Tree) -> bool:
    return next(jobs(tree), None) is not None or any(OTHER_SYSTEMS.match(path) for path in tree.files)


def _invites(tree: Tree, readme: str) -> bool:
    text = (tree.text(readme) or "") if readme else ""
    return _INVITES.search(text) is not None or any(_INVITING.match(path) for path in tree.files)


def _count(tree: Tree, kind: FileClass, enough: int) -> int:
    """Count the files of a kind, up to what is enough."""
    count = 0
    for path in tree.files:
        count += tree.file_class(path) is kind
        if count >= enough:
            break
    return count


def _story(path: str, tests: int) -> Story:
    return Story(
        title="Run the tests on every change",
        current=f"The repository that `{path}` introduces has {tests} test files and no continuous integration.",
        why="The tests hold only as long as everybody remembers them, and who sends a change cannot see that.",
        wanted="Every change runs the tests before it is merged, and shows what came out.",
        acceptance=("A pull request that breaks a test fails.", "The run is green on the default branch."),
        scope=("a workflow of the forge that hosts the project",),
        non_goals=("Writing new tests.", "Linters and releases."),
        size="S",
    )
