"""Filed tickets are followed in their tracker, and looked at again when they are closed."""

from pathlib import Path

from scout.model import CandidateState
from scout.review.outcomes import Outcome
from scout.review.transitions import state
from scout.service.ingest import ingest
from scout.service.outcomes import OutcomesReport, follow, outcomes
from scout.service.publish_checks import no_duplicate_markers
from tests import publishing
from tests.publishing import Desk
from tests.rocket import NOW
from tests.trackers import REPOSITORY, TOKEN, Trackers, new_world, served

LATER = "2026-07-02T09:00:00+00:00"


def test_what_was_filed_is_followed_and_looked_for_again_once_it_is_closed(tmp_path: Path):
    root = publishing.prepared(tmp_path / "place", 4)
    (root / "token").write_text(TOKEN)
    with served(new_world()) as trackers:
        table = f'type = "github", url = "{trackers.base}", repository = "{REPOSITORY}", token_file = "token"'
        desk = Desk(root, 'to = "github"\n', NOW, sources=f'sources = ["git", {{{table}}}]\n')
        desk.accept()
        assert [one.ticket for one in desk.publish().entries] == ["1", "2", "3", "4"]
        issues = trackers.github.issues
        trackers.change(lambda: _close(trackers))
        page = next(name for name in range(4) if f"page{name}" in issues[1]["title"])
        made = root / "rocket" / "docs" / f"page{page}.md"
        made.write_text("# Nothing\n")
        publishing.commit(root / "rocket")
        desk.now = LATER
        with desk.work() as work:
            project = work.project("rocket")
            ingest(work, project)
            before = outcomes(work, project)
            assert told(before) == {
                "1": Outcome.DONE, "2": Outcome.DONE, "3": Outcome.DISMISSED, "4": Outcome.PENDING,
            }  # fmt: skip
            after = follow(work, project)
            assert (after.looked, after.notes) == (2, ())
            assert {one.ticket: one.finding for one in after.tickets} == {
                "1": "gone",
                "2": "still there",
                "3": "",
                "4": "",
            }
            (count,) = after.counts
            assert (count.filed, count.finished, count.rejected, count.decisions_each) == (4, 1, 1, 4.0)
            lives = {one.ticket: state(one.decisions, work.now) for one in work.ledger.candidates()}
            assert lives["1"] is CandidateState.VERIFIED
            assert lives["2"] is CandidateState.REGRESSED
            assert follow(work, project).having(looked=0) == after.having(looked=0)
            assert no_duplicate_markers(work, project).facts == {"markers": 4, "duplicates": 0}
            _copy_the_first(trackers)
            ingest(work, project)
            check = no_duplicate_markers(work, project)
            assert (check.passed, check.reason) == (False, "the same marker in: 1, 5")


def _close(trackers: Trackers) -> None:
    """Close two as done, and one as not planned."""
    at = "2026-07-01T09:00:00Z"
    for number, reason in ((1, "completed"), (2, "completed"), (3, "not_planned")):
        change = {"state": "closed", "state_reason": reason, "closed_at": at, "updated_at": at}
        trackers.github.issues[number] |= change
    trackers.github.version += 1


def _copy_the_first(trackers: Trackers) -> None:
    """File the first ticket's text once more, with its marker."""

    def copy() -> None:
        first = trackers.github.issues[1]
        trackers.github.add_issue("Copy", first["body"], first["user"], "2026-07-01T10:00:00Z", [])
        trackers.github.version += 1

    trackers.change(copy)


def told(report: OutcomesReport) -> dict[str, Outcome]:
    return {one.ticket: one.outcome for one in report.tickets}
