"""Whatever a Jira serves: core takes it, and follows from the record alone."""

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scout.model import TicketState
from scout.sources._jira.core import core_rows, rows_of
from scout.sources._jira.payload import kept, stored
from scout.sources._jira.words import Vocabulary
from scout.warehouse.records import TicketRow
from tests.jira_issues import LORE, PEOPLE, an_issue

PLAIN = Vocabulary()
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return where every part of a value stands."""
    if isinstance(value, dict):
        steps = list(value.items())  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    else:
        steps = list(enumerate(value)) if isinstance(value, list) else []  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return [path, *(place for name, part in steps for place in places(part, (*path, name)))]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


PLACES = [place for place in places(an_issue()) if place]


def reached(value: Any, place: tuple[Any, ...]) -> Any:
    """Return what stands at a place; an empty object where there is no such place any more."""
    for step in place:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return {}
    return value


def mangled(changes: list[tuple[tuple[Any, ...], Any]]) -> dict[str, Any]:
    """Return the issue with other things in some of its places."""
    issue = copy.deepcopy(an_issue())
    for place, other in changes:
        at = reached(issue, place[:-1])
        if isinstance(at, dict):
            at[place[-1]] = other
    return issue


@settings(max_examples=400)
@given(st.lists(st.tuples(st.sampled_from(PLACES), ANYTHING), max_size=6))
def test_whatever_an_issue_looks_like_core_follows_from_the_record_alone(changes: list[tuple[tuple[Any, ...], Any]]):
    made = stored(kept(mangled(changes)), LORE, PEOPLE)
    said = Vocabulary(fields={"team": "team", "story points": "points"})
    found = core_rows("issue", made.payload, said)
    assert found == rows_of("issue", made.value, said)
    for row in found:
        if isinstance(row, TicketRow):
            assert row.state in set(TicketState)
            assert isinstance(json.loads(row.fields), dict)
            assert all(isinstance(label, str) for label in row.labels)


@given(st.sampled_from(["issue", "project", "sprint", "status", "field"]), ANYTHING)
def test_core_takes_any_payload(stream: str, value: Any):
    core_rows(stream, json.dumps(value).encode(), PLAIN)


@given(st.binary(max_size=40))
def test_core_takes_what_is_no_json(payload: bytes):
    assert core_rows("issue", payload, PLAIN) in ((), core_rows("issue", payload, PLAIN))
