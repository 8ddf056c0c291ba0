"""Plan a run: which tickets, in which slices and waves, by which briefs, and what it may take."""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from scout.errors import UsageError
from scout.lifecycle import brief as briefs
from scout.lifecycle import slicing, worker
from scout.lifecycle.brief import Brief, Case
from scout.lifecycle.record import Record, loaded
from scout.lifecycle.rules import Verdict
from scout.lifecycle.slicing import Slice
from scout.lifecycle.taxonomy import Taxonomy, load
from scout.model import Frozen, Report, digest
from scout.service.classify_ask import Expected
from scout.service.classify_gather import Gathering
from scout.service.classify_runs import Origin, Phase, Run, RunState, runs
from scout.service.classify_standing import restate_all
from scout.service.wiring import Workspace

PER_SECOND = 900.0
"""Tickets that one process classifies in a second, roughly; an estimate."""
_SAMPLE = 120
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a run is to be.

    Attributes:
        projects: ids; none and no files: the project here, or with `every` all.
        files: of rows, instead of projects.
        taxonomy: a name or a file.
        waves: workers by wave; `together` puts all into one.
        again: classify also what has not changed.
        cases: corner cases that every brief tells.
        seconds: after which a silent worker is taken as lost; `limit` those that one may take in all; `megabytes` of
            memory for each.
    """

    projects: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    every: bool = False
    taxonomy: str = "gtd"
    waves: tuple[int, ...] = ()
    together: bool = False
    again: bool = False
    cases: tuple[Case, ...] = ()
    seconds: float = _SECONDS
    limit: float = 1800.0
    megabytes: int = 512


class PlannedSlice(Frozen):
    """A worker's share: tickets by project."""

    worker: str
    wave: int
    tickets: int
    projects: dict[str, int]
    brief: str


class ClassificationPlan(Report):
    """What would be done, before anything is.

    Attributes:
        unchanged: tickets that have a class already, of the same text by the same rules.
        minutes: wall time, roughly; `tokens` and `money` are of a model, 0 offline.
        asked: tickets about which a model will be asked, roughly, as far as the budgets of one run reach.
        folder: where the briefs lie, to be read and changed before the start.
        notes: what was left out and why, such as a project that cannot be read.
        twice: tickets that have labels of several classes.
    """

    schema_id: ClassVar[str] = "scout.classification.plan/1"

    run: str
    taxonomy: str
    tickets: int
    unchanged: int
    waves: int
    slices: tuple[PlannedSlice, ...]
    minutes: float
    asked: int
    tokens: int
    money: float
    folder: str
    notes: tuple[str, ...]
    twice: tuple[str, ...]


def plan(work: Workspace, wishes: Wishes, step: Callable[[str], None] = lambda _: None) -> ClassificationPlan:
    """Write a run's slices and briefs into a folder of its own.

    Raises:
        UsageError: there is no such project, file or taxonomy.
        SettingsError: the taxonomy is wrong.
    """
    told = load(wishes.taxonomy)
    origin = _origin(work, wishes)
    restate_all(work)
    selection = digest(told.digest, origin.model_dump())
    name = f"r-{work.now:%Y%m%d}-{digest(selection, work.now, len(runs(work)), length=6)}"
    run = Run(work, name)
    run.folder.mkdir(mode=0o700, parents=True)
    run.keep_taxonomy(told)
    gathered = Gathering(work, run, told, again=wishes.again)
    gathered.all(origin, step)
    total = gathered.counts.total()
    sizes = slicing.sizes(total, wishes.waves)
    waves = slicing.slices(gathered.counts, (sum(sizes),) if wishes.together else sizes)
    names = tuple(tuple(f"wave-{at}-{place}" for place in range(1, len(wave) + 1)) for at, wave in enumerate(waves, 1))
    asks = Expected(work, origin)
    for wave, workers in zip(waves, names, strict=True):
        for share, one in zip(wave, workers, strict=True):
            _prepare(run.worker(one), _brief(name, one, told, wishes, work), share, gathered, asks)
    gathered.tidy()
    at_once = min(os.cpu_count() or 1, max(map(len, waves), default=1))
    expected = slicing.estimate(total, PER_SECOND * at_once, asks.all())
    state = RunState(
        run=name,
        at=work.now,
        phase=Phase.PLANNED,
        origin=origin,
        taxonomy=told.id,
        digest=told.digest,
        selection=selection,
        waves=names,
        counts=dict(gathered.counts),
        unchanged=gathered.unchanged,
        gone=gathered.gone,
        overruled=dict(gathered.overruled),
        minutes=expected.minutes,
        asks=expected.asked,
        tokens=expected.tokens,
        money=expected.money,
        notes=tuple(gathered.notes),
        twice=tuple(gathered.twice),
    )
    run.keep(state)
    return planned(run)


