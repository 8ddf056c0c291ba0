"""How well and how fast demand is forecast: `python -m tests.bench.bench_demand`.

Prints the backtest on real series beside the baseline, days until a tenfold step is believed, synthetic bursts, and
seconds for a thousand projects and for ten years of one. Each forecast knows only the days before it.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import mean, median, quantiles

from scout.buffer.backtest import HORIZONS, Trial
from scout.buffer.calendar import Calendar
from scout.buffer.course import Prior
from scout.buffer.demand import tempo
from scout.buffer.policy import plan
from scout.buffer.terms import Terms
from scout.model import Position
from scout.service.evaluate_demand import evaluate_demand
from tests.real_starts import SHARED, write_events

SEEDS = 60
STEP_AT, STEP_END = 100, 145
TODAY = date(2026, 3, 2)


def main() -> None:
    """Print the figures."""
    if SHARED.exists():
        _real()
    else:
        _say(f"Real series are skipped: there is no {SHARED.name} folder of shared data.")
    _steps()
    _bursts()
    _speed()


def _real() -> None:
    with tempfile.TemporaryDirectory() as folder:
        report = evaluate_demand(write_events(Path(folder)), date(2026, 11, 21))
    _say("Real series: share of sums within P95 by horizon; pinball loss, loss of the 20-day mean, ratio")
    for row in report.rows:
        covered = " ".join(f"{share:.3f}" for share in row.coverage.values()) or "too short"
        _say(f"  {row.id:36} {row.days:5} d {row.starts:5} starts  {covered}  {row.pinball} {row.baseline} {row.ratio}")
    shares = " ".join(f"{share:.3f}" for share in report.coverage.values())
    _say(f"  mean of {report.tried} series, horizons {HORIZONS}: {shares}; ratio {report.ratio}")


def _steps() -> None:
    _say("Working days until within 20 % of a tenfold step (median, P90 of 60 seeds)")
    for low, dispersion in ((0.3, 1), (1, 1), (3, 1), (50, 1), (1, 3), (5, 3)):
        lags = [_lag(random.Random(seed), low, dispersion) for seed in range(SEEDS)]  # noqa: S311 - seeded worlds
        _say(
            f"  {low:g} to {10 * low:g} a day, dispersion {dispersion}: {median(lags):g}, {quantiles(lags, n=10)[-1]:g}"
        )


def _lag(chance: random.Random, low: float, dispersion: float) -> int:
    counts = [drawn(chance, low if day < STEP_AT else 10 * low, dispersion) for day in range(STEP_END)]
    trial = Trial(counts, Prior())
    rates = [float(trial.courses[place].per_day[day]) for day, place in enumerate(map(int, trial.picks))]
    near = (lag for lag in range(1, STEP_END - STEP_AT) if abs(rates[STEP_AT - 1 + lag] - 10 * low) <= 2 * low)
    return next(near, STEP_END - STEP_AT)


def _bursts() -> None:
    kinds: dict[str, Callable[[random.Random], int]] = {
        "four on one day in seven": lambda chance: 4 * (chance.random() < 1 / 7),
        "19 in a night, once in 40 days": lambda chance: 19 * (chance.random() < 1 / 40),
        "0.05 a day": lambda chance: drawn(chance, 0.05, 1),
        "2 a day": lambda chance: drawn(chance, 2, 1),
        "500 a day, dispersion 8": lambda chance: drawn(chance, 500, 8),
    }
    _say(f"Synthetic, 400 days, 10 seeds: share within P95 at horizons {HORIZONS}; ratio")
    for name, draw in kinds.items():
        worlds = [random.Random(seed) for seed in range(10)]  # noqa: S311 - seeded worlds
        figures = [Trial([draw(chance) for _ in range(400)], Prior()).figures() for chance in worlds]
        shares = " ".join(f"{mean(one[place].covered for one in figures):.3f}" for place in range(len(HORIZONS)))
        loss = sum(one.pinball for some in figures for one in some)
        ratio = loss / sum(one.baseline for some in figures for one in some)
        _say(f"  {name:32} {shares}  {ratio:.3f}")


def _speed() -> None:
    calendar = Calendar()
    chance = random.Random(1)  # noqa: S311 - a seeded world
    days = calendar.days(TODAY - timedelta(days=730), TODAY)
    histories = [[(day, drawn(chance, 2.0 ** (one % 9 - 4), 2)) for day in days] for one in range(1000)]
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    began, used = time.perf_counter(), time.process_time()
    for history in histories:
        plan(
            "p", now, demand=tempo(history, TODAY, calendar), position=Position(on_hand=3, on_order=1.5), terms=Terms()
        )
    seconds, busy = time.perf_counter() - began, time.process_time() - used
    _say(f"1,000 projects of two years planned: {seconds:.1f} s ({busy:.1f} s of processor)")
    decade = [(day, drawn(chance, 3, 2)) for day in calendar.days(TODAY - timedelta(days=3653), TODAY)]
    times = [time.perf_counter()]
    for _ in range(5):
        tempo(decade, TODAY, calendar)
        times.append(time.perf_counter())
    _say(f"ten years of one project: {1000 * median(b - a for a, b in pairwise(times)):.0f} ms")


def drawn(chance: random.Random, rate: float, dispersion: float) -> int:
    """Return a count with this mean and this ratio of variance to mean."""
    if dispersion > 1:
        rate = chance.gammavariate(rate / (dispersion - 1), dispersion - 1)
    if rate > 30:
        return max(0, round(chance.gauss(rate, rate**0.5)))
    count, left = 0, chance.expovariate(1)
    while left < rate:
        count += 1
        left += chance.expovariate(1)
    return count


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
