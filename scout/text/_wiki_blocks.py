"""The lines of a wiki text as Markdown blocks: headings, lists, tables, quotes, rules, and paragraphs of the rest."""

import re
from dataclasses import dataclass

from scout.text._parts import without_block
from scout.text._wiki_inline import inline
from scout.text._wiki_table import wiki_table

MAX_DEPTH = 6
"""Levels of lists that are told apart."""

_HEADING = re.compile(r"h([1-6])\.(?!\d)\s*(.*)")
_ENTRY = re.compile(r"([*#]{1,64}+|-)[ \t]++(.*)")
_RULE = re.compile(r"(?:-{3,}+|\*{3,}+|_{3,}+)$")
_BARE_ENTRY = re.compile(r"[*#]{1,6}")
_QUOTED = re.compile(r"bq\.\s*(.*)")
_SPECIAL = frozenset("*#-_hb\\")


@dataclass(slots=True)
class _Level:
    """One level of the lists that are open: how deep its marks say it is, its kind, and where its lines begin."""

    depth: int
    numbered: bool
    indent: int
    count: int = 0

    @property
    def mark(self) -> str:
        return f"{self.count}. " if self.numbered else "- "

    @property
    def inside(self) -> int:
        return self.indent + len(self.mark)


class Page:
    """Takes prose and blocks in reading order and writes them as Markdown."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._prefix = ""
        self._levels: list[_Level] = []
        self._gap = True
        self._rows: list[list[str]] = []

    def prose(self, text: str) -> None:
        """Write lines of wiki text; ends of lines beside what stands before and after it are not blank lines."""
        lines = text.split("\n")
        last = len(lines) - 1
        for count, line in enumerate(lines):
            bare = line.strip()
            if count == last and _BARE_ENTRY.fullmatch(bare):  # what follows, say code, is the entry
                self._entry(bare, "")
            elif bare:
                self._line(bare)
            elif 0 < count < last:
                self.blank()
        if self._rows:
            self._end_table()

    def block(self, markdown: str) -> None:
        """Write a block that is Markdown already: in the entry of a list, where it touches one."""
        if self._levels and not self._gap:
            self._add(markdown, self._levels[-1].inside)
            return
        del self._levels[1:]
        self._apart(markdown)

    def title(self, text: str) -> None:
        """Write a line in bold."""
        self._apart(f"**{inline(text.strip())}**")

    def quoting(self, *, on: bool) -> None:
        """Begin or end a quote."""
        self._levels.clear()
        self.blank()
        if not on and self._lines and self._lines[-1] == ">":
            self._lines[-1] = ""
        self._prefix = "> " if on else ""
        self._gap = True

    def blank(self) -> None:
        """Leave a line free, once."""
        if self._rows:
            self._end_table()
        if not self._gap:
            self._lines.append(self._prefix.rstrip())
            self._gap = True

    def written(self) -> str:
        """Return the whole page."""
        return "\n".join(self._lines).strip("\n")

    def _line(self, line: str) -> None:
        if line[0] == "|":
            self._rows.append([line])
            return
        if self._rows:
            if not self._rows[-1][-1].endswith("|"):
                self._rows[-1].append(line)
                return
            self._end_table()
        if line[0] not in _SPECIAL or not self._marked(line):
            self._paragraph(inline(line))

    def _marked(self, line: str) -> bool:
        """Write a line whose first letters may say what it is, and return whether they did."""
        if entry := _ENTRY.match(line):
            self._entry(entry.group(1), entry.group(2))
        elif heading := _HEADING.match(line):
            self._heading(int(heading.group(1)), heading.group(2))
        elif _RULE.match(line):
            self._levels.clear()
            self._apart("***")
        elif quoted := _QUOTED.match(line):
            self._levels.clear()
            self._apart(f"> {inline(quoted.group(1))}")
        elif line[0] in "#-\\":
            self._paragraph(without_block(inline(line)))
        else:
            return False
        return True

    def _paragraph(self, written: str) -> None:
        if self._levels and self._gap:
            self._levels.clear()
        self._add(written, self._levels[-1].inside if self._levels else 0)

    def _heading(self, level: int, title: str) -> None:
        self._levels.clear()
        if title:
            self._apart(f"{'#' * level} {inline(title)}")

    def _entry(self, marks: str, text: str) -> None:
        level = self._level(min(len(marks), MAX_DEPTH), numbered=marks[-1] == "#")
        level.count += 1
        self._add(f"{level.mark}{without_block(inline(text.removeprefix('- ')))}".rstrip(), level.indent)

    def _level(self, depth: int, *, numbered: bool) -> _Level:
        levels = self._levels
        while levels and (levels[-1].depth > depth or (levels[-1].depth == depth and levels[-1].numbered != numbered)):
            levels.pop()
        if not levels or levels[-1].depth < depth:
            levels.append(_Level(depth, numbered, levels[-1].inside if levels else 0))
        return levels[-1]

    def _end_table(self) -> None:
        rows, self._rows = self._rows, []
        written = wiki_table([" ".join(row) for row in rows])
        if written:
            self._levels.clear()
            self._apart(written)
        else:
            for line in (line for row in rows for line in row):
                self._paragraph(inline(line))

    def _apart(self, written: str) -> None:
        self.blank()
        self._add(written, 0)
        self.blank()

    def _add(self, written: str, indent: int) -> None:
        lead = f"{self._prefix}{' ' * indent}"
        self._lines.append(lead + (written.replace("\n", f"\n{lead}") if lead else written))
        self._gap = False
