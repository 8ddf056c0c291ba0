"""`arrival-against-departure`: tickets created for each one closed."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow._days import WEEK
from scout.flow._queue import arrivals_and_departures
from scout.flow.changepoint import SHORTEST, excess
from scout.flow.load import load_shifts
from scout.flow.log import FlowLog
from scout.flow.reading import ENOUGH, Reading, Rows, too_little

WEEKS = 26


class ArrivalAgainstDeparture(Measure):
    """Whether more tickets come than go, and since when."""

    id: ClassVar[str] = "arrival-against-departure"
    order: ClassVar[int] = 23
    unit: ClassVar[str] = "created per closed ticket"
    definition: ClassVar[str] = (
        "Tickets created divided by tickets closed in the last 26 whole weeks of data; above 1 the queue grows. What "
        "was created or closed in one go counts once, on the day of the first. Under twelve weeks or five closed "
        "tickets nothing is said. Whether the weekly difference changed, and when, is told by a test, not by eye."
    )
    formula: ClassVar[str] = (
        "created / closed; 95 % interval from the weekly difference, whose terms may depend on their past; p50 "
        "and p85 of tickets created per week"
    )
    source: ClassVar[str] = (
        "Little, A proof for the queuing formula L = λW (1961); Siegmund (1986) for the test; Newey and West (1987)"
    )
    bias: ClassVar[str] = (
        "A backlog that grows on purpose looks like overload; closing old tickets in one week looks like capacity."
    )

    def read(self, log: FlowLog) -> Reading:
        """Return the ratio of arrivals to departures, with what the test found."""
        came, went = arrivals_and_departures(log)
        came, went = came[-WEEKS:], went[-WEEKS:]
        if came.size < SHORTEST or went.sum() < ENOUGH:
            return too_little(int(went.sum()), f"closed tickets in {came.size} whole weeks")
        mean, low, high = excess(came - went)
        gone = float(went.mean())
        middle, slow = (float(value) for value in np.percentile(came, [50, 85]))
        weeks = log.last_day + 1 - WEEK * np.arange(came.size, 0, -1)
        rows = Rows("week", weeks, came - went, np.zeros(came.size, dtype=np.bool_))
        return Reading(
            int(came.sum()),
            (gone + mean) / gone,
            middle,
            slow,
            max((gone + low) / gone, 0.0),
            (gone + high) / gone,
            notes=tuple(one.sentence for one in load_shifts(log)),
            rows=rows,
        )
