"""`growing-queue`: more tickets come than go, and that stays."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Example, Expected, Reads, Scout, View
from scout.signals._evidence import metric
from scout.signals._flow import FlowFacts, Growing

_QUERY = "tickets created and closed, by quarter: `scout flow --json`, shifts and arrival-against-departure"
_QUARTERS = (("2023-Q4", 61, 60), ("2024-Q1", 90, 58))
_SHOWN = 8
_FEWEST = 30
_WEEKS = 8
_YEAR = 52
_GRAVE = 0.5
_GROWING = Growing(since=date(2024, 1, 8), per_week=2.5, low=1.5, high=3.5, open_now=120, quarters=_QUARTERS)


def _flow(**facts: object) -> FlowFacts:
    return FlowFacts(growing=_GROWING.model_copy(update=facts))


class GrowingQueue(Scout):
    """More tickets come than go, by a test over whole weeks, and it has lasted for eight weeks or longer.

    Coming and going are compared by the week, imports and bulk closes counted once (see `arrival-against-departure`);
    what passes is a surge, and no finding. The queue has to grow, for sure, by a quarter of what is closed, and thirty
    tickets or more have to be open. Nothing is said about whose tickets they are.

    ## Why it matters
    A queue that grows steadily never empties: what is filed today waits longer than what was filed last month, until
    nobody expects an answer any more. Doing each ticket faster does not help while more keep coming.

    ## What to do with it
    Take fewer in (say no early, close what nobody will do), take less work to answer each (templates, a page of
    questions and answers), or put more hands on it. Reject the candidate if the backlog is meant as a store of ideas.

    ## Severity
    3 when within a year as many as half of those that are open now would be added, else 2.

    ## Source
    Little, A Proof for the Queuing Formula L = λW (1961); Reinertsen, The Principles of Product Development Flow
    (2009).
    """

    id: ClassVar[str] = "growing-queue"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.FLOW, Reads.TICKETS})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Two and a half more come than go each week since January",
            (),
            "2024-04-10",
            (Expected(".", _QUERY),),
            flow=_flow(),
        ),
        Example("As many come as go", (), "2024-04-10"),
        Example("Twenty-nine are open", (), "2024-04-10", flow=_flow(open_now=29)),
        Example("It has lasted for seven weeks", (), "2024-04-10", flow=_flow(since=date(2024, 2, 21))),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding when the queue of tickets grows."""
        found = view.flow.growing
        if found is None or found.open_now < _FEWEST or (view.now.date() - found.since).days < 7 * _WEEKS:
            return
        told = ", ".join(f"{name}: {came} came, {went} went" for name, came, went in found.quarters[-_SHOWN:])
        yield Finding(
            signal=self.id,
            subject=".",
            identity="growing queue",
            severity=3 if found.per_week * _YEAR >= _GRAVE * found.open_now else 2,
            kind=self.kind,
            story=_story(found, told),
            evidence=(metric(_QUERY, told or "no whole quarter is known"),),
            score=0.7,
        )


def _story(found: Growing, told: str) -> Story:
    return Story(
        title=f"Stop the queue of tickets from growing ({found.per_week:.1f} a week, {found.open_now} open)",
        current=(
            f"Since {found.since:%Y-%m-%d} more tickets come than go: {found.per_week:.1f} a week "
            f"[{found.low:.1f}, {found.high:.1f}]. {found.open_now} are open. By whole quarter: {told}. "
            f"Counted by: {_QUERY}."
        ),
        why=(
            "At this pace the queue never empties: who files a ticket today waits longer than who filed one before, "
            "and what matters drowns among what nobody will do."
        ),
        wanted="As many tickets are closed as come in, or it is said which of them are kept as a store of ideas.",
        acceptance=(
            "It is decided and written down what is closed at once, and who decides that.",
            "`scout flow` shows no overload over the following eight weeks.",
        ),
        scope=("What is taken in, and what is answered without work.",),
        non_goals=("Closing tickets by age alone.", "Figures about people."),
        risks=("Closing many at once hides those that matter.",),
        size="M",
    )
