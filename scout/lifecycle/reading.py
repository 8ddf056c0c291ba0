"""What rules look at: a record's texts in lower case without what nobody said, and where a sentence begins and ends."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from scout.lifecycle.record import Record

LONGEST = 6_000
"""Characters of a body that are read; `COMMENT` of a comment, `COMMENTS` comments, `OPENING` of how a body begins."""
COMMENT, COMMENTS, RECENT, OPENING = 2_000, 5, 3, 500
QUOTED = 160
"""Characters of a quotation."""

_UNSAID = re.compile(
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|\{(code|noformat|quote|panel)\b[^}]*\}.*?(?:\{\1\}|\Z)"  # code and quotations
    r"|<!--.*?(?:-->|\Z)|<details>.*?(?:</details>|\Z)|^[ \t]*>[^\n]*$|^bq\. [^\n]*$|<[^<>\n]{1,300}>"
    r"|!\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)|^[ \t]*_No response_[ \t]*$"
    r"|^[ \t]*[-*+] \[[xX ]\][^\n]*(?:search|read|agree|check|confirm|understand)[^\n]*$",  # boxes of a template
    re.DOTALL | re.MULTILINE,
)
_NAME = re.compile(r"(?<![\w/.])@[\w-]+|\[~[^\]\n]*\]")
_SPACE = re.compile(r"\s+")
_END = re.compile(r"[.!?](?=\s)|\n")
_THEME = re.compile(r"^[^:/]{1,30}[:/]\s*")
_BETWEEN = re.compile(r"[\s_-]+")


def plain(name: str) -> str:
    """Return a name as patterns see it: lower case, one blank between words."""
    return _BETWEEN.sub(" ", name).strip().lower()


@lru_cache(maxsize=4096)
def names_of(name: str) -> tuple[str, ...]:
    """Return a name's words, and those without the theme before them: `status: in-progress`, `in progress`."""
    whole, bare = plain(name), plain(_THEME.sub("", name))
    return (whole,) if whole == bare else (whole, bare)


def spoken(text: str, most: int) -> str:
    """Return what somebody said himself, at most `most` characters of it: no code, quotations or hidden text.

    Twice as much is looked at: what is cut off may have been code.
    """
    cut = text[: 3 * most].replace("\r", "")
    return (_UNSAID.sub(" ", cut) if _MARKED.search(cut) else cut)[:most]


_MARKED = re.compile(r"[<>`~{!\[_]|bq\.")


@dataclass(frozen=True)
class Reading:
    """A record as it is read; texts are made when a rule asks for them."""

    record: Record
    _lower: dict[str, str] = field(default_factory=dict[str, str])

    def text(self, place: str) -> str:
        """Return the text of a place in lower case."""
        found = self._lower.get(place)
        if found is None:
            found = self._lower[place] = self.original(place).lower()
        return found

    def original(self, place: str) -> str:
        """Return the text of a place as it was written."""
        if place == "title":
            return self.record.title
        if place == "body":
            return self._body
        return self._rest(place)

    def _rest(self, place: str) -> str:
        said = self.comments
        texts: dict[str, Callable[[], str]] = {
            "opening": lambda: self._body[:OPENING],
            "comments": lambda: "\n".join(said),
            "recent": lambda: "\n".join(said[-RECENT:]),
            "last": lambda: said[-1] if said else "",
            "last_other": lambda: self._last("other"),
            "last_reporter": lambda: self._last("reporter"),
            "fields": lambda: "\n".join((self.record.fields or {}).values()),
            "any": lambda: "\n".join((self.record.title, self._body, *said, *(self.record.fields or {}).values())),
        }
        return texts[place]()

    @cached_property
    def _body(self) -> str:
        return spoken(self.record.body, LONGEST)

    @cached_property
    def comments(self) -> tuple[str, ...]:
        """The newest comments, the newest last, as they were spoken."""
        return tuple(spoken(one.body, COMMENT) for one in self.record.comments[-COMMENTS:])

    @cached_property
    def labels(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each label with the names by which patterns see it."""
        return tuple((label, names_of(label)) for label in self.record.labels)

    def _last(self, by: str) -> str:
        """Return the last comment if it is by the reporter, or if it is not; what nobody knows is by another."""
        said = self.record.comments
        if not said or (said[-1].by == "reporter") != (by == "reporter"):
            return ""
        return self.comments[-1]

    def quotation(self, place: str, start: int, end: int) -> str:
        """Return the sentence around a match, on one line, without names of people."""
        text = self.original(place)
        if len(text) != len(self.text(place)):  # a letter whose lower case is two: places have moved
            text = self.text(place)
        begin = max(
            (one.end() for one in _END.finditer(text, max(0, start - QUOTED), start)), default=max(0, start - 60)
        )
        ending = _END.search(text, end)
        return shortened(text[begin : min(ending.end() if ending else len(text), end + QUOTED)])


def shortened(text: str) -> str:
    """Return a text as a quotation: on one line, without names of people, not too long."""
    bare = _SPACE.sub(" ", _NAME.sub("somebody", text)).strip()
    return bare if len(bare) <= QUOTED else bare[: QUOTED - 1].rstrip() + "…"


def first_match(pattern: re.Pattern[str], reading: Reading, places: Iterable[str]) -> str | None:
    """Return the quotation of the first match in these places; None without one."""
    for place in places:
        if (text := reading.text(place)) and (found := pattern.search(text)):
            return reading.quotation(place, found.start(), found.end())
    return None
