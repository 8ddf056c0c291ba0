"""`external-on-critical-path`: a commit or a merge waits for a service outside, with nothing to fall back on."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Evidence, Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._evidence import at_line
from scout.signals._words import listed, title
from scout.signals.delivery._network import Wait, waits

_RUNS = re.compile(r"\|\s*(?:sudo\s+(?:-\w+\s+)*)?(?:ba|z)?sh\b|<\(\s*(?:curl|wget)|\$\((?:curl|wget)|nltk")
_ONCE = "one download of a check: running it again settles it"


def _workflow(*steps: str) -> str:
    head = ("on: pull_request", "jobs:", "  check:", "    steps:", "      - uses: actions/checkout@v4")
    return lines(*head, *(f"      {step}" for step in steps))


class ExternalOnCriticalPath(Scout):
    """A commit hook or a check before the merge calls a service outside, without pin, patience or fallback.

    Hooks are those of git, husky, lefthook and the local ones of pre-commit; checks are the jobs that pull requests
    start. Scripts, recipes and package scripts that they call are looked into, one level deep. Passed over are: calls
    of this machine and of the forge's own interface, calls with `--retry`, a timeout or a loop, calls whose failure is
    answered (`|| …`, `if …`), calls after a test whether the tool is there already, cached steps, addresses with a
    version or checksum, uploads, downloads by wget (it tries twenty times), what a job fetches of the service that it
    works with (two steps call it), the usual installations from package indexes in continuous integration, workflows
    that requests start only when they are opened, labelled or closed, and systems that another one took over from. One
    download in a check that runs nothing of what it gets is found and not offered.

    ## Why it matters
    When the service is slow, moved or down, nobody can commit or merge, and the reason stands in somebody else's
    status page. What the address gives may change any day, for every open pull request at once.

    ## What to do with it
    Pin the version and check its sum, cache it, or commit it; retry with a limit of time; in a hook, warn instead of
    failing. `# scout: ignore[external-on-critical-path] reason` on the line or the one before keeps it.

    ## Severity
    3 in a commit hook (everybody waits, also offline), 2 in a check before the merge.

    ## Source
    Field study of 28 public repositories: 3 of 5 findings true after filters, 17 % before them; more filters since.
    """

    id: ClassVar[str] = "external-on-critical-path"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.BUG
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A commit hook that asks a server",
            (
                Commit(
                    "2024-01-01",
                    {".githooks/pre-commit": lines("#!/bin/sh", "set -e", "curl -s https://lint.acme.dev/check -d @-")},
                ),
            ),
            "2024-03-01",
            (Expected(".githooks/pre-commit", ".githooks/pre-commit:3"),),
        ),
        Example(
            "A local hook of pre-commit that runs a script, which clones",
            (
                Commit(
                    "2024-01-01",
                    {
                        ".pre-commit-config.yaml": lines(
                            "repos:",
                            "  - repo: local",
                            "    hooks:",
                            "      - id: rules",
                            "        entry: scripts/rules.sh",
                            "        language: script",
                        ),
                        "scripts/rules.sh": lines("#!/bin/sh", "git clone https://git.acme.dev/rules"),
                    },
                ),
            ),
            "2024-03-01",
            (Expected("scripts/rules.sh", "scripts/rules.sh:2"),),
        ),
        Example(
            "A check that pipes an installer into a shell, through a recipe",
            (
                Commit(
                    "2024-01-01",
                    {
                        ".github/workflows/ci.yml": _workflow("- run: make lint"),
                        "Makefile": "lint:\n\tcurl -sSL https://get.acme.dev/install.sh | sh\n\tacme lint\n",
                    },
                ),
            ),
            "2024-03-01",
            (Expected("Makefile", "Makefile:2"),),
        ),
        Example(
            "A check that downloads data, in an action of its own",
            (
                Commit(
                    "2024-01-01",
                    {
                        ".github/actions/words/action.yml": lines(
                            "runs:", "  steps:", "    - run: python -m nltk.downloader punkt"
                        ),
                        "lefthook.yml": lines("pre-commit:", "  commands:", "    fresh:", "      run: git fetch"),
                    },
                ),
            ),
            "2024-03-01",
            (
                Expected("lefthook.yml", "lefthook.yml:4"),
                Expected(".github/actions/words/action.yml", ".github/actions/words/action.yml:3"),
            ),
        ),
        Example(
            "Calls with a pin, patience, an answer or a cache, of this machine, of the forge, and uploads",
            (
                Commit(
                    "2024-01-01",
                    {
                        ".github/workflows/ci.yml": _workflow(
                            "- uses: actions/cache@v4",
                            "- run: curl -LO https://get.acme.dev/v1.2.3/tool",
                            "- run: curl --retry 3 -LO https://get.acme.dev/tool",
                            "- run: timeout 60 curl -LO https://get.acme.dev/tool",
                            "- run: curl -LO https://get.acme.dev/tool || echo later",
                            "- run: if ! curl -LO https://get.acme.dev/tool; then true; fi",
                            "- run: command -v acme || curl -LO https://get.acme.dev/tool",
                            "- run: |",
                            "    if [ ! -f tool ]; then",
                            "      curl -LO https://get.acme.dev/tool",
                            "    fi",
                            "- run: |",
                            "    curl -LO https://get.acme.dev/tool",
                            "    sha256sum -c tool.sum",
                            "- run: curl -LO https://get.acme.dev/$TOOL_VERSION/tool",
                            "- run: curl http://localhost:8000/health",
                            "- run: curl https://api.github.com/repos/acme/tool/pulls",
                            "- run: curl -X POST https://status.acme.dev/started",
                            "- run: wget https://get.acme.dev/tool",
                            "  continue-on-error: true",
                            "- run: wget https://get.acme.dev/tool",
                            "  if: github.event_name == 'push'",
                            "- run: wget https://get.acme.dev/tool",
                            "  if: steps.cache.outputs.cache-hit != 'true'",
                            "- run: pip install acme",
                            "- run: curl -O https://get.tool.dev/tool",
                            "- run: curl -s https://cli.ship.dev/install.sh | sh",
                            "- run: ship create wall",
                            "- run: ship show wall",
                        ),
                        ".github/workflows/nightly.yml": lines(
                            "on: schedule", "jobs:", "  a:", "    steps:", "      - run: wget https://get.acme.dev/tool"
                        ),
                        ".github/workflows/jobs.yml": lines(
                            "on: pull_request",
                            "jobs:",
                            "  a:",
                            "    continue-on-error: true",
                            "    steps:",
                            "      - run: wget https://get.acme.dev/tool",
                            "  b:",
                            "    if: github.event_name == 'push'",
                            "    steps:",
                            "      - run: wget https://get.acme.dev/tool",
                        ),
                        "action.yml": lines("runs:", "  steps:", "    - run: wget https://get.acme.dev/tool"),
                        ".travis.yml": lines("after_success:", "- bash <(curl -s https://up.acme.dev/bash) || echo"),
                        ".husky/pre-commit": lines("git fetch --quiet || true", "npx lint-staged"),
                        ".husky/pre-push": lines("timeout 5 git fetch", "npm test"),
                        "tests/hooks/pre-commit": "curl https://get.acme.dev/tool\n",
                        ".pre-commit-config.yaml": lines(
                            "repos:",
                            "  - repo: local",
                            "    hooks:",
                            "      - id: rules",
                            "        entry: curl -O https://get.acme.dev/tool",
                            "        stages: [manual]",
                            "  - repo: https://git.acme.dev/hooks",
                            "    hooks:",
                            "      - id: other",
                            "        entry: curl -O https://get.acme.dev/tool",
                        ),
                    },
                ),
            ),
            "2024-03-01",
        ),
        Example(
            "A system that another one took over from years ago, and a workflow that greets",
            (
                Commit(
                    "2021-01-01", {".travis.yml": lines("script:", "- curl -s https://get.acme.dev/install.sh | sh")}
                ),
                Commit(
                    "2023-01-01",
                    {
                        ".github/workflows/ci.yml": _workflow("- run: make"),
                        ".github/workflows/greet.yml": _workflow(
                            "- run: curl -s https://get.acme.dev/install.sh | sh"
                        ).replace("on: pull_request", "on: {pull_request: {types: [opened]}}"),
                    },
                ),
            ),
            "2024-03-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each service that commits wait for, and for each that merges wait for."""
        by_service: dict[tuple[str, bool], list[Wait]] = defaultdict(list)
        for wait in dict.fromkeys(waits(view)):
            by_service[wait.host, wait.hook].append(wait)
        for (host, hook), found in sorted(by_service.items()):
            found.sort(key=lambda wait: (wait.path, wait.line))
            telling = hook or len(found) > 1 or any(_RUNS.search(wait.text) for wait in found)
            yield Finding(
                signal=self.id,
                subject=found[0].path,
                identity=f"{'commit' if hook else 'merge'} waits for {host}",
                severity=3 if hook else 2,
                kind=self.kind,
                story=_story(host, found, hook=hook),
                evidence=tuple(_evidence(found)),
                score=0.9 if hook else 0.6,
                offered=telling,
                because="" if telling else _ONCE,
            )


