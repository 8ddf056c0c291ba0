"""Facts about a record that no pattern of words can see: links, lists, silence. Rules of taxonomies name them."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from scout.lifecycle.reading import Reading, shortened
from scout.lifecycle.record import Record, open_links

OLD = timedelta(days=730)
QUIET = timedelta(days=365)
STEPS = 3
"""Items that make a list of steps."""
LIST = 5
LONG = 2_500

_BOX = re.compile(r"^[ \t]*(?:[-*+]|\d+[.)]) \[([xX ])\] ", re.MULTILINE)
_ITEM = re.compile(
    r"^[ \t]*(?:[-*+•#]+|\d+[.)]) +(?:\*\*)?"
    r"(?:add|allow|build|change|check|clean|consider|convert|create|define|delete|deprecate|design|document|drop|enable"
    r"|extend|extract|find|fix|get|handle|implement|improve|install|introduce|investigate|launch|make|merge|migrate|move"
    r"|port|prepare|provide|publish|refactor|release|remove|rename|replace|review|rewrite|separate|set|show|split"
    r"|support|switch|test|update|upgrade|use|validate|verify|write)\b",
    re.MULTILINE | re.IGNORECASE,
)
_PULL = re.compile(r"/pull/\d+|/pull-requests/\d+|/merge_requests/\d+")
_ASKS = re.compile(r"\?\s*(?:thanks?|thank you|thx|cheers)?\s*[.!:)]*\s*$", re.IGNORECASE)
_PARKED = re.compile(
    r"(?i)\b(?:backlog|future|icebox|ice box|some ?day|later|unscheduled|triage|wish ?list|long.?term)\b"
)

Fact = Callable[[Reading], str]
"""Gives a quotation where the fact holds, and nothing where it does not."""

FACTS: Final[dict[str, Fact]] = {}
"""Every fact by the name that rules use: the functions below, without the leading line and with hyphens."""


def _fact(fact: Fact) -> Fact:
    FACTS[getattr(fact, "__name__", "").removeprefix("_").replace("_", "-")] = fact
    return fact


@_fact
def _open_blocker(at: Reading) -> str:
    found = open_links(at.record.links, "blocked_by")
    known = [one for one in found if one.open]
    return f"blocked by {(known or found)[0].other}" if found else ""


@_fact
def _closed_blockers(at: Reading) -> str:
    blockers = [one for one in at.record.links if one.kind == "blocked_by"]
    return f"{blockers[0].other} is closed" if blockers and all(one.open is False for one in blockers) else ""


@_fact
def _open_change(at: Reading) -> str:
    found = next((one for one in at.record.links if one.kind == "change" and one.open), None)
    return f"an open change: {found.other}" if found else ""


@_fact
def _open_children(at: Reading) -> str:
    found = [one.other for one in at.record.links if one.kind == "child" and one.open is not False]
    return f"{len(found)} open parts, such as {found[0]}" if found else ""


@_fact
def _children(at: Reading) -> str:
    found = [one.other for one in at.record.links if one.kind == "child"]
    return f"{len(found)} parts, such as {found[0]}" if len(found) > 1 else ""


@_fact
def _task_list(at: Reading) -> str:
    boxes = _BOX.findall(at.original("body"))
    left = sum(box == " " for box in boxes)
    return f"{left} of {len(boxes)} boxes are open" if len(boxes) >= STEPS and left > 1 else ""


@_fact
def _list_of_works(at: Reading) -> str:
    body = at.original("body")
    found = _ITEM.findall(body) if "\n" in body else []
    return f"a list of {len(found)} things to do" if len(found) >= STEPS else ""


@_fact
def _long(at: Reading) -> str:
    return f"{len(at.record.body)} characters" if len(at.record.body) > LONG else ""


@_fact
def _offered_change(at: Reading) -> str:
    """Somebody gave the address of a change, and it was among the last words."""
    recent = at.record.comments[-2:]
    said = next((one.body for one in reversed(recent) if _PULL.search(one.body)), "")
    return shortened(said) if said else ""


@_fact
def _change_in_body(at: Reading) -> str:
    found = (
        re.search(r"(?i)\bpr\b[ \t]*[:-][ \t]*\S{0,200}/pull/\d+", at.record.body)
        if "/pull/" in at.record.body
        else None
    )
    return shortened(found[0]) if found else ""


@_fact
def _asked_last(at: Reading) -> str:
    """The last word is a question of somebody who did not write the ticket, to whom nobody answered."""
    said = at.original("last_other")
    return shortened(said[-150:]) if said and _ASKS.search(said.rstrip()) else ""


@_fact
def _reporter_last(at: Reading) -> str:
    said = at.original("last_reporter")
    return shortened(said) if said.strip() else ""


@_fact
def _assigned(at: Reading) -> str:
    return "somebody has it" if at.record.assigned else ""


@_fact
def _unassigned(at: Reading) -> str:
    return "" if at.record.assigned else "nobody has it"


@_fact
def _planned(at: Reading) -> str:
    named = at.record.planned
    return f"planned for {shortened(named)}" if named and not _PARKED.search(named) else ""


@_fact
def _parked(at: Reading) -> str:
    named = at.record.planned
    return f"planned for {shortened(named)}" if named and _PARKED.search(named) else ""


@_fact
def _due(at: Reading) -> str:
    return f"due {at.record.due_at:%Y-%m-%d}" if at.record.due_at else ""


@_fact
def _parent(at: Reading) -> str:
    return f"part of {at.record.parent}" if at.record.parent else ""


@_fact
def _no_comments(at: Reading) -> str:
    return "" if at.record.comments else "nobody has said anything"


def _age(record: Record, of: datetime | None) -> timedelta:
    return record.seen_at - of if record.seen_at and of else timedelta()


@_fact
def _old(at: Reading) -> str:
    age = _age(at.record, at.record.created_at)
    return f"written {age.days} days ago" if age > OLD else ""


@_fact
def _silent(at: Reading) -> str:
    age = _age(at.record, at.record.updated_at)
    return f"silent for {age.days} days" if age > QUIET else ""


@_fact
def _empty(at: Reading) -> str:
    return "" if at.original("body").strip() else "there is no text"


@_fact
def _question_title(at: Reading) -> str:
    return shortened(at.record.title) if at.record.title.rstrip().endswith("?") else ""
