"""A tree as Atlassian's document format, so that reading it again (`scout.text.adf`) gives the same tree.

Only blank lines between the entries of a list have no place in it. What else it lacks is said with what it has: an
image becomes a link, HTML becomes code, and what may not stand in a quote or in an entry of a list (headings, tables,
lines) becomes a paragraph of its text.

Source: the JSON schema of the 'Atlassian Document Format' (version 1): which nodes may stand in which.
"""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

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
    plain,
)

Json: TypeAlias = dict[str, Any]
_IN_LISTS = (Paragraph, Code, Markup, Listing)
_IN_QUOTES = (Paragraph, Code, Markup, Listing)


def written(document: Document) -> Json:
    """Return a document as JSON of version 1."""
    return {"version": 1, "type": "doc", "content": [node for block in document.blocks for node in _block(block)]}


def _block(block: Block) -> Iterator[Json]:  # noqa: C901 - one case for each kind of block
    match block:
        case Paragraph():
            yield from _paragraph(block.spans)
        case Heading():
            if content := _inline(block.spans):
                yield {"type": "heading", "attrs": {"level": block.level}, "content": content}
        case Code():
            yield _code(block.text, block.language)
        case Markup():
            yield _code(block.text, "html")
        case Quote():
            content = [node for inner in _calm(block.blocks, _IN_QUOTES) for node in _block(inner)]
            if content:
                yield {"type": "blockquote", "content": content}
        case Listing():
            yield _tasks(block) if _only_tasks(block) else _listing(block)
        case Table():
            yield _table(block)
        case Rule():
            yield {"type": "rule"}


def _paragraph(spans: Iterable[Span]) -> Iterator[Json]:
    if content := _inline(spans):
        yield {"type": "paragraph", "content": content}


def _code(text: str, language: str) -> Json:
    attributes: Json = {"attrs": {"language": language}} if language else {}
    content: Json = {"content": [{"type": "text", "text": text}]} if text else {}
    return {"type": "codeBlock", **attributes, **content}


def _calm(blocks: Iterable[Block], allowed: tuple[type[Block], ...]) -> Iterator[Block]:
    """Return blocks with those that may not stand here as paragraphs of their text."""
    for block in blocks:
        match block:
            case Heading():
                yield Paragraph(block.spans)
            case Quote():
                yield from _calm(block.blocks, allowed)
            case Table():
                for row in block.rows:
                    yield Paragraph((Span(" | ".join(plain(cell) for cell in row)),))
            case Rule():
                continue
            case _:
                yield block


def _listing(listing: Listing) -> Json:
    entries = [{"type": "listItem", "content": _entry(entry)} for entry in listing.entries]
    if listing.start is None:
        return {"type": "bulletList", "content": entries}
    attributes: Json = {} if listing.start == 1 else {"attrs": {"order": listing.start}}
    return {"type": "orderedList", **attributes, "content": entries}


def _entry(entry: Entry) -> list[Json]:
    box = "" if entry.done is None else f"[{'x' if entry.done else ' '}] "
    content = [node for block in _calm(entry.blocks, _IN_LISTS) for node in _block(block)]
    if box:
        content = [{"type": "paragraph", "content": [{"type": "text", "text": box}]}, *content]
    if not content or content[0]["type"] not in {"paragraph", "codeBlock"}:
        content.insert(0, {"type": "paragraph", "content": []})
    return content


def _only_tasks(listing: Listing) -> bool:
    """Whether a list can be a list of tasks, which hold one line of text each."""
    return all(
        entry.done is not None and all(isinstance(block, Paragraph) for block in entry.blocks) and len(entry.blocks) < 2  # noqa: PLR2004
        for entry in listing.entries
    )


def _tasks(listing: Listing) -> Json:
    entries = [
        {
            "type": "taskItem",
            "attrs": {"localId": str(number), "state": "DONE" if entry.done else "TODO"},
            "content": [
                node for block in entry.blocks if isinstance(block, Paragraph) for node in _inline(block.spans)
            ],
        }
        for number, entry in enumerate(listing.entries, 1)
    ]
    return {"type": "taskList", "attrs": {"localId": "tasks"}, "content": entries}


def _table(table: Table) -> Json:
    width = max((len(row) for row in table.rows), default=0)
    rows: list[Json] = []
    cells: list[Json]
    for number, row in enumerate(table.rows):
        cell = "tableCell" if number else "tableHeader"
        spans = [*row, *((),) * (width - len(row))]
        cells = [{"type": cell, "attrs": {}, "content": [_filled(one)]} for one in spans]
        rows.append({"type": "tableRow", "content": cells})
    return {"type": "table", "content": rows}


def _filled(spans: Iterable[Span]) -> Json:
    empty: Json = {"type": "paragraph", "content": []}
    return next(_paragraph(spans), empty)


def _inline(spans: Iterable[Span]) -> list[Json]:
    return [node for span in spans for node in _span(span)]


def _span(span: Span) -> Iterator[Json]:
    code = span.kind in {SpanKind.CODE, SpanKind.MARKUP}
    text = span.text or (span.target if span.kind is SpanKind.IMAGE else "")
    marks = [*([{"type": "link", "attrs": {"href": span.target}}] if span.target else []), *_marks(span, code=code)]
    told: Json = {"marks": marks} if marks else {}
    for number, line in enumerate(text.split("\n")):
        if number:
            yield {"type": "text", "text": " ", **told} if code else {"type": "hardBreak"}
        if line:
            yield {"type": "text", "text": line, **told}


def _marks(span: Span, *, code: bool) -> Iterator[Json]:
    """Return the marks of a text; beside code only a link may stand."""
    if code:
        yield {"type": "code"}
        return
    for wanted, name in ((span.strong, "strong"), (span.emphasis, "em"), (span.struck, "strike")):
        if wanted:
            yield {"type": name}
