"""`control-theatre`: a rule of the team gives way when work is fast."""

from collections.abc import Iterator
from typing import ClassVar

from scout.model import Evidence, Finding, Story, WorkKind
from scout.signals._base import Example, Expected, NotApplicable, Reads, Scout, View, row
from scout.signals._evidence import at_pull_request, metric
from scout.signals._flow import ControlQuarter, ControlSeen, FlowFacts
from scout.signals._given_way import at_commit, figures, query
from scout.signals._words import counted, listed
from scout.warehouse.records import ChangeRow

_MOST_TOLD = 5
_LEAST = 0.1
_GRAVE = 0.5
_QUARTERS = (
    ControlQuarter(name="2024-Q1", opportunities=60, bypassed=3),
    ControlQuarter(name="2024-Q2", opportunities=140, bypassed=49),
)
_REVIEW = ControlSeen(
    id="review-before-merge",
    watches="that no change rests on one pair of eyes",
    opportunity="everything that people landed; kept where somebody else reviewed it",
    suggestions=("make it cheaper: smaller changes",),
    slow_rate=0.05,
    fast_rate=0.35,
    slow_tempo=5,
    fast_tempo=11,
    rises=True,
    quarters=_QUARTERS,
    examples=("12", "11"),
)
_CHANGES = tuple(
    row(ChangeRow, key=key, title=f"Add {key}", state="merged", merged_at="2024-06-20") for key in ("11", "12")
)
_FOUND = Expected("review-before-merge", query(_REVIEW))


def _given(**facts: object) -> FlowFacts:
    return FlowFacts(controls=(_REVIEW.model_copy(update=facts),))


class ControlTheatre(Scout):
    """A control is kept in slow weeks and bypassed in fast ones.

    Controls are rules that can be observed (`scout flow` lists them): review before the merge, tests with code, green
    checks, migrations in order, told changes, reviewers asked, release notes. Over the last two years, by the week,
    the share that bypasses one has to rise with the number of opportunities, for sure (a trend within half-years,
    overdispersed, at .5 %), while in slow weeks it is mostly kept. In fast weeks it has to be bypassed in one of ten
    cases at least, and twice as often as in slow ones, or 15 points more. It counts changes, never people.

    ## Why it matters
    A control that gives way when it is needed most is theatre: it costs its time in quiet weeks, and is not there in
    busy ones, when most goes wrong.

    ## What to do with it
    Decide in the team: make it cheaper, let a machine do it, batch it differently, or drop it for what it never
    caught anything in. Reject the candidate if the pace is an exception that will not come again.

    ## Severity
    3 when half of the fast weeks' changes bypass it, else 2.

    ## Source
    Armitage, Tests for linear trends in proportions and frequencies (1955); Dekker, Drift into Failure (2011).
    """

    id: ClassVar[str] = "control-theatre"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.FLOW})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    cap: ClassVar[int | None] = 3
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Review gives way in fast weeks", (), "2024-07-10", (_FOUND,), _CHANGES, flow=_given()),
        Example(
            "Three times as often in fast weeks, and ten points more",
            (),
            "2024-07-10",
            (_FOUND,),
            _CHANGES,
            flow=_given(fast_rate=0.15),
        ),
        Example(
            "Sixteen points more in fast weeks",
            (),
            "2024-07-10",
            (_FOUND,),
            _CHANGES,
            flow=_given(slow_rate=0.2, fast_rate=0.36),
        ),
        Example("It does not rise with tempo for sure", (), "2024-07-10", flow=_given(rises=False)),
        Example(
            "In fast weeks it is bypassed in 8 of 100 cases",
            (),
            "2024-07-10",
            flow=_given(slow_rate=0.02, fast_rate=0.08),
        ),
        Example("A third in slow weeks, two in five in fast ones", (), "2024-07-10", flow=_given(slow_rate=0.3)),
        Example("There are too few opportunities to tell", (), "2024-07-10", flow=_given(slow_rate=None)),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each control that gives way to tempo.

        Raises:
            NotApplicable: no control has enough opportunities.
        """
        known = [one for one in view.flow.controls if one.slow_rate is not None]
        if not known:
            message = "no control has enough opportunities to tell"
            raise NotApplicable(message)
        for one in known:
            slow, fast = one.slow_rate or 0.0, one.fast_rate or 0.0
            if one.rises and fast >= _LEAST and (fast >= 2 * slow or fast - slow >= 0.15):  # noqa: PLR2004 points
                yield Finding(
                    signal=self.id,
                    subject=one.id,
                    severity=3 if fast >= _GRAVE else 2,
                    kind=self.kind,
                    story=_story(one, slow, fast),
                    evidence=tuple(_evidence(view, one)),
                    score=round(min(0.9, 0.6 + fast - slow), 3),
                )


def _evidence(view: View, one: ControlSeen) -> Iterator[Evidence]:
    yield metric(query(one), figures(one))
    for locator in one.examples[:_MOST_TOLD]:
        if one.are_commits:
            yield from at_commit(view, locator)
        elif (change := view.core.changes.get(locator)) is not None:
            yield at_pull_request(locator, f"bypassed it: {change.title}")


def _story(one: ControlSeen, slow: float, fast: float) -> Story:
    newest = [f"`{name[:12]}`" for name in one.examples[:_MOST_TOLD]]
    lately = f" The last that bypassed it before this quarter: {listed(newest, _MOST_TOLD)}." if newest else ""
    return Story(
        title=f"Make {one.id} hold in fast weeks: {fast:.0%} bypass it there, {slow:.0%} in slow ones",
        current=(
            f"The control `{one.id}` watches {one.watches}. In slow weeks (about {one.slow_tempo:.0f} opportunities) "
            f"{slow:.0%} bypass it, in fast ones (about {one.fast_tempo:.0f}) {fast:.0%}. By quarter: {figures(one)}. "
            f"Counted is {one.opportunity}.{lately} Counted by: {query(one)}."
        ),
        why=(
            "It costs its time in quiet weeks and is not there in busy ones, which is when most is changed and most "
            "goes wrong. What everybody believes to be checked is not."
        ),
        wanted=(
            "The team has decided what the control is for, and it holds in fast weeks as in slow ones, or is dropped "
            f"where it protects nothing. Kinds of change: {'; '.join(one.suggestions) or 'automate it'}."
        ),
        acceptance=(
            "What is decided, and why, stands where the team reads its rules.",
            f"`scout flow` shows no rise of `{one.id}` with tempo after {counted(3, 'month')}.",
        ),
        scope=("The rule, and what asks for it: checks, branch protection, templates.",),
        non_goals=("Figures about people.", "Looking at past changes one by one."),
        risks=("A rule that is enforced without becoming cheaper slows everybody down.",),
        size="M",
    )
