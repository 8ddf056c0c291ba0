"""A ticket's text as a careful reader takes it in: parts by heading or label, sentences, code, tasks, links.

Quotes and HTML are not the author's own words and are left out; code is kept apart from prose.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from scout.readiness.topics import Topic, topics
from scout.text.tree import (
    Block,
    Code,
    Document,
    Entry,
    Heading,
    Listing,
    Paragraph,
    Quote,
    Rule,
    Span,
    SpanKind,
    Table,
    inline,
    plain,
)

_WORD = re.compile(r"\b[^\W\d_]{2,30}\b")
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LABEL = re.compile(r"^(?:h[1-6]\.\s+(?P<heading>.{2,60})$|(?P<label>[A-Za-z][\w /'’&()-]{1,40}?)\s*:(?=\s|$))")
_FORM_QUESTION = re.compile(
    r"existing issue|what \w+ (?:did|do|are) you|is your feature request|have you|did you|what happened"
    r"|what did you|how (?:can|do|did) (?:we|you|i)"
    r"|wh(?:at|ich) version|are you (?:willing|interested)|anything else|code of conduct|would you like to"
    r"|what (?:is|was|are) the (?:current|expected|actual|steps|problem|bug)|please describe",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.?!？。؟])[\"')\]]*\s+|\n")
_EMPTY = re.compile(r"[\W_]*(?:n/?a|none|no response|nothing|tbd|todo|no|-)?[\W_]*", re.IGNORECASE)
_ENGLISH = re.compile(
    r"\b(?:the|an?|is|are|was|be|to|of|in|on|for|and|or|not|with|this|that|it|as|if|when|from|by|can|should|we|you|at"
    r"|has|have|does|do|but|will|no|so|there|which|use|using|add|after|then|into|all)\b"
)
_MIN_WORDS_TO_TELL = 30
_ENGLISH_SHARE = 0.1
_MIN_MOVED = 15
_MOVED_RATIO = 3
_MAX_LABEL = 70
_MAX_JOINED = 2_000
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


@dataclass(frozen=True)
class Part:
    """A heading or label with what stands under it.

    Attributes:
        name: its words as written; empty for what stands before the first one.
        text: the author's prose under it, one line a paragraph or list entry.
        entries: how many list entries it has; `numbered` of them in numbered lists.
        tasks: the texts of its task entries.
    """

    name: str
    topics: frozenset[Topic]
    text: str
    codes: tuple[Code, ...]
    entries: int
    numbered: int
    tasks: tuple[str, ...]

    @cached_property
    def words(self) -> int:
        """How many words of prose; an untouched 'N/A' has none."""
        return 0 if len(self.text) <= _MAX_LABEL and _EMPTY.fullmatch(self.text) else count_words(self.text)

    @property
    def filled(self) -> bool:
        """Whether something was written under it."""
        return self.words > 0 or bool(self.codes)


@dataclass(frozen=True)
class Reading:
    """All that criteria look at in one text."""

    document: Document

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The text by headings and labels, in order.

        Where nearly everything is one quotation, as in tickets that were moved from elsewhere, it is the text.
        """
        own = self._read(self.document.blocks)
        quoted = [inner for block in self.document.blocks if isinstance(block, Quote) for inner in block.blocks]
        if not quoted:
            return own
        moved = self._read(tuple(quoted))
        words = sum(part.words for part in moved)
        is_moved = words >= max(_MIN_MOVED, _MOVED_RATIO * sum(part.words for part in own))
        return (*own, *moved) if is_moved else own

    @staticmethod
    def _read(blocks: tuple[Block, ...]) -> tuple[Part, ...]:
        return tuple(
            Part(
                name=part.name,
                topics=topics(part.name) if part.name else frozenset(),
                text="\n".join(part.lines),
                codes=tuple(part.codes),
                entries=part.entries,
                numbered=part.numbered,
                tasks=tuple(part.tasks),
            )
            for part in _parts(blocks)
        )

    def about(self, *wanted: Topic) -> tuple[Part, ...]:
        """Return the parts with something in them that are about any of the topics."""
        return tuple(part for part in self.parts if part.filled and not part.topics.isdisjoint(wanted))

    @cached_property
    def prose(self) -> str:
        """The author's own words: no code, no quotes, no HTML, no headings."""
        return "\n".join(part.text for part in self.parts if part.text)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The prose in sentences and list entries, and headings that ask something no form asks."""
        asked = [p.name for p in self.parts if p.name.rstrip().endswith("?") and not _FORM_QUESTION.search(p.name)]
        split = (piece.strip() for piece in _SENTENCE_END.split(self.prose))
        own = (piece for piece in split if piece and not (piece.endswith("?") and _FORM_QUESTION.search(piece)))
        return (*own, *asked)

    @cached_property
    def codes(self) -> tuple[Code, ...]:
        """The blocks of code."""
        return tuple(code for part in self.parts for code in part.codes)

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Inline code, links and images outside quotes."""
        return tuple(_special_spans(self.document.blocks))

    @cached_property
    def code_spans(self) -> tuple[str, ...]:
        """The texts of inline code."""
        return tuple(span.text for span in self.spans if span.kind is SpanKind.CODE)

    @cached_property
    def words(self) -> int:
        """How many words the author wrote."""
        return sum(part.words for part in self.parts)

    @property
    def structured(self) -> bool:
        """Whether it has more than one paragraph, list entry or part, or code."""
        return len(self.parts) > 1 or "\n" in self.prose or bool(self.codes)

    @cached_property
    def english(self) -> bool:
        """Whether the prose is English, as far as its commonest words tell; short texts are taken to be."""
        start = self.prose[:4000].lower()
        found = _WORD.findall(start)
        if _IDEOGRAPH.search(self.prose) and len(_IDEOGRAPH.findall(self.prose)) > len(found):
            return False
        return len(found) < _MIN_WORDS_TO_TELL or len(_ENGLISH.findall(start)) >= _ENGLISH_SHARE * len(found)


