"""Records on their way into staging: lists of columns, turned into Arrow batches of bounded size."""

from collections import Counter
from datetime import datetime
from hashlib import blake2b
from itertools import count
from typing import Any

from scout.sources._arrow import forgiving_batch
from scout.sources._base import Sink
from scout.warehouse.records import TABLES, CoreRow, Record, Tombstone
from scout.warehouse.streams import CORE, RECORD, REMADE, TOMBSTONE, Stream

_RECORDS = 5_000
_ROWS = 20_000
_BYTES = 4 << 20
_DIGEST = 16  # bytes

_numbers = count(1)  # of all sinks of this process, so that several may write into one staging

_Row = tuple[Any, ...]


class RecordSink:
    """Takes records and tombstones one by one and writes batches to a sink. One thread only.

    What is left at the end goes out with `flush`.

    Args:
        project: the project's id.
        source: the source's id.
        fetched_at: the moment of the run (UTC).
        sink: of `Source.pull`.

    Attributes:
        counts: how many records came, by their stream.
    """

    def __init__(self, project: str, source: str, fetched_at: datetime, sink: Sink) -> None:
        self.counts: Counter[str] = Counter()
        self._project = project
        self._source = source
        self._fetched_at = fetched_at
        self._sink = sink
        self._turn = 0
        self._gone: set[str] = set()
        self._begin()

    def add(self, record: Record) -> None:
        """Write a record and its core rows. Of two with the same key, the one that changed later counts."""
        stream, key, payload, parent, changed_at, details, core = record
        if self._gone and (f"{stream}/{key}" in self._gone or parent in self._gone):
            self._turn += 1
            self._gone.clear()
        written = next(_numbers)
        digest = blake2b(payload, digest_size=_DIGEST).hexdigest()
        self._records.append(
            (stream, key, parent, changed_at, digest, details, payload, self._turn, written),
        )
        if core:
            self._add_core(core, (stream, key, digest, written))
        self.counts[stream] += 1
        self._bytes += len(payload)
        if self._bytes >= _BYTES or len(self._records) >= _RECORDS or self._rows >= _ROWS:
            self.flush()

    def anew(self, stream: str, key: str, digest: str, core: tuple[CoreRow, ...]) -> None:
        """Replace the core rows of a stored record that has this digest."""
        written = next(_numbers)
        self._remade.append((stream, key, digest, self._turn, written))
        self._add_core(core, (stream, key, digest, written))
        if len(self._remade) >= _RECORDS or self._rows >= _ROWS:
            self.flush()

    def gone(self, tombstone: Tombstone) -> None:
        """Say that a record is not there any more; what hangs on it goes with it."""
        stream, key, reason, moved_to = tombstone
        self._gone.add(f"{stream}/{key}")
        self._tombstones.append((stream, key, reason, moved_to, self._turn, next(_numbers)))
        if len(self._tombstones) >= _RECORDS:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting."""
        if self._records:
            self._write(RECORD, ("fetched_at",), self._records)
        if self._remade:
            self._write(REMADE, (), self._remade)
        if self._tombstones:
            self._write(TOMBSTONE, ("noticed_at",), self._tombstones)
        for kind, rows in self._core.items():
            if rows:
                self._write(CORE[TABLES[kind]], ("fetched_at",), rows)
        self._begin()

    def _begin(self) -> None:
        self._records: list[_Row] = []
        self._remade: list[_Row] = []
        self._tombstones: list[_Row] = []
        self._core: dict[type[CoreRow], list[_Row]] = {}
        self._bytes = self._rows = 0

    def _add_core(self, core: tuple[CoreRow, ...], record: tuple[str, str, str, int]) -> None:
        stream, key, digest, written = record
        for row in core:
            rows = self._core.get(type(row))
            if rows is None:
                rows = self._core[type(row)] = []
            # `place` counts within record and table, so that the rows of a record keep their order
            place = rows[-1][2] + 1 if rows and rows[-1][-1] == written else 0
            rows.append((stream, key, place, digest, *row, written))
        self._rows += len(core)

    def _write(self, stream: Stream, dated: tuple[str, ...], rows: list[_Row]) -> None:
        constant = {"project": self._project, "source": self._source, **dict.fromkeys(dated, self._fetched_at)}
        names = [name for name in stream.columns if name not in constant]
        columns = dict(zip(names, zip(*rows, strict=True), strict=True))
        self._sink(stream.name, forgiving_batch(stream, constant, columns))
