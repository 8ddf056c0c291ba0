"""What is recorded comes back as it was said, once, and in order."""

import subprocess
import sys
from pathlib import Path

import pytest

from scout.errors import ConflictError, StoreError, UsageError
from scout.ledger import AttemptOutcome, Claim, Entry, Ledger, Purpose, Receipt, Request, VerdictChange
from scout.model import Event
from tests.ledgers import NOON, a_candidate, a_decision, a_draft, a_suppression, an_intent, later, raw

ODD = "Käse 🧀 — \u202eright to left\u202c, 'quotes', \"more\", %s :name $1 \\u0000 {x}\n\ttab"


@pytest.fixture(name="ledger")
def open_ledger(where: str):
    with Ledger.open(where) as ledger:
        yield ledger


def test_a_candidate_comes_back_as_it_was_given(ledger: Ledger):
    given = a_candidate()
    one = ledger.add_candidate(given)
    assert ledger.candidate(one) == given.having(id=one)
    assert ledger.candidates() == (given.having(id=one),)
    assert ledger.draft(one, 1) == given.draft


def test_ids_are_short_stable_and_depend_on_project_and_idea(ledger: Ledger):
    ids = [ledger.add_candidate(a_candidate(f"s:{n}", project)) for n in range(3) for project in ("meadow", "orchard")]
    assert len(set(ids)) == 6
    assert all(one.startswith("c-") and len(one) == 12 for one in ids)
    assert ledger.add_candidate(a_candidate("s:0", "meadow")) == ids[0]


def test_the_same_idea_is_not_recorded_twice_while_it_stands(ledger: Ledger):
    one = ledger.add_candidate(a_candidate())
    ledger.decide(one, a_decision(Event.DEFER))
    assert ledger.add_candidate(a_candidate(title="Other words")) == one
    assert ledger.candidate(one).draft.title == "Mend the link"


def test_a_rejected_idea_returns_only_with_other_evidence(ledger: Ledger):
    one = ledger.add_candidate(a_candidate())
    ledger.decide(one, a_decision(Event.REJECT, reason="kept on purpose"), suppression=a_suppression())
    assert ledger.add_candidate(a_candidate()) == one
    other = ledger.add_candidate(a_candidate(seen="d2"))
    assert other != one
    assert ledger.candidate(other).decisions == ()


def test_a_lifted_suppression_lets_the_idea_return(ledger: Ledger):
    one = ledger.add_candidate(a_candidate())
    ledger.decide(one, a_decision(Event.REJECT), suppression=a_suppression())
    assert ledger.suppressions("meadow") == (a_suppression(),)
    assert ledger.suppressions("orchard") == ()
    assert ledger.lift("meadow", a_suppression().fingerprint, reason="it matters now", at=later(9)) == 1
    assert ledger.suppressions("meadow") == ()
    assert ledger.add_candidate(a_candidate()) != one


def test_a_withdrawn_idea_may_return_as_it_was(ledger: Ledger):
    one = ledger.add_candidate(a_candidate())
    ledger.decide(one, a_decision(Event.WITHDRAW, actor="scout"))
    assert ledger.add_candidate(a_candidate()) != one


def test_a_filed_idea_stands_until_its_ticket_is_said_to_be_done_with(ledger: Ledger):
    one = ledger.add_candidate(a_candidate())
    ledger.decide(one, a_decision(Event.ACCEPT), intent=an_intent(one))
    ledger.receive("k1", "T-1", "", NOON)
    assert ledger.add_candidate(a_candidate(seen="d2")) == one
    assert ledger.add_candidate(a_candidate(seen="d2"), after=one) != one


def test_revisions_follow_each_other_and_the_newest_is_shown(ledger: Ledger):
    one = ledger.add_candidate(a_candidate())
    ledger.revise(one, a_draft(2, title="Mend both links"))
    assert ledger.candidate(one).draft == a_draft(2, title="Mend both links")
    assert ledger.draft(one, 1) == a_draft()
    with pytest.raises(ConflictError, match="at revision 2 by now"):
        ledger.revise(one, a_draft(2, title="Something else"))


