"""YAML front matter of a Markdown file: read without building objects, edited without touching the rest.

Only YAML's node graph is composed: no tag ever constructs anything, aliases are not expanded, and every value keeps
its place in the file, for error messages and for edits that leave all other bytes as they are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scout.errors import UsageError

if TYPE_CHECKING:
    from scout.text._yaml import Node

Value = str | bool | None | tuple[str, ...] | Mapping[str, str]
"""What a field holds: text (numbers and dates as written), true or false, nothing, a list, or a flat mapping."""

LARGEST = 64 * 1024
"""Characters of front matter that are looked at; more is an error."""

_OPENING = re.compile(r"---[ \t]*(?:\r\n|\n|\r|\Z)")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)", re.MULTILINE)
_LOOKS_LIKE_FIELD = re.compile(r"[\w-]+[ \t]*:(?:\s|\Z)")
_LINE_END = re.compile(r"\r\n|\n|\r")


class TicketFileError(UsageError):
    """A Markdown ticket cannot be read.

    Attributes:
        name: the file.
        line: counted from 1; 0 where the file as a whole is meant.
    """

    def __init__(self, name: str, line: int, problem: str, remedy: str = "Mend that place in the file.") -> None:
        self.name = name
        self.line = line
        super().__init__(f"{name}{f':{line}' if line else ''}: {problem}.", remedy)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the front matter.

    Attributes:
        value: what it holds.
        line: in the file, counted from 1.
        start: first character of its name, in the front matter.
        end: just after its value, likewise.
        readable: whether `value` is all it holds; deeper structures are kept in the file and not shown.
    """

    value: Value
    line: int
    start: int
    end: int
    readable: bool = True


def split(text: str, name: str) -> tuple[str, str, str]:
    """Return the opening line with the front matter, the closing line, and the body; their sum is `text`.

    The first two are empty where there is no front matter: when the file does not begin with a line of three hyphens,
    or begins with one that is just a rule.

    Raises:
        TicketFileError: the front matter does not end, or is too long.
    """
    opening = _OPENING.match(text)
    if opening is None:
        return "", "", text
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        if _LOOKS_LIKE_FIELD.match(text, opening.end()):
            raise TicketFileError(name, 1, "the front matter has no closing line of three hyphens", "Add one.")
        return "", "", text
    if closing.start() > LARGEST:
        raise TicketFileError(name, 1, f"the front matter is longer than {LARGEST:,} characters", "Shorten it.")
    return text[: closing.start()], text[closing.start() : closing.end()], text[closing.end() :]


def fields(head: str, name: str) -> dict[str, Field]:
    """Return the fields of `head` (what `split` returned first) by name, in the file's order.

    Raises:
        TicketFileError: it is not YAML, no mapping, or has a name twice.
    """
    from scout.text._yaml import YamlError, nodes

    try:
        composed = nodes(head)
    except YamlError as error:
        written = len(head.rstrip())  # what is missing at the end is missing on the last line, not below it
        raise TicketFileError(name, _line(head, min(error.index, written)), error.problem) from None
    found: dict[str, Field] = {}
    for node in composed:
        line = _line(head, node.start)
        if node.name in found:
            raise TicketFileError(name, line, f"'{node.name}' occurs twice", "Remove one of them.")
        found[node.name] = Field(node.value, line, node.start, _end(node, head), node.readable)
    return found


def edited(head: str, name: str, changes: Mapping[str, Value]) -> str:
    """Return `head` with some fields set, every other character as it was; new fields are added at its end.

    Raises:
        TicketFileError: the front matter is written in a way that cannot be edited in place.
    """
    before = fields(head, name)
    changes = {key: value for key, value in changes.items() if key not in before or before[key].value != value}
    newline = _LINE_END.findall(head)[0]
    for key in sorted(changes.keys() & before.keys(), key=lambda key: -before[key].start):
        field = before[key]
        head = head[: field.start] + dumped({key: changes[key]}, newline).rstrip("\r\n") + head[field.end :]
    added = {key: value for key, value in changes.items() if key not in before}
    if added:
        head = head if head.endswith(("\n", "\r")) else head + newline
        head += dumped(added, newline)
    wanted = {**{key: field.value for key, field in before.items()}, **changes}
    if not _says(head, wanted):
        line = min((before[key].line for key in changes.keys() & before.keys()), default=1)
        raise TicketFileError(name, line, "this front matter cannot be edited in place", "Edit it by hand.")
    return head


def dumped(values: Mapping[str, Value], newline: str = "\n") -> str:
    """Return fields as YAML in block style, in the given order."""
    from scout.text._yaml import dump

    return dump(values).replace("\n", newline)


def _says(head: str, wanted: Mapping[str, Value]) -> bool:
    try:
        return {key: field.value for key, field in fields(head, "").items()} == wanted
    except TicketFileError:
        return False


def _line(head: str, index: int) -> int:
    return len(_LINE_END.findall(head, 0, index)) + 1


def _end(node: "Node", head: str) -> int:
    """Return where the value ends, without the blank lines and comments that follow it."""
    from scout.text._yaml import Style

    if node.style is Style.INLINE and node.end > node.value_start:
        return node.end
    lines = head[node.start : node.end].splitlines(keepends=True)
    literal = node.style is Style.LITERAL
    while len(lines) > 1 and (not lines[-1].strip() or (not literal and lines[-1].lstrip().startswith("#"))):
        lines.pop()
    return node.start + len("".join(lines).rstrip("\r\n"))
