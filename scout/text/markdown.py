"""Markdown (CommonMark with tables, strikethrough and task lists) as the tree of `scout.text.tree`.

Parsing takes time linear in the length of the text: quotes and lists deeper than `MAX_DEPTH` and what stands
beyond `MAX_LENGTH` characters are left out, and the document says so. Invisible characters are removed first: nothing
that a reader cannot see is part of a tree.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from scout.text.characters import visible
from scout.text.tree import (
    Block,
    Code,
    Document,
    Entry,
    Heading,
    Listing,
    Markup,
    Paragraph,
    Quote,
    Rule,
    Span,
    SpanKind,
    Table,
)

MAX_LENGTH = 70_000
"""Characters that are read: GitHub stores 65,536 in one issue, Jira half of that."""
MAX_DEPTH = 20
"""Levels of quotes and lists that are read."""

_TASK = re.compile(r"\[([ xX])\](?:[ \t]+|$)")
_MAX_LINE_DELIMITERS = 4_000
_DELIMITERS = re.compile(r"[\[\]*_~!<`(&\\]")


def parse(text: str) -> Document:
    """Return the text as a tree; never fails, whatever the text is."""
    seen = visible(text[:MAX_LENGTH])
    safe = _calmed(seen)
    tokens = _parser().parse(safe)
    deep = any(token.level == MAX_DEPTH - 1 and token.nesting == 1 for token in tokens)
    return Document(_Reader(tokens).blocks(), cut=len(text) > MAX_LENGTH or deep or safe is not seen)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": MAX_DEPTH}).enable(["table", "strikethrough"])


def _calmed(text: str) -> str:
    """Return the text with the tail of lines made of markup alone left out: the parser takes quadratic time on them."""
    if len(text) <= _MAX_LINE_DELIMITERS:
        return text
    lines = text.split("\n")
    calm = [_cut_line(line) if len(line) > _MAX_LINE_DELIMITERS else line for line in lines]
    return text if calm == lines else "\n".join(calm)


def _cut_line(line: str) -> str:
    for count, match in enumerate(_DELIMITERS.finditer(line)):
        if count == _MAX_LINE_DELIMITERS:
            return line[: match.start()]
    return line


class _Reader:
    """Turns the parser's flat tokens into blocks, one pass, front to back."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def blocks(self, until: str = "") -> tuple[Block, ...]:
        """Return the blocks up to and including the closing token of type `until`, or to the end."""
        found: list[Block] = []
        while self._at < len(self._tokens):
            token = self._next()
            if token.type == until:
                break
            block = self._block(token)
            if block is not None:
                found.append(block)
        return tuple(found)

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _block(self, token: Token) -> Block | None:  # noqa: PLR0911 - one return for each kind of block
        line = token.map[0] + 1 if token.map else 0
        match token.type:
            case "paragraph_open":
                return Paragraph(self._spans("paragraph_close"), line)
            case "heading_open":
                return Heading(self._spans("heading_close"), int(token.tag[1:]), line)
            case "fence" | "code_block":
                return Code(token.content.removesuffix("\n"), token.info.strip().split(" ")[0], line)
            case "blockquote_open":
                return Quote(self.blocks("blockquote_close"), line)
            case "bullet_list_open" | "ordered_list_open":
                return self._listing(token, line)
            case "table_open":
                return Table(tuple(self._rows()), line)
            case "html_block":
                return Markup(token.content.rstrip("\n"), line)
            case "hr":
                return Rule(line)
            case _:
                return None

    def _spans(self, until: str) -> tuple[Span, ...]:
        spans: tuple[Span, ...] = ()
        while (token := self._next()).type != until:
            if token.type == "inline":
                spans = _spans(token.children or [])
        return spans

    def _listing(self, opened: Token, line: int) -> Listing:
        numbered = opened.type == "ordered_list_open"
        closing = "ordered_list_close" if numbered else "bullet_list_close"
        found: list[Entry] = []
        loose = False
        while (token := self._next()).type != closing:
            if token.type != "list_item_open":
                continue
            first = self._at
            blocks = self.blocks("list_item_close")
            loose = loose or any(
                inner.type == "paragraph_open" and not inner.hidden and inner.level == token.level + 1
                for inner in self._tokens[first : self._at]
            )
            found.append(_entry(blocks, token.map[0] + 1 if token.map else 0))
        start = opened.attrGet("start")
        return Listing(tuple(found), (1 if start is None else int(start)) if numbered else None, loose, line)

    def _rows(self) -> Iterator[tuple[tuple[Span, ...], ...]]:
        row: list[tuple[Span, ...]] = []
        while (token := self._next()).type != "table_close":
            if token.type == "tr_open":
                row = []
            elif token.type == "inline":
                row.append(_spans(token.children or []))
            elif token.type == "tr_close":
                yield tuple(row)


def _entry(blocks: tuple[Block, ...], line: int) -> Entry:
    head = blocks[0] if blocks else None
    if not isinstance(head, Paragraph) or not head.spans or head.spans[0].kind is not SpanKind.TEXT:
        return Entry(blocks, None, line)
    first = head.spans[0]
    box = _TASK.match(first.text)
    if box is None or first != Span(first.text):
        return Entry(blocks, None, line)
    rest = first.text[box.end() :]
    spans = (Span(rest), *head.spans[1:]) if rest else head.spans[1:]
    return Entry((replace(head, spans=spans), *blocks[1:]), box.group(1) != " ", line)


_KINDS = {"code_inline": SpanKind.CODE, "html_inline": SpanKind.MARKUP}
_BREAKS = frozenset({"softbreak", "hardbreak"})
_MARKS = {"strong": "strong", "em": "emphasis", "s": "struck"}


def _spans(tokens: list[Token]) -> tuple[Span, ...]:
    found: list[Span] = []
    marks: dict[str, bool] = {}
    target = ""
    for token in tokens:
        name, _, side = token.type.rpartition("_")
        if name in _MARKS:
            marks[_MARKS[name]] = side == "open"
        elif name == "link":
            target = str(token.attrGet("href") or "") if side == "open" else ""
        elif token.type in _KINDS:
            found.append(Span(token.content, _KINDS[token.type], target, **marks))
        elif token.type == "image":
            found.append(Span(_alternative(token), SpanKind.IMAGE, _source(token), **marks))
        elif text := "\n" if token.type in _BREAKS else token.content:
            _add(found, Span(text, SpanKind.TEXT, target, **marks))
    return tuple(found)


def _add(found: list[Span], span: Span) -> None:
    """Append, joining text to text of the same style: what follows from a word must not depend on its tokens."""
    if found and _style(found[-1]) == _style(span):
        joined = found.pop().text + span.text
        found.append(replace(span, text=joined))
    else:
        found.append(span)


def _style(span: Span) -> tuple[object, ...]:
    return span.kind, span.target, span.strong, span.emphasis, span.struck


def _alternative(token: Token) -> str:
    return "".join(
        child.content for child in token.children or [] if child.type in {"text", "code_inline", "text_special"}
    )


def _source(token: Token) -> str:
    return str(token.attrGet("src") or "")
