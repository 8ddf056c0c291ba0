"""Atlassian's document format as Markdown, for reading and judging; the raw document stays in the warehouse.

Whatever is given, there is an answer: unknown nodes give their text, and what is nested deeper than `MAX_DEPTH` gives
its text without structure. Panels and expands keep their title and lose their frame; mentions lose the name.

The format is that of Atlassian's 'Atlassian Document Format' reference (version 1).
"""

from collections.abc import Callable, Iterable

from scout.text._adf_inline import Node, attribute, bare, children, escaped, inline, is_inline, kind, nodes, text
from scout.text._parts import LEADS, Cell, fenced, table, without_block

MAX_DEPTH = 20
"""Levels of blocks that are told apart."""

_LONGEST_START = 8


def markdown(document: object) -> str:
    """Return a document as Markdown, without blank lines around it; None is empty, a text is returned as it is."""
    return document if isinstance(document, str) else _blocks(nodes(document), 0)


def _blocks(run: Iterable[Node], depth: int) -> str:
    return "\n\n".join(_parts(run, depth))


def _parts(run: Iterable[Node], depth: int) -> list[str]:
    """Return each block that is not empty; inline nodes that stand beside blocks are a paragraph."""
    parts: list[str] = []
    loose: list[Node] = []
    for node in run:
        if is_inline(node):
            loose.append(node)
            continue
        if loose:
            parts.append(_lines(inline(loose)))
            loose = []
        parts.append(_block(node, depth))
    if loose:
        parts.append(_lines(inline(loose)))
    return [part for part in parts if part]


def _block(node: Node, depth: int) -> str:
    if depth >= MAX_DEPTH:
        return _lines(escaped(bare(node)))
    write = _WRITERS.get(kind(node))
    if write:
        return write(node, depth)
    return _blocks(children(node), depth + 1) or _lines(escaped(text(node) or attribute(node, "text")))


def _lines(written: str) -> str:
    stripped = written.strip()
    if "\n" not in stripped:
        return without_block(stripped)
    return "\n".join(without_block(line.strip()) for line in stripped.split("\n"))


def _paragraph(node: Node, depth: int) -> str:
    del depth
    return _lines(inline(children(node)))


def _heading(node: Node, depth: int) -> str:
    del depth
    title = " ".join(inline(children(node)).split())
    level = attribute(node, "level")
    return f"{'#' * (int(level) if level in set('123456') else 1)} {title}" if title else ""


def _code(node: Node, depth: int) -> str:
    del depth
    return fenced("".join(text(child) for child in children(node)), attribute(node, "language"))


def _quote(node: Node, depth: int) -> str:
    body = _blocks(children(node), depth + 1)
    return _indented(body, "> ", "> ", blank=">") if body else ""


def _bullets(node: Node, depth: int) -> str:
    return "\n".join(_entry(child, "- ", depth) for child in children(node))


def _numbers(node: Node, depth: int) -> str:
    order = attribute(node, "order")
    first = int(order) if order.isdecimal() and len(order) <= _LONGEST_START else 1
    return "\n".join(_entry(child, f"{first + count}. ", depth) for count, child in enumerate(children(node)))


def _tasks(node: Node, depth: int) -> str:
    return "\n".join(_task(child, depth) for child in children(node))


def _task(node: Node, depth: int) -> str:
    if kind(node) == "taskList":
        return _indented(_block(node, depth + 1), "  ", "  ")
    return _entry(node, f"- [{'x' if attribute(node, 'state') == 'DONE' else ' '}] ", depth)


def _entry(node: Node, mark: str, depth: int) -> str:
    inside = children(node)
    touching = all(kind(child) in _TOUCHING for child in inside[1:])
    body = ("\n" if touching else "\n\n").join(_parts(inside, depth + 1))
    return _indented(body, mark, "  " if mark.startswith("-") else " " * len(mark))


def _indented(body: str, first: str, rest: str, blank: str = "") -> str:
    head, *tail = body.split("\n")
    return "\n".join([(first + head).rstrip(), *(rest + line if line else blank for line in tail)])


def _panel(node: Node, depth: int) -> str:
    lead = attribute(node, "title") or LEADS.get(attribute(node, "panelType"), "")
    body = _blocks(children(node), depth + 1)
    return f"**{escaped(lead)}**\n\n{body}" if lead and body else body


def _table(node: Node, depth: int) -> str:
    rows = [[_cell(cell, depth) for cell in children(row)] for row in children(node)]
    filled = [row for row in rows if row]
    return table(filled) if filled else ""


def _cell(node: Node, depth: int) -> Cell:
    return Cell(" ".join(_blocks(children(node), depth + 1).split()), kind(node) == "tableHeader")


def _rule(node: Node, depth: int) -> str:
    del node, depth
    return "***"


def _card(node: Node, depth: int) -> str:
    del depth
    address = attribute(node, "url")
    return inline([{"type": "inlineCard", "attrs": {"url": address}}]) if address else ""


_TOUCHING = frozenset({"bulletList", "orderedList", "taskList", "codeBlock", "text", "hardBreak", "mention"})
_WRITERS: dict[str, Callable[[Node, int], str]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "codeBlock": _code,
    "blockquote": _quote,
    "bulletList": _bullets,
    "decisionList": _bullets,
    "orderedList": _numbers,
    "taskList": _tasks,
    "panel": _panel,
    "expand": _panel,
    "nestedExpand": _panel,
    "table": _table,
    "rule": _rule,
    "blockCard": _card,
    "embedCard": _card,
}
