"""`gate-cannot-fail`: continuous integration runs a test or a linter whose failure changes nothing."""

from collections import defaultdict
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Evidence, Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._evidence import at_line
from scout.signals._words import listed, title
from scout.signals.governance._gates import BECAUSE, WANTED, Gate, gates


def _workflow(*steps: str) -> str:
    head = ("on: pull_request", "jobs:", "  check:", "    steps:", "      - uses: actions/checkout@v4")
    return lines(*head, *(f"      {step}" for step in steps))


class GateCannotFail(Scout):
    """Continuous integration runs a test or a linter on every change, and cannot fail by it.

    Found are `|| true` and `continue-on-error: true` on that same step or job, options such as `--exit-zero`, automatic
    repair without a comparison or commit afterwards, pipes without `pipefail`, and missing operators. Recipes and
    package scripts that a step calls are looked into. Passed over are: steps whose outcome another step or job reads,
    tolerance that depends on a matrix, experimental and nightly jobs, workflows that do not run before a merge, and
    tools that another step runs so that it can fail.

    ## Why it matters
    Everybody believes that the check holds. Tests break and style drifts while the tick stays green, and the day the
    gate is closed it brings all that was let through.

    ## What to do with it
    Let the step fail, repair what it finds then, or take the step out: a check without consequence only costs time.
    `# scout: ignore[gate-cannot-fail] reason` on the line or the one before keeps it.

    ## Severity
    3 when tests cannot fail, 2 when linters cannot.

    ## Source
    Field study of 28 public repositories: 2 of 2 findings true by this rule, 17 % when `continue-on-error` is searched
    as text.
    """

    id: ClassVar[str] = "gate-cannot-fail"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.TESTS
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Tests whose failure is answered with success, below a linter that can fail",
            (
                Commit(
                    "2024-01-01",
                    {
                        ".github/workflows/ci.yml": _workflow("- run: flake8", "- run: |", "    pytest -q || true"),
                        ".github/workflows/more.yml": _workflow("- run: vitest || exit 0"),
                        ".github/workflows/types.yml": _workflow("- run: mypy src || echo there are faults"),
                    },
                ),
            ),
            "2024-03-01",
            (
                Expected(".github/workflows/ci.yml", ".github/workflows/ci.yml:8"),
                Expected(".github/workflows/more.yml", ".github/workflows/more.yml:6"),
                Expected(".github/workflows/types.yml", ".github/workflows/types.yml:6"),
            ),
        ),
        Example(
            "A linter that repairs in the runner's copy",
            (Commit("2024-01-01", {".github/workflows/ci.yml": _workflow("- run: eslint --fix src")}),),
            "2024-03-01",
            (Expected(".github/workflows/ci.yml", ".github/workflows/ci.yml:6"),),
        ),
        Example(
            "An action that repairs in the runner's copy",
            (
                Commit(
                    "2024-01-01",
                    {
                        ".github/workflows/ci.yml": _workflow(
                            "- uses: astral-sh/ruff-action@v3", "  with:", "    args: check --fix"
                        )
                    },
                ),
            ),
            "2024-03-01",
            (Expected(".github/workflows/ci.yml", ".github/workflows/ci.yml:8"),),
        ),
        Example(
            "A whole job whose failure does not count",
            (
                Commit(
                    "2024-01-01",
                    {
                        ".github/workflows/ci.yml": lines(
                            "on: push",
                            "jobs:",
                            "  tests:",
                            "    continue-on-error: true",
                            "    steps:",
                            "      - run: tox -e py312",
                        )
                    },
                ),
            ),
            "2024-03-01",
            (Expected(".github/workflows/ci.yml", ".github/workflows/ci.yml:4"),),
        ),
        Example(
            "A step whose failure does not count",
            (
                Commit(
                    "2024-01-01",
                    {".github/workflows/ci.yml": _workflow("- run: go test ./...", "  continue-on-error: true")},
                ),
            ),
            "2024-03-01",
            (Expected(".github/workflows/ci.yml", ".github/workflows/ci.yml:7"),),
        ),
        Example(
            "A pipe that hides the result of the tests",
            (Commit("2024-01-01", {".github/workflows/ci.yml": _workflow("- run: pytest | tee report.txt")}),),
            "2024-03-01",
            (Expected(".github/workflows/ci.yml", ".github/workflows/ci.yml:6"),),
        ),
        Example(
            "Two lines that a folded text makes one command",
            (
                Commit(
                    "2024-01-01", {".github/workflows/ci.yml": _workflow("- run: >", "    flake8 src", "    mypy src")}
                ),
            ),
            "2024-03-01",
            (Expected(".github/workflows/ci.yml", ".github/workflows/ci.yml:6"),),
        ),
        Example(
            "A recipe that drops the result, and a package script that repairs",
            (
                Commit(
                    "2024-01-01",
                    {
                        ".github/workflows/ci.yml": _workflow("- run: make lint", "- run: npm run style"),
                        "Makefile": "lint: types\n\tflake8; echo done\ntypes:\n\t-mypy src\n",
                        "package.json": '{\n  "scripts": {\n    "style": "prettier --write ."\n  }\n}\n',
                    },
                ),
            ),
            "2024-03-01",
            (Expected(".github/workflows/ci.yml", ".github/workflows/ci.yml:6"),),
        ),
        Example(
            "GitLab's job that is allowed to fail",
            (
                Commit(
                    "2024-01-01",
                    {".gitlab/unit.yml": lines("unit:", "  script:", "    - rspec", "  allow_failure: true")},
                ),
            ),
            "2024-03-01",
            (Expected(".gitlab/unit.yml", ".gitlab/unit.yml:4"),),
        ),
        Example(
            "Outcomes that are read, differences that are compared, failures that are handled or depend on a matrix",
            (
                Commit(
                    "2024-01-01",
                    {
                        ".github/workflows/ci.yml": _workflow(
                            "- id: tests",
                            "  run: pytest",
                            "  continue-on-error: true",
                            "- run: test ${{ steps.tests.outcome }} = success",
                            "- run: tox -e py313",
                            "  continue-on-error: ${{ matrix.experimental }}",
                            "- run: vitest || exit 1",
                            "- run: if ! mypy src; then exit 1; fi",
                            "- run: jest | tee report.txt",
                            "  shell: bash",
                            "- run: rspec || echo failed >> failures.txt",
                            "- run: ruff check --fix --exit-non-zero-on-fix",
                            "- run: rm -rf build || true",
                            "- run: black --check .",
                            "- run: pyright || (echo broken; exit 1)",
                            "- run: make types",
                            "- uses: chartboost/ruff-action@v1",
                            "  with:",
                            "    args: check --fix --exit-non-zero-on-fix",
                            "- uses: example/isort-action@v1",
                            "  with:",
                            "    path: src",
                            "- run: gofmt -l . | grep . && exit 1",
                        ),
                        "Makefile": "types:\n\t-rm -rf out\n\tpyre; test $$? = 0\n\tset -e; pylint src; echo done\n",
                        "vendor/.github/workflows/ci.yml": _workflow("- run: phpstan || true"),
                        ".github/workflows/style.yml": _workflow(
                            "- run: prettier --write .",
                            "- uses: example/stylelint-action@v1",
                            "  with:",
                            "    args: --fix",
                            "- run: git diff --exit-code",
                        ),
                        ".github/workflows/more.yml": _workflow(
                            "- run: flake8 --exit-zero",
                            "- run: flake8",
                            "- run: >",
                            "    cargo clippy",
                            "    --all-targets",
                        ),
                        ".github/workflows/release.yml": _workflow("- run: isort generated"),
                    },
                ),
            ),
            "2024-03-01",
        ),
        Example(
            "Jobs that try something, jobs whose result another one reads, and workflows after the merge",
            (
                Commit(
                    "2024-01-01",
                    {
                        ".github/workflows/nightly.yml": lines(
                            "on: push",
                            "jobs:",
                            "  a:",
                            "    continue-on-error: true",
                            "    steps:",
                            "      - run: rspec",
                        ),
                        ".github/workflows/read.yml": lines(
                            "on: push",
                            "jobs:",
                            "  a:",
                            "    continue-on-error: true",
                            "    steps:",
                            "      - run: pytest",
                            "  b:",
                            "    steps:",
                            "      - run: test ${{ needs.a.result }} = success",
                        ),
                        ".github/workflows/weekly.yml": lines(
                            "on: schedule", "jobs:", "  a:", "    steps:", "      - run: jest || true"
                        ),
                    },
                ),
            ),
            "2024-03-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each file of continuous integration."""
        by_file: dict[str, list[Gate]] = defaultdict(list)
        for gate in dict.fromkeys(gates(view)):
            by_file[gate.path].append(gate)
        for path, found in sorted(by_file.items()):
            found.sort(key=lambda gate: gate.line)
            tests = any(gate.check.kind == "test" for gate in found)
            yield Finding(
                signal=self.id,
                subject=path,
                identity=f"file {view.history.origin(path)}",
                severity=3 if tests else 2,
                kind=self.kind,
                story=_story(path, found),
                evidence=tuple(_evidence(view, found)),
                score=0.9 if tests else 0.7,
            )


def _evidence(view: View, found: list[Gate]) -> Iterator[Evidence]:
    places = {(gate.path, gate.line): None for gate in found}
    places |= {(gate.target.path, gate.target.line): None for gate in found if gate.target}
    for path, line in places:
        yield at_line(path, line, (view.tree.text(path) or "").split("\n")[line - 1])


def _story(path: str, found: list[Gate]) -> Story:
    tools = listed(list(dict.fromkeys(f"`{gate.check.tool}`" for gate in found)), 3)
    causes = list(dict.fromkeys(gate.cause for gate in found))
    told = " ".join(f"{gate.place} runs `{gate.check.tool}`, and {BECAUSE[gate.cause]}." for gate in found[:8])
    wanted = "; ".join(WANTED[cause] for cause in causes)
    first = found[0].check.tool
    return Story(
        title=title(f"Let failures of {tools[:30]} turn ", path, " red"),
        current=told,
        why=(
            "The check looks as if it guarded every change, and the run passes whatever it finds: what it is there to "
            "catch gets merged, and nobody is told."
        ),
        wanted=f"A change that breaks what {tools} checks turns the run red: {wanted}.",
        acceptance=(
            f"On a branch where `{first}` fails on purpose, the run of `{path}` fails.",
            f"The run of `{path}` is green on the default branch.",
        ),
        tests=(f"a throw-away pull request that breaks what `{first}` checks",),
        scope=tuple(dict.fromkeys(f"`{gate.target.path if gate.target else path}`" for gate in found)),
        non_goals=("Stricter rules than those the tool has now.",),
        risks=("What was let through meanwhile comes up at once; repair it first, or baseline it with a reason.",),
        size="S" if len(found) == 1 else "M",
    )
