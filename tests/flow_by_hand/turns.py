"""Whose turn it was with a change, by the four rules of `docs/flow.md`."""

from datetime import datetime, timedelta
from typing import NamedTuple

from tests.flow_by_hand.facts import Thing

_HOUR = timedelta(hours=1)
_EVENTS = {"ready_for_review": "ready", "convert_to_draft": "draft", "head_ref_force_pushed": "push"}
_ORDER = ("draft", "ready", "push", "answer", "review", "approval")
"""Of what happened at the same moment."""


class Turn(NamedTuple):
    """From when until when a change waited for something; `until` None while it still does."""

    state: str
    since: datetime
    until: datetime | None


def rounds(one: Thing) -> int:
    """Return how often a change came to wait for review again."""
    return sum(turn.state == "review again" for turn in stays(one))


def stays(one: Thing) -> list[Turn]:
    """Return what a change waited for, one after the other."""
    state, reviewed = _opened_as(one), False
    points = [(state, one.created)]
    for at, what in _acts(one):
        if one.ended is not None and at >= one.ended:
            break
        state, reviewed = _next(state, what, reviewed=reviewed), reviewed or what in {"review", "approval"}
        if state != points[-1][0]:
            points.append((state, at))
    ends = [*(since for _, since in points[1:]), one.ended]
    return [Turn(name, since, until) for (name, since), until in zip(points, ends, strict=True)]


def _next(state: str, what: str, *, reviewed: bool) -> str:
    match what:
        case "draft":
            return "draft"
        case "ready":
            return "review again" if reviewed else "first review"
        case "review":
            return "author"
        case "approval":
            return "merge"
        case "push":
            return "review again" if state in {"author", "merge"} else state
        case _:
            return "review again" if state == "author" else state


def _opened_as(one: Thing) -> str:
    turns = sorted((each.at, each.name) for each in one.events if _EVENTS.get(each.name) in {"ready", "draft"})
    drafted = any(name == "convert_to_draft" for _, name in turns)
    was = turns[0][1] == "ready_for_review" if turns else one.draft
    return "draft" if was or (one.draft and not drafted) else "first review"


def _acts(one: Thing) -> list[tuple[datetime, str]]:
    """Return what happened to a change, in order."""
    found = [(each.at, _EVENTS[each.name]) for each in one.events if each.name in _EVENTS]
    found += [(at, "push") for at in one.commits if at > one.created]
    said = [(each, "answer") for each in one.words if not one.is_other(each.who)]
    said += [(each, _said(each.who, each.verdict, one)) for each in one.reviews]
    said += [(each, _said(each.who, "", one)) for each in one.remarks if not _belongs(each.who, each.at, one)]
    found += [
        (each.at, what) for each, what in said if not each.bot and each.at >= one.created and (each.who or one.author)
    ]
    return sorted(found, key=lambda act: (act[0], _ORDER.index(act[1])))


def _said(who: str, verdict: str, one: Thing) -> str:
    return ("approval" if verdict == "approved" else "review") if one.is_other(who) else "answer"


def _belongs(who: str, at: datetime, one: Thing) -> bool:
    """Whether a remark is part of a review by the same person, an hour later at most."""
    return one.is_other(who) and any(each.who == who and at <= each.at <= at + _HOUR for each in one.reviews)
