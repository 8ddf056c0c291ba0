"""Texts on their way to GitHub and Jira: refinements of tickets, bodies that are too long, secrets."""

import pytest

from scout.errors import ConflictError, SettingsError
from scout.ledger import Intent
from scout.model import Ticket
from scout.publish import Filing, Publisher
from scout.publish.markers import marked
from scout.service import decide, review
from scout.service.publish import Filed
from scout.service.publishers import publisher_for
from scout.service.wiring import Workspace
from scout.text.adf import markdown as markdown_of
from tests.publishing import Desk
from tests.publishing_scene import Opening, opening, prepared, trackers
from tests.trackers import Trackers, stand_ins
from tests.unit.publish.making import a_filing

ON_BOTH = pytest.mark.parametrize("tracker", ["github", "jira"])
__all__ = ["opening", "prepared", "trackers"]


def _refining(desk: Desk, work: Workspace, ticket: Ticket, body: str) -> tuple[Publisher, Filing]:
    intent = Intent(
        key="f" * 32,
        project="rocket",
        candidate="c-1",
        revision=1,
        publisher="x",
        target="x",
        at=work.now,
    )
    draft = a_filing().draft.having(body=body, title=f"Refine {ticket.key}")
    assert desk.root
    return publisher_for(work, work.project("rocket")), Filing(intent=intent, draft=draft, fingerprint="refinement:1")


def _ticket(trackers: Trackers, tracker: str) -> Ticket:
    if tracker == "github":
        issue = trackers.github.issues[1]
        return Ticket(project="rocket", key="1", source="github", title=issue["title"], body=issue["body"] or "")
    fields = trackers.jira.issues["SCT-1"]["fields"]
    body = markdown_of(stand_ins("jira_api").to_adf(fields["description"] or ""))
    return Ticket(project="rocket", key="SCT-1", source="jira", title=fields["summary"], body=body)


@ON_BOTH
@pytest.mark.parametrize("how", ["edit", "comment"])
def test_a_refinement_reaches_its_ticket_once(opening: Opening, trackers: Trackers, tracker: str, how: str) -> None:
    desk, ticket = opening(tracker, most=0, refinements=how), _ticket(trackers, tracker)
    with desk.work() as work:
        publisher, filing = _refining(desk, work, ticket, "## Wanted outcome\n\nIt *works*.\n\n- [ ] `make test`")
        assert publisher.rewritten(filing, ticket) is None
        shown = publisher.rewrite(filing, ticket, live=False)
        assert ("PATCH" in shown.where or "PUT" in shown.where) is (how == "edit")
        assert trackers.counters()["writes"] == 0
        publisher.rewrite(filing, ticket, live=True)
        assert trackers.counters()["writes"] == 1
        found = publisher.rewritten(filing, ticket)
        assert found is not None
        assert found.ticket == ticket.key
        publisher.close()


@ON_BOTH
def test_a_ticket_that_somebody_has_changed_is_left_alone(opening: Opening, trackers: Trackers, tracker: str) -> None:
    desk, ticket = opening(tracker, most=0), _ticket(trackers, tracker)
    with desk.work() as work:
        publisher, filing = _refining(desk, work, ticket, "New.")
        with pytest.raises(ConflictError, match="has changed meanwhile"):
            publisher.rewrite(filing, ticket.having(body="Read long ago."), live=True)
        publisher.close()
    assert trackers.counters()["writes"] == 0


@ON_BOTH
def test_a_body_that_is_too_long_is_cut_and_says_so(opening: Opening, trackers: Trackers, tracker: str) -> None:
    desk, ticket = opening(tracker, most=0), _ticket(trackers, tracker)
    most = 65_536 if tracker == "github" else 32_767
    with desk.work() as work:
        publisher, filing = _refining(desk, work, ticket, "It is *gone* again.\n\n" * 9000)
        publisher.file(filing.model_copy(update={"whole": "scout inbox show c-1"}))
        publisher.close()
    if tracker == "github":
        body = list(trackers.github.issues.values())[-1]["body"]
        assert marked(body) == "f" * 32
        assert len(body) <= most
    else:
        body = str(list(trackers.jira.issues.values())[-1]["fields"]["description"])
    assert "scout inbox show c-1" in body


def test_an_unknown_key_of_the_publisher_names_the_nearest(opening: Opening) -> None:
    desk = opening("jira", most=1)
    desk.table += 'issue_typ = "Bug"\n'
    with pytest.raises(SettingsError, match="issue_typ") as told:
        desk.publish()
    assert "issue_type" in told.value.remedy


def test_a_reviewers_words_are_made_inert_and_lose_their_secrets(opening: Opening, trackers: Trackers) -> None:
    desk = opening("github", most=0)
    with desk.work() as work:
        name = review.listing(work, everything=True).candidates[0].id
        body = work.ledger.candidate(name).draft.body
        more = "\n\n@ada closes #7 with ghp_0123456789abcdefghijABCDEFGHIJ456789\n"
        decide.edit(work, name, body=body + more)
        decide.accept(work, name)
    (entry,) = desk.publish().entries
    assert entry.outcome is Filed.FILED
    filed = list(trackers.github.issues.values())[-1]["body"]
    assert "`@ada`" in filed
    assert "`#7`" in filed
    assert "ghp_" not in filed
    assert "[redacted]" in filed or "redacted" in filed
