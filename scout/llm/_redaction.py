"""Secrets taken out of a text before it leaves.

Two sets of rules: those of detect-secrets, which others keep up to date, and forms of our own for what it leaves in
(names with values, whole private keys). Both take linear time, whatever the text.

Source of our forms: the documented prefixes of GitHub, GitLab, AWS, Slack, Stripe, Google, npm and PyPI tokens, RFC
7519 (JWT), RFC 7468 (PEM) and RFC 3986 (user information in addresses).
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

REDACTED = "[redacted]"

# A quantifier without an upper bound stands only where a match cannot begin again inside what it has eaten.
_WHOLE = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----.*?"
    r"(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\Z)"
    r"|\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|gl(?:pat|ptt|dt|rt)-[\w-]{16,}|xox[abeprs]-[\w-]{10,}"
    r"|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[\w-]{30,}|ya29\.[\w-]{20,}|npm_\w{30,}|pypi-[\w-]{40,}|dop_v1_\w{30,}"
    r"|(?:sk|rk|pk)[-_](?:live|test|proj|ant|or|svcacct)?[-_]?[\w-]{20,}|SG\.[\w-]{16,60}\.[\w-]{16,})"
    r"|(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}",
    re.DOTALL,
)
_IN_ADDRESS = re.compile(r"(?P<before>://[^\s/:@]{0,200}:)[^\s/@]{1,500}(?=@)")
_NAMED = re.compile(
    r"(?P<before>(?:passwor[dt]|passwd|secret|token|api_?-?key|access_?-?key|private_?-?key|credential|authorization)"
    r"[\w-]{0,40}[\"']?\s{0,8}(?:[:=]|=>)\s{0,8}(?:(?:Bearer|Basic)\s{1,4})?[\"']?)(?P<value>[^\s\"',;)}\]]{8,})",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(?P<before>\b(?:Bearer|Basic)\s{1,4})[\w.+/=-]{12,}")
_REFERENCE = re.compile(r"[$<{(]|os\.|env|process\.|settings\.|config\.|self\.|vault|example|\*{3}|x{4}", re.IGNORECASE)
_FEWEST_KNOWN = 6

_WINDOW, _OVERLAP = 600, 200
"""Characters that a rule of others sees at once, and those it sees twice. Some of these rules take quadratic time, and
none is about more than 200 characters but the JSON web token, which is among our own forms."""
_FEWEST_VALUE = 8
_NO_RULES = frozenset({"IPPublicDetector", "PrivateKeyDetector"})
"""Rules that are left out: an address is no secret; of a private key theirs finds the first line only.

What is told by entropy alone is no rule here: names of commits would be secrets, and they are evidence.
"""


def redacted(text: str, known: Iterable[str] = ()) -> str:
    """Return a text without what looks like a secret, and without some that are known.

    Args:
        text: any text.
        known: secrets by their value; those under six characters are too common to be told from words.
    """
    for secret in sorted(known, key=len, reverse=True):
        if len(secret) >= _FEWEST_KNOWN:
            text = text.replace(secret, REDACTED)
    text = _WHOLE.sub(REDACTED, text)
    text = _IN_ADDRESS.sub(rf"\g<before>{REDACTED}", text)
    text = _NAMED.sub(_named, text)
    text = _BEARER.sub(rf"\g<before>{REDACTED}", text)
    return _without(text, sorted(_found(text)))


def _named(found: re.Match[str]) -> str:
    if _REFERENCE.match(found["value"]) or REDACTED in found["value"]:
        return found.group()
    return f"{found['before']}{REDACTED}"


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in spans:
        if start >= at:
            parts += [text[at:start], REDACTED]
        at = max(at, end)
    return "".join((*parts, text[at:]))


def _found(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the rules of others find something, window by window."""
    for start, end in _windows(text):
        for rule in _rules():
            for match in rule.finditer(text, start, end):
                one = rule.groups == 1 and len(match.group(1) or "") >= _FEWEST_VALUE
                span = match.span(1) if one else match.span()
                if REDACTED not in text[slice(*span)]:
                    yield span


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Yield pieces of a text that overlap, ending at line ends where there are any."""
    start = 0
    while start < len(text):
        end = min(len(text), start + _WINDOW)
        line_end = text.rfind("\n", start + _OVERLAP, end) if end < len(text) else -1
        if line_end >= 0:
            yield start, line_end
            start = line_end  # with the line end: some rules want to see what stands before
            continue
        yield start, end
        start = end if end == len(text) else end - _OVERLAP


@cache
def _rules() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of detect-secrets: nothing of it asks a network, since only its plugins' verifiers would."""
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
    from detect_secrets.plugins.base import RegexBasedDetector

    kinds: Iterable[Any] = get_mapping_from_secret_type_to_class().values()
    chosen = (kind for kind in kinds if issubclass(kind, RegexBasedDetector) and kind.__name__ not in _NO_RULES)
    return tuple(rule for kind in sorted(chosen, key=lambda kind: str(kind.__name__)) for rule in _patterns(kind()))


def _patterns(plugin: Any) -> Iterable[re.Pattern[str]]:
    return plugin.denylist
