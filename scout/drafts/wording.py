"""The words that a model may give to a draft: the shape of its answer, and that shape in sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import field_validator

from scout.model import Frozen
from scout.text.characters import visible
from scout.text.markdown import parse
from scout.text.render import markdown
from scout.text.tree import Document, Paragraph, Span, SpanKind, inline

MOST_TITLE = 90
MOST_LINES = 8
_MOST_SENTENCES = 8
_MOST_CHARACTERS = 500
_HOLD = re.compile("\0(\\d+)\0")
_ENDS = re.compile(r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)\s+")


class Wording(Frozen):
    """What a model answers: words for a draft whose evidence, checks and frame are code's.

    Attributes:
        answer: `draft`, or `decline` where the brief does not bear an issue.
        title: an imperative sentence that names the subject, without a full stop.
        current: what is the case now.
        why: why it matters.
        wanted: what is the case when the work is done.
        acceptance: facts that can be checked, one a line.
        tests: tests to add or change.
        scope: what belongs to the work.
        non_goals: what does not.
        risks: what could go wrong.
    """

    answer: Literal["draft", "decline"]
    title: str
    current: str
    why: str
    wanted: str
    acceptance: tuple[str, ...]
    tests: tuple[str, ...]
    scope: tuple[str, ...]
    non_goals: tuple[str, ...]
    risks: tuple[str, ...]

    @field_validator("title")
    @classmethod
    def _title_is_short(cls, value: str) -> str:
        if len(value) > MOST_TITLE or "\n" in value:
            message = f"a title has one line of at most {MOST_TITLE} characters"
            raise ValueError(message)
        return value


@dataclass(frozen=True)
class Sentence:
    r"""A sentence in plain text: code stands apart, links are their words.

    Attributes:
        text: the sentence; `\0N\0` stands for the N-th piece of code.
        code: the pieces of code.
    """

    text: str
    code: tuple[str, ...]

    @property
    def prose(self) -> str:
        """The sentence without its code."""
        return _HOLD.sub("…", self.text)

    @property
    def codes(self) -> Iterator[str]:
        """The code in it."""
        return (self.code[int(held.group(1))] for held in _HOLD.finditer(self.text))

    def markdown(self, quoted: frozenset[str]) -> str:
        """Return it as Markdown; what is quoted of others becomes code, which nothing follows."""
        spans: list[Span] = []
        for at, part in enumerate(_HOLD.split(self.text)):
            if at % 2:
                spans.append(Span(self.code[int(part)], SpanKind.CODE))
            else:
                spans += _apart(part, quoted)
        return " ".join(markdown(Document((Paragraph(tuple(spans)),))).split("\n"))


def sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of what a model wrote; blocks of code, and paragraphs with images or HTML, are left out."""
    code: list[str] = []
    parts: list[str] = []
    for spans in inline(parse(visible(text)).blocks):
        if any(span.kind in {SpanKind.IMAGE, SpanKind.MARKUP} for span in spans):
            continue
        for span in spans:
            if span.kind is SpanKind.CODE:
                parts.append(f"\0{len(code)}\0")
                code.append(span.text)
            else:
                parts.append(span.text.replace("`", "'"))
        parts.append("\n")
    flat = " ".join("".join(parts).split())
    found = (part.strip() for part in _ENDS.split(flat))
    kept = [part for part in found if any(map(str.isalnum, part))][:_MOST_SENTENCES]
    return tuple(Sentence(part, tuple(code)) for part in kept if len(part) <= _MOST_CHARACTERS)


def _apart(text: str, quoted: frozenset[str]) -> Iterator[Span]:
    at = 0
    for match in re.finditer("|".join(map(re.escape, sorted(quoted, key=len, reverse=True))), text) if quoted else ():
        yield Span(text[at : match.start()])
        yield Span(match.group()[1:-1].strip(), SpanKind.CODE)
        at = match.end()
    yield Span(text[at:])
