"""Names that people type: the nearest known one for an unknown one."""

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` is most likely a slip of, or None when nothing is near."""
    found = difflib.get_close_matches(name.lower(), sorted(known), n=1, cutoff=0.5)
    return found[0] if found else None
