"""A checkout with many tickets that can be worked on at once, and many who ask for one at the same time."""

import multiprocessing as mp
import os
import signal
from collections.abc import Sequence
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path

from scout.service.assess import assess_tickets
from scout.service.ingest import ingest
from scout.service.next_work import next_work
from scout.service.wiring import open_workspace
from tests.making import Made
from tests.orchard import READY

BEGUN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def shop(path: Path, tickets: int) -> Made:
    """Make a checkout with ready tickets, each about a file of its own."""
    made = Made(path)
    made.commit({f"app/export{number}.py": "def rows():\n    return []\n" for number in range(tickets)}, "begin")
    folder = path / "tickets"
    folder.mkdir()
    for number in range(tickets):
        text = READY.replace("app/export.py", f"app/export{number}.py").replace(
            "`pytest tests/test_export.py`", "`make`"
        )
        (folder / f"t{number}.md").write_text(f"---\ntitle: Rows of export{number} in UTC\n---\n\n{text}", "utf-8")
    return made


def pulled(path: Path, at: datetime = BEGUN) -> None:
    """Read and judge the tickets once."""
    work = open_workspace(path, at)
    project = work.project()
    ingest(work, project)
    assess_tickets(work, project)


def asks(path: Path, holder: str, *, at: datetime = BEGUN, count: int = 1) -> list[str]:
    """Claim tickets in this process and return their keys."""
    work = open_workspace(path, at)
    return [one.key for one in next_work(work, work.project(), count=count, claim=holder).tickets]


def at_once(path: Path, holders: Sequence[str]) -> list[list[str]]:
    """Let as many processes as there are holders ask at the same moment; return what each got."""
    context = mp.get_context("fork")
    gate = context.Barrier(len(holders))
    ends: list[Connection] = []
    running: list[BaseProcess] = []
    for holder in holders:
        mine, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_ask, args=(path, holder, gate, theirs))
        process.start()
        theirs.close()
        ends.append(mine)
        running.append(process)
    got = [end.recv() for end in ends]
    for process in running:
        process.join(60)
        assert process.exitcode == 0
    return got


def killed_holder(path: Path, holder: str) -> list[str]:
    """Let a process claim a ticket, kill it while it works, and return what it held."""
    context = mp.get_context("fork")
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_ask_and_work, args=(path, holder, theirs))
    process.start()
    theirs.close()
    held = mine.recv()
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    return held


def _ask(path: Path, holder: str, gate: Barrier, end: Connection) -> None:
    gate.wait(60)
    end.send(asks(path, holder))


def _ask_and_work(path: Path, holder: str, end: Connection) -> None:
    end.send(asks(path, holder))
    signal.pause()
