"""Execution gets ten times as fast overnight: what the sensor, the plan and the inbox make of it, through Dagster."""

from pathlib import Path

import pytest

from tests.tempo import tempo, working_days

BEFORE, AFTER = (0, 1, 0), (4, 4, 3, 5)


@pytest.mark.slow
def test_a_ten_fold_step_is_planned_for_sooner_ordered_for_and_covered(tmp_path: Path):
    days = working_days(len(BEFORE) + len(AFTER))
    with tempo(tmp_path) as world:
        before = [world.day(at, wanted) for at, wanted in zip(days, BEFORE, strict=False)]
        after = [world.day(at, wanted) for at, wanted in zip(days[len(BEFORE) :], AFTER, strict=True)]

    calm, last = before[-1], after[-1]
    assert calm.plan is not None
    assert last.plan is not None
    assert all(day.looks for day in (*before, *after)), "the daily schedule stays as the floor"
    assert min(day.gap for day in after) < calm.gap / 4, "the interval is shortened"
    assert max(len(day.looks) for day in after) > len(calm.looks), "and the sensor keeps to it"
    assert last.plan.demand.per_day > 3 * calm.plan.demand.per_day
    assert last.plan.reorder_point > calm.plan.reorder_point
    assert sum(day.drafted for day in after) > 0, "what was ordered appears"
    assert sum(day.started for day in after) >= 0.8 * sum(AFTER), "and is there when it is wanted"
    assert last.plan.position.on_hand + last.plan.position.on_order > 0