def planned(run: Run) -> ClassificationPlan:
    """Return the plan of a run."""
    state = run.state()
    lines: list[PlannedSlice] = []
    for at, wave in enumerate(state.waves, 1):
        for one in wave:
            told = briefs.read(run.worker(one))
            lines.append(
                PlannedSlice(
                    worker=one,
                    wave=at,
                    tickets=told.count,
                    projects=told.counts,
                    brief=str(run.worker(one) / briefs.WRITTEN),
                )
            )
    return ClassificationPlan(
        run=run.name,
        taxonomy=state.taxonomy,
        tickets=sum(state.counts.values()),
        unchanged=state.unchanged,
        waves=len(state.waves),
        slices=tuple(lines),
        minutes=state.minutes,
        asked=state.asks,
        tokens=state.tokens,
        money=state.money,
        folder=str(run.folder),
        notes=state.notes,
        twice=state.twice,
    )


def selection_of(work: Workspace, wishes: Wishes) -> str:
    """Return the digest of what is asked for: an unfinished run of the same goes on."""
    return digest(load(wishes.taxonomy).digest, _origin(work, wishes).model_dump())


def _origin(work: Workspace, wishes: Wishes) -> Origin:
    if wishes.files:
        missing = next((path for path in wishes.files if not path.is_file()), None)
        if missing:
            raise UsageError(f"There is no file {missing}.", "Give a file of rows, or --project ID.")
        return Origin(files=tuple(str(path.resolve()) for path in wishes.files))
    if wishes.every:
        return Origin(projects=tuple(dict.fromkeys((*(one.id for one in work.listed), *work.memory.known()))))
    names = wishes.projects or (None,)
    return Origin(projects=tuple(work.project(name).id for name in names))


def _brief(run: str, name: str, told: Taxonomy, wishes: Wishes, work: Workspace) -> Brief:
    return Brief(
        run=run,
        worker=name,
        taxonomy=told,
        cases=wishes.cases,
        seconds=wishes.seconds,
        limit=wishes.limit,
        megabytes=wishes.megabytes,
        seen_at=work.now,
    )


def _prepare(folder: Path, brief: Brief, share: Slice, gathered: Gathering, asks: Expected) -> None:
    """Write slice and brief into a worker's folder."""
    folder.mkdir(mode=0o700, parents=True)
    sample: list[str] = []
    counts = Counter[str]()
    with (folder / worker.SLICE).open("w", encoding="utf-8", newline="\n") as file:
        for part in share:
            counts[part.project] += part.count
            for line in gathered.lines(part):
                file.write(line)
                if len(sample) < _SAMPLE:
                    sample.append(line)
    seen = _seen(brief, sample)
    asks.add(brief, seen, counts.total())
    examples = briefs.examples(seen, brief.taxonomy)
    briefs.write(brief.having(counts=dict(counts), count=counts.total(), examples=examples), folder)


def _seen(brief: Brief, lines: Sequence[str]) -> list[tuple[Record, Verdict]]:
    classifier = brief.classifier()
    records = (replace(loaded(line.partition("\t")[2]), seen_at=brief.seen_at) for line in lines)
    return [(record, classifier.classify(record)) for record in records]
