"""`tests-not-in-ci`: a part of the project has tests that continuous integration never runs."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from scout.model import Evidence, Finding, Story, WorkKind
from scout.repository import FileClass, Tree
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View, lines
from scout.signals._evidence import at_path
from scout.signals._words import listed, title
from scout.signals.delivery._runs import Runs, runs

FEWEST_FILES = 10
_NAMES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("Python", re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_tests?|tests?)\.py$")),
    ("JavaScript", re.compile(r"(?:[.-](?:test|spec|cy)\.[cm]?[jt]sx?|/__tests__/[^/]+\.[cm]?[jt]sx?)$")),
    ("Ruby", re.compile(r"(?:_spec|_test)\.rb$")),
    ("Go", re.compile(r"_test\.go$")),
    ("PHP", re.compile(r"Test\.php$")),
    ("Java", re.compile(r"(?:Tests?|IT)\.(?:java|kt)$")),
    ("Elixir", re.compile(r"_test\.exs$")),
)
_RUNNERS = {
    "Python": r"pytest|py\.test|\btox\b|\bnox\b|unittest|nosetests?|nose2|manage(?:\.py)? test"
    r"|django-admin test|\btrial\b|stestr|run_?tests?"
    r"|setup\.py test|coverage run|\bhatch\b.*\btest|\bpants\b|\bbazel|\.testing",
    "JavaScript": r"\bjest\b|vitest|\bmocha\b|karma|cypress|playwright|web-test-runner|\bwtr\b|testcafe"
    r"|ember (?:test|exam)|\bng test|node --test"
    r"|(?:npm|yarn|pnpm|bun|npx|nx|turbo|lerna)\b[^\n;&|]*\b(?:test|tests|t|e2e|exam|coverage|unit)\b"
    r"|\bdeno test|\bgulp\b|\bgrunt\b|\bava\b|qunit|\bbazel",
    "Ruby": r"\brspec\b|\brake\b|rails (?:test|spec)|minitest|parallel_(?:rspec|test)|bin/(?:test|ci|rspec)"
    r"|turbo_tests",
    "Go": r"\bgo test|gotestsum|ginkgo|\bbazel|\bmage\b|\bgo tool .*test",
    "PHP": r"phpunit|\bpest\b|composer (?:run )?tests?|paratest|artisan test",
    "Java": r"\bmvnw?\b|gradlew?\b|\bbazel|\bsbt\b|\bant\b",
    "Elixir": r"\bmix test|\bmix coveralls",
}
_MANIFESTS: dict[str, frozenset[str]] = {
    "Python": frozenset({"pyproject.toml", "setup.py", "setup.cfg", "tox.ini"}),
    "JavaScript": frozenset({"package.json"}),
    "Ruby": frozenset({"Gemfile"}),
    "Go": frozenset({"go.mod"}),
    "PHP": frozenset({"composer.json"}),
    "Java": frozenset({"pom.xml", "build.gradle", "build.gradle.kts"}),
    "Elixir": frozenset({"mix.exs"}),
}
_EVERYWHERE = re.compile(
    r"\bturbo\b|\bnx\b|lerna|--recursive|\bpnpm -r\b|--workspaces|workspaces foreach|-ws\b|\bgo\.work\b"
)
_PASSED = frozenset({FileClass.VENDORED, FileClass.FIXTURE, FileClass.GENERATED, FileClass.DOCS})


@dataclass(frozen=True, slots=True)
class _Part:
    """Tests of one language below the nearest manifest of that language.

    Attributes:
        folder: of the manifest; empty for the root.
        tests: sorted by path.
    """

    folder: str
    language: str
    tests: tuple[str, ...]

    @property
    def name(self) -> str:
        """The folder as people say it: the narrowest that holds all its tests, for a part at the root."""
        if self.folder:
            return self.folder
        heads = [path.split("/")[:-1] for path in self.tests]
        same = [names[0] for names in zip(*heads, strict=False) if len(set(names)) == 1]
        return "/".join(same) or "."


def _python(folder: str, count: int) -> dict[str, str]:
    return {f"{folder}/test_{number}.py": f"def test_{number}():\n    assert {number}\n" for number in range(count)}


def _javascript(folder: str, count: int) -> dict[str, str]:
    return {f"{folder}/part{number}.test.js": f"test('{number}', () => {{}});\n" for number in range(count)}


def _workflow(*steps: str) -> str:
    return lines("on: push", "jobs:", "  a:", "    steps:", *(f"      {step}" for step in steps))


def _shared(name: str, given: str) -> str:
    used = f"    uses: example/shared/.github/workflows/{name}@v1"
    return lines("on: push", "jobs:", "  a:", used, *(("    with:", f"      {given}") if given else ()))


class TestsNotInCi(Scout):
    """A part of the project has ten test files or more, and nothing in continuous integration runs them.

    A part is the tests of one language below their nearest manifest (`package.json`, `pyproject.toml`, `go.mod` …).
    What runs is read from the steps, from recipes, package scripts, images and scripts that these name, and from other
    systems' files. A part below the root counts as run when its runner is called and its folder, or a tool that runs
    all packages, is named. Passed over are: repositories without continuous integration, workflows of other
    repositories that might run them, vendored files and fixtures.

    ## Why it matters
    Tests that nobody runs rot: they are trusted in reviews, cost time when they are written, and fail for old reasons
    on the day somebody tries them.

    ## What to do with it
    Run them before every merge, or delete them. Where they are run elsewhere on purpose, `ignore` in
    `[signals.tests-not-in-ci]` keeps the folder silent.

    ## Severity
    3 when the project's whole test suite in that language is left out, 2 for a part of it.

    ## Source
    Field study of 28 public repositories: 1 of 1 found by part true; looked at as a whole, the repository had tests.
    """

    id: ClassVar[str] = "tests-not-in-ci"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.TESTS
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Tests of the front end, beside Python tests that run",
            (
                Commit(
                    "2024-01-01",
                    {
                        **_python("tests", 12),
                        **_javascript("web/src", 12),
                        "web/package.json": '{"scripts": {"test": "jest", "build": "webpack"}}\n',
                        "justfile": "test:\n    jest\n",
                        "scripts/front.sh": "jest\n",
                        "vendor/package.json": '{"scripts": {"build": "jest"}}\n',
                        ".github/workflows/docs.yml": _shared("docs-ci.yml", ""),
                        ".github/workflows/python.yml": _shared("test.yml", "command: pytest tests"),
                        ".github/workflows/ci.yml": _workflow("- run: pytest", "- run: cd web && npm run build"),
                    },
                ),
            ),
            "2024-03-01",
            (Expected("web", "web/src/part0.test.js"),),
        ),
        Example(
            "Two parts, of which the workflow names only one",
            (
                Commit(
                    "2024-01-01",
                    {
                        **_javascript("one/src", 12),
                        **_javascript("two/src", 12),
                        "one/package.json": '{"scripts": {"test": "jest"}}\n',
                        "two/package.json": '{"scripts": {"test": "jest"}}\n',
                        ".github/workflows/ci.yml": _workflow("- run: npm test", "  working-directory: one"),
                    },
                ),
            ),
            "2024-03-01",
            (Expected("two", "two/src/part0.test.js"),),
        ),
        Example(
            "Tests that run through a recipe, a script, or in all packages; few tests; fixtures",
            (
                Commit(
                    "2024-01-01",
                    {
                        **_python("tests", 12),
                        **_javascript("web/src", 12),
                        **{f"vendor/lib/part{number}_test.exs": "\n" for number in range(12)},
                        **{f"tools/part{number}_test.go": "package tools\n" for number in range(9)},
                        **{f"lib/part{number}_spec.rb": "\n" for number in range(12)},
                        "web/package.json": "{}\n",
                        "Makefile": "check:\n\tpytest\n",
                        "script/all": "bundle exec rspec\n",
                        ".github/workflows/ci.yml": _workflow(
                            "- run: make check", "- run: npx turbo test", "- run: script/all"
                        ),
                    },
                ),
            ),
            "2024-03-01",
        ),
        Example(
            "A workflow of another repository may run them",
            (
                Commit(
                    "2024-01-01",
                    {
                        **_python("tests", 12),
                        ".github/workflows/ci.yml": _shared("python.yml", ""),
                        ".github/workflows/web.yml": _workflow("- run: npm test"),
                    },
                ),
            ),
            "2024-03-01",
        ),
        Example(
            "Continuous integration that tests nothing, so that tests must run elsewhere",
            (
                Commit(
                    "2024-01-01", {**_python("tests", 12), ".github/workflows/ci.yml": _workflow("- run: echo hello")}
                ),
            ),
            "2024-03-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each part.

        Raises:
            NotApplicable: continuous integration, as far as it can be read, runs no tests at all.
        """
        ran = runs(view.tree)
        if not any(re.search(runner, ran.text) for runner in _RUNNERS.values()):
            raise NotApplicable("nothing in the repository says where its tests run")
        if ran.opaque:
            raise NotApplicable("workflows of another repository may run its tests")
        parts = tuple(_parts(view.tree))
        for part in parts:
            if not _is_run(part, ran):
                others = sum(len(one.tests) for one in parts if one.language == part.language and one is not part)
                yield _finding(self, view, part, ran, whole=not others)


