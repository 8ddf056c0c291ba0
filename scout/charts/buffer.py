"""Pictures of the buffer: how long ready work lasts, what is in stock, what is asked, where candidates get lost."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from scout.charts._vega import ACCENT, BAND, GRID, INK, LINE, Picture, day, layer, level, name, number, picture


class Cover(NamedTuple):
    """Days of cover on one day: quantiles of what is expected, working days."""

    day: date
    p05: float
    p25: float
    p50: float
    p75: float
    p95: float


class Stock(NamedTuple):
    """The inventory position at the end of one day, in tickets.

    Attributes:
        on_hand: ready, unblocked, unstarted, unclaimed.
        position: on hand and on order.
        ordered: candidates that were ordered on that day.
    """

    day: date
    on_hand: float
    position: float
    ordered: int = 0


class Demand(NamedTuple):
    """Starts on one working day; `expected` and `p95` are the forecast made before it."""

    day: date
    starts: int
    expected: float | None = None
    p95: float | None = None


class Stage(NamedTuple):
    """A stage of the way from candidate to finished work, and how many came that far."""

    name: str
    reached: int


def cover_fan(days: Sequence[Cover], reorder: float) -> Picture:
    """Draw how long ready work lasts; `reorder` is the cover at the reorder point, in working days."""
    rows = [{**one._asdict(), "day": one.day.isoformat()} for one in days]
    wide = {"x": day(), "y": number("p05", "working days of cover"), "y2": {"field": "p95"}}
    half = {"x": day(), "y": number("p25"), "y2": {"field": "p75"}}
    layers = [
        layer("area", rows, wide, color=BAND, opacity=0.35),
        layer("area", rows, half, color=BAND, opacity=0.7),
        layer("line", rows, {"x": day(), "y": number("p50")}, color=INK, strokeWidth=2),
        *level(reorder, "reorder point", (5, 3)),
    ]
    said = "Median, with the middle half and nine tenths of what is expected, in working days of ready work."
    table = {"day": [row["day"] for row in rows]}
    table |= {f"{part} (working days)": [round(getattr(one, part), 2) for one in days] for part in Cover._fields[1:]}
    return picture("Days of cover", said, layers, table)


def stock_saw(days: Sequence[Stock], reorder: float, up_to: float) -> Picture:
    """Draw the position over time against s and S, with the days on which was ordered."""
    rows = [{**one._asdict(), "day": one.day.isoformat()} for one in days]
    orders = [row for row in rows if row["ordered"]]
    layers = [
        layer("line", rows, {"x": day(), "y": number("position", "tickets")}, interpolate="step-after", color=INK),
        layer(
            "line", rows, {"x": day(), "y": number("on_hand")}, interpolate="step-after", color=LINE, strokeDash=[6, 3]
        ),
        layer(
            "point",
            orders,
            {"x": day(), "y": number("position")},
            shape="triangle-up",
            filled=True,
            size=70,
            color=ACCENT,
        ),
        *level(reorder, "s: order below", (5, 3)),
        *level(up_to, "S: order up to", (1, 3)),
    ]
    said = "Position (line: on hand and on order) and ready work (dashed); triangles are days with an order."
    table = {
        "day": [row["day"] for row in rows],
        "on hand (tickets)": [one.on_hand for one in days],
        "position (tickets)": [one.position for one in days],
        "ordered (candidates)": [one.ordered for one in days],
    }
    return picture("Stock", said, layers, table)


def demand_bars(days: Sequence[Demand], changes: Sequence[date] = ()) -> Picture:
    """Draw starts per working day with the forecast made before each, and the days where the tempo changed."""
    rows = [{**one._asdict(), "day": one.day.isoformat()} for one in days]
    marks = [{"day": one.isoformat(), "label": "tempo changed"} for one in changes]
    told = [row for row in rows if row["expected"] is not None]
    layers = [
        layer("bar", rows, {"x": day(), "y": number("starts", "starts")}, color=BAND, width={"band": 0.8}),
        layer("line", told, {"x": day(), "y": number("expected")}, color=INK),
        layer("line", told, {"x": day(), "y": number("p95")}, color=INK, strokeDash=[2, 3]),
        layer("rule", marks, {"x": day()}, color=ACCENT, strokeDash=[6, 3]),
    ]
    said = "Starts on each working day; a dashed upright line is a day on which the pace changed."
    if told:
        said += " The line is what was expected, the dotted one the 95th percentile."
    table = {
        "day": [row["day"] for row in rows],
        "starts": [one.starts for one in days],
        "expected": [one.expected for one in days],
        "95th percentile": [one.p95 for one in days],
    }
    return picture("Demand", said, layers, table)


def funnel(stages: Sequence[Stage]) -> Picture:
    """Draw how many came how far, each with its share of the stage before."""
    order = [one.name for one in stages]
    before = [one.reached for one in (*stages[:1], *stages[:-1])]
    shares = [one.reached / was if was else None for one, was in zip(stages, before, strict=True)]
    rows = [
        {
            "stage": one.name,
            "count": one.reached,
            "label": f"{one.reached}" + ("" if share is None else f" ({share:.0%})"),
        }
        for one, share in zip(stages, shares, strict=True)
    ]
    most = max((one.reached for one in stages), default=1) * 1.15
    across = {
        "x": number("count", "count", scale={"domain": [0, most]}, axis={"tickMinStep": 1, "format": "d"}),
        "y": name("stage", order),
    }
    layers = [
        layer("bar", rows, across, color=BAND, stroke=GRID),
        layer("text", rows, across | {"text": {"field": "label"}}, align="left", dx=5, color=INK),
    ]
    table = {
        "stage": order,
        "count": [one.reached for one in stages],
        "share of the stage before": [None if share is None else round(share, 3) for share in shares],
    }
    return picture(
        "From candidate to done", "How many came that far, with the share of the stage before.", layers, table
    )
