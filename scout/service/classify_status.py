"""How far a run is: what came of it, what its workers ask, what happened; and answers to what they ask."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from scout.errors import UsageError
from scout.ledger import Entry
from scout.lifecycle import worker
from scout.lifecycle.foreman import Job
from scout.lifecycle.worker import Answer, Question
from scout.model import Frozen, Report
from scout.service.classify_report import ClassificationReport, report
from scout.service.classify_runs import ANSWERS, WORKERS, Phase, Run, run_called, runs
from scout.service.wiring import Workspace
from scout.warehouse.freshness import replace_file


class OpenQuestion(Frozen):
    """What a worker asks: it waits until somebody says yes or no.

    Attributes:
        about: `brief`, `taxonomy`, `settings` or `tracker`.
    """

    run: str
    worker: str
    about: str
    wants: str
    context: str


class WorkerLine(Frozen):
    """A worker: how many tickets it has, at which it is, and whether it has finished."""

    worker: str
    tickets: int
    at: int
    finished: bool


class Occurrence(Frozen):
    """Something that happened."""

    at: str
    verb: str
    worker: str
    subject: str
    details: dict[str, str]


class ClassificationStatus(Report):
    """A run as it is now.

    Attributes:
        outcome: what came of it so far.
        events: what happened, the newest last.
        runs: all runs with their phases, the newest last.
    """

    schema_id: ClassVar[str] = "scout.classification.status/1"

    run: str
    phase: Phase
    outcome: ClassificationReport
    workers: tuple[WorkerLine, ...]
    questions: tuple[OpenQuestion, ...]
    events: tuple[Occurrence, ...]
    runs: dict[str, str]


class AnswerReport(Report):
    """A question and its answer."""

    schema_id: ClassVar[str] = "scout.classification.answer/1"

    run: str
    worker: str
    wants: str
    yes: bool


def status(work: Workspace, name: str | None = None, newest: int = 20) -> ClassificationStatus:
    """Return how far a run is, the newest one by default, with its newest events.

    Raises:
        UsageError: there is none.
    """
    run = run_called(work, name)
    state = run.state()
    return ClassificationStatus(
        run=run.name,
        phase=state.phase,
        outcome=report(run),
        workers=tuple(_worker(place) for place in _folders(run)),
        questions=_questions(run),
        events=tuple(_occurrence(event) for event in run.events(newest)),
        runs={one.name: one.state().phase.value for one in runs(work)},
    )


def watching(show: Callable[[tuple[WorkerLine, ...]], None], every: float = 0.2) -> Callable[[Sequence[Job]], None]:
    """Return what a wave calls at every look: it shows how far each worker is, every so many seconds."""
    shown = 0.0

    def turn(jobs: Sequence[Job]) -> None:
        nonlocal shown
        over = all(job.finished for job in jobs)
        if over or time.monotonic() - shown > every:
            shown = time.monotonic()
            show(tuple(_line(job) for job in jobs))

    return turn


def _line(job: Job) -> WorkerLine:
    told = job.brief
    at = told.count if job.finished else worker.at_line(job.folder) or 0
    return WorkerLine(worker=told.worker, tickets=told.count, at=at, finished=job.finished)


def open_questions(work: Workspace) -> tuple[OpenQuestion, ...]:
    """Return what workers of all runs ask: the inbox shows it before anything else, since work stands still."""
    return tuple(one for run in runs(work) if run.state().phase is Phase.WORKING for one in _questions(run))


def answer(  # noqa: PLR0913 - what a person may say
    work: Workspace, name: str | None, who: str, *, yes: bool, actor: str, reason: str = ""
) -> AnswerReport:
    """Answer a worker's question; it goes on at the next look.

    Raises:
        UsageError: that worker asks nothing.
    """
    run = run_called(work, name)
    asked = next((one for one in _questions(run) if one.worker == who), None)
    if asked is None:
        waiting = ", ".join(one.worker for one in _questions(run))
        raise UsageError(
            f"The worker {who} of {run.name} asks nothing.", f"These do: {waiting}." if waiting else "Nobody does."
        )
    folder = run.folder / ANSWERS
    folder.mkdir(mode=0o700, exist_ok=True)
    replace_file(folder / f"{who}.json", Answer(yes=yes, reason=reason).model_dump_json().encode())
    details = {"answer": "yes" if yes else "no", "wants": asked.wants, "reason": reason}
    subject = f"{run.name} {who}"
    work.ledger.audit(
        Entry(at=work.now, actor=actor, verb="classify: decided", project="", subject=subject, details=details)
    )
    return AnswerReport(run=run.name, worker=who, wants=asked.wants, yes=yes)


def _folders(run: Run) -> list[Path]:
    place = run.folder / WORKERS
    return sorted(place.iterdir()) if place.is_dir() else []


def _worker(place: Path) -> WorkerLine:
    from scout.lifecycle import brief as briefs
    from scout.lifecycle.foreman import FINISHED

    finished = (place / FINISHED).exists()
    count = briefs.read(place).count
    at = worker.at_line(place)
    return WorkerLine(worker=place.name, tickets=count, at=count if finished else at or 0, finished=finished)


def _questions(run: Run) -> tuple[OpenQuestion, ...]:
    found: list[OpenQuestion] = []
    for place in _folders(run):
        try:
            asked = Question.model_validate_json((place / worker.QUESTION).read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if (run.folder / ANSWERS / f"{place.name}.json").exists():
            continue
        found.append(
            OpenQuestion(run=run.name, worker=place.name, about=asked.about, wants=asked.wants, context=asked.context)
        )
    return tuple(found)


def _occurrence(event: Mapping[str, object]) -> Occurrence:
    known = {"at", "verb", "worker", "subject"}
    return Occurrence(
        at=str(event.get("at", "")),
        verb=str(event.get("verb", "")),
        worker=str(event.get("worker", "")),
        subject=str(event.get("subject", "")),
        details={name: str(value) for name, value in event.items() if name not in known},
    )
