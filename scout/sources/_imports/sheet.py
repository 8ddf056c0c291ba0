"""Tickets in rows: files of comma-separated values, read row by row."""

import csv
import io
import zlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TextIO

from scout.errors import UsageError
from scout.sources._imports.columns import SEVERAL, columns_of
from scout.sources._imports.pieces import LONGEST, Fault, unpacked
from scout.sources._imports.shapes import Kind, Thing


class Row(NamedTuple):
    """What a row says.

    Attributes:
        said: texts by part of a ticket (see `columns.USUAL`), none of them empty.
        wiki: whether they are in Jira's markup.
    """

    said: Mapping[str, Sequence[str]]
    wiki: bool


SEPARATORS = ",;\t|"
"""What may stand between two cells."""

_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_WIKI = "issue key"


class Sheet:
    """A file of comma-separated values, or with semicolons, tabs or bars between them.

    Args:
        path: the file, plain or packed.
        said: names of columns by part of a ticket, where the usual ones are not meant.
        name: of the file, for errors.

    Raises:
        UsageError: it is no text, or its columns do not say what is needed.
        OSError: it cannot be opened.
    """

    def __init__(self, path: Path, said: Mapping[str, Sequence[str]], name: str) -> None:
        self._path = path
        csv.field_size_limit(LONGEST)
        header, self._separator = _header(path, name)
        self._columns = columns_of(header, said, name)
        self._wiki = any(column.strip().lower() == _WIKI for column in header)

    def rows(self) -> Iterator[list[Thing] | Fault]:
        """Return the rows, each as a thing alone; one that cannot be read is a fault."""
        with _text(self._path) as text:
            rows = csv.reader(text, delimiter=self._separator)
            next(rows, None)
            while True:
                try:
                    cells = next(rows, None)
                except (csv.Error, ValueError, EOFError, zlib.error) as error:
                    yield Fault(rows.line_num, f"cannot be read: {error}")
                    if isinstance(error, csv.Error):
                        continue
                    return
                if cells is None:
                    return
                if any(cells):
                    yield self._row(cells, rows.line_num)

    def _row(self, cells: list[str], line: int) -> list[Thing] | Fault:
        row: dict[str, list[str]] = {}
        for part, places in self._columns.items():
            said = [cells[place] for place in places if place < len(cells) and cells[place].strip()]
            if said:
                row[part] = said if part in SEVERAL else said[:1]
        return [Thing(Kind.ROW, Row(row, self._wiki))] if "title" in row else Fault(line, "it has no title")


def _header(path: Path, name: str) -> tuple[list[str], str]:
    """Return the names of the columns, and what stands between them.

    Raises:
        UsageError: it is no text.
    """
    try:
        with _text(path) as text:
            first = text.readline(LONGEST)
        separator = max(SEPARATORS, key=first.count)
        with _text(path) as text:
            return next(csv.reader(text, delimiter=separator), list[str]()), separator
    except (csv.Error, ValueError, EOFError, zlib.error) as error:
        raise UsageError(f"{name} is no text: {error}.", "Give a file of comma-separated values.") from error


@contextmanager
def _text(path: Path) -> Generator[TextIO]:
    with unpacked(path) as file:
        encoding = _MARKS.get(file.read(2), "utf-8-sig")
        file.seek(0)
        text = io.TextIOWrapper(file, encoding, newline="")
        try:
            yield text
        finally:
            text.detach()
