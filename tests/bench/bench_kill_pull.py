"""Pulls that are killed: the next one goes on from the pages that were there, and ends as an undisturbed one does.

Run it with `SCOUT_BENCH_KILLS=100 python -m tests.bench.bench_kill_pull`; without the variable it kills ten times.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests import tracker_pulls
from tests.tracker_conformance import Sent
from tests.tracker_pulls import Rows, Scene
from tests.trackers import Trackers, served, small_world

KILLS = int(os.environ.get("SCOUT_BENCH_KILLS", "10"))
ROOT = Path(__file__).parents[2]
ON_ITS_WAY = 0.1
"""Seconds before the kill in which an answer was still on its way into Scout's hands."""
LATENCY = 15


def main() -> None:
    """Kill pulls and print what was lost by it; end with 1 when that is more than it may be."""
    chance = Random(1)  # noqa: S311 - moments to kill at
    faults = 0
    with TemporaryDirectory() as folder, served(small_world(600, 600), latency_ms=LATENCY) as trackers:
        for title, make in (("GitHub", tracker_pulls.github), ("Jira", tracker_pulls.jira)):
            victims = Victims(Path(folder) / title, trackers, make)
            total = victims.undisturbed()
            faults += told(title, [victims.one_kill(n, chance.uniform(0, total + 4)) for n in range(KILLS // 2)])
    sys.exit(faults > 0)


@dataclass(frozen=True)
class Killed:
    """What a kill did.

    Attributes:
        equal: whether the next pull left what an undisturbed one leaves.
        again: pages that had been received and were fetched once more, by stream.
        in_flight: requests that nobody had the answer to when the process died.
    """

    equal: bool
    again: Counter[str]
    in_flight: int


@dataclass
class Victims:
    """Scenes whose pulls run in processes that can be killed.

    Attributes:
        folder: each scene has a folder of its own in it.
        wanted: what an undisturbed pull leaves.
    """

    folder: Path
    trackers: Trackers
    make: Callable[..., Scene]
    wanted: dict[str, Rows] = field(default_factory=dict[str, Rows])

    def undisturbed(self) -> int:
        """Pull to the end and return how many requests it took."""
        scene = self._scene("undisturbed")
        self._finish(scene)
        self.wanted = scene.tables()
        return len(self.trackers.sent)

    def one_kill(self, number: int, after: float) -> Killed | None:
        """Kill a pull, let the next one end, and compare; None where it had ended before.

        Args:
            number: of the kill.
            after: how many requests arrive before it; the part behind the point is of the server's latency.
        """
        scene = self._scene(str(number))
        if not self._killed(scene, after):
            return None
        died, before = time.monotonic(), list(self.trackers.sent)
        time.sleep(4 * LATENCY / 1000)  # what was under way ends at the server
        self._finish(scene)
        asked = Counter(one.text for one in self.trackers.sent)
        received = [one for one in before if one.answered and one.answered < died - ON_ITS_WAY]
        again = Counter(stream_of(one) for one in received if asked[one.text])
        return Killed(scene.tables() == self.wanted, again, len(before) - len(received))

    def _killed(self, scene: Scene, after: float) -> bool:
        self.trackers.forget()
        process = _started(scene)
        whole, rest = divmod(after, 1)
        while process.poll() is None and len(self.trackers.sent) < whole:
            time.sleep(0.001)
        time.sleep(rest * LATENCY / 1000)
        process.kill()
        return process.wait() == -signal.SIGKILL

    def _finish(self, scene: Scene) -> None:
        self.trackers.forget()
        assert _started(scene).wait(120) == 0
        assert self.trackers.violations == {}

    def _scene(self, name: str) -> Scene:
        return self.make(self.trackers, self.folder / name, page_size=20, details_per_run=40)


def _started(scene: Scene) -> "subprocess.Popen[bytes]":
    file = scene.written()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCOUT_")}
    own = {"SCOUT_HOME": str(scene.home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.bench._measured", str(file)]
    return subprocess.Popen(command, cwd=ROOT, env={**kept, **own}, stdout=subprocess.DEVNULL)


def stream_of(sent: Sent) -> str:
    """Return what a request asked for, without numbers."""
    words = [word for word in sent.path.split("/") if not any(sign.isdigit() for sign in word)]
    return "/".join(words[-2:])


def told(title: str, outcomes: list[Killed | None]) -> int:
    """Print what the kills did, and return how many faults there were."""
    kills = [one for one in outcomes if one]
    equal = sum(one.equal for one in kills)
    worst = max((count for one in kills for count in one.again.values()), default=0)
    flights = max((one.in_flight for one in kills), default=0)
    sys.stdout.write(
        f"{title} pull killed {len(kills)} times: {equal} resumed equal to undisturbed; at most {worst} pages of a "
        f"stream fetched again, {flights} more were on their way\n"
    )
    sys.stdout.flush()
    return (len(kills) - equal) + (worst > 1) + (not kills)


if __name__ == "__main__":
    main()
