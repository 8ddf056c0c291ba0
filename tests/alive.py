"""What a forge would bring to life in a text, read by a plain CommonMark parser with HTML on."""

import re
from collections.abc import Sequence
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

MENTION = re.compile(r"[@＠﹫]\w|\[~")
CLOSES = re.compile(
    r"\b(?:clos|fix|resolv)(?:e|es|ed|ing)?\b\W{0,3}(?:[\w./-]*#\d|gh-\d|https?://\S+/(?:issues|pull)/)", re.IGNORECASE
)
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\w[^\s)]*")
_COMMAND = re.compile(r"^/[a-z]+(?=\s|$)", re.MULTILINE)
_RENDERED = {"mermaid", "suggestion", "geojson", "stl", "math"}


def alive(text: str, ours: Sequence[str] = ()) -> list[str]:
    """Return what would come alive, but for links that begin as one of ours."""
    found = [f"hidden {match.group()!r}" for match in _HIDDEN.finditer(text)]
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        if token.type == "html_block":
            found.append(f"html {token.content}")
        elif token.type == "fence" and token.info.strip().lower() in _RENDERED:
            found.append(f"rendered {token.info}")
        elif token.type == "inline":
            found += _alive_inline(token.children or [], ours)
    return found


def prose(text: str) -> str:
    """Return the words of a text that are no code."""
    parts: list[str] = []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        parts += [child.content for child in token.children or [] if child.type in {"text", "text_special"}]
        parts.append("\n")
    return " ".join("".join(parts).split())


def _alive_inline(children: list[Token], ours: Sequence[str]) -> list[str]:
    found: list[str] = []
    shown = ""
    for child in children:
        match child.type:
            case "html_inline":
                found.append(f"html {child.content}")
            case "image":
                found.append(f"image {child.attrGet('src')}")
            case "link_open" if not _is_ours(str(child.attrGet("href")), ours):
                found.append(f"link {child.attrGet('href')}")
            case "code_inline":
                shown += "\0"
            case "softbreak" | "hardbreak":
                shown += "\n"
            case _:
                shown += child.content
    found += [match.group() for pattern in (MENTION, CLOSES, _COMMAND) for match in pattern.finditer(shown)]
    return found + [match.group() for match in _ADDRESS.finditer(shown) if not _is_ours(match.group(), ours)]


def _is_ours(address: str, ours: Sequence[str]) -> bool:
    return address.startswith(tuple(ours)) and ".." not in re.split(r"[/\\?#]", unquote(address))
