"""The case to beat, whole: 719 tickets in 8 trackers of 80 ms latency, classified while all goes wrong, and undone.

One server for each repository (`tests.backlog_case`): five at GitHub, three in Jira. Nine workers in two waves, 50 of
them killed, one poisoned ticket, one question, 17 tickets wrong (`tests.hard_case`). It prints that table, then the
floor (80 contents in any minute and tracker, whoever writes), what was measured, and the ratio, for setting and for
taking back, and compares every label. `python -m tests.bench.bench_classify_apply` takes seven minutes, mostly asleep.
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
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web

from scout import clock
from scout.remote.writes import MINUTE, PER_MINUTE
from scout.service.classify_apply import apply
from scout.service.classify_plan import Wishes
from scout.service.classify_run import classify
from scout.service.classify_undo import undo
from scout.service.ingest import ingest
from scout.service.wiring import Workspace, open_workspace
from tests import backlog_case
from tests.backlog_case import Made
from tests.hard_case import hard, saying, table
from tests.trackers import TOKEN, new_world, served, stand_ins

FORK = multiprocessing.get_context("fork")
LATENCY = float(os.environ.get("SCOUT_BENCH_LATENCY", "80"))
MOST = int(os.environ.get("SCOUT_BENCH_TICKETS", "719"))
"""Fewer make it quicker; then there is no floor to compare with."""
WANTED = 1.1
JIRA = ("alloy", "modules", "daemon")
Labels = dict[str, dict[str, list[str]]]


def main() -> None:
    """Set and take back all labels, print the figures, and end with 1 when a label is wrong or the ratio too high."""
    with TemporaryDirectory() as folder, _servers() as bases:
        root = Path(folder)
        os.environ |= {"SCOUT_HOME": str(root / "home"), "XDG_CONFIG_HOME": str(root / "config")}
        (root / "token").write_text(TOKEN)
        (root / "scout.toml").write_text("\n".join(_table(name, base) for name, base in bases.items()))
        work = open_workspace(root, clock.now(), root / "scout.toml")
        began = time.monotonic()
        for name in bases:
            ingest(work, work.project(name.lower()))
        _say(f"{len(bases)} repositories pulled", began)
        began = time.monotonic()
        if MOST < backlog_case.TICKETS:
            classified = classify(work, Wishes(every=True, waves=(5, 4)))
        else:
            found = hard(work, root)
            classified = found.report
            sys.stdout.write(f"{table(found)}\n")
        _say(f"{classified.tickets} tickets classified, audited and joined", began)
        before = _labels(bases)
        ratios = [_applied(work, bases), _undone(work, bases)]
        same = _labels(bases) == before
        sys.stdout.write(f"after taking back, every label of every ticket is as before: {'yes' if same else 'NO'}\n")
        violations = {
            kind: n for base in bases.values() for kind, n in _control(base, "counters")["violations"].items()
        }
        sys.stdout.write(f"limits broken at the servers: {violations or 'none'}\n")
        work.close()
    sys.exit(not same or bool(violations) or max(ratios) > WANTED)


def _applied(work: Workspace, bases: dict[str, str]) -> float:
    began = time.monotonic()
    report = apply(work, accept=("all",), live=True, make_labels=True)
    for batch in report.batches:
        for ticket, reason in list(batch.held.items())[:3]:
            sys.stdout.write(f"{batch.project} {ticket} was left alone: {reason}\n")
    counted = Counter(
        len([one for one in labels if one.startswith("gtd:")])
        for tickets in _labels(bases).values()
        for labels in tickets.values()
    )
    sys.stdout.write(
        f"{report.written} labels set, {report.failed} left alone; classes on each ticket: {dict(counted)}\n"
    )
    return _ratio("setting", began, bases)


def _undone(work: Workspace, bases: dict[str, str]) -> float:
    shutil.rmtree(work.home / "limits")  # as if an hour had passed, for both sides
    for base in bases.values():
        _control(base, "reset", {})
    began = time.monotonic()
    report = undo(work, live=True)
    sys.stdout.write(
        f"{report.undone} of {report.written} labels taken back, {sum(map(len, report.held.values()))} held\n"
    )
    return _ratio("taking back", began, bases)


def _ratio(what: str, began: float, bases: dict[str, str]) -> float:
    """Print and return how much longer it took than the busiest tracker's limit alone."""
    took = time.monotonic() - began
    written = {name: _control(base, "counters")["writes"] for name, base in bases.items()}
    busiest = max(written, key=lambda name: written[name])
    floor = (written[busiest] - 1) // PER_MINUTE * MINUTE
    ratio = took / floor if floor else 0.0
    sys.stdout.write(
        f"{what}: {sum(written.values())} writes, {written[busiest]} of them to {busiest}: floor {floor:.0f} s, "
        f"measured {took:.1f} s, ratio {ratio:.3f} (at most {WANTED})\n"
    )
    return ratio


