# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""The only place that uses Arrow: rows of a stream as a Parquet part. Arrow comes without types for its classes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias, runtime_checkable

import pyarrow as pa
import pyarrow.parquet as pq

from scout.warehouse.streams import KEYED, RECORD, Kind, Stream

_TYPES = {
    Kind.TEXT: pa.string(),
    Kind.TEXTS: pa.list_(pa.string()),
    Kind.INTEGER: pa.int64(),
    Kind.FLAG: pa.bool_(),
    Kind.MOMENT: pa.timestamp("us", tz="UTC"),
}


@runtime_checkable
class ArrowRows(Protocol):
    """A record batch or table of Arrow, or anything else that can be read as one."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the rows as a stream of Arrow's C interface."""
        ...


Rows: TypeAlias = ArrowRows | Mapping[str, Sequence[object]]


def write_part(stream: Stream, rows: Rows, path: Path) -> Counter[str]:
    """Write rows as one Parquet file, columns in the stream's order and of its types; return how many there are.

    Records count by the source's own streams, core rows and tombstones not at all.

    Args:
        stream: what kind of rows they are.
        rows: Arrow rows, or plain columns by name.
        path: the file.

    Raises:
        ValueError: the rows do not have the stream's columns.
        OSError: the file cannot be written.
    """
    names = list(stream.columns)
    given = rows if isinstance(rows, Mapping) else pa.table(rows)
    found = list(given) if isinstance(given, Mapping) else given.column_names
    if sorted(found) != sorted(names):
        message = f"stream {stream.name} has the columns {names}, not {found}"
        raise ValueError(message)
    schema = pa.schema([(name, _TYPES[kind]) for name, kind in stream.columns.items()])
    table = pa.table(dict(given), schema=schema) if isinstance(given, Mapping) else given.select(names).cast(schema)
    pq.write_table(table, path, compression="none", use_dictionary=False)  # read once, and soon
    if stream.name in KEYED:
        return Counter({stream.name: table.num_rows})
    if stream is RECORD:
        return Counter({one["values"]: one["counts"] for one in table["stream"].value_counts().to_pylist()})
    return Counter()
