from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.buffer.fronts import collide
from scout.buffer.serving import mentioned_paths, serve
from scout.model import Ticket, TicketState


def _ticket(key: str, body: str = "", **more: object) -> Ticket:
    return Ticket.model_validate({"project": "p", "key": key, "source": "files", "title": key, "body": body, **more})


PATHS = st.text("ab/.", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("see `src/app.py:12` and docs/guide.md", {"src/app.py", "docs/guide.md"}),
        ("`Makefile` and `setup.py` and `./tools/`", {"setup.py", "tools"}),
        ("read and/or write, e.g. Node.js, I/O, 24/7", set[str]()),
        ("https://example.org/some/page.html", set[str]()),
        ("`pip install .` then src/a/b.py.", {"src/a/b.py"}),
    ],
)
def test_paths_are_told_from_words(text: str, paths: set[str]):
    assert mentioned_paths(_ticket("a", text)) == paths


def test_a_folder_collides_with_what_is_in_it_and_a_namesake_does_not():
    assert collide({"src"}, {"src/app.py"}) == "src"
    assert collide({"src/app.py"}, {"src"}) == "src/app.py"
    assert collide({"src/app.py"}, {"src/app.pyi", "srcs"}) == ""


@given(st.sets(PATHS, max_size=4), st.sets(PATHS, max_size=4))
def test_colliding_is_mutual(one: set[str], other: set[str]):
    assert bool(collide(one, other)) == bool(collide(other, one))


def test_the_readiest_comes_first_then_the_oldest():
    old = _ticket("old", created_at=datetime(2025, 1, 1, tzinfo=UTC))
    tickets = [_ticket("new", created_at=datetime(2026, 1, 1, tzinfo=UTC)), old, _ticket("best"), _ticket("undated")]
    found = serve(tickets, {"best": 0.9, "old": 0.8, "new": 0.8, "undated": 0.8}, 9)
    assert [one.key for one in found.tickets] == ["best", "old", "new", "undated"]


def test_tickets_that_touch_the_same_files_are_one_front():
    tickets = [_ticket("a", "`src/app.py`"), _ticket("b", "`src/`"), _ticket("c", "`docs/x.md`")]
    found = serve(tickets, {"a": 0.9, "b": 0.8, "c": 0.7}, 5)
    assert [one.key for one in found.tickets] == ["a", "c"]
    assert (found.available, found.fronts) == (3, 2)
    assert [(one.key, one.reason) for one in found.held] == [("b", "touches src, as a does")]


@pytest.mark.parametrize("motion", [{"state": TicketState.STARTED}, {"claimed": True}])
def test_work_in_motion_keeps_its_files(motion: dict[str, object]):
    tickets = [_ticket("busy", "`src/app.py`", **motion), _ticket("a", "`src/app.py`")]
    assert serve(tickets, {"a": 1.0, "busy": 1.0}, 1).tickets == ()


def test_a_leased_ticket_is_not_served_twice():
    found = serve([_ticket("a"), _ticket("b")], {"a": 0.9, "b": 0.8}, 2, taken={"a"})
    assert [one.key for one in found.tickets] == ["b"]


def test_no_more_than_asked_for_and_never_less_than_nothing():
    tickets = [_ticket(key) for key in "abc"]
    assert len(serve(tickets, dict.fromkeys("abc", 1.0), 2).tickets) == 2
    assert serve(tickets, dict.fromkeys("abc", 1.0), -1).tickets == ()


@given(st.permutations("abcde"))
def test_the_order_of_the_rows_does_not_matter(keys: list[str]):
    bodies = {"a": "`x/y.py`", "b": "`x/`", "c": "", "d": "`x/z.py`", "e": "`q.py`"}
    ready = dict.fromkeys("abcde", 0.5)
    expected = serve([_ticket(key, bodies[key]) for key in "abcde"], ready, 5)
    assert serve([_ticket(key, bodies[key]) for key in keys], ready, 5) == expected
