"""What a record of Jira says in Scout's words, and what it does not say of anybody."""

import json
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from scout.model import TicketState, WorkKind
from scout.sources._jira.core import core_rows
from scout.sources._jira.lore import Lore
from scout.sources._jira.payload import digest_of, kept, stored
from scout.sources._jira.words import Vocabulary, kind_of, link_kind, state_of
from scout.warehouse.records import CommentRow, CoreRow, IterationRow, LinkRow, StatusRow, TicketRow, TransitionRow
from tests.jira_issues import FIELDS, PEOPLE, STATUSES, an_issue, linked, payload

PLAIN = Vocabulary()


def rows(issue: dict[str, Any], said: Vocabulary = PLAIN) -> tuple[CoreRow, ...]:
    return core_rows("issue", payload(issue), said)


def ticket(issue: dict[str, Any], said: Vocabulary = PLAIN) -> TicketRow:
    (found,) = [row for row in rows(issue, said) if isinstance(row, TicketRow)]
    return found


def test_a_ticket_says_what_the_issue_says():
    assert ticket(an_issue()) == TicketRow(
        key="SCT-1",
        title="Retry uploads",
        body="Uploads fail.\n\n## Environment\n\nLinux",
        state="canceled",
        native_state="Closed",
        kind="bug",
        native_kind="Bug",
        labels=["backend", "wip"],
        claimed=True,
        priority="High",
        milestone="1.0, 1.1",
        parent="SCT-100",
        resolution="Won't Fix",
        author=PEOPLE.id("account-1"),
        by_bot=False,
        url="https://example.invalid/jira/browse/SCT-1",
        fields="{}",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        updated_at=datetime(2026, 1, 6, tzinfo=UTC),
        closed_at=datetime(2026, 1, 5, tzinfo=UTC),
        due_at=datetime(2026, 2, 1, tzinfo=UTC),
    )


def test_wiki_markup_becomes_markdown_too():
    assert ticket(an_issue(description="h2. Why\n\n*Uploads* fail.", environment=None)).body == (
        "## Why\n\n**Uploads** fail."
    )


def test_comments_come_in_order_with_pseudonyms():
    said = [row for row in rows(an_issue()) if isinstance(row, CommentRow)]
    assert [(row.key, row.body, row.author) for row in said] == [
        ("10", "First", PEOPLE.id("account-3")),
        ("11", "Second", PEOPLE.id("account-2")),
    ]
    assert said[0].url == "https://example.invalid/jira/browse/SCT-1?focusedCommentId=10"


def test_transitions_tell_both_vocabularies_oldest_first():
    told = [row[1:6] for row in rows(an_issue()) if isinstance(row, TransitionRow)]
    nine, two, four = (PEOPLE.id(f"account-{number}") for number in (9, 2, 4))
    assert told == [
        ("label", "old", "", "old", ""),
        ("label", "", "wip", "", "wip"),
        ("title", "Retry", "Retry uploads", "Retry", "Retry uploads"),
        ("milestone", "", "1.0", "", "1.0"),
        ("tester", "", "", "", ""),
        ("claim", nine, two, nine, two),
        ("state", "", "started", "Reported", "Vetting"),
        ("state", "started", "canceled", "Vetting", "Closed"),
        ("resolution", "", "Won't Fix", "", "Won't Fix"),
    ]
    assert four.encode() in payload(an_issue())


def test_links_say_how_the_other_one_stands():
    found = [row[1:] for row in rows(an_issue()) if isinstance(row, LinkRow)]
    assert found == [
        ("blocks", "SCT-2", "blocks", "unstarted"),
        ("blocked_by", "OPS-9", "is blocked by", "completed"),
        ("is cloned by", "SCT-4", "is cloned by", ""),
        ("child", "SCT-7", "subtask", "started"),
    ]


