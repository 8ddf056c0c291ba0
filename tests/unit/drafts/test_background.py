"""What surrounds the work is told where it is known, and left out where it is not."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from scout.drafts import (
    Background,
    Occurrence,
    Touch,
    brief,
    clusters,
    comparable,
    conventions,
    draft,
    occurrences,
    related,
)
from scout.drafts.background import Comparable, Related
from scout.model import Candidate, Ticket, TicketState
from tests.unit.drafts.stories import DAY, NOON, SHA, brief_of, candidate_of, finding


def ticket(key: str, title: str, *, day: int = 1, **changes: object) -> Ticket:
    made = Ticket(project="demo", key=key, source="files", title=title, created_at=datetime(2026, 1, day, tzinfo=UTC))
    return made.having(**changes)


def test_tickets_that_name_the_file_are_related_open_ones_first():
    tickets = [
        ticket("1", "docs/guide.md is out of date", day=9, state=TicketState.COMPLETED),
        ticket("2", "Links", body="see `docs/guide.md`.", day=2),
        ticket("3", "Read docs/guide.md/other"),
        ticket("4", "old-docs/guide.md"),
        ticket("5", "nothing"),
        ticket("6", "docs/guide.md again", day=3),
    ]
    assert [(one.key, one.open) for one in related(tickets, ["docs/guide.md"])] == [
        ("6", True),
        ("2", True),
        ("1", False),
    ]


@pytest.mark.parametrize("name", ["setup", ".", "a/b", "Documentation"])
def test_a_name_that_any_text_may_hold_relates_nothing(name: str):
    assert related([ticket("1", f"about {name} and more")], [name]) == ()


def test_work_is_compared_with_merged_changes_of_its_size():
    merged = [*((1, 5.0) for _ in range(9)), (2, 7.0), *((30, 90.0) for _ in range(20)), (1, -3.0)]
    assert comparable(merged, 1) == Comparable(changes=10, over=0, files=2, hours=5.0)
    assert comparable(merged, 25) == Comparable(changes=20, over=10, files=100, hours=90.0)
    assert comparable(merged, 5) is None
    assert comparable([], 1) is None


def test_conventions_are_the_most_used_labels_and_the_newest_finished_titles():
    done = TicketState.COMPLETED
    tickets = [
        ticket("1", "old", labels=("bug", "ui")),
        ticket("2", "done", labels=("bug",), state=done, closed_at=datetime(2026, 2, 2, tzinfo=UTC)),
        ticket("3", "later", state=done, closed_at=datetime(2026, 2, 3, tzinfo=UTC)),
    ]
    assert conventions(tickets).labels == ("bug", "ui")
    assert conventions(tickets).titles == ("later", "done")


def test_the_draft_tells_what_is_known_and_nothing_comes_alive():
    about = Background(
        path="docs/guide.md",
        since=Touch(on=date(2024, 5, 6), sha=SHA, title="Write the guide, thanks @octo"),
        last=Touch(on=date(2025, 7, 8), sha=SHA, title="Fixes #12"),
        in_a_year=3,
        related=(Related(key="7", title="Links of the guide @octo", open=True),),
        comparable=Comparable(changes=12, over=0, files=2, hours=100),
    )
    body = draft(brief_of(finding(), background=about)).body
    assert "`docs/guide.md:12` has stood there like this since 2024-05-06" in body
    assert "changed last on 2025-07-08" in body
    assert "3 times in the year before this look" in body
    assert "`7` (open) names it" in body
    assert "12 merged changes of up to 2 files in this repository took 4 days in the middle" in body
    outside = re.sub("`[^`]*`", "", body)
    assert not {"@octo", "#12"} & set(re.findall(r"[@#]\w+", outside))


def test_nothing_known_is_nothing_said():
    assert "Background" not in draft(brief_of(finding())).body


def test_what_the_brief_leaves_out_is_said():
    many = finding().having(evidence=tuple(finding().evidence[0].having(locator=f"docs/p{n}.md:1") for n in range(20)))
    made = brief(clusters([many])[0], project="demo", sha=SHA, seen_on=DAY)
    assert made.cut == ("8 further places of the same cause",)


def test_two_signals_about_one_line_are_one_piece_of_work():
    grave, slight = finding("temporary-old", severity=3), finding("doc-command-missing", severity=1)
    (made,) = clusters([slight, grave])
    assert (made.lead, made.others) == (grave, (slight,))
    body = draft(brief_of(grave, cluster=made)).body
    for one in (grave, slight):
        assert one.story.wanted in body
        assert f"- [ ] `scout verify {one.fingerprint} --seen {SHA}` exits with 0" in body


def test_signals_about_different_lines_stay_apart():
    here, there = finding("temporary-old"), finding("doc-command-missing", subject="README.md")
    assert [len(one.findings) for one in clusters([here, there])] == [1, 1]


def test_the_earliest_candidate_of_a_cause_is_the_parent_and_of_one_moment_the_first_project():
    order = ("meadow", "orchard", "quarry")
    made = candidate_of(finding())

    def stands(project: str, minutes: int, ticket: str = "") -> Candidate:
        at = NOON + timedelta(minutes=minutes)
        return made.having(id=f"c-{project}", project=project, created_at=at, ticket=ticket)

    assert occurrences([], "orchard", order) == (None, ())
    assert occurrences([stands("orchard", 0)], "orchard", order) == (None, ())
    parent, others = occurrences([stands("quarry", 5), stands("meadow", 9, "M-1")], "orchard", order)
    assert parent == Occurrence(where="quarry", candidate="c-quarry", on=NOON.date())
    assert [(one.where, one.ticket) for one in others] == [("quarry", ""), ("meadow", "M-1")]
    own_first = occurrences([stands("orchard", 1), stands("quarry", 5)], "orchard", order)
    assert (own_first[0], [one.where for one in own_first[1]]) == (None, ["quarry"])
    same_moment = [stands("orchard", 1), stands("meadow", 1), stands("quarry", 1)]
    assert [getattr(occurrences(same_moment, name, order)[0], "where", None) for name in order] == [
        None,
        "meadow",
        "meadow",
    ]


def test_what_other_projects_are_called_comes_not_alive_in_a_draft():
    there = Occurrence(where="@octo", candidate="c-1", ticket="acme/rocket#7", on=DAY)
    many = tuple(there.having(where=f"p{number}") for number in range(12))
    body = draft(brief_of(finding(), background=Background(parent=there, elsewhere=(there, *many)))).body
    assert "Parent: `acme/rocket#7` of the project `@octo`" in body
    assert "and 4 more" in body
    outside = re.sub("`[^`]*`", "", body)
    assert not re.findall(r"@octo|#7", outside)
    own = draft(brief_of(finding(), background=Background(elsewhere=(there,)))).body
    assert "This issue is the parent of theirs. The same is found in" in own
