"""Run the plan: waves, the audit of each, corrections, and the join, after which every ticket has exactly one class."""

import os
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from scout.errors import UsageError
from scout.lifecycle import auditing, register, sheet
from scout.lifecycle import brief as briefs
from scout.lifecycle.auditing import Finding, Ruling
from scout.lifecycle.brief import Brief
from scout.lifecycle.foreman import COMMAND, Foreman, Happened, Job, Terms
from scout.lifecycle.register import Register
from scout.lifecycle.worker import Answer, Question
from scout.service.classify_ask import NOT_ASKED, Opinions
from scout.service.classify_audit import Audit
from scout.service.classify_plan import Wishes, plan, selection_of
from scout.service.classify_report import ClassificationReport, report
from scout.service.classify_runs import ANSWERS, Agreed, Phase, Run, RunState, runs
from scout.service.classify_standing import keep
from scout.service.wiring import Workspace

PATIENCE: Final = 600.0
"""Seconds until a question that nobody answers is answered with no."""

Asker = Callable[[str, str, str, str], bool]
"""Asks somebody who is there: worker, about what, what it wants, and why; True is yes."""


@dataclass(frozen=True)
class Workforce:
    """Who does the work, and who answers questions.

    Attributes:
        command: how a worker is started; its folder follows.
        at_once: workers at the same time; by default as many as there are processors.
        patience: seconds until an unanswered question means no.
        ask: asks somebody who is there now; what `scout classify answer` says counts in any case.
        turn: called at every look at the workers.
    """

    command: Sequence[str] = COMMAND
    at_once: int = field(default_factory=lambda: os.cpu_count() or 1)
    patience: float = PATIENCE
    ask: Asker | None = None
    turn: Callable[[Sequence[Job]], None] | None = None


def classify(
    work: Workspace,
    wishes: Wishes,
    workforce: Workforce | None = None,
    *,
    name: str | None = None,
    step: Callable[[str], None] = lambda _: None,
) -> ClassificationReport:
    """Classify what is asked for: an unfinished run of the same goes on, else a new one is planned.

    Args:
        work: the workspace.
        wishes: what is to be classified and how.
        workforce: who does it.
        name: the run that is to go on.
        step: takes a short phrase about progress.

    Raises:
        UsageError: there is no such run, project, file or taxonomy.
        UnavailableError: workers do not even begin.
    """
    run = Run(work, name) if name else unfinished(work, wishes) or Run(work, plan(work, wishes, step).run)
    state = run.state()
    if not name and not sum(state.counts.values()) and not state.gone:
        return _nothing_new(work, run, state)
    if state.phase in {Phase.JOINED, Phase.UNDONE}:
        raise UsageError(f"The run {run.name} is {state.phase}.", "Begin another: scout classify run")
    return _Conduct(work, run, workforce or Workforce(), step).all()


def unfinished(work: Workspace, wishes: Wishes) -> Run | None:
    """Return the newest run of what is asked for that was planned and not joined yet; None without one."""
    wanted = selection_of(work, wishes)
    for run in reversed(runs(work)):
        state = run.state()
        if state.selection == wanted and state.phase in {Phase.PLANNED, Phase.WORKING}:
            return run
    return None


def _nothing_new(work: Workspace, run: Run, state: RunState) -> ClassificationReport:
    """Return what stands, when nothing has changed; the run with nothing to do goes without a trace."""
    before = [one for one in runs(work) if one.name != run.name and one.state().selection == state.selection]
    joined = next((one for one in reversed(before) if one.state().phase is Phase.JOINED), None)
    empty = report(run).having(phase=Phase.JOINED)
    run.forget()
    return empty if joined is None else report(joined).having(unchanged=state.unchanged, notes=state.notes)


