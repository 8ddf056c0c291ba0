"""Controls as evidence: figures by quarter that anybody can count again, and what bypassed them."""

from collections.abc import Iterator
from math import sqrt
from typing import NamedTuple

from scout.model import Evidence, EvidenceKind
from scout.signals._base import View
from scout.signals._evidence import seen
from scout.signals._flow import ControlSeen

SHOWN = 8
_RECENT, _BEFORE = 4, 8
_FEWEST = 20
_ADOPTED = 0.4
_RISE, _SURE = 0.15, 3.0


class GivenWay(NamedTuple):
    """A control that held and does not hold as it did: shares bypassed in a year and in the two before, 0..1."""

    before: float
    now: float


def query(one: ControlSeen) -> str:
    """Return how anybody can count again."""
    return f"share that bypasses {one.id}, by quarter: `scout flow --json`, controls"


def figures(one: ControlSeen) -> str:
    """Return a control's whole quarters as text, the newest eight."""
    told = [f"{each.name}: {each.bypassed} of {each.opportunities}" for each in one.quarters[-SHOWN:]]
    return ", ".join(told) or "no whole quarter has five opportunities"


def at_commit(view: View, sha: str) -> Iterator[Evidence]:
    """Give the evidence of a commit of the main line; none where this copy has it not."""
    if view.checkout is None:
        return
    for change in view.history.changes:
        if change.sha == sha:
            yield Evidence(
                kind=EvidenceKind.COMMIT, locator=sha, seen=seen(f"bypassed it, {change.at:%Y-%m-%d}: {change.title}")
            )
            return


def given_way(one: ControlSeen) -> GivenWay | None:
    """Return how a control that was mostly kept gave way in its last four whole quarters; None where it did not.

    It has to be bypassed in 15 of 100 cases more than in the eight quarters before, by three standard errors (the test
    of two proportions), with 20 opportunities on either side; or to give way to tempo.
    """
    now, before = one.quarters[-_RECENT:], one.quarters[-_RECENT - _BEFORE : -_RECENT]
    of_now, of_before = (sum(each.opportunities for each in part) for part in (now, before))
    if min(of_now, of_before) < _FEWEST:
        return None
    missed_now, missed_before = (sum(each.bypassed for each in part) for part in (now, before))
    rate, rate_before = missed_now / of_now, missed_before / of_before
    pooled = (missed_now + missed_before) / (of_now + of_before)
    error = sqrt(pooled * (1 - pooled) * (1 / of_now + 1 / of_before))
    rose = rate - rate_before >= _RISE and rate - rate_before >= _SURE * error
    return GivenWay(rate_before, rate) if rate_before <= _ADOPTED and (rose or one.rises) else None
