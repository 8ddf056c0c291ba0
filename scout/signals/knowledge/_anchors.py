"""Places within a Markdown page that links can point to, as forges make them."""

import re
import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache

from markdown_it import MarkdownIt

_ID = re.compile(r"\b(?:id|name)\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_HEADING = re.compile(r"<h[1-6][^>]*>(.*?)</h[1-6]>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_MYST = re.compile(r"^\(([\w:.-]+)\)=\s*$", re.MULTILINE)
_BRACED = re.compile(r"\{:?\s*#([\w:.-]+)[^}]*\}")
_SUMMARY = re.compile(r"<(?:summary|dt)[^>]*>(.*?)</(?:summary|dt)>", re.IGNORECASE | re.DOTALL)
_EMOJI = re.compile(r":[a-z0-9_+-]+:\s?")
_DROPPED = re.compile(r"[^\w\- ]")
_SHOWN = frozenset({"text", "code_inline", "softbreak"})


def anchors(text: str) -> frozenset[str]:
    """Return the places of a page as they are looked for: headings, HTML ids, and marks of MyST and kramdown."""
    marks = {*_ID.findall(text), *_MYST.findall(text), *_BRACED.findall(text)}
    shown = [form for heading in headings(text) for form in (heading, _EMOJI.sub("", heading))]
    spaced = [form for form in shown if form != form.strip()]  # behind an empty tag the space stays, as a `-`
    found = [*marks, *map(slug, shown), *map(_kept, spaced)]
    return frozenset(map(written, found))


def headings(text: str) -> Iterator[str]:
    """Give the headings of a page as a reader sees them."""
    tokens = _parser().parse(text.replace("\r\n", "\n"))
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            inline = tokens[at + 1]
            yield "".join(child.content for child in inline.children or () if child.type in _SHOWN)
            yield _BRACED.sub("", inline.content)
    for pattern in (_HEADING, _SUMMARY):
        for found in pattern.finditer(text):
            yield _TAG.sub("", found.group(1))


def slug(heading: str) -> str:
    """Return the anchor that forges make of a heading: letters, digits, `_` and `-` are kept, spaces become `-`."""
    return _kept(heading.strip())


def _kept(heading: str) -> str:
    return _DROPPED.sub("", heading.lower()).replace(" ", "-")


def written(anchor: str) -> str:
    """Return an anchor as it is looked for: capitals make no difference."""
    return unicodedata.normalize("NFC", anchor).lower().removeprefix("user-content-")


def nearest(text: str, anchor: str) -> str:
    """Return the heading of a page that an anchor most probably means; empty when none is near."""
    by_slug = {slug(heading): heading.strip() for heading in headings(text)}
    near = get_close_matches(written(anchor), list(by_slug), n=1, cutoff=0.7)
    return by_slug[near[0]] if near else ""


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True})
