"""What marks a ticket as ours for ever, and what fits into a tracker's text."""

import re
from collections.abc import Callable, Iterable

from scout.publish._base import Filing

LABEL = "scout"
"""The label of what was filed in Jira; followed by a hyphen and the key it is the marker."""
CUT = "Cut here: the tracker takes no longer text."
"""What stands below a text that was too long."""
_KEY = r"[0-9a-f]{32}"
_MARKER = re.compile(rf"<!-- scout:key=({_KEY})(?: [a-z]+=[^\s<>]+)* -->\s*\Z")
_LABELLED = re.compile(rf"{LABEL}-({_KEY})")


def marker(filing: Filing) -> str:
    """Return the line at the end of a body that marks it for ever; trackers keep it and readers do not see it."""
    intent = filing.intent
    return f"<!-- scout:key={intent.key} candidate={intent.candidate} fingerprint={filing.fingerprint} -->"


def marked(body: str) -> str:
    """Return the key of the marker that a body ends with; empty where there is none."""
    found = _MARKER.search(body)
    return found[1] if found else ""


def unmarked(body: str) -> str:
    """Return a body without its marker."""
    return _MARKER.sub("", body).rstrip()


def labelled(labels: Iterable[str]) -> tuple[str, ...]:
    """Return the keys that labels hold."""
    return tuple(found[1] for label in labels if (found := _LABELLED.fullmatch(label)))


def fitting(text: str, most: int, address: str, measure: Callable[[str], int] = len) -> str:
    """Return a text that is no longer than a tracker takes; what is left out is said, with where the whole is.

    Args:
        text: Markdown.
        most: characters, by `measure`.
        address: where the whole text stands: an address or a command.
        measure: how long the tracker takes a text to be.
    """
    if measure(text) <= most:
        return text
    note = cut_note(len(text), address)
    low, high = 0, len(text)
    while low < high:  # the longest beginning that fits with the note
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(begun(text, middle) + note) <= most else (low, middle - 1)
    return begun(text, low) + note


def cut_note(length: int, address: str) -> str:
    """Return the words below a text that was cut: how long it is, and where the whole of it stands."""
    where = f"[the whole text]({address})" if "://" in address else f"`{address}`"
    return f"\n\n*{CUT} All {length} characters: {where}*"


def begun(text: str, length: int) -> str:
    """Return whole lines of a text's beginning, with a fence of code that stands open closed again."""
    kept = text[:length].rpartition("\n")[0] or text[:length]
    fences = [line.strip() for line in kept.splitlines() if line.lstrip().startswith("```")]
    opened = ""
    for fence in fences:
        ticks = re.match("`+", fence)
        run = ticks[0] if ticks else ""
        opened = "" if opened and fence.startswith(opened) and fence.strip("`") == "" else opened or run
    return f"{kept}\n{opened}" if opened else kept
