"""The buffer policy beside simpler ones: `python tests/bench/bench_policy.py [--write] [--seeds N]`.

Prints two tables as Markdown: what the policy has to reach and what it reached, and its rivals. With --write they
replace those in docs/buffer.md. The seeds are not those that the policy was made with.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from typing import TypeVar

from scout.buffer.constraint import Constraint
from scout.buffer.simulate import Policy
from tests.bench._figures import Figures, figures, smallest
from tests.bench._rivals import constant, fixed_threshold, ours, time_cover, zero_edge
from tests.bench._shortages import SHORTAGES, named, names
from tests.bench._worlds import MADE, real

_T = TypeVar("_T")

_FIRST_SEED = 140_000
_PAGE = Path(__file__).parents[2] / "docs" / "buffer.md"
_BEGIN, _END = "<!-- policy: begin -->", "<!-- policy: end -->"
_TARGETS: dict[str, tuple[float, float]] = {
    "steady": (0.6, 99),
    "weekly season, closures": (0.6, 99),
    "10× down": (0.6, 99),
    "project stops": (0.6, 99),
    "10× up": (1.5, 0),
    "intermittent": (2.8, 82),
    "bursty": (1.8, 92),
}
"""Of each made kind: days starved at most and fill at least, in percent."""
_REAL = (1.2, 88.0)
_BATCHES = ("steady", "weekly season, closures", "project stops")
_NAMES = ("Scout", "zero-edge", "fixed threshold of 5", "seven days' cover", "oracle")


@dataclass(frozen=True)
class _Compared:
    """One kind of demand: each policy's figures, and those of levels tuned in hindsight."""

    name: str
    made: bool
    policies: dict[str, Figures]
    constant: Figures | None
    threshold: Figures | None


@dataclass(frozen=True)
class _Row:
    what: str
    target: str
    reached: str
    met: bool