def test_a_revision_that_says_the_same_is_not_written(ledger: Ledger):
    one = ledger.add_candidate(a_candidate())
    ledger.revise(one, a_draft(2))
    assert ledger.candidate(one).draft == a_draft()


def test_who_decides_second_is_told_what_the_first_did(ledger: Ledger):
    one = ledger.add_candidate(a_candidate())
    ledger.decide(one, a_decision(Event.REJECT, actor="hedgehog", reason="kept on purpose"))
    with pytest.raises(ConflictError) as raised:
        ledger.decide(one, a_decision(Event.ACCEPT), intent=an_intent(one), suppression=a_suppression())
    assert raised.value.exit_code == 1
    assert "'reject' by hedgehog of 2026-03-02 13:00 UTC ('kept on purpose')" in raised.value.what
    assert [d.event for d in ledger.candidate(one).decisions] == [Event.REJECT]
    assert ledger.intents() == ()
    assert ledger.suppressions("meadow") == ()


def test_a_decision_about_what_a_restore_took_away_is_refused(ledger: Ledger):
    one = ledger.add_candidate(a_candidate())
    with pytest.raises(ConflictError, match="restored meanwhile"):
        ledger.decide(one, a_decision(Event.ACCEPT, seq=3))


def test_an_edit_records_decision_and_text_together(ledger: Ledger):
    one = ledger.add_candidate(a_candidate())
    edited = a_draft(2, body="In the reviewer's words.")
    ledger.decide(one, a_decision(Event.EDIT, revision=2), revision=edited)
    assert ledger.candidate(one).draft == edited
    with pytest.raises(ConflictError):
        ledger.decide(one, a_decision(Event.EDIT, revision=3), revision=a_draft(3))
    with pytest.raises(ConflictError):
        ledger.decide(one, a_decision(Event.EDIT, seq=2, revision=2), revision=edited)
    assert ledger.candidate(one).draft == edited


@pytest.mark.parametrize("seq", [1, 2])
def test_decisions_about_what_does_not_exist_are_refused(ledger: Ledger, seq: int):
    with pytest.raises(UsageError, match="no candidate 'c-0'"):
        ledger.decide("c-0", a_decision(Event.ACCEPT, seq))
    one = ledger.add_candidate(a_candidate())
    with pytest.raises(UsageError, match="no revision 7"):
        ledger.decide(one, a_decision(Event.ACCEPT, revision=7))
    with pytest.raises(UsageError, match="no candidate"):
        ledger.revise("c-0", a_draft())
    with pytest.raises(UsageError, match="no candidate"):
        ledger.candidate("c-0")


def test_an_intent_is_there_until_its_receipt_and_filing_is_an_event(ledger: Ledger):
    one = ledger.add_candidate(a_candidate())
    ledger.decide(one, a_decision(Event.ACCEPT), intent=an_intent(one))
    assert ledger.attempt("k1", AttemptOutcome.STARTED, at=later(2)) == 1
    assert ledger.attempt("k1", AttemptOutcome.UNKNOWN, at=later(3), detail="the line broke") == 2
    (intent,) = ledger.intents("meadow")
    assert intent.having(attempts=()) == an_intent(one)
    assert [(a.number, a.outcome, a.detail) for a in intent.attempts] == [
        (1, AttemptOutcome.STARTED, ""),
        (2, AttemptOutcome.UNKNOWN, "the line broke"),
    ]
    assert ledger.intents("orchard") == ()
    assert ledger.receive("k1", "T-1", "tickets/T-1.md", later(4))
    assert not ledger.receive("k1", "T-1", "tickets/T-1.md", later(5))
    assert ledger.intents() == ()
    assert ledger.receipts() == (Receipt(key="k1", ticket="T-1", url="tickets/T-1.md", at=later(4)),)
    assert ledger.receipts("orchard") == ()
    filed = ledger.candidate(one)
    assert filed.ticket == "T-1"
    assert [d.event for d in filed.decisions] == [Event.ACCEPT, Event.PUBLISH]


