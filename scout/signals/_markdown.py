"""Links and commands of a Markdown page, each with its line, taken from the syntax tree."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count

from markdown_it import MarkdownIt
from markdown_it.token import Token

MAX_LENGTH = 400_000
"""Characters of a page that are read."""

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n---[ \t]*(?=\n|\Z)", re.DOTALL)
_HTML_TARGET = re.compile(
    r"<(?:a|img)\b[^>]*?\b(?:href|src)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE | re.DOTALL
)
_ASIDE = re.compile(r"\s*(?:!!!|\?\?\?\+?|===\+?)\s+\S")
_HTML_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Link:
    """A link or an image.

    Attributes:
        line: counted from 1.
        target: as it is written.
        is_image: whether the page shows it instead of leading to it.
        is_html: whether it is written as HTML, which generators of sites leave as it is.
    """

    line: int
    target: str
    is_image: bool = False
    is_html: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """One line of a fence or of an indented block, or a code span.

    Attributes:
        line: counted from 1.
        text: without the indentation of the fence.
        language: of the fence, in lower case; empty where none was written, and for spans.
        fence: number of the fence or block on the page, from 1; 0 for spans.
    """

    line: int
    text: str
    language: str = ""
    fence: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """What a Markdown page links to and quotes.

    Attributes:
        lines: its lines as they are.
    """

    lines: tuple[str, ...]
    links: tuple[Link, ...]
    code: tuple[Code, ...]


def page(text: str) -> Page:
    """Return what stands on a page. Front matter counts for line numbers and for nothing else."""
    text = text.replace("\r\n", "\n").replace("\r", " ")[:MAX_LENGTH]  # the parser would begin a line at each \r
    front = _FRONT_MATTER.match(text)
    body = "\n" * front.group().count("\n") + text[front.end() :] if front else text
    tokens = _parser().parse(body)
    lines = body.split("\n")
    return Page(
        tuple(text.split("\n")),
        tuple(_links(tokens, lines)),
        tuple(_code(tokens, lines)),
    )


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.normalizeLink = _unchanged
    parser.validateLink = _allowed
    return parser


def _unchanged(url: str) -> str:
    return url


def _allowed(url: str) -> bool:
    return bool(url)


def _links(tokens: list[Token], lines: list[str]) -> Iterator[Link]:
    for token, span in _with_spans(tokens, len(lines)):
        if token.type == "html_block":
            yield from _html_links(token.content, lines, span)
        for child in token.children or ():
            target = (
                child.attrGet("href")
                if child.type == "link_open"
                else child.attrGet("src")
                if child.type == "image"
                else None
            )
            if isinstance(target, str):
                yield Link(_line_of(target, lines, span), target, child.type == "image")
            elif child.type == "html_inline":
                yield from _html_links(child.content, lines, span)
            for inner in child.children or ():
                if inner.type == "image" and isinstance(source := inner.attrGet("src"), str):
                    yield Link(_line_of(source, lines, span), source, is_image=True)


def _html_links(source: str, lines: list[str], span: tuple[int, int]) -> Iterator[Link]:
    for found in _HTML_TARGET.finditer(_HTML_COMMENT.sub("", source)):
        target = found.group(1) or found.group(2) or ""
        is_image = found.group().lower().startswith("<img")
        yield Link(_line_of(target, lines, span), target, is_image, is_html=True)


def _code(tokens: list[Token], lines: list[str]) -> Iterator[Code]:
    numbers = count(1)
    for token, (start, end) in _with_spans(tokens, len(lines)):
        if token.type == "fence":
            number = next(numbers)
            language = token.info.strip().split()[0].lower() if token.info.strip() else ""
            for offset, line in enumerate(token.content.split("\n")[: max(end - start - 1, 0)]):
                if line.strip():
                    yield Code(start + 2 + offset, line, language.strip("{}.").partition(",")[0], number)
        elif token.type == "code_block" and not _is_aside(lines, start):
            number = next(numbers)
            for offset, line in enumerate(token.content.split("\n")[: end - start]):
                if line.strip():
                    yield Code(start + 1 + offset, line, "", number)
        for child in token.children or ():
            if child.type == "code_inline":
                yield Code(_line_of(child.content, lines, (start, end)), child.content)


def _is_aside(lines: list[str], start: int) -> bool:
    """Say whether an indented block is the text of an admonition or a tab, as sites write them, not code."""
    above = next((line for line in reversed(lines[:start]) if line.strip()), "")
    return _ASIDE.match(above) is not None


def _with_spans(tokens: list[Token], total: int) -> Iterator[tuple[Token, tuple[int, int]]]:
    """Give each token with the lines it spans; one without takes those of the token around it."""
    last = (0, total)
    for token in tokens:
        if token.map:
            last = (token.map[0], token.map[1])
        yield token, last


def _line_of(what: str, lines: list[str], span: tuple[int, int]) -> int:
    """Return the line on which something stands: in its block, else where a reference defines it, else the block's."""
    for number in range(span[0], min(span[1], len(lines))):
        if what in lines[number]:
            return number + 1
    for number, line in enumerate(lines):
        if what in line and re.match(r"\s{0,3}\[[^\]]+\]:", line):
            return number + 1
    return span[0] + 1
