"""A draft at a glance: the few sentences that a decision rests on, from the parts of its text."""

from typing import Final

from scout.model import Frozen
from scout.text.markdown import parse
from scout.text.tree import Block, Paragraph, Section, entries, inline, plain

_AGAIN, _SEEN, _WANTED = "why this is here again", "what is seen", "wanted outcome"
_ACCEPTED: Final = "acceptance criteria"
_MOST_CRITERIA: Final = 5
_LONGEST: Final = 280
_CHECK: Final = "scout verify "


class Glance(Frozen):
    """What a draft says in short, as plain text; a part that its text does not have is empty.

    Attributes:
        again: why it is here again.
        seen: what is the case.
        wanted: what is to be so.
        accepted: how anybody can tell that it is so; a check by Scout itself stands last, in words.
        more: how many further criteria there are.
    """

    again: str = ""
    seen: str = ""
    wanted: str = ""
    accepted: tuple[str, ...] = ()
    more: int = 0


def glance(body: str) -> Glance:
    """Return what a draft's text says in short.

    Args:
        body: Markdown with the headings that drafters write; others are passed over.
    """
    sections = {one.title.casefold(): one for one in parse(body).sections()}
    criteria = [_first(entry.blocks) for entry in entries(_blocks(sections.get(_ACCEPTED)))]
    own = [one for one in criteria if not one.startswith(_CHECK)]
    checks = ["Scout no longer finds it"] if len(own) < len(criteria) else []
    return Glance(
        again=_first(_blocks(sections.get(_AGAIN))),
        seen=_first(_blocks(sections.get(_SEEN))),
        wanted=_first(_blocks(sections.get(_WANTED))),
        accepted=(*own[:_MOST_CRITERIA], *checks),
        more=max(0, len(own) - _MOST_CRITERIA),
    )


def _blocks(section: Section | None) -> tuple[Block, ...]:
    return section.blocks if section else ()


def _first(blocks: tuple[Block, ...]) -> str:
    """Return the first paragraph on one line, cut where it is long."""
    running = (block for block in blocks if isinstance(block, Paragraph))
    text = " ".join(plain(next(inline((next(running, Paragraph(())),)))).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