def test_what_is_being_filed_cannot_be_decided_and_what_was_decided_otherwise_is_not_filed(ledger: Ledger):
    one = ledger.add_candidate(a_candidate())
    ledger.decide(one, a_decision(Event.ACCEPT), intent=an_intent(one))
    ledger.attempt("k1", AttemptOutcome.STARTED, at=later(1))
    with pytest.raises(ConflictError, match="being filed"):
        ledger.decide(one, a_decision(Event.REJECT, seq=2), suppression=a_suppression())
    ledger.attempt("k1", AttemptOutcome.FAILED, at=later(2))
    ledger.decide(one, a_decision(Event.REJECT, seq=2), suppression=a_suppression())
    with pytest.raises(ConflictError, match="decided otherwise"):
        ledger.attempt("k1", AttemptOutcome.STARTED, at=later(3))


def test_two_tickets_for_one_intent_are_a_conflict(ledger: Ledger):
    one = ledger.add_candidate(a_candidate())
    ledger.decide(one, a_decision(Event.ACCEPT), intent=an_intent(one))
    ledger.receive("k1", "T-1", "", NOON)
    with pytest.raises(ConflictError, match="filed as T-1 already, and now as T-2"):
        ledger.receive("k1", "T-2", "", NOON)
    with pytest.raises(ConflictError, match="in the outbox already"):
        ledger.decide(one, a_decision(Event.ACCEPT, seq=3), intent=an_intent(one))
    with pytest.raises(UsageError, match="no intent 'k9'"):
        ledger.attempt("k9", AttemptOutcome.FAILED, at=NOON)


def test_a_prefix_finds_one_candidate_or_names_the_matches(ledger: Ledger):
    ids = sorted(ledger.add_candidate(a_candidate(f"s:{n}")) for n in range(40))
    assert ledger.find(ids[7]) == ids[7]
    assert ledger.find(ids[7][2:]) == ids[7]
    with pytest.raises(UsageError, match="could be 40 candidates: ") as raised:
        ledger.find("c-")
    assert ids[0] in raised.value.what
    for nothing in ("c-zz", "%", "c-_", "x" * 99):
        with pytest.raises(UsageError, match="no candidate"):
            ledger.find(nothing)


def test_a_claim_holds_until_its_lease_ends_or_it_is_released(ledger: Ledger):
    first = ledger.claim("meadow", ["T-1", "T-2"], "mole", at=NOON, until=later(30))
    assert first == Claim(project="meadow", ticket="T-1", holder="mole", at=NOON, until=later(30))
    second = ledger.claim("meadow", ["T-1", "T-2"], "mole", at=NOON, until=later(60))
    assert second is not None
    assert second.ticket == "T-2"
    assert ledger.claim("meadow", ["T-1", "T-2"], "vole", at=later(29), until=later(90)) is None
    assert ledger.claims(later(29), "meadow") == (first, second)
    assert ledger.claims(later(30)) == (second,)
    ledger.release(second, later(31))
    assert ledger.claims(later(31)) == ()
    with pytest.raises(ConflictError, match="not held"):
        ledger.release(second, later(31))
    assert ledger.claim("meadow", ["T-1"], "vole", at=later(30), until=later(90)) is not None
    assert ledger.claim("orchard", ["T-1"], "vole", at=later(30), until=later(90)) is not None


def test_only_verdicts_that_changed_are_written(ledger: Ledger):
    bad = VerdictChange(project="meadow", ticket="T-1", digest="a", ready=False, total=0.1, at=NOON)
    good = bad.having(ready=True, total=0.9, at=later(1))
    assert ledger.verdicts_changed([bad]) == (bad,)
    assert ledger.verdicts_changed([bad.having(at=later(1))]) == ()
    assert ledger.verdicts_changed([good, bad.having(ticket="T-2")]) == (good, bad.having(ticket="T-2"))
    assert ledger.verdicts("meadow") == (good, bad.having(ticket="T-2"))
    assert ledger.verdicts("orchard") == ()