def _say(what: str, began: float) -> None:
    sys.stdout.write(f"{what} in {time.monotonic() - began:.1f} s\n")
    sys.stdout.flush()


def _table(name: str, base: str) -> str:
    kind = "jira" if name in JIRA else "github"
    jira, github = f'projects = ["{name.upper()}"], auth = "token"', f'repository = "acme/{name}", details_per_run = 0'
    source = f'type = "{kind}", url = "{base}", {jira if name in JIRA else github}, token_file = "token"'
    return f'[[project]]\nid = "{name.lower()}"\nsources = [{{{source}}}]\n'


def _labels(bases: dict[str, str]) -> Labels:
    return {name: _control(base, "labels") for name, base in bases.items()}


@contextmanager
def _servers() -> Generator[dict[str, str]]:
    """Serve every repository in a process beside this one; yield their addresses by name."""
    receiving, sending = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_serve, args=(sending,))
    process.start()
    try:
        yield receiving.recv()
    finally:
        process.terminate()
        process.join()


def _serve(sending: Connection) -> None:
    bases: dict[str, str] = {}
    made = saying(backlog_case.tickets())[:MOST]
    with ExitStack() as running:
        for name in dict.fromkeys(one.repository for one in made):
            world = _world(name, [one for one in made if one.repository == name])
            trackers = served(world, extra=_Routes(world), latency_ms=LATENCY, conforming=False)
            bases[name] = running.enter_context(trackers).base
        sending.send(bases)
        signal.pause()


def _world(name: str, made: list[Made]) -> Any:
    """Return a tracker with these tickets, all of them open."""
    world, records = new_world(repository=f"acme/{name}"), stand_ins("records")
    if name not in JIRA:
        for one in made:
            labels = [world.github.label(label) for label in dict.fromkeys(one.fields["labels"])]
            at = one.fields["created"].replace(".000Z", "Z")
            world.github.add_issue(one.fields["title"], one.body, records.person(1), at, labels)
        return world
    world.make_jira(0, 0, (name.upper(),))
    kind = {"id": "3", "name": "Task", "subtask": False}
    for one in made:
        labels = ["-".join(label.split()) for label in one.fields["labels"]]
        fields = {"summary": one.fields["title"], "description": one.body, "labels": labels, "issuetype": kind}
        world.jira.add_issue(name.upper(), fields, one.fields["created"], records.jira_person(1))
    return world


class _Routes:
    """What the bench asks a server beside its API."""

    def __init__(self, world: Any) -> None:
        self._world = world

    def __call__(self, traffic: Any) -> list[web.RouteDef]:
        """Return the routes."""
        return [web.get("/_control/labels", self._labels), *traffic.routes()]

    async def _labels(self, _: web.Request) -> web.Response:
        """Say which labels each ticket has."""
        hub, jira = self._world.github.issues, self._world.jira.issues
        found = {str(number): [one["name"] for one in issue["labels"]] for number, issue in hub.items()}
        return web.json_response(found | {key: issue["fields"]["labels"] for key, issue in jira.items()})


def _control(base: str, what: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(f"{base}/_control/{what}", data=data, timeout=30) as answer:  # noqa: S310 - loopback
        return json.loads(answer.read() or b"null")


if __name__ == "__main__":
    main()
