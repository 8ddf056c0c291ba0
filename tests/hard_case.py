"""The case to beat, made hard: workers are killed, one ticket kills them, one worker asks, one lacks a corner case."""

import json
import os
import random
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from scout.lifecycle import brief as briefs
from scout.lifecycle import register
from scout.lifecycle.brief import Case
from scout.lifecycle.foreman import Job
from scout.lifecycle.register import Entry
from scout.lifecycle.taxonomy import Rule
from scout.service.classify_plan import Wishes, plan
from scout.service.classify_report import ClassificationReport
from scout.service.classify_run import Workforce, classify
from scout.service.classify_runs import Run
from scout.service.classify_status import answer, status
from scout.service.wiring import Workspace
from tests.backlog_case import Made

KILLS, WRONG = 50, 17
SAYING = "eat"
"""A repository small enough to be in one slice."""
SENTENCE = "The vendor's lawyers have the contract on their desk."
CASE = Case(
    meaning="waiting",
    rule=Rule(
        id="vendors-lawyers",
        weight=6,
        reason="the vendor's lawyers have it",
        phrases=("the vendor's lawyers have the contract",),
    ),
)
ASKED = Case(meaning="someday", rule=Rule(id="asked-for", weight=1, reason="somebody said so", phrases=("zzz",)))
WISHES = Wishes(every=True, waves=(5, 4), cases=(CASE,))
"""What the case asks for: nine workers in two waves, each told of a corner case with an apostrophe in it."""


class Killer:
    """Kills a random running worker at most looks, and answers questions."""

    def __init__(self, work: Workspace, run: Run) -> None:
        self.kills, self.answers = 0, 0
        self._work, self._run, self._chance = work, run, random.Random(7)  # noqa: S311 - a test's dice

    def __call__(self, jobs: Sequence[Job]) -> None:
        """Look at the workers."""
        running = [job for job in jobs if job.process is not None]
        if running and self.kills < KILLS and self._chance.random() < 0.15:
            victim = self._chance.choice(running).process
            with suppress(ProcessLookupError):
                os.kill(victim.pid if victim else 0, signal.SIGKILL)
                self.kills += 1
        for one in status(self._work, self._run.name).questions if any(job.question for job in jobs) else ():
            answer(self._work, self._run.name, one.worker, yes=True, actor="reviewer")
            self.answers += 1


@dataclass(frozen=True)
class Hard:
    """What came of the case.

    Attributes:
        wrong: the tickets whose worker lacked the corner case.
        apostrophes: workers whose brief has one, of the corner case or of a definition.
    """

    run: Run
    report: ClassificationReport
    kills: int
    answers: int
    wrong: tuple[Entry, ...]
    apostrophes: int


def saying(made: list[Made]) -> list[Made]:
    """Return the tickets, of which 17 of one repository say the sentence."""
    chosen = [one for one in made if one.repository == SAYING][:WRONG]
    return [one._replace(body=f"{one.body}\n\n{SENTENCE}\n") if one in chosen else one for one in made]


def hard(work: Workspace, folder: Path) -> Hard:
    """Classify all projects, of which 17 tickets of one slice say the sentence; `folder` is for a file of faults."""
    run = Run(work, plan(work, WISHES).run)
    wrong, careless = _forget_the_case(run)
    workers = [one for wave in run.state().waves for one in wave]
    written = {one: (run.worker(one) / briefs.WRITTEN).read_text("utf-8") for one in workers}
    assert {one for one, text in written.items() if "vendor's" not in text} == {careless}
    asks = next(one for one in run.state().waves[0] if one != careless)
    poison = next(one for one in run.state().waves[1] if one != careless)
    faults = folder / "faults.json"
    given = {"poison": _title(run, poison), "asks": asks, "case": ASKED.model_dump(mode="json"), "rounds": 8}
    faults.write_text(json.dumps(given), "utf-8")
    killer = Killer(work, run)
    command = (sys.executable, "-P", str(Path(__file__).parent / "faulty_worker.py"), str(faults))
    report = classify(work, WISHES, Workforce(command=command, at_once=4, turn=killer), name=run.name)
    with register.opened(run.folder) as kept:
        entries = tuple(kept.named(wrong))
    return Hard(run, report, killer.kills, killer.answers, entries, sum("'" in text for text in written.values()))


def table(found: Hard) -> str:
    """Return the figures of the case, a line each."""
    report = found.report
    agreed = report.agreement
    kappa = "–" if agreed is None or agreed.kappa is None else f"{agreed.kappa:.2f} [{agreed.low}, {agreed.high}]"
    waiting = sum(one.meaning == "waiting" for one in found.wrong)
    rows = {
        "tickets with exactly one class": f"{sum(report.classes.values())} of {report.tickets}",
        **{f"seconds, {name}": f"{took:.1f}" for name, took in report.seconds.items()},
        "seconds, all": f"{sum(report.seconds.values()):.1f}",
        "workers killed, started again": f"{found.kills}, {report.restarts}",
        "briefs with an apostrophe": str(found.apostrophes),
        "questions answered": str(found.answers),
        "poisoned tickets set aside": str(len(report.set_aside)),
        "wrong for want of a corner case, corrected": f"{len(found.wrong)}, {waiting} ({report.corrected} in all)",
        "audited, of them blindly": f"{agreed.audited}, {agreed.blind}" if agreed else "–",
        "kappa of the blind part": kappa,
    }
    return "\n".join(f"{name:<46}{value}" for name, value in rows.items())


def _forget_the_case(run: Run) -> tuple[list[int], str]:
    """Take the corner case out of the brief of the worker whose slice has the sentence; return these tickets, too."""
    for wave in run.state().waves:
        for name in wave:
            lines = (run.worker(name) / "slice.jsonl").read_text("utf-8").splitlines()
            said = [int(line.partition("\t")[0]) for line in lines if SENTENCE in line]
            if said:
                assert len(said) == WRONG
                briefs.write(briefs.read(run.worker(name)).having(cases=(), examples=()), run.worker(name))
                return said, name
    message = "no slice has the sentence"
    raise AssertionError(message)


def _title(run: Run, worker: str) -> str:
    line = (run.worker(worker) / "slice.jsonl").read_text("utf-8").splitlines()[9]
    return json.loads(line.partition("\t")[2])["title"]
