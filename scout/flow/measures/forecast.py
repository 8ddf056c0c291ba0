"""`forecast`: when the open tickets will be done."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow._days import per_working_day
from scout.flow._queue import departures
from scout.flow.log import FlowLog
from scout.flow.reading import ENOUGH, Reading, missing, too_little
from scout.flow.simulate import LONGEST, days_until

SEED = 20_253


class Forecast(Measure):
    """When as many tickets as are open now will have been closed, if things go on as they did."""

    id: ClassVar[str] = "forecast"
    order: ClassVar[int] = 41
    unit: ClassVar[str] = "working days from now"
    definition: ClassVar[str] = (
        "Working days until as many tickets are closed as are open now. Each of 2,000 draws adds up days drawn with "
        "equal chance from the working days of the last 90 days of data, with what was closed on each (as in "
        "`ticket-throughput`), until the sum reaches what is open; it stops at 2,500 days, and where the 85th "
        "percentile reaches that, there is no figure. `scout.flow.simulate.days_until` does the same for any set of "
        "tickets."
    )
    formula: ClassVar[str] = (
        "median and 85th percentile of the draws; the value is the 85th percentile, which 85 of 100 draws keep. "
        "Drawn by numpy's default generator with seed 20253: the same data, the same figure"
    )
    source: ClassVar[str] = (
        "Vacanti, Actionable Agile Metrics for Predictability (2015), Monte Carlo of throughput; Magennis, "
        "Forecasting and Simulating Software Development Projects (2011)"
    )
    bias: ClassVar[str] = (
        "The future is drawn from the past: new people, holidays and other priorities are not in it. New tickets "
        "that come meanwhile are not counted."
    )

    def read(self, log: FlowLog) -> Reading:
        """Return in how many working days the open tickets could be closed."""
        open_now = int((~log.ticket["is_closed"]).sum())
        days, _ = departures(log)
        counts, worked = per_working_day(log, days, *log.window(90))
        if open_now < ENOUGH or counts.sum() < ENOUGH or worked.size < ENOUGH:
            return too_little(int(counts.sum()), f"closings in the last 90 days of data, for {open_now} open tickets")
        drawn = days_until(open_now, counts, np.random.default_rng(SEED))
        middle, slow = (float(one) for one in np.percentile(drawn, [50, 85]))
        if slow >= LONGEST:
            return missing("more than ten years at the pace of the last 90 days of data")
        low, high = (float(one) for one in np.percentile(drawn, [2.5, 97.5]))
        return Reading(open_now, slow, middle, slow, low, high)
