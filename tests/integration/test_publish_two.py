"""Two publishers on one outbox, whose clocks are five minutes apart: everything is filed, and nothing twice."""

import multiprocessing
from collections import Counter
from multiprocessing.context import ForkProcess

import pytest

from scout.publish.markers import labelled, marked
from tests.publishing import Desk
from tests.publishing_scene import LINKS, Opening, opening, prepared, trackers
from tests.trackers import Trackers

ON_BOTH = pytest.mark.parametrize("tracker", ["github", "jira"])
FORK = multiprocessing.get_context("fork")
AHEAD = "2026-03-02T09:05:00+00:00"
__all__ = ["opening", "prepared", "trackers"]


def keys(trackers: Trackers) -> Counter[str]:
    """Count the markers in either tracker."""
    found = Counter(marked(issue["body"] or "") for issue in trackers.github.issues.values())
    found += Counter(key for issue in trackers.jira.issues.values() for key in labelled(issue["fields"]["labels"]))
    del found[""]
    return found


def started(desk: Desk) -> ForkProcess:
    process = FORK.Process(target=desk.publish)
    process.start()
    return process


@ON_BOTH
@pytest.mark.parametrize("fault", ["", "502-after-write", "reset-after-write"])
def test_nothing_is_filed_twice_and_no_two_write_at_once(
    opening: Opening, trackers: Trackers, tracker: str, fault: str
) -> None:
    desk = opening(tracker, listing_lag=0.3)
    trackers.set(latency_ms=20, listing_lag_s=0.1, search_lag_s=0.1)
    if fault:
        trackers.fault(fault, "/issues?$", methods="POST", times=2)
    both = [started(desk), started(Desk(desk.root, desk.table, AHEAD))]
    for one in both:
        one.join()
    desk.publish()
    with desk.work() as work:
        receipts = {one.key for one in work.ledger.receipts("rocket")}
        assert work.ledger.intents("rocket") == ()
    assert len(receipts) == LINKS
    assert keys(trackers) == Counter(receipts)
    assert trackers.violations == {}


@ON_BOTH
def test_one_that_dies_leaves_the_tracker_to_the_other_at_once(
    opening: Opening, trackers: Trackers, tracker: str
) -> None:
    desk = opening(tracker, listing_lag=0.3)
    trackers.set(latency_ms=150)
    first = started(Desk(desk.root, desk.table, AHEAD))
    first.join(1.5)
    first.kill()
    first.join()
    second = started(desk)
    second.join()
    assert second.exitcode == 0
    desk.publish()
    with desk.work() as work:
        assert keys(trackers) == Counter(one.key for one in work.ledger.receipts("rocket"))
        assert work.ledger.intents("rocket") == ()
