"""Pictures of figures, as SVG text with the table behind each; the only home of vl-convert. Pure."""

from scout.charts._vega import Picture
from scout.charts.buffer import Cover, Demand, Stage, Stock, cover_fan, demand_bars, funnel, stock_saw
from scout.charts.flow import (
    Aged,
    Closed,
    Depth,
    Handoff,
    Level,
    Tempo,
    Wait,
    aging,
    before_after,
    control,
    cumulative_flow,
    cycle_scatter,
    handoffs,
    queue_heat,
)

__all__ = [
    "Aged",
    "Closed",
    "Cover",
    "Demand",
    "Depth",
    "Handoff",
    "Level",
    "Picture",
    "Stage",
    "Stock",
    "Tempo",
    "Wait",
    "aging",
    "before_after",
    "control",
    "cover_fan",
    "cumulative_flow",
    "cycle_scatter",
    "demand_bars",
    "funnel",
    "handoffs",
    "queue_heat",
    "stock_saw",
]
