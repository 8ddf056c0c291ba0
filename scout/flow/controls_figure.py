"""What a person or another program reads of a control."""

from scout.model import Frozen


class Tempo(Frozen):
    """How often a control is bypassed in slow and in fast weeks.

    Attributes:
        slow_rate: bypass rate in the slower half of the weeks, by opportunities.
        fast_rate: in the faster half.
        slow_tempo: opportunities a week in the slower half.
        fast_tempo: in the faster half.
        p: probability of as strong a trend by chance (one-sided Cochran–Armitage within half-years, overdispersed).
        rises: whether bypassing rises with tempo, for sure.
    """

    slow_rate: float
    fast_rate: float
    slow_tempo: float
    fast_tempo: float
    p: float
    rises: bool


class ControlPoint(Frozen):
    """A quarter of a year in the control's chart: opportunities, bypassed, rate and 95 % interval; five at least."""

    quarter: str
    opportunities: int
    bypassed: int
    rate: float
    low: float
    high: float


class ControlBefore(Frozen):
    """What was seen of a control before the last year: kept, bypassed, unknown, and the share; None under five."""

    kept: int
    bypassed: int
    unknown: int
    rate: float | None


class ControlFigure(Frozen):
    """What is seen of a control.

    Attributes:
        unavailable: why it tells nothing: it cannot be seen, there is too little, or it is no rule (any more).
        opportunities: times it should have held in the last year.
        kept: times it did.
        bypassed: times it did not.
        unknown: times at which nobody can tell.
        before: the same of all that was before the last year.
        rate: bypassed / (kept + bypassed) of the last year; None with fewer than five, and where it is no rule: where
            more than two in five bypassed it.
        low: lower end of the rate's 95 % interval (Wilson).
        high: upper end.
        tempo: bypassing over tempo; None where there is too little.
        finding: what stands out, a complete sentence; empty where nothing does.
        suggestions: kinds of change to think about.
        examples: what bypassed it in the last year, the most telling first, for opening; none where it is no rule.
    """

    id: str
    watches: str
    opportunity: str
    unavailable: str
    opportunities: int
    kept: int
    bypassed: int
    unknown: int
    before: ControlBefore
    rate: float | None
    low: float | None
    high: float | None
    tempo: Tempo | None
    chart: tuple[ControlPoint, ...]
    finding: str
    suggestions: tuple[str, ...]
    examples: tuple[str, ...]
