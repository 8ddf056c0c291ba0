"""Which ticket an address or a reference is about."""

import re
from typing import Any

_ADDRESS = re.compile(r"(?:/repos)?/([^/\s]+/[^/\s]+)/(?:issues|pulls?)/(\d+)(?![^/#?\s])")
_PLAIN = re.compile(r".*/(?:issues|pulls)/(\d+)")
_SHORT = re.compile(r"([\w.-]+/[\w.-]+)?#(\d+)")
_REPOSITORY = re.compile(r"(?:/repos|://[^/\s]+)/([^/\s]+/[^/\s]+)(?:/(?:issues|pulls?)/\d+)?/?$")


def number_of(address: Any) -> str:
    """Return the number in the address of an issue or a pull request; empty where there is none."""
    if isinstance(address, str) and (plain := _PLAIN.fullmatch(address)):
        return plain[1]
    found = _ADDRESS.search(address) if isinstance(address, str) else None
    return found[2] if found else ""


def reference(said: Any, repository: Any) -> str:
    """Return the key of a ticket: its number, with `owner/name#` before it where it lives in another repository.

    Args:
        said: an address, `#12` or `owner/name#12`; anything else is nothing.
        repository: the address of the repository where it is said, or of an issue of it; where that is unknown,
            every ticket is taken for one of the same repository.
    """
    if not isinstance(said, str):
        return ""
    found = _ADDRESS.search(said) or _SHORT.fullmatch(said)
    if not found:
        return ""
    here = _REPOSITORY.search(repository) if isinstance(repository, str) else None
    there = found[1] or ""
    same = not there or not here or there.lower() == here[1].lower()
    return found[2] if same else f"{there}#{found[2]}"
