"""When work was started, as trackers tell it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from scout.sources._records import RecordSink
from scout.warehouse.merge import merge
from scout.warehouse.records import ChangeRow, CoreRow, LinkRow, Record, TicketRow, TransitionRow
from scout.warehouse.staging import Staging
from scout.warehouse.store import Warehouse
from scout.warehouse.tables import starts
from tests.unit.warehouse.rows import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG_AGO = date(2000, 1, 1)
Row = TypeVar("Row", bound=CoreRow)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "state" / "warehouse.duckdb")


def _row(kind: type[Row], **fields: Any) -> Row:
    empty = {str: "", bool: False}
    known: dict[str, Any] = {name: empty.get(of) for name, of in kind.__annotations__.items()}
    return kind._make({**known, **fields}[name] for name in kind._fields)


def _ticket(key: str) -> TicketRow:
    return _row(TicketRow, key=key, state="unstarted", labels=[])


def _change(key: str, opened: datetime | None, merged: datetime | None = None, *, by_bot: bool = False) -> ChangeRow:
    return _row(ChangeRow, key=key, state="open", labels=[], created_at=opened, merged_at=merged, by_bot=by_bot)


def _turn(subject: str, field: str, after: str, at: datetime | None) -> TransitionRow:
    return _row(TransitionRow, subject=subject, field=field, after=after, at=at)


def _closes(change: str, ticket: str) -> LinkRow:
    return LinkRow(change, "closes", ticket, "fixes", "")


def _found(warehouse: Warehouse, core: Sequence[CoreRow], since: date = LONG_AGO) -> dict[str, list[tuple[int, int]]]:
    """Return by evidence pairs of days since `NOW` and starts."""
    with Staging(warehouse.path.with_name("worker")) as staging:
        sink = RecordSink("alpha", "tracker", NOW, staging.write)
        for place, row in enumerate(core):
            sink.add(Record("row", str(place), b"{}", core=(row,)))
        sink.flush()
    merge(warehouse, [staging], "alpha", NOW)
    found: dict[str, list[tuple[int, int]]] = {}
    with warehouse.reading() as connection:
        assert starts.daily_starts(connection, "beta", LONG_AGO) == ()
        for one in starts.daily_starts(connection, "alpha", since):
            found.setdefault(one.evidence, []).append(((one.day - NOW.date()).days, one.starts))
    return found


def test_a_ticket_starts_when_it_first_moves_to_a_started_state(warehouse: Warehouse):
    turns = [
        _turn("1", "state", state, NOW + place * DAY) for place, state in enumerate(["started", "unstarted", "started"])
    ]
    others = [
        _turn("9", "state", "started", NOW),
        _turn("2", "state", "completed", NOW),
        _turn("2", "state", "started", None),
    ]
    assert _found(warehouse, [_ticket("1"), _ticket("2"), *turns, *others]) == {"board": [(0, 1)]}


def test_a_ticket_starts_when_the_first_change_that_closes_it_is_opened(warehouse: Warehouse):
    changes = [_change("11", NOW + 2 * DAY), _change("12", NOW), _change("13", NOW + DAY), _change("14", None)]
    links = [_closes("11", "1"), _closes("12", "1"), _closes("12", "1"), _closes("13", "elsewhere#4")]
    found = _found(warehouse, [_ticket("1"), *changes, *links])
    assert found == {"linked": [(0, 1)], "opened": [(0, 1), (1, 1), (2, 1)]}


def test_what_is_merged_within_the_hour_is_no_demand_from_stock(warehouse: Warehouse):
    changes = [_change("11", NOW, NOW + HOUR), _change("12", NOW, NOW + 1.01 * HOUR), _change("13", NOW, NOW - DAY)]
    found = _found(warehouse, [_ticket("1"), *changes, _closes("11", "1")])
    assert found == {"opened": [(0, 1)], "expedited": [(0, 2)]}


def test_a_bot_starts_work_only_where_it_closes_a_ticket(warehouse: Warehouse):
    changes = [_change("11", NOW, by_bot=True), _change("12", NOW, by_bot=True), _change("13", NOW, NOW, by_bot=True)]
    assert _found(warehouse, [_ticket("1"), *changes, _closes("11", "1")]) == {"linked": [(0, 1)], "opened": [(0, 1)]}


def test_the_first_assignment_is_known_and_old_starts_are_left_out(warehouse: Warehouse):
    turns = [
        _turn("1", "claim", "claimed", NOW),
        _turn("1", "claim", "", NOW - DAY),
        _turn("2", "claim", "claimed", NOW - 9 * DAY),
    ]
    rows = [_ticket("1"), _ticket("2"), *turns]
    assert _found(warehouse, rows, NOW.date() - DAY) == {"claimed": [(0, 1)]}
    assert _found(warehouse, rows) == {"claimed": [(-9, 1), (0, 1)]}
