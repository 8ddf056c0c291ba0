"""What the `.gitattributes` files of a tree say about a path.

Source: gitattributes(5): the nearest file wins, the last line within a file wins. Macros are not expanded.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from scout.repository.ignore import translated


@dataclass(frozen=True, slots=True)
class _Line:
    pattern: re.Pattern[str]
    values: Mapping[str, bool]


class Attributes:
    """Attributes of one tree.

    Args:
        files: content of each `.gitattributes` by its folder (the root is the empty text).
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._lines = {folder: lines for folder, content in files.items() if (lines := _parsed(content))}

    def of(self, path: str, name: str) -> bool:
        """Say whether an attribute is set (also to a value other than `false`) for a file."""
        parts = path.split("/")
        for depth in range(len(parts) - 1, -1, -1):
            relative = "/".join(parts[depth:])
            for line in reversed(self._lines.get("/".join(parts[:depth]), ())):
                if name in line.values and line.pattern.fullmatch(relative):
                    return line.values[name]
        return False


def _parsed(content: bytes) -> tuple[_Line, ...]:
    text = content.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    return tuple(line for raw in text.split("\n") if (line := _line(raw.strip())) is not None)


def _line(raw: str) -> _Line | None:
    if not raw or raw.startswith(("#", "!", "[attr]")):
        return None
    glob, *words = raw.split()
    expression = translated(glob.strip('"').removeprefix("/"))
    if expression is None or glob.endswith("/"):
        return None
    prefix = "" if "/" in glob else "(?:.*/)?"
    return _Line(re.compile(prefix + expression, re.DOTALL), dict(map(_value, words)))


def _value(word: str) -> tuple[str, bool]:
    if word.startswith(("-", "!")):
        return word[1:], False
    name, _, value = word.partition("=")
    return name, value.lower() != "false"
