"""A file of JSON, in lines or as one document, plain or packed, one piece at a time and in bounded memory."""

import gzip
import io
import json
import re
import sys
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, NoReturn, TextIO, cast

from scout.remote.reading import GarbageError, parsed

LONGEST = 64 << 20
"""Bytes of a line, or characters of a value in a document, that are read; a longer one is skipped."""

ENVELOPE = "*"
"""Where the rest of an envelope comes from, after its arrays."""

_PACKED = b"\x1f\x8b"
_MARK = b"\xef\xbb\xbf"
_CHUNK = 1 << 16
_BLANKS = re.compile(r"[ \t\r\n]*+")
_MEMBERS = ("issues", "pulls", "items")
"""Arrays of an envelope that are read one by one."""


class Piece(NamedTuple):
    """A value that stands in a line or in an array of its own.

    Attributes:
        line: where it ends, from 1.
        within: the member of an envelope it comes from, or `ENVELOPE`; empty where there is no envelope.
    """

    line: int
    within: str
    value: Any


class Fault(NamedTuple):
    """Something that could not be read."""

    line: int
    reason: str


def pieces(path: Path) -> Iterator[Piece | Fault]:
    """Return what a file holds, front to back; what cannot be read is a fault, and the rest follows where it can.

    JSON Lines, an array, arrays one after the other, or an envelope: an object whose `issues`, `pulls` or `items` are
    arrays.

    Raises:
        OSError: it cannot be opened.
    """
    with unpacked(path) as file:
        try:
            yield from _lines(file) if _is_lines(file) else _document(file)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            yield Fault(0, f"the packed file is damaged from here on: {error}")


@contextmanager
def unpacked(path: Path) -> Generator[BinaryIO]:
    """Open a file, unpacking gzip where its first bytes say so."""
    with path.open("rb") as file:
        packed = file.read(len(_PACKED)) == _PACKED
        file.seek(0)
        if packed:
            with gzip.GzipFile(fileobj=file) as inner:
                yield cast("BinaryIO", inner)
        else:
            yield file


def _is_lines(file: BinaryIO) -> bool:
    """Whether each line is a value of its own; the file is at its beginning afterwards.

    One of the first two must be, for the first may be broken.
    """
    array = file.read(_CHUNK).removeprefix(_MARK).lstrip().startswith(b"[")
    file.seek(0)
    found = not array and (_reads(file.readline(LONGEST)) or _reads(file.readline(LONGEST)))
    file.seek(0)
    return found


def _reads(line: bytes) -> bool:
    try:
        return isinstance(parsed(line.removeprefix(_MARK)), dict)
    except GarbageError:
        return False


def _lines(file: BinaryIO) -> Iterator[Piece | Fault]:
    number = 0
    while line := file.readline(LONGEST):
        number += 1
        if len(line) == LONGEST and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = file.readline(LONGEST)
            yield Fault(number, f"longer than {LONGEST >> 20} MB")
        elif bare := (line.removeprefix(_MARK) if number == 1 else line).strip():
            yield from _of_line(number, bare)


def _of_line(number: int, line: bytes) -> Iterator[Piece | Fault]:
    try:
        value = parsed(line)
    except GarbageError:
        yield Fault(number, "no JSON")
        return
    if not isinstance(value, dict):
        yield Fault(number, "no JSON object")
        return
    rest = cast("dict[str, Any]", value)
    within = ""
    for name in _MEMBERS:
        if isinstance(rest.get(name), list):
            within = ENVELOPE
            yield from (Piece(number, name, one) for one in cast("list[Any]", rest.pop(name)))
    yield Piece(number, within, rest)


def _document(file: BinaryIO) -> Iterator[Piece | Fault]:
    scanner = _Scanner(io.TextIOWrapper(file, "utf-8-sig"))
    try:
        while scanner.peek():
            if scanner.takes("["):
                yield from _elements(scanner, "")
            elif scanner.takes("{"):
                yield from _members(scanner)
            else:
                yield Fault(scanner.line, "no JSON from here on")
                return
    except (ValueError, RecursionError) as error:
        yield Fault(scanner.line, f"no JSON from here on: {error}")


def _elements(scanner: "_Scanner", within: str) -> Iterator[Piece]:
    while not scanner.takes("]"):
        value = scanner.value()
        yield Piece(scanner.line, within, value)
        if not scanner.takes(","):
            scanner.needs("]")
            return


def _members(scanner: "_Scanner") -> Iterator[Piece]:
    rest: dict[str, Any] = {}
    kind = ""
    while not scanner.takes("}"):
        name = str(scanner.value())
        scanner.needs(":")
        if name in _MEMBERS and scanner.takes("["):
            kind = ENVELOPE
            yield from _elements(scanner, name)
        else:
            rest[name] = scanner.value()
        if not scanner.takes(","):
            scanner.needs("}")
            break
    yield Piece(scanner.line, kind, rest)


class _Scanner:
    """Reads JSON values from a text one after the other, holding little more than the one it reads."""

    def __init__(self, text: TextIO) -> None:
        self.line = 1
        self._text = text
        self._held = ""
        self._at = 0
        self._ended = False
        self._decode = json.JSONDecoder(parse_constant=_refused, parse_float=_finite).raw_decode

    def peek(self) -> str:
        """Return the next character that is no blank; empty at the end."""
        while True:
            if blanks := _BLANKS.match(self._held, self._at):
                self._pass(blanks.end())
            if self._at < len(self._held):
                return self._held[self._at]
            if self._ended:
                return ""
            self._more(_CHUNK)

    def takes(self, sign: str) -> bool:
        """Whether the sign comes next; if so it is passed."""
        if self.peek() != sign:
            return False
        self._at += 1
        return True

    def needs(self, sign: str) -> None:
        """Pass the sign.

        Raises:
            ValueError: another one comes.
        """
        if not self.takes(sign):
            raise ValueError(f"'{sign}' is missing" if self.peek() else "it ends too early")

    def value(self) -> Any:
        """Return the next value.

        Raises:
            ValueError: there is none, or it is too long.
        """
        self.peek()
        chunk = _CHUNK
        while True:
            try:
                value, end = self._decode(self._held, self._at)
            except ValueError:
                if self._ended or len(self._held) - self._at > LONGEST:
                    raise
            else:
                if end < len(self._held) or self._ended:
                    self._pass(end)
                    return value
            self._more(chunk)
            chunk *= 2

    def _pass(self, end: int) -> None:
        self.line += self._held.count("\n", self._at, end)
        self._at = end

    def _more(self, count: int) -> None:
        read = self._text.read(count)
        self._ended = not read
        self._held, self._at = self._held[self._at :] + read, 0


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _finite(number: str) -> float:
    """Return a number; one too large for any reader as the largest there is, for infinity cannot be written again."""
    return min(max(float(number), -sys.float_info.max), sys.float_info.max)
