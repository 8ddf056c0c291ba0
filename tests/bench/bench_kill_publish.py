"""Publishers killed while trackers lag, fail after writing and cut answers: filed once, never twice, never lost.

Run it with `SCOUT_BENCH_KILLS=300 python -m tests.bench.bench_kill_publish`; without the variable it kills ten times.
Half of the kills are at GitHub, half at Jira; at every third one two publishers with clocks five minutes apart work on
the same outbox, and one of them dies.
"""

import json
import multiprocessing
import os
import shutil
import signal
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web

from scout.publish.markers import labelled, marked
from tests import publishing
from tests.publishing import Desk
from tests.trackers import Trackers, new_world, served

KILLS = int(os.environ.get("SCOUT_BENCH_KILLS", "10"))
SEED = int(os.environ.get("SCOUT_BENCH_SEED", "1"))
FORK = multiprocessing.get_context("fork")
LAG = float(os.environ.get("SCOUT_BENCH_LAG", "0.6"))
"""Seconds until the trackers list what was filed."""
PATIENCE = float(os.environ.get("SCOUT_BENCH_TOLD_LAG", "1.0"))
"""Seconds that publishers are told it takes; told less than it takes, some file twice, and this bench must see it."""
LATENCY = 15
RUNS = 8
"""Further runs until nothing is left, at most: each fault of the tracker's may cost one."""
FAULTS = ("502-after-write", "reset-after-write", "cut-body", "500", "502", "reset", "garbage")
SKEWED = "2026-03-02T09:05:00+00:00"
ENTRIES = 4


@dataclass
class Outcome:
    """What became of the candidates that were accepted.

    Attributes:
        unlike: candidates whose receipt names another ticket than the one that bears their key.
    """

    killed: int = 0
    accepted: int = 0
    filed: int = 0
    twice: int = 0
    lost: int = 0
    unlike: int = 0
    faults: Counter[str] = field(default_factory=Counter[str])


def main() -> None:
    """Kill publishers and print what was lost by it; end with 1 if anything was."""
    chance = Random(SEED)  # noqa: S311 - moments to kill at
    with TemporaryDirectory() as folder, _server() as base:
        root = publishing.prepared(Path(folder) / "prepared", ENTRIES)
        outcomes = {name: Outcome() for name in ("github", "jira")}
        made = {name: _accepted(root, Path(folder) / name, base, name) for name in outcomes}
        span = {name: _undisturbed(base, made[name], Path(folder) / "undisturbed") for name in outcomes}
        for number in range(KILLS):
            name = ("github", "jira")[number % 2]
            _one_kill(
                base, made[name], Path(folder) / "victim", outcomes[name], chance, span[name], two=number % 3 == 0
            )
            if number % 20 == 19:
                sys.stderr.write(f"{number + 1} of {KILLS}\n")
    for name, one in outcomes.items():
        sys.stdout.write(
            f"{name}: killed {one.killed} times, {sum(one.faults.values())} faults met "
            f"({', '.join(f'{count} {kind}' for kind, count in sorted(one.faults.items()))}): {one.accepted} accepted, "
            f"{one.filed} filed once, {one.twice} twice, {one.lost} lost, {one.unlike} receipts of another ticket\n"
        )
    sys.exit(any(one.twice or one.lost or one.unlike for one in outcomes.values()))


def _one_kill(  # noqa: PLR0913, PLR0917 - where, what, and by which chance
    base: str, made: Desk, place: Path, outcome: Outcome, chance: Random, span: float, *, two: bool
) -> None:
    desk = _copy(base, made, place)
    for _ in range(chance.randrange(4)):
        _control(base, "faults", {"kind": chance.choice(FAULTS), "methods": "POST", "path": "/issues?$", "times": 1})
    victims = [_started(desk)]
    if two:
        victims.append(_started(Desk(desk.root, desk.table, SKEWED)))
    time.sleep(chance.uniform(0, span * 1.1))
    doomed = chance.choice(victims)
    doomed.kill()
    for one in victims:
        one.join()
    outcome.killed += doomed.exitcode == -signal.SIGKILL
    for _ in range(RUNS):
        last = _started(desk)
        last.join()
        if _outstanding(desk) == 0:
            break
    outcome.faults.update(_control(base, "counters")["faults_hit"])
    _count(base, desk, outcome)


