"""A ticket's text as a careful reader takes it in: parts by heading or label, sentences, code, tasks, links.

Quotes and HTML are not the author's own words and are left out; code is kept apart from prose.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from scout.readiness.forms import NOTHING, Untouched
from scout.readiness.parts import Part, count_words, parts_of
from scout.readiness.topics import Topic
from scout.text.tree import Block, Code, Document, Quote, Span, SpanKind, inline

__all__ = ["Part", "Reading", "count_words"]

_WORD = re.compile(r"\b[^\W\d_]{2,30}\b")
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_FORM_QUESTION = re.compile(
    r"existing issue|what \w+ (?:did|do|are) you|is your feature request|have you|did you|what happened"
    r"|what did you|how (?:can|do|did) (?:we|you|i)"
    r"|wh(?:at|ich) version|are you (?:willing|interested)|anything else"
    r"|any other (?:comments|information)|what is your (?:issue|question)|code of conduct|would you like to"
    r"|what (?:is|was|are) the (?:current|expected|actual|steps|problem|bug)|please describe",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.?!？。؟])[\"')\]]*\s+|\n")
_ENGLISH = re.compile(
    r"\b(?:the|an?|is|are|was|be|to|of|in|on|for|and|or|not|with|this|that|it|as|if|when|from|by|can|should|we|you|at"
    r"|has|have|does|do|but|will|no|so|there|which|use|using|add|after|then|into|all)\b"
)
_MIN_WORDS_TO_TELL = 30
_ENGLISH_SHARE = 0.1
_MIN_MOVED = 15
_MOVED_RATIO = 3


@dataclass(frozen=True)
class Reading:
    """All that criteria look at in one text.

    Attributes:
        untouched: lines of the repository's templates, which say nothing.
        comment: whether it was said afterwards: no form asks anything there.
    """

    document: Document
    untouched: Untouched = NOTHING
    comment: bool = False

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The text by headings and labels, in order.

        Where nearly everything is one quotation, as in tickets that were moved from elsewhere, it is the text.
        """
        own = parts_of(self.document.blocks, self.untouched)
        quoted = [inner for block in self.document.blocks if isinstance(block, Quote) for inner in block.blocks]
        if not quoted:
            return own
        moved = parts_of(tuple(quoted), self.untouched)
        words = sum(part.words for part in moved)
        is_moved = words >= max(_MIN_MOVED, _MOVED_RATIO * sum(part.words for part in own))
        return (*own, *moved) if is_moved else own

    def about(self, *wanted: Topic) -> tuple[Part, ...]:
        """Return the parts with something in them that are about any of the topics."""
        return tuple(part for part in self.parts if part.filled and not part.topics.isdisjoint(wanted))

    @cached_property
    def prose(self) -> str:
        """The author's own words: no code, no quotes, no HTML, no headings."""
        return "\n".join(part.text for part in self.parts if part.text)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The prose in sentences and list entries, and headings that ask something no form asks; in comments all."""
        asked = [p.name for p in self.parts if p.name and (self.comment or self._asks(p.name))]
        split = (piece.strip() for piece in _SENTENCE_END.split(self.prose))
        own = (piece for piece in split if piece and not (piece.endswith("?") and self._by_form(piece)))
        return (*own, *asked)

    def _asks(self, name: str) -> bool:
        return name.rstrip().endswith("?") and not self._by_form(name)

    def _by_form(self, question: str) -> bool:
        return not self.comment and _FORM_QUESTION.search(question) is not None

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
    def pictures(self) -> int:
        """How many images, in Markdown or HTML."""
        return sum(part.pictures for part in self.parts)

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


def _special_spans(blocks: tuple[Block, ...]) -> Iterator[Span]:
    for spans in inline(blocks, quotes=False):
        for span in spans:
            if span.kind is not SpanKind.TEXT or span.target:
                yield span
