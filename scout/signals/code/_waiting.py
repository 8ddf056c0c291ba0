"""Comments that say when their code can go, found once for three scouts, each with its own share of them.

`expiry-date-passed` owns those whose day has passed, `temporary-condition-met` those whose condition is visibly met,
and `temporary-old` those that nobody can tell from the files. No comment belongs to two of them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial
from itertools import groupby, takewhile
from typing import Literal
from weakref import WeakKeyDictionary

from scout.errors import UnavailableError
from scout.model import Finding, WorkKind
from scout.repository import Tree
from scout.signals._base import View
from scout.signals._code import code_version
from scout.signals._conditions import Condition, conditions, expiries, is_code, is_hinted, may_hold
from scout.signals._pins import Met, Pins
from scout.signals._vocabulary import ANAPHORIC, BLOCK, DROPPED, FIRM
from scout.signals._words import normalised
from scout.signals.code._commented import said, suspects
from scout.signals.code._settled import held_back
from scout.signals.code._temporary import Place, evidence, story
from scout.text.comments import Comment, rough
from scout.text.syntax import language_of

OLD = timedelta(days=180)
_FOUND: WeakKeyDictionary[Tree, list[tuple[str, list[tuple[Comment, Condition]]]]] = WeakKeyDictionary()
_WORDS = re.compile(
    rb"\b(?:until|once|when(?:ever)?|after|as soon as|till|pending|waiting|blocked|by|expir\w+|sunset\w*|on)\b",
    re.IGNORECASE,
)
_DISTINCT_WORDS, _EVENT_WORDS = 6, 4
_ARTICLE = re.compile(r"\b(?:the|an?) ")
_MOST_QUOTED, _TELLING = 320, 80
_NAMED_TASK = re.compile(r"\b(TODO|FIXME|XXX|HACK)(?:\s*\(@?[a-z][a-z.-]*\)|\s+@?[a-z][a-z.-]*(?=:\s))", re.IGNORECASE)
_RULER = re.compile(r"([=*~#_+-])\1{4,}")
_MARK = re.compile(r"#|//|/?\*|--|<!--|;|\{%|\{#")
_MIGRATION = re.compile(r"(?:^|/)(?:migrations?|migrate|alembic/versions)/")
_REMOVED = re.compile(
    r"(?<!\w)(?:`(\w+)`|([A-Za-z]+(?:_[a-z0-9]+)+|[A-Z]*[a-z0-9]+[A-Z]\w*|[A-Z]{2,}[a-z]\w*))"
    r"(?: \w+){0,2} (?:(?:is|are|gets?|will be|has been|have been) )?(?:finally |also )?"
    r"(?:removed|dropped|deleted|gone)\b"
)
_UNCOMMENT = re.compile(r"\b(?:un-?comment|re-?enable)\b", re.IGNORECASE)
_PLAN = re.compile(r"\b(?:should|refactor\w*|use)\b", re.IGNORECASE)
_STOPGAP = re.compile(
    r"\b(?:temporar\w+|work-?arounds?|work(?:ing)? around|hack\w*|stop-?gap|kludge|shim|for now|until|till"
    r"|(?:remov|delet|drop|disabl|skip|pin|patch|vendor)\w*)\b",
    re.IGNORECASE,
)
"""Words for what is not meant to last."""
_NAME = re.compile(r"`\w+`|\b[a-z]+(?:_[a-z0-9]+)+\b|\b[a-z]+[A-Z]\w*")
_NUMBER = re.compile(r"(?:(?:gh|pr|issue)[ -]?)?#?\d+$", re.IGNORECASE)
_ISSUE = re.compile(r"https?://[^/\s]+/(?:[\w.-]+/)+?([\w.-]+)/(?:-/)?(?:issues?|pulls?|merge_requests)/\d")


class Share(Enum):
    """Whose a comment with an end condition is."""

    PASSED = auto()
    MET = auto()
    OPEN = auto()
    AHEAD = auto()


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A comment with an end, whose it is, and what shows that its condition is met."""

    comment: Comment
    condition: Condition
    whose: Share
    met: Met | None

    def met_after(self, since: datetime) -> Met | None:
        """Return what shows that the condition is met; a release from before the text is not what it waits for."""
        return None if self.met and self.met.at and self.met.at <= since else self.met

    def is_of(self, share: Share, since: datetime) -> bool:
        """Say whether the comment belongs to a share, when its text is there since a moment."""
        return share is (Share.OPEN if self.met and not self.met_after(since) else self.whose)


