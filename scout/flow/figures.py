"""What a person or another program reads of the flow."""

from scout.model import Frozen


class GroupFigure(Frozen):
    """A measure of a part; parts of fewer than five are never shown."""

    name: str
    n: int
    value: float | None
    p50: float | None = None
    p85: float | None = None


class MeasureFigure(Frozen):
    """A measure: figure, how sure, definition.

    Attributes:
        n: observations it rests on.
        p50: half of them are at most this; None where a measure has no distribution.
        p85: 85 % of them are.
        value: the figure; for durations the median.
        low: lower end of the 95 % interval of `value`.
        high: upper end.
        unavailable: why there is no figure; empty where there is one.
        left_out: observations left out, by reason.
    """

    id: str
    unit: str
    n: int
    p50: float | None
    p85: float | None
    value: float | None
    low: float | None
    high: float | None
    unavailable: str
    definition: str
    formula: str
    source: str
    bias: str
    left_out: dict[str, int]
    notes: tuple[str, ...]
    groups: tuple[GroupFigure, ...]
