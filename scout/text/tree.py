"""One small frozen tree for the text of tickets, whatever markup it was written in.

A document is a flat run of blocks, as in Atlassian's document format: headings stand beside the blocks that
follow them, and `sections` groups them. Inline text is a run of spans, each with its own marks, so that nothing
nests but quotes and lists, whose depth the parsers limit.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class SpanKind(StrEnum):
    """What a span of inline text is."""

    TEXT = "text"
    CODE = "code"
    IMAGE = "image"
    MARKUP = "markup"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of inline text with one set of marks.

    Attributes:
        text: what a reader sees, entities decoded; line breaks are newlines; the alternative text of an image;
            the source of inline HTML.
        target: where a link or an image points; empty when it is neither.
    """

    text: str
    kind: SpanKind = SpanKind.TEXT
    target: str = ""
    strong: bool = False
    emphasis: bool = False
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    spans: tuple[Span, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 6."""

    spans: tuple[Span, ...]
    level: int
    line: int = 0


@dataclass(frozen=True, slots=True)
class Code:
    """A block of code, fenced or indented; `language` as it was written, empty when none was."""

    text: str
    language: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody else said."""

    blocks: tuple["Block", ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list; `done` is None when it is not a task."""

    blocks: tuple["Block", ...]
    done: bool | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; `start` is the first number of a numbered one and None for bullets; `loose` has blank lines between."""

    entries: tuple[Entry, ...]
    start: int | None = None
    loose: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first row is its header; a cell is a run of spans."""

    rows: tuple[tuple[tuple[Span, ...], ...], ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Markup:
    """A block of HTML as it was written, comments included."""

    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the page."""

    line: int = 0


Block: TypeAlias = Paragraph | Heading | Code | Quote | Listing | Table | Markup | Rule


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it, up to the next heading of any level.

    Attributes:
        title: the heading's plain text; empty for what stands before the first heading.
        level: 0 for what stands before the first heading, else 1 to 6.
    """

    title: str
    level: int
    blocks: tuple[Block, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A text as a tree.

    Attributes:
        cut: whether something was left out because the text was too long or nested too deeply.
    """

    blocks: tuple[Block, ...]
    cut: bool = False

    def sections(self) -> tuple[Section, ...]:
        """Return the document by its outermost headings, in order, without empty leading text."""
        found: list[Section] = []
        head: Heading | None = None
        held: list[Block] = []
        for block in self.blocks:
            if isinstance(block, Heading):
                found.append(_section(head, held))
                head, held = block, []
            else:
                held.append(block)
        found.append(_section(head, held))
        return tuple(section for section in found if section.level or section.blocks)


def plain(spans: Iterable[Span], *, code: bool = True) -> str:
    """Return what a reader sees of a run of spans, without HTML; `code` says whether code spans belong to it.

    A code span that is left out leaves an ellipsis, so that the words around it do not run together.
    """
    return "".join(_plain(span, code=code) for span in spans)


def walk(blocks: Iterable[Block], *, quotes: bool = True) -> Iterator[Block]:
    """Yield every block, outer before inner, in reading order; `quotes` says whether quoted ones belong to it."""
    waiting = list(blocks)[::-1]
    while waiting:
        block = waiting.pop()
        yield block
        if isinstance(block, Quote) and quotes:
            waiting.extend(reversed(block.blocks))
        elif isinstance(block, Listing):
            waiting.extend(inner for entry in reversed(block.entries) for inner in reversed(entry.blocks))


def entries(blocks: Iterable[Block], *, quotes: bool = True) -> Iterator[Entry]:
    """Yield every entry of every list."""
    for block in walk(blocks, quotes=quotes):
        if isinstance(block, Listing):
            yield from block.entries


def inline(blocks: Iterable[Block], *, quotes: bool = True) -> Iterator[tuple[Span, ...]]:
    """Yield the runs of spans of all paragraphs, headings and cells, in reading order."""
    for block in walk(blocks, quotes=quotes):
        if isinstance(block, Paragraph | Heading):
            yield block.spans
        elif isinstance(block, Table):
            for row in block.rows:
                yield from row


def _section(head: Heading | None, blocks: list[Block]) -> Section:
    if head is None:
        return Section("", 0, tuple(blocks))
    return Section(plain(head.spans).strip(), head.level, tuple(blocks), head.line)


def _plain(span: Span, *, code: bool) -> str:
    if span.kind is SpanKind.MARKUP:
        return ""
    if span.kind is SpanKind.CODE and not code:
        return "…"
    return span.text