def _parts(tree: Tree) -> Iterator[_Part]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in tree.files:
        language = next((language for language, name in _NAMES if name.search(path)), None)
        if language is not None and tree.file_class(path) not in _PASSED:
            found[_home(tree, path, language), language].append(path)
    for (folder, language), tests in sorted(found.items()):
        if len(tests) >= FEWEST_FILES:
            yield _Part(folder, language, tuple(tests))


def _home(tree: Tree, path: str, language: str) -> str:
    folder = path.rpartition("/")[0]
    while folder and not any(f"{folder}/{name}" in tree.files for name in _MANIFESTS[language]):
        folder = folder.rpartition("/")[0]
    return folder


def _is_run(part: _Part, ran: Runs) -> bool:
    if re.search(_RUNNERS[part.language], ran.text) is None:
        return False
    if not part.folder or _EVERYWHERE.search(ran.text):
        return True
    inside = any(folder == part.folder or folder.startswith(f"{part.folder}/") for folder in ran.folders)
    name = re.escape(part.folder.rpartition("/")[2])
    return inside or re.search(rf"(?<![\w-]){name}(?![\w-])", ran.text) is not None


def _finding(scout: Scout, view: View, part: _Part, ran: Runs, *, whole: bool) -> Finding:
    manifests = [f"{part.folder}/{name}".strip("/") for name in sorted(_MANIFESTS[part.language])]
    home = next((path for path in manifests if path in view.tree.files), "")
    return Finding(
        signal=scout.id,
        subject=part.name,
        identity=f"{part.language} below {view.history.origin(home) if home else part.folder or '.'}",
        severity=3 if whole else 2,
        kind=scout.kind,
        story=_story(part, ran),
        evidence=tuple(_evidence(part, ran)),
        score=round(min(1.0, 0.6 + len(part.tests) / 500), 3),
    )


