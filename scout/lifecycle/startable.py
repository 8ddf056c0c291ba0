"""What a ticket's class means for whoever hands out or counts ready work. Pure."""

from typing import Final

NEXT: Final = "next_action"
"""The class of what somebody could start now, in the taxonomy `gtd`."""

_WORDS: Final = {
    "waiting": "it waits for somebody else",
    "someday": "nobody has committed to it",
    "project": "it is more than one step",
    "reference": "there is nothing to do",
}


def withheld(meaning: str | None, doubt: str = "", reason: str = "") -> str:
    """Return why a ticket is not ready work by its class; nothing when it may be.

    Only what is surely something else is withheld: a ticket that was never classified, or about whose class somebody
    has doubts, counts as before.

    Args:
        meaning: its class in GTD; None where it has none.
        doubt: why a person should look at the class; empty without doubt.
        reason: the verdict's reason.
    """
    if meaning is None or meaning == NEXT or doubt:
        return ""
    words = _WORDS.get(meaning, f"its class is {meaning}")
    return f"{words}: {reason}" if reason else words
