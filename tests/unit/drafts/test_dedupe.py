"""Few, true, remembered: what was said before decides what may be proposed again."""

from datetime import UTC, datetime

import pytest

from scout.drafts import admit, clusters
from scout.model import IN_LINE, Event, Finding, Suppression, Ticket, TicketState
from tests.unit.drafts.stories import NOON, candidate_of, finding


def _because(
    one: Finding, *events: Event, tickets: tuple[Ticket, ...] = (), ticket: str = "", before: Finding | None = None
) -> str:
    known = [candidate_of(before or one, *events, ticket=ticket)]
    cut = admit(clusters([one]), known, [], tickets).cut
    return cut[0].because if cut else ""


def _ticket(state: TicketState, body: str = "", key: str = "17") -> Ticket:
    closed = None if state.is_open else datetime(2026, 2, 1, tzinfo=UTC)
    return Ticket(project="demo", key=key, source="files", title="t", body=body, state=state, closed_at=closed)


def test_what_nobody_has_seen_may_be_proposed():
    choice = admit(clusters([finding()]), [], [], [])
    assert [one.past for one in choice.chosen] == [None]
    assert choice.cut == ()


@pytest.mark.parametrize(
    ("events", "because"),
    [
        ((), "it waits for a decision"),
        ((Event.OFFER,), "it waits for a decision"),
        ((Event.OFFER, Event.EDIT), "it waits for a decision"),
        ((Event.DEFER,), "it is deferred"),
        ((Event.DEFER, Event.OFFER), "it waits for a decision"),
        ((Event.ACCEPT,), "it is accepted and will be filed"),
        ((Event.ACCEPT, Event.PUBLISH), "it is filed"),
        ((Event.REJECT,), "rejected, and its evidence is the same"),
        ((Event.WITHDRAW,), ""),
    ],
)
def test_what_stands_is_not_proposed_again(events: tuple[Event, ...], because: str):
    assert _because(finding(), *events) == because


def test_moved_lines_are_not_other_evidence():
    before = finding()
    moved = finding(evidence=tuple(e.having(locator=e.locator.replace(":12", ":99")) for e in before.evidence))
    assert _because(moved, Event.REJECT, before=before) == "rejected, and its evidence is the same"


def test_what_was_rejected_comes_back_with_its_past_when_the_evidence_changed():
    choice = admit(clusters([finding(seen="[start](start.md)")]), [candidate_of(finding(), Event.REJECT)], [], [])
    past = choice.chosen[0].past
    assert past is not None
    assert (past.rejected, past.because, past.on) == (True, "not @now", NOON.date())
    assert past.changed == (
        "new in `docs/guide.md`: `[start](start.md)`",
        "gone from `docs/guide.md`: `[setup](setup.md)`",
    )


def test_a_suppression_holds_for_the_evidence_it_was_given_for():
    one, other = finding(), finding(seen="[start](start.md)")
    standing = Suppression(
        fingerprint=one.fingerprint, evidence_digest=one.evidence_digest, reason="on purpose", at=NOON
    )
    assert admit(clusters([one]), [], [standing], []).reasons == {"rejected, and its evidence is the same": 1}
    back = admit(clusters([other]), [], [standing], []).chosen[0]
    assert back.past is not None
    assert back.past.because == "on purpose"


def test_an_open_ticket_that_carries_the_fingerprint_is_enough():
    one = finding()
    open_one = _ticket(TicketState.UNSTARTED, body=f"… `{one.fingerprint}`.")
    closed = _ticket(TicketState.COMPLETED, body=f"… `{one.fingerprint}`.")
    assert admit(clusters([one]), [], [], [open_one]).reasons == {"an open ticket carries it": 1}
    assert admit(clusters([one]), [], [], [closed]).cut == ()


def test_what_was_filed_comes_back_only_after_it_was_done():
    filed = (Event.ACCEPT, Event.PUBLISH)
    assert _because(finding(), *filed, ticket="17", tickets=(_ticket(TicketState.STARTED),)) == "it is filed"
    canceled = (_ticket(TicketState.CANCELED),)
    assert _because(finding(), *filed, ticket="17", tickets=canceled) == "its ticket was closed without work"
    done = [_ticket(TicketState.COMPLETED)]
    choice = admit(clusters([finding()]), [candidate_of(finding(), *filed, ticket="17")], [], done)
    past = choice.chosen[0].past
    assert past is not None
    assert (past.rejected, past.because) == (False, "17")


def test_what_a_scout_does_not_offer_is_cut_with_its_reason():
    one = finding(offered=False, because="over the cap of three")
    assert admit(clusters([one]), [], [], []).reasons == {"over the cap of three": 1}


def test_what_is_filed_and_not_mended_leaves_its_place_to_the_next_in_line():
    first, other = finding(subject="a.md"), finding(subject="b.md")
    waits = f"the 1 strongest of this signal {IN_LINE}"
    second, third = (finding(subject=name, offered=False, because=waits) for name in ("c.md", "d.md"))
    found = clusters([first, other, second, third])
    fresh = admit(found, [], [], [])
    assert {one.cluster.lead.subject for one in fresh.chosen} == {"a.md", "b.md"}
    assert fresh.reasons == {waits: 2}
    filed = admit(found, [candidate_of(first, Event.ACCEPT, Event.PUBLISH)], [], [])
    assert {one.cluster.lead.subject for one in filed.chosen} == {"b.md", "c.md"}
    assert filed.reasons == {"it is filed": 1, waits: 1}


def test_findings_of_one_cause_become_one_piece_of_work():
    low, high = finding(severity=1, seen="a"), finding(severity=3, seen="b")
    (one,) = clusters([low, high])
    assert one.lead == high
    assert [e.seen for e in one.evidence] == ["b", "removed setup.md", "a"]
    assert one.evidence_digest == clusters([high, low])[0].evidence_digest


def _at_one_line(signal: str, severity: int) -> Finding:
    place = finding().evidence[0]
    return finding(signal, subject=f"{signal} in the guide", severity=severity, evidence=(place,))


def test_a_graver_finding_at_the_same_line_goes_to_what_waits_for_a_decision():
    waiting = candidate_of(_at_one_line("todo-age", 1))
    both = clusters([_at_one_line("todo-age", 1), _at_one_line("expiry-date-passed", 3)])
    (cut,) = admit(both, [waiting], [], []).cut
    assert (cut.signal, cut.because, cut.same_as) == ("expiry-date-passed", "it waits for a decision", "c-1")


def test_a_graver_finding_at_a_rejected_line_comes_with_its_past():
    rejected = candidate_of(_at_one_line("todo-age", 1), Event.REJECT)
    both = clusters([_at_one_line("todo-age", 1), _at_one_line("expiry-date-passed", 3)])
    (one,) = admit(both, [rejected], [], []).chosen
    assert one.past is not None
    assert one.past.rejected


def test_what_is_left_of_a_rejected_cluster_stays_away():
    lead = _at_one_line("expiry-date-passed", 3)
    rejected = candidate_of(lead, Event.REJECT)
    (cut,) = admit(clusters([_at_one_line("todo-age", 1)]), [rejected], [], []).cut
    assert (cut.because, cut.same_as) == ("rejected, and its evidence is the same", "c-1")


def test_only_an_open_ticket_that_names_exactly_this_finding_carries_it():
    one = finding()
    longer = _ticket(TicketState.UNSTARTED, body=f"`not-{one.fingerprint}` and `{one.fingerprint}0`")
    assert admit(clusters([one]), [], [], [longer]).cut == ()