def findings(view: View, signal: str, share: Share, severity: int) -> Iterator[Finding]:
    """Give one finding for each distinct condition of a share.

    Raises:
        UnavailableError: ages cannot be told in this clone.
    """
    view.needs_ages()
    found = [(_cause(view, place), place) for place in _places(view, share)]
    shared, pins = _shared_causes({cause for cause, _ in found}), Pins(view)
    alike = _alike([(shared[cause], place) for cause, place in found])
    places = sorted((alike[shared[cause]], place.path, place.line, at) for at, (cause, place) in enumerate(found))
    for cause, group in groupby(places, key=lambda one: one[0]):
        same = tuple(found[at][1] for *_, at in group)
        because = held_back(view, pins, same) if share is Share.OPEN else ""
        yield Finding(
            signal=signal,
            subject=same[0].path,
            identity=cause,
            severity=severity,
            kind=WorkKind.CHORE,
            story=story(same, view.now),
            evidence=tuple(evidence(same)),
            score=_score(same, view.now),
            offered=not because,
            because=because,
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
            if _still_there(one, text):
                continue
            if one.is_of(share, at) and (share is Share.PASSED or view.now - at >= OLD):
                quoted, about = _quoted(one.comment, one.condition), _about(text, one.comment, one.condition)
                yield Place(path, line, text[line - 1], quoted, about, one.condition, sha, at, one.met_after(at))
    if candidates and untraced == candidates:
        message = "The age of no comment could be told: contents of older commits are not in this clone."
        raise UnavailableError(message, "Use a clone with all its blobs.")


def _shared(found: list[tuple[Comment, Condition]], share: Share, pins: Pins, now: datetime) -> Iterator[_Waiting]:
    judged = [(comment, condition, *_judged(comment, condition, pins, now)) for comment, condition in found]
    over = {comment.line for comment, _, whose, _ in judged if whose is Share.PASSED}
    for comment, condition, whose, met in judged:
        if share is not Share.PASSED and comment.line in over:
            continue
        if whose is share or (share is Share.OPEN and met and met.at):
            yield _Waiting(comment, condition, whose, met)


def _judged(comment: Comment, condition: Condition, pins: Pins, now: datetime) -> tuple[Share, Met | None]:
    if condition.by is not None:
        days = (now.date() - condition.by).days
        return (Share.PASSED, Met(f"the day named passed {days} days ago")) if days > 0 else (Share.AHEAD, None)
    if condition.on_itself:
        return Share.MET, Met("the change that it waits for is the one that brought it in")
    verdict: Met | Literal[False] | None = pins.verdict(condition) if condition.versions else None
    if verdict is False:
        return Share.AHEAD, None
    if verdict:
        return Share.MET, verdict
    return (Share.AHEAD if _is_tracked(comment, condition, pins) else Share.OPEN), None


def _is_tracked(comment: Comment, condition: Condition, pins: Pins) -> bool:
    """Say whether a comment only tells of a plan that an issue of the project's own keeps, with no stopgap."""
    if not condition.references or _STOPGAP.search(comment.text) or not _PLAN.search(condition.sentence):
        return False
    addressed = _ISSUE.match(condition.references[0])
    if addressed is None:
        return _NUMBER.match(condition.references[0]) is not None
    return addressed.group(1).lower() in pins.own_names


def _commented(view: View) -> Iterator[tuple[str, list[tuple[Comment, Condition]]]]:
    """Give the files with ends that their comments name; found once for each tree."""
    if view.tree in _FOUND:
        next(suspects(view, _WORDS), None)  # so that what cannot be read is missed by each scout that asks
        yield from _FOUND[view.tree]
        return
    found: list[tuple[str, list[tuple[Comment, Condition]]]] = []
    may_end = [path for path, _ in suspects(view, _WORDS)]
    told = view.tree.told(f"ends in comments {code_version()}", may_end, partial(_has_ends, view.tree))
    for path in (path for path, has_ends in sorted(told.items()) if has_ends):
        comments = said(view.tree, path, view.tree.text(path) or "")
        ends = [(comment, condition) for comment in comments for condition in named(comment.text)]
        if ends:
            found.append((path, ends))
    _FOUND[view.tree] = found
    yield from found


def _has_ends(tree: Tree, path: str, text: str) -> bool:
    worth = _is_worth_tokenising(path, text)
    return worth and any(next(named(one.text), None) is not None for one in said(tree, path, text))


def _is_worth_tokenising(path: str, text: str) -> bool:
    """Say whether a file may hold an end: by its words, and where only a slow tokeniser tells comments, by sentences.

    What a migration says is of its day: it was applied and stays as it is.
    """
    if _MIGRATION.search(path):
        return False
    if BLOCK.search(text) is None and not is_hinted(text):
        return False
    return language_of(path) != "" or any(map(may_hold, rough(text)))


def named(text: str) -> Iterator[Condition]:
    """Give the ends that a comment names: conditions, or where there is none, days of expiry."""
    found = tuple(conditions(text))
    yield from found or expiries(text)


def _about(lines: list[str], comment: Comment, condition: Condition) -> str:
    """Return the code that a comment is about: before it on its own line, or the first line of code below it.

    Nothing when the comment holds the code, stands apart from it, or when what follows it only closes something.
    """
    if _UNCOMMENT.search(condition.sentence):
        return ""
    first = lines[comment.line - 1].strip()
    if not comment.alone:
        return re.split(r"\s(?:#|//|/\*|--|<!--)", first, maxsplit=1)[0]
    below = takewhile(bool, (line.strip() for line in lines[comment.line + len(comment.lines) - 1 :]))
    following = next((line for line in below if not _MARK.match(line)), "")
    return following if re.search(r"\w", following) else ""


def _leaving(condition: Condition) -> str:
    """Return the name in the code, or the version without a name, whose removal is waited for; empty when none is."""
    if not condition.is_hard:
        waits = _REMOVED.search(condition.clause)
        return (waits.group(1) or waits.group(2)) if waits else ""
    numbers = [number for name, number in condition.versions if not name]
    alone = len(numbers) == len(condition.versions) == 1 and not condition.references and condition.by is None
    return numbers[0] if alone and DROPPED.search(condition.clause) else ""


def _shared_causes(causes: set[str]) -> dict[str, str]:
    """Return for each cause the one it goes with: the shortest of which it only says more, articles apart."""
    short = sorted((one for one in causes if len(one.split()) >= _EVENT_WORDS), key=lambda one: (len(one), one))
    said = {cause: [f"{_ARTICLE.sub('', words)} " for words in (cause, cause.partition(" ")[2])] for cause in causes}
    return {
        cause: next((one for one in short if any(words.startswith(said[one][0]) for words in said[cause])), cause)
        for cause in causes
    }


def _alike(found: Sequence[tuple[str, Place]]) -> dict[str, str]:
    """Return for each cause the one it goes with: of one long comment, or what one commit wrote, but for a name."""
    groups: dict[tuple[str, str, str], set[str]] = {}
    for cause, place in found:
        telling = cause if len(place.quoted) < _TELLING else ""
        groups.setdefault(("", telling, normalised(place.quoted)), set()).add(cause)
        if not place.condition.is_hard and _NAME.search(place.condition.clause):
            clause = normalised(_NAME.sub(" ", place.condition.clause))
            groups.setdefault((place.path, place.sha, clause), set()).add(cause)
    return {cause: min(causes) for causes in groups.values() for cause in causes}


def _still_there(one: _Waiting, lines: list[str]) -> bool:
    """Say whether a comment waits until a name or a version of their own goes, and the code around it has it yet."""
    name = _leaving(one.condition)
    if not name:
        return False
    own = range(one.comment.line - 1, one.comment.line - 1 + len(one.comment.lines))
    code = "\n".join(line for at, line in enumerate(lines) if at not in own and not _MARK.match(line.strip()))
    return re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", code) is not None


def _cause(view: View, place: Place) -> str:
    if place.condition.references:
        return normalised(place.condition.references[0])
    words = normalised(place.condition.clause)
    if place.condition.is_hard or len(words.split()) >= _DISTINCT_WORDS:
        told = [
            f" {name} {number}" for name, number in place.condition.versions if number not in place.condition.clause
        ]
        return words + "".join(told)
    event = words.partition(" ")[2]
    if len(event.split()) >= _EVENT_WORDS and not ANAPHORIC.search(event):
        return event
    return f"{view.history.origin(place.path)}: {words}"


def _score(places: tuple[Place, ...], now: datetime) -> float:
    first = places[0]
    hard, firm = first.condition.is_hard, FIRM.search(first.condition.clause)
    sure = 0.85 if first.met else 0.7 if hard else 0.55 if firm else 0.45
    years = (now - min(place.since for place in places)).days / 365
    return round(sure + min(0.1, years / 50), 3)


def _quoted(comment: Comment, condition: Condition) -> str:
    """Return what the comment says, without the name of whoever wrote it: whole when it is short, else its sentence."""
    whole = re.sub(r"\s+", " ", _RULER.sub(" ", comment.text)).strip()
    short = len(whole) <= _MOST_QUOTED and condition.sentence in whole and not any(map(is_code, comment.lines))
    return _NAMED_TASK.sub(r"\1", whole if short else condition.sentence[:_MOST_QUOTED])
