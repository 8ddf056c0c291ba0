"""What an answer's body and headers say: JSON, links, the server's own words."""

import json
import re
import sys
from collections.abc import Mapping
from html import unescape
from typing import Any, NoReturn, cast

import orjson

from scout.remote.call import Answer

LONGEST = 300
"""Characters of a server's words that are shown, at most."""

NO_CONTENT = 204
_LINK = re.compile(r"<([^>]*)>((?:\s*;\s*[^,;=]+(?:=(?:\"[^\"]*\"|[^,;]*))?)*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^,;\s]*))", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style|head)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+")
_GAP = re.compile(r" +(?=[.,;:!?](?: |$))")
_SECRET = re.compile(
    r"\b(?:gh[a-z]_|github_pat_|ATATT|ATCTT|glpat-)[\w=+/-]{8,}"
    r"|(?i:\b(?:bearer|basic)\s+)[\w.=+/~-]{6,}"
    r"|(?<=://)[^/\s@]+@"
    r"|(?i:(?<=token=)|(?<=token:)|(?<=password=))\s*[^\s&\"']+"
    r"|\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*"
)


class GarbageError(Exception):
    """A body that is not what was asked for: HTML, broken JSON, nothing, or JSON of another shape."""


def parsed(body: bytes | str) -> Any:
    """Return the JSON value of a body.

    orjson refuses lone surrogates, which trackers do send (half of an emoji that was cut); the standard library takes
    them. Whole numbers beyond 64 bits come as floats.

    Raises:
        GarbageError: it is no JSON.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(body, parse_constant=_refused, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        kind = "HTML" if body[:256].lstrip()[:1] in {b"<", "<"} else "no JSON"
        message = f"the answer is {kind}" if body else "the answer is empty"
        raise GarbageError(message) from error


def dumped(value: Any) -> bytes:
    """Return a JSON value as text, lone surrogates escaped."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, separators=(",", ":")).encode()


def body_of(answer: Answer) -> Any:
    """Return the JSON value of a good answer; None where there is no content.

    Raises:
        GarbageError: HTML, broken JSON, or nothing where something was due.
    """
    if answer.status == NO_CONTENT:
        return None
    if "html" in answer.headers.get("content-type", ""):
        message = "the answer is HTML"
        raise GarbageError(message)
    return parsed(answer.body)


def links(header: str) -> dict[str, str]:
    """Return addresses by relation from a `Link` header (RFC 8288)."""
    found: dict[str, str] = {}
    for link in _LINK.finditer(header):
        if rel := _REL.search(link[2]):
            found |= dict.fromkeys((rel[1] or rel[2] or "").lower().split(), link[1])
    return found


def said(answer: Answer) -> str:
    """Return the server's own words: without markup, secrets and control characters, at most 300 characters."""
    try:
        words = _words(parsed(answer.body))
    except GarbageError:
        body = answer.body
        words = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    plain = unescape(_MARKUP.sub(" ", _UNSEEN.sub(" ", words[: 100 * LONGEST])))
    plain = _SECRET.sub("***", _GAP.sub("", _BLANK.sub(" ", plain))).strip().encode("utf-8", "replace").decode()
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"


def _words(value: Any) -> str:
    """Return the messages in an error's JSON, as GitHub (`message`, `errors`) and Jira (`errorMessages`) write them."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "; ".join(filter(None, map(_words, cast("list[Any]", value))))
    if not isinstance(value, dict):
        return ""
    body = cast("Mapping[str, Any]", value)
    parts = [_words(body.get(name)) for name in ("message", "errorMessages", "error_description", "error")]
    errors = body.get("errors")
    if isinstance(errors, dict):
        named = cast("Mapping[str, Any]", errors)
        parts.extend(f"{name}: {_words(words)}" for name, words in named.items())
    else:
        parts.append(_words(errors))
    return "; ".join(filter(None, parts))


def _finite(number: str) -> float:
    """Return the number, or the largest there is for one that is larger."""
    return max(-sys.float_info.max, min(float(number), sys.float_info.max))


def _refused(constant: str) -> NoReturn:
    message = f"{constant} is no JSON"
    raise ValueError(message)
