"""`temporary-infrastructure`: machines run a script that calls itself temporary."""

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

from scout.model import Evidence, EvidenceKind, Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View, lines
from scout.signals._callers import Call, calls
from scout.signals._evidence import at_line
from scout.signals._temporary import Said, of_itself
from scout.signals._words import counted, listed, span, title

_OLD = timedelta(days=180)
_SHOWN = 4
_TEXT = lines("#!/bin/sh", "# Temporary script: copies the prices by hand.", "cp prices.csv shop/prices.csv")
_NIGHTLY = lines(
    "on:",
    "  schedule:",
    "    - cron: '0 3 * * *'",
    "jobs:",
    "  prices:",
    "    runs-on: ubuntu-latest",
    "    steps:",
    "      - uses: actions/checkout@v4",
    "      - run: ./tools/prices.sh",
)
_WORKFLOW = ".github/workflows/nightly.yml"


def _world(text: str, at: str = "2023-01-01", flow: str = _NIGHTLY) -> tuple[Commit, ...]:
    return (
        Commit(at, {"tools/prices.sh": text}),
        Commit("2023-06-01", {_WORKFLOW: flow, "a.py": "a = 1\n"}, author="second"),
    )


class TemporaryInfrastructure(Scout):
    """A script says in its first lines that it is temporary, and machines have run it for half a year or longer.

    It is called by continuous integration, a schedule, an image build, a release or a commit hook. One of its comments
    in its first twelve lines calls the script itself temporary, a stopgap or a one-off, and has stood there for 180
    days; comments that name their end belong to `temporary-old`. Vendored and generated scripts are passed over.

    ## Why it matters
    What was meant for a while was never reviewed as something to rely on, and now it is relied on: nobody owns it,
    and its failure stops what calls it.

    ## What to do with it
    Decide: replace it by what was meant to come, or make it ordinary (a test, a page, an owner) and drop the word.

    ## Severity
    2 when a release or a schedule runs it or it can stop a merge, else 1.

    ## Source
    Potdar and Shihab, An Exploratory Study on Self-Admitted Technical Debt (ICSME 2014).
    """

    id: ClassVar[str] = "temporary-infrastructure"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    cap: ClassVar[int | None] = 3
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A temporary script runs every night",
            _world(_TEXT),
            "2024-06-01",
            (Expected("tools/prices.sh", "tools/prices.sh:2"),),
        ),
        Example(
            "It writes temporary files",
            _world(_TEXT.replace("Temporary script: copies", "This script is for temporary files; it copies")),
            "2024-06-01",
        ),
        Example("It says so for five months", _world(_TEXT, "2024-01-02"), "2024-06-01"),
        Example("Nothing calls it", _world(_TEXT, flow=_NIGHTLY.replace("prices.sh", "others.sh")), "2024-06-01"),
        Example(
            "It says when it can go",
            _world(
                _TEXT.replace("by hand.", "by hand, can be removed once https://example.org/shop/issues/7 is done.")
            ),
            "2024-06-01",
        ),
        Example(
            "Only one of its many lines is temporary",
            _world("#!/bin/sh\n" + "echo a\n" * 12 + "# Temporary script\ncp prices.csv shop/\n"),
            "2024-06-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each script that is relied on and calls itself temporary.

        Raises:
            UnavailableError: the clone's older history is cut off.
            NotApplicable: nothing calls a script.
        """
        view.needs_ages()
        by_script: dict[str, list[Call]] = {}
        for call in view.once(_calls):
            by_script.setdefault(call.script, []).append(call)
        if not by_script:
            message = "no script is called by anything that runs by itself"
            raise NotApplicable(message)
        for path, found in sorted(by_script.items()):
            said = of_itself(view, path)
            if said is None:
                continue
            since = view.history.text_since_many(path, [said.line]).get(said.line)
            if since is not None and view.now - since[1] >= _OLD:
                yield Finding(
                    signal=self.id,
                    subject=path,
                    identity=view.history.origin(path),
                    severity=2 if any(call.occasion.name not in {"IMAGE", "HOOK"} for call in found) else 1,
                    kind=self.kind,
                    story=_story(view, path, said, found, since[1].date().isoformat()),
                    evidence=(
                        at_line(path, said.line, said.text),
                        *(at_line(call.path, call.line, call.text) for call in found[:_SHOWN]),
                        Evidence(
                            kind=EvidenceKind.COMMIT, locator=since[0], seen=f"{since[1]:%Y-%m-%d}: it says so since"
                        ),
                    ),
                    score=0.7,
                )


def _calls(view: View) -> tuple[Call, ...]:
    return tuple(dict.fromkeys(calls(view.tree)))


def _story(view: View, path: str, said: Said, found: list[Call], since: str) -> Story:
    callers = listed([f"`{call.path}:{call.line}` ({call.occasion.value})" for call in found], _SHOWN)
    quoted = said.text.strip(" #/*;-").replace("`", "'")[:140]
    first = view.history.first_seen(path)
    age = span((view.now - first.at).days) if first else "long"
    return Story(
        title=title("Replace or adopt `", path, "`, which calls itself temporary"),
        current=(
            f"`{path}:{said.line}` says: '{quoted}', since {since}; the file is {age} old. "
            f"It is run by {callers}: {counted(len(found), 'caller')}."
        ),
        why=(
            "It was meant for a while and never looked at as something to rely on. Now others rely on it, and its "
            "failure stops what calls it."
        ),
        wanted="It is replaced by what was meant to come, or it is ordinary: tested and described.",
        acceptance=(
            f"`{path}` is gone, or no line of it calls it temporary.",
            "If it stays, a test or a page names it.",
        ),
        scope=(f"`{path}` and its callers",),
        non_goals=("Deleting the words alone.",),
        size="M",
    )