def _evidence(found: list[Wait]) -> Iterator[Evidence]:
    places = {(wait.path, wait.line): wait.text for wait in found}
    places |= {wait.caller[:2]: wait.caller[2] for wait in found if wait.caller}
    for (path, line), text in places.items():
        yield at_line(path, line, text)


def _story(host: str, found: list[Wait], *, hook: bool) -> Story:
    what = "commits" if hook else "checks before a merge"
    places = listed(list(dict.fromkeys(f"`{wait.path}:{wait.line}`" for wait in found)), 6)
    callers = list(dict.fromkeys(f"`{wait.caller[0]}:{wait.caller[1]}`" for wait in found if wait.caller))
    by = f", run by {listed(callers)}," if callers else ""
    patience = "" if all("wget" in wait.text for wait in found) else "no retry, "
    return Story(
        title=title("Keep ", host[:40], f" off the path of {what}"),
        current=(
            f"{places}{by} {'call' if len(found) > 1 else 'calls'} {host} with no pinned version, {patience}no limit "
            "of time, no cache and nothing to fall back on."
        ),
        why=(
            f"When {host} is slow, changed or down, "
            + ("nobody can commit, and nobody at all without a network." if hook else "no pull request can turn green.")
        ),
        wanted=(
            f"{'A commit' if hook else 'A check'} goes through, or fails within seconds with a clear reason, while "
            f"{host} cannot be reached; what is fetched is pinned and checked."
        ),
        acceptance=(
            f"With {host} unreachable, {'a commit succeeds' if hook else 'the job passes or ends in time'}.",
            "The address names a version, or the content is checked against a sum.",
        ),
        tests=(f"run {places} without a network",),
        scope=tuple(dict.fromkeys(f"`{wait.path}`" for wait in found)),
        non_goals=("Mirroring package indexes.",),
        risks=("A cache or a pin has to be renewed; write down who does it.",),
        size="S",
    )
