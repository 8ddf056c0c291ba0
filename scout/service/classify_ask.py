"""Tickets that the rules of a run cannot decide, asked of the model of the settings; without one nothing is asked."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from scout.lifecycle import auditing, opinion, sheet, worker
from scout.lifecycle import brief as briefs
from scout.lifecycle.asker import Desk, Rate, ask_all
from scout.lifecycle.auditing import Finding
from scout.lifecycle.brief import Brief
from scout.lifecycle.foreman import Job
from scout.lifecycle.opinion import LATER, Opinion, Question
from scout.lifecycle.record import Record
from scout.lifecycle.register import Register
from scout.lifecycle.rules import Verdict
from scout.lifecycle.slicing import Asks
from scout.service.asking import Asking, asking
from scout.service.classify_runs import Asked, Origin, Run
from scout.service.wiring import Workspace

ANSWERED: Final = "answered"
NOT_ASKED: Final = "low confidence"
"""What is told of a ticket that the rules are not sure of, and of which nobody else was asked."""
_CHARACTERS_A_TOKEN = 4
_AGAIN = tuple(f"{why}: " for why in LATER)


class Opinions:
    """A model's word on tickets of a run, wave by wave, and what a second worker says about it.

    Args:
        work: the workspace, whose settings name the model and the projects that may be told to it.
        run: the run.
        step: takes a short phrase about progress.
    """

    def __init__(self, work: Workspace, run: Run, step: Callable[[str], None] = lambda _: None) -> None:
        self._work, self._run, self._step = work, run, step
        self._asking = askable(work, run.state().origin.projects)
        self._rules: dict[str, str] = {}
        self._desks: list[Job] = []
        self._ends, self._checked = Counter[str](), 0

    @property
    def ready(self) -> bool:
        """Whether there is a model for any of the run's projects."""
        return bool(self._asking)

    def wave(self, at: int, jobs: Sequence[Job]) -> tuple[Job, ...]:
        """Ask about what the workers of a wave were not sure of; every worker is told all corner cases."""
        lines = list(self._doubtful(jobs)) if self._asking else []
        if not lines:
            return ()
        count = min(self._rate.at_once, len(lines))
        told = jobs[0].brief.knowing(briefs.all_cases([job.brief for job in jobs]))
        desks = [self._desk(told, f"ask-{at}-{place}", lines[place - 1 :: count]) for place in range(1, count + 1)]
        self._ends += self._all(desks, f"Asking the model what wave {at} could not decide", len(lines))
        made = tuple(Job(desk.folder, desk.brief, finished=True) for desk in desks)
        self._desks += made
        return made

    def to_check(self, asked: Sequence[Job]) -> list[Mapping[str, auditing.Why]]:
        """Return what is asked twice, for each worker: where rules and model differ, and a tenth of the rest."""
        return [
            {
                row.id: why
                for row in sheet.rows_in(job.folder)
                if (why := auditing.reason_to_check(row, self._rules[row.id], self._run.name))
            }
            for job in asked
        ]

    def checked(self, told: Sequence[Brief]) -> tuple[Job, ...]:
        """Let other workers, by other briefs, look at answers; they are not told of these."""
        desks = [Desk(self._run.worker(one.worker), one) for one in told]
        if desks:
            total = sum(one.count for one in told)
            self._checked += self._all(desks, "Asking the model again, by another brief", total)[ANSWERED]
        return tuple(Job(desk.folder, desk.brief, finished=True) for desk in desks)

    def join(self, kept: Register, found: Sequence[Finding]) -> Asked | None:
        """Write the model's word over the rules' guess; where it gave none, or rules and check differ, say so."""
        looked_at = {one.name for one in found}
        differs = 0
        for job in self._desks:
            for row in sheet.rows_in(job.folder):
                guess = self._rules.get(row.id, row.meaning)
                kept.judge(job.brief.worker, (replace(row, second=guess if guess != row.meaning else row.second),))
                if guess != row.meaning:
                    differs += 1
                    if row.id not in looked_at:
                        kept.doubt(int(row.id), f"the rules say {guess}, the model says {row.meaning}")
            with sheet.opened(job.folder) as rows:
                for name, reasons in rows.failures().items():
                    kept.doubt(int(name), reasons[-1])
        if not self._desks:
            return None
        return Asked(
            tickets=self._ends.total(),
            answered=self._ends[ANSWERED],
            differs=differs,
            unanswered={end: count for end, count in self._ends.most_common() if end != ANSWERED},
            checked=self._checked,
        )

    def _all(self, desks: Sequence[Desk], doing: str, total: int) -> Counter[str]:
        self._step(f"{doing}: {total} tickets")
        return ask_all(desks, self._ask, self._rate, self._run.tell)

    @property
    def _rate(self) -> Rate:
        told = self._work.loaded.settings.llm
        return Rate(told.questions_at_once, told.questions_per_minute)

    def _ask(self, project: str, asked: Question) -> Opinion:
        return self._asking[project](asked.instruction, asked.material, asked.shape)

    def _doubtful(self, jobs: Sequence[Job]) -> Iterator[str]:
        """Give the lines of tickets below the floor, of projects that may be told to a model."""
        for job in jobs:
            floor = job.brief.taxonomy.floor
            mine = {row.id: row.meaning for row in sheet.rows_in(job.folder) if row.confidence < floor}
            for line in worker.lines(job.folder) if mine else ():
                name, _, record = line.partition("\t")
                if name in mine and json.loads(record).get("project") in self._asking:
                    self._rules[name] = mine[name]
                    yield line

    def _desk(self, told: Brief, name: str, lines: Sequence[str]) -> Desk:
        folder = self._run.worker(name)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (folder / worker.SLICE).open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)
        return Desk(folder, told.having(worker=name, count=len(lines), counts={}, examples=(), skip=()))


