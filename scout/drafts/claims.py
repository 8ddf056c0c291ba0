"""What a sentence claims that can be looked up: paths, symbols, numbers, tickets, commits, quotations, addresses."""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from scout.drafts.known import SPELLED
from scout.drafts.wording import Sentence

_PATTERN = re.compile(
    r"(?P<quotation>“[^”\0]+”|\"[^\"\0]+\"|«[^»\0]+»|‘[^’\0]+’|(?<!\w)'[^'\0]+'(?!\w))"
    r"|(?P<address>(?:[a-z][a-z0-9+.-]{0,20}://|www\.|\b(?:javascript|data|mailto|vbscript):)\S*[^\s.,;:!?)\"'”’])"
    r"|(?P<mention>[\w.+-]{0,64}[@＠﹫]\w[\w./-]*|\[~[^\]]*\])"
    r"|(?P<ticket>(?<!\w)(?:[\w.-]{1,64}(?:/[\w.-]{1,64})+)?[#!]\d+|\bGH-\d+|\b[A-Z][A-Z0-9_]+-\d+\b)"
    r"|(?P<commit>\b(?=[0-9a-f]{0,39}\d)(?=[0-9a-f]{0,39}[a-f])[0-9a-f]{7,40}\b)"
    r"|(?P<path>(?<![\w.])[\w.~-]*(?:/[\w.~-]+)+/?(?::\d+)?"
    r"|(?<![\w.])[\w-]*(?<!\d)\.[A-Za-z][A-Za-z]{0,5}\d?(?::\d+)?\b(?!\())"
    r"|(?P<number>(?<![\w.-])v?\d[\d.,]*\w*%?)"
    r"|(?P<symbol>\b\w+(?:\.\w+)*\(\)|(?<![\w-])--?[a-z][\w-]*|\b\w*[A-Za-z0-9]_\w+|\b[a-z]+[A-Z]\w*"
    r"|\b[A-Z]+[a-z0-9]+[A-Z]\w*|\b[A-Z][A-Z0-9]{3,}\b)"
    r"|(?P<word>\w+)"
)
_STANDARD = re.compile(r"(?:CVE|ECMA|HTTP|IEEE|ISO|PEP|RFC|SHA|UTF)-")
_NO_PATHS = frozenset({"and/or", "e.g", "i.e"})


class ClaimKind(StrEnum):
    """What is claimed to be there."""

    QUOTATION = "quotation"
    ADDRESS = "address"
    MENTION = "mention"
    TICKET = "ticket"
    COMMIT = "commit"
    PATH = "path"
    NUMBER = "number"
    SYMBOL = "symbol"
    CODE = "code"


class Claim(NamedTuple):
    """One thing that must be found where it is said to be."""

    kind: ClaimKind
    text: str


def claims(sentence: Sentence) -> Iterator[Claim]:
    """Yield what a sentence claims."""
    for code in sentence.codes:
        yield Claim(ClaimKind.CODE, code)
    for match in _PATTERN.finditer(sentence.prose):
        kind, text = str(match.lastgroup), match.group()
        if kind == "word":
            yield from _word(text)
        elif kind == "ticket" and _STANDARD.match(text):
            yield Claim(ClaimKind.SYMBOL, text)
        elif kind == "path":
            if (text := text.rstrip(".")) and text not in _NO_PATHS:
                yield Claim(ClaimKind.PATH, text)
        else:
            yield Claim(ClaimKind(kind), text.rstrip(".,") if kind == "number" else text)


def _word(text: str) -> Iterator[Claim]:
    if (number := SPELLED.get(text.lower())) is not None:
        yield Claim(ClaimKind.NUMBER, number)
    elif any(one.isalpha() and not unicodedata.name(one, "").startswith("LATIN") for one in text):
        yield Claim(ClaimKind.SYMBOL, text)
