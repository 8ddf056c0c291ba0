"""`flow-efficiency`: touch time against waiting."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import DAY, Floats, FlowLog
from scout.flow.reading import ENOUGH, Reading, Rows, spans, too_little

HALF_HOUR = 0.5 / 24
TWO_HOURS = 2 / 24
_SAMPLES, _SEED = 400, 20_252


class FlowEfficiency(Measure):
    """Which part of the time somebody works on a change, and which it waits."""

    id: ClassVar[str] = "flow-efficiency"
    order: ClassVar[int] = 30
    unit: ClassVar[str] = "share of elapsed time"
    definition: ClassVar[str] = (
        "Estimated touch time ÷ elapsed time from opening to merging, for merged changes by people. Touch time is "
        "not recorded anywhere: what was done (the opening, commits after it, and forced pushes, reviews, remarks "
        "and comments by people) at most two hours after what came before is one sitting, which lasted from first "
        "to last plus half an hour; a change was touched no longer than it took."
    )
    formula: ClassVar[str] = (
        "Σ touch / Σ elapsed; p50 and p85 (linear interpolation) of touch / elapsed of single changes, 1 for what "
        "took no time; the interval holds both the choice of changes (95 % by bootstrap, 400 samples) and the "
        "allowance of zero to two hours for each sitting"
    )
    source: ClassVar[str] = "Modig and Åhlström, This is Lean (2012), 'flow efficiency'; Efron (1979) for the bootstrap"
    bias: ClassVar[str] = (
        "Thinking, testing and reading leave no trace, so the true share is higher; sittings of several people at "
        "once count once."
    )

    def read(self, log: FlowLog) -> Reading:
        """Return the share of elapsed time in which somebody touched the merged changes."""
        change = log.change
        found = spans(log, change, "created", "merged", ~np.isnan(change["merged"]) & ~change["by_bot"])
        if found.days.size < ENOUGH or not found.days.sum():
            return too_little(int(found.days.size), "merged changes by people", found.left_out)
        sat, sittings = change["sat"][found.subjects] / DAY, change["sittings"][found.subjects].astype(np.float64)
        touch = np.minimum(sat + sittings * HALF_HOUR, found.days)
        low, high = _interval(found.days, sat, sittings)
        value = float(touch.sum() / found.days.sum())
        shares = np.divide(touch, found.days, out=np.ones_like(touch), where=found.days > 0)
        middle, slow = (float(one) for one in np.percentile(shares, [50, 85]))
        rows = Rows("change", found.subjects, shares, np.zeros(shares.size, dtype=np.bool_))
        return Reading(int(found.days.size), value, middle, slow, low, high, left_out=found.left_out, rows=rows)


def _interval(days: Floats, sat: Floats, sittings: Floats) -> tuple[float, float]:
    """Return the least and the most share that samples of the changes and allowances for sittings make likely."""
    rng = np.random.default_rng(_SEED)
    least, most = np.minimum(sat, days), np.minimum(sat + sittings * TWO_HOURS, days)
    lows, highs = np.empty(_SAMPLES), np.empty(_SAMPLES)
    for place in range(_SAMPLES):
        chosen = rng.integers(0, days.size, days.size)
        elapsed = max(float(days[chosen].sum()), 1e-9)
        lows[place], highs[place] = float(least[chosen].sum()) / elapsed, float(most[chosen].sum()) / elapsed
    return float(np.percentile(lows, 2.5)), float(np.percentile(highs, 97.5))
