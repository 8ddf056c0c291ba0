"""`ci-action-retired`: workflows use versions of actions that were built for a runtime that is gone."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._evidence import at_line
from scout.signals._words import counted, listed, title
from scout.signals.dependencies._actions import ActionUse, Retirement, actions, retired

_RUNTIME = {"node12": "Node.js 12", "node16": "Node.js 16"}
_NAMED = 6


class CiActionRetired(Scout):
    """Workflows use a major version of an action that was built for a retired runtime or a service switched off.

    Read are the workflows and composite actions of GitHub Actions; a pinned commit counts by the version in the
    comment behind it. The clock decides: a version is retired from the day in the table on. Actions that the table
    doesn't know are passed over. All uses that are retired in the same way are one finding.

    ## Why it matters
    Where the service behind an action is switched off, the step fails and the job with it. Where only the runtime is
    gone, the provider runs the action on a newer one that it was never tested with, and warns on each run until it
    takes that away as well.

    ## What to do with it
    Raise the version to the action's current major and read its notes on breaking changes; let a bot keep them
    current. `# scout: ignore[ci-action-retired] reason` on the line or the one before keeps a use.

    ## Severity
    3 when an action fails since that day; 2 when one was built for a runtime two generations back (Node.js 12); else 1.

    ## Source
    Dates: `actions.csv` beside this scout, each row with the provider's announcement and the day it was noted. Field
    study of 28 public repositories: 13 of 13 uses true after these filters, 52 % before them.
    """

    id: ClassVar[str] = "ci-action-retired"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A step that fails by now, and two that run on a runtime they were not built for",
            (
                Commit(
                    "2024-01-01",
                    {
                        ".github/workflows/ci.yml": lines(
                            "on: push",
                            "jobs:",
                            "  test:",
                            "    steps:",
                            "      - uses: actions/checkout@v2",
                            "      - uses: docker/login-action@49ed152c8eca782a232dede0303416e8f356c37b # v2.0.0",
                            "      - uses: actions/upload-artifact@v3",
                        ),
                    },
                ),
            ),
            "2025-06-01",
            (
                Expected(".github/workflows/ci.yml", ".github/workflows/ci.yml:7"),
                Expected(".github/workflows/ci.yml", ".github/workflows/ci.yml:5"),
            ),
        ),
        Example(
            "Current versions, and old ones before the day of their retirement",
            (
                Commit(
                    "2021-01-01",
                    {
                        ".github/workflows/ci.yml": lines(
                            "on: push",
                            "jobs:",
                            "  test:",
                            "    steps:",
                            "      - uses: actions/checkout@v2",
                            "      - uses: actions/cache@v5",
                            "      - uses: acme/tool@v1",
                            "      - uses: actions/setup-python@main",
                        ),
                    },
                ),
            ),
            "2021-02-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for what fails, and one for what runs on a runtime it was not built for."""
        today = view.now.date()
        found = [(use, why) for use in actions(view) if (why := retired(use, today)) is not None]
        for stops, group in groupby(sorted(found, key=_order), key=lambda pair: pair[1].stops):
            pairs = list(group)
            files = list(dict.fromkeys(use.path for use, _ in pairs))
            yield Finding(
                signal=self.id,
                subject=files[0],
                identity="stops" if stops else "forced",
                severity=3 if stops else 2 if any(why.built_for == "node12" for _, why in pairs) else 1,
                kind=self.kind,
                story=_story(pairs, files, stops=stops),
                evidence=tuple(at_line(use.path, use.line, use.text) for use, _ in pairs),
                score=0.95 if stops else 0.8,
            )


def _order(pair: tuple[ActionUse, Retirement]) -> tuple[bool, str, int]:
    use, why = pair
    return (not why.stops, use.path, use.line)


def _story(pairs: list[tuple[ActionUse, Retirement]], files: list[str], *, stops: bool) -> Story:
    places = [f"`{use.path}:{use.line}`" for use, _ in pairs]
    verb = "use retired versions of actions" if len(pairs) > 1 else "uses a retired version of an action"
    where = files[0] if len(files) == 1 else counted(len(files), "workflow file")
    return Story(
        title=title(f"Update {counted(len(pairs), 'use')} of retired actions in ", where),
        current=(f"{listed(places, 12)} {verb}. " + " ".join(_reasons([why for _, why in pairs]))),
        why=(
            "These steps fail on every run, so the jobs that contain them check and deliver nothing."
            if stops
            else "The runner starts these actions with a Node.js they were not built and tested for, and warns on each "
            "run; they get no fixes, and fail for good with one of the next updates of the runner."
        ),
        wanted="Each step uses a current major version of its action, with inputs adapted where they changed.",
        acceptance=(
            f"No line of {listed([f'`{path}`' for path in files], 6)} uses a version named above.",
            "The jobs pass, without a warning about a deprecated runtime.",
        ),
        scope=tuple(f"`{path}`" for path in files[:8]),
        non_goals=("Replacing an action by another one where a current version exists.",),
        risks=("Major versions of actions change inputs and defaults: read their release notes.",),
        size="S",
    )


def _reasons(reasons: list[Retirement]) -> Iterator[str]:
    """Give a sentence for each thing that is gone, the oldest first."""
    by_what: dict[tuple[date, str, str, bool], set[str]] = {}
    for one in reasons:
        by_what.setdefault((one.since, one.built_for, one.source, one.stops), set()).add(
            f"`{one.action}` up to v{one.major}"
        )
    for (since, what, source, stops), names in sorted(by_what.items()):
        if stops:
            state = f"GitHub switched off what {listed(sorted(names), _NAMED)} need"
        elif what in _RUNTIME:
            state = f"{listed(sorted(names), _NAMED)} {_are(names)} built for {_RUNTIME[what]}, which runners dropped"
        else:
            state = f"{listed(sorted(names), _NAMED)} {_are(names)} out of support, as announced"
        yield f"{state} on {since:%Y-%m-%d} (source: {source})."


def _are(names: set[str]) -> str:
    return "are" if len(names) > 1 else "is"
