"""What somebody asks for already is not proposed again in other words; what only looks like it is."""

from datetime import timedelta

import pytest

from scout.drafts import Admitted, Choice, clusters, noted, unlike
from scout.model import Candidate, Event, Evidence, EvidenceKind, Finding, Ticket, TicketState, WorkKind
from tests.unit.drafts.stories import NOON, candidate_of, finding

OTHERS = tuple(
    Ticket(project="demo", key=f"{n}", source="files", title=f"Paint the {noun}", body=f"The {noun} is grey.")
    for n, noun in enumerate(("fence", "door", "boat", "barn", "gate", "shed"))
)
TITLE = "The guide links to setup.md, which is gone"
BODY = "In `docs/guide.md` the link to [setup](setup.md) leads nowhere: the page was removed last month."


def ticket(
    title: str = TITLE, body: str = BODY, *, state: TicketState = TicketState.UNSTARTED, days: int = 9
) -> Ticket:
    closed = None if state.is_open else NOON - timedelta(days=days)
    return Ticket(project="demo", key="17", source="files", title=title, body=body, state=state, closed_at=closed)


def judged(one: Finding, *tickets: Ticket, candidates: tuple[Candidate, ...] = ()) -> Choice:
    admitted = [Admitted(cluster=cluster) for cluster in clusters([one])]
    return unlike(admitted, candidates, (*OTHERS, *tickets), NOON)


def test_what_a_person_asked_for_in_own_words_is_seen_as_that_ticket():
    choice = judged(finding(), ticket())
    assert [(one.because, one.same_as, one.similar) for one in choice.cut] == [
        ("an open ticket asks for the same", "17", True)
    ]
    assert choice.chosen == ()


def test_a_draft_that_somebody_copied_into_the_tracker_is_the_same():
    story = finding().story
    choice = judged(finding(), ticket(story.title, f"{story.current}\n\n{story.wanted}"))
    assert [one.same_as for one in choice.cut] == ["17"]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Write more about the rocket in docs/guide.md", "The guide is too short."),
        ("The guide links to usage.md, which is gone", "In `docs/guide.md` the link to [usage](usage.md) is dead."),
        ("The list links to setup.md, which is gone", "In `docs/list.md` the link to [setup](setup.md) is dead."),
        ("Repair two links in docs/list.md", "`docs/list.md` links to two pages that the repository does not have."),
    ],
)
def test_another_link_or_another_page_is_another_thing(title: str, body: str):
    assert len(judged(finding(), ticket(title, body)).chosen) == 1


def test_a_ticket_about_another_finding_of_the_same_scout_does_not_count():
    other = ticket(body=f"{BODY} `scout verify broken-internal-link:0123456789abcdef`")
    assert len(judged(finding(), other).chosen) == 1


def test_what_was_closed_without_work_lately_is_not_asked_again():
    choice = judged(finding(), ticket(state=TicketState.CANCELED))
    assert choice.reasons == {"a ticket that asked for the same was closed without work": 1}
    assert len(judged(finding(), ticket(state=TicketState.CANCELED, days=91)).chosen) == 1


def test_what_was_finished_lately_and_is_there_again_comes_with_its_past():
    (one,) = judged(finding(), ticket(state=TicketState.COMPLETED)).chosen
    assert one.past is not None
    assert (one.past.because, one.past.rejected) == ("17", False)


def test_work_on_tickets_is_left_alone():
    about = finding(kind=WorkKind.HOUSEKEEPING)
    assert len(judged(about, ticket(about.story.title, about.story.current)).chosen) == 1
    seen = Evidence(kind=EvidenceKind.TICKET, locator="17", seen="open", resolved=True)
    named = finding(evidence=(seen,))
    assert len(judged(named, ticket(named.story.title, named.story.current)).chosen) == 1


def of_another_scout(*events: Event) -> Candidate:
    """Return a candidate of another scout in the words of the finding."""
    story = finding().story
    known = candidate_of(finding("doc-path-missing"), *events)
    return known.having(draft=known.draft.having(title=story.title, body=f"{story.current} {story.wanted}"))


@pytest.mark.parametrize(
    ("events", "because"),
    [
        ((), "a candidate asks for the same"),
        ((Event.DEFER,), "a deferred candidate asks for the same"),
        ((Event.ACCEPT,), "an accepted candidate asks for the same"),
    ],
)
def test_a_candidate_of_another_scout_that_stands_is_enough(events: tuple[Event, ...], because: str):
    choice = judged(finding(), candidates=(of_another_scout(*events),))
    assert [(one.because, one.same_as) for one in choice.cut] == [(because, "c-1")]


def test_what_another_scout_had_rejected_comes_back_with_what_changed():
    rejected = of_another_scout(Event.REJECT)
    other = rejected.draft.evidence[0].having(seen="[start](start.md)")
    (one,) = judged(finding(), candidates=(rejected.having(draft=rejected.draft.having(evidence=(other,))),)).chosen
    assert one.past is not None
    assert (one.past.rejected, one.past.because, one.past.on) == (True, "not @now", NOON.date())
    assert "new in `docs/guide.md`: `[setup](setup.md)`" in one.past.changed


def test_a_withdrawn_or_filed_candidate_answers_for_nothing():
    for events in ((Event.WITHDRAW,), (Event.ACCEPT, Event.PUBLISH)):
        assert len(judged(finding(), candidates=(of_another_scout(*events),)).chosen) == 1


def test_a_scout_tells_its_own_subjects_apart():
    mine = candidate_of(finding(subject="docs/other.md"))
    mine = mine.having(draft=mine.draft.having(title=finding().story.title, body=finding().story.current))
    assert len(judged(finding(), candidates=(mine,)).chosen) == 1


def test_what_another_scout_saw_stands_before_the_footer():
    seen = (Evidence(kind=EvidenceKind.FILE, locator="a.py:3", seen="x = @you", resolved=True),)
    text = noted("## What is seen\n\nA.\n\n***\n\nFound by Scout.", "todo-age", seen)
    assert (
        text
        == "## What is seen\n\nA.\n\n## Also seen by `todo-age`\n\n- `a.py:3`: `x = @you`\n\n***\n\nFound by Scout."
    )
    assert noted("A.", "todo-age", seen).endswith("- `a.py:3`: `x = @you`\n")
