"""Secrets taken out of a text before it leaves.

Source of the forms: the documented prefixes of GitHub, GitLab, AWS, Slack, Stripe, Google, npm and PyPI tokens, RFC
7519 (JWT), RFC 7468 (PEM) and RFC 3986 (user information in addresses).
"""

import re
from collections.abc import Iterable

REDACTED = "[redacted]"

_WHOLE = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|gl(?:pat|ptt|dt|rt)-[\w-]{16,}|xox[abeprs]-[\w-]{10,}"
    r"|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[\w-]{30,}|ya29\.[\w-]{20,}|npm_\w{30,}|pypi-[\w-]{40,}|dop_v1_\w{30,}"
    r"|(?:sk|rk|pk)[-_](?:live|test|proj|ant|or|svcacct)?[-_]?[\w-]{20,}|SG\.[\w-]{16,}\.[\w-]{16,}"
    r"|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,})",
    re.DOTALL,
)
_IN_ADDRESS = re.compile(r"(?P<before>\b[a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+(?=@)", re.IGNORECASE)
_NAMED = re.compile(
    r"(?P<before>\b[\w-]*(?:passwor[dt]|passwd|secret|token|api_?-?key|access_?-?key|private_?-?key|credential|authorization)"
    r"[\w-]*[\"']?\s*(?:[:=]|=>)\s*(?:Bearer\s+|Basic\s+)?[\"']?)(?P<value>[^\s\"',;)}\]]{8,})",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(?P<before>\b(?:Bearer|Basic)\s+)[\w.+/=-]{12,}")
_REFERENCE = re.compile(r"[$<{(]|os\.|env|process\.|settings\.|config\.|self\.|vault|example|\*{3}|x{4}", re.IGNORECASE)
_FEWEST_KNOWN = 6


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
    return _BEARER.sub(rf"\g<before>{REDACTED}", text)


def _named(found: re.Match[str]) -> str:
    if _REFERENCE.match(found["value"]) or REDACTED in found["value"]:
        return found.group()
    return f"{found['before']}{REDACTED}"
