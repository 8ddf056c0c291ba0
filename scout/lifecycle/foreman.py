"""The foreman of a wave: starts workers, watches them, starts again who was lost, sets aside what kills them.

Finished work is kept whatever happens: a worker that starts again passes over tickets that have a verdict. A ticket at
which workers die by themselves, stall or run out of memory is set aside after two tries. A worker that somebody else
killed says nothing about its ticket; only where that happens again and again at the same ticket, it counts.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from scout.errors import UnavailableError
from scout.lifecycle import brief as briefs
from scout.lifecycle import worker
from scout.lifecycle.brief import Brief
from scout.lifecycle.sheet import TRIES
from scout.lifecycle.worker import Answer, Question

COMMAND: Final = (sys.executable, "-P", "-m", "scout.lifecycle.worker")
"""How a worker is started; its folder follows. An array of arguments, never a line for a shell."""

FINISHED = "finished"
_SAID = "said.txt"
_TICK = 0.02
_LOST_TOO_OFTEN = 4
_NEVER_BEGAN = 3
_OVERTIMES = 3
"""How often a worker's time may run out; then the rest of its slice is left to a person."""
_FOREIGN = {signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT}
_KEPT = frozenset(("PATH", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV", "TMPDIR", "SYSTEMROOT"))
_LAST_WORDS = 400


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a wave, for the ledger, the terminal and the page.

    Attributes:
        verb: `dispatched`, `finished`, `lost`, `stalled`, `overtime`, `given up`, `crashed`, `set aside`, `asked`,
            `answered`, `tampered`.
        subject: a ticket's number in the run, or what a question is about.
    """

    verb: str
    worker: str
    subject: str = ""
    details: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass
class Job:
    """A worker's folder and brief, and what has become of it."""

    folder: Path
    brief: Brief
    process: "subprocess.Popen[bytes] | None" = None
    started: int = 0
    tries: Counter[int] = field(default_factory=Counter[int])
    lost: Counter[int] = field(default_factory=Counter[int])
    question: Question | None = None
    asked_at: float = 0.0
    begun_at: float = 0.0
    overtimes: int = 0
    finished: bool = False


Tell = Callable[[Happened], None]
Ask = Callable[[Brief, Question], Answer | None]


@dataclass(frozen=True)
class Terms:
    """How a wave is run.

    Attributes:
        command: how a worker is started; its folder follows.
        at_once: workers at the same time, at most.
        patience: seconds until a question that nobody answers is answered with no.
        turn: called at every look at the workers, for whoever wants to look, too.
    """

    command: Sequence[str] = COMMAND
    at_once: int = 2
    patience: float = 0.0
    turn: Callable[[Sequence[Job]], None] | None = None


class Foreman:
    """Runs waves.

    Args:
        terms: how.
        tell: takes every event.
        ask: says what somebody has answered to a worker's question; None as long as nobody has.
    """

    def __init__(self, terms: Terms, tell: Tell, ask: Ask) -> None:
        self._terms, self._tell, self._ask = terms, tell, ask

    def run(self, wave: Sequence[tuple[Path, Brief]]) -> tuple[Job, ...]:
        """Let workers do all slices of a wave and return what became of each.

        Raises:
            UnavailableError: workers do not even begin.
        """
        jobs = tuple(Job(folder, brief, finished=_was_finished(folder, brief)) for folder, brief in wave)
        try:
            while not all(job.finished for job in jobs):
                self._start(jobs)
                for job in jobs:
                    self._look(job)
                if self._terms.turn:
                    self._terms.turn(jobs)
                if not all(job.finished for job in jobs):
                    time.sleep(_TICK)
        finally:
            for job in jobs:
                _end(job)
        return jobs

    def _start(self, jobs: Sequence[Job]) -> None:
        free = self._terms.at_once - sum(job.process is not None for job in jobs)
        for job in jobs:
            if free > 0 and not job.finished and job.process is None and job.question is None:
                self._dispatch(job)
                free -= 1

    def _dispatch(self, job: Job) -> None:
        briefs.write(job.brief, job.folder)
        (job.folder / worker.HEARTBEAT).unlink(missing_ok=True)  # where the one before was says nothing of this one
        with (job.folder / _SAID).open("ab") as said:
            job.process = subprocess.Popen(
                [*self._terms.command, str(job.folder)],
                cwd=job.folder,
                env={name: value for name, value in os.environ.items() if name in _KEPT},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        job.started += 1
        job.begun_at = time.time()
        self._tell(Happened("dispatched", job.brief.worker, details={"time": str(job.started)}))

    def _look(self, job: Job) -> None:
        if job.question is not None:
            self._decide(job)
            return
        if job.process is None:
            return
        code = job.process.poll()
        if code is None:
            if time.time() - max(_beat(job.folder), job.begun_at) > job.brief.seconds:
                _end(job)
                self._count(job, "stalled", f"no sign of life for {job.brief.seconds:g} seconds")
            elif time.time() - job.begun_at > job.brief.limit:
                _end(job)
                self._overtime(job)
            return
        job.process = None
        if _changed(job):
            self._tell(
                Happened("tampered", job.brief.worker, details={"what": "its brief had changed; it starts anew"})
            )
            (job.folder / "verdicts.sqlite").unlink(missing_ok=True)
        elif code == 0:
            job.finished = True
            (job.folder / FINISHED).write_text(job.brief.digest, "ascii")
            self._tell(Happened("finished", job.brief.worker))
        elif code == worker.ASKS:
            self._asked(job)
        elif -code in _FOREIGN:
            self._lose(job, signal.Signals(-code).name)
        else:
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            self._count(job, "crashed", f"{how}: {_last_words(job.folder)}")

    def _lose(self, job: Job, how: str) -> None:
        line = worker.at_line(job.folder)
        job.lost[-1 if line is None else line] += 1
        if line is not None and job.lost[line] >= _LOST_TOO_OFTEN:
            self._count(job, "crashed", f"lost {job.lost[line]} times at the same ticket, at last by {how}")
        else:
            self._tell(Happened("lost", job.brief.worker, details={"how": how}))

    def _overtime(self, job: Job) -> None:
        """Start a worker again whose time is over; after some times leave the rest of its slice to a person."""
        job.overtimes += 1
        self._count(job, "overtime", f"not done after {job.brief.limit:g} seconds")
        if job.overtimes >= _OVERTIMES:
            job.finished = True
            self._tell(Happened("given up", job.brief.worker, details={"how": "its time was over again and again"}))

    def _count(self, job: Job, verb: str, how: str) -> None:
        """Count a death against the ticket that the worker was at."""
        line = worker.at_line(job.folder)
        key = -1 if line is None else line
        job.tries[key] += 1
        name = _name_at(job.folder, key)
        self._tell(Happened(verb, job.brief.worker, name, {"how": how}))
        if line is None:
            if job.tries[key] >= _NEVER_BEGAN:
                raise UnavailableError(f"The worker {job.brief.worker} does not begin: {how}.", "See `scout doctor`.")
        elif job.tries[key] >= TRIES or job.lost[key] >= _LOST_TOO_OFTEN:
            job.brief = job.brief.having(skip=(*job.brief.skip, name))
            self._tell(Happened("set aside", job.brief.worker, name, {"how": how}))

    def _asked(self, job: Job) -> None:
        try:
            job.question = Question.model_validate_json((job.folder / worker.QUESTION).read_text("utf-8"))
        except (OSError, ValidationError) as error:
            self._count(job, "crashed", f"it asked something that nobody can read: {type(error).__name__}")
            return
        job.asked_at = time.monotonic()
        asked = job.question
        self._tell(Happened("asked", job.brief.worker, asked.about, {"wants": asked.wants, "context": asked.context}))

    def _decide(self, job: Job) -> None:
        """Go on when the question was answered, or when nobody has for too long, which means no."""
        if job.question is None:
            return
        said = self._ask(job.brief, job.question)
        if said is None:
            if time.monotonic() - job.asked_at <= self._terms.patience:
                return
            said = Answer(yes=False, reason="nobody answered in time")
        if said.yes and job.question.about == "brief" and job.question.case is not None:
            job.brief = job.brief.knowing((job.question.case,))
        (job.folder / worker.ANSWER).write_text(said.model_dump_json(), "utf-8")
        (job.folder / worker.QUESTION).unlink(missing_ok=True)
        word = "yes" if said.yes else "no"
        details = {"answer": word, "reason": said.reason, "wants": job.question.wants}
        self._tell(Happened("answered", job.brief.worker, job.question.about, details))
        job.question = None


def _was_finished(folder: Path, brief: Brief) -> bool:
    """Whether an earlier run of the same wave has finished this slice by this brief."""
    try:
        return (folder / FINISHED).read_text("ascii") == brief.digest
    except OSError:
        return False


def _end(job: Job) -> None:
    if job.process is None:
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(job.process.pid, signal.SIGKILL)
    job.process.wait()
    job.process = None


def _changed(job: Job) -> bool:
    """Whether the brief in the folder is another than the one that was written there."""
    try:
        return briefs.read(job.folder).digest != job.brief.digest
    except UnavailableError:
        raise
    except Exception:  # noqa: BLE001 - whatever the worker has made of it, it is not what was written
        return True


def _beat(folder: Path) -> float:
    try:
        return (folder / worker.HEARTBEAT).stat().st_mtime
    except OSError:
        return 0.0


def _name_at(folder: Path, line: int) -> str:
    if line < 0:
        return ""
    return next((text.partition("\t")[0] for number, text in enumerate(worker.lines(folder)) if number == line), "")


def _last_words(folder: Path) -> str:
    said = (folder / _SAID).read_bytes()[-_LAST_WORDS:].decode("utf-8", "replace").strip().splitlines()
    return said[-1] if said else "it said nothing"
