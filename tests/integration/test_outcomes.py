"""Filed tickets are followed in their tracker, and looked at again when they are closed."""

from pathlib import Path

import pytest

from scout.clock import now
from scout.ledger import Reservation
from scout.model import CandidateState, Event, Spend
from scout.review.outcomes import Outcome
from scout.review.transitions import state
from scout.service.calibrate import calibration
from scout.service.ingest import ingest
from scout.service.outcomes import OutcomesReport, follow, outcomes
from scout.service.plan import forecast
from scout.service.publish_checks import no_duplicate_markers
from scout.service.selecting import cut_list
from scout.service.wiring import Project, Workspace, open_workspace
from tests import publishing
from tests.ledgers import a_candidate, a_decision, an_intent
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
            _feeds_what_comes_next(work, project)
            assert no_duplicate_markers(work, project).facts == {"markers": 4, "duplicates": 0}
            _copy_the_first(trackers)
            ingest(work, project)
            check = no_duplicate_markers(work, project)
            assert (check.passed, check.reason) == (False, "the same marker in: 1, 5")


def _feeds_what_comes_next(work: Workspace, project: Project) -> None:
    """One of four that were accepted was closed as not wanted; of the two done, one is not gone."""
    plan = forecast(work, project)
    assert plan.yields is not None
    assert (plan.yields.overall.accepted, plan.yields.overall.decided) == (3, 4)
    (line,) = (one for one in cut_list(work, project).scouts if one.accepted)
    assert (line.accepted, line.rejected) == (3, 1)
    learned = calibration(work, project)
    assert (learned.tickets, learned.done) == (2, 1)


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


def test_tokens_are_shared_out_among_scouts_by_what_the_model_drafted_for_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "home"))
    (tmp_path / "scout.toml").write_text('[[project]]\nid = "meadow"\nsources = ["files"]\npath = "."\n')
    (tmp_path / ".git").mkdir()
    work = open_workspace(tmp_path, now(NOW), tmp_path / "scout.toml")
    drafted = (("one", "llm"), ("one", "llm"), ("two", "llm"), ("two", "offline"))
    for number, (scout, drafter) in enumerate(drafted):
        made = a_candidate(f"{scout}:{number}")
        made = made.having(signal=scout, draft=made.draft.having(drafter=drafter))
        name = work.ledger.add_candidate(made)
        work.ledger.decide(name, a_decision(Event.ACCEPT), intent=an_intent(name, f"k{number}"))
        work.ledger.receive(f"k{number}", f"t-{number}", "", work.now)
    asked = Reservation(run="r", project="meadow", day="2026-03-02", tokens=900, money=0, at=work.now)
    spent = work.ledger.reserve(asked, ())
    assert isinstance(spent, int)
    work.ledger.settle(spent, Spend(requests=1, tokens=900, money=0), work.now)
    counts = {(one.signal, one.drafter): one for one in outcomes(work, work.project("meadow")).counts}
    work.close()
    assert {name: one.tokens for name, one in counts.items()} == {
        ("one", "llm"): 600,
        ("two", "llm"): 300,
        ("two", "offline"): 0,
    }
    assert all(one.tokens_each is None for one in counts.values()), "nothing is finished yet"
