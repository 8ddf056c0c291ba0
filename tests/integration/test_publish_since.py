"""Right before it is sent the world is looked at again: what is not so any more goes back to whoever said yes."""

from pathlib import Path

import pytest

from scout.errors import UnavailableError
from scout.ledger import AttemptOutcome
from scout.model import CandidateState, Event
from scout.review.transitions import state
from scout.service import decide, review
from scout.service.publish import Filed, PublishEntry
from tests import publishing
from tests.publishing import Desk
from tests.publishing_scene import Opening, opening, prepared, trackers
from tests.trackers import Trackers

ON_BOTH = pytest.mark.parametrize("tracker", ["github", "jira"])
LATER = "2026-03-05T09:00:00+00:00"
__all__ = ["opening", "prepared", "trackers"]


def one_of(desk: Desk, *, live: bool = True) -> PublishEntry:
    (entry,) = desk.publish(live=live).entries
    return entry


def standing(desk: Desk, name: str) -> tuple[CandidateState, str]:
    """Return where a candidate is, and why the last thing happened to it."""
    with desk.work() as work:
        lives = work.ledger.candidate(name).decisions
        return state(lives, work.now), lives[-1].reason if lives else ""


def mend(desk: Desk) -> None:
    """Let somebody mend what was found, in every page."""
    for page in (desk.root / "rocket" / "docs").glob("page*.md"):
        page.write_text("# Nothing\n")
    publishing.commit(desk.root / "rocket")


def write_ticket(desk: Desk, title: str, body: str, created: str = LATER) -> None:
    """Let somebody open a ticket."""
    folder: Path = desk.root / "rocket" / "tickets"
    folder.mkdir(exist_ok=True)
    (folder / "theirs.md").write_text(f"---\ntitle: {title}\nstate: open\ncreated: {created}\n---\n{body}\n")


@ON_BOTH
def test_a_finding_that_is_gone_goes_back_to_the_inbox_with_the_reason(
    opening: Opening, trackers: Trackers, tracker: str
) -> None:
    desk = opening(tracker, most=1)
    mend(desk)
    shown = one_of(desk, live=False)
    assert (shown.outcome, standing(desk, shown.candidate)[0]) == (Filed.HELD, CandidateState.ACCEPTED)
    entry = one_of(desk)
    assert entry.outcome is Filed.RETURNED
    assert "The finding is gone" in entry.reason
    assert standing(desk, entry.candidate) == (CandidateState.OFFERED, entry.reason)
    assert desk.publish().entries == ()
    assert trackers.counters()["writes"] == 0


def test_what_went_back_can_be_accepted_again_and_is_filed_once(opening: Opening, trackers: Trackers) -> None:
    desk = opening("github", most=1)
    write_ticket(desk, "Something else", "It names the finding below.")
    with desk.work() as work:
        (name,) = (one.id for one in work.ledger.candidates() if one.decisions)
        fingerprint = work.ledger.candidate(name).fingerprint
    write_ticket(desk, "Something else", f"Found as {fingerprint}.")
    entry = one_of(desk)
    assert entry.outcome is Filed.RETURNED
    assert "carries it already" in entry.reason
    (desk.root / "rocket" / "tickets" / "theirs.md").unlink()
    with desk.work() as work:
        decide.accept(work, name)
    assert one_of(desk).outcome is Filed.FILED
    assert len(trackers.github.issues) == 4


@pytest.mark.parametrize(("created", "outcome"), [(LATER, Filed.RETURNED), ("2026-01-01T00:00:00+00:00", Filed.FILED)])
def test_a_ticket_opened_since_that_asks_for_the_same_is_seen(
    opening: Opening, trackers: Trackers, created: str, outcome: Filed
) -> None:
    desk = opening("github", most=1)
    desk.now = "2026-03-06T09:00:00+00:00"
    with desk.work() as work:
        (one,) = (one for one in work.ledger.candidates() if one.decisions)
    write_ticket(desk, f'"{one.draft.title}"', one.draft.body.replace(one.fingerprint, "it"), created)
    entry = one_of(desk)
    assert entry.outcome is outcome, entry.reason
    assert trackers.counters()["writes"] == (outcome is Filed.FILED)


def test_what_is_in_doubt_and_not_there_goes_back_when_it_is_gone(opening: Opening, trackers: Trackers) -> None:
    desk = opening("github", most=1)
    trackers.fault("500", "/issues?$", methods="POST", times=9)
    entry = one_of(desk)
    assert entry.outcome is Filed.FAILED
    mend(desk)
    trackers.forget()
    entry = one_of(desk)
    assert (entry.outcome, standing(desk, entry.candidate)[0]) == (Filed.RETURNED, CandidateState.OFFERED)
    with desk.work() as work:
        (intent,) = work.ledger.intents("rocket")
        assert max(intent.attempts, key=lambda one: one.number).outcome is AttemptOutcome.FAILED
        decide.reject(work, entry.candidate, said=decide.Said(reason="not now"))


def test_what_cannot_be_looked_for_stays_accepted(opening: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = opening("github", most=1)

    def blind(*_: object, **__: object) -> None:
        raise UnavailableError("The repository cannot be read.", "Look at its permissions.")

    with monkeypatch.context() as patch:
        patch.setattr("scout.service.since.verify", blind)
        entry = one_of(desk)
    assert entry.outcome is Filed.FAILED
    assert standing(desk, entry.candidate)[0] is CandidateState.ACCEPTED
    assert one_of(desk).outcome is Filed.FILED


@ON_BOTH
def test_the_text_that_is_filed_is_the_text_that_was_accepted(
    opening: Opening, trackers: Trackers, tracker: str
) -> None:
    desk = opening(tracker, most=1)
    with desk.work() as work:
        (draft,) = (one.draft for one in work.ledger.candidates() if one.decisions)
    payload = one_of(desk, live=False).payload
    if tracker == "github":
        import json

        body: str = json.loads(payload)["body"]
        assert body.startswith(draft.body), "the sanitiser leaves alone what it has made"
    assert trackers.counters()["writes"] == 0


def test_an_edit_that_removes_the_acceptance_criteria_is_judged_at_once(opening: Opening) -> None:
    desk = opening("github", most=0)
    with desk.work() as work:
        name = review.listing(work, everything=True).candidates[0].id
        before = work.ledger.candidate(name).draft
        head, _, rest = before.body.partition("## Acceptance criteria")
        without = head + rest.partition("\n## ")[1] + rest.partition("\n## ")[2]
        decide.edit(work, name, body=without)
        after = work.ledger.candidate(name)
        assert before.readiness.ready
        assert not after.draft.readiness.ready
        assert after.draft.readiness.failed_gates
        assert work.ledger.draft(name, before.number).body == before.body, "nothing is lost"
        assert Event.ACCEPT not in {one.event for one in after.decisions}
