"""Any history of records and tombstones, merged in any pieces, ends in the tables that a plain model says."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count, pairwise
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.warehouse.merge import merge
from scout.warehouse.records import Record, Tombstone
from scout.warehouse.staging import Staging
from scout.warehouse.store import Warehouse
from tests.unit.warehouse.rows import NOW, record, staged

DAY = timedelta(days=1)
Tables = dict[str, list[tuple[Any, ...]]]


class Op(NamedTuple):
    """What a tracker may tell: a state of an issue or of its comment, or (without text) that it is gone."""

    stream: str
    number: int
    day: int | None
    text: str | None

    @property
    def changed_at(self) -> datetime | None:
        return None if self.day is None else NOW + self.day * DAY

    @property
    def order(self) -> int:
        return -1 if self.day is None else self.day

    @property
    def thing(self) -> Record | Tombstone:
        key = str(self.number)
        if self.text is None:
            return Tombstone(self.stream, key, "deleted")
        parent = f"issue/{self.number % 2}" if self.stream == "comment" else ""
        return record(key, self.text, stream=self.stream, parent=parent, changed=self.changed_at)


class Model:
    """What the tables must say, one thing after another."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, int], Op] = {}
        self.gone: set[tuple[str, str]] = set()

    def tell(self, op: Op) -> None:
        place = (op.stream, op.number)
        if op.text is None:
            self.drop(place)
            self.gone.add((op.stream, str(op.number)))
        elif place not in self.records or self.records[place].order <= op.order:
            self.records[place] = op
            self.gone.discard((op.stream, str(op.number)))

    def drop(self, place: tuple[str, int]) -> None:
        self.records.pop(place, None)
        for other in [one for one in self.records if place[0] == "issue" and one[0] == "comment"]:
            if other[1] % 2 == place[1]:
                del self.records[other]

    def keep_only(self, stream: str, ops: Sequence[Op]) -> None:
        seen = {(op.stream, op.number) for op in ops if op.text is not None}
        for place in [one for one in self.records if one[0] == stream and one not in seen]:
            self.drop(place)

    @property
    def tables(self) -> Tables:
        kept = [self.records[place] for place in sorted(self.records)]
        return {
            "record": [(op.stream, str(op.number), op.changed_at) for op in kept],
            "label": [
                (op.stream, str(op.number), place, word)
                for op in kept
                for place, word in enumerate(str(op.text).split())
            ],
            "gone": sorted(self.gone),
        }


ops = st.builds(
    Op,
    stream=st.sampled_from(["issue", "comment"]),
    number=st.integers(0, 3),
    day=st.none() | st.integers(0, 3),
    text=st.none() | st.sampled_from(["", "a", "a b", "b c d", "c"]),
)
batches = st.tuples(st.lists(ops, max_size=8), st.sampled_from([None, None, None, "issue", "comment"]))
cuts = st.lists(st.integers(0, 8), max_size=3)
numbers = count()


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return Warehouse(tmp_path_factory.mktemp("shared") / "state" / "warehouse.duckdb")


@given(history=st.lists(st.tuples(batches, cuts), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_history_in_any_pieces_ends_in_the_same_tables(
    warehouse: Warehouse, history: list[tuple[tuple[list[Op], str | None], list[int]]]
):
    project = f"project-{next(numbers)}"
    model = Model()
    for (batch, whole), at in history:
        for op in batch:
            model.tell(op)
        if whole:
            model.keep_only(whole, batch)
        pieces = list(_pieces(warehouse, project, batch, whole, at))
        for together in [pieces] if whole else [[piece] for piece in pieces]:
            merge(warehouse, together, project, NOW)
        assert _tables(warehouse, project) == model.tables


@given(history=st.lists(ops, max_size=10), whole=st.sampled_from([None, "issue"]))
@settings(max_examples=20, deadline=None)
def test_merging_the_same_again_changes_nothing(warehouse: Warehouse, history: list[Op], whole: str | None):
    project = f"project-{next(numbers)}"
    [piece] = _pieces(warehouse, project, history, whole, [])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(piece, "remove", lambda: None)  # as if killed between commit and removal
        merge(warehouse, [piece], project, NOW)
    before = _tables(warehouse, project, everything=True)
    merge(warehouse, [piece], project, NOW)
    assert _tables(warehouse, project, everything=True) == before


def _pieces(
    warehouse: Warehouse, project: str, batch: list[Op], whole: str | None, cuts: list[int]
) -> Iterator[Staging]:
    edges = sorted({0, len(batch), *(min(cut, len(batch)) for cut in cuts)})
    for first, last in pairwise(edges) if batch else [(0, 0)]:
        folder = warehouse.path.with_name(f"worker-{first}")
        yield staged(folder, (op.thing for op in batch[first:last]), project=project, whole=(whole,) if whole else ())


def _tables(warehouse: Warehouse, project: str, *, everything: bool = False) -> Tables:
    columns = {
        "raw.record": ("record", "stream, key, changed_at"),
        "core.label": ("label", "stream, record, place, name"),
        "core.gone": ("gone", "stream, key"),
    }
    with warehouse.reading() as connection:
        return {
            name: connection.execute(
                f"SELECT {'*' if everything else some} FROM {table} WHERE project = ? ORDER BY ALL",  # noqa: S608 - above
                [project],
            ).fetchall()
            for table, (name, some) in columns.items()
        }
