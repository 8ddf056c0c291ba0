"""Several Scouts at the same time, and what each of them must leave whole."""

import sqlite3
import subprocess
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.rocket import Ran, Scout
from tests.scenes import Scene


def at_once(*calls: tuple[Scout, tuple[str, ...], str]) -> list[Ran]:
    """Start all calls (Scout, arguments, `--now`) at the same time and return how each ended, in their order."""
    started = [
        subprocess.Popen(
            scout.command(*arguments, now=now),
            cwd=scout.folder,
            env=scout.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for scout, arguments, now in calls
    ]
    ended: list[Ran] = []
    for process in started:
        out, err = process.communicate(timeout=120)
        assert "Traceback" not in err, err
        assert "Scout itself failed" not in err, err
        ended.append(Ran(process.returncode, out, err))
    return ended


def waiting(scene: Scene) -> list[str]:
    """Return the candidates that wait for a decision."""
    listed = scene.scout("inbox", "list", "--all", "--json", now=scene.now).document["candidates"]
    return [line["id"] for line in listed if line["state"] == "offered"]


def decide_meanwhile(scene: Scene, candidate: str, *, accept: bool) -> list[Ran]:
    """Let two runs and one decision about a candidate go on at once; return how they ended, the decision last."""
    verb = "accept" if accept else "reject"
    decision = ("inbox", verb, candidate, "--reason", "said meanwhile", "--json")
    scout = scene.scout
    return at_once(
        *((scout, command, scene.now) for command in (scene.command, scene.command, decision)),
    )


def faults(scene: Scene, candidate: str, ended: Ran) -> list[str]:
    """Return what is not as it must be after a decision that was made meanwhile; nothing when all is well."""
    found: list[str] = []
    said = scene.scout("inbox", "show", candidate, "--json", now=scene.now).document["decisions"]
    kept = any(one["reason"] == "said meanwhile" for one in said)
    if kept != (ended.code == 0):
        found.append(f"decision {'kept' if kept else 'lost'} although it ended with {ended.code}: {ended.err}")
    home = scene.place / "state"
    with closing(sqlite3.connect(home / "ledger.sqlite")) as ledger:
        if ledger.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            found.append("the ledger is damaged")
        twice = ledger.execute(
            "SELECT fingerprint FROM candidates GROUP BY project, fingerprint, generation HAVING count(*) > 1"
        ).fetchall()
    found += [f"made twice: {mark}" for (mark,) in twice]
    return found + [f"left in staging: {name}" for name in scene.content()["staging"]]


def file_together(scene: Scene) -> tuple[list[Ran], dict[str, int]]:
    """Let two publications go on at once; return how they ended, and each candidate's tickets."""
    ended = at_once(*((scene.scout, scene.command, scene.now) for _ in range(2)))
    return ended, marks(scene.content())


def marks(content: dict[str, Any]) -> Counter[str]:
    """Return the markers of the tickets that are there, each with how often it is."""
    tickets: dict[str, str] = content["tickets"]
    lines = (line.strip() for text in tickets.values() for line in text.splitlines())
    return Counter(line for line in lines if line.startswith("key:"))


def both(root: Path) -> tuple[Scout, Scout]:
    """Return Scout in two checkouts with one state folder."""
    return Scout(root / "state", root / "one/rocket"), Scout(root / "state", root / "two/rocket")
