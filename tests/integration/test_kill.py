"""Killed at random moments, Scout ends in the same state as if nothing had happened: at the next run."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scenes import Scene, first_run, later_run, moments, outbox

KILLS = 12


@pytest.mark.slow
@pytest.mark.parametrize("scene", [first_run, later_run])
def test_a_run_that_was_killed_is_made_good_by_the_next(tmp_path: Path, scene: Callable[[Path], Scene]):
    at = scene(tmp_path)
    duration, wanted = at.undisturbed()
    killed = 0
    for after, whole_group in moments(1, KILLS // 2, duration):
        killed += at.killed(after, whole_group=whole_group)
        assert at.finished() == wanted, f"killed after {after:.3f} s of {duration:.3f}"
    assert killed > KILLS // 4


@pytest.mark.slow
def test_what_was_being_filed_when_scout_was_killed_is_filed_once(tmp_path: Path):
    at = outbox(tmp_path)
    duration, wanted = at.undisturbed()
    killed = 0
    for after, whole_group in moments(2, KILLS, duration):
        killed += at.killed(after, whole_group=whole_group)
        assert at.finished() == wanted, f"killed after {after:.3f} s of {duration:.3f}"
    assert killed > KILLS // 2
    assert len(wanted["tickets"]) == len(wanted["ledger.receipts"])
