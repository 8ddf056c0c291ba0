"""`tests-not-in-ci`: a part of the project has tests that continuous integration never runs."""

import re
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Evidence, Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View, lines
from scout.signals._evidence import at_path
from scout.signals._words import listed, title
from scout.signals.delivery._parts import MANIFESTS, RUNNERS, Part, parts
from scout.signals.delivery._runs import FILTERED, Runs, runs

_EVERYWHERE = re.compile(
    r"\bturbo\b|\bnx\b|lerna|--recursive|\bpnpm -r\b|--workspaces|workspaces foreach|-ws\b|\bgo\.work\b"
)


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

    A part is the tests of one language below their nearest manifest (`package.json`, `pyproject.toml`, `go.mod` …), and
    end-to-end tests (in folders of Cypress and Playwright) are a part of their own.
    What runs is read from the steps, from recipes, package scripts, images and scripts that these name, and from other
    systems' files; a workflow that waits to be called counts when another one here calls it. A part below the root
    counts as run when its runner is called and its folder, or a tool that runs all packages, is named; with a filter,
    such a tool runs what the filter names. Passed over are: repositories without continuous integration, workflows of
    other repositories that might run them, vendored files and fixtures.

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
            "A workflow that waits for a call, which was commented out; another one is called",
            (
                Commit(
                    "2024-01-01",
                    {
                        **{f"spec/part{number}_spec.rb": "\n" for number in range(12)},
                        **_python("tests", 12),
                        ".github/workflows/spec.yml": _workflow("- run: bundle exec rspec").replace(
                            "on: push", "on:\n  workflow_call:\n    inputs: {}"
                        ),
                        ".github/workflows/python.yml": _workflow("- run: pytest").replace(
                            "on: push", "on: [workflow_call, workflow_dispatch]"
                        ),
                        ".github/workflows/ci.yml": lines(
                            *("on: push", "jobs:", "  a:", "    uses: ./.github/workflows/python.yml"),
                            *("  # b:", "  #   uses: ./.github/workflows/spec.yml"),
                        ),
                    },
                ),
            ),
            "2024-03-01",
            (Expected("spec", "spec/part0_spec.rb"),),
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
            "End-to-end tests whose job is commented out, and a tool that runs all packages, with a filter",
            (
                Commit(
                    "2024-01-01",
                    {
                        **_javascript("web/src", 12),
                        **_javascript("web/cypress/e2e", 12),
                        **_javascript("tools/src", 12),
                        "web/package.json": '{"name": "@fresco/web", "scripts": {"e2e": "cypress run"}}\n',
                        "api/package.json": '{"name": "@fresco/api", "scripts": {"e2e": "jest -c e2e"}}\n',
                        "tools/package.json": '{"name": "@fresco/tools", "scripts": {"unit": "jest"}}\n',
                        "package.json": '{"scripts": {"e2e": "exec e2e"}}\n',
                        ".github/workflows/ci.yml": _workflow(
                            "- run: npx turbo run unit --filter=@fresco/web",
                            "- run: |",
                            "    # yarn cypress run",
                            "    oxfmt --check src cypress",
                            "    yarn e2e --filter=@fresco/api",
                        ),
                    },
                ),
            ),
            "2024-03-01",
            (Expected("web", "web/cypress/e2e/part0.test.js"), Expected("tools", "tools/src/part0.test.js")),
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
                        ".github/workflows/ci.yml": _workflow("- run: make check", "- run: npx turbo test").replace(
                            "on: push", "on: [push, workflow_call]"
                        ),
                        ".github/workflows/hand.yml": _workflow("- run: script/all").replace(
                            "on: push", "on: workflow_dispatch"
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
        said = "\n".join((ran.text, *ran.uncalled.values()))
        if not any(re.search(runner, said) for runner in RUNNERS.values()):
            raise NotApplicable("nothing in the repository says where its tests run")
        if ran.opaque:
            raise NotApplicable("workflows of another repository may run its tests")
        found = tuple(parts(view.tree))
        for part in found:
            if not _is_run(part, ran):
                others = sum(len(one.tests) for one in found if one.language == part.language and one is not part)
                yield _finding(self, view, part, ran, whole=not others)


def _is_run(part: Part, ran: Runs) -> bool:
    if re.search(RUNNERS[part.language], ran.text) is None:
        return False
    everywhere = (row for row in ran.text.split("\n") if _EVERYWHERE.search(row))
    if not part.folder or not all(map(FILTERED.search, everywhere)):
        return True
    inside = any(folder == part.folder or folder.startswith(f"{part.folder}/") for folder in ran.folders)
    name = re.escape(part.folder.rpartition("/")[2])
    return inside or re.search(rf"(?<![\w-]){name}(?![\w-])", ran.text) is not None


def _finding(scout: Scout, view: View, part: Part, ran: Runs, *, whole: bool) -> Finding:
    manifests = [f"{part.folder}/{name}".strip("/") for name in sorted(MANIFESTS[part.language])]
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


def _evidence(part: Part, ran: Runs) -> Iterator[Evidence]:
    yield at_path(part.tests[0], f"one of {len(part.tests)} {part.language} test files below {part.name}")
    for path in _waiting(part, ran):
        yield at_path(path, "would run them, and waits for a call that no workflow of this repository makes")
    for path in ran.files[:6]:
        yield at_path(path, f"runs no {part.language} tests of {part.name}")


def _waiting(part: Part, ran: Runs) -> list[str]:
    """Return the workflows that would run the tests of a part if anything called them."""
    return [path for path, text in sorted(ran.uncalled.items()) if re.search(RUNNERS[part.language], text)][:2]


def _story(part: Part, ran: Runs) -> Story:
    files = listed([f"`{path}`" for path in ran.files], 4)
    waiting = listed([f"`{path}`" for path in _waiting(part, ran)], 2)
    would = f" {waiting} would, and waits for a call that no workflow of this repository makes." if waiting else ""
    return Story(
        title=title(f"Run the {part.language} tests of ", part.name, " in continuous integration"),
        current=(
            f"`{part.name}` has {len(part.tests)} {part.language} test files, such as `{part.tests[0]}`. Nothing that "
            f"{files} {'run' if len(ran.files) > 1 else 'runs'}, directly or through a recipe, package script, image "
            f"or script, starts them.{would}"
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