def count_words(text: str) -> int:
    """Return how many words a text has; two ideographs count as one."""
    return len(_WORD.findall(text)) + len(_IDEOGRAPH.findall(text)) // 2


def _parts(blocks: tuple[Block, ...]) -> list[_Open]:
    found = [_Open("")]
    for block in blocks:
        _read(block, found, task=False)
    return [part for part in found if part.name or part.lines or part.codes or part.entries]


def _read(block: Block, found: list[_Open], *, task: bool) -> None:
    match block:
        case Heading():
            found.append(_Open(plain(block.spans).strip()))
        case Paragraph():
            _read_paragraph(block, found, task=task)
        case Code():
            found[-1].codes.append(block)
        case Listing():
            for entry in block.entries:
                _read_entry(entry, found, numbered=block.start is not None)
        case Table():
            for row in block.rows:
                found[-1].lines.append(" · ".join(plain(cell).strip() for cell in row))
        case Rule():
            found.append(_Open(""))
        case _:  # quotes and HTML are not the author's own words
            pass


def _read_entry(entry: Entry, found: list[_Open], *, numbered: bool) -> None:
    part = found[-1]
    part.entries += 1
    part.numbered += numbered
    for block in entry.blocks:
        _read(block, found, task=entry.done is not None)


def _read_paragraph(paragraph: Paragraph, found: list[_Open], *, task: bool) -> None:
    if task:
        text = plain(paragraph.spans, code=False).strip()
        found[-1].tasks.append(text)
        found[-1].lines.append(text)
        return
    fresh = True
    for line in _lines(paragraph.spans):
        name, rest = _label(line, plain(line, code=False).strip())
        if name:
            found.append(_Open(name))
            fresh = True
        if rest:
            lines = found[-1].lines
            if fresh or lines[-1].endswith(_STOPS) or len(lines[-1]) > _MAX_JOINED:
                lines.append(rest)
            else:
                lines[-1] = f"{lines[-1]} {rest}"
            fresh = False


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


def _special_spans(blocks: tuple[Block, ...]) -> Iterator[Span]:
    for spans in inline(blocks, quotes=False):
        for span in spans:
            if span.kind is not SpanKind.TEXT or span.target:
                yield span
