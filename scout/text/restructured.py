"""Links, code and labels of a reStructuredText page, each with its line.

Read are the parts whose meaning the page alone decides: literal blocks, directives that name files, roles that name
pages and labels, hyperlinks with their target beside them. Everything else is prose.

Source: reStructuredText Markup Specification (docutils.sourceforge.io); Sphinx, reStructuredText directives and roles.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

_DIRECTIVE = re.compile(
    r"^(?P<indent>\s*)\.\. (?:\|[^|]+\| )?(?P<name>[a-z][\w:+.-]*)::\s*(?P<argument>.*?)\s*$", re.IGNORECASE
)
_TARGET = re.compile(r"^\s*\.\. _(?P<name>`[^`]+`|(?:\\:|[^:`])+):\s*(?P<to>\S.*)?$")
_COMMENT = re.compile(r"^(?P<indent>\s*)\.\.(?:\s+(?!\[|_|\|)\S.*|\s*)$")
_LITERAL = re.compile(r"``([^`\n]+?)``")
_ROLE = re.compile(
    r"(?<![\w+]):(?P<role>doc|ref|numref|download):`(?:[^`<]*<(?P<inner>[^`>]+)>|(?P<bare>[^`<]+))`", re.DOTALL
)
_EMBEDDED = re.compile(r"(?<![:\w`])`[^`<]*<(?P<to>[^`<>\s]+)>`__?(?!\w)")
_OPTION = re.compile(r"^\s*:[\w-]+:")
_FILE_OPTION = re.compile(r"^\s*:file:\s*(?P<to>\S+)\s*$")
_CODE = frozenset({"code", "code-block", "sourcecode", "prompt", "parsed-literal", "highlight-block"})
_FILES = frozenset({"image", "figure", "include", "literalinclude", "thumbnail"})
_IMAGES = frozenset({"image", "figure", "thumbnail"})
_TITLED = re.compile(r"^(?P<title>.+?)\s*<(?P<to>[^<>]+)>$")


class Leads(StrEnum):
    """What a target is the name of."""

    FILE = "file"
    IMAGE = "image"
    PAGE = "page"
    LABEL = "label"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Target:
    """What a page leads to.

    Attributes:
        line: counted from 1.
        written: as it is written.
        leads: to a file, image, page (without its ending) or label; a link is an address or a path.
    """

    line: int
    written: str
    leads: Leads


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One line of a literal block, or an inline literal.

    Attributes:
        line: counted from 1.
        text: without the indentation of the block.
        language: in lower case; empty where none was written.
        block: number of the block on the page, from 1; 0 for inline literals.
    """

    line: int
    text: str
    language: str = ""
    block: int = 0


@dataclass(frozen=True, slots=True)
class Restructured:
    """What a page leads to, quotes and can be led to by."""

    targets: tuple[Target, ...]
    code: tuple[CodeLine, ...]
    labels: frozenset[str]


def restructured(text: str) -> Restructured:
    """Return what stands on a page."""
    rows = text.replace("\r\n", "\n").split("\n")
    targets: list[Target] = []
    code: list[CodeLine] = []
    labels: set[str] = set()
    blocks, at = count(1), 0
    while at < len(rows):
        row = rows[at]
        end = _end(rows, at)
        if directive := _DIRECTIVE.match(row):
            at = _directed(rows, at, end, directive, targets, code, blocks)
            continue
        if target := _TARGET.match(row):
            name, to = target["name"].strip("`").lower(), target["to"]
            labels.add(name)
            targets += [Target(at + 1, to.strip(), Leads.LINK)] if to and not to.strip().endswith("_") else []
            at += 1
        elif _COMMENT.match(row):
            at = end
        else:
            targets += _in_prose(at + 1, row, rows[at + 1] if at + 1 < len(rows) else "")
            code += [CodeLine(at + 1, found.group(1)) for found in _LITERAL.finditer(row)]
            if row.rstrip().endswith("::"):
                code += _block(rows, at + 1, end, "", next(blocks))
                at = end
            else:
                at += 1
    return Restructured(tuple(targets), tuple(code), frozenset(labels))


def _directed(  # noqa: PLR0913, PLR0917 the page as read so far
    rows: list[str],
    at: int,
    end: int,
    directive: re.Match[str],
    targets: list[Target],
    code: list[CodeLine],
    blocks: "count[int]",
) -> int:
    """Read a directive; return where to go on: after it, or within, where its content is text like any other."""
    name, argument = directive["name"].lower(), directive["argument"]
    if name in _CODE:
        code += _block(rows, _after_options(rows, at + 1, end), end, argument.lower().partition(" ")[0], next(blocks))
        return end
    if name in _FILES and argument:
        targets.append(Target(at + 1, argument, Leads.IMAGE if name in _IMAGES else Leads.FILE))
        return _after_options(rows, at + 1, end)
    if name == "toctree":
        targets += _entries(rows, at + 1, end)
        return end
    if name in {"raw", "math", "graphviz", "mermaid", "uml", "csv-table", "jinja", "testcode", "doctest", "ipython"}:
        named = ((number, _FILE_OPTION.match(rows[number])) for number in range(at + 1, end))
        targets += [Target(number + 1, found["to"], Leads.FILE) for number, found in named if found]
        return end
    targets += _in_prose(at + 1, argument, "")
    return at + 1


def _end(rows: list[str], at: int) -> int:
    """Return the first line after one that is not indented more than it, and not empty."""
    indent = len(rows[at]) - len(rows[at].lstrip())
    number = at + 1
    last = number
    while number < len(rows):
        row = rows[number]
        if row.strip():
            if len(row) - len(row.lstrip()) <= indent:
                break
            last = number + 1
        number += 1
    return last


def _after_options(rows: list[str], at: int, end: int) -> int:
    while at < end and _OPTION.match(rows[at]):
        at += 1
    return at


def _block(rows: list[str], at: int, end: int, language: str, number: int) -> Iterator[CodeLine]:
    body = [row for row in rows[at:end] if row.strip()]
    margin = min((len(row) - len(row.lstrip()) for row in body), default=0)
    for line in range(at, end):
        if rows[line].strip():
            yield CodeLine(line + 1, rows[line][margin:], language, number)


def _entries(rows: list[str], at: int, end: int) -> Iterator[Target]:
    """Give the pages of a table of contents; patterns and addresses are none."""
    options = _after_options(rows, at, end)
    if any(row.strip().startswith(":glob:") for row in rows[at:options]):
        return
    for line in range(options, end):
        entry = rows[line].strip()
        titled = _TITLED.match(entry)
        to = titled["to"] if titled else entry
        if to and to != "self" and "://" not in to:
            yield Target(line + 1, to, Leads.PAGE)


def _in_prose(line: int, row: str, following: str) -> Iterator[Target]:
    bare = _LITERAL.sub("", row)
    for found in _ROLE.finditer(bare):
        to = (found["inner"] or found["bare"]).strip()
        match found["role"]:
            case "doc":
                yield Target(line, to, Leads.PAGE)
            case "download":
                yield Target(line, to, Leads.FILE)
            case _:
                yield Target(line, " ".join(to.lower().split()), Leads.LABEL)
    seen = bare
    if seen.count("`") % 2 and following.strip():  # a link that goes on in the next line stands where it begins
        seen = f"{bare} {following.strip()}"
    for found in _EMBEDDED.finditer(seen):
        if found.start() < len(bare):
            yield Target(line, found["to"], Leads.LINK)
