# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
"""The only place of the sources that uses Arrow, which comes without types for its classes."""

from collections.abc import Mapping, Sequence
from typing import Any

from scout.sources._base import Rows
from scout.warehouse.streams import Kind


def record_batch(columns: Mapping[str, tuple[Kind, Sequence[Any]]]) -> Rows:
    """Return columns of equal length as one batch; text may be given as UTF-8 bytes, None is null."""
    import pyarrow as pa  # here: a run that finds nothing new needs none of it

    types = {
        Kind.TEXT: pa.string(),
        Kind.INTEGER: pa.int64(),
        Kind.FLAG: pa.bool_(),
        Kind.MOMENT: pa.timestamp("us", tz="UTC"),
    }
    arrays = [pa.array(values, types[kind]) for kind, values in columns.values()]
    return pa.RecordBatch.from_arrays(arrays, names=list(columns))
