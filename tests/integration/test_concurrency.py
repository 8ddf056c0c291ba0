"""Several Scouts at once: no damage, no decision lost, nothing filed twice, nobody's project mixed with another's."""

from pathlib import Path

import pytest

from tests.crowd import at_once, both, decide_meanwhile, faults, file_together, waiting
from tests.rocket import NOW, rocket
from tests.scenes import later_run, outbox

ROUNDS = 5


@pytest.mark.slow
def test_two_runs_and_a_decision_at_once(tmp_path: Path):
    scene = later_run(tmp_path)
    candidates = waiting(scene)
    for number in range(ROUNDS):
        scene.bring_back()
        candidate = candidates[number % len(candidates)]
        *runs, decision = decide_meanwhile(scene, candidate, accept=bool(number % 2))
        assert [run.code for run in runs] == [0, 0], runs
        assert decision.code in {0, 1}, decision
        assert not faults(scene, candidate, decision)


@pytest.mark.slow
def test_two_publications_at_once_file_everything_once(tmp_path: Path):
    scene = outbox(tmp_path)
    for _ in range(ROUNDS):
        scene.bring_back()
        ended, tickets = file_together(scene)
        assert [one.code for one in ended] == [0, 0], ended
        assert len(tickets) == len(scene.content()["ledger.outbox"])
        assert set(tickets.values()) == {1}


@pytest.mark.slow
def test_two_checkouts_of_one_name_share_a_state_folder(tmp_path: Path):
    one, two = both(tmp_path)
    rocket(one.folder, landed=3)
    rocket(two.folder, landed=6)
    for ran in at_once((one, ("run", "--json"), NOW), (two, ("run", "--json"), NOW)):
        assert ran.code == 0 or "took the name 'rocket' just now" in ran.err
    reports = [scout("run", "--json").document for scout in (one, two)]
    assert len({report["project"] for report in reports}) == 2
    for scout, report in zip((one, two), reports, strict=True):
        ids = {line["project"] for line in scout("inbox", "list", "--json").document["candidates"]}
        assert ids == {report["project"]}
        assert report["waiting"] == report["findings"]
