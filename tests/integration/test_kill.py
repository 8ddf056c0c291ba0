"""Killed at random moments, Scout ends in the same state as if nothing had happened: at the next run."""

from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests.scenes import Scene, first_run, later_run, moments, outbox

ROUNDS = 4
"""Before the command counts as too quick to be killed: a machine is sometimes faster than when it was measured."""


@pytest.mark.slow
@pytest.mark.parametrize("scene", [first_run, later_run])
def test_a_run_that_was_killed_is_made_good_by_the_next(tmp_path: Path, scene: Callable[[Path], Scene]):
    made_good(scene(tmp_path), seed=1, kills=4)


@pytest.mark.slow
def test_what_was_being_filed_when_scout_was_killed_is_filed_once(tmp_path: Path):
    wanted = made_good(outbox(tmp_path), seed=2, kills=7)
    assert len(wanted["tickets"]) == len(wanted["ledger.receipts"])


def made_good(at: Scene, *, seed: int, kills: int) -> dict[str, Any]:
    """Kill the command at moments spread over its duration, as often as said, and return what it must leave."""
    duration, wanted = at.undisturbed()
    killed = 0
    for after, whole_group in chain.from_iterable(moments(seed + each, kills + 1, duration) for each in range(ROUNDS)):
        killed += at.killed(after, whole_group=whole_group)
        assert at.finished() == wanted, f"killed after {after:.3f} s of {duration:.3f}"
        if killed == kills:
            return wanted
    raise AssertionError(f"killed {killed} times only")
