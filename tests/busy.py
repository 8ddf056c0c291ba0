"""A portfolio with as much to decide and as many tickets as nobody should ever have, made in bulk."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from scout.ledger import Ledger
from scout.ledger.schema import candidates, decisions, revisions
from scout.warehouse.published import FindingRow, Rows, TicketRow
from scout.warehouse.snapshot import read_snapshot, write_snapshot
from tests.rocket import NOW, Scout, rocket

PROJECTS = ("rocket", "harbour", "meadow", "orchard")
VERBS = ("Mend", "Remove", "Explain", "Rename", "Split", "Cover", "Update", "Replace", "Document", "Retire")
THINGS = ("valve", "gauge", "ledger", "crane", "beacon", "winch", "pump", "rudder", "anchor", "hatch", "mast", "keel")
PLACES = ("harbour", "orchard", "meadow", "bridge", "tunnel", "tower", "station", "garden", "quarry", "canal", "mill")
_LIVE = 10
"""One of so many tickets is open."""


def busy(root: Path, waiting: int, tickets: int, ledger: str = "") -> tuple[Path, Path]:
    """Make the portfolio; return the folder with its settings, and the state folder.

    Args:
        root: an empty folder.
        waiting: candidates that wait for a decision; a fifth as many are decided.
        tickets: in the published snapshot, of all projects together.
        ledger: the URL of its database; empty for a file.
    """
    place, state = root / "portfolio", root / "state"
    rocket(place / "rocket")
    tables = [f'[[project]]\nid = "{name}"\npath = "{name}"\nreviewers = 25\n' for name in PROJECTS]
    for name in PROJECTS[1:]:
        rocket(place / name, landed=2)
    configured = f'[portfolio]\nledger = "{ledger}"\n' if ledger else ""
    (place / "scout.toml").write_text(configured + "".join(tables))
    scout = Scout(state, place / "rocket")
    assert not ledger or scout("trust").code == 0
    ran = scout("run", "--all")
    assert ran.code == 0, ran.err
    _fill_ledger(ledger or str(state / "ledger.sqlite"), waiting)
    _fill_snapshot(state, tickets)
    return place, state


def _fill_ledger(where: str, waiting: int) -> None:
    """Copy a real candidate, with other words, as often as is wanted."""
    now = datetime.fromisoformat(NOW)
    with Ledger.open(where) as ledger:
        real = max(ledger.candidates(project="rocket"), key=lambda one: len(one.draft.evidence))
        whole = real.draft.model_dump()
        plain = real.draft.model_dump(mode="json", include={"evidence", "readiness"})
        rows: dict[str, list[dict[str, Any]]] = {"candidate": [], "revision": [], "decision": []}
        for number in range(waiting + waiting // 5):
            name = f"c-{number:010x}"
            at = now - timedelta(minutes=number)
            kept = real.model_dump(include={"signal", "subject", "severity", "score"})
            own = {"id": name, "project": PROJECTS[number % len(PROJECTS)], "created_at": at, "generation": 0}
            rows["candidate"].append(kept | own | {"fingerprint": f"{real.signal}:{number:016x}"})
            said = {"candidate": name, "number": 1, "title": title(number), "at": at}
            rows["revision"].append(whole | plain | said)
            if number >= waiting:
                given = {"candidate": name, "revision": 1, "at": at, "actor": "reviewer", "until": None}
                events = ("edit", "undo", "reject")
                rows["decision"] += [
                    given | {"seq": seq, "event": event, "reason": "not now", "condition": "", "into": ""}
                    for seq, event in enumerate(events, start=1)
                ]
        with ledger.writing() as connection:
            for table, values in zip((candidates, revisions, decisions), rows.values(), strict=True):
                connection.execute(insert(table), values)


def _fill_snapshot(state: Path, tickets: int) -> None:
    """Leave for each project what a run leaves: seven of ten tickets are the first one's."""
    path = state / "snapshot.json"
    left = read_snapshot(path)
    assert left is not None
    parts = {one["id"]: one for one in left.content["projects"]}
    rows = Rows(state / "snapshot.sqlite")
    for place, name in enumerate(PROJECTS):
        count = tickets * 7 // 10 if place == 0 else tickets // 10
        rows.replace(name, "busy", _tickets(count), _findings(1000))
        parts[name] = {**parts["rocket"], "id": name, "tickets": {"open": count // _LIVE, "ready": count // 40}}
    write_snapshot(path, {"projects": [parts[name] for name in sorted(parts)]}, datetime.now(UTC))


def _tickets(count: int) -> Iterator[TicketRow]:
    for number in range(count):
        live = number % _LIVE == 0
        yield TicketRow.model_construct(
            None,
            place=number,
            source="jira",
            key=f"{number}",
            title=title(number * 7919),
            state="unstarted" if live else "completed",
            url="",
            closed_at="" if live else "2025-01-01",
            stock="ready" if number % (4 * _LIVE) == 0 else "open" if live else "closed",
            total=0.7 if live else None,
            failed="",
            said=f"The {title(number)} was asked for in the last round of talks. " * 5 if live else "",
        )


def _findings(count: int) -> Iterator[FindingRow]:
    for number in range(count):
        yield FindingRow(
            place=number,
            fingerprint=f"todo-age:{number:016x}",
            signal="todo-age",
            subject=f"src/part{number}.py",
            title=title(number),
            severity=1 + number % 3,
            offered=number % 4 == 0,
            leads=True,
            paths=f"src/part{number}.py",
        )


def title(number: int) -> str:
    """Return some words, others for nearly every number."""
    verb, thing, place = (words[number // by % len(words)] for words, by in ((VERBS, 1), (THINGS, 10), (PLACES, 150)))
    return re.sub(r"\s+", " ", f"{verb} the {thing} of the {place} in part {number % 9973}")
