"""`team-load`: work in progress by area."""

from typing import ClassVar

import numpy as np

from scout.flow._base import Measure
from scout.flow.log import FlowLog
from scout.flow.reading import ENOUGH, Group, Reading, missing


class TeamLoad(Measure):
    """How much is open in each area; never by person."""

    id: ClassVar[str] = "team-load"
    order: ClassVar[int] = 39
    unit: ClassVar[str] = "tickets and changes"
    definition: ClassVar[str] = (
        "Open tickets by label and open changes by top folder. An area is shown where at least five people ever "
        "created one of its tickets or changes, open or not, and at least five are open; nothing is counted by "
        "person. n is the sum of the areas that are shown, the value that of the largest."
    )
    formula: ClassVar[str] = "count now"
    source: ClassVar[str] = "The Kanban Guide (2020), 'work in progress'"
    bias: ClassVar[str] = (
        "One ticket with three labels counts in three areas; labels that are no areas of work are shown, too."
    )

    def read(self, log: FlowLog) -> Reading:
        """Return open work by area."""
        names, counts = np.unique(log.area["area"][log.area["is_open"]].astype(str), return_counts=True)
        groups = [
            Group(str(name), int(count), float(count))
            for name, count in zip(names.tolist(), counts.tolist(), strict=True)
            if count >= ENOUGH
        ]
        if not groups:
            return missing("no area has five people and five open tickets or changes")
        ordered = tuple(sorted(groups, key=lambda group: (-group.n, group.name)))
        return Reading(
            sum(group.n for group in ordered),
            ordered[0].value,
            groups=ordered,
            notes=(f"The largest is {ordered[0].name}.",),
        )
