"""Markdown of tickets and candidates as HTML that is safe to show: nothing in it loads, runs or leads away unseen."""

import html
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

_SCHEMES = {"http", "https"}


def rendered(text: str) -> str:
    """Return Markdown as HTML that templates may print as it is.

    HTML in it is shown as text, images are shown as their description, links that are not http(s) as their words, and
    headings start one level lower: a second-level one stands below the page's own.
    """
    return _parser().render(text)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.core.ruler.push("calm", _calm)
    parser.add_render_rule("image", _image)
    return parser


def _calm(state: Any) -> None:
    tokens: list[Token] = state.tokens
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
        _unlink(token.children or [])
        _tick(token.children or [])


def _unlink(tokens: list[Token]) -> None:
    """Take the address from links that lead anywhere but to a page of the web; mark those that do."""
    foreign: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            foreign.append(urlsplit(str(token.attrGet("href"))).scheme not in _SCHEMES)
            if not foreign[-1]:
                token.attrSet("rel", "noopener noreferrer")
        elif token.type != "link_close":
            continue
        if foreign[-1]:
            token.tag, token.attrs = "span", {}
        if token.type == "link_close":
            foreign.pop()


def _tick(tokens: list[Token]) -> None:
    """Show the box of a task as a box."""
    first = next(iter(tokens), None)
    for written, shown in (("[ ] ", "☐ "), ("[x] ", "☑ ")):
        if first and first.content.startswith(written):
            first.content = shown + first.content.removeprefix(written)


def _image(self: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    del self, options, env
    return html.escape(f"[image: {tokens[at].content}]")