def test_a_parent_wins_over_the_epic_and_is_a_link():
    found = rows(an_issue(parent=linked("SCT-50", "new")))
    assert ticket(an_issue(parent=linked("SCT-50", "new"))).parent == "SCT-50"
    assert LinkRow("SCT-1", "parent", "SCT-50", "parent", "unstarted") in found


def test_fields_are_kept_by_their_name_or_id():
    said = Vocabulary(fields={"story points": "points", "team": "team", "customfield_2": "tester", "labels": "labels"})
    assert json.loads(ticket(an_issue(), said).fields) == {
        "points": 5,
        "team": "Blue",
        "tester": PEOPLE.id("account-4"),
        "labels": ["backend", "wip"],
    }


def test_nobody_is_named_in_what_is_stored():
    mention = {"type": "mention", "attrs": {"id": "account-7", "text": "@Jo Example 7"}}
    body = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [mention]}]}
    raw = payload(an_issue(description=body, environment="see [~jo.example] and [~accountid:account-8]"))
    for name in (b"Jo Example", b"account-", b"jo.example", b"example.invalid/jo", b"@example", b"secret", b"avatars"):
        assert name not in raw, name
    assert PEOPLE.id("account-8").encode() in raw


def test_work_is_stored_as_a_sum_never_by_whom_or_when():
    stored_fields = json.loads(payload(an_issue()))["fields"]
    assert stored_fields["worklog"] == {"total": 2, "timeSpentSeconds": 5400}
    assert b"timespent" not in json.dumps(json.loads(payload(an_issue()))["changelog"]).encode()
    without_sum = json.loads(payload(an_issue(timespent=None)))["fields"]
    assert without_sum["worklog"] == {"total": 2, "timeSpentSeconds": 3600}


def test_fields_without_a_value_and_what_we_looked_at_last_change_no_record():
    before, after = an_issue(), an_issue(customfield_77=None, lastViewed=None)
    assert payload(before) == payload(after)
    assert digest_of(kept(before)) == digest_of(kept(after))


def test_a_record_does_not_change_with_what_it_has_nothing_to_do_with():
    more = Lore.of(
        [*STATUSES, {"id": "9", "name": "New one", "statusCategory": {"key": "new"}}],
        [*FIELDS, {"id": "customfield_99", "name": "New field", "schema": {"type": "string"}}],
    )
    assert stored(kept(an_issue()), more, PEOPLE).payload == payload(an_issue())


def test_the_way_it_was_fetched_does_not_show():
    one, other = an_issue(), an_issue()
    other["fields"]["comment"] = {
        "startAt": 0,
        "maxResults": 2,
        "total": 2,
        "comments": one["fields"]["comment"]["comments"][::-1],
    }
    other["changelog"] = {**one["changelog"], "startAt": 0, "histories": one["changelog"]["histories"][::-1]}
    assert payload(one) == payload(other)


def test_versions_sprints_and_statuses_have_rows_of_their_own():
    project = {
        "versions": [
            {"id": "1", "name": "1.0", "released": True, "releaseDate": "2026-03-01", "startDate": "2026-01-01"},
            {"id": "2", "name": "2.0", "released": False, "archived": False},
        ]
    }
    moments = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))
    assert core_rows("project", orjson.dumps(project), PLAIN) == (
        IterationRow("1", "version", "1.0", "closed", moments[0], moments[1], moments[1]),
        IterationRow("2", "version", "2.0", "open", None, None, None),
    )
    sprint = {"id": "7", "name": "Sprint 7", "state": "ACTIVE", "startDate": "2026-01-01T00:00:00.000Z"}
    assert core_rows("sprint", orjson.dumps(sprint), PLAIN) == (
        IterationRow("7", "sprint", "Sprint 7", "open", moments[0], None, None),
    )
    assert core_rows("status", orjson.dumps(STATUSES[2]), PLAIN) == (StatusRow("Vetting", "indeterminate", "started"),)
    assert core_rows("field", orjson.dumps(FIELDS[0]), PLAIN) == ()


