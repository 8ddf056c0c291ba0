"""The nodes of Atlassian's document format, and runs of inline ones as Markdown."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, TypeGuard, cast

from scout.text._parts import MENTION, linked
from scout.text.render import code_span

Node: TypeAlias = Mapping[str, Any]

_LIVE = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])|`|\*(?<!\s\*)\**+|_(?<!\s_)_*+(?!\w)|<(?=[A-Za-z/!?])|~~++|&(?=#?\w{1,31};)"
    r"|\((?<=\]\()|!(?=\[)"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SPACED = re.compile(r"[\s<>]")
_BRACKET = re.compile(r"[\[\]]")
_SIGNS = {"strike": "~~", "strong": "**", "em": "*"}


def nodes(value: object) -> list[Node]:
    """Return the nodes of a list, or the one that a mapping is; nothing of anything else."""
    if _is_list(value):
        return cast("list[Node]", [node for node in value if isinstance(node, dict)])
    return [value] if _is_node(value) else []


def kind(node: Node) -> str:
    """Return the node's type."""
    found = node.get("type")
    return found if type(found) is str else ""


def children(node: Node) -> list[Node]:
    """Return what is directly inside of a node."""
    return nodes(node.get("content"))


def attribute(node: Node, name: str) -> str:
    """Return an attribute as text; empty where there is none."""
    attributes = node.get("attrs")
    value = attributes.get(name) if _is_node(attributes) else None
    return str(value) if isinstance(value, (str, int, float)) else ""


def bare(node: Node) -> str:
    """Return the text of a node and of all below it, however deep, without structure."""
    texts: list[str] = []
    waiting = [node]
    while waiting:
        inner = waiting.pop()
        texts.append(MENTION if kind(inner) == "mention" else text(inner))
        waiting.extend(reversed(children(inner)))
    return " ".join(found for found in texts if found)


def text(node: Node) -> str:
    """Return a node's own text."""
    found = node.get("text")
    return found if type(found) is str else ""


def escaped(plain: str) -> str:
    """Return plain text as Markdown, escaped only where Markdown would see something else in it."""
    return _LIVE.sub(lambda match: "".join(f"\\{sign}" for sign in match.group()), plain)


def is_inline(node: Node) -> bool:
    """Whether a node stands in a line of text."""
    return kind(node) in _WRITERS


def inline(run: Iterable[Node]) -> str:
    """Return a run of inline nodes; of two marked neighbours that touch, the second goes without marks."""
    parts: list[str] = []
    touching = False
    for node in run:
        write = _WRITERS.get(kind(node), _unknown)
        if write is _plain:
            written, touching = _marked(node, bare=touching) if "marks" in node else (escaped(text(node)), False)
        else:
            written, touching = write(node), False
        parts.append(written)
    return "".join(parts)


def _is_node(value: object) -> TypeGuard[Node]:
    return isinstance(value, dict)


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, (list, tuple))


def _plain(node: Node) -> str:
    return escaped(text(node))


def _marked(node: Node, *, bare: bool) -> tuple[str, bool]:
    """Return a text with its marks, which keep clear of spaces, and whether it ends with one of them."""
    whole = text(node)
    core = whole.strip()
    marks = {kind(mark): mark for mark in nodes(node.get("marks"))}
    if not marks or not core:
        return escaped(whole), False
    before, after = whole[: whole.index(core)], whole[whole.index(core) + len(core) :]
    written = code_span(core) if "code" in marks else escaped(core)
    if "link" in marks:
        written = _link(written, core, attribute(marks["link"], "href"))
    signs = "" if bare else "".join(sign for name, sign in _SIGNS.items() if name in marks)
    return f"{before}{signs}{written}{signs[::-1]}{after}", bool(signs) and not after


def _link(label: str, words: str, address: str) -> str:
    if address.lower().startswith("mailto:"):
        return MENTION if "@" in words or not words else label
    if not address or (address == words and _SPACED.search(address)):
        return label
    return f"<{address}>" if address == words else linked(_BRACKET.sub(r"\\\g<0>", label), address)


def _mention(node: Node) -> str:
    del node
    return MENTION


def _break(node: Node) -> str:
    del node
    return "\n"


def _emoji(node: Node) -> str:
    return attribute(node, "text") or attribute(node, "shortName")


def _named(node: Node) -> str:
    return escaped(attribute(node, "text"))


def _date(node: Node) -> str:
    stamp = attribute(node, "timestamp")
    try:
        return (_EPOCH + timedelta(milliseconds=int(stamp))).date().isoformat()
    except (ValueError, OverflowError):
        return escaped(stamp)


def _card(node: Node) -> str:
    address = attribute(node, "url")
    return _link(escaped(address), address, address)


def _media(node: Node) -> str:
    address = attribute(node, "url")
    name = attribute(node, "alt") or address.rpartition("/")[2] or "attachment"
    return f"!{linked(_BRACKET.sub('', name), address or name)}"


def _unknown(node: Node) -> str:
    return escaped(bare(node))


_WRITERS: dict[str, Callable[[Node], str]] = {
    "text": _plain,
    "hardBreak": _break,
    "mention": _mention,
    "emoji": _emoji,
    "status": _named,
    "date": _date,
    "inlineCard": _card,
    "media": _media,
    "mediaInline": _media,
}