def _count(base: str, desk: Desk, outcome: Outcome) -> None:
    filed: dict[str, list[str]] = _control(base, "filed")
    with desk.work() as work:
        receipts = {one.key: one.ticket for one in work.ledger.receipts("rocket")}
        keys = [*receipts, *(one.key for one in work.ledger.intents("rocket"))]
    outcome.accepted += len(keys)
    for key in keys:
        there = filed.get(key, [])
        outcome.filed += len(there) == 1
        outcome.twice += len(there) > 1
        outcome.lost += not there or key not in receipts
        outcome.unlike += bool(there) and receipts.get(key) not in {None, there[0]}


def _accepted(root: Path, place: Path, base: str, name: str) -> Desk:
    make = {"github": publishing.github, "jira": publishing.jira}[name]
    desk = make(publishing.copied(root, place), base, listing_lag=PATIENCE)
    process = FORK.Process(target=desk.accept)
    process.start()
    process.join()
    return desk


def _undisturbed(base: str, made: Desk, place: Path) -> float:
    """Return how many seconds a publisher takes that nobody kills."""
    desk, began = _copy(base, made, place), time.monotonic()
    process = _started(desk)
    process.join()
    assert process.exitcode == 0
    assert _outstanding(desk) == 0
    return time.monotonic() - began


def _copy(base: str, made: Desk, place: Path) -> Desk:
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(made.root, place, symlinks=True)
    _control(base, "fresh", {})
    return Desk(place, made.table.replace(str(made.root), str(place)), made.now)


def _started(desk: Desk) -> ForkProcess:
    process = FORK.Process(target=_quietly, args=(desk,))
    process.start()
    return process


def _quietly(desk: Desk) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    desk.publish()


def _outstanding(desk: Desk) -> int:
    receiving, sending = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_tell, args=(desk, sending))
    process.start()
    left: int = receiving.recv()
    process.join()
    return left


def _tell(desk: Desk, sending: Connection) -> None:
    with desk.work() as work:
        sending.send(len(work.ledger.intents("rocket")))


@contextmanager
def _server() -> Generator[str]:
    """Serve both trackers in a process of their own; yield where."""
    receiving, sending = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_serve, args=(sending,))
    process.start()
    try:
        yield receiving.recv()
    finally:
        process.terminate()
        process.join()


def _serve(sending: Connection) -> None:
    world = new_world()
    world.make_github(3, 0, 0, 0, 0)
    world.make_jira(3, 0, ("SCT",))
    held: list[Trackers] = []
    limits = {"points_per_minute": 0, "creates_per_minute": 0, "rate_limit": 0, "max_concurrent": 0}
    lag = {"listing_lag_s": LAG, "search_lag_s": LAG}
    with served(world, extra=_routes(held), latency_ms=LATENCY, conforming=False, **lag, **limits) as trackers:
        held.append(trackers)
        sending.send(trackers.base)
        signal.pause()


def _routes(held: list[Trackers]) -> Callable[[Any], list[web.RouteDef]]:
    async def fresh(_: web.Request) -> web.Response:
        """Forget what was filed, and all faults."""
        for tracker in (held[0].github, held[0].jira):
            for key in tracker.born:
                tracker.issues.pop(key, None)
            tracker.born.clear()
            tracker.version += 1
        held[0].traffic.reset()
        return web.json_response({})

    async def filed(_: web.Request) -> web.Response:
        """Say which tickets bear which key."""
        return web.json_response(_by_key(held[0]))

    async def counters(_: web.Request) -> web.Response:
        return web.json_response(json.loads(json.dumps(held[0].traffic.counters())))

    def made(traffic: Any) -> list[web.RouteDef]:
        return [
            web.post("/_control/fresh", fresh),
            web.get("/_control/filed", filed),
            web.get("/_control/counters", counters),
            *(one for one in traffic.routes() if one.path.endswith("/faults")),
        ]

    return made


def _by_key(trackers: Trackers) -> dict[str, list[str]]:
    bodies = {str(number): issue["body"] or "" for number, issue in trackers.github.issues.items()}
    found = [(key, number) for number, body in bodies.items() if (key := marked(body))]
    for name, issue in trackers.jira.issues.items():
        found += [(key, name) for key in labelled(issue["fields"]["labels"])]
    return {key: [name for other, name in found if other == key] for key, _ in found}


def _control(base: str, what: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    address = f"{base}/_control/{what}"
    with urllib.request.urlopen(address, data=data, timeout=30) as answer:  # noqa: S310 - loopback
        return json.loads(answer.read() or b"null")


if __name__ == "__main__":
    main()
