"""Comments that say when their code can go, found once for three scouts, each with its own share of them.

`expiry-date-passed` owns those whose day has passed, `temporary-condition-met` those whose condition is visibly met,
and `temporary-old` those that nobody can tell from the files. No comment belongs to two of them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from itertools import groupby
from typing import Literal
from weakref import WeakKeyDictionary

from scout.errors import UnavailableError
from scout.model import Finding, WorkKind
from scout.repository import Tree
from scout.signals._base import View
from scout.signals._conditions import Condition, conditions, expiries, is_code, may_hold
from scout.signals._pins import Met, Pins
from scout.signals._vocabulary import BLOCK, HINT, HINTED_WHEN
from scout.signals._words import normalised
from scout.signals.code._commented import commented, suspects
from scout.signals.code._temporary import Place, evidence, story
from scout.text.comments import Comment, rough
from scout.text.syntax import language_of

OLD = timedelta(days=180)
_FOUND: WeakKeyDictionary[Tree, list[tuple[str, list[tuple[Comment, Condition]]]]] = WeakKeyDictionary()
_WORDS = re.compile(
    rb"\b(?:until|once|when(?:ever)?|after|as soon as|till|pending|waiting|blocked|by|expir\w+|sunset\w*|on)\b",
    re.IGNORECASE,
)
_DISTINCT_WORDS = 6
_MOST_QUOTED = 320
_NAMED_TASK = re.compile(r"\b(TODO|FIXME|XXX|HACK)(?:\s*\(@?[a-z][a-z.-]*\)|\s+@?[a-z][a-z.-]*(?=:\s))", re.IGNORECASE)
_MARK = re.compile(r"#|//|/?\*|--|<!--|;|\{%|\{#")
_MIGRATION = re.compile(r"(?:^|/)(?:migrations?|migrate|alembic/versions)/")
_UNCOMMENT = re.compile(r"\b(?:un-?comment|re-?enable)\b", re.IGNORECASE)


class Share(Enum):
    """Whose a comment with an end condition is."""

    PASSED = auto()
    MET = auto()
    OPEN = auto()
    AHEAD = auto()


@dataclass(frozen=True, slots=True)
class _Waiting:
    comment: Comment
    condition: Condition
    met: Met | None


def findings(view: View, signal: str, share: Share, severity: int) -> Iterator[Finding]:
    """Give one finding for each distinct condition of a share.

    Raises:
        UnavailableError: ages cannot be told in this clone.
    """
    view.needs_ages()
    places = sorted(_places(view, share), key=lambda place: (_cause(view, place), place.path, place.line))
    for cause, group in groupby(places, key=lambda place: _cause(view, place)):
        same = tuple(group)
        yield Finding(
            signal=signal,
            subject=same[0].path,
            identity=cause,
            severity=severity,
            kind=WorkKind.CHORE,
            story=story(same, view.now),
            evidence=tuple(evidence(same)),
            score=_score(same, view.now),
        )


def _places(view: View, share: Share) -> Iterator[Place]:
    pins = Pins(view)
    candidates = untraced = 0
    for path, found in _commented(view):
        wanted = {one.comment.line_of(one.condition.offset): one for one in _shared(found, share, pins, view.now)}
        if not wanted:
            continue
        since = view.history.text_since_many(path, tuple(wanted))
        candidates += len(wanted)
        untraced += len(wanted) - len(since)
        text = (view.tree.text(path) or "").split("\n")
        for line, (sha, at) in since.items():
            one = wanted[line]
            if share is Share.PASSED or view.now - at >= OLD:
                quoted, about = _quoted(one.comment, one.condition), _about(text, one.comment, one.condition)
                yield Place(path, line, text[line - 1], quoted, about, one.condition, sha, at, one.met)
    if candidates and untraced == candidates:
        message = "The age of no comment could be told: contents of older commits are not in this clone."
        raise UnavailableError(message, "Use a clone with all its blobs.")


def _shared(found: list[tuple[Comment, Condition]], share: Share, pins: Pins, now: datetime) -> Iterator[_Waiting]:
    for comment, condition in found:
        whose, met = _judged(condition, pins, now)
        if whose is share:
            yield _Waiting(comment, condition, met)


def _judged(condition: Condition, pins: Pins, now: datetime) -> tuple[Share, Met | None]:
    if condition.by is not None:
        days = (now.date() - condition.by).days
        return (Share.PASSED, Met(f"the day named passed {days} days ago")) if days > 0 else (Share.AHEAD, None)
    if condition.on_itself:
        return Share.MET, Met("the change that it waits for is the one that brought it in")
    verdict: Met | Literal[False] | None = pins.verdict(condition) if condition.versions else None
    if verdict is False:
        return Share.AHEAD, None
    return (Share.MET, verdict) if verdict else (Share.OPEN, None)


def _commented(view: View) -> Iterator[tuple[str, list[tuple[Comment, Condition]]]]:
    """Give the files with ends that their comments name; found once for each tree."""
    if view.tree in _FOUND:
        next(suspects(view, _WORDS), None)  # so that what cannot be read is missed by each scout that asks
        yield from _FOUND[view.tree]
        return
    found: list[tuple[str, list[tuple[Comment, Condition]]]] = []
    for path, _, comments in commented(view, _WORDS, _is_worth_tokenising):
        ends = [(comment, condition) for comment in comments for condition in named(comment.text)]
        if ends:
            found.append((path, ends))
    _FOUND[view.tree] = found
    yield from found


def _is_worth_tokenising(path: str, text: str) -> bool:
    """Say whether a file may hold an end: by its words, and where only a slow tokeniser tells comments, by sentences.

    What a migration says is of its day: it was applied and stays as it is.
    """
    if _MIGRATION.search(path):
        return False
    if BLOCK.search(text) is None and (HINTED_WHEN.search(text) and HINT.search(text)) is None:
        return False
    return language_of(path) != "" or any(map(may_hold, rough(text)))


def named(text: str) -> Iterator[Condition]:
    """Give the ends that a comment names: conditions, or where there is none, days of expiry."""
    found = tuple(conditions(text))
    yield from found or expiries(text)


def _about(lines: list[str], comment: Comment, condition: Condition) -> str:
    """Return the code that a comment is about: before it on its own line, or the first line of code below it.

    Nothing when the comment itself holds the code, or when what follows it only closes something.
    """
    if _UNCOMMENT.search(condition.sentence):
        return ""
    first = lines[comment.line - 1].strip()
    if not comment.alone:
        return re.split(r"\s(?:#|//|/\*|--|<!--)", first, maxsplit=1)[0]
    below = (line.strip() for line in lines[comment.line + len(comment.lines) - 1 :])
    following = next((line for line in below if line and not _MARK.match(line)), "")
    return following if re.search(r"\w", following) else ""


def _cause(view: View, place: Place) -> str:
    if place.condition.references:
        return normalised(place.condition.references[0])
    words = normalised(place.condition.clause)
    wide = place.condition.is_hard or len(words.split()) >= _DISTINCT_WORDS
    return words if wide else f"{view.history.origin(place.path)}: {words}"


def _score(places: tuple[Place, ...], now: datetime) -> float:
    first = places[0]
    sure = 0.85 if first.met else 0.7 if first.condition.is_hard else 0.55
    years = (now - min(place.since for place in places)).days / 365
    return round(sure + min(0.1, years / 50), 3)


def _quoted(comment: Comment, condition: Condition) -> str:
    """Return what the comment says, without the name of whoever wrote it: whole when it is short, else its sentence."""
    whole = re.sub(r"\s+", " ", comment.text).strip()
    short = len(whole) <= _MOST_QUOTED and condition.sentence in whole and not any(map(is_code, comment.lines))
    return _NAMED_TASK.sub(r"\1", whole if short else condition.sentence[:_MOST_QUOTED])
