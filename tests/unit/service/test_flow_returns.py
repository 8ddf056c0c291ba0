"""What was missing when tickets came back: by the verdict before, and only of the text that was judged."""

from datetime import UTC, datetime

from scout.flow.returns import Return
from scout.ledger.records import VerdictChange
from scout.model import Readiness
from scout.model.readiness import Passing, Verdict
from scout.service.flow_returns import summed

EARLY, LATE = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC)
BACK = datetime(2024, 2, 1, tzinfo=UTC).timestamp()


def change(ticket: str, *, ready: bool = False, at: datetime = EARLY, digest: str = "then") -> VerdictChange:
    return VerdictChange(project="demo", ticket=ticket, digest=digest, ready=ready, total=0.3, at=at)


def lacking(digest: str = "then") -> Readiness:
    failed = Verdict(criterion="acceptance", gate=True, weight=1, score=0, passing=Passing.FAILED, reason="none named")
    fine = Verdict(criterion="size", gate=False, weight=1, score=1, passing=Passing.PASSED, reason="small")
    return Readiness(
        total=0.3, ready=False, verdicts=(failed, fine), failed_gates=("acceptance",), digest=digest, rubric="r"
    )


def back(number: int) -> list[Return]:
    return [Return(str(key), BACK, "closed", "open again") for key in range(number)]


def test_what_five_tickets_lacked_before_they_came_back_is_told():
    found = summed(back(5), [change(str(key)) for key in range(5)], {str(key): lacking() for key in range(5)})
    assert (found.n, found.judged, found.not_ready) == (5, 5, 5)
    assert [(one.criterion, one.tickets) for one in found.missing] == [("acceptance", 5)]
    assert found.edges == (("closed", "open again", 5),)


def test_four_are_not_shown():
    found = summed(back(4), [change(str(key)) for key in range(4)], {str(key): lacking() for key in range(4)})
    assert (found.missing, found.edges) == ((), ())


def test_a_text_that_was_changed_since_tells_nothing_of_then():
    found = summed(back(5), [change(str(key)) for key in range(5)], {str(key): lacking("now") for key in range(5)})
    assert found.not_ready == 5
    assert found.missing == ()


def test_only_the_last_verdict_before_the_return_counts():
    history = [one for key in range(5) for one in (change(str(key)), change(str(key), ready=True, at=LATE))]
    assert summed(back(5), history, {}).not_ready == 5
    assert summed(back(5), [change(str(key), at=LATE) for key in range(5)], {}).judged == 0
    ready = [one for key in range(5) for one in (change(str(key)), change(str(key), ready=True, at=EARLY))]
    assert summed(back(5), ready, {}).not_ready == 0
