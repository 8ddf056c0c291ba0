"""Bytes to text."""

import codecs

_LFS = b"version https://git-lfs.github.com/spec/"
_PROBED = 8000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(content: bytes) -> str | None:
    r"""Return the text of `content`, or None when it is binary or a git-LFS pointer.

    UTF-8 with or without mark, UTF-16 and UTF-32 by their mark, else Latin-1. `\r\n` becomes `\n`.
    """
    if content.startswith(_LFS):
        return None
    text = _by_mark(content)
    if text is None:
        if is_binary(content):
            return None
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            text = content.decode("latin-1")
    return text.replace("\r\n", "\n")


def is_binary(content: bytes) -> bool:
    """Say whether these are no text bytes: a NUL in the first 8,000 (git's own rule), and no mark of UTF-16 or 32."""
    return b"\0" in content[:_PROBED] and _by_mark(content[:_PROBED]) is None


def _by_mark(content: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    return None