def _evidence(part: _Part, ran: Runs) -> Iterator[Evidence]:
    yield at_path(part.tests[0], f"one of {len(part.tests)} {part.language} test files below {part.name}")
    for path in ran.files[:6]:
        yield at_path(path, f"runs no {part.language} tests of {part.name}")


def _story(part: _Part, ran: Runs) -> Story:
    files = listed([f"`{path}`" for path in ran.files], 4)
    return Story(
        title=title(f"Run the {part.language} tests of ", part.name, " in continuous integration"),
        current=(
            f"`{part.name}` has {len(part.tests)} {part.language} test files, such as `{part.tests[0]}`. Nothing that "
            f"{files} {'run' if len(ran.files) > 1 else 'runs'}, directly or through a recipe, package script, image "
            "or script, starts them."
        ),
        why=(
            "A change that breaks what they describe is merged with a green tick. Reviewers count on them, and they go "
            "stale unnoticed."
        ),
        wanted=f"Every change that can break `{part.name}` runs its {part.language} tests before the merge.",
        acceptance=(
            f"A pull request that breaks one of the {part.language} tests of `{part.name}` fails.",
            "The tests pass on the default branch; those that cannot are skipped with a reason, or deleted.",
        ),
        tests=(f"`{part.tests[0]}` and the others, run by continuous integration",),
        scope=(*(f"`{path}`" for path in ran.files[:3]), f"`{part.name}`"),
        non_goals=("Writing new tests.",),
        risks=("Some of them may be broken for long; decide for each whether the test or the code is wrong.",),
        size="M",
    )
