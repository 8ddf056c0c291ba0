"""Gather what is to be classified: records in a file for each project, and what has not changed left out."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from scout.errors import ScoutError
from scout.lifecycle import register, worker
from scout.lifecycle.record import Record, dumped
from scout.lifecycle.slicing import Share
from scout.lifecycle.taxonomy import Taxonomy
from scout.model import digest
from scout.service.classify_records import Given, of_file, of_project
from scout.service.classify_runs import Origin, Run
from scout.service.wiring import Workspace
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import lifecycle as table

_SPOOL = "records"


class _Known(NamedTuple):
    """The class that a ticket has."""

    digest: str
    meaning: str
    rule: str


class Gathering:
    """Writes each project's records into a file of its own, so that their number is known before slices are cut."""

    def __init__(self, work: Workspace, run: Run, told: Taxonomy, *, again: bool) -> None:
        self._work, self._run, self._told, self._again = work, run, told, again
        self._spool = run.folder / _SPOOL
        self._spool.mkdir(mode=0o700)
        self._files: dict[str, Path] = {}
        self.counts = Counter[str]()
        self.unchanged = self.gone = 0
        self.overruled = Counter[str]()
        self.notes: list[str] = []
        self.twice: list[str] = []

    def all(self, origin: Origin, step: Callable[[str], None]) -> None:
        """Gather everything; a project that cannot be read is told, and the others go on."""
        with register.opened(self._run.folder) as kept:
            for name in origin.projects:
                step(f"Reading {name}")
                try:
                    self._gather(kept, name, of_project(self._work, self._work.project(name)), self._known(name))
                except ScoutError as error:
                    self.notes.append(f"{name} is left out: {error.what}")
            for path in map(Path, origin.files):
                step(f"Reading {path.name}")
                self._gather(kept, path.stem, of_file(path), {})

    def lines(self, share: Share) -> Iterator[str]:
        """Return the lines of a share."""
        with self._files[share.project].open(encoding="utf-8", newline="\n") as file:
            yield from islice(file, share.start, share.stop)

    def tidy(self) -> None:
        """Remove what slices have copied."""
        for path in self._files.values():
            path.unlink()
        self._spool.rmdir()

    def _known(self, name: str) -> dict[tuple[str, str], _Known]:
        try:
            with self._work.warehouse.reading() as connection:
                held = table.standings(connection, name, self._told.id)
                return {(one.source, one.key): _Known(one.digest, one.meaning, one.rule) for one in held}
        except NoWarehouseError:
            return {}

    def _gather(
        self, kept: register.Register, project: str, given: Iterator[Given | str], known: dict[tuple[str, str], _Known]
    ) -> None:
        self._files[project] = self._spool / f"{len(self._files)}.jsonl"
        faults: list[str] = []
        with self._files[project].open("w", encoding="utf-8", newline="\n") as file:
            for one in given:
                if isinstance(one, str):
                    faults.append(one)
                    continue
                before = known.pop((one.source, one.record.id), None)
                record = self._unlabelled(one, before)
                of = digest(self._told.digest, dumped(replace(record, updated_at=None)))
                if not self._again and before is not None and before.digest == of:
                    self.unchanged += 1
                    continue
                number = self.counts.total()
                if kept.add(number, (project, one.source, record.id), record.title, of):
                    file.write(worker.line_of(str(number), dumped(record)))
                    self.counts[project] += 1
                else:
                    faults.append(f"{record.id} occurs twice; the first one counts")
        kept.lose(project, sorted(known))
        self.gone += len(known)
        if faults:
            self.notes.append(f"{project}: {len(faults)} left out, first: {faults[0]}")

    def _unlabelled(self, given: Given, before: _Known | None) -> Record:
        """Return a record without labels of this taxonomy: Scout's own are no evidence, those of people stand."""
        record = given.record
        said = self._told.classes_of(record.labels, given.source)
        if not said:
            return record
        own = {self._told.label(name, given.source).casefold() for name in self._told.names}
        labels = tuple(one for one in record.labels if one.strip().casefold() not in own)
        settled = said[0] if len(said) == 1 and (before is None or before.meaning != said[0]) else ""
        if before is not None and before.rule == "settled" and said == (before.meaning,):
            settled = before.meaning
        elif settled and before is not None:
            self.overruled[f"{before.rule}: {before.meaning} became {settled}"] += 1
        if len(said) > 1:
            self.twice.append(f"{record.project} {record.id}: {', '.join(said)}")
        return replace(record, labels=labels, settled=settled)