def test_requests_and_the_trail_are_kept_in_order(ledger: Ledger):
    asked = [Request(project="meadow", at=later(n), asked=3, available=n, purpose=Purpose.PERSON) for n in range(3)]
    for request in asked:
        ledger.record_request(request)
    assert ledger.requests("meadow") == tuple(asked)
    assert ledger.requests("meadow", since=later(1)) == tuple(asked[1:])
    lines = [
        Entry(at=later(n), actor="scout", verb="run", project=project, subject=".", details={"n": n, "odd": ODD})
        for n, project in enumerate(("meadow", "orchard", "meadow"))
    ]
    for line in lines:
        ledger.audit(line)
    assert ledger.trail() == tuple(reversed(lines))
    assert ledger.trail("meadow", limit=1) == (lines[2],)


def test_text_of_any_kind_and_a_megabyte_of_it_comes_back_unchanged(ledger: Ledger):
    body = (ODD * (1_000_000 // len(ODD) + 1))[:1_000_000]
    one = ledger.add_candidate(a_candidate(title=ODD, body=body))
    ledger.decide(one, a_decision(Event.REJECT, reason=ODD, actor="Ünïcorn"))
    kept = ledger.candidate(one)
    assert (kept.draft.title, kept.draft.body) == (ODD, body)
    assert (kept.decisions[0].reason, kept.decisions[0].actor) == (ODD, "Ünïcorn")


@pytest.mark.parametrize(("bad", "said"), [("a\0b", "a NUL character"), ("a\ud800b", "half of a surrogate pair")])
def test_text_that_a_database_cannot_hold_is_refused_with_its_beginning(ledger: Ledger, bad: str, said: str):
    with pytest.raises(UsageError, match=said) as raised:
        ledger.claim("meadow", ["T-1"], bad, at=NOON, until=later(1))
    assert raised.value.what.isascii()
    with pytest.raises(UsageError, match=said):
        ledger.candidates(fingerprint=bad)
    assert ledger.claims(NOON) == ()


def test_a_refused_text_leaves_nothing_half_written(ledger: Ledger):
    with pytest.raises(UsageError, match="a NUL character"):
        ledger.add_candidate(a_candidate(body="before\0after"))
    assert ledger.candidates() == ()


def test_a_second_opening_finds_all_and_writes_nothing(where: str):
    with Ledger.open(where) as ledger:
        one, name = ledger.add_candidate(a_candidate()), ledger.id()
    before = raw(where, "SELECT * FROM meta ORDER BY number")
    with Ledger.open(where) as ledger:
        assert (ledger.candidates()[0].id, ledger.id()) == (one, name)
        assert ledger.restored_at() is None
    assert raw(where, "SELECT * FROM meta ORDER BY number") == before


def test_a_word_of_a_newer_scout_is_named_not_guessed(where: str):
    with Ledger.open(where) as ledger:
        one = ledger.add_candidate(a_candidate())
        ledger.decide(one, a_decision(Event.DEFER))
        raw(
            where,
            "INSERT INTO decisions (candidate, seq, event, reason, actor, revision, at) "
            "SELECT candidate, 2, 'unheard-of', reason, actor, revision, at FROM decisions",
        )
        with pytest.raises(StoreError, match="A decision in the ledger cannot be read: event: "):
            ledger.candidates()


def test_opening_again_does_not_even_import_the_migrations(tmp_path: Path):
    Ledger.open(tmp_path / "ledger.db").close()
    code = (
        "import sys; from scout.ledger import Ledger; Ledger.open(sys.argv[1]).close(); "
        "sys.exit(any(name.partition('.')[0] in ('alembic', 'psycopg') for name in sys.modules))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "ledger.db")]
    assert subprocess.run(command, cwd=Path(__file__).parents[3], check=False).returncode == 0
