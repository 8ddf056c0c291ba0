"""How often a killed Scout is made good by the next call: all of the time, or something is wrong.

Run it with `SCOUT_BENCH_KILLS=50 python -m tests.bench.bench_kill`; without the variable it kills ten times each.
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.crowd import marks
from tests.scenes import Scene, first_run, later_run, moments, outbox

KILLS = int(os.environ.get("SCOUT_BENCH_KILLS", "10"))


def main() -> None:
    """Print the figures; end with 1 when one of them is not what it must be."""
    with TemporaryDirectory() as first, TemporaryDirectory() as later, TemporaryDirectory() as outgoing:
        runs = (KILLS + 1) // 2
        equal = [*equals(first_run(Path(first)), runs), *equals(later_run(Path(later)), KILLS - runs)]
        told(f"scout run killed {KILLS} times: {sum(equal)} equal to undisturbed")
        twice, lost = filed(outbox(Path(outgoing)))
        told(f"scout publish --live killed {KILLS} times: {twice} filed twice, {lost} lost")
    sys.exit(sum(equal) < KILLS or twice > 0 or lost > 0)


def equals(scene: Scene, count: int) -> list[bool]:
    """Kill the scene's command `count` times; say for each whether the next call left what an undisturbed one does."""
    duration, wanted = scene.undisturbed()
    found: list[bool] = []
    for number, (after, whole_group) in enumerate(moments(count, count, duration)):
        kill(scene, number, after, whole_group=whole_group)
        found.append(scene.finished() == wanted)
    return found


def filed(scene: Scene) -> tuple[int, int]:
    """Return how many candidates were filed twice, and how many were lost, over all kills of a publication."""
    duration, wanted = scene.undisturbed()
    keys = marks(wanted)
    twice = lost = 0
    for number, (after, whole_group) in enumerate(moments(KILLS, KILLS, duration)):
        kill(scene, number, after, whole_group=whole_group)
        found = marks(scene.finished())
        twice += sum(count - 1 for count in found.values())
        lost += len(keys - found)
    return twice, lost


def kill(scene: Scene, number: int, after: float, *, whole_group: bool) -> None:
    """Kill the scene's command: a call that ended before its moment came is made again and killed earlier."""
    while not scene.killed(after, whole_group=whole_group):
        told(f"  call {number + 1} had ended before it was killed; again, earlier")
        after *= 0.8


def told(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
