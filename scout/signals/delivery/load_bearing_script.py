"""`load-bearing-script`: a script that machines run without being asked, and that hardly anybody knows."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from scout.model import Evidence, Finding, Story, WorkKind
from scout.repository import FileClass
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View, lines
from scout.signals._callers import Call, Occasion, calls
from scout.signals._evidence import at_line, at_path
from scout.signals._words import counted, listed, title

FEWEST_LINES = 40
MOST_AUTHORS = 2
_NO_SCRIPT = re.compile(
    r"(?:^|/)(?:setup|manage|noxfile|tasks|fabfile|conftest|dodo)\.py$|entry-?_?point|(?:^|/)wait[-_]for[-_]\w+"
    r"|(?:^|/)(?:start|serve|run)(?:[-_]\w+)?(?:\.\w+)?$|[-_]tests?\.\w+$"
    r"|(?:^|/)bin/(?:rails|rake|bundle|setup|rspec|dev|yarn|vite|importmap|spring|webpack\S*|rubocop|brakeman)$"
    r"|(?:^|/)(?:run[-_])?(?:tests?|lint|format|checks?)(?:[-_]\w+)?\.\w+$",
    re.IGNORECASE,
)
_TELLING = frozenset({Occasion.DELIVERY, Occasion.SCHEDULE, Occasion.IMAGE, Occasion.HOOK})
_TEXTS = (".md", ".rst", ".txt", ".adoc", ".markdown", ".mdx")


@dataclass(frozen=True, slots=True)
class _Script:
    """A script that machines run.

    Attributes:
        lines: those that are not blank.
        authors: how many people committed to it.
        changes: how often it changed on the first-parent line.
    """

    path: str
    lines: int
    authors: int
    changes: int
    calls: tuple[Call, ...]

    @property
    def occasions(self) -> tuple[Occasion, ...]:
        """When it runs, each occasion once."""
        return tuple(dict.fromkeys(sorted((call.occasion for call in self.calls), key=list(Occasion).index)))


class LoadBearingScript(Scout):
    """Machines run a script that has no test and no docs, and that at most two people ever worked on.

    Continuous integration, a schedule, an image build or a hook calls it. It has 40 lines or more that are not blank.
    Entry points, test runners, generated stubs and steps of a workflow manager or a Makefile are no such scripts. A
    test or a page of documentation that names the script is enough to keep it silent. Scripts of the same folder are
    one finding; in repositories with a sole maintainer the signal is not applicable.

    ## Why it matters
    It began as a convenience and became infrastructure: releases, images or nightly runs stop when it does, and then
    the few who know it are asked, or it is rewritten in a hurry.

    ## What to do with it
    Write down what it does, what it needs and who is served by it; cover its main path with a test; or replace it with
    something that is maintained elsewhere. `# scout: ignore[load-bearing-script] reason` in its first ten lines keeps
    it silent.

    ## Severity
    2 when it runs for a release, on a schedule, in an image build or as a hook; 1 when every change runs it in
    continuous integration, where a fault is seen at once.

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
                Commit("2024-01-02", {"a.py": "x = 1\n"}, author="second"),
                Commit("2024-01-03", {"b.py": "x = 1\n"}, author="third"),
            ),
            "2024-03-01",
            (Expected("tools/sync.py", "tools/sync.py"),),
        ),
        Example(
            "Scripts that a test or a page names, short ones, entry points, test runners",
            (
                Commit(
                    "2024-01-01",
                    {
                        "tools/tested.py": "".join(f"print({number})\n" for number in range(45)),
                        "tools/told.sh": "".join(f"echo {number}\n" for number in range(45)),
                        "tools/short.sh": "echo short\n",
                        "entrypoint.sh": "".join(f"echo {number}\n" for number in range(45)),
                        "run_tests.sh": "".join(f"echo {number}\n" for number in range(45)),
                        "tests/test_tools.py": "from tools import tested\n",
                        "docs/ops.md": "`tools/told.sh` tells.\n",
                        "Dockerfile": lines(
                            "FROM x",
                            "RUN tools/told.sh && tools/short.sh && ./entrypoint.sh",
                            "RUN ./run_tests.sh && python tools/tested.py",
                        ),
                    },
                ),
                Commit("2024-01-02", {"a.py": "x = 1\n"}, author="second"),
                Commit("2024-01-03", {"b.py": "x = 1\n"}, author="third"),
            ),
            "2024-03-01",
        ),
        Example(
            "The same script in a repository with a sole maintainer",
            (
                Commit(
                    "2024-01-01",
                    {
                        "sync.sh": "".join(f"echo {number}\n" for number in range(45)),
                        "Dockerfile": "FROM x\nRUN ./sync.sh\n",
                    },
                ),
            ),
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
        folders: dict[str, list[_Script]] = defaultdict(list)
        for script in _scripts(view):
            folders[script.path.rpartition("/")[0]].append(script)
        for folder, scripts in sorted(folders.items()):
            yield _finding(self, view, folder, tuple(sorted(scripts, key=_weight)))


def _scripts(view: View) -> Iterator[_Script]:
    by_script: dict[str, list[Call]] = defaultdict(list)
    for call in calls(view.tree):
        by_script[call.script].append(call)
    sizes = {path: size for path in by_script if (size := _size(view, path)) >= FEWEST_LINES}
    known = _named_elsewhere(view, sorted(sizes)) if sizes else frozenset[str]()
    for path, size in sorted(sizes.items()):
        authors = view.history.authors(path)
        if path not in known and 1 <= authors <= MOST_AUTHORS:
            yield _Script(path, size, authors, len(view.history.touching(path)), tuple(dict.fromkeys(by_script[path])))


def _size(view: View, path: str) -> int:
    if _NO_SCRIPT.search(path) or view.tree.file_class(path) not in {FileClass.CODE, FileClass.OTHER}:
        return 0
    text = view.tree.text(path)
    return sum(1 for line in text.split("\n") if line.strip()) if text is not None else 0


def _named_elsewhere(view: View, paths: list[str]) -> frozenset[str]:
    """Return the scripts that a test or a page of documentation names, by file name or as a module."""
    names = {path: path.rpartition("/")[2] for path in paths}
    stems = {path: name.partition(".")[0] for path, name in names.items()}
    words = {re.escape(word) for word in (*names.values(), *stems.values())}
    pattern = re.compile(rb"\b(?:" + "|".join(sorted(words, key=len, reverse=True)).encode() + rb")\b")
    found: set[str] = set()
    for file in view.tree.search(pattern, lambda file: file.path not in names and _may_name(view, file.path)):
        text = view.tree.text(file.path) or ""
        is_test = view.tree.file_class(file.path) is FileClass.TEST
        for path in paths:
            word = stems[path] if is_test else names[path]
            if re.search(rf"\b{re.escape(word)}\b", text):
                found.add(path)
    return frozenset(found)


def _may_name(view: View, path: str) -> bool:
    looks_so = path.lower().endswith(_TEXTS) or re.search(r"test|spec", path, re.IGNORECASE) is not None
    return looks_so and view.tree.file_class(path) in {FileClass.DOCS, FileClass.TEST}


def _weight(script: _Script) -> tuple[bool, int, str]:
    return (not _TELLING & set(script.occasions), -script.lines, script.path)


def _finding(scout: Scout, view: View, folder: str, scripts: tuple[_Script, ...]) -> Finding:
    first = scripts[0]
    telling = any(_TELLING & set(script.occasions) for script in scripts)
    score = (
        0.5
        + (0.15 if telling else 0)
        + (0.1 if min(s.authors for s in scripts) == 1 else 0)
        + min(0.2, first.lines / 1000)
    )
    return Finding(
        signal=scout.id,
        subject=first.path if len(scripts) == 1 else folder or ".",
        identity=f"folder {view.history.origin(first.path).rpartition('/')[0]}",
        severity=2 if telling else 1,
        kind=scout.kind,
        story=_story(scripts),
        evidence=tuple(_evidence(scripts)),
        score=round(score, 3),
    )


def _evidence(scripts: tuple[_Script, ...]) -> Iterator[Evidence]:
    for script in scripts:
        people = counted(script.authors, "author")
        yield at_path(
            script.path,
            f"{script.lines} lines, {people}, {counted(script.changes, 'change')}, no test and no page names it",
        )
    for script in scripts:
        for call in script.calls[:3]:
            yield at_line(call.path, call.line, call.text)


def _story(scripts: tuple[_Script, ...]) -> Story:
    first = scripts[0]
    name = (
        first.path
        if len(scripts) == 1
        else f"{counted(len(scripts), 'script')} in {first.path.rpartition('/')[0] or 'the root folder'}"
    )
    stem = first.path.rpartition("/")[2].partition(".")[0]
    told = " ".join(
        f"`{script.path}` ({script.lines} lines, {counted(script.authors, 'author')}) runs "
        f"{listed([occasion.value for occasion in script.occasions])}: {_callers(script)}."
        for script in scripts[:6]
    )
    return Story(
        title=title("Test and document ", name, ", which machines run"),
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
        tests=(f"tests/test_{stem.replace('-', '_')}.py, or a dry run of the script in continuous integration",),
        scope=tuple(f"`{script.path}`" for script in scripts[:6]),
        non_goals=("Rewriting the script in another language.", "Changing when it runs."),
        risks=("What reaches outside (network, credentials) has to be kept apart before the rest can be tested.",),
        size="M" if len(scripts) <= 2 else "L",  # noqa: PLR2004 more than two should be split
    )


def _callers(script: _Script) -> str:
    return listed([f"`{call.path}:{call.line}`" for call in script.calls], 3)


def _why(first: _Script) -> str:
    people = "One person has" if first.authors == 1 else "Two people have"
    when = listed([occasion.value for occasion in first.occasions])
    return (
        f"{people} ever changed `{first.path}`, and it runs {when}. When it breaks, what it serves stops, and nobody "
        "else can tell from a test or a page what it was meant to do."
    )
