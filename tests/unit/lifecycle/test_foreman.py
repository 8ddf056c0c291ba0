"""Whatever workers do, the wave ends: finished work is kept, killers are set aside, questions are answered."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from scout.errors import UnavailableError
from scout.lifecycle import sheet
from scout.lifecycle.brief import Brief, Case
from scout.lifecycle.foreman import Foreman, Happened, Job, Terms
from scout.lifecycle.record import Record, dumped
from scout.lifecycle.taxonomy import Rule, load
from scout.lifecycle.worker import SLICE, Answer, Question, line_of

FAULTY = Path(__file__).parents[2] / "faulty_worker.py"
CASE = Case(meaning="someday", rule=Rule(id="asked", weight=5, reason="somebody said so", phrases=("ticket",)))


def a_wave(folder: Path, count: int = 6, **more: object) -> list[tuple[Path, Brief]]:
    place = folder / "wave-1-1"
    place.mkdir()
    records = [Record(id=str(n), title=f"Ticket {n}", kind="bug") for n in range(count)]
    (place / SLICE).write_text("".join(line_of(one.id, dumped(one)) for one in records), "utf-8")
    told = Brief.model_validate({"run": "r", "worker": "wave-1-1", "count": count, "taxonomy": load(), **more})
    return [(place, told)]


def run(
    wave: list[tuple[Path, Brief]],
    faults: dict[str, object],
    answer: Answer | None = None,
    turn: Callable[[Sequence[Job]], None] | None = None,
) -> list[Happened]:
    place = wave[0][0].parent / "faults.json"
    place.write_text(json.dumps(faults), "utf-8")
    told: list[Happened] = []
    terms = Terms(command=(sys.executable, "-P", str(FAULTY), str(place)), turn=turn)
    Foreman(terms, told.append, lambda _brief, _question: answer).run(wave)
    return told


def classes(wave: list[tuple[Path, Brief]]) -> dict[str, str]:
    with sheet.opened(wave[0][0]) as rows:
        return {row.id: row.meaning for row in rows.rows()}


def test_a_ticket_that_kills_workers_is_set_aside_after_two_tries_and_the_slice_goes_on(tmp_path: Path):
    wave = a_wave(tmp_path)
    told = [one.verb for one in run(wave, {"poison": "Ticket 3"})]
    assert told.count("crashed") == 2
    assert told.count("set aside") == 1
    assert classes(wave).keys() == {"0", "1", "2", "4", "5"}


def test_a_worker_without_a_sign_of_life_is_ended_and_started_again(tmp_path: Path):
    wave = a_wave(tmp_path, seconds=1.5)
    told = [one.verb for one in run(wave, {"stalls": "Ticket 2"})]
    assert told.count("stalled") == 2
    assert classes(wave).keys() == {"0", "1", "3", "4", "5"}


def test_a_worker_whose_time_is_over_starts_again_and_passes_over_the_ticket_that_takes_for_ever(tmp_path: Path):
    wave = a_wave(tmp_path, limit=1.5)
    told = [one.verb for one in run(wave, {"dawdles": "Ticket 2"})]
    assert (told.count("overtime"), told.count("set aside"), told[-1]) == (2, 1, "finished")
    assert classes(wave).keys() == {"0", "1", "3", "4", "5"}


def test_a_worker_whose_time_is_over_at_every_ticket_is_given_up_and_the_wave_ends(tmp_path: Path):
    wave = a_wave(tmp_path, limit=1)
    told = [one.verb for one in run(wave, {"dawdles": "*"})]
    assert (told.count("overtime"), told[-1]) == (3, "given up")


def test_a_ticket_that_needs_more_memory_than_a_worker_may_have_is_noted_twice_and_the_slice_goes_on(tmp_path: Path):
    wave = a_wave(tmp_path, megabytes=256)
    assert [one.verb for one in run(wave, {"hungry": "Ticket 3"})] == ["dispatched", "finished"]
    assert classes(wave).keys() == {"0", "1", "2", "4", "5"}
    with sheet.opened(wave[0][0]) as rows:
        assert [one.partition(":")[0] for one in rows.failures()["3"]] == ["MemoryError"] * 2


def test_workers_that_others_kill_are_started_again_and_nothing_is_held_against_their_tickets(tmp_path: Path):
    wave = a_wave(tmp_path)
    killed: list[int] = []

    def kill(jobs: Sequence[Job]) -> None:
        process = jobs[0].process
        if len(killed) < 3 and process is not None:
            process.kill()
            killed.append(process.wait())

    told = [one.verb for one in run(wave, {}, turn=kill)]
    assert (told.count("lost"), told.count("dispatched"), told[-1]) == (3, 4, "finished")
    assert len(classes(wave)) == 6


def test_a_yes_puts_the_case_into_the_brief_and_the_worker_resumes(tmp_path: Path):
    wave = a_wave(tmp_path)
    told = run(wave, {"asks": "wave-1-1", "case": CASE.model_dump(mode="json")}, Answer(yes=True, reason="so be it"))
    assert [one.verb for one in told] == ["dispatched", "asked", "answered", "dispatched", "finished"]
    assert set(classes(wave).values()) == {"someday"}


def test_a_question_that_nobody_answers_means_no(tmp_path: Path):
    wave = a_wave(tmp_path)
    told = run(wave, {"asks": "wave-1-1", "case": CASE.model_dump(mode="json")})
    assert next(one for one in told if one.verb == "answered").details["answer"] == "no"
    assert set(classes(wave).values()) == {"next_action"}


def test_a_worker_that_changes_its_brief_is_found_out_and_what_it_did_does_not_count(tmp_path: Path):
    wave = a_wave(tmp_path)
    told = [one.verb for one in run(wave, {"tampers": True})]
    assert told == ["dispatched", "tampered", "dispatched", "finished"]
    assert set(classes(wave).values()) == {"next_action"}


def test_workers_that_do_not_even_begin_are_told_with_their_last_words(tmp_path: Path):
    wave = a_wave(tmp_path)
    terms = Terms(command=(sys.executable, "-c", "raise SystemExit('no room')"))
    told: list[Happened] = []

    def nobody(_brief: Brief, _question: Question) -> Answer | None:
        return None

    foreman = Foreman(terms, told.append, nobody)
    with pytest.raises(UnavailableError, match="no room"):
        foreman.run(wave)


def test_what_has_a_verdict_is_not_done_twice(tmp_path: Path):
    wave = a_wave(tmp_path)
    assert [one.verb for one in run(wave, {})] == ["dispatched", "finished"]
    assert run(wave, {}) == []
