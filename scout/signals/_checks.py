"""Commands that check a project: which are tests, which are linters, and which only repair and never complain."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from scout.repository import Tree
from scout.signals._makefile import makefile_in, parse
from scout.signals._paths import joined
from scout.signals._shell import Command, commands

_TESTS = """
pytest py.test tox nox nose2 trial stestr jest vitest mocha karma cypress ava rspec phpunit gotestsum ctest bats ginkgo
"""
_LINTERS = """
ruff flake8 black isort pylint mypy pyright pyrefly pyre basedpyright autopep8 yapf djlint curlylint codespell eslint
prettier stylelint tslint standard xo biome oxlint tsc vue-tsc svelte-check rubocop standardrb erb_lint erblint
haml-lint golangci-lint gofmt goimports staticcheck shellcheck yamllint hadolint sqlfluff ansible-lint clang-format
ktlint swiftlint swiftformat phpstan phpcs php-cs-fixer psalm markdownlint markdownlint-cli2 pre-commit actionlint
"""
_KINDS = {**dict.fromkeys(_TESTS.split(), "test"), **dict.fromkeys(_LINTERS.split(), "lint")}
_PAIRS: dict[tuple[str, str], tuple[str, str]] = {
    ("go", "test"): ("go test", "test"),
    ("go", "vet"): ("go vet", "lint"),
    ("go", "fmt"): ("gofmt", "lint"),
    ("cargo", "test"): ("cargo test", "test"),
    ("cargo", "nextest"): ("cargo test", "test"),
    ("cargo", "clippy"): ("cargo clippy", "lint"),
    ("cargo", "fmt"): ("cargo fmt", "lint"),
    ("rails", "test"): ("rails test", "test"),
    ("rake", "test"): ("rake test", "test"),
    ("rake", "spec"): ("rake test", "test"),
    ("mix", "test"): ("mix test", "test"),
    ("dotnet", "test"): ("dotnet test", "test"),
    ("playwright", "test"): ("playwright", "test"),
    ("terraform", "fmt"): ("terraform fmt", "lint"),
    ("mvn", "test"): ("mvn test", "test"),
    ("mvn", "verify"): ("mvn test", "test"),
    ("hatch", "test"): ("pytest", "test"),
}
_PACKAGE_RUNNERS = frozenset({"npm", "yarn", "pnpm", "bun"})
_LAUNCHERS = frozenset({"npx", "pnpx", "bunx", "uvx", "pipx", "uv", "docker", "docker-compose", "podman", "coverage"})
_SCRIPT_NAME = re.compile(
    r"^(?P<kind>test|lint|check|format|fmt|style|typecheck|type-check|types|spec|tests)(?:[:_-][\w:-]+)?$"
)
_TEST_NAME = re.compile(r"^(?:tests?|spec|check)(?:$|[:_-])")
_NOT_CHECKING = frozenset(
    {
        "--version",
        "--help",
        "-h",
        "-V",
        "install",
        "autoupdate",
        "--init",
        "uninstall",
        "migrate-config",
        "clean",
        "--collect-only",
        "--co",
    }
)
_FIXING = frozenset(
    {"--fix", "--write", "--autocorrect", "--auto-correct", "--autocorrect-all", "--auto-correct-all", "--in-place"}
)
_ALSO_FIXING: dict[str, frozenset[str]] = {
    "rubocop": frozenset({"-a", "-A"}),
    "gofmt": frozenset({"-w", "-l", "-d"}),
    "goimports": frozenset({"-w", "-l", "-d"}),
    "clang-format": frozenset({"-i"}),
    "autopep8": frozenset({"-i"}),
    "yapf": frozenset({"-i"}),
    "erb_lint": frozenset({"-a"}),
    "erblint": frozenset({"-a"}),
}
_STRICT = frozenset({"--check", "--check-only", "-check", "--exit-non-zero-on-fix", "--fail-level"})
_FORMATTERS = frozenset({"black", "isort", "cargo fmt", "terraform fmt", "ruff format"})
_SESSION = re.compile(r"^-[a-zA-Z]*[se]$|^--(?:sessions?|env)$")
_TESTING = re.compile(r"test|^py\d*|unit|integration|spec", re.IGNORECASE)
_LINTING = re.compile(r"lint|typ|mypy|format|style|pre-commit|check|flake|black", re.IGNORECASE)
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Check:
    """A command that checks something.

    Attributes:
        tool: what checks, such as `pytest`, `go test`.
        kind: `test` or `lint`.
        words: the command from the tool on.
    """

    tool: str
    kind: str
    words: tuple[str, ...]

    @property
    def repairs(self) -> bool:
        """Whether it repairs what it finds in place instead of complaining."""
        given = frozenset(self.words[1:])
        if given & _STRICT or (self.tool == "ruff" and "--diff" in given) or (self.tool == "isort" and "-c" in given):
            return False
        also = _ALSO_FIXING.get(self.tool, frozenset())
        formats = self.tool in _FORMATTERS or self.words[:2] in {("ruff", "format"), ("go", "fmt")}
        return formats or bool(given & (_FIXING | also))

    @property
    def excuses(self) -> bool:
        """Whether an option makes it end well whatever it finds."""
        return "--exit-zero" in self.words or "--fail-level=none" in self.words


def check_of(command: Command) -> Check | None:
    """Return what a command checks; None when it checks nothing that is known."""
    words = command.words
    if not words:
        return None
    head = words[0].rpartition("/")[2]
    if head in _LAUNCHERS or head.startswith("python"):
        at = next((at for at, word in enumerate(words[1:], 1) if _KINDS.get(word) or _is_manage(words, at)), 0)
        words = words[at:] if at else words
        head = words[0].rpartition("/")[2]
        if "-c" in command.words[1:2] or (at and command.words[at - 1] in {"install", "add", "-p", "--with"}):
            return None
    if _NOT_CHECKING & set(words[1:3]):
        return None
    if head in {"tox", "nox"}:
        return _session(head, words)
    tool, kind = _named_tool(head, words)
    return Check(tool, kind, words) if kind else None


def _named_tool(head: str, words: tuple[str, ...]) -> tuple[str, str]:
    two, three = words[:2], words[:3]
    if head == "manage.py" and words[1:2] == ("test",):
        return "manage.py test", "test"
    if head.startswith("python") and three[1:] == ("-m", "unittest"):
        return "unittest", "test"
    if two == ("node", "--test"):
        return "node --test", "test"
    return _PAIRS.get((head, words[1] if len(words) > 1 else ""), (head, _KINDS.get(head, "")))


def _session(head: str, words: tuple[str, ...]) -> Check | None:
    """Return what a session runner checks, by the name of the session; without a name it runs them all."""
    named = [words[at + 1] for at, word in enumerate(words[:-1]) if _SESSION.match(word)]
    if not named:
        return Check(head, "test", words)
    kind = "test" if _TESTING.search(named[0]) else "lint" if _LINTING.search(named[0]) else ""
    return Check(f"{head} {named[0]}", kind, words) if kind else None


def _is_manage(words: tuple[str, ...], at: int) -> bool:
    return words[at].rpartition("/")[2] == "manage.py" and len(words) > at + 1 and words[at + 1] == "test"


@dataclass(frozen=True, slots=True)
class Target:
    """A recipe or package script that a command runs.

    Attributes:
        path: the file it stands in.
        line: of its first line, from 1.
        name: as people say it: `make lint`.
        script: its shell text; lines of a recipe that begin with `-` keep it.
        folder: in which it runs.
    """

    path: str
    line: int
    name: str
    script: str
    folder: str


def targets(tree: Tree, command: Command, folder: str) -> Iterator[Target]:
    """Give the recipes and package scripts that a command runs, with the recipes that these need before them."""
    if not command.words:
        return
    head, *rest = command.words
    if head in {"make", "gmake"}:
        folder, names = _named(rest, folder, frozenset({"-C", "--directory"}))
        path = makefile_in(tree, folder)
        if path is not None:
            yield from _recipes(tree, path, folder, [name for name in names if "=" not in name], 0)
    elif head in _PACKAGE_RUNNERS:
        folder, names = _named(rest, folder, frozenset({"--cwd", "--prefix", "-C", "--dir"}))
        names = [name for name in names if name not in {"run", "run-script"}]
        path = f"{folder}/package.json".strip("/")
        if names and path in tree.files:
            yield from _package_script(tree, path, folder, head, names[0])


def is_check_name(name: str) -> str:
    """Return which kind of check a target or script is by its name: `test`, `lint`, or nothing."""
    if not _SCRIPT_NAME.match(name):
        return ""
    return "test" if _TEST_NAME.match(name) else "lint"


def _named(words: list[str], folder: str, options: frozenset[str]) -> tuple[str, list[str]]:
    names: list[str] = []
    waiting = iter(words)
    for word in waiting:
        key, _, value = word.partition("=")
        if key in options:
            folder = joined(folder, value or next(waiting, "")) or folder
        elif word == "--":
            break
        elif not word.startswith("-"):
            names.append(word)
    return folder, names


def _recipes(tree: Tree, path: str, folder: str, names: list[str], depth: int) -> Iterator[Target]:
    text = tree.text(path)
    makefile = parse(text) if text is not None else None
    for rule in makefile.rules if makefile is not None and depth < _DEEPEST else ():
        called = next((name for name in names if name in rule.targets), None)
        if called is None:
            continue
        yield from _recipes(tree, path, folder, [one for one in rule.needs if one not in names], depth + 1)
        for line, recipe in rule.recipe:
            yield Target(path, line, f"make {called}", recipe.lstrip().lstrip("@+").replace("$$", "$"), folder)


def _package_script(tree: Tree, path: str, folder: str, head: str, name: str) -> Iterator[Target]:
    text = tree.text(path) or ""
    script = scripts_of(text).get(name)
    if script:
        found = re.search(rf'^[^\S\n]*"{re.escape(name)}"\s*:', text, re.MULTILINE)
        line = text.count("\n", 0, found.start() + len(found.group()) - len(found.group().lstrip())) + 1 if found else 1
        yield Target(path, line, f"{head} run {name}", script, folder)


def scripts_of(text: str) -> dict[str, str]:
    """Return the scripts of a `package.json` by name; nothing when it is not one."""
    try:
        content: Any = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    found = cast("dict[str, Any]", content).get("scripts") if isinstance(content, dict) else None
    entries = cast("dict[str, Any]", found).items() if isinstance(found, dict) else ()
    return {name: script for name, script in entries if isinstance(script, str)}


def checks_in(tree: Tree, script: str, folder: str) -> Iterator[Check]:
    """Give the checks that a script runs, also through a recipe or a package script."""
    for command in commands(script):
        if (check := check_of(command)) is not None:
            yield check
        for target in targets(tree, command, folder):
            yield from (check for one in commands(target.script.lstrip("-")) if (check := check_of(one)) is not None)
