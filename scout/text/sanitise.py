"""Text that will be filed in a tracker, with everything that could come alive there made inert.

The text is read as a tree and written again, so only what the tree knows can get through; what it knows and is not
wanted (mentions, foreign links, images, HTML, references after issue-closing words, commands of bots) becomes inline
code, which trackers show and never follow. Code stays code. Sanitising twice changes nothing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from scout.text.characters import visible
from scout.text.markdown import parse
from scout.text.render import code_span, fence, markdown
from scout.text.tree import (
    Block,
    Code,
    Document,
    Heading,
    Listing,
    Markup,
    Paragraph,
    Quote,
    Rule,
    Span,
    SpanKind,
    Table,
    plain,
)

MAX_TITLE = 200
"""Characters of a title that are kept: GitHub and Jira refuse more than about 255."""

MAX_FILED = 60_000
"""Characters of a text that are kept: GitHub refuses more than 65,536."""

_SHOWN_AS_CODE = 15_000
_PASSES = 8
_TITLE_PASSES = 30
_LEFT_OUT = "(The rest was left out: too long or nested too deeply.)"
_CLOSING = re.compile(r"\b(?:clos|fix|resolv|implement|complet|address)(?:e|es|ed|ing|s)?\b", re.IGNORECASE)
_ADDRESS = r"[^\s<>`\"]*[^\s<>`\".,;:!?)\]']"  # not the punctuation of the sentence around it
_TRACKED = r"(?:\bGH-\d+|[#!]\d+|\b[A-Z][A-Z0-9_]+-\d+\b)"
_LIVE = re.compile(
    rf"(?P<url>(?:[a-z][a-z0-9+.-]{{0,20}}://|www\.|\b(?:javascript|data|mailto|vbscript):){_ADDRESS})"
    r"|(?P<mention>(?:(?<![\w.+-])[\w.+-]{1,64})?[@＠﹫]\w[\w./-]*)"
    r"|(?P<jira>\[~[^\]\n]*\])"
    r"|(?P<foreign>(?<![\w./-])[\w.-]{1,100}(?:/[\w.-]{1,100}){1,8}[#!]\d+)"
    r"|(?P<command>(?m:^)[ \t]*/[a-z][\w-]*(?=\s|$))"
    rf"|(?P<tracked>{_TRACKED})",
    re.IGNORECASE,
)
_TICKET_URL = re.compile(r"/(?:issues|pull|merge_requests|browse)/[\w-]+")
_UNSAFE_ADDRESS = re.compile(r"(?:^|/)\.{1,2}(?:/|$)|%2e|%5c|//|www\.|[\\@＠﹫]|\[~", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{1,30}")
_RENDERED_LANGUAGES = frozenset({"mermaid", "geojson", "topojson", "stl", "math", "suggestion"})
_MANY_TICKS = re.compile("``+")
_ONE_SPAN = re.compile("`([^`]+)`")


def sanitise(text: str, allowed: Iterable[str] = ()) -> str:
    """Return the Markdown with nothing left in it that notifies, links, closes, hides or runs.

    Args:
        text: Markdown, from anywhere.
        allowed: beginnings of addresses that links may point to, each ending in a slash.
    """
    prefixes = tuple(prefix for prefix in allowed if prefix.endswith("/"))
    seen = text
    for _ in range(_PASSES):
        calm = _pass(seen, prefixes)
        if calm == seen:
            return calm
        seen = calm
    return _as_code(text)  # nothing known comes here: a text that keeps changing


def sanitise_title(text: str) -> str:
    """Return the text as one line for a title: trackers show titles as they are, but for inline code."""
    line = " ".join(visible(text).split())[:MAX_TITLE].strip()
    for _ in range(_TITLE_PASSES):
        calm = _title_pass(line)
        if calm == line:
            return calm
        over = len(calm) - MAX_TITLE
        line = line[:-over].rstrip() if over > 0 else calm
    return code_span(line.replace("`", "'"))  # nothing known comes here


def inert(text: str) -> str:
    """Return text of unknown origin as one line of inline code: the shortest safe way to quote it."""
    line = " ".join(visible(text).split())
    return code_span(line) if line else ""


def _title_pass(line: str) -> str:
    closing = _CLOSING.search(line) is not None
    simple = _MANY_TICKS.sub("'", line)
    pieces: list[tuple[str, bool]] = []
    for at, piece in enumerate(_ONE_SPAN.split(simple)):
        is_code = at % 2 == 1
        pieces += [(piece.strip() or "'", True)] if is_code else _parts(piece.replace("`", "'"), (), closing=closing)
    shown = groupby((piece for piece in pieces if piece[0]), key=itemgetter(1))
    return "".join(code_span(text) if live else text for live, same in shown for text in ["".join(t for t, _ in same)])


def _pass(text: str, allowed: tuple[str, ...]) -> str:
    document = parse(text)
    written = markdown(Document(tuple(_blocks(document.blocks, allowed))))
    if len(written) > MAX_FILED:
        return _cut(text, allowed)
    return _noted(written) if document.cut else written


def _cut(text: str, allowed: tuple[str, ...]) -> str:
    """Return as many of the outermost blocks as fit; one block that does not fit alone is shown as code."""
    kept: list[str] = []
    room = MAX_FILED - len(_LEFT_OUT) - 2
    for block in _blocks(parse(text).blocks, allowed):
        written = markdown(Document((block,)))
        room -= len(written) + 2
        if room < 0:
            break
        kept.append(written)
    return _noted("\n\n".join(kept)) if kept else _as_code(text)


def _as_code(text: str) -> str:
    shown = visible(text[: 2 * _SHOWN_AS_CODE]).strip("\n")[:_SHOWN_AS_CODE]
    return _noted(fence(shown)) if len(text) > _SHOWN_AS_CODE else fence(shown)


def _noted(written: str) -> str:
    return written if written.endswith(_LEFT_OUT) else f"{written}\n\n{_LEFT_OUT}".lstrip("\n")


def _blocks(blocks: Iterable[Block], allowed: tuple[str, ...]) -> Iterator[Block]:
    for block in blocks:
        calm = _block(block, allowed)
        if calm is not None:
            yield calm


def _block(block: Block, allowed: tuple[str, ...]) -> Block | None:  # noqa: PLR0911 - one return for each kind
    match block:
        case Paragraph() | Heading():
            return replace(block, spans=_spans(block.spans, allowed))
        case Code():
            return replace(block, language=_language(block.language))
        case Quote():
            return replace(block, blocks=tuple(_blocks(block.blocks, allowed)))
        case Listing():
            calm = (replace(entry, blocks=tuple(_blocks(entry.blocks, allowed))) for entry in block.entries)
            return replace(block, entries=tuple(calm))
        case Table():
            return replace(block, rows=tuple(tuple(_spans(cell, allowed) for cell in row) for row in block.rows))
        case Markup():
            shown = _COMMENT.sub("", block.text).strip("\n")
            return Code(shown, "html", block.line) if shown.strip() else None
        case Rule():
            return block


def _language(written: str) -> str:
    known = _LANGUAGE.fullmatch(written) is not None and written.lower() not in _RENDERED_LANGUAGES
    return written if known else ""


def _spans(spans: tuple[Span, ...], allowed: tuple[str, ...]) -> tuple[Span, ...]:
    # Joined and apart: 'fi**xes**' closes as well as 'a`b`fixes' does.
    closing = any(_CLOSING.search(glue.join(plain([span]) for span in spans)) for glue in ("", " "))
    found: list[Span] = []
    for at, span in enumerate(spans):
        keeps = _may_link(span.target, allowed, closing=closing)
        calm = span if keeps else replace(span, target="")
        match span.kind:
            case SpanKind.TEXT:
                found += _text(calm, allowed, closing=closing)
            case SpanKind.CODE:
                found.append(calm)
            case SpanKind.IMAGE:
                found += _text(replace(calm, kind=SpanKind.TEXT, target=""), allowed, closing=closing)
            case SpanKind.MARKUP:
                shown = _COMMENT.sub("", span.text)
                found += [replace(calm, kind=SpanKind.CODE, text=shown)] if shown else []
        last = at + 1 == len(spans) or spans[at + 1].target != span.target
        if span.target and last and not (keeps and span.kind is not SpanKind.IMAGE):
            found += _address(span, found)
    return tuple(found)


def _address(span: Span, found: list[Span]) -> list[Span]:
    """Return what is shown of an address that was taken from a link or an image."""
    address = span.target.partition(",")[0] + ",…" if span.target.lower().startswith("data:") else span.target
    if found and found[-1].text == address:
        return []
    return [Span(" ("), Span(address, SpanKind.CODE), Span(")")]


def _text(span: Span, allowed: tuple[str, ...], *, closing: bool) -> list[Span]:
    pieces = _parts(span.text, allowed, closing=closing)
    return [replace(span, text=text, kind=SpanKind.CODE if live else SpanKind.TEXT) for text, live in pieces]


def _parts(text: str, allowed: tuple[str, ...], *, closing: bool) -> Iterator[tuple[str, bool]]:
    """Yield the text in pieces, each with whether it would come alive."""
    at = 0
    for match in _LIVE.finditer(text):
        if match["tracked"] and not closing:
            continue
        if match["url"] and _may_link(match.group(), allowed, closing=closing):
            continue
        start = match.end() - len(match.group().lstrip())
        yield text[at:start], False
        yield text[start : match.end()], True
        at = match.end()
    yield text[at:], False


def _may_link(target: str, allowed: tuple[str, ...], *, closing: bool) -> bool:
    prefix = next((prefix for prefix in allowed if target.startswith(prefix)), "")
    if not prefix or _UNSAFE_ADDRESS.search(target.removeprefix(prefix)):
        return False
    return not (closing and _TICKET_URL.search(target))
