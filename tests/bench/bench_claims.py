"""Fifty processes that run `scout next --claim` at once: each ticket is claimed once, and comes back from the dead.

Run it with `python -m tests.bench.bench_claims [PROCESSES]`. Every process is the command as a user calls it. A third
of them is killed after a while drawn at random; then, when all leases have ended, everything is asked for once more.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from tests.claiming import BEGUN, shop
from tests.rocket import Ran, Scout

PROCESSES, TICKETS = 50, 40
PATIENCE = 600


def main() -> None:
    """Print the figures; end with 1 when a ticket was claimed twice or lost."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else PROCESSES
    with TemporaryDirectory() as folder:
        made = shop(Path(folder) / "shop", TICKETS)
        scout = Scout(Path(folder) / "state", made.path)
        at = BEGUN.isoformat()
        assert scout("run", now=at).code in {0, 3}
        began = time.monotonic()
        ended = crowd(scout, many, at, kill=0)
        seconds = time.monotonic() - began
        taken = Counter(key for ran in ended for key in keys(ran))
        told(
            f"{many} processes, {TICKETS} tickets, {seconds:.0f} s: {len(taken)} claimed, {twice(taken)} of them twice"
        )
        told(f"  exit codes {dict(Counter(ran.code for ran in ended))}; 1 is 'nothing was left'")
        later = (BEGUN + timedelta(hours=8)).isoformat()
        killed = crowd(scout, many, later, kill=many // 3)
        again = Counter(key for ran in killed for key in keys(ran))
        dead = sum(ran.code < 0 for ran in killed)
        told(f"8 hours later, {dead} of {many} killed meanwhile: {len(again)} claimed, {twice(again)} of them twice")
        last = (BEGUN + timedelta(hours=16)).isoformat()
        back = Counter(keys(scout("next", "-n", "100", "--claim", "last", "--json", now=last)))
        told(f"after 8 more hours: {len(back)} of {TICKETS} can be had, what the dead held included")
    sys.exit(bool(twice(taken) or twice(again) or len(back) != TICKETS))


def crowd(scout: Scout, many: int, at: str, *, kill: int) -> list[Ran]:
    """Start the command many times at once, kill some, and return how each ended."""
    chance = random.Random(7)  # noqa: S311 - whom to kill, and when
    started = [
        subprocess.Popen(
            scout.command("next", "--claim", f"builder-{number}", "--json", now=at),
            cwd=scout.folder,
            env=scout.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(many)
    ]
    for process in chance.sample(started, kill):
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0, 3))
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
    ended: list[Ran] = []
    for process in started:
        out, err = process.communicate(timeout=PATIENCE)
        assert "Traceback" not in err, err
        ended.append(Ran(process.returncode, out, err))
    return ended


def keys(ran: Ran) -> list[str]:
    """Return the tickets that a process was given; none when it was killed."""
    return [one["key"] for one in orjson.loads(ran.out)["tickets"]] if ran.code == 0 else []


def twice(taken: Counter[str]) -> int:
    """Return how many were given to more than one."""
    return sum(count > 1 for count in taken.values())


def told(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
