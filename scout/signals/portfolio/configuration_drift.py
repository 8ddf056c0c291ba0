"""`configuration-drift`: a file that projects shared was changed in one of them, and here it says what it said."""

import re
from collections.abc import Iterator
from datetime import timedelta
from difflib import SequenceMatcher
from typing import ClassVar, NamedTuple

from scout.model import Finding, Story, WorkKind
from scout.repository import Change
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._changes import told
from scout.signals._evidence import at_change, at_line, elsewhere
from scout.signals._words import counted, listed, title
from scout.signals.portfolio._lines import Line
from scout.signals.portfolio._versions import content, last_common, since

_SETTLED = timedelta(days=30)
_FEWEST_LINES = 3
_SHARED = re.compile(
    r"^(?:\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.yml|\.circleci/config\.yml|\.travis\.yml|\.pre-commit-config\.yaml"
    r"|\.editorconfig|\.?(?:ruff|rustfmt|clippy|taplo)\.toml|\.flake8|\.pylintrc|\.coveragerc|(?:mypy|pytest|tox)\.ini"
    r"|\.eslintrc(?:\.\w+)?|\.prettierrc(?:\.\w+)?|\.stylelintrc(?:\.\w+)?|biome\.json|tsconfig(?:\.\w+)?\.json"
    r"|\.golangci\.ya?ml|\.rubocop\.yml|\.yamllint(?:\.ya?ml)?|\.hadolint\.ya?ml|\.markdownlint\.\w+|\.bandit"
    r"|(?:[\w-]+/)?(?:Dockerfile|Containerfile)(?:\.\w+)?|(?:docker-)?compose(?:\.\w+)?\.ya?ml|Makefile\.common"
    r"|\.?codecov\.ya?ml|\.npmrc|\.yarnrc\.yml|nginx\.conf|\.github/(?:dependabot|settings)\.ya?ml)$"
)
_PAIR = re.compile(
    r"^(?:- )?(?P<name>[\"']?[A-Za-z_][\w./@ -]{0,59}?[\"']?)\s*(?P<sign>:=|\?=|=|:|\s)\s*(?P<value>\S.*)$"
)
_COMMAND = re.compile(r"^(?:FROM|ARG|ENV)$")
_MATTERS = re.compile(
    r"\d|^[\"']?(?:true|false|yes|no|on|off|none|null|error|warn(?:ing)?|info|always|never|read|write|strict)[\"']?$"
    r"|^\[.*\]$",
    re.IGNORECASE,
)
_NO_VALUE = re.compile(
    r"^(?:name|title|description|author|id|url|homepage|repository|repo|run|cron|- cron|schedule|if|key|uses|- uses|rev"
    r"|- rev|ref|base|branch|branches|restore-keys|ports|hash|digest|path)$",
    re.IGNORECASE,
)
_NO_DECISION = re.compile(r"@|\{\{|\$\{|://|^&|[0-9a-f]{32}")
_IMAGE = re.compile(r"(?P<name>[a-z][\w./-]*):(?P<tag>[\w.-]+)$")
_SAME = {"off": "false", "no": "false", "on": "true", "yes": "true"}


class _Value(NamedTuple):
    """A line here, the line that has taken its place in a sibling's file, and since when."""

    here: Line
    there: Line
    sibling: str
    path: str
    change: Change


