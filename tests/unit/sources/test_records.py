"""Records on their way into staging: nothing a tracker says stops them, and memory stays bounded."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.sources import Rows
from scout.sources._records import RecordSink
from scout.warehouse.records import CommentRow, LabelRow, Record, RunRow, TicketRow, Tombstone
from scout.warehouse.streams import STREAMS

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Taken:
    """A sink that keeps what it takes."""

    def __init__(self) -> None:
        self.sizes: list[tuple[str, int]] = []
        self.rows: dict[str, list[dict[str, Any]]] = {}

    def __call__(self, stream: str, rows: Rows) -> None:
        arrow: Any = pa  # it comes without types
        table = arrow.table(rows)
        assert sorted(table.column_names) == sorted(STREAMS[stream].columns)
        self.sizes.append((stream, rows.num_rows))
        self.rows.setdefault(stream, []).extend(table.to_pylist())


def ticket(**fields: Any) -> TicketRow:
    values: dict[str, Any] = {name: "" if kind is str else None for name, kind in TicketRow.__annotations__.items()}
    values |= {"labels": [], "claimed": False, "by_bot": False, **fields}
    return TicketRow(*values.values())


def taken(*things: Record | Tombstone) -> Taken:
    sink = Taken()
    records = RecordSink("p", "tracker", NOW, sink)
    for thing in things:
        records.add(thing) if isinstance(thing, Record) else records.gone(thing)
    records.flush()
    return sink


def test_a_record_carries_its_digest_and_its_core_rows_lead_back_to_it():
    core = (ticket(key="7", title="t"), LabelRow("a", "x"), LabelRow("b", "y"))
    found = taken(Record("issue", "7", b'{"a":1}', "x/1", NOW, ("timeline",), core)).rows
    [record] = found["record"]
    assert {name: record[name] for name in ("project", "source", "stream", "key", "parent", "payload")} == {
        "project": "p",
        "source": "tracker",
        "stream": "issue",
        "key": "7",
        "parent": "x/1",
        "payload": '{"a":1}',
    }
    assert (record["changed_at"], record["fetched_at"], record["details"]) == (NOW, NOW, ["timeline"])
    assert len(record["digest"]) == 32
    for row in [*found["core_ticket"], *found["core_label"]]:
        assert (row["project"], row["source"], row["stream"], row["record"]) == ("p", "tracker", "issue", "7")
        assert (row["digest"], row["fetched_at"], row["written"]) == (record["digest"], NOW, record["written"])
    assert [(row["place"], row["name"]) for row in found["core_label"]] == [(0, "a"), (1, "b")]


def test_equal_payloads_have_equal_digests_and_others_do_not():
    rows = taken(*(Record("issue", key, payload) for key, payload in (("1", b"{}"), ("2", b"{}"), ("3", b"[]"))))
    first, second, third = (row["digest"] for row in rows.rows["record"])
    assert first == second != third


def test_places_begin_anew_with_each_record_even_in_another_batch():
    records = [Record("labels", str(key), b"{}", core=(LabelRow("a", ""), LabelRow("b", ""))) for key in range(3)]
    assert [row["place"] for row in taken(*records, *records).rows["core_label"]] == [0, 1] * 6


def test_memory_is_bounded_by_rows_and_by_bytes():
    small = taken(*(Record("event", str(key), b"{}") for key in range(12_000)))
    assert small.sizes == [("record", 5000), ("record", 5000), ("record", 2000)]
    large = taken(*(Record("issue", str(key), b"x" * (5 << 18)) for key in range(5)))
    assert large.sizes == [("record", 4), ("record", 1)]
    crowded = taken(*(Record("issue", str(key), b"{}", core=(LabelRow("a", ""),) * 10_000) for key in range(3)))
    assert crowded.sizes == [("record", 2), ("core_label", 20_000), ("record", 1), ("core_label", 10_000)]


def test_what_no_text_can_hold_is_shown_as_such_in_core_and_stays_escaped_in_raw():
    core = (ticket(key="1", title="nul\0", body="half \ud83d pair", labels=["a\0", "\udc00"]), LabelRow("\0", "fine"))
    found = taken(Record("issue", "1", rb'{"body":"\ud83d\u0000"}', core=core)).rows
    assert found["record"][0]["payload"] == r'{"body":"\ud83d\u0000"}'
    [row] = found["core_ticket"]
    assert (row["title"], row["body"], row["labels"]) == ("nul\ufffd", "half \ufffd pair", ["a\ufffd", "\ufffd"])
    assert found["core_label"][0]["name"] == "\ufffd"


def test_a_payload_that_is_no_utf_8_does_not_stop_the_others():
    found = taken(Record("issue", "1", b'"\xff"'), Record("issue", "2", "\ud800".encode("utf-8", "surrogatepass")))
    assert found.rows["record"][0]["payload"] == '"\ufffd"'
    assert "\ufffd" in found.rows["record"][1]["payload"]


def test_values_of_another_kind_are_left_empty():
    odd: Any = [
        {"key": 5, "title": None, "body": {"a": 1}, "labels": "bug", "claimed": "yes", "created_at": "yesterday"},
        {"key": "k", "labels": [1, None, "x"], "title": "t", "created_at": datetime(2026, 1, 1)},  # noqa: DTZ001 - as a defect may
    ]
    rows = [ticket(**fields) for fields in odd]
    found = taken(Record("issue", "1", b"{}", core=tuple(rows))).rows["core_ticket"]
    assert [row["title"] for row in found] == ["", "t"]
    assert [(row["key"], row["body"], row["labels"], row["claimed"]) for row in found] == [
        ("", "", [], False),
        ("k", "", ["", "", "x"], False),
    ]
    assert [row["created_at"] for row in found] == [None, datetime(2026, 1, 1, tzinfo=UTC)]


def test_a_list_never_holds_nothing():
    labels: Any = ["a", None]
    assert taken(Record("issue", "1", b"{}", core=(ticket(labels=labels),))).rows["core_ticket"][0]["labels"] == [
        "a",
        "",
    ]


def test_numbers_that_no_column_can_hold_are_left_empty():
    run = RunRow("1", "w", "push", "main", "c1", None, "done", "success", "", None, None, None)
    attempts: list[Any] = [1 << 70, 3, "7", None]
    runs = tuple(run._replace(attempt=attempt) for attempt in attempts)
    found = taken(Record("run", "1", b"{}", core=runs)).rows["core_run"]
    assert [row["attempt"] for row in found] == [None, 3, None, None]


def test_times_of_any_zone_are_kept_in_utc():
    east = NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert taken(Record("issue", "1", b"{}", changed_at=east)).rows["record"][0]["changed_at"] == NOW


@given(st.lists(st.text(st.characters(codec=None, categories=None)), max_size=5), st.text())
def test_no_text_whatever_raises(texts: list[str], body: str):
    comment = CommentRow("1", "2", "comment", "".join(texts), body, False, "", None, None)  # noqa: FBT003 - a row
    [row] = taken(Record("issue", "\0".join(texts), b"{}", core=(ticket(labels=texts), comment))).rows["core_comment"]
    assert "\0" not in row["body"] + row["author"]


def test_a_turn_ends_where_a_record_comes_after_its_own_tombstone_or_its_parents():
    again = (
        Record("issue", "1", b"{}"),
        Tombstone("issue", "1", "hidden"),
        Record("issue", "2", b"{}"),
        Record("comment", "5", b"{}", "issue/1"),
        Record("issue", "1", b"{}"),
        Tombstone("issue", "1", "deleted"),
    )
    found = taken(*again).rows
    assert [(row["key"], row["turn"]) for row in found["record"]] == [("1", 0), ("2", 0), ("5", 1), ("1", 1)]
    assert [(row["reason"], row["turn"]) for row in found["tombstone"]] == [("hidden", 0), ("deleted", 1)]
    assert found["tombstone"][0]["written"] > found["record"][0]["written"]


def test_records_are_counted_by_stream():
    records = RecordSink("p", "tracker", NOW, Taken())
    for stream in ("issue", "issue", "label"):
        records.add(Record(stream, "1", b"{}"))
    assert records.counts == {"issue": 2, "label": 1}


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_is_written_for_nothing(count: int):
    assert taken(*(Tombstone("issue", "1", "gone") for _ in range(count))).sizes == [("tombstone", 1)] * count
