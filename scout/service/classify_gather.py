"""Gather what is to be classified: records in a file for each project, and what has not changed left out."""

from collections import Counter
from collections.abc import Callable, Container, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from scout.errors import ScoutError
from scout.lifecycle import register, worker
from scout.lifecycle.record import Record, dumped
from scout.lifecycle.slicing import Share
from scout.lifecycle.taxonomy import Taxonomy, plain
from scout.model import digest
from scout.service.ages import ages, troubles
from scout.service.classify_ask import askable, asks_again
from scout.service.classify_records import Given, of_file, of_project
from scout.service.classify_runs import Origin, Run
from scout.service.wiring import Project, Workspace
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import lifecycle as table

_SPOOL = "records"
_LIVE = frozenset(("git", "files"))


class _Known(NamedTuple):
    """The class that a ticket has."""

    digest: str
    meaning: str
    rule: str
    doubt: str


def _troubles(work: Workspace, project: Project) -> tuple[str, ...]:
    """Return which trackers of a project are old or unread; its folder is read as it is now."""
    return troubles((one for one in ages(work, project) if one.required and one.source not in _LIVE), work.now)


class Gathering:
    """Writes each project's records into a file of its own, so that their number is known before slices are cut."""

    def __init__(self, work: Workspace, run: Run, told: Taxonomy, *, again: bool) -> None:
        self._work, self._run, self._told, self._again = work, run, told, again
        self._spool = run.folder / _SPOOL
        self._asking: Container[str] = ()
        self._spool.mkdir(mode=0o700)
        self._files: dict[str, Path] = {}
        self.counts = Counter[str]()
        self.unchanged = self.gone = 0
        self.overruled = Counter[str]()
        self.notes: list[str] = []
        self.twice: list[str] = []

    def all(self, origin: Origin, step: Callable[[str], None]) -> None:
        """Gather everything; a project that cannot be read is told, and the others go on."""
        self._asking = askable(self._work, origin.projects)
        with register.opened(self._run.folder) as kept:
            for name in origin.projects:
                step(f"Reading {name}")
                try:
                    project = self._work.project(name)
                    self._gather(kept, name, of_project(self._work, project), self._known(name))
                    self.notes += (f"{name}: {one}" for one in _troubles(self._work, project))
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
                return {(one.source, one.key): _Known(one.digest, one.meaning, one.rule, one.doubt) for one in held}
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
                of = digest(self._told.digest, dumped(record, updated=False))
                if before is not None and before.digest == of and not self._anew(project, before):
                    self.unchanged += 1
                    continue
                number = self.counts.total()
                if kept.add(number, (project, one.source, record.id), record.title, of, one.record.labels):
                    file.write(worker.line_of(str(number), dumped(record)))
                    self.counts[project] += 1
                else:
                    faults.append(f"{record.id} occurs twice; the first one counts")
        kept.lose(project, sorted(known))
        self.gone += len(known)
        if faults:
            self.notes.append(f"{project}: {len(faults)} left out, first: {faults[0]}")

    def _anew(self, project: str, before: _Known) -> bool:
        """Return whether a ticket that has not changed is looked at all the same."""
        return self._again or (project in self._asking and asks_again(before.doubt))

    def _unlabelled(self, given: Given, before: _Known | None) -> Record:
        """Return a record without labels of this taxonomy: Scout's own are no evidence, those of people stand."""
        record = given.record
        said = self._told.classes_of(record.labels, given.source)
        if not said:
            return record
        own = {plain(self._told.label(name, given.source)) for name in self._told.names}
        labels = tuple(one for one in record.labels if plain(one) not in own)
        settled = said[0] if len(said) == 1 and (before is None or before.meaning != said[0]) else ""
        if before is not None and before.rule == "settled" and said == (before.meaning,):
            settled = before.meaning
        elif settled and before is not None:
            self.overruled[f"{before.rule}: {before.meaning} became {settled}"] += 1
        if len(said) > 1:
            self.twice.append(f"{record.project} {record.id}: {', '.join(said)}")
        return replace(record, labels=labels, settled=settled)
