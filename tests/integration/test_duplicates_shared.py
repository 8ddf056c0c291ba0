"""What the shared archives say about duplicates: recall beside two rivals, and precision of what would be merged."""

from scout.service.evaluate_duplicates import evaluate_duplicates
from tests.precision import duplicates
from tests.trackers import shared


def test_linked_duplicates_are_found_as_often_as_by_others():
    report = evaluate_duplicates([shared("data", "jira-tidev", "issues.jsonl.gz")])
    assert report.queries == 20
    found = {one.ranking: one.recalls[1].recall for one in report.rankings}
    assert found["scout"] >= max(found["BM25"], found["TF-IDF"])
    assert all(one.low <= one.recall <= one.high for line in report.rankings for one in line.recalls)


def test_what_would_be_merged_was_read_and_asks_for_the_same():
    shared("data", "ietf")
    every, tickets = duplicates.measured()
    assert every.unread == ()
    assert every.precision >= 0.9
    assert tickets.precision == 1
    rows = duplicates.VERDICTS.read_text("utf-8").splitlines()
    assert len(rows) >= 100
