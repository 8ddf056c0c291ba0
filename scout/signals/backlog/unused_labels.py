"""`unused-labels`: labels and states that nothing depends on any more."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Example, Expected, Reads, Scout, View
from scout.signals._evidence import metric
from scout.signals._flow import FlowFacts, Unneeded
from scout.signals._words import counted, listed

_FEWEST = 5
_SHOWN = 12
_QUERY = "labels and states that no open ticket or change has and nobody used for two years: `scout flow --json`"
_OF_FORGES = frozenset(
    {
        "bug",
        "documentation",
        "duplicate",
        "enhancement",
        "good first issue",
        "help wanted",
        "invalid",
        "question",
        "wontfix",
    }
)
"""Labels that come with every new repository: nobody made them, and everybody knows them."""
_COLOURS = ("amber", "blue", "cyan", "grey", "red")


def _flow(number: int) -> FlowFacts:
    return FlowFacts(
        unneeded=tuple(Unneeded(kind="label", name=name, last_used=date(2020, 1, 1)) for name in _COLOURS[:number])
    )


class UnusedLabels(Scout):
    """Five or more labels or states of the tracker are on nothing that is open, and nobody used them for two years.

    Never by age alone: nothing open has them, and no history of a ticket or change mentions them since. Labels that a
    forge gives every new repository don't count, and projects without any event for a year are passed over. One
    finding for all of them.

    ## Why it matters
    Everybody who files or sorts a ticket reads the list and chooses from it. What nobody uses makes the choice longer,
    and wrong.

    ## What to do with it
    Delete them in the tracker's settings, or merge them into those that are used. Closed tickets keep what they need.

    ## Severity
    1.

    ## Source
    Reinertsen, The Principles of Product Development Flow (2009), on the cost of complexity.
    """

    id: ClassVar[str] = "unused-labels"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.FLOW, Reads.TICKETS})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Nobody uses five labels", (), "2024-06-01", (Expected(".", _QUERY),), flow=_flow(5)),
        Example("Four are few", (), "2024-06-01", flow=_flow(4)),
        Example(
            "Four, and one that comes with every repository",
            (),
            "2024-06-01",
            flow=FlowFacts(unneeded=(*_flow(4).unneeded, Unneeded(kind="label", name="Help wanted"))),
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for all that nothing depends on."""
        found = [one for one in view.flow.unneeded if one.name.lower() not in _OF_FORGES]
        if len(found) < _FEWEST:
            return
        names = [f"`{one.name}`" for one in found]
        labels = sum(one.kind == "label" for one in found)
        states = len(found) - labels
        what = listed([counted(count, word) for count, word in ((labels, "label"), (states, "state")) if count])
        yield Finding(
            signal=self.id,
            subject=".",
            identity="unused labels",
            severity=1,
            kind=self.kind,
            story=_story(what, names),
            evidence=(metric(_QUERY, ", ".join(one.name for one in found)),),
            score=0.5,
        )


def _story(what: str, names: list[str]) -> Story:
    return Story(
        title=f"Drop {what} that nothing uses any more",
        current=(
            f"No open ticket or change has {listed(names, _SHOWN)}, and nobody has used them for two years: {what}. "
            f"Counted by: {_QUERY}."
        ),
        why="Whoever files or sorts a ticket chooses from this list; what nobody uses misleads.",
        wanted="The list has what is used, and nothing else.",
        acceptance=("Each of them is deleted or merged into another, or a page says what it is kept for.",),
        scope=tuple(names[:_SHOWN]),
        non_goals=("Changing what closed tickets are about.",),
    )
