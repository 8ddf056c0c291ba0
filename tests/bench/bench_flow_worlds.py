"""How often flow finds what is true, and cries wolf where nothing is.

`python -m tests.bench.bench_flow_worlds [WORLDS [SEED]]`: for each truth 200 worlds, for false alarms 400 quiet ones.
Sizes of effects are those of `tests.flow_worlds.Truth`.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from scout.flow import FlowLog
from scout.flow.compare import compare, proposals
from scout.flow.controls.review_before_merge import ReviewBeforeMerge
from scout.flow.decisions import decision_steps
from scout.flow.load import load_shifts
from tests.flow_worlds import START, WEEKS, Truth, world

MIDDLE = date(1970, 1, 1) + timedelta(days=START + 7 * WEEKS // 2)


def shifted(log: FlowLog) -> set[str]:
    """Return which waits a comparison with the middle says to have shrunk or grown."""
    return {f"{one.verdict} {one.state}" for one in compare(log, MIDDLE, "known").burdens if one.verdict != "unclear"}


def alarms(log: FlowLog) -> dict[str, bool]:
    """Return what is said of a world, by kind of alarm."""
    kinds = {one.kind for one in load_shifts(log)}
    moved = shifted(log)
    dates = proposals(log)
    steps = {step.step: step for step in decision_steps(log)}
    approve = steps.get("approve a change")
    tempo = ReviewBeforeMerge().figure(log).tempo
    given = {
        "a wait removed": any(one.startswith("removed") for one in moved),
        "a wait displaced": any(one.startswith("displaced") for one in moved),
        "both at their places": {"removed first review", "displaced merge"} <= moved,
        "a date proposed": bool(dates),
        "the right date (± 28 days)": any(abs((day - MIDDLE).days) <= 28 for day, _ in dates),
        "approval is habit": approve is not None and approve.habit,
        "batch day": approve is not None and bool(approve.batch_day),
        "surge": "surge" in kinds,
        "overload": "overload" in kinds,
        "slowdown or relief": bool({"slowdown", "relief"} & kinds),
        "bypass rises with tempo": tempo is not None and tempo.rises,
    }
    return {**given, "anything at all": any(given.values())}


def rates(
    truth: Truth, worlds: int, first: int, look: Callable[[FlowLog], dict[str, bool]] = alarms
) -> dict[str, float]:
    """Return in which part of some worlds each kind of alarm was given."""
    found: Counter[str] = Counter()
    for seed in range(first, first + worlds):
        seen = look(world(truth, seed))
        found.update(name for name, given in seen.items() if given)
    return {name: found[name] / worlds for name in look(world(truth, first))}


TRUTHS = {
    "an automated step shifts the queue": (
        Truth(automated=True),
        ("both at their places", "the right date (± 28 days)"),
    ),
    "an approval that changes nothing": (Truth(stamp=True), ("approval is habit",)),
    "the Thursday meeting": (Truth(thursday=True), ("batch day",)),
    "a surge": (Truth(surge=True), ("surge",)),
    "a structural overload": (Truth(overload=True), ("overload",)),
    "a control bypassed above a tempo": (Truth(theatre=True), ("bypass rises with tempo",)),
}


def main() -> None:
    """Print the figures."""
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    began = time.perf_counter()
    quiet = rates(Truth(), 2 * worlds, first)
    print(f"quiet worlds: {2 * worlds}, seeds from {first}")
    for name, rate in quiet.items():
        print(f"  false alarm, {name}: {rate:.1%}")
    for title, (truth, wanted) in TRUTHS.items():
        found = rates(truth, worlds, first + 40_000)
        for name in wanted:
            print(f"{title}, {worlds} worlds: {name}: {found[name]:.1%}")
    print(f"{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
