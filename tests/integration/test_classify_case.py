"""The case to beat: nine workers in two waves, killed, poisoned, asking, one of them wrong; in the end all is right."""

import json
import os
import random
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest

from scout import clock
from scout.lifecycle import brief as briefs
from scout.lifecycle import register
from scout.lifecycle.brief import Case
from scout.lifecycle.foreman import Job
from scout.lifecycle.taxonomy import Rule
from scout.service.classify_apply import apply
from scout.service.classify_plan import Wishes, plan
from scout.service.classify_run import Workforce, classify
from scout.service.classify_runs import Run
from scout.service.classify_status import answer, status
from scout.service.classify_undo import undo
from scout.service.wiring import Workspace, open_workspace
from tests import backlog_case

KILLS, WRONG = 50, 17
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


class Killer:
    """Kills a random running worker at most looks, and answers questions."""

    def __init__(self, work: Workspace, run: Run) -> None:
        self.kills, self.answers = 0, 0
        self._work, self._run, self._chance = work, run, random.Random(7)  # noqa: S311 - a test's dice

    def __call__(self, jobs: Sequence[Job]) -> None:
        running = [job for job in jobs if job.process is not None]
        if running and self.kills < KILLS and self._chance.random() < 0.15:
            victim = self._chance.choice(running).process
            with suppress(ProcessLookupError):
                os.kill(victim.pid if victim else 0, signal.SIGKILL)
                self.kills += 1
        for one in status(self._work, self._run.name).questions if any(job.question for job in jobs) else ():
            answer(self._work, self._run.name, one.worker, yes=True, actor="reviewer")
            self.answers += 1


@pytest.mark.slow
def test_719_tickets_end_with_exactly_one_class_each_and_all_that_was_wrong_is_corrected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "home"))
    made = backlog_case.tickets()
    places = backlog_case.write(made, tmp_path / "checkouts")
    assert (len(made), len(places), sum(one.open for one in made)) == (719, 8, 484)
    (tmp_path / "scout.toml").write_text(backlog_case.settings(places), "utf-8")
    work = open_workspace(tmp_path, clock.now("2026-09-01"), tmp_path / "scout.toml")
    wishes = Wishes(every=True, waves=(5, 4), cases=(CASE,))

    wrong = _say_the_sentence(work, places, wishes)
    run = Run(work, plan(work, wishes).run)
    careless = _forget_the_case(run, wrong)
    assert all("vendor's" in _text(run, one) for wave in run.state().waves for one in wave if one != careless)
    faults = tmp_path / "faults.json"
    poison = _title(run, run.state().waves[1][0])
    told = {"poison": poison, "asks": "wave-1-2", "case": ASKED.model_dump(mode="json"), "rounds": 8}
    faults.write_text(json.dumps(told), "utf-8")
    killer = Killer(work, run)
    command = (sys.executable, "-P", str(Path(__file__).parents[1] / "faulty_worker.py"), str(faults))
    report = classify(work, wishes, Workforce(command=command, at_once=4, turn=killer), name=run.name)

    assert report.tickets == 719 == sum(report.classes.values())
    assert (killer.kills, killer.answers, len(report.set_aside)) == (KILLS, 1, 1)
    assert {one.case for one in report.corrections} == {"vendors-lawyers"}
    assert sum(one.count for one in report.corrections) == report.corrected == WRONG
    with register.opened(run.folder) as kept:
        entries = {(one.project, one.key): one for one in kept.entries()}
    assert len(entries) == 719
    assert {entries[one].meaning for one in wrong} == {"waiting"}
    assert all(entries[one].first not in {None, "waiting"} for one in wrong)
    assert any(event["verb"] == "answered" and event["answer"] == "yes" for event in run.events())

    before = _digests(places)
    assert apply(work, run.name).written == 0
    assert _digests(places) == before
    applied = apply(work, run.name, accept=("all",), live=True)
    assert (applied.written, applied.failed) == (719, 0)
    assert all("gtd: " in path.read_text("utf-8") for path in _files(places))
    undone = undo(work, run.name, live=True)
    assert (undone.undone, undone.held) == (719, {})
    assert _digests(places) == before
    print(f"\n{report.seconds}, restarts {report.restarts}, corrected {report.corrected}, {report.agreement}")


def _say_the_sentence(work: Workspace, places: dict[str, Path], wishes: Wishes) -> list[tuple[str, str]]:
    """Write the sentence into 17 tickets of one worker of the second wave."""
    rehearsal = classify(work, wishes)
    run = Run(work, rehearsal.run)
    undo(work, run.name)
    worker = run.state().waves[1][1]
    with register.opened(run.folder) as kept:
        mine = [one for one in kept.entries() if one.worker == worker and one.meaning != "waiting"][3 : 3 + WRONG]
    for one in mine:
        place = next(place for name, place in places.items() if name.lower() == one.project)
        path = place / "tickets" / f"{one.key}.md"
        path.write_bytes(path.read_bytes() + f"\n{SENTENCE}\n".encode())
    return [(one.project, one.key) for one in mine]


def _forget_the_case(run: Run, wrong: list[tuple[str, str]]) -> str:
    """Take the corner case out of the brief of the worker that has the 17 tickets."""
    with register.opened(run.folder) as kept:
        numbers = {str(one.number) for one in kept.entries() if (one.project, one.key) in wrong}
    for wave in run.state().waves:
        for name in wave:
            told = briefs.read(run.worker(name))
            lines = (run.worker(name) / "slice.jsonl").read_text("utf-8").splitlines()
            if numbers <= {line.partition("\t")[0] for line in lines}:
                briefs.write(told.having(cases=()), run.worker(name))
                return name
    pytest.fail("the tickets are not in one slice")


def _title(run: Run, worker: str) -> str:
    line = (run.worker(worker) / "slice.jsonl").read_text("utf-8").splitlines()[9]
    return json.loads(line.partition("\t")[2])["title"]


def _text(run: Run, worker: str) -> str:
    return (run.worker(worker) / briefs.WRITTEN).read_text("utf-8")


def _files(places: dict[str, Path]) -> list[Path]:
    return sorted(path for place in places.values() for path in (place / "tickets").iterdir())


def _digests(places: dict[str, Path]) -> dict[str, str]:
    return {str(path): sha256(path.read_bytes()).hexdigest() for path in _files(places)}
