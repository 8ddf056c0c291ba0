"""A tree written as Markdown, so that reading it again gives the same tree and nothing else comes alive.

Text is escaped wherever Markdown would see markup in it; code gets a fence longer than any in it.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import assert_never

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

_ANYWHERE = re.compile(
    r"[\\`*]"
    r"|(?<!\w)_|_(?!\w)"  # inside a word an underscore means nothing
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=#?\w+;)"
    r"|~(?=~)|(?<=~)~"
    r"|!(?=\[)"
    r"|\[(?![^\[\]\n]*\](?![\[(:]))|\[(?=[\^!~\[])|(?<=\])\["
)
_LINE_START = re.compile(
    r"^(?:(?P<number>\d{1,9})(?=[.)](?:\s|$))"
    r"|(?=[-+](?:\s|$)|>|#{1,6}(?:\s|$)|=+[ \t]*$|(?=[|: \t]*-)[-|:][-|: \t]*$|\|))",
    re.MULTILINE,
)
_TASK_BOX = re.compile(r"^\[(?=[ xX]\](?:\s|$))")
_BACKSLASHED = r"\\\g<0>"
_BACKSLASHED_AFTER = r"\g<0>\\"
_SIMPLE_ADDRESS = re.compile(r"[\w/:.#?=%+~,;@-]+")


def markdown(document: Document) -> str:
    """Return the document as Markdown, without a newline at its end."""
    return _blocks(document.blocks)


def code_span(text: str) -> str:
    """Return the text as inline code, on one line, whatever backticks are in it."""
    flat = " ".join(visible(text).split("\n"))
    ticks = "`" * (_longest(flat) + 1)
    spaced = flat.startswith(" ") and flat.endswith(" ") and bool(flat.strip(" "))
    padded = spaced or flat.startswith("`") or flat.endswith("`")
    return f"{ticks} {flat} {ticks}" if padded else f"{ticks}{flat}{ticks}"


def fence(text: str, language: str = "") -> str:
    """Return the text as a fenced block of code, whatever fences are in it."""
    shown = visible(text)
    ticks = "`" * max(3, _longest(shown) + 1)
    return f"{ticks}{language}\n{shown}\n{ticks}" if shown else f"{ticks}{language}\n{ticks}"


def escaped(text: str) -> str:
    """Return plain text as Markdown that shows exactly it: lines stay lines, blank ones and outer spaces go."""
    flat = "\n".join(line for line in map(str.strip, text.replace("\t", " ").split("\n")) if line)
    live = _TASK_BOX.sub(_BACKSLASHED, _ANYWHERE.sub(_BACKSLASHED, flat))
    return _LINE_START.sub(_BACKSLASHED_AFTER, live)


def _longest(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _blocks(blocks: Iterable[Block], separator: str = "\n\n") -> str:
    return separator.join(written for block in blocks if (written := _block(block)))


def _block(block: Block) -> str:  # noqa: PLR0911 - one return for each kind of block
    match block:
        case Paragraph():
            return _spans(block.spans)
        case Heading():
            title = _spans(block.spans).replace("\n", " ")
            return f"{'#' * block.level} {_open_ended(title)}" if title else ""
        case Code():
            return fence(block.text, block.language)
        case Quote():
            return _indented(_blocks(block.blocks), "> ", "> ", blank=">")
        case Listing():
            return ("\n\n" if block.loose else "\n").join(_entries(block))
        case Table():
            return _table(block)
        case Markup():
            return fence(block.text, "html")
        case Rule():
            return "***"
        case _:
            assert_never(block)


def _entries(listing: Listing) -> Iterable[str]:
    for count, entry in enumerate(listing.entries):
        mark = "- " if listing.start is None else f"{min(listing.start + count, 999_999_999)}. "
        yield _entry(entry, mark, loose=listing.loose)


def _entry(entry: Entry, mark: str, *, loose: bool) -> str:
    box = "" if entry.done is None else f"[{'x' if entry.done else ' '}] "
    body = _blocks(entry.blocks, "\n\n" if loose or not _can_touch(entry.blocks) else "\n")
    return _indented(box + body, mark, " " * len(mark)) or mark.strip()


def _open_ended(title: str) -> str:
    """Return a heading's text whose last signs do not read as the heading's closing ones."""
    bare = title.rstrip("#")
    return title if bare == title else f"{bare}\\{title[len(bare) :]}"


def _can_touch(blocks: tuple[Block, ...]) -> bool:
    """Whether no blank line is needed between the blocks: code and lists may follow a paragraph at once."""
    return all(isinstance(b, Code | Listing) and getattr(b, "start", None) in {None, 1} for b in blocks[1:])


def _indented(text: str, first: str, rest: str, blank: str = "") -> str:
    head, *tail = text.split("\n")
    return "\n".join([(first + head).rstrip(), *(rest + line if line else blank for line in tail)])


def _table(table: Table) -> str:
    width = max(len(row) for row in table.rows)
    rows = [[_cell(cell) for cell in row] + [""] * (width - len(row)) for row in table.rows]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def _cell(spans: Iterable[Span]) -> str:
    return _spans(spans).replace("\n", " ").replace("|", "\\|")


def _spans(spans: Iterable[Span]) -> str:
    parts: list[str] = []
    for target, group in groupby(_joined(spans), key=lambda span: "" if span.kind is SpanKind.IMAGE else span.target):
        text = _runs(group)
        parts.append(f"[{text}]({_address(target)})" if target else text)
    return "".join(parts).strip()


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Return the spans with neighbours of the same style made one: what to escape depends on the whole text."""
    found: list[Span] = []
    for span in spans:
        last = found[-1] if found else None
        joinable = last is not None and last.kind is span.kind and span.kind is not SpanKind.IMAGE
        if last and joinable and replace(last, text="") == replace(span, text=""):
            found[-1] = replace(span, text=last.text + span.text)
        elif span.text or span.kind is SpanKind.IMAGE:
            found.append(span)
    return found


def _runs(spans: Iterable[Span]) -> str:
    """Return spans of one target, neighbours of the same style in one pair of marks.

    Marks that touch would be read as one longer mark, so the second of two marked neighbours goes without.
    """
    parts: list[str] = []
    touching = False
    for style, run in groupby(spans, key=lambda span: (span.struck, span.emphasis, span.strong)):
        written = "".join(_written(span) for span in run)
        touching = any(style) and not touching and bool(written.strip()) and written == written.strip()
        for wanted, mark in zip(style, ("~~", "*", "**"), strict=True):
            written = f"{mark}{written}{mark}" if wanted and touching else written
        parts.append(written)
    return "".join(parts)


def _written(span: Span) -> str:
    match span.kind:
        case SpanKind.CODE | SpanKind.MARKUP:
            return code_span(span.text)
        case SpanKind.IMAGE:
            return f"![{escaped(span.text)}]({_address(span.target)})"
        case SpanKind.TEXT:
            return _inner(span.text)
        case _:
            assert_never(span.kind)


def _address(target: str) -> str:
    return target if _SIMPLE_ADDRESS.fullmatch(target) else f"<{target}>"


def _inner(text: str) -> str:
    """Return escaped text that keeps the spaces beside other spans."""
    core = text.strip(" \t")
    if not core:
        return " " if text else ""
    lead = " " if text[:1] in " \t" else ""
    tail = " " if text[-1:] in " \t" else ""
    return f"{lead}{escaped(core)}{tail}"
