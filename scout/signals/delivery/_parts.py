"""Parts of a project: the tests of one language below the nearest manifest of that language."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from scout.repository import FileClass, Tree

_FEWEST_FILES = 10
_NAMES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("end-to-end", re.compile(r"(?:^|/)(?:cypress|playwright)/(?:.+/)?[^/]+[.-](?:test|spec|cy)\.[cm]?[jt]sx?$")),
    ("Python", re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_tests?|tests?)\.py$")),
    ("JavaScript", re.compile(r"(?:[.-](?:test|spec|cy)\.[cm]?[jt]sx?|/__tests__/[^/]+\.[cm]?[jt]sx?)$")),
    ("Ruby", re.compile(r"(?:_spec|_test)\.rb$")),
    ("Go", re.compile(r"_test\.go$")),
    ("PHP", re.compile(r"Test\.php$")),
    ("Java", re.compile(r"(?:Tests?|IT)\.(?:java|kt)$")),
    ("Elixir", re.compile(r"_test\.exs$")),
)
RUNNERS = {
    "Python": r"pytest|py\.test|\btox\b|\bnox\b|unittest|nosetests?|nose2|manage(?:\.py)? test"
    r"|django-admin test|\btrial\b|stestr|run_?tests?"
    r"|setup\.py test|coverage run|\bhatch\b.*\btest|\bpants\b|\bbazel|\.testing",
    "end-to-end": r"cypress(?:-io/|/included|\.run\b|[\s:_-]+(?:run|ci|tests?)\b)|\bcy:\w+"
    r"|playwright(?:-github-action|[\s:_-]+(?:test|ct|e2e|ci)\b|/test/cli)|\b(?:nx|ng)\b[^\n;&|]*\be2e\b",
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
"""What runs the tests of a language, as patterns of commands."""
MANIFESTS: dict[str, frozenset[str]] = {
    "Python": frozenset({"pyproject.toml", "setup.py", "setup.cfg", "tox.ini"}),
    "end-to-end": frozenset({"package.json"}),
    "JavaScript": frozenset({"package.json"}),
    "Ruby": frozenset({"Gemfile"}),
    "Go": frozenset({"go.mod"}),
    "PHP": frozenset({"composer.json"}),
    "Java": frozenset({"pom.xml", "build.gradle", "build.gradle.kts"}),
    "Elixir": frozenset({"mix.exs"}),
}
"""Files that declare a package of a language."""
_PASSED = frozenset({FileClass.VENDORED, FileClass.FIXTURE, FileClass.GENERATED, FileClass.DOCS})


@dataclass(frozen=True, slots=True)
class Part:
    """Tests of one language below the nearest manifest of that language.

    Attributes:
        folder: of the manifest; empty for the root.
        language: or `end-to-end`, for those in JavaScript that drive a browser: they have a runner of their own.
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


def parts(tree: Tree) -> Iterator[Part]:
    """Give the parts of a project with ten test files or more, by folder and language."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in tree.files:
        language = next((language for language, name in _NAMES if name.search(path)), None)
        if language is not None and tree.file_class(path) not in _PASSED:
            found[_home(tree, path, language), language].append(path)
    for (folder, language), tests in sorted(found.items()):
        if len(tests) >= _FEWEST_FILES:
            yield Part(folder, language, tuple(tests))


def _home(tree: Tree, path: str, language: str) -> str:
    folder = path.rpartition("/")[0]
    while folder and not any(f"{folder}/{name}" in tree.files for name in MANIFESTS[language]):
        folder = folder.rpartition("/")[0]
    return folder