class ConfigurationDrift(Scout):
    """A file of settings that two projects shared has a new value in the one and the old value in the other.

    Looked at are settings of continuous integration, linters, editors and images at the same path in both, which once
    had the same content (projects' own names apart). A value counts when it has not been touched here since, the
    sibling has replaced it for at least 30 days, and it is a number, a version, a switch or a list. Passed over are
    names, texts, commands, schedules, versions of actions and hooks (programs keep them), and what both have changed.

    ## Why it matters
    Who shares settings relies on them being the same: a check that is stricter in one project only, or an image that is
    newer in one only, is a decision that has not arrived here.

    ## What to do with it
    Take the value over, or say in the file why this project differs. `# scout: ignore[configuration-drift] reason` on
    the line before keeps it. What is shared for good belongs to one place that both read.

    ## Severity
    2 for three values and more or for an image, else 1.

    ## Source
    Humble and Farley, Continuous Delivery, chapter 2, Configuration Management (2010).
    """

    id: ClassVar[str] = "configuration-drift"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY, Reads.PORTFOLIO})
    cap: ClassVar[int | None] = 3
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A sibling has raised the limit of a linter that both had",
            (Commit("2023-01-01", {".flake8": lines("[flake8]", "max-complexity = 18", "max-line-length = 100")}),),
            "2024-06-01",
            (Expected(".flake8", ".flake8:2"),),
            siblings={
                "meadow": (
                    Commit(
                        "2023-01-01", {".flake8": lines("[flake8]", "max-complexity = 18", "max-line-length = 100")}
                    ),
                    Commit(
                        "2024-03-01", {".flake8": lines("[flake8]", "max-complexity = 10", "max-line-length = 100")}
                    ),
                )
            },
        ),
        Example(
            "The image of a sibling has moved on, and each has its own name",
            (Commit("2023-01-01", {"Dockerfile": lines("FROM debian:11", "WORKDIR /srv", "COPY . /srv/orchard")}),),
            "2024-06-01",
            (Expected("Dockerfile", "Dockerfile:1"),),
            siblings={
                "orchard": (
                    Commit(
                        "2023-01-01", {"Dockerfile": lines("FROM debian:11", "WORKDIR /srv", "COPY . /srv/orchard")}
                    ),
                    Commit(
                        "2024-03-01", {"Dockerfile": lines("FROM debian:12", "WORKDIR /srv", "COPY . /srv/orchard")}
                    ),
                )
            },
        ),
        Example(
            "Never the same, changed on both sides, changed last week, a name, an action, and other quotes",
            (
                Commit(
                    "2023-01-01",
                    {
                        ".coveragerc": lines("[report]", "fail_under = 70", "skip_empty = true"),
                        ".flake8": lines("[flake8]", "max-complexity = 18", "max-line-length = 100"),
                        "tox.ini": lines("[tox]", "minversion = 3", "isolated = true"),
                        "mypy.ini": lines("[mypy]", "name = first2", "strict = true"),
                        ".yamllint": lines("rules:", "  comments: off", "  level: 'error'"),
                        ".github/workflows/test.yml": lines("on: push", "steps:", "- uses: actions/checkout@v3"),
                    },
                ),
                Commit("2023-06-01", {".flake8": lines("[flake8]", "max-complexity = 12", "max-line-length = 100")}),
            ),
            "2024-06-01",
            siblings={
                "meadow": (
                    Commit(
                        "2023-01-01",
                        {
                            ".coveragerc": lines("[report]", "fail_under = 90", "skip_empty = false"),
                            ".flake8": lines("[flake8]", "max-complexity = 18", "max-line-length = 100"),
                            "tox.ini": lines("[tox]", "minversion = 3", "isolated = true"),
                            "mypy.ini": lines("[mypy]", "name = first2", "strict = true"),
                            ".yamllint": lines("rules:", "  comments: off", "  level: 'error'"),
                            ".github/workflows/test.yml": lines("on: push", "steps:", "- uses: actions/checkout@v3"),
                        },
                    ),
                    Commit(
                        "2024-01-01",
                        {
                            ".flake8": lines("[flake8]", "max-complexity = 10", "max-line-length = 100"),
                            "mypy.ini": lines("[mypy]", "name = second2", "strict = true"),
                            ".yamllint": lines("rules:", "  comments: false", '  level: "error"'),
                            ".github/workflows/test.yml": lines("on: push", "steps:", "- uses: actions/checkout@v4"),
                        },
                    ),
                    Commit("2024-05-28", {"tox.ini": lines("[tox]", "minversion = 4", "isolated = true")}),
                )
            },
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each file that siblings have moved on with."""
        for path in view.tree.files:
            origin = view.history.origin(path)
            found = list(_values(view, path, origin)) if _SHARED.match(path) or _SHARED.match(origin) else []
            if found:
                own = list(dict.fromkeys(one.here for one in found))
                image = any(one.here.key.startswith("FROM ") for one in found)
                yield Finding(
                    signal=self.id,
                    subject=path,
                    identity=origin,
                    severity=2 if len(own) >= _FEWEST_LINES or image else 1,
                    kind=self.kind,
                    story=_story(path, found),
                    evidence=(
                        *(at_line(path, line.number, line.text) for line in own),
                        *(elsewhere(one.sibling, at_line(one.path, one.there.number, one.there.text)) for one in found),
                        *dict.fromkeys(elsewhere(one.sibling, at_change(one.change)) for one in found),
                    ),
                    score=round(min(0.9, 0.6 + len(own) / 20), 3),
                )


def _values(view: View, path: str, origin: str) -> Iterator[_Value]:
    ours = view.tree.files[path].blob
    for sibling, other in sorted(view.siblings.items()):
        place = next((name for name in (path, origin) if name in other.tree.files), None)
        if place is None or (theirs := other.tree.files[place].blob) == ours:
            continue
        names = tuple(name for name in (view.project, sibling) if name)
        base = last_common(view, path, other, place, names)
        if base is None or base == theirs:
            continue
        here = {line.key: line for line in reversed(content(view, ours))}
        for old, line in _replaced(content(other, base), content(other, theirs)):
            if old in here and _matters(old, line.key):
                change = since(other, place, line.key)
                if change is not None and view.now - change.at >= _SETTLED:
                    yield _Value(here[old], line, sibling, place, change)


def _replaced(before: tuple[Line, ...], after: tuple[Line, ...]) -> Iterator[tuple[str, Line]]:
    """Give what a line said and the line that has taken its place: of the same name, in the same run of lines."""
    old, new = [line.key for line in before], [line.key for line in after]
    for what, first, last, new_first, new_last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "replace":
            continue
        left = list(after[new_first:new_last])
        for key in old[first:last]:
            match = next((line for line in left if _name(line.key) == _name(key) is not None), None)
            if match is not None and key not in new:
                left.remove(match)
                yield key, match


def _name(key: str) -> str | None:
    found = _PAIR.match(key)
    if found is None or (found["sign"].isspace() and not _COMMAND.match(found["name"])):
        return None
    image = _IMAGE.match(_bare(found["value"]))
    return f"{found['name']} {image['name']}" if image else found["name"]


def _matters(old: str, new: str) -> bool:
    """Say whether a value is one that people decide about, and another one than before."""
    before, after = _PAIR.match(old), _PAIR.match(new)
    if before is None or after is None or _NO_VALUE.match(before["name"].strip("\"'")):
        return False
    was, is_now = _bare(before["value"]), _bare(after["value"])
    if _meaning(was) == _meaning(is_now):
        return False
    return all(_MATTERS.search(value) and not _NO_DECISION.search(value) for value in (was, is_now))


def _meaning(value: str) -> str:
    plain = re.sub(r"[\s\"']", "", value)
    return _SAME.get(plain.lower(), plain)


def _bare(value: str) -> str:
    """Return a value without quotes and what stands behind it."""
    return re.sub(r"\s+#.*$", "", value).strip().rstrip(",").strip("\"'")


def _story(path: str, found: list[_Value]) -> Story:
    own = list(dict.fromkeys(one.here for one in found))
    told_of = dict.fromkeys((one.here.key[:80], one.there.key[:80], one.sibling) for one in found)
    pairs = [f"`{here}` here, `{there}` in {sibling}" for here, there, sibling in told_of]
    siblings = listed(list(dict.fromkeys(one.sibling for one in found)))
    changes = listed(list(dict.fromkeys(told(one.change) for one in found)))
    return Story(
        title=title(f"Settle {counted(len(own), 'value')} of ", path, f" with {siblings[:30]}"),
        current=(
            f"`{path}` was the same here and in {siblings}, and now differs: {listed(pairs, 6)}. "
            f"There it was changed with {changes}."
        ),
        why=(
            "The file was shared, and nothing says that this project wants to differ: most likely a decision that was "
            "taken there has not arrived here."
        ),
        wanted=f"`{path}` has the value of {siblings}, or says why it differs.",
        acceptance=(
            f"Each of these lines of `{path}` is as in {siblings}, or a comment beside it gives the reason.",
            "The checks that read the file pass.",
        ),
        scope=(f"`{path}`",),
        non_goals=("Lines that were different from the start.",),
        risks=("A stricter value may show faults that have to be mended first.",),
        size="S",
    )
