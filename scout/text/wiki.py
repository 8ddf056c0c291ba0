"""Jira wiki markup as Markdown, for reading and judging; the raw text stays in the warehouse.

Time is linear in the length of the text, whatever it holds; nothing makes it fail. Code keeps its bytes, but for line
ends, which become newlines. Panels and notes keep their title and lose their frame: only `{quote}` and `bq.` become
quotes, because a quote is what somebody else said. Mentions lose the name.

The notation is that of Atlassian's 'Text Formatting Notation Help'.
"""

import re

from scout.text._parts import LEADS, fenced
from scout.text._wiki_blocks import Page

_MACRO = re.compile(
    r"\{(?<!\\\{)(code|noformat|quote|panel|info|note|tip|warning|expand|section|column)(:[^{}\n]*+)?\}"
)
_BREAK = re.compile(r"\\\\(?:[ \t]*+\n|[ \t]++|$)")
_FENCE = re.compile(r"^[ \t]*+```[ \t]*+([\w+#.-]*+)[ \t]*+$", re.MULTILINE)
_VERBATIM = frozenset({"code", "noformat"})
_TITLE = re.compile(r"title=([^|}]+)")
_LANGUAGE = re.compile(r"(?:language|lang)=([^|}]+)")


def markdown(text: str) -> str:
    """Return wiki markup as Markdown, without blank lines around it."""
    return _Reader(text.replace("\r\n", "\n").replace("\r", "\n")).read()


class _Reader:
    """Goes through the macros front to back, once; what is between them goes to the page line by line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._page = Page()
        self._prose: list[str] = []
        self._in_row = False
        self._open: set[str] = set()
        self._unclosed: set[str] = set()

    def read(self) -> str:
        at = 0
        for match in _MACRO.finditer(self._text):
            if match.start() < at:  # inside of what was read as code
                continue
            self._keep(at, match.start())
            name, arguments = match.group(1), (match.group(2) or "")[1:]
            if name in _VERBATIM:
                at = self._verbatim(name, arguments, match.start(), match.end())
            else:
                at = match.end()
                self._frame(name, arguments, at)
        self._keep(at, len(self._text))
        self._write_prose()
        return self._page.written()

    def _keep(self, start: int, end: int) -> None:
        prose = self._text[start:end]
        tail = prose.rpartition("\n")[2]
        if not self._prose or len(tail) < len(prose):
            self._in_row = tail.lstrip().startswith("|")
        self._prose.append(prose)

    def _write_prose(self) -> None:
        prose = "".join(self._prose)
        self._prose.clear()
        if "\\\\" in prose:
            prose = _BREAK.sub("\n", prose)
        if "```" not in prose:
            self._page.prose(prose)
            return
        parts = _FENCE.split(prose)  # prose, language, code, language, prose, language, code…
        whole = len(parts) // 4 * 4
        for at in range(0, whole, 4):
            self._page.prose(parts[at])
            self._page.block(fenced(_trimmed(parts[at + 2]), parts[at + 1]))
        self._page.prose("\n".join(parts[whole:]))

    def _verbatim(self, name: str, arguments: str, start: int, inside: int) -> int:
        """Write a block of code and return where it ended; without an end its mark is text like any other."""
        closing = f"{{{name}}}"
        end = -1 if name in self._unclosed else self._text.find(closing, inside)
        if end < 0:
            self._unclosed.add(name)
            self._keep(start, inside)
            return inside
        code = self._text[inside:end]
        if self._in_row:
            self._prose.append(f"{{{{{' '.join(code.split())}}}}}")
        else:
            self._write_prose()
            title = _TITLE.search(arguments)
            if title:
                self._page.title(title.group(1))
            self._page.block(fenced(_trimmed(code), _language(arguments) if name == "code" else ""))
        return end + len(closing)

    def _frame(self, name: str, arguments: str, after: int) -> None:
        """Begin or end a quote or a panel; a mark without its partner is left out."""
        begins = name not in self._open
        if begins and (name in self._unclosed or self._text.find(f"{{{name}}}", after) < 0):
            self._unclosed.add(name)
            return
        self._write_prose()
        self._open ^= {name}
        if name == "quote":
            self._page.quoting(on=begins)
            return
        title = _TITLE.search(arguments)
        lead = title.group(1) if title else LEADS.get(name, "")
        if begins and lead:
            self._page.title(lead)
        else:
            self._page.blank()


def _language(arguments: str) -> str:
    named = _LANGUAGE.search(arguments)
    if named:
        return named.group(1)
    first = arguments.partition("|")[0]
    return "" if "=" in first else first


def _trimmed(code: str) -> str:
    """Return code without the line end after the opening mark and the one before the closing mark."""
    return code.removeprefix("\n").removesuffix("\n")
