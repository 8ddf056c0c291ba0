"""A tree as the wiki markup of Jira Server and Data Center, with nothing in it coming alive that was text.

Source: Atlassian, 'Text Formatting Notation Help' of Jira's wiki renderer.
"""

import re
from collections.abc import Iterable, Iterator

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

_LIVE = re.compile(r"[\\*_+^~{}\[\]|!?-]")
_WORD = re.compile(r"(?<=\w)[-?!](?=\w)|(?<=\s)-(?=\s)|[?!](?=\s|$)")
_START = re.compile(r"^(?=(?:[#*-]+\s|h[1-6]\.|bq\.|----|\|))", re.MULTILINE)
_LANGUAGES = {"py": "python", "sh": "bash", "shell": "bash", "console": "bash", "js": "javascript", "yml": "yaml"}
_KNOWN = frozenset(
    {"bash", "c", "c#", "c++", "css", "erlang", "go", "groovy", "haskell", "html", "java", "javascript", "json", "lua"}
    | {"objc", "perl", "php", "python", "r", "ruby", "scala", "sql", "swift", "xml", "yaml"}
)


def written(document: Document) -> str:
    """Return a document as wiki markup, without a line break at its end."""
    return "\n\n".join(part for block in document.blocks if (part := _block(block)))


def _block(block: Block) -> str:  # noqa: PLR0911 - one return for each kind of block
    match block:
        case Paragraph():
            return _START.sub("\\\\", _inline(block.spans))
        case Heading():
            return f"h{block.level}. {_line(block.spans)}"
        case Code():
            return _code(block.text, block.language)
        case Markup():
            return _code(block.text, "html")
        case Quote():
            inner = "\n\n".join(part for one in block.blocks if (part := _block(one)))
            return f"{{quote}}\n{inner}\n{{quote}}"
        case Listing():
            return "\n".join(_entries(block, ""))
        case Table():
            return "\n".join(_rows(block))
        case Rule():
            return "----"


def _code(text: str, language: str) -> str:
    name = _LANGUAGES.get(language.lower(), language.lower())
    opened = f"{{code:{name}}}" if name in _KNOWN else "{code}"
    safe = text.replace("{code", "{ code")  # nothing inside can close it
    return f"{opened}\n{safe}\n{{code}}"


def _entries(listing: Listing, outer: str) -> Iterator[str]:
    mark = f"{outer}{'*' if listing.start is None else '#'}"
    for entry in listing.entries:
        yield from _entry(entry, mark)


def _entry(entry: Entry, mark: str) -> Iterator[str]:
    """Return the lines of an entry; what stands in it beside its text and inner lists follows on lines of their own."""
    box = "" if entry.done is None else ("☑ " if entry.done else "☐ ")
    texts = [_line(block.spans) for block in entry.blocks if isinstance(block, Paragraph | Heading)]
    yield f"{mark} {box}{' '.join(texts)}".rstrip()
    for block in entry.blocks:
        if isinstance(block, Listing):
            yield from _entries(block, mark)
        elif not isinstance(block, Paragraph | Heading):
            yield _block(block)


def _rows(table: Table) -> Iterator[str]:
    for number, row in enumerate(table.rows):
        bar = "|" if number else "||"
        yield bar + bar.join(_line(cell) or " " for cell in row) + bar


def _line(spans: Iterable[Span]) -> str:
    return " ".join(_inline(spans).split("\n"))


def _inline(spans: Iterable[Span]) -> str:
    return "".join(_span(span) for span in spans)


def _span(span: Span) -> str:
    match span.kind:
        case SpanKind.CODE | SpanKind.MARKUP:
            return f"{{{{{_escaped(' '.join(span.text.split()))}}}}}" if span.text.strip() else ""
        case SpanKind.IMAGE:
            return f"[{_escaped(span.text or span.target)}|{span.target}]"
        case SpanKind.TEXT:
            return _text(span)


def _text(span: Span) -> str:
    core = span.text.strip(" ")
    if not core:
        return span.text
    before, after = span.text[: span.text.index(core)], span.text[span.text.index(core) + len(core) :]
    said = _escaped(core)
    if span.target:
        said = f"[{said}|{span.target}]"
    for wanted, sign in ((span.strong, "*"), (span.emphasis, "_"), (span.struck, "-")):
        said = f"{sign}{said}{sign}" if wanted else said
    return f"{before}{said}{after}"


def _escaped(text: str) -> str:
    """Return text in which no sign means anything; signs inside words and at the ends of sentences mean nothing."""
    harmless = {at for found in _WORD.finditer(text) for at in range(*found.span())}
    return "".join(f"\\{sign}" if _LIVE.match(sign) and at not in harmless else sign for at, sign in enumerate(text))
