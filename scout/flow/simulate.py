"""When will it be done: drawn from what was done before."""

import numpy as np

from scout.flow.log import Floats, Ints

DRAWS = 2_000
LONGEST = 2_500
"""Working days, ten years; what takes longer is given as this."""


def days_until(tickets: int, per_day: Floats, rng: np.random.Generator, draws: int = DRAWS) -> Ints:
    """Return in how many working days so many tickets are done, once for each draw, sorted.

    Args:
        tickets: how many are to be done.
        per_day: how many were done on each working day of the past; each day of the future is one of these.
        rng: where chance comes from.
        draws: how often the future is drawn.

    Raises:
        ValueError: nothing was ever done.
    """
    mean = float(per_day.mean()) if per_day.size else 0.0
    if not mean:
        raise ValueError("nothing was ever done, so the future cannot be drawn from the past")
    done = np.zeros(draws)
    taken = np.full(draws, LONGEST, dtype=np.int64)
    for day in range(1, LONGEST + 1):
        done += rng.choice(per_day, draws)
        taken = np.where((done >= tickets) & (taken == LONGEST), day, taken)
        if day % 16 == 0 and bool((done >= tickets).all()):
            break
    return np.sort(taken)
