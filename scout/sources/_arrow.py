# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""The only place of the sources that uses Arrow, which comes without types for its classes."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from scout.sources._base import Rows
from scout.warehouse.streams import Kind, Stream

_SURROGATE = re.compile("[\ud800-\udfff]")
_NUL = re.compile(b"\0")
_LARGEST = 1 << 63


def record_batch(columns: Mapping[str, tuple[Kind, Sequence[Any]]]) -> Rows:
    """Return columns of equal length as one batch; text may be given as UTF-8 bytes, None is null."""
    import pyarrow as pa  # here: a run that finds nothing new needs none of it

    types = _types()
    arrays = [pa.array(values, types[kind]) for kind, values in columns.values()]
    return pa.RecordBatch.from_arrays(arrays, names=list(columns))


def forgiving_batch(stream: Stream, constant: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]) -> Rows:
    """Return columns of what a tracker said as one batch, whatever it said.

    In text, NUL and lone surrogates become U+FFFD. What a column cannot hold is null, or empty where that may not be.

    Args:
        stream: what kind of rows they are.
        constant: columns that have the same value in every row.
        columns: the others, of equal length; at least one.
    """
    import pyarrow as pa

    types = _types()
    rows = len(next(iter(columns.values())))
    arrays = [pa.repeat(pa.scalar(value, types[stream.columns[name]]), rows) for name, value in constant.items()]
    for name, values in columns.items():
        kind = stream.columns[name]
        arrays.append(_forgiving(kind, types[kind], values, nullable=name in stream.nullable))
    return pa.RecordBatch.from_arrays(arrays, names=[*constant, *columns])


def _types() -> dict[Kind, Any]:
    import pyarrow as pa

    return {
        Kind.TEXT: pa.string(),
        Kind.TEXTS: pa.list_(pa.string()),
        Kind.INTEGER: pa.int64(),
        Kind.FLAG: pa.bool_(),
        Kind.MOMENT: pa.timestamp("us", tz="UTC"),
    }


def _forgiving(kind: Kind, arrow: Any, values: Sequence[Any], *, nullable: bool) -> Any:
    import pyarrow as pa

    try:
        array = pa.array(values, arrow)
    except (pa.ArrowException, UnicodeError, OverflowError, TypeError, ValueError):
        array = pa.array([_REPAIRS[kind](value) for value in values], arrow)
    if array.null_count and not nullable:
        array = pa.array([_EMPTY[kind] if value is None else value for value in array.to_pylist()], arrow)
    if kind is Kind.TEXTS:
        if array.values.null_count:
            array = pa.array([_texts(value) for value in values], arrow)
        return _without_nul_in_lists(array)
    return _without_nul(array) if kind is Kind.TEXT else array


def _without_nul(array: Any) -> Any:
    """Return an array of text with U+FFFD for NUL, which Parquet can hold and few readers expect."""
    from pyarrow import compute

    text = array.buffers()[2]
    if text is None or _NUL.search(text) is None:
        return array
    replacing = compute.ReplaceSubstringOptions(pattern="\0", replacement="\ufffd")
    return compute.call_function("replace_substring", [array], replacing)


def _without_nul_in_lists(array: Any) -> Any:
    import pyarrow as pa

    values = _without_nul(array.values)
    return array if values is array.values else pa.ListArray.from_arrays(array.offsets, values)


def _text(value: Any) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return _SURROGATE.sub("\ufffd", value) if isinstance(value, str) else None


def _texts(value: Any) -> list[str] | None:
    return [_text(one) or "" for one in value] if isinstance(value, list | tuple) else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _integer(value: Any) -> int | None:
    return value if isinstance(value, int) and -_LARGEST <= value < _LARGEST else None


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


_REPAIRS: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.TEXT: _text,
    Kind.TEXTS: _texts,
    Kind.INTEGER: _integer,
    Kind.FLAG: _flag,
    Kind.MOMENT: _moment,
}
_EMPTY: Mapping[Kind, Any] = {Kind.TEXT: "", Kind.TEXTS: [], Kind.INTEGER: 0, Kind.FLAG: False}