class Expected:
    """What a model will be asked in a run, by a sample of each slice."""

    def __init__(self, work: Workspace, origin: Origin) -> None:
        self._llm = work.loaded.settings.llm
        self._asking = askable(work, origin.projects)
        self._tickets = self._characters = 0.0

    def add(self, brief: Brief, seen: Sequence[tuple[Record, Verdict]], count: int) -> None:
        """Add a slice: its brief, a sample of its records with what the rules say, and how many tickets it has."""
        floor = brief.taxonomy.floor
        doubtful = [one for one, verdict in seen if verdict.confidence < floor and one.project in self._asking]
        if doubtful:
            share = count / len(seen)
            told = len(opinion.instruction(brief))
            self._tickets += len(doubtful) * share
            self._characters += sum(told + len(opinion.material(one)) for one in doubtful) * share

    def all(self) -> Asks | None:
        """Return what is expected for a whole run, as far as its budget reaches; None without a model."""
        if not self._tickets:
            return None
        tickets = min(round(self._tickets), self._llm.requests_per_run, self._llm.requests_per_day)
        tokens = round(self._characters / self._tickets / _CHARACTERS_A_TOKEN)
        prices = (self._llm.price_of_questions, self._llm.price_of_answers)
        return Asks(max(tickets, 0), tokens, self._llm.questions_per_minute, *prices)


def askable(work: Workspace, projects: Sequence[str]) -> dict[str, Asking]:
    """Return how a model is asked about each of these projects that the settings name for it.

    Raises:
        SettingsError: the model's settings are wrong.
    """
    chosen = [name for name in projects if name in work.loaded.settings.llm.projects]
    found = {name: asking(work, work.project(name)) for name in chosen}
    if found:
        work.ledger  # noqa: B018 - opened here, before threads ask for it
    return {name: ask for name, ask in found.items() if ask is not None}


def asks_again(doubt: str) -> bool:
    """Return whether a ticket's doubt is one that a model could end: nobody asked it, or it could not answer then."""
    return doubt == NOT_ASKED or doubt.startswith(_AGAIN)
