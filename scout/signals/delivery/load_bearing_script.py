"""`load-bearing-script`: a script that machines run without being asked, and that hardly anybody knows."""

from collections import defaultdict
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Evidence, Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View, lines
from scout.signals._evidence import at_line, at_path
from scout.signals._words import counted, listed, title
from scout.signals.delivery._scripts import Script, scripts

_EXPLAINED = "it says itself, in its first lines, what it is for"
_HEAD = "# Tells the walls apart.\n# It wants their colours, line by line,\n# and writes those that differ.\n"

_CLOCKED = "services:\n  cron-jobs:\n    command: python jobs/sweep.py\n"
_DAILY = "production:\n  rates:\n    class: CopyRatesJob\n    schedule: daily\n"
_OTHERS = (
    Commit("2024-01-02", {"a.py": "x = 1\n"}, author="second"),
    Commit("2024-01-03", {"b.py": "x = 1\n"}, author="third"),
)


class LoadBearingScript(Scout):
    """Machines run a script that has no test and no docs, and that at most two people ever worked on.

    A release, a schedule, an image build or a hook calls it. It has 40 lines or more that are not blank. What a check
    before the merge runs as well is no such script: every change tries it. Jobs of an application that a clock runs
    count. Entry points, test runners, scripts that only label or report, generated stubs and steps of a workflow
    manager or a Makefile are no such scripts. A test or a page of documentation that names the script (or its class, or
    the workflow that runs it) is enough to keep it silent, and so are a test file of its name and doctests inside it.
    One that says in three lines or more at its beginning what it is for is found and not offered. Scripts of the same
    folder are one finding; in repositories with a sole maintainer the signal is not applicable.

    ## Why it matters
    It began as a convenience and became infrastructure: releases, images or nightly runs stop when it does, and then
    the few who know it are asked, or it is rewritten in a hurry.

    ## What to do with it
    Write down what it does, what it needs and who is served by it; cover its main path with a test; or replace it with
    something that is maintained elsewhere. `# scout: ignore[load-bearing-script] reason` in its first ten lines keeps
    it silent.

    ## Severity
    2.

    ## Source
    Field study of 28 public repositories: 7 of 9 findings true after these filters, 30 % before them.
    """

    id: ClassVar[str] = "load-bearing-script"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.TESTS
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A nightly workflow runs an undocumented script that one of several people wrote",
            (
                Commit(
                    "2024-01-01",
                    {
                        "tools/sync.py": "".join(f"print({number})\n" for number in range(45)),
                        ".github/workflows/nightly.yml": lines(
                            "on:",
                            "  schedule:",
                            "    - cron: '0 3 * * *'",
                            "jobs:",
                            "  sync:",
                            "    steps:",
                            "      - uses: actions/checkout@v4",
                            "      - run: python tools/sync.py",
                        ),
                    },
                ),
                *_OTHERS,
            ),
            "2024-03-01",
            (Expected("tools/sync.py", "tools/sync.py"),),
        ),
        Example(
            "Two scripts of one folder, of a release and of an image",
            (
                Commit(
                    "2024-01-01",
                    {
                        "tools/sync.py": "".join(f"print({number})\n" for number in range(45)),
                        "tools/pack.py": "".join(f"print({number})\n" for number in range(60)),
                        "Dockerfile": "FROM x\nRUN python tools/sync.py\n",
                        ".github/workflows/release.yml": lines(
                            "on: workflow_dispatch",
                            "jobs:",
                            "  pack:",
                            "    steps:",
                            "      - uses: actions/checkout@v4",
                            "      - run: python tools/pack.py",
                        ),
                    },
                ),
                *_OTHERS,
            ),
            "2024-03-01",
            (Expected("tools", "tools/pack.py"),),
        ),
        Example(
            "A job that the application's clock runs every night",
            (
                Commit("2024-01-01", {"app/jobs/copy_rates_job.rb": "puts 1\n" * 45, "config/recurring.yml": _DAILY}),
                *_OTHERS,
            ),
            "2024-03-01",
            (Expected("app/jobs/copy_rates_job.rb", "app/jobs/copy_rates_job.rb"),),
        ),
        Example(
            "A service that is called after a clock, in an image",
            (
                Commit("2024-01-01", {"jobs/sweep.py": "print(1)\n" * 45, "docker-compose.yml": _CLOCKED}),
                *_OTHERS,
            ),
            "2024-03-01",
            (Expected("jobs/sweep.py", "jobs/sweep.py"),),
        ),
        Example(
            "Scripts that checks run too, that report, that many people wrote, or that are no code of ours",
            (
                Commit(
                    "2024-01-01",
                    {
                        "tools/compare.py": "".join(f"print({number})\n" for number in range(90)),
                        "Dockerfile": lines(
                            "FROM x",
                            "RUN python tools/compare.py && python tools/pr_labels.py",
                            "RUN python tools/ours.py && vendor/sync.sh",
                        ),
                        "tools/pr_labels.py": "".join(f"print({number})\n" for number in range(90)),
                        "tools/ours.py": "".join(f"print({number})\n" for number in range(90)),
                        "vendor/sync.sh": "".join(f"echo {number}\n" for number in range(90)),
                        ".github/workflows/ci.yml": lines(
                            "on: pull_request",
                            "jobs:",
                            "  check:",
                            "    steps:",
                            "      - uses: actions/checkout@v4",
                            "      - run: python tools/compare.py",
                        ),
                    },
                ),
                Commit("2024-01-02", {"tools/ours.py": "".join(f"print({n})\n" for n in range(91))}, author="second"),
                Commit("2024-01-03", {"tools/ours.py": "".join(f"print({n})\n" for n in range(92))}, author="third"),
            ),
            "2024-03-01",
        ),
        Example(
            "Scripts that a test or a page names or that test themselves, short ones, entry points, test runners",
            (
                Commit(
                    "2024-01-01",
                    {
                        "tools/tested.py": "".join(f"print({number})\n" for number in range(45)),
                        "tools/itself.py": '"""\n>>> 1 + 1\n2\n"""\n' + "".join(f"print({n})\n" for n in range(45)),
                        **{f"tools/{one}.sh": "echo 1\n" * 45 for one in ("told", "dust", "ship", "wash_walls")},
                        "spec/wash_spec.rb": "describe WashWalls do\nend\n",
                        "spec/dust_spec.rb": "describe 'it' do\nend\n",
                        ".github/workflows/release-it.yml": "jobs: {a: {steps: [{uses: actions/checkout@v4}, "
                        "{run: tools/ship.sh}]}}\n",
                        "tools/short.sh": "echo short\n",
                        "entrypoint.sh": "".join(f"echo {number}\n" for number in range(45)),
                        "run_tests.sh": "".join(f"echo {number}\n" for number in range(45)),
                        "tests/test_tools.py": "from tools import tested\n",
                        "docs/ops.md": "`tools/told.sh` tells. Run `release-it.yml`.\n",
                        "Dockerfile": lines(
                            "FROM x",
                            "RUN tools/told.sh && tools/wash_walls.sh && tools/short.sh && ./entrypoint.sh",
                            "RUN ./run_tests.sh && tools/dust.sh && python tools/tested.py && python tools/itself.py",
                        ),
                    },
                ),
                *_OTHERS,
            ),
            "2024-03-01",
        ),
        Example(
            "A script that begins with what it is for",
            (
                Commit("2024-01-01", {"tell.sh": _HEAD + "echo 1\n" * 45, "Dockerfile": "FROM x\nRUN ./tell.sh\n"}),
                *_OTHERS,
            ),
            "2024-03-01",
        ),
        Example(
            "The same script in a repository with a sole maintainer",
            (Commit("2024-01-01", {"sync.sh": "echo 1\n" * 45, "Dockerfile": "FROM x\nRUN ./sync.sh\n"}),),
            "2024-03-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each folder of such scripts.

        Raises:
            NotApplicable: the repository has a sole maintainer.
            UnavailableError: ages and authors cannot be told in this clone.
        """
        view.needs_ages()
        if view.history.sole_maintainer(view.now):
            raise NotApplicable("one person makes nearly all changes of a year, so nobody else could know a script")
        folders: dict[str, list[Script]] = defaultdict(list)
        for script in scripts(view):
            folders[script.path.rpartition("/")[0]].append(script)
        for folder, found in sorted(folders.items()):
            yield _finding(self, view, folder, tuple(sorted(found, key=_weight)))


def _weight(script: Script) -> tuple[int, str]:
    return (-script.lines, script.path)


def _finding(scout: Scout, view: View, folder: str, scripts: tuple[Script, ...]) -> Finding:
    first = scripts[0]
    alone = min(script.authors for script in scripts) == 1
    because = _EXPLAINED if all(script.explained for script in scripts) else ""
    score = 0.65 + (0.1 if alone else 0) + min(0.2, first.lines / 1000)
    return Finding(
        signal=scout.id,
        subject=first.path if len(scripts) == 1 else folder or ".",
        identity=f"folder {view.history.origin(first.path).rpartition('/')[0]}",
        severity=2,
        kind=scout.kind,
        story=_story(scripts, next((home for home in ("tests", "test") if home in view.tree.folders), "")),
        evidence=tuple(_evidence(scripts)),
        score=round(score, 3),
        offered=not because,
        because=because,
    )


def _evidence(scripts: tuple[Script, ...]) -> Iterator[Evidence]:
    for script in scripts:
        people = counted(script.authors, "author")
        yield at_path(
            script.path,
            f"{script.lines} lines, {people}, {counted(script.changes, 'change')}, no test and no page names it",
        )
    for script in scripts:
        for call in script.calls[:3]:
            yield at_line(call.path, call.line, call.text)


def _story(scripts: tuple[Script, ...], home: str) -> Story:
    first = scripts[0]
    name = (
        first.path
        if len(scripts) == 1
        else f"{counted(len(scripts), 'script')} in {first.path.rpartition('/')[0] or 'the root folder'}"
    )
    when = first.occasions[0].value.replace("release or deployment runs", "release is made")
    told = " ".join(
        f"`{script.path}` ({script.lines} lines, {counted(script.authors, 'author')}) runs "
        f"{listed([occasion.value for occasion in script.occasions])}: {_callers(script)}."
        for script in scripts[:6]
    )
    return Story(
        title=title("Test and document ", name, f", which {'runs' if len(scripts) == 1 else 'run'} {when}"),
        current=f"{told} No test and no page of documentation names {'it' if len(scripts) == 1 else 'any of them'}.",
        why=_why(first),
        wanted=(
            "Somebody who has never seen the script can say what it does, what it needs (inputs, secrets, network), "
            "what depends on it and what to do when it fails; a test fails when its main path breaks."
        ),
        acceptance=(
            *(
                f"A test runs or imports `{script.path}` and fails when its main path is broken on purpose."
                for script in scripts[:4]
            ),
            "README, CONTRIBUTING or docs name the script, its callers, what it needs and what to do when it fails.",
        ),
        tests=(f"{_test(first, home)} dry run of the script in continuous integration",),
        scope=tuple(f"`{script.path}`" for script in scripts[:6]),
        non_goals=("Rewriting the script in another language.", "Changing when it runs."),
        risks=("What reaches outside (network, credentials) has to be kept apart before the rest can be tested.",),
        size="M" if len(scripts) <= 2 else "L",  # noqa: PLR2004 more than two should be split
    )


def _test(script: Script, home: str) -> str:
    stem, _, suffix = script.path.rpartition("/")[2].partition(".")
    return f"`{home}/test_{stem.replace('-', '_')}.py`, or a" if home and suffix == "py" else "A"


def _callers(script: Script) -> str:
    return listed([f"`{call.path}:{call.line}`" for call in script.calls], 3)


def _why(first: Script) -> str:
    people = "One person has" if first.authors == 1 else "Two people have"
    when = listed([occasion.value for occasion in first.occasions])
    return (
        f"{people} ever changed `{first.path}`, and it runs {when}. When it breaks, what it serves stops, and nobody "
        "else can tell from a test or a page what it was meant to do."
    )
