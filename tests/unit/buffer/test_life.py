"""The policy through a project's life: it keeps ready work there, and never floods."""

from collections.abc import Iterable
from random import Random

import pytest

from scout.buffer.days import Day, OnOrder, Today
from scout.buffer.life import Life
from scout.buffer.simulate import Circumstance, Lived, World, simulate

WARM = 30
"""Days until a policy that began without history has seen enough."""


def lived(demand: Iterable[int], *, decisions: float = 6, seed: int = 1, ceiling: int | None = None) -> list[Lived]:
    life = Life()
    world = World(tuple(demand), Circumstance(decisions), stock=5, ceiling=ceiling)
    return list(simulate(world, lambda day: life.order(day).count, seed))


def starved(days: Iterable[Lived]) -> int:
    return sum(one.day.today.starved for one in days)


@pytest.mark.parametrize("seed", range(5))
def test_steady_work_never_waits(seed: int):
    chance = Random(seed)  # noqa: S311 - a simulation
    days = lived((chance.choice((1, 2, 3)) for _ in range(200)), seed=seed)
    assert starved(days[WARM:]) == 0


def test_a_tenfold_step_is_answered_within_days():
    days = lived([0, 1, 0, 0, 1] * 20 + [4] * 60, decisions=10)
    assert starved(days[110:]) == 0
    assert starved(days) > 0


def test_work_that_stops_stops_the_orders():
    days = lived([2] * 100 + [0] * 60)
    assert sum(one.ordered for one in days[110:]) <= 10
    assert sum(one.ordered for one in days[140:]) == 0


@pytest.mark.parametrize("ceiling", [0, 3, 12])
def test_the_ceiling_holds_whatever_is_asked_for(ceiling: int):
    days = lived([20] * 60, ceiling=ceiling)
    assert all(one.day.on_order.drafting + one.day.on_order.queued + one.ordered <= ceiling for one in days)


def test_what_was_asked_for_in_vain_is_demand():
    asked, quiet = Life(), Life()
    starving, idle = Day(0, today=Today(starved=3)), Day(0, today=Today())
    assert [asked.order(starving).s for _ in range(20)][-1] > [quiet.order(idle).s for _ in range(20)][-1]


def test_a_line_without_reviewers_gets_no_candidates_for_ever():
    days = lived([3] * 100, decisions=0)
    assert sum(one.ordered for one in days) <= 15
    assert max(one.day.on_order.queued for one in days) <= 15


def test_the_same_seed_is_the_same_life():
    assert lived([2] * 50, seed=4) == lived([2] * 50, seed=4)


def test_a_life_without_history_orders_the_floor():
    assert Life().order(Day(0, OnOrder(), Today())).wanted == 9


@pytest.mark.parametrize("seed", range(3))
def test_rare_bursts_find_what_they_ask_for(seed: int):
    chance = Random(seed)  # noqa: S311 - a simulation
    days = lived((19 if chance.random() < 1 / 20 else 0 for _ in range(300)), decisions=4, seed=seed)[60:]
    asked = sum(one.asked for one in days)
    assert asked - starved(days) >= 0.7 * asked


def test_quiet_days_never_make_it_order_more():
    life = Life()
    for _ in range(60):
        life.order(Day(20, OnOrder(), Today(starts=2)))
    levels = [life.order(Day(20, OnOrder(), Today())).s for _ in range(40)]
    assert max(levels) == levels[0]


def test_nothing_in_a_life_is_ever_negative():
    for one in lived([5, 0, 0, 19] * 20, decisions=2):
        today, under_way = one.day.today, one.day.on_order
        figures = (
            one.day.on_hand,
            under_way.drafting,
            under_way.queued,
            under_way.accepted,
            today.blocked,
            one.ordered,
        )
        assert min(figures) >= 0
        assert today.starts + today.starved == one.asked
