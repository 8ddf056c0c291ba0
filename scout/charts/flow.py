"""Pictures of flow: what piles up, how old work is, how long it took, where it is handed on, how rules fare."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from scout.charts._vega import (
    ACCENT,
    BAND,
    GRID,
    INK,
    LINE,
    SERIES,
    WIDTH,
    Picture,
    day,
    layer,
    level,
    name,
    number,
    picture,
)

_NAMED = 0.06
"""Bands thinner than this at the right end have no room for a name."""


class Depth(NamedTuple):
    """How many tickets are in a state at the end of a day."""

    day: date
    state: str
    tickets: int


class Aged(NamedTuple):
    """A ticket in work: where it is, and its age in working days."""

    key: str
    state: str
    age: float


class Closed(NamedTuple):
    """A finished ticket and how many elapsed days it took."""

    key: str
    day: date
    days: float


class Level(NamedTuple):
    """A percentile as a line over a picture."""

    label: str
    value: float


class Handoff(NamedTuple):
    """Passages from one state to another: how many, and the median wait before each, in elapsed days."""

    source: str
    target: str
    passages: int
    wait: float | None


class Tempo(NamedTuple):
    """A period: changes merged a day, and the share of them that went round a control, with its interval."""

    day: date
    tempo: float
    bypassed: float
    low: float
    high: float


class Wait(NamedTuple):
    """A wait before and after a day: means in elapsed days, the change with its interval, and what is sure of it."""

    name: str
    before: float
    after: float
    change: float
    low: float
    high: float
    verdict: str


def cumulative_flow(depths: Sequence[Depth], order: Sequence[str]) -> Picture:
    """Draw how many tickets are in which state, stacked, the last state at the bottom."""
    rows = [{**one._asdict(), "day": one.day.isoformat(), "rank": order.index(one.state)} for one in depths]
    scale = {"domain": list(order), "range": [SERIES[at % len(SERIES)] for at in range(len(order))]}
    colour = {"field": "state", "type": "nominal", "sort": list(order), "title": None, "scale": scale}
    bands = {
        "x": day(),
        "y": number("tickets", "tickets", stack="zero"),
        "color": colour,
        "order": {"field": "rank", "sort": "descending"},
    }
    area = layer("area", rows, bands, stroke=INK, strokeWidth=0.5, interpolate="step-after")
    layers = [area, _band_names(depths, order)]
    table = {"day": [row["day"] for row in rows], "state": [one.state for one in depths]}
    table |= {"tickets": [one.tickets for one in depths]}
    said = "Tickets in each state at the end of each day; a band that widens is a queue that grows."
    return picture("Cumulative flow", said, layers, table)


def _band_names(depths: Sequence[Depth], order: Sequence[str]) -> dict[str, Any]:
    """Return the names of the bands at their right ends, so that they can be told apart without colours."""
    last = max((one.day for one in depths), default=date.min)
    standing = {one.state: one.tickets for one in depths if one.day == last}
    most = sum(standing.values()) or 1
    rows: list[dict[str, Any]] = []
    below = 0.0
    for state in reversed(order):
        here = standing.get(state, 0)
        if here / most >= _NAMED:
            rows.append({"y": below + here / 2, "label": state})
        below += here
    places = {"y": number("y", "tickets"), "x": {"value": WIDTH}, "text": {"field": "label"}}
    return layer("text", rows, places, align="left", dx=4, color=INK)


def aging(tickets: Sequence[Aged], order: Sequence[str], levels: Sequence[Level]) -> Picture:
    """Draw the age of each ticket in work by its state, against percentiles of what finished work took."""
    rows = [one._asdict() for one in tickets]
    points = {"x": name("state", order), "y": number("age", "age, working days")}
    layers = [layer("point", rows, points, filled=True, color=LINE, size=45), *_lines(levels, "age, working days")]
    table: dict[str, list[Any]] = {field: [row[field] for row in rows] for field in Aged._fields}
    said = "Each point is a ticket in work; lines are percentiles of how long finished ones took."
    return picture("Age of work", said, layers, {**table})


def cycle_scatter(closed: Sequence[Closed], levels: Sequence[Level]) -> Picture:
    """Draw how long each finished ticket took, by the day it was finished, on a logarithmic scale."""
    rows = [{**one._asdict(), "day": one.day.isoformat(), "days": max(one.days, 0.04)} for one in closed]
    points = {"x": day(), "y": number("days", "elapsed days", scale={"type": "log"})}
    layers = [layer("point", rows, points, color=LINE, size=25), *_lines(levels, "elapsed days")]
    table = {"ticket": [one.key for one in closed], "finished": [row["day"] for row in rows]}
    table |= {"elapsed days": [round(one.days, 2) for one in closed]}
    return picture("Cycle time", "Each point is a finished ticket; lines are percentiles.", layers, {**table})


def queue_heat(depths: Sequence[Depth], order: Sequence[str]) -> Picture:
    """Draw the depth of each queue by week: the darker, the deeper; the number stands in each cell."""
    rows = [{**one._asdict(), "day": one.day.isoformat()} for one in depths]
    most = max((one.tickets for one in depths), default=1) or 1
    weeks = {"field": "day", "type": "ordinal", "title": "week of", "axis": {"labelAngle": -40}}
    cells = {
        "x": weeks,
        "y": name("state", order),
        "opacity": number("tickets", legend=None, scale={"domain": [0, most]}),
    }
    words = {"x": weeks, "y": name("state", order), "text": {"field": "tickets"}}
    layers = [layer("rect", rows, cells, color=BAND, stroke=GRID), layer("text", rows, words, color=INK)]
    table = {"week of": [row["day"] for row in rows], "state": [one.state for one in depths]}
    table |= {"tickets": [one.tickets for one in depths]}
    return picture("Queues", "Tickets that wait in each state at the end of each week.", layers, table)


def handoffs(edges: Sequence[Handoff]) -> Picture:
    """Draw who hands on to whom as a matrix: rows give, columns take; each cell has count and median wait."""
    states = list(dict.fromkeys(state for one in edges for state in (one.source, one.target)))
    rows = [
        one._asdict() | {"label": f"{one.passages}" + ("" if one.wait is None else f" · {one.wait:.1f} d")}
        for one in edges
    ]
    places = {"x": name("target", states, "to"), "y": name("source", states, "from")}
    cells = places | {"opacity": number("passages", legend=None)}
    layers = [
        layer("rect", rows, cells, color=BAND, stroke=GRID),
        layer("text", rows, places | {"text": {"field": "label"}}, color=INK),
    ]
    table = {"from": [one.source for one in edges], "to": [one.target for one in edges]}
    table |= {"passages": [one.passages for one in edges], "median wait (elapsed days)": [one.wait for one in edges]}
    return picture(
        "Handoffs", "How often work went from one state to another, and how long it waited there.", layers, table
    )


def control(periods: Sequence[Tempo], title: str) -> Picture:
    """Draw how often a control was gone round, with its interval, beside the tempo of merges."""
    fastest = max((one.tempo for one in periods), default=1) or 1
    rows = [
        one._asdict() | {"day": one.day.isoformat(), "pace": one.tempo / fastest, "label": f"{one.tempo:.1f}/d"}
        for one in periods
    ]
    share = number("bypassed", "share gone round", scale={"domain": [0, 1]}, axis={"format": "%"})
    layers = [
        layer("bar", rows, {"x": day(), "y": number("pace")}, color=GRID, width={"band": 0.8}),
        layer("text", rows, {"x": day(), "y": number("pace"), "text": {"field": "label"}}, dy=-5, color=INK),
        layer("rule", rows, {"x": day(), "y": number("low"), "y2": {"field": "high"}}, color=INK),
        layer("line", rows, {"x": day(), "y": share}, color=ACCENT, point={"color": ACCENT, "filled": True}),
    ]
    table = {"period from": [row["day"] for row in rows], "merges a day": [round(one.tempo, 2) for one in periods]}
    table |= {"share gone round": [round(one.bypassed, 3) for one in periods]}
    table |= {"low": [round(one.low, 3) for one in periods], "high": [round(one.high, 3) for one in periods]}
    said = "The line is the share that went round the control, with 95 % intervals; bars are merges a day, to scale."
    return picture(title, said, layers, table)


def before_after(waits: Sequence[Wait], title: str) -> Picture:
    """Draw mean waits before and after a day, a line each: hollow before, filled after, with the change's interval."""
    names = [one.name for one in waits]
    rows = [one._asdict() | {"label": f"{one.change:+.1f} d [{one.low:+.1f}, {one.high:+.1f}]"} for one in waits]
    most = max((max(one.before, one.after) for one in waits), default=1) * 1.35 or 1
    across = {"x": number("before", "mean days", scale={"domain": [0, most]}), "y": name("name", names)}
    after = across | {"x": number("after")}
    ends = across | {"x2": {"field": "after"}}
    layers = [
        layer("rule", rows, ends, color=INK, strokeWidth=2),
        layer("point", rows, across, color=INK, filled=False, size=70),
        layer("point", rows, after, color=ACCENT, filled=True, size=70, shape="diamond"),
        layer("text", rows, after | {"text": {"field": "label"}}, align="left", dx=9, dy=-9, color=INK),
    ]
    table: dict[str, list[Any]] = {"wait": names, "before (mean days)": [round(one.before, 2) for one in waits]}
    table |= {"after (mean days)": [round(one.after, 2) for one in waits]}
    table |= {"change (days)": [round(one.change, 2) for one in waits]}
    table |= {"low": [round(one.low, 2) for one in waits], "high": [round(one.high, 2) for one in waits]}
    table |= {"verdict": [one.verdict for one in waits]}
    said = "A line a wait: hollow is before, the diamond after, with the change and its interval."
    return picture(title, said, layers, {**table})


def _lines(levels: Sequence[Level], title: str) -> list[dict[str, Any]]:
    """Return percentiles as lines; `title` is that of the axis, which all marks on it have to name alike."""
    dashes = ((6, 3), (2, 3), (8, 3, 2, 3))
    made = [spec for at, one in enumerate(levels) for spec in level(one.value, one.label, dashes[at % len(dashes)])]
    for spec in made:
        spec["encoding"]["y"] = number("y", title)
    return made
