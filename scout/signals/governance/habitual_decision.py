"""`habitual-decision`: a decision that everything waits for and that hardly ever changes anything."""

from collections.abc import Iterator
from typing import ClassVar

from scout.model import Evidence, Finding, Story, WorkKind
from scout.signals._base import Example, Expected, Reads, Scout, View, row
from scout.signals._evidence import at_pull_request, at_ticket, metric
from scout.signals._flow import FlowFacts, Habit
from scout.signals._words import listed
from scout.warehouse.records import ChangeRow

_FEWEST, _LONGEST = 100, 1.0
_SHOWN = 5


def _query(step: str) -> str:
    return f"decisions to {step}, and how many changed anything: `scout flow --json`, decisions"


_HABIT = Habit(step="approve a change", role="reviewer", n=240, changed=0.008, wait=2.5, caught=("7",))
_CAUGHT = (row(ChangeRow, key="7", title="Add till", state="merged", merged_at="2024-05-01"),)


def _flow(**facts: object) -> FlowFacts:
    return FlowFacts(habits=(_HABIT.model_copy(update=facts),))


class HabitualDecision(Scout):
    """Work waits for a day or more for a decision that changed something in hardly any of 100 cases or more.

    Steps that need a decision are approvals of changes, merges of approved ones and answers to questions (see `scout
    flow`, decisions). Told are those in which under 1.5 in 100 changed anything (asked for changes, refused), at most
    6 in 100 for sure. What was said aloud and not written down is not seen, nor what a review prevents by being there.

    ## Why it matters
    A decision that nearly always says yes is control or habit, and from within one cannot tell which. If it is habit,
    everything waits for nothing.

    ## What to do with it
    Look at the cases in which it did change something: that is what it protects. Keep it for those, and let the rest
    pass: decide after the fact, by sample, or by a machine. Reject the candidate if the step is there for another
    reason, such as learning or the law.

    ## Severity
    2.

    ## Source
    Reinertsen, The Principles of Product Development Flow (2009), on decisions and batches.
    """

    id: ClassVar[str] = "habitual-decision"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.FLOW})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Two of 240 approvals changed anything, and each took two days",
            (),
            "2024-06-01",
            (Expected("approve a change", _query("approve a change")),),
            _CAUGHT,
            flow=_flow(),
        ),
        Example("It takes half a day", (), "2024-06-01", (), _CAUGHT, flow=_flow(wait=0.5)),
        Example("Ninety-nine are too few", (), "2024-06-01", (), _CAUGHT, flow=_flow(n=99)),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each step that looks like a habit."""
        for one in view.flow.habits:
            if one.n >= _FEWEST and one.wait >= _LONGEST:
                yield Finding(
                    signal=self.id,
                    subject=one.step,
                    severity=2,
                    kind=self.kind,
                    story=_story(one),
                    evidence=tuple(_evidence(view, one)),
                    score=0.6,
                )


def _evidence(view: View, one: Habit) -> Iterator[Evidence]:
    yield metric(_query(one.step), f"under 1.5 of 100 changed anything; {one.role} decides")
    for key in one.caught[:_SHOWN]:
        if key in view.core.changes:
            yield at_pull_request(key, "here it changed something")
        elif key in view.core.tickets:
            yield at_ticket(key, "here it changed something")


def _story(one: Habit) -> Story:
    number = round(one.n * one.changed)
    caught = f" It did in {listed([f'`{key}`' for key in one.caught[:_SHOWN]])}." if one.caught else ""
    return Story(
        title=f"Ask what the decision to {one.step} protects: it changed {number} of {one.n}",
        current=(
            f"To {one.step} takes a decision of a {one.role}; half of them take {one.wait:.1f} days or longer. Of "
            f"{one.n} decisions {number} changed anything.{caught} Counted by: {_query(one.step)}."
        ),
        why="If it is a habit, everything waits for nothing; if it is a control, hardly anybody can say what for.",
        wanted="It is decided which cases need this decision before the fact; the others go on without waiting for it.",
        acceptance=(
            "A page says what the decision protects, with the cases in which it changed something.",
            f"The median wait to {one.step} is lower in the following quarter, or the page says why it stays.",
        ),
        scope=("The step itself, and what else could protect the same.",),
        non_goals=("Figures about people.",),
        risks=("A decision that is hardly ever needed may be there for the one case.",),
        size="M",
    )
