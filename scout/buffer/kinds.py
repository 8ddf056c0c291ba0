"""Which kinds of work an order is made of: what is started, as far as it is not ready already.

A shelf full of documentation starves those who take bugs. Started tickets of the last months show the mix that is
wanted; what is ready or expected of a kind is taken off; the rest is shared out in whole candidates, the largest
remainders first (Hamilton's method).
"""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from scout.model import KindOrder, Plan, Ticket, TicketState, WorkKind

RECENT = timedelta(days=180)
"""How old a started ticket may be to show what is wanted."""

_ENOUGH = 10  # started tickets whose kind is known, under which they show nothing
_BEGUN = frozenset({TicketState.STARTED, TicketState.COMPLETED})


def started_kinds(tickets: Iterable[Ticket], now: datetime) -> dict[WorkKind, int]:
    """Return how many tickets of each kind were begun or finished lately; one without a known kind counts nowhere."""
    found: dict[WorkKind, int] = {}
    for one in tickets:
        touched = one.closed_at or one.updated_at or one.created_at
        if one.kind is not None and one.state in _BEGUN and (touched is None or now - RECENT < touched <= now):
            found[one.kind] = found.get(one.kind, 0) + 1
    return found


def by_kind(
    order: int, level: int, started: Mapping[WorkKind, int], here: Mapping[WorkKind, float]
) -> tuple[KindOrder, ...]:
    """Return how many candidates of each kind an order is made of, most first; nothing where too little was started.

    Args:
        order: candidates to draft.
        level: S, the tickets that the order is to bring the position to.
        started: tickets begun lately, by kind.
        here: tickets ready or expected, by kind.
    """
    total = sum(started.values())
    if order <= 0 or total < _ENOUGH:
        return ()
    shares = {kind: count / total for kind, count in started.items() if count > 0}
    missing = {kind: max(level * share - here.get(kind, 0.0), 0.0) for kind, share in shares.items()}
    weights = missing if sum(missing.values()) > 0 else shares
    counts = _whole(order, weights)
    return tuple(
        KindOrder(kind=kind, count=counts[kind], started=round(shares[kind], 3), here=round(here.get(kind, 0.0), 2))
        for kind in sorted(shares, key=lambda one: (-counts[one], -shares[one], one.value))
    )


def made_of_kinds(plan: Plan, started: Mapping[WorkKind, int], here: Mapping[WorkKind, float]) -> Plan:
    """Return the plan with what its order is made of, and why, where that can be told; arguments as for `by_kind`."""
    kinds = by_kind(plan.order, plan.order_up_to, started, here)
    said = f"By kind: {', '.join(str(one) for one in kinds if one.count)}."
    return plan.having(kinds=kinds, reason=f"{plan.reason} {said}") if kinds else plan


def _whole(order: int, weights: Mapping[WorkKind, float]) -> dict[WorkKind, int]:
    """Return whole numbers in these proportions that add up to `order`."""
    total = math.fsum(weights.values())
    exact = {kind: order * weight / total for kind, weight in weights.items()}
    counts = {kind: math.floor(part) for kind, part in exact.items()}
    rest = sorted(exact, key=lambda kind: (counts[kind] - exact[kind], kind.value))
    for kind in rest[: order - sum(counts.values())]:
        counts[kind] += 1
    return counts