@pytest.mark.parametrize(
    ("native", "category", "resolution", "state"),
    [
        ("To Do", "new", "", TicketState.UNSTARTED),
        ("Backlog", "new", "", TicketState.BACKLOG),
        ("Needs Triage", "new", "", TicketState.TRIAGE),
        ("Backlog", "indeterminate", "", TicketState.STARTED),
        ("Deploying", "indeterminate", "", TicketState.STARTED),
        ("Closed", "done", "Fixed", TicketState.COMPLETED),
        ("Closed", "done", "Won\u2019t  Do", TicketState.CANCELED),
        ("Rejected", "done", "", TicketState.CANCELED),
        ("Reopened", "new", "Duplicate", TicketState.UNSTARTED),
        ("Done", "", "", TicketState.COMPLETED),
        ("Limbo", "undefined", "", None),
    ],
)
def test_states_follow_name_category_and_resolution(
    native: str, category: str, resolution: str, state: TicketState | None
):
    assert state_of(native, category, PLAIN, resolution=resolution) is state


def test_settings_win_over_what_jira_says():
    said = Vocabulary(
        states={"closed": TicketState.TRIAGE, "label:wip": TicketState.STARTED}, kinds={"backend": WorkKind.CHORE}
    )
    assert state_of("CLOSED", "done", said) is TicketState.TRIAGE
    assert ticket(an_issue(), said).state == "started"
    assert ticket(an_issue(labels=[]), said).state == "triage"
    assert kind_of("Bug", ["backend"], said) is WorkKind.CHORE
    assert kind_of("Epic", [], PLAIN) is None


def test_a_status_that_nothing_tells_of_leaves_the_ticket_in_triage_with_its_word():
    found = ticket(an_issue(status={"name": "Limbo"}, resolution=None))
    assert (found.state, found.native_state, found.closed_at) == ("triage", "Limbo", None)


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("blocks", "blocks"),
        ("is blocked by", "blocked_by"),
        ("depends on", "blocked_by"),
        ("duplicates", "duplicates"),
        ("is duplicated by", "duplicated_by"),
        ("relates to", "relates"),
        ("Is Caused By", "is caused by"),
    ],
)
def test_links_are_kinds_or_their_own_words(phrase: str, kind: str):
    assert link_kind(phrase) == kind


def test_what_no_database_can_hold_is_replaced_in_core_and_stays_in_raw():
    raw = payload(an_issue(summary="a\0b\ud83dc", description="x\0y\ud800"))
    assert json.loads(raw)["fields"]["summary"] == "a\0b\ud83dc"
    found = next(row for row in core_rows("issue", raw, PLAIN) if isinstance(row, TicketRow))
    assert (found.title, found.body.partition("\n")[0]) == ("a\ufffdb\ufffdc", "x\ufffdy\ufffd")


def test_many_comments_and_a_huge_one_are_rows_like_others():
    said = [{"id": str(number), "body": "x", "created": "2026-01-01T00:00:00.000+0000"} for number in range(5000)]
    said.append({"id": "9999", "body": "word " * 2_000_000, "created": "2026-01-01T00:00:00.000+0000"})
    found = [row for row in rows(an_issue(comment={"comments": said, "total": 5001})) if isinstance(row, CommentRow)]
    assert len(found) == 5001
    assert len(found[-1].body) > 9_000_000


@pytest.mark.parametrize("depth", [10, 130, 400])
def test_a_deeply_nested_document_is_stored_and_cut_where_nobody_could_read_it(depth: int):
    nested: Any = {"type": "text", "text": "deep"}
    for _ in range(depth):
        nested = {"type": "blockquote", "content": [nested]}
    content = [{"type": "paragraph", "content": [{"type": "text", "text": "top"}]}, nested]
    issue = an_issue(description={"type": "doc", "content": content})
    assert digest_of(kept(issue))
    assert ticket(issue).body.startswith("top")
    assert ("deep" in ticket(issue).body) == (depth < 120)
