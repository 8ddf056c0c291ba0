"""A text by headings and labels: what stands under each, with what is not the author's own left out.

Quotes and HTML are not the author's own words; nor is what a form says before anybody has filled it in.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from scout.readiness.forms import Untouched, says_nothing, without_comments
from scout.readiness.topics import Topic, topics
from scout.readiness.unfenced import is_code
from scout.text.tree import (
    Block,
    Code,
    Entry,
    Heading,
    Listing,
    Markup,
    Paragraph,
    Rule,
    Span,
    SpanKind,
    Table,
    plain,
)

_WORD = re.compile(r"\b[^\W\d_]{2,30}\b")
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LABEL = re.compile(r"^(?:h[1-6]\.\s+(?P<heading>.{2,60})$|(?P<label>[A-Za-z][\w /'’&()-]{1,40}?)\s*:(?=\s|$))")
_EMPTY = re.compile(r"[\W_]*(?:n/?a|none|no response|nothing|tbd|todo|no|-)?[\W_]*", re.IGNORECASE)
_PICTURE = re.compile(r"<(?:img|video)\b", re.IGNORECASE)
_MAX_LABEL = 70
_MAX_JOINED = 2_000
_MIN_UNFENCED = 2
_BARE = (0, 0, 0)
_STOPS = (".", "?", "!", ":", ";", "。", "？")


@dataclass(slots=True)
class _Open:
    """A part while it is being read."""

    name: str
    lines: list[str] = field(default_factory=list[str])
    codes: list[Code] = field(default_factory=list[Code])
    entries: int = 0
    numbered: int = 0
    tasks: list[str] = field(default_factory=list[str])
    pictures: int = 0

    def size(self) -> tuple[int, int, int]:
        """Return what tells whether something was added."""
        return len(self.lines), len(self.codes), self.pictures


@dataclass(frozen=True)
class Part:
    """A heading or label with what stands under it.

    Attributes:
        name: its words as written; empty for what stands before the first one.
        text: the author's prose under it, one line a paragraph or list entry.
        entries: how many list entries it has; `numbered` of them in numbered lists.
        tasks: the texts of its task entries.
        pictures: how many images, in Markdown or HTML.
    """

    name: str
    topics: frozenset[Topic]
    text: str
    codes: tuple[Code, ...]
    entries: int
    numbered: int
    tasks: tuple[str, ...]
    pictures: int = 0

    @cached_property
    def words(self) -> int:
        """How many words of prose; an untouched 'N/A' has none."""
        return 0 if len(self.text) <= _MAX_LABEL and _EMPTY.fullmatch(self.text) else count_words(self.text)

    @property
    def filled(self) -> bool:
        """Whether something was written under it."""
        return self.words > 0 or self.shown

    @property
    def shown(self) -> bool:
        """Whether there is code or a picture."""
        return bool(self.codes) or self.pictures > 0


def count_words(text: str) -> int:
    """Return how many words a text has; two ideographs count as one."""
    return len(_WORD.findall(text)) + len(_IDEOGRAPH.findall(text)) // 2


def parts_of(blocks: tuple[Block, ...], untouched: Untouched) -> tuple[Part, ...]:
    """Return blocks by headings and labels, in order.

    Args:
        blocks: of a document or of a quote.
        untouched: lines of the repository's templates, which say nothing.
    """
    reader = _Reader(untouched)
    for block in blocks:
        reader.read(block)
    return tuple(
        Part(
            name=part.name,
            topics=topics(part.name) if part.name else frozenset(),
            text="\n".join(part.lines),
            codes=tuple(part.codes),
            entries=part.entries,
            numbered=part.numbered,
            tasks=tuple(part.tasks),
            pictures=part.pictures,
        )
        for part in reader.found
        if part.name or part.lines or part.codes or part.entries or part.pictures
    )


class _Reader:
    """Goes through blocks front to back and opens a part at each heading and label."""

    def __init__(self, untouched: Untouched) -> None:
        self.found = [_Open("")]
        self._untouched = untouched

    def read(self, block: Block, *, task: bool = False) -> None:
        """Read a block into the part that is open, or open another."""
        match block:
            case Heading():
                self.found.append(_Open(plain(block.spans).strip()))
            case Paragraph():
                self._paragraph(block, task=task)
            case Code():
                self._code(block)
            case Listing():
                for entry in block.entries:
                    self._entry(entry, numbered=block.start is not None)
            case Table():
                self._table(block)
            case Rule():
                self.found.append(_Open(""))
            case Markup():
                self.found[-1].pictures += len(_PICTURE.findall(without_comments(block.text)))
            case _:  # quotes are not the author's own words
                pass

    def _empty(self, line: str) -> bool:
        return says_nothing(line, self._untouched)

    def _code(self, code: Code) -> None:
        if code.text.strip() and not self._empty(code.text):
            self.found[-1].codes.append(code)

    def _table(self, table: Table) -> None:
        for row in table.rows:
            self._pictures(span for cell in row for span in cell)
            cells = [plain(cell).strip() for cell in row]
            if any(cells) and not self._empty(line := " · ".join(cells)):
                self.found[-1].lines.append(line)

    def _pictures(self, spans: Iterable[Span]) -> None:
        for span in spans:
            if span.kind is SpanKind.IMAGE or (span.kind is SpanKind.MARKUP and _PICTURE.match(span.text)):
                self.found[-1].pictures += 1

    def _entry(self, entry: Entry, *, numbered: bool) -> None:
        part = self.found[-1]
        before, count = part.size(), len(self.found)
        for block in entry.blocks:
            self.read(block, task=entry.done is not None)
        if part.size() != before or any(opened.size() != _BARE for opened in self.found[count:]):
            part.entries += 1
            part.numbered += numbered

    def _paragraph(self, paragraph: Paragraph, *, task: bool) -> None:
        self._pictures(paragraph.spans)
        if task:
            text = plain(paragraph.spans, code=False).strip()
            if not self._empty(text):
                self.found[-1].tasks.append(text)
                self.found[-1].lines.append(text)
            return
        fresh, code = True, list[str]()
        for line in _lines(paragraph.spans):
            if is_code(shown := plain(line)):
                code.append(shown)
                continue
            fresh = self._unfenced(code) or fresh
            name, rest = _label(line, plain(line, code=False).strip())
            if name:
                self.found.append(_Open(name))
                fresh = True
            if rest and not self._empty(rest):
                self._words(rest, fresh=fresh)
                fresh = False
        self._unfenced(code)

    def _words(self, text: str, *, fresh: bool) -> None:
        """Add a line, to the one before it where that has not ended and this is not the first of its paragraph."""
        lines = self.found[-1].lines
        if fresh or not lines or lines[-1].endswith(_STOPS) or len(lines[-1]) > _MAX_JOINED:
            lines.append(text)
        else:
            lines[-1] = f"{lines[-1]} {text}"

    def _unfenced(self, code: list[str]) -> bool:
        """Add lines that read as code, of which one alone may be prose, and return whether there were any."""
        if not code:
            return False
        if len(code) >= _MIN_UNFENCED:
            self.found[-1].codes.append(Code("\n".join(code)))
        else:
            self._words(code[0].strip(), fresh=False)
        code.clear()
        return True


def _lines(spans: tuple[Span, ...]) -> Iterator[tuple[Span, ...]]:
    line: list[Span] = []
    for span in spans:
        if span.kind is not SpanKind.TEXT or "\n" not in span.text:
            line.append(span)
            continue
        head, *rest = span.text.split("\n")
        for piece in (head, *rest)[:-1]:
            yield (*line, _styled(span, piece))
            line = []
        line.append(_styled(span, rest[-1]))
    yield tuple(line)


def _styled(span: Span, text: str) -> Span:
    return Span(text, SpanKind.TEXT, span.target, strong=span.strong, emphasis=span.emphasis)


def _label(line: tuple[Span, ...], text: str) -> tuple[str, str]:
    """Return the label that a line starts with, if it does, and the rest of the line."""
    shown = [span for span in line if span.text.strip()]
    if not shown:
        return "", ""
    if (
        (shown[0].strong or shown[0].emphasis)
        and len(text) <= _MAX_LABEL
        and all(s.strong or s.emphasis for s in shown)
    ):
        return text, ""
    lead = shown[0].text.strip()
    rest = text[len(lead) :].lstrip()
    marked = (shown[0].strong or shown[0].emphasis) and shown[0].kind is SpanKind.TEXT
    if marked and len(lead) <= _MAX_LABEL and (lead.endswith(":") or rest.startswith(":")):
        return lead.rstrip(":"), rest.removeprefix(":").lstrip()
    match = _LABEL.match(text)
    if match is None:
        return "", text
    if match["heading"]:
        return match["heading"], ""
    return (match["label"], text[match.end() :].lstrip()) if topics(match["label"]) else ("", text)
