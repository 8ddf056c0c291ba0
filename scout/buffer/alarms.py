"""Alarms: what a lead should hear of, once when it begins and once when it is over.

Each has a way in and a stricter way out, so that a figure that sways around a limit does not ring all day.
"""

from collections.abc import Iterable
from datetime import datetime

from scout.buffer.calendar import Calendar
from scout.model import Alarm, AlarmKind, Frozen, Plan

_FALLING = 0.5  # part of the lead time left at the pace of the fall
_LONGEST, _SHORTEST = 10.0, 0.5  # working days between two plans that are compared
_OVERFULL, _NO_LONGER = 2.0, 1.25  # on hand ÷ S


class News(Frozen):
    """What changed since the plan before.

    Attributes:
        began: alarms that were not there.
        ended: alarms that are over.
    """

    began: tuple[Alarm, ...] = ()
    ended: tuple[Alarm, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """A sentence for each episode that is over."""
        return tuple(f"Over: {one.kind}, since {one.since:%Y-%m-%d %H:%M} UTC." for one in self.ended)


def alarms(plan: Plan, before: Plan | None = None) -> tuple[Alarm, ...]:
    """Return the alarms that hold now, each with the moment when it began; none from blindness but those before.

    Args:
        plan: the plan of now; its own alarms are not looked at.
        before: the plan before it, with its alarms.
    """
    open_before = {one.kind: one for one in before.alarms} if before else {}
    if plan.position.blind:
        return tuple(open_before.values())
    found = dict(_holding(plan, before, frozenset(open_before)))
    return tuple(
        Alarm(kind=kind, since=open_before[kind].since if kind in open_before else _began(kind, plan), said=said)
        for kind, said in found.items()
    )


def _began(kind: AlarmKind, plan: Plan) -> datetime:
    """Return since when an alarm holds that did not before: nothing is ready since somebody asked in vain."""
    return (kind is AlarmKind.EMPTY and plan.in_vain_since) or plan.at


def news(now: Plan, before: Plan | None) -> News:
    """Return which alarms began and which ended between two plans."""
    known = before.alarms if before else ()
    return News(
        began=tuple(one for one in now.alarms if one.kind not in {other.kind for other in known}),
        ended=tuple(one for one in known if one.kind not in {other.kind for other in now.alarms}),
    )


def _holding(plan: Plan, before: Plan | None, held: frozenset[AlarmKind]) -> Iterable[tuple[AlarmKind, str]]:
    here, wanted = plan.position, plan.demand.per_day > 0
    expected = here.on_hand + here.on_order
    if (wanted or plan.in_vain) and (here.empty or (AlarmKind.EMPTY in held and not here.on_hand)):
        vain = f", {plan.in_vain} were asked for in vain" if plan.in_vain else ""
        yield AlarmKind.EMPTY, f"nothing is ready and {plan.demand.per_day:.2g} tickets are started a day{vain}"
    if wanted and expected + plan.order * plan.yield_rate <= plan.reorder_point:
        stay = f"{here.on_hand} on hand and {here.on_order:.3g} on order stay at or below s = {plan.reorder_point}"
        yield AlarmKind.BELOW, f"{stay}, with {plan.order} ordered now"
    if fall := _fall(plan, before, held):
        yield AlarmKind.FALLING, fall
    short = here.on_hand < plan.safety_stock
    if wanted and short and here.undecided > 0 and here.on_hand + here.undecided * plan.yield_rate >= 1:
        yield AlarmKind.WAITING, f"{here.undecided} candidates wait for a decision, {here.on_hand} tickets are ready"
    elif wanted and short and not here.on_order:
        yield AlarmKind.STARVING, f"{here.on_hand} tickets are ready and nothing is under way"
    level = _NO_LONGER if AlarmKind.OVERFULL in held else _OVERFULL
    if here.on_hand > level * plan.order_up_to:
        yield (
            AlarmKind.OVERFULL,
            f"{here.on_hand} are ready, S is {plan.order_up_to}: no candidates until they are used",
        )


def _fall(plan: Plan, before: Plan | None, held: frozenset[AlarmKind]) -> str:
    """Return how fast the stock falls, in words; empty where it lasts until what is ordered now arrives."""
    if before is None:
        return ""
    days = Calendar(holidays=frozenset(plan.holidays)).between(before.at, plan.at)
    if days < _SHORTEST:  # too soon to tell: what held before still does
        return next((one.said for one in before.alarms if one.kind is AlarmKind.FALLING), "")
    pace = (before.position.on_hand - plan.position.on_hand) / days
    if days > _LONGEST or pace <= 0 or plan.position.on_hand > plan.reorder_point:
        return ""
    left = plan.position.on_hand / pace
    limit = plan.lead_time * (1 if AlarmKind.FALLING in held else _FALLING)
    if left >= limit or pace <= plan.demand.per_day / 2:
        return ""
    return f"{before.position.on_hand} tickets were ready {days:.1f} working days ago, {plan.position.on_hand} are now"
