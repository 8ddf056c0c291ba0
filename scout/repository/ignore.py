"""What the `.gitignore` files of a tree exclude: git's pattern rules, without a work tree.

Source: gitignore(5). The tests compare it with `git check-ignore`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    negated: bool
    folders_only: bool


class Ignored:
    """Git's exclusion rules of one tree.

    Args:
        files: content of each `.gitignore` by its folder (the root is the empty text).
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._rules = {folder: rules for folder, content in files.items() if (rules := _parsed(content))}

    def matches(self, path: str) -> bool:
        """Say whether `path` is excluded, by itself or through a folder above it; `…/` names a folder."""
        parts = path.strip("/").split("/")
        last = len(parts)
        for depth in range(1, last + 1):
            is_folder = depth < last or path.endswith("/")
            if self._decided(parts[:depth], is_folder=is_folder):
                return True
        return False

    def _decided(self, parts: list[str], *, is_folder: bool) -> bool:
        for depth in range(len(parts) - 1, -1, -1):
            relative = "/".join(parts[depth:])
            for rule in reversed(self._rules.get("/".join(parts[:depth]), ())):
                if (is_folder or not rule.folders_only) and rule.pattern.fullmatch(relative):
                    return not rule.negated
        return False


def _parsed(content: bytes) -> tuple[_Rule, ...]:
    text = content.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    return tuple(rule for line in text.split("\n") if (rule := _rule(line)) is not None)


def _rule(line: str) -> _Rule | None:
    line = _without_trailing_spaces(line.removesuffix("\r"))
    if not line or line.startswith("#"):
        return None
    negated = line.startswith("!")
    line = line[negated:]
    folders_only = line.endswith("/")
    line = line[:-1] if folders_only else line
    if not line:
        return None
    anchored = "/" in line
    expression = translated(line.removeprefix("/"))
    if expression is None:
        return None
    prefix = "" if anchored else "(?:.*/)?"
    return _Rule(re.compile(prefix + expression, re.DOTALL), negated, folders_only)


def _without_trailing_spaces(line: str) -> str:
    bare = line.rstrip(" ")
    escaped = (len(bare) - len(bare.rstrip("\\"))) % 2 == 1
    return bare + " " if escaped and len(bare) < len(line) else bare


@lru_cache(maxsize=4096)
def translated(glob: str) -> str | None:
    """Return a regular expression for a path pattern of git's (`**` included), or None when it can match nothing."""
    found = ""
    at = 0
    while at < len(glob):
        char = glob[at]
        if char == "*":
            piece, at = _stars(glob, at)
        elif char == "?":
            piece, at = "[^/]", at + 1
        elif char == "[":
            bracket = _bracket(glob, at)
            if bracket is None:
                return None
            piece, at = bracket
        elif char == "\\":
            if at + 1 == len(glob):
                return None
            piece, at = re.escape(glob[at + 1]), at + 2
        else:
            piece, at = re.escape(char), at + 1
        found += piece
    return found


def _stars(glob: str, at: int) -> tuple[str, int]:
    end = at
    while end < len(glob) and glob[end] == "*":
        end += 1
    starts = at == 0 or glob[at - 1] == "/"
    if end - at > 1 and starts:
        if end == len(glob):
            return ".*", end
        if glob[end] == "/":
            return "(?:.*/)?", end + 1
    return "[^/]*", end


_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\s",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


def _bracket(glob: str, at: int) -> tuple[str, int] | None:
    at += 1
    negated = glob[at : at + 1] in {"!", "^"}
    at += negated
    body = ""
    first = True
    while at < len(glob) and (first or glob[at] != "]"):
        first = False
        if glob.startswith("[:", at) and (end := glob.find(":]", at)) > 0 and glob[at + 2 : end] in _CLASSES:
            body += _CLASSES[glob[at + 2 : end]]
            at = end + 2
            continue
        low, at = _member(glob, at)
        if low is None:
            return None
        if glob[at : at + 1] == "-" and glob[at + 1 : at + 2] not in {"", "]"}:
            high, at = _member(glob, at + 1)
            if high is None:
                return None
            body += f"{re.escape(low)}-{re.escape(high)}" if low <= high else ""
        else:
            body += re.escape(low)
    if at >= len(glob):
        return None
    if not body:
        return ("[^/]" if negated else "(?!)"), at + 1
    return f"(?!/)[{'^' if negated else ''}{body}]", at + 1


def _member(glob: str, at: int) -> tuple[str | None, int]:
    if glob[at] != "\\":
        return glob[at], at + 1
    return (glob[at + 1], at + 2) if at + 1 < len(glob) else (None, at)
