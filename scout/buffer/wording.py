"""The plan in words that a lead understands."""

from scout.buffer.constraint import Cause, Circumstances, Constraint
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


def reason(cause: Cause, seen: Circumstances, order: Order) -> str:
    """Return why that many candidates are ordered, in one to three sentences."""
    if seen.position.blind:
        return (
            f"Blind: {seen.position.blind}. Nothing is ordered until every source that the settings name "
            "can be read again."
        )
    parts = [_amount(seen, order), _limit(seen, order), _helps(cause)]
    return " ".join(part for part in parts if part)


def first(refine: int, order: Order, seen: Circumstances, refine_yield: float | None) -> str:
    """Return what comes first, rewrites or new candidates, and why; nothing where there is no choice."""
    if not order.count or not seen.position.not_ready or refine_yield is None:
        return ""
    against = f"a decision about a rewrite releases {refine_yield:.2f} tickets, one about a candidate"
    if refine:
        what = f"{refine} of them rewrite tickets that are not ready" if refine < order.count else "rewrite tickets"
        return f"Refining first ({what}): {against} {seen.yield_rate:.2f}."
    return f"New candidates first: {against} {seen.yield_rate:.2f}."


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


def _helps(cause: Cause) -> str:
    if cause.name is Constraint.NO_HISTORY:
        return "No history: nothing has been started here yet, so the floor is kept."
    if not cause.name.is_shortage:
        return ""
    remedy = f"; {cause.remedy}" if cause.remedy else ""
    return f"{str(cause)[:1].upper()}{str(cause)[1:]}{remedy}."


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def briefly(order: Order, cause: Cause) -> str:
    """Return why a policy that knows nothing but figures orders that many, and what is short, in a sentence or two."""
    if order.wanted == 0:
        said = f"The position is above the reorder point of {order.s}."
    elif order.count < order.wanted:
        brings = f"{order.wanted} would bring the position to {order.up_to}"
        said = f"{brings}; {order.ceiling} at a time can be decided."
    else:
        said = f"The position is at the reorder point of {order.s} or below; this brings it to {order.up_to}."
    return " ".join(part for part in (said, _helps(cause)) if part)
