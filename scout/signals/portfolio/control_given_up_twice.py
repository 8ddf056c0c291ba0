"""`control-given-up-twice`: two projects bypass the same control, each for itself."""

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View
from scout.signals._evidence import elsewhere, metric
from scout.signals._flow import ControlQuarter, ControlSeen, FlowFacts
from scout.signals._given_way import GivenWay, figures, given_way, query
from scout.signals._words import counted, listed

_MANY = 3
_YEARS = tuple(f"{year}-Q{quarter}" for year in (2022, 2023, 2024) for quarter in (1, 2, 3, 4))
_A = (Commit("2024-01-01", {"a.py": "a = 1\n"}),)


def _flow(*missed: int, of: int = 20, **facts: object) -> FlowFacts:
    """Return what was measured of an example's control: so many of twenty bypassed it in each quarter."""
    quarters = tuple(
        ControlQuarter(name=name, opportunities=of, bypassed=count) for name, count in zip(_YEARS, missed, strict=True)
    )
    made = ControlSeen(id="tests-with-code", watches="that behaviour stays", opportunity="changes of code")
    return FlowFacts(controls=(made.model_copy(update={"quarters": quarters, **facts}),))


_HELD = (2,) * 12
_GAVE = (*(2,) * 8, *(8,) * 4)
_ADD = _flow(*_GAVE)
_FOUND = Expected("tests-with-code", query(_ADD.controls[0]))


class ControlGivenUpTwice(Scout):
    """The same control gave way in two or more projects of the portfolio, each for itself.

    A control gives way in a project when, in its last four whole quarters, 15 in 100 more bypass it than in the eight
    before, by three standard errors and with 20 opportunities on either side, while before at most 40 in 100 did; or
    when bypassing rises with tempo (see `control-theatre`). What is known of another project is what its own last look
    measured. One finding for a control, in the project that comes first by id.

    ## Why it matters
    One team that leaves a rule has its reasons; two that leave the same one without knowing of each other say that the
    rule does not fit the work any more, wherever it came from.

    ## What to do with it
    Look at the rule itself, once, for all of them: automate it, make it cheaper, batch it differently, or drop it.

    ## Severity
    3 when three or more projects gave it up, else 2.

    ## Source
    Dekker, Drift into Failure (2011); Rasmussen, Risk management in a dynamic society (1997).
    """

    id: ClassVar[str] = "control-given-up-twice"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.FLOW, Reads.PORTFOLIO})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    worldly: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Tests stopped to come with code here and in the meadow",
            _A,
            "2025-01-10",
            (_FOUND,),
            siblings={"meadow": _A},
            flow=_ADD,
            flows={"meadow": _flow(*_GAVE)},
        ),
        Example(
            "There it gives way to tempo",
            _A,
            "2025-01-10",
            (_FOUND,),
            siblings={"meadow": _A},
            flow=_ADD,
            flows={"meadow": _flow(*_HELD, rises=True)},
        ),
        Example(
            "In the meadow another control gave way",
            _A,
            "2025-01-10",
            siblings={"meadow": _A},
            flow=_ADD,
            flows={"meadow": _flow(*_GAVE, id="change-told")},
        ),
        Example(
            "In the meadow it holds",
            _A,
            "2025-01-10",
            siblings={"meadow": _A},
            flow=_ADD,
            flows={"meadow": _flow(*_HELD)},
        ),
        Example(
            "In the meadow it never held",
            _A,
            "2025-01-10",
            siblings={"meadow": _A},
            flow=_ADD,
            flows={"meadow": _flow(*(10,) * 8, *(18,) * 4)},
        ),
        Example(
            "In the meadow two of twenty more bypass it",
            _A,
            "2025-01-10",
            siblings={"meadow": _A},
            flow=_ADD,
            flows={"meadow": _flow(*_HELD[:8], *(4,) * 4)},
        ),
        Example(
            "In the meadow four in sixteen more bypass it, as chance may bring it",
            _A,
            "2025-01-10",
            siblings={"meadow": _A},
            flow=_ADD,
            flows={"meadow": _flow(*(1,) * 8, *(2,) * 4, of=6)},
        ),
        Example(
            "In the meadow there are sixteen opportunities",
            _A,
            "2025-01-10",
            siblings={"meadow": _A},
            flow=_ADD,
            flows={"meadow": _flow(*(0,) * 8, *(4,) * 4, of=4)},
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each control that this project and others gave up, if it is the first of them by id.

        Raises:
            NotApplicable: no control of this project gave way.
        """
        own = {one.id: (one, gave) for one in view.flow.controls if (gave := given_way(one)) is not None}
        if not own:
            message = "no control of this project gave way"
            raise NotApplicable(message)
        for name, (control, gave) in sorted(own.items()):
            others = [
                _There(sibling, one, there)
                for sibling, other in sorted(view.siblings.items())
                for one in other.flow.controls
                if one.id == name and (there := given_way(one)) is not None
            ]
            if not others or view.project > others[0].project:
                continue
            yield Finding(
                signal=self.id,
                subject=name,
                severity=3 if len(others) + 1 >= _MANY else 2,
                kind=self.kind,
                story=_story(control, gave, others),
                evidence=(
                    metric(query(control), figures(control)),
                    *(elsewhere(one.project, metric(query(one.control), figures(one.control))) for one in others),
                ),
                score=0.7,
            )


class _There(NamedTuple):
    """Another project in which a control gave way."""

    project: str
    control: ControlSeen
    gave: GivenWay


def _story(control: ControlSeen, gave: GivenWay, others: list[_There]) -> Story:
    there = listed([f"{one.project} ({one.gave.before:.0%} before, {one.gave.now:.0%} now)" for one in others])
    number = counted(len(others) + 1, "project")
    return Story(
        title=f"Decide what {control.id} is for: {number} bypass it more and more",
        current=(
            f"The control `{control.id}` watches {control.watches}. Here {gave.before:.0%} bypassed it in the two "
            f"years before, and {gave.now:.0%} in the last four whole quarters ({figures(control)}). The same happened "
            f"in {there}. Counted by: {query(control)}."
        ),
        why=(
            "Projects that leave the same rule, each for itself, say that the rule does not fit the work any more. "
            "Mending it in one place leaves the others where they are."
        ),
        wanted="The rule is decided on once for all: automated, made cheaper, batched differently, or dropped.",
        acceptance=(
            "The decision, and why, stands where the teams read their rules.",
            f"The share that bypasses `{control.id}` is lower in the following quarter, or the rule is gone.",
        ),
        scope=(f"`{control.id}` in this project and in {listed([one.project for one in others])}",),
        non_goals=("Figures about people.",),
        size="M",
    )
