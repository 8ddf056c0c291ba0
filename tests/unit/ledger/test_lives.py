"""What lists and logs read is what the whole candidates say, on either database."""

from datetime import timedelta

import pytest

from scout.ledger import AttemptOutcome, Ledger
from scout.model import Event
from tests.ledgers import NOON, a_candidate, a_decision, a_draft, an_intent, later


@pytest.fixture(name="ledger")
def opened(where: str):
    with Ledger.open(where) as ledger:
        yield ledger


def test_a_life_says_what_the_whole_candidate_says(ledger: Ledger):
    first = ledger.add_candidate(a_candidate("s:1"))
    second = ledger.add_candidate(a_candidate("s:2", project="harbour", title="Another"))
    ledger.decide(first, a_decision(Event.EDIT, revision=2), revision=a_draft(2, title="Edited"))
    ledger.decide(second, a_decision(Event.ACCEPT), intent=an_intent(second, project="harbour"))
    ledger.attempt("k1", AttemptOutcome.STARTED, at=later(5))
    found = {one.id: one for one in ledger.lives()}
    for one in ledger.candidates():
        same = one.model_dump(include=set(type(found[one.id]).model_fields))
        assert found[one.id].model_dump(include=set(same)) == same
        words = (one.draft.title, one.draft.kind, one.draft.size, one.draft.number, one.draft.readiness.total)
        mine = found[one.id]
        assert (mine.title, mine.kind, mine.size, mine.revision, mine.total) == words
        assert mine.ready
    assert ledger.lives([first]) == (found[first],)
    assert ledger.lives(()) == ()


def test_the_pulse_changes_with_whatever_happens_and_the_marks_say_to_whom(ledger: Ledger):
    name, other = ledger.add_candidate(a_candidate("s:1")), ledger.add_candidate(a_candidate("s:2"))
    seen = [ledger.pulse()]
    before = ledger.marks()
    steps = (
        lambda: ledger.revise(name, a_draft(2, title="Revised")),
        lambda: ledger.decide(name, a_decision(Event.ACCEPT, revision=2), intent=an_intent(name, revision=2)),
        lambda: ledger.attempt("k1", AttemptOutcome.STARTED, at=later(5)),
        lambda: ledger.receive("k1", "7", "", later(6)),
    )
    for step in steps:
        assert ledger.pulse() == seen[-1]
        step()
        seen.append(ledger.pulse())
        assert seen[-1] not in seen[:-1]
        assert not seen[-1].is_anew(seen[-2])
        marks = ledger.marks()
        assert [one for one in marks if marks[one] != before[one]] == [name]
        assert marks[other] == before[other]
        before = marks
    assert seen[0].is_anew(seen[-1])


def test_the_log_is_read_by_pages_and_nothing_falls_between_two(ledger: Ledger):
    names = [ledger.add_candidate(a_candidate(f"s:{number}")) for number in range(4)]
    for name in names:  # all at the same moments
        ledger.decide(name, a_decision(Event.DEFER))
        ledger.decide(name, a_decision(Event.UNDO, 2))
    hidden = ledger.add_candidate(a_candidate("s:9", project="elsewhere"))
    ledger.decide(hidden, a_decision(Event.REJECT))
    seen: list[tuple[str, int]] = []
    before = None
    while page := ledger.decided(["meadow"], before, 3):
        seen += [(one.candidate, one.decision.seq) for one in page]
        last = page[-1]
        before = (last.decision.at, last.candidate, last.decision.seq)
    assert sorted(seen) == sorted((name, seq) for name in names for seq in (1, 2))
    assert [seq for _, seq in seen] == [2] * 4 + [1] * 4
    assert ledger.decided([]) == ()


def test_the_decisions_of_a_day_are_those_of_people(ledger: Ledger):
    name = ledger.add_candidate(a_candidate())
    ledger.decide(name, a_decision(Event.EDIT, revision=2), revision=a_draft(2, title="Edited"))
    ledger.decide(name, a_decision(Event.WITHDRAW, 2, revision=2, actor="scout"))
    day = NOON.replace(hour=0)
    assert ledger.decided_on(["meadow"], day, day + timedelta(days=1), "scout") == 1
    assert ledger.decided_on(["harbour"], day, day + timedelta(days=1), "scout") == 0
    assert ledger.decided_on(["meadow"], day + timedelta(days=1), day + timedelta(days=2), "scout") == 0
