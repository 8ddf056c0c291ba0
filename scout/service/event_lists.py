"""Lists of events, or of counts a day, in files: JSON lines, a JSON array, CSV or one value a line, plain or as .gz."""

import csv
import gzip
import io
import json
import math
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple, cast

from scout.errors import UsageError
from scout.sources._imports.pieces import unpacked
from scout.sources._imports.times import time_of

TIMES = (
    *("started_at", "started", "start", "at", "date", "day", "time", "timestamp", "datetime", "ts", "when"),
    *("opened_at", "created_at", "createdAt", "created", "merged_at", "committed_at"),
)
"""Names of columns that hold a time, the likelier first."""

COUNTS = ("count", "starts", "n", "value", "tickets", "events", "demand")
"""Names of columns that hold how many of something a day had."""

_MOST = 1_000_000  # a day
_MILLISECONDS = 1e11  # a number of seconds above this is one of milliseconds
_REMEDY = "Give a date, a time or a count on each line; `scout eval demand --help` shows the shapes."


class Dated(NamedTuple):
    """What a file holds: a count for a day, or for a working day in turn where it names none (`day` is None)."""

    day: date | None
    starts: int


def events(path: Path, column: str | None = None) -> Iterator[Dated]:
    """Return the events of a file, front to back.

    Args:
        path: the file.
        column: the field that holds the time; found by name or by looks when not given.

    Raises:
        UsageError: the file cannot be opened, or a line is no event; the message names file and line.
    """
    try:
        with unpacked(path) as file:
            yield from _events(path, io.TextIOWrapper(cast("io.BufferedReader", file), "utf-8-sig", newline=""), column)
    except UnicodeDecodeError as error:
        message = f"{path.name} is no text in UTF-8 ({error.reason} at byte {error.start})."
        raise UsageError(message, _REMEDY) from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UsageError(f"{path.name} is damaged: {error}.", "Fetch or pack it again.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.", _REMEDY) from error


def _events(path: Path, text: io.TextIOWrapper, column: str | None) -> Iterator[Dated]:
    for line, value in _values(path, text):
        try:
            yield _event(value, column)
        except ValueError as error:
            raise UsageError(f"{path.name}, line {line}: {error}.", _REMEDY) from None


def _values(path: Path, text: io.TextIOWrapper) -> Iterator[tuple[int, object]]:
    """Return line and value: an object, a number or a text."""
    start = text.read(1)
    while start.isspace():
        start = text.read(1)
    text.seek(0)
    if start == "[":
        try:
            found: object = json.load(text)
        except (ValueError, RecursionError) as error:
            message = f"{path.name}, line {getattr(error, 'lineno', 1)}: no JSON: {getattr(error, 'msg', error)}."
            raise UsageError(message, _REMEDY) from None
        yield from enumerate(cast("list[object]", found), 1)
    elif start in {"{", '"'} and not _is_table(text):
        for line, written in enumerate(text, 1):
            if bare := written.strip():
                try:
                    yield line, json.loads(bare)
                except (ValueError, RecursionError):
                    raise UsageError(f"{path.name}, line {line}: no JSON.", _REMEDY) from None
    else:
        yield from _rows(path, text)


def _is_table(text: io.TextIOWrapper) -> bool:
    """Whether a file that begins with a quote is CSV; it is at its beginning afterwards."""
    first = text.readline().strip()
    text.seek(0)
    try:
        json.loads(first)
    except ValueError:
        return first.startswith('"')
    return False


def _rows(path: Path, text: io.TextIOWrapper) -> Iterator[tuple[int, object]]:
    first = text.readline()
    text.seek(0)
    separator = max(",;\t", key=first.count)
    reader = csv.reader(text, delimiter=separator, strict=True)
    names: list[str] | None = None
    try:
        for number, cells in enumerate(reader):
            trimmed = [cell.strip() for cell in cells]
            if not any(trimmed):
                continue
            if number == 0 and not any(_number(cell) is not None or time_of(cell) for cell in trimmed):
                names = trimmed
            elif names is not None:
                yield reader.line_num, dict(zip(names, trimmed, strict=False))
            elif len(trimmed) == 1:
                yield reader.line_num, trimmed[0]
            else:
                yield reader.line_num, {"date": trimmed[0], **({"count": trimmed[1]} if len(trimmed) == 2 else {})}  # noqa: PLR2004 - a day and its count
    except csv.Error as error:
        raise UsageError(f"{path.name}, line {reader.line_num}: no CSV: {error}.", _REMEDY) from None


def _event(value: object, column: str | None) -> Dated:
    """Return what a line says.

    Raises:
        ValueError: it is no event; the message says why.
    """
    if not isinstance(value, dict):
        return _alone(value)
    row = cast("Mapping[str, Any]", value)
    if column is not None:
        given = row.get(column)
        if given in (None, ""):
            message = f"no '{column}'"
            raise ValueError(message)
        return Dated(_day(given), 1)
    count = next((row[name] for name in COUNTS if name in row and _number(row[name]) is not None), None)
    when = _when(row)
    if when is None and count is None:
        message = "neither a time nor a count"
        raise ValueError(message)
    return Dated(None if when is None else _day(when), 1 if count is None else _count(count))


def _alone(value: object) -> Dated:
    number = _number(value)
    if number is not None and number < _MILLISECONDS / 1000:
        return Dated(None, _count(value))
    return Dated(_day(value), 1)


def _when(row: Mapping[str, Any]) -> object:
    """Return the time of a row: by name, then whatever looks like one, then the same one level below."""
    for name in TIMES:
        if row.get(name) not in (None, ""):
            return row[name]
    for value in row.values():
        if isinstance(value, str) and _number(value) is None and time_of(value):
            return value
    inner = (cast("Mapping[str, Any]", value) for value in row.values() if isinstance(value, dict))
    return next((found for one in inner if (found := _when(one)) is not None), None)


def _day(value: object) -> date:
    number = _number(value)
    if number is not None:
        try:
            return datetime.fromtimestamp(number / (1000 if number >= _MILLISECONDS else 1), UTC).date()
        except (OverflowError, OSError, ValueError):
            pass
    found = time_of(value) if isinstance(value, str) else None
    if found is None:
        message = f"{json.dumps(value)[:60]} is no date or time"
        raise ValueError(message)
    return found.date()


def _count(value: object) -> int:
    number = _number(value)
    if number is None or number != int(number) or not 0 <= number <= _MOST:
        message = f"{json.dumps(value)[:60]} is no count from 0 to {_MOST:,}"
        raise ValueError(message)
    return int(number)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
