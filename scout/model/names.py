"""Names that people type: the nearest known one for an unknown one; and names that nobody can type."""

import difflib
import re
from collections.abc import Iterable

_BYTE = re.compile("[\udc80-\udcff]")
_BYTES_FROM = 0xDC00


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` is most likely a slip of, or None when nothing is near."""
    found = difflib.get_close_matches(name.lower(), sorted(known), n=1, cutoff=0.5)
    return found[0] if found else None


def printable(text: str) -> str:
    r"""Return a text that UTF-8 can hold: bytes of odd file names, read as lone surrogates, are written as `\xe9`."""
    try:
        text.encode()
    except UnicodeEncodeError:
        shown = _BYTE.sub(lambda byte: f"\\x{ord(byte.group()) - _BYTES_FROM:02x}", text)
        return shown.encode("utf-8", "backslashreplace").decode()
    return text
