"""Candidates in lines, kept in the process: never another answer than the ledger itself would give."""

from datetime import timedelta
from pathlib import Path

import pytest

from scout.clock import now
from scout.ledger import AttemptOutcome, Ledger
from scout.model import CandidateState, Event
from scout.service.sharing import Sharing
from scout.service.shelf import decided_today, shelf
from scout.service.wiring import Workspace, open_workspace
from tests.ledgers import NOON, a_candidate, a_decision, an_intent, later

DAY = timedelta(days=1)


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "state"))
    return at(tmp_path)


def at(folder: Path, after: timedelta = timedelta()) -> Workspace:
    config = folder / "settings.toml"
    config.write_text('[[project]]\nid = "meadow"\npath = "."\n')
    return open_workspace(folder, now((NOON + after).isoformat()), config)


def waiting(work: Workspace) -> list[str]:
    return [one.id for one in shelf(work, ("meadow",)).waiting]


def test_what_another_process_does_is_seen_at_once(work: Workspace):
    names = [work.ledger.add_candidate(a_candidate(f"s:{number}")) for number in range(3)]
    assert sorted(waiting(work)) == sorted(names)
    with Ledger.open(work.ledger_place) as other:
        other.decide(names[0], a_decision(Event.REJECT, reason="no"))
        other.decide(names[1], a_decision(Event.ACCEPT), intent=an_intent(names[1]))
        fresh = other.add_candidate(a_candidate("s:9"))
    assert sorted(waiting(work)) == sorted([names[2], fresh])
    found = shelf(work, ("meadow",))
    assert found.states == {"offered": 2, "accepted": 1, "rejected": 1}
    assert found.decided == {names[0], names[1]}
    assert decided_today(work, ("meadow",)) == 2
    with Ledger.open(work.ledger_place) as other:
        other.attempt("k1", AttemptOutcome.STARTED, at=later(1))
    assert shelf(work, ("meadow",)).states["publishing"] == 1
    assert shelf(work, ("elsewhere",)).all == ()


def test_a_deferral_ends_by_itself(work: Workspace, tmp_path: Path):
    name = work.ledger.add_candidate(a_candidate())
    work.ledger.decide(name, a_decision(Event.DEFER).having(until=NOON + DAY))
    assert waiting(work) == []
    assert waiting(at(tmp_path, DAY - timedelta(seconds=1))) == []
    over = at(tmp_path, DAY)
    assert waiting(over) == [name]
    assert shelf(over, ("meadow",)).waiting[0].state is CandidateState.OFFERED
    assert waiting(work) == []


def test_what_is_short_comes_first(work: Workspace):
    for fingerprint, project in (("s:1", "meadow"), ("s:2", "harbour")):
        work.ledger.add_candidate(a_candidate(fingerprint, project=project))
    found = shelf(work, ("meadow", "harbour"), {"harbour": 3.0})
    assert [one.project for one in found.waiting] == ["harbour", "meadow"]
    assert next(one.project for one in shelf(work, ("meadow", "harbour"), {"meadow": 3.0}).waiting) == "meadow"


@pytest.mark.usefixtures("work")
def test_one_ledger_serves_many_requests_until_another_file_takes_its_place(tmp_path: Path):
    shared = Sharing(lambda: at(tmp_path))
    first, second = shared(), shared()
    assert first.ledger is second.ledger
    name = first.ledger.add_candidate(a_candidate())
    first.close()
    assert waiting(second) == [name]
    (tmp_path / "kept").mkdir()
    for file in (tmp_path / "state").glob("ledger.sqlite*"):
        file.rename(tmp_path / "kept" / file.name)
    assert waiting(shared()) == []
