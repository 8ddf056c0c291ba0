"""When to look again: sooner the faster the stock falls, so that planning speeds up when execution does."""

from scout.model import Position

_SOONEST, _LATEST = 0.25, 5.0  # in review periods
_LAST = 0.5  # tickets that an empty shelf counts as: a slow project need not be looked at every few hours


def next_look(position: Position, per_day: float, reorder_point: int, review_period: float) -> float:
    """Return working days until the next look.

    It is half the time until the position reaches s, or until the shelf is empty when that is sooner, since what is on
    order may come late; at the latest a review period from now when s is reached already. A position that cannot be
    believed is looked at again as soon as may be.

    Args:
        position: the inventory position.
        per_day: expected starts per working day, positive.
        reorder_point: s, in tickets.
        review_period: R, in working days; the answer is between a quarter of it and five times as long.
    """
    if position.blind:
        return _SOONEST * review_period
    slack = position.on_hand + position.on_order - reorder_point
    level = slack / per_day / 2 if slack > 0 else review_period
    shelf = max(position.on_hand, _LAST) / per_day / 2
    return min(max(min(level, shelf), _SOONEST * review_period), _LATEST * review_period)
