"""When the open tickets will have been closed: the distribution that draws by chance come from, without any chance.

Draws are independent sums of days, so their number until the sum reaches a goal has a distribution that can be counted
out. Of 2,000 draws the share up to any day is off by more than `OFF` with a chance under 2 · exp(−2 · 2,000 · OFF²) =
.0000011 (Dvoretzky, Kiefer, Wolfowitz; Massart 1990): a percentile of the draws lies between the exact percentiles that
much below and above it.
"""

from collections import Counter

from tests.flow_by_hand.counting import FEW, Told
from tests.flow_by_hand.facts import Archive
from tests.flow_by_hand.tickets import closed_by_day

OFF, LONGEST = 0.06, 2_500


def forecast(found: Archive) -> Told:
    """Working days until the open tickets are closed."""
    goal, counts = sum(one.open for one in found.tickets), closed_by_day(found)
    n = sum(counts.values())
    if goal < FEW or n < FEW or len(counts) < FEW:
        return Told(n)
    by_day = done_by(goal, list(counts.values()))
    middle, slow = ((_at(by_day, share - OFF), _at(by_day, share + OFF)) for share in (0.5, 0.85))
    if slow[0] >= LONGEST:
        return Told(0)
    assert slow[1] < LONGEST, "chance alone tells whether there is a figure"
    return Told(goal, _at(by_day, 0.85), _at(by_day, 0.5), _at(by_day, 0.85), chance=(middle, slow))


def done_by(goal: int, per_day: list[int]) -> list[float]:
    """Return the chance that a goal is reached by each day, from day 0 on, up to all but a billionth."""
    chances = {count: times / len(per_day) for count, times in Counter(per_day).items()}
    left = [0.0] * goal  # chance of each sum that is under the goal still
    left[0] = 1.0
    found = [0.0]
    while found[-1] < 1 - 1e-9 and len(found) <= LONGEST:
        after = [0.0] * goal
        for count, chance in chances.items():
            for done in range(goal - count):
                after[done + count] += left[done] * chance
        left = after
        found.append(1 - sum(left))
    return found


def _at(by_day: list[float], share: float) -> float:
    """Return the first day by which the goal is reached with that chance; the longest where it is not."""
    return float(next((day for day, chance in enumerate(by_day) if chance >= share), LONGEST))
