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


class ControlFigure(Frozen):
    """What is seen of a control.

    Attributes:
        opportunities: times it should have held.
        kept: times it did.
        bypassed: times it did not.
        unknown: times at which nobody can tell.
        rate: bypassed / (kept + bypassed); None with fewer than five.
        low: lower end of the rate's 95 % interval (Wilson).
        high: upper end.
        tempo: bypassing over tempo; None where there is too little.
        finding: what stands out, a complete sentence; empty where nothing does.
        suggestions: kinds of change to think about.
        examples: the newest that bypassed it, for opening.
    """

    id: str
    watches: str
    opportunity: str
    unavailable: str
    opportunities: int
    kept: int
    bypassed: int
    unknown: int
    rate: float | None
    low: float | None
    high: float | None
    tempo: Tempo | None
    chart: tuple[ControlPoint, ...]
    finding: str
    suggestions: tuple[str, ...]
    examples: tuple[str, ...]
