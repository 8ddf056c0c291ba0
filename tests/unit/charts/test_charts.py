"""Pictures: each is SVG of the page's own colours, says what it shows, and has the table it was made of."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest

from scout import charts
from scout.charts import Picture

FIRST = date(2026, 9, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(6)]
LEVELS = [charts.Level("50 %", 4), charts.Level("85 %", 14)]
PICTURES = {
    "cover": lambda: charts.cover_fan([charts.Cover(day, 1, 2, 3, 4, 5) for day in DAYS], 4),
    "stock": lambda: charts.stock_saw([charts.Stock(day, 5, 9, number % 2) for number, day in enumerate(DAYS)], 6, 12),
    "demand": lambda: charts.demand_bars([charts.Demand(day, 3, 2.5, 6.0) for day in DAYS], [DAYS[3]]),
    "funnel": lambda: charts.funnel(
        [charts.Stage("candidates", 12), charts.Stage("accepted", 0), charts.Stage("done", 0)]
    ),
    "flow": lambda: charts.cumulative_flow([charts.Depth(day, "review", 3) for day in DAYS], ["review"]),
    "aging": lambda: charts.aging([charts.Aged("7", "<b>review</b>", 3.5)], ["<b>review</b>"], LEVELS),
    "scatter": lambda: charts.cycle_scatter([charts.Closed("7", FIRST, 0)], LEVELS),
    "queues": lambda: charts.queue_heat([charts.Depth(day, "review", 3) for day in DAYS], ["review"]),
    "handoffs": lambda: charts.handoffs([charts.Handoff("started", "review", 3, None)]),
    "control": lambda: charts.control([charts.Tempo(day, 2, 0.1, 0.05, 0.2) for day in DAYS], "Review before merge"),
}
EMPTY = {
    "cover": lambda: charts.cover_fan([], 4),
    "stock": lambda: charts.stock_saw([], 1, 2),
    "demand": lambda: charts.demand_bars([]),
    "funnel": lambda: charts.funnel([]),
    "flow": lambda: charts.cumulative_flow([], []),
    "aging": lambda: charts.aging([], [], []),
    "scatter": lambda: charts.cycle_scatter([], []),
    "queues": lambda: charts.queue_heat([], []),
    "handoffs": lambda: charts.handoffs([]),
    "control": lambda: charts.control([], "Review before merge"),
}


def hostile(picture: Picture) -> list[str]:
    """Return what a page's policy forbids: scripts, styles, links, pictures of other places."""
    return re.findall(r"<script|<style|style=|<image|href=|https?:", picture.svg)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_says_what_it_shows_in_the_colours_of_the_page(name: str):
    picture = PICTURES[name]()
    root = ET.fromstring(picture.svg)  # noqa: S314 - our own
    assert (root.get("role"), root[0].text, root[1].text) == ("img", picture.title, picture.definition)
    assert not hostile(picture)
    colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', picture.svg)) - {"none", "transparent"}
    assert all(colour == "currentColor" or colour.startswith("var(--chart-") for colour in colours), colours
    assert picture.rows
    assert all(len(row) == len(picture.columns) for row in picture.rows)


@pytest.mark.parametrize("name", EMPTY)
def test_nothing_to_show_is_a_picture_too(name: str):
    picture = EMPTY[name]()
    assert picture.rows == ()
    ET.fromstring(picture.svg)  # noqa: S314 - our own


def test_the_same_figures_give_the_same_picture():
    assert PICTURES["cover"]() == PICTURES["cover"]()
