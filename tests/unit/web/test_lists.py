"""Long lists by pages: every line is on exactly one of them, and each page leads to its neighbours."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.model import CandidateState, WorkKind
from scout.service.inbox_line import InboxLine
from scout.service.shelf import Shelf
from scout.web.lists import MOST, inbox, turned

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def a_line(number: int, state: CandidateState = CandidateState.OFFERED, project: str = "rocket") -> InboxLine:
    return InboxLine(
        id=f"c-{number}", project=project, state=state, severity=1, score=0.5, signal="s", subject="x",
        fingerprint=f"s:{number}", title="Mend it", kind=WorkKind.DOCS, size="S", readiness=1, ready=True, revision=1,
        created_at=NOW,
    )  # fmt: skip


def shelf(waiting: int, others: int = 0) -> Shelf:
    rejected = (a_line(1000 + number, CandidateState.REJECTED, "harbour") for number in range(others))
    return Shelf(tuple(a_line(number) for number in range(waiting)), tuple(rejected))


@given(st.integers(0, 3 * MOST + 1), st.integers(0, 2 * MOST))
def test_every_line_is_on_exactly_one_page_and_links_lead_through_all(waiting: int, others: int):
    found, asked = shelf(waiting, others), {"everything": "yes"}
    seen: list[str] = []
    while True:
        page = inbox(found, (), asked)
        seen += [one.id for one in (*page.waiting, *page.others)]
        assert len(page.waiting) + len(page.others) <= MOST
        if not page.turn.later:
            break
        asked = dict(parse_qsl(urlsplit(page.turn.later).query))
    assert seen == [one.id for one in found.all]


def test_today_is_all_there_is_unless_more_is_asked_for():
    found = shelf(9, 3)
    page = inbox(found, found.waiting[:4], {})
    assert (len(page.waiting), page.beyond, page.others, page.everything) == (4, 5, (), False)
    some = inbox(found, (), {"project": "harbour", "state": "rejected"})
    assert (some.total, len(some.others), some.only) == (0, 3, "harbour, rejected")


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "²", ""])
def test_a_page_that_is_not_there_is_another_one(page: str):
    start, turn = turned("/inbox", {"page": page, "told": "secret"}, 3 * MOST)
    assert 0 <= start < 3 * MOST
    assert "told" not in turn.earlier + turn.later