class _Conduct:
    """One run from its waves to the join; started again, it goes on where it was."""

    def __init__(self, work: Workspace, run: Run, force: Workforce, step: Callable[[str], None]) -> None:
        self._work, self._run, self._force, self._step = work, run, force, step
        self._seconds: dict[str, float] = {}
        self._restarts = 0
        self._aside: dict[str, str] = {}

    def all(self) -> ClassificationReport:
        """Do all that is left to do."""
        state = self._run.keep(self._run.state().having(phase=Phase.WORKING))
        told = [[briefs.read(self._run.worker(one)) for one in wave] for wave in state.waves]
        audit = Audit(self._run, briefs.all_cases([one for wave in told for one in wave]))
        opinions = Opinions(self._work, self._run, self._step)
        learned: dict[str, briefs.Case] = {}
        for at, wave in enumerate(told, 1):
            wiser = [one.knowing(learned.values()) for one in wave]
            with self._timed("waves"):
                self._step(f"Wave {at} of {len(told)}: {len(wiser)} workers")
                jobs = self._wave(wiser)
            asked: tuple[Job, ...] = ()
            if opinions.ready:
                with self._timed("model"):
                    asked = opinions.wave(at, jobs)
            with self._timed("audit"):
                self._step(f"Auditing wave {at}")
                audit.compare(jobs, self._wave(audit.prepare(at, jobs, asked)))
                audit.compare(asked, opinions.checked(audit.check(at, asked, opinions.to_check(asked))))
                suspects = audit.suspects(at, jobs)
                if suspects:
                    self._step("Examining again what lacks a corner case")
                    audit.compare(jobs, self._wave(suspects))
            learned |= {case.rule.id: case for case in audit.cases_found()}
        with self._timed("join"):
            self._step("Joining")
            self._join(state, told, audit, opinions)
        final = self._run.state()
        self._run.keep(final.having(seconds={name: round(took, 2) for name, took in self._seconds.items()}))
        return report(self._run)

    @contextmanager
    def _timed(self, phase: str) -> Generator[None]:
        begun = time.monotonic()
        yield
        self._seconds[phase] = self._seconds.get(phase, 0.0) + time.monotonic() - begun

    def _wave(self, wave: Sequence[Brief]) -> tuple[Job, ...]:
        if not wave:
            return ()
        force = self._force
        terms = Terms(command=force.command, at_once=force.at_once, patience=force.patience, turn=force.turn)
        return Foreman(terms, self._tell, self._answer).run([(self._run.worker(one.worker), one) for one in wave])

    def _tell(self, happened: Happened) -> None:
        if happened.verb == "dispatched" and happened.details.get("time") != "1":
            self._restarts += 1
        if happened.verb == "set aside":
            self._aside[happened.subject] = happened.details.get("how", "")
        self._run.tell(happened)

    def _answer(self, told: Brief, question: Question) -> Answer | None:
        given = self._run.folder / ANSWERS / f"{told.worker}.json"
        try:
            said = Answer.model_validate_json(given.read_bytes())
        except (OSError, ValueError):
            if self._force.ask is None:
                return None
            yes = self._force.ask(told.worker, question.about, question.wants, question.context)
            return Answer(yes=yes, reason="answered in the terminal")
        given.unlink()  # the next question is another one
        return said

    def _join(self, state: RunState, told: Sequence[Sequence[Brief]], audit: Audit, opinions: Opinions) -> None:
        taxonomy = told[0][0].taxonomy if told else None
        found = audit.findings
        with register.opened(self._run.folder) as kept:
            for wave in told:
                for one in wave:
                    with sheet.opened(self._run.worker(one.worker)) as rows:
                        kept.judge(one.worker, rows.rows())
                        self._aside |= {name: reasons[-1] for name, reasons in rows.failures().items()}
            asked = opinions.join(kept, found)
            _correct(kept, found, audit)
            if taxonomy is not None:
                kept.doubt_below(taxonomy.floor, NOT_ASKED)
                kept.default(taxonomy.fallback, "no worker could judge it: settle it by hand")
            left = kept.number("open")
            if left:
                raise UsageError(f"{left} tickets have no class.", f"Go on: scout classify run --run {self._run.name}")
        agreed = auditing.agreed(found, taxonomy.names) if taxonomy else None
        self._run.keep(
            state.having(
                phase=Phase.JOINED,
                restarts=state.restarts + self._restarts,
                set_aside=tuple(sorted(self._aside)),
                disputed=sum(one.ruling is Ruling.DISPUTED for one in found),
                agreement=_agreed(agreed) if agreed else None,
                asked=asked,
                notes=(
                    *state.notes,
                    *(f"set aside: ticket {name}: {why}" for name, why in sorted(self._aside.items())),
                ),
            )
        )
        keep(self._work, self._run)


def _correct(kept: Register, found: Sequence[Finding], audit: Audit) -> None:
    for one in found:
        if one.ruling is Ruling.CORRECTED:
            worker, row = audit.second(one)
            kept.correct(worker, row)
        elif one.ruling is Ruling.DISPUTED:
            kept.doubt(int(one.name), f"the audit says {one.second}")


def _agreed(found: auditing.Agreement) -> Agreed:
    return Agreed(
        audited=found.audited,
        blind=found.blind,
        kappa=_digits(found.kappa.value),
        low=_digits(found.kappa.low),
        high=_digits(found.kappa.high),
        classes={one.name: _digits(one.kappa) for one in found.classes},
        stops=found.stops,
    )


def _digits(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
