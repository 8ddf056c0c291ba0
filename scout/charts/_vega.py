"""Draw a Vega-Lite specification as SVG that a page can take whole: its colours are those of the page.

Colours are `currentColor` and custom properties (`--chart-…`), so that one picture serves light and dark; lines differ
by dashes and points by shapes as well, so that it can be read in black and white.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from scout.model import Frozen

WIDTH, HEIGHT = 600, 200
INK = "currentColor"
BAND, LINE, ACCENT, GRID = "var(--chart-band)", "var(--chart-line)", "var(--chart-accent)", "var(--chart-grid)"
SERIES = tuple(f"var(--chart-{number})" for number in range(1, 7))
_FIXED = ("#222", "#9db8d6", "#1f5a96", "#b3401a", "#c9ced6")
_FIXED_SERIES = ("#9db8d6", "#d9b38c", "#a9c79b", "#c8a6cf", "#e0cf8a", "#b9b6ad")
_COLOURS = dict(zip((INK, BAND, LINE, ACCENT, GRID, *SERIES), (*_FIXED, *_FIXED_SERIES), strict=True))
_PARTS = re.compile(r' (?:role="graphics-[^"]*"|aria-(?:roledescription|label|hidden)="[^"]*")')
"""What Vega says of each mark: the picture is read as a whole, by its title and its table."""
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_CONFIG = {
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {"labelColor": INK, "titleColor": INK, "gridColor": GRID, "domainColor": GRID, "tickColor": GRID}
    | {"titleFontWeight": "normal", "labelFontSize": 11, "titleFontSize": 11, "labelOverlap": True},
    "legend": {"labelColor": INK, "titleColor": INK, "orient": "top", "titleFontWeight": "normal"},
    "text": {"color": INK, "fontSize": 11},
    "rule": {"color": INK},
}

Spec = dict[str, Any]
Value = str | int | float | None


class Picture(Frozen):
    """A drawn figure.

    Attributes:
        title: what is shown.
        definition: how it is to be read: units, bands, lines.
        svg: the drawing, with title and definition for screen readers; no style, script or link in it.
        columns: names of the columns of the table behind it, with units.
        rows: that table.
    """

    title: str
    definition: str
    svg: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    @property
    def standalone(self) -> str:
        """The drawing with colours of its own, for where it is a file: dark on light."""
        text = self.svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
        for name, colour in _COLOURS.items():
            text = text.replace(name, colour)
        return text


def picture(title: str, definition: str, layers: Sequence[Spec], table: Mapping[str, Sequence[Value]]) -> Picture:
    """Return a figure.

    Args:
        title: what is shown, one line.
        definition: how to read it.
        layers: marks with encodings over their own data; `layer` makes one.
        table: the columns behind it, all of one length.

    Raises:
        ValueError: the columns differ in length, or the specification is none.
    """
    spec = {"width": WIDTH, "height": HEIGHT, "layer": list(layers)}
    rows = tuple(zip(*table.values(), strict=True))
    return Picture(
        title=title, definition=definition, svg=drawn(spec, title, definition), columns=tuple(table), rows=rows
    )


def drawn(spec: Spec, title: str, definition: str) -> str:
    """Return a specification as SVG; the same specification is drawn once."""
    text = json.dumps(spec | {"$schema": _SCHEMA, "config": _CONFIG, "background": None}, default=str)
    head = '<svg role="img" class="chart"'
    told = f"<title>{escape(title)}</title><desc>{escape(definition)}</desc>"
    start, _, rest = _svg(text).partition(">")
    size = start.partition(" version=")[2].partition(' class="marks"')[2]
    return f"{head}{size}>{told}{_PARTS.sub('', rest)}"


@lru_cache(maxsize=256)
def _svg(text: str) -> str:
    import vl_convert

    return str(vl_convert.vegalite_to_svg(text))


def layer(mark: str, rows: Iterable[Mapping[str, Value]], encoding: Spec, **style: Any) -> Spec:
    """Return a mark over rows of its own."""
    return {"data": {"values": list(rows)}, "mark": {"type": mark, **style}, "encoding": encoding}


def day(title: str | None = None) -> Spec:
    """Return the axis of days; rows have `day` as ISO date."""
    return {"field": "day", "type": "temporal", "title": title, "axis": {"format": "%-d %b", "grid": False}}


def number(field: str, title: str | None = None, **more: Any) -> Spec:
    """Return an axis of numbers from zero."""
    return {"field": field, "type": "quantitative", "title": title, **more}


def name(field: str, order: Sequence[str] | None = None, title: str | None = None) -> Spec:
    """Return an axis of names in an order that is given."""
    return {
        "field": field,
        "type": "nominal",
        "title": title,
        "sort": list(order) if order else None,
        "axis": {"labelAngle": 0},
    }


def level(value: float, label: str, dash: Sequence[int]) -> list[Spec]:
    """Return a horizontal line with its name beyond its right end."""
    rows = [{"y": value, "label": label}]
    rule = layer("rule", rows, {"y": number("y")}, strokeDash=list(dash), color=INK)
    words = layer("text", rows, {"y": number("y"), "text": {"field": "label"}, "x": {"value": WIDTH}})
    words["mark"] |= {"align": "left", "dx": 4, "color": INK}
    return [rule, words]
