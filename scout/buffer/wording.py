"""The plan in words that a lead understands."""

from typing import assert_never

from scout.buffer.constraint import Circumstances, Constraint
from scout.model import Frozen


class Order(Frozen):
    """What the policy arrived at.

    Attributes:
        count: candidates to draft now.
        wanted: candidates to draft if reviewers had no limit.
        s: reorder point, in tickets.
        up_to: order-up-to level, in tickets.
        ceiling: undecided candidates at most.
        recent: candidates made within the last review period.
    """

    count: int
    wanted: int
    s: int
    up_to: int
    ceiling: int
    recent: int = 0


def reason(name: Constraint, seen: Circumstances, order: Order) -> str:
    """Return why that many candidates are ordered, in one to three sentences."""
    if seen.position.blind:
        return (
            f"Blind: {seen.position.blind}. Nothing is ordered until every source that the settings name "
            "can be read again."
        )
    parts = [_amount(seen, order), _limit(seen, order), _cause(name, seen)]
    return " ".join(part for part in parts if part)


def _amount(seen: Circumstances, order: Order) -> str:
    here = seen.position
    stock = f"{here.on_hand} on hand and {here.on_order:.3g} expected from open candidates"
    if order.wanted == 0:
        return f"Nothing to order: {stock} are above the reorder point of {order.s}."
    below = f"{stock} are not above the reorder point of {order.s}"
    if order.count == 0:
        return f"Nothing is ordered although {below}."
    return (
        f"Order {_counted(order.count, 'candidate')}: {below}; at {seen.yield_rate:.2f} ready tickets a candidate, "
        f"{order.wanted} would bring the position to {order.up_to}."
    )


def _limit(seen: Circumstances, order: Order) -> str:
    if order.count >= order.wanted:
        return ""
    if seen.decisions == 0:
        return "No decisions are made: the project has 0 reviewers' decisions a day."
    if order.recent > seen.position.undecided:
        taken = f"{order.recent} were made within the last review period"
    else:
        taken = f"{seen.position.undecided} wait undecided"
    return f"Reviewers can take {order.ceiling} at a time, and {taken}."


def _cause(name: Constraint, seen: Circumstances) -> str:
    match name:
        case Constraint.HEALTHY | Constraint.BLIND:
            text = ""
        case Constraint.NO_HISTORY:
            text = "No history: nothing has been started here yet, so the floor is kept."
        case Constraint.BLOCKED:
            text = f"Unblocking helps more: {seen.position.blocked} ready tickets wait for others."
        case Constraint.OVERLOAD:
            text = (
                f"Overload: {seen.per_day:.1f} tickets are started a day and reviewers can release "
                f"{seen.capacity:.1f}; no larger order helps, only more decisions or a better yield."
            )
        case Constraint.REVIEWERS:
            text = f"Decisions help more: {seen.position.undecided} candidates wait for a reviewer."
        case Constraint.NOT_READY:
            text = f"Refining helps more: {seen.position.not_ready} open tickets are not ready."
        case Constraint.DEMAND:
            text = f"Demand is {seen.per_day:.1f} starts a working day."
        case _:
            assert_never(name)
    return text


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def briefly(order: Order) -> str:
    """Return why a policy that knows nothing but figures orders that many, in a sentence."""
    if order.wanted == 0:
        return f"The position is above the reorder point of {order.s}."
    if order.count < order.wanted:
        brings = f"{order.wanted} would bring the position to {order.up_to}"
        return f"{brings}; reviewers can take {order.ceiling} at a time."
    return f"The position is at the reorder point of {order.s} or below; this brings it to {order.up_to}."
