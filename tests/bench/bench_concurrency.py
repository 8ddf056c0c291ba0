"""Two runs and a decision at once, and two publications at once, over and over.

Run it with `python -m tests.bench.bench_concurrency`.
"""

import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.crowd import decide_meanwhile, faults, file_together, waiting
from tests.scenes import later_run, outbox

ROUNDS = 20


def main() -> None:
    """Print the figures; end with 1 when something was damaged, lost or filed twice."""
    with TemporaryDirectory() as later, TemporaryDirectory() as outgoing:
        found, codes = decisions(Path(later))
        twice, lost = publications(Path(outgoing))
    shown = ", ".join(f"{count} × {code}" for code, count in sorted(codes.items()))
    told(f"two scout run and one decision at once, {ROUNDS} times: {len(found)} faults; exit codes {shown}")
    for fault in found:
        told(f"  {fault}")
    told(f"two scout publish --live at once, {ROUNDS} times: {twice} filed twice, {lost} lost")
    sys.exit(bool(found) or twice > 0 or lost > 0 or not codes.keys() <= {0, 1})


def decisions(root: Path) -> tuple[list[str], Counter[int]]:
    """Return what went wrong, and the exit codes of all calls."""
    scene = later_run(root)
    candidates = waiting(scene)
    found: list[str] = []
    codes: Counter[int] = Counter()
    for number in range(ROUNDS):
        scene.bring_back()
        candidate = candidates[number % len(candidates)]
        ended = decide_meanwhile(scene, candidate, accept=bool(number % 2))
        codes.update(one.code for one in ended)
        found += faults(scene, candidate, ended[-1])
    return found, codes


def publications(root: Path) -> tuple[int, int]:
    """Return how many candidates were filed twice, and how many were lost."""
    scene = outbox(root)
    wanted = len(scene.content()["ledger.outbox"])
    twice = lost = 0
    for _ in range(ROUNDS):
        scene.bring_back()
        _, tickets = file_together(scene)
        twice += sum(count - 1 for count in tickets.values())
        lost += wanted - len(tickets)
    return twice, lost


def told(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
