"""Runs of the lifecycle fan-out as folders: what each is about, how far it is, and what happened in it."""

import json
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scout.errors import UsageError
from scout.ledger import Entry
from scout.lifecycle.foreman import Happened
from scout.lifecycle.taxonomy import Taxonomy
from scout.model import Frozen
from scout.model.names import nearest
from scout.service.wiring import Workspace
from scout.warehouse.freshness import replace_file

FOLDER, STATE, EVENTS, TAXONOMY = "classify", "run.json", "events.jsonl", "taxonomy.json"
WORKERS, ANSWERS = "workers", "answers"
ACTOR = "scout"


class Phase(StrEnum):
    """How far a run is."""

    PLANNED = "planned"
    WORKING = "working"
    JOINED = "joined"
    UNDONE = "undone"


class Origin(Frozen):
    """Where a run's tickets come from: projects of the workspace, or files of rows."""

    projects: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class Agreed(Frozen):
    """How first answers and audit agree on the blind sample; `stops` says why nothing is offered for application."""

    audited: int
    blind: int
    kappa: float | None
    low: float | None
    high: float | None
    classes: dict[str, float | None]
    stops: str = ""


class Asked(Frozen):
    """What a model was asked in a run, and how that ended.

    Attributes:
        tickets: that it was asked about; `answered` those where its word counts.
        differs: of those, how often the rules' first guess was another class.
        unanswered: how many of the others ended in which way.
        checked: how many answers another worker, by another brief, was asked about again.
    """

    tickets: int
    answered: int
    differs: int
    unanswered: dict[str, int]
    checked: int


class RunState(Frozen):
    """A run.

    Attributes:
        selection: digest of taxonomy and origin; a run that is not finished goes on when the same is asked for again.
        waves: workers of each wave, by name.
        counts: tickets by project.
        unchanged: tickets that were passed over, since neither they nor the rules have changed; `gone` those that had a
            class and are not open any more; `overruled` how often people changed the class that a rule gave.
        minutes: expected at the start; likewise `asks` (tickets about which a model is asked), `tokens` and `money`.
        seconds: by phase.
        restarts: workers that were started again; `corrected` tickets whose class an audit changed.
    """

    run: str
    at: datetime
    phase: Phase
    origin: Origin
    taxonomy: str
    digest: str
    selection: str
    waves: tuple[tuple[str, ...], ...] = ()
    counts: dict[str, int] = {}
    unchanged: int = 0
    gone: int = 0
    overruled: dict[str, int] = {}
    minutes: float = 0.0
    asks: int = 0
    tokens: int = 0
    money: float = 0.0
    notes: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    seconds: dict[str, float] = {}
    restarts: int = 0
    set_aside: tuple[str, ...] = ()
    disputed: int = 0
    agreement: Agreed | None = None
    asked: Asked | None = None


class Run:
    """A run's folder."""

    def __init__(self, work: Workspace, name: str) -> None:
        self._work = work
        self.name = name
        self.folder = work.home / FOLDER / name

    def state(self) -> RunState:
        """Return how far it is.

        Raises:
            UsageError: its folder has been damaged.
        """
        try:
            return RunState.model_validate_json((self.folder / STATE).read_bytes())
        except (OSError, ValidationError) as error:
            message = f"The run {self.name} cannot be read."
            raise UsageError(message, "Plan again: scout classify plan") from error

    def keep(self, state: RunState) -> RunState:
        """Write how far it is, whole or not at all."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(self.folder / STATE, state.model_dump_json(indent=1).encode())
        return state

    def taxonomy(self) -> Taxonomy:
        """Return the taxonomy as it was when the run was planned.

        Raises:
            UsageError: its folder has been damaged.
        """
        try:
            return Taxonomy.model_validate_json((self.folder / TAXONOMY).read_bytes())
        except (OSError, ValidationError) as error:
            raise UsageError(
                f"The taxonomy of {self.name} cannot be read.", "Plan again: scout classify plan"
            ) from error

    def keep_taxonomy(self, taxonomy: Taxonomy) -> None:
        """Keep the taxonomy that the run is by."""
        (self.folder / TAXONOMY).write_text(taxonomy.model_dump_json(by_alias=True), "utf-8")

    def forget(self) -> None:
        """Remove its folder: it has nothing to do."""
        shutil.rmtree(self.folder)

    def worker(self, name: str) -> Path:
        """Return a worker's folder."""
        return self.folder / WORKERS / name

    def tell(self, happened: Happened, project: str = "") -> None:
        """Write an event down: in the run's folder for whoever watches, in the ledger for ever."""
        details = {name: value for name, value in happened.details.items() if value}
        event = {"verb": happened.verb, "worker": happened.worker, "subject": happened.subject, **details}
        with (self.folder / EVENTS).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"at": datetime.now(self._work.now.tzinfo).isoformat(), **event}) + "\n")
        entry = Entry(
            at=self._work.now,
            actor=happened.worker or ACTOR,
            verb=f"classify: {happened.verb}",
            project=project,
            subject=self.name,
            details={"ticket or question": happened.subject, **details} if happened.subject else dict(details),
        )
        self._work.ledger.audit(entry)

    def events(self, newest: int = 0) -> list[Mapping[str, Any]]:
        """Return what happened, oldest first; only the newest ones where a number is given."""
        return list(self._events())[-newest:]

    def _events(self) -> Iterator[Mapping[str, Any]]:
        try:
            lines = (self.folder / EVENTS).read_text("utf-8").splitlines()
        except FileNotFoundError:
            return
        for line in lines:
            try:
                yield json.loads(line)
            except ValueError:  # the last line of a process that was killed
                continue


def runs(work: Workspace) -> list[Run]:
    """Return the runs, the newest last."""
    folder = work.home / FOLDER
    names = [place.name for place in folder.iterdir() if (place / STATE).is_file()] if folder.is_dir() else []
    found = [Run(work, name) for name in names]
    return sorted(found, key=lambda run: (run.state().at, run.name))


def run_called(work: Workspace, name: str | None) -> Run:
    """Return the run of that name or of a name that begins so; the newest one where none is given.

    Raises:
        UsageError: there is none, or several begin so.
    """
    known = runs(work)
    if name is None:
        if known:
            return known[-1]
        raise UsageError("Nothing was classified yet.", "Begin with: scout classify plan")
    found = [run for run in known if run.name == name] or [run for run in known if run.name.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"'{name}' could be {' or '.join(run.name for run in found)}.", "Give more of its name.")
    near = nearest(name, [run.name for run in known])
    raise UsageError(f"There is no run '{name}'.", f"Did you mean '{near}'?" if near else "See: scout classify status")