def main() -> None:
    """Measure, print, and write where asked to."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seeds", type=int, default=30, help="lives of each kind")
    arguments.add_argument("--write", action="store_true", help="replace the tables in docs/buffer.md")
    given = arguments.parse_args()
    began = time.monotonic()
    kinds = [*((name, True) for name in MADE), *((name, False) for name in real())]
    with Pool() as pool:
        told = pool.imap(partial(_told, given.seeds), [*SHORTAGES, Constraint.HEALTHY])
        compared = list(_progress(pool.imap(partial(_compare, given.seeds), kinds), len(kinds)))
        shortages = dict(_progress(told, len(SHORTAGES) + 1))
    rows = [*_service(compared), *_stock(compared), *_flood(compared), *_constraints(shortages, given.seeds)]
    text = "\n".join((*_targets(rows), "", *_beside(compared), "", *_confusion(shortages)))
    sys.stdout.write(f"{text}\n\n{given.seeds} seeds, {time.monotonic() - began:.0f} s\n")
    if given.write:
        page = _PAGE.read_text("utf-8")
        before, rest = page.split(_BEGIN)
        _PAGE.write_text(f"{before}{_BEGIN}\n{text}\n{_END}{rest.split(_END)[1]}", "utf-8")


def _compare(seeds: int, which: tuple[str, bool]) -> _Compared:
    name, made = which
    kind, chosen = (MADE if made else real())[name], range(_FIRST_SEED, _FIRST_SEED + seeds)
    mine = figures(kind, ours, chosen)

    def tuned(family: Callable[[int], Callable[[], Policy]]) -> Figures | None:
        if not made:
            return None
        return smallest(
            lambda level: figures(kind, family(level), chosen), lambda one: one.mean_starved <= mine.mean_starved
        )

    starved, fill = _TARGETS.get(name, _REAL)
    oracle = smallest(
        lambda level: figures(kind, constant(level), chosen), lambda one: one.starved <= starved and one.fill >= fill
    )
    others = (zero_edge(), fixed_threshold(5), time_cover())
    measured = [mine, *(figures(kind, begun, chosen) for begun in others), *([oracle] if oracle else [])]
    return _Compared(
        name=name,
        made=made,
        policies=dict(zip(_NAMES, measured, strict=False)),
        constant=tuned(constant),
        threshold=tuned(fixed_threshold),
    )


def _told(seeds: int, cause: Constraint) -> tuple[Constraint, dict[str, Counter[Constraint]]]:
    """Return what is named in worlds with this cause, ten and fifteen days into a shortage, and ever."""
    found = {"10": Counter[Constraint](), "15": Counter[Constraint](), "ever": Counter[Constraint]()}
    for seed in range(_FIRST_SEED, _FIRST_SEED + seeds):
        for day, name in named(cause, seed, (10, 15)):
            found[str(day)][name] += 1
        if cause in {Constraint.SURGE, Constraint.HEALTHY}:
            found["ever"].update({name for name in names(cause, seed)[1] if name.is_shortage} or {Constraint.HEALTHY})
    return cause, found


def _service(compared: list[_Compared]) -> Iterator[_Row]:
    for one in compared:
        mine = one.policies["Scout"]
        starved, fill = _TARGETS.get(one.name, _REAL)
        yield _Row(
            f"{one.name}{'' if one.made else ' (real)'}: days starved; fill",
            f"≤ {starved} %" + (f"; ≥ {fill:g} %" if fill else ""),
            f"{mine.starved:.2f} %; {mine.fill:.1f} %",
            mine.starved <= starved and mine.fill >= fill,
        )
        if one.name == "10× up":
            median, most = mine.recovered
            yield _Row(
                "10× up: recovered, median; P90", "≤ 5; ≤ 8 days", f"{median:g}; {most:g}", median <= 5 and most <= 8
            )


def _stock(compared: list[_Compared]) -> Iterator[_Row]:
    for one in compared:
        mine = one.policies["Scout"]
        if one.constant:
            share = mine.stock / one.constant.stock
            yield _Row(f"{one.name}: stock ÷ best constant level", "≤ 1.25", f"{share:.2f}", share <= 1.25)
        if one.threshold and one.name in _BATCHES:
            share = mine.stock / one.threshold.stock
            yield _Row(f"{one.name}: stock ÷ refill when under N", "≤ 0.65", f"{share:.2f}", share <= 0.65)


def _flood(compared: list[_Compared]) -> Iterator[_Row]:
    mine = {one.name: one.policies["Scout"] for one in compared}
    per = max(one.per_accepted for one in mine.values())
    wait = max(one.wait for one in mine.values())
    over = max(one.over for one in mine.values())
    stop = mine["project stops"]
    yield _Row("candidates per accepted, worst kind", "≤ 1.75", f"{per:.2f}", per <= 1.75)
    yield _Row("undecided above the ceiling, ever", "0", str(max(over, 0)), over <= 0)
    yield _Row("mean review wait, worst kind", "≤ 1.5 days", f"{wait:.2f}", wait <= 1.5)
    yield _Row("ordered from day 10 after a stop, worst seed", "≤ 10", str(stop.after_ten), stop.after_ten <= 10)
    yield _Row("ordered from day 40 after a stop, worst seed", "0", str(stop.after_forty), not stop.after_forty)


def _constraints(told: dict[Constraint, dict[str, Counter[Constraint]]], seeds: int) -> Iterator[_Row]:
    demand = {Constraint.SURGE, Constraint.OVERLOAD}
    for day in ("10", "15"):
        right = total = 0
        for cause in SHORTAGES:
            one = told[cause][day]
            merged = demand if day == "10" and cause in demand else {cause}
            if day == "15" and cause is Constraint.SURGE:
                continue  # a surge of eight days is over by then
            right += sum(count for name, count in one.items() if name in merged)
            total += one.total()
        share = 100 * right / max(1, total)
        yield _Row(
            f"constraint named right, {day} days into a shortage", "≥ 88 %", f"{share:.0f} % of {total}", share >= 88
        )
    surges, healthy = told[Constraint.SURGE]["ever"], told[Constraint.HEALTHY]["ever"]
    wrong = 100 * surges[Constraint.OVERLOAD] / seeds
    quiet = 100 * healthy[Constraint.HEALTHY] / seeds
    yield _Row("a surge of eight days called overload, ever", "≤ 2 %", f"{wrong:.1f} %", wrong <= 2)
    yield _Row("nothing named, ever, in a healthy world", "≥ 90 %", f"{quiet:.0f} %", quiet >= 90)


def _targets(rows: list[_Row]) -> Iterator[str]:
    yield "| | target | reached | |"
    yield "|---|---|---|---|"
    for row in rows:
        yield f"| {row.what} | {row.target} | {row.reached} | {'' if row.met else 'missed'} |"


def _beside(compared: list[_Compared]) -> Iterator[str]:
    yield "| demand | policy | days starved | of days with demand | fill | mean stock | candidates per yes | wait |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|"
    for one in compared:
        for name, found in one.policies.items():
            shown = f"{found.starved:.2f} % | {found.demand_starved:.1f} % | {found.fill:.1f} % | {found.stock:.1f}"
            yield f"| {one.name} | {name} | {shown} | {found.per_accepted:.2f} | {found.wait:.1f} |"


def _confusion(told: dict[Constraint, dict[str, Counter[Constraint]]]) -> Iterator[str]:
    yield "| what was wrong | named on day 10 of the shortage | on day 15 |"
    yield "|---|---|---|"
    for cause, found in told.items():
        if cause is not Constraint.HEALTHY:
            yield f"| {cause} | {_listed(found['10'])} | {_listed(found['15'])} |"


def _listed(counts: Counter[Constraint]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common()) or "no shortage by then"


def _progress(results: Iterator[_T], many: int) -> Iterator[_T]:
    for number, result in enumerate(results, 1):
        sys.stderr.write(f"\r{number} of {many} ")
        sys.stderr.flush()
        yield result


if __name__ == "__main__":
    main()
