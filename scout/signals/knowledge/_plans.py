"""Plans in the texts of a repository, and what of them is still open."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from scout.signals._base import View
from scout.signals._words import normalised

OLD = timedelta(days=180)
_PAGE = re.compile(r"\.(?:md|markdown)$", re.IGNORECASE)
_PLAN = re.compile(
    r"(?:^|/)(?:road-?map|todo|plans?|milestones?|backlog|next[-_]steps|[\w.-]*-(?:plan|todo|roadmap|migration))\.(?:md|markdown)$"
    r"|(?:^|/)(?:plans?|roadmaps?|proposals?|rfcs?|designs?|design[-_]docs|specs)/[^/]+\.(?:md|markdown)$",
    re.IGNORECASE,
)
_DECISION = re.compile(
    r"(?:^|/)(?:adrs?|decisions|architecture[-_]decisions?|decision[-_]records?)/[^/]+\.(?:md|markdown)$", re.IGNORECASE
)
_CHANGES = re.compile(r"^(?:docs/)?(?:changelog|changes|history|news)\.(?:md|markdown)$", re.IGNORECASE)
_NOT_OURS = re.compile(
    r"template|checklist|readme|(?:^|/)(?:tests?|fixtures?|examples?|vendor\w*|node_modules|archived?|done|completed|old|\.\w[\w-]*)/",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(
    r"^\W*(?:status|state)\W+(?:done|complete[d]?|implemented|superseded|rejected|abandoned|archived|obsolete|withdrawn|shipped)\b"
    r"|\b(?:archived|no longer maintained|historical document|superseded by|out of date)\b",
    re.IGNORECASE | re.MULTILINE,
)
_OPEN = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+\[ \]\s+(?P<text>\S.*)$")
_DONE = re.compile(r"^[^\S\n]*(?:[-*+]|\d+[.)])\s+\[[xX]\]\s", re.MULTILINE)
_STATUS = re.compile(
    r"^\W*(?:status\W+)?(?P<word>proposed|draft|in discussion|under discussion|pending)\b\W*(?:$|\()", re.IGNORECASE
)
_UNRELEASED = re.compile(r"^#{1,3}\s+\[?(?:unreleased|next release|upcoming)\b", re.IGNORECASE)
_HEADING = re.compile(r"^#{1,3}\s")
_VERSION_HEADING = re.compile(r"^#{1,3}\s+\[?v?\d+\.\d+", re.MULTILINE)
_ENTRY = re.compile(r"^\s*[-*+]\s+(?P<text>\S.*)$")
_FEWEST_WORDS = 4
_FEWEST_DECISIONS = 2
_MOST_OPEN = 25
_AFTER_RELEASE = timedelta(days=30)
_STATUS_LINES = 40


class Kind(StrEnum):
    """What a plan is: tasks of a page, changes that were released, decisions that were not taken."""

    TASKS = "tasks"
    RELEASED = "released"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Point:
    """A line that says what was to be done, and since when it stands there."""

    path: str
    line: int
    text: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """Open points of one page (of a folder, for decisions), oldest text first, and what they are measured against."""

    path: str
    kind: Kind
    points: tuple[Point, ...]
    done: int = 0
    release: str = ""


def plans(view: View) -> Iterator[Plan]:
    """Give the plans with open points that are old: pages first, then folders with several decisions."""
    decisions: dict[str, list[Point]] = defaultdict(list)
    for path in view.tree.files:
        if not _PAGE.search(path) or _NOT_OURS.search(path):
            continue
        if _DECISION.search(path):
            decisions[path.rpartition("/")[0]] += _undecided(view, path)
        elif (plan := _read(view, path)) is not None and plan.points:
            yield plan
    for folder, points in decisions.items():
        if len(points) >= _FEWEST_DECISIONS:
            yield Plan(folder, Kind.DECISION, tuple(sorted(points, key=lambda one: (one.since, one.path))))


def _read(view: View, path: str) -> Plan | None:
    if _CHANGES.search(path):
        return _unreleased(view, path)
    return _undone(view, path) if _PLAN.search(path) else None


def rows(view: View, path: str) -> list[str]:
    """Return the lines of a page."""
    return (view.tree.text(path) or "").replace("\r\n", "\n").split("\n")


def _undone(view: View, path: str) -> Plan | None:
    """Return the open tasks of a page where others are done."""
    page = rows(view, path)
    text = "\n".join(page)
    done = len(_DONE.findall(text))
    open_ones = {number: found.group("text") for number, row in enumerate(page, 1) if (found := _OPEN.match(row))}
    telling = {number: said for number, said in open_ones.items() if len(normalised(said).split()) >= _FEWEST_WORDS}
    if not done or not telling or len(open_ones) > _MOST_OPEN or _GIVEN_UP.search(text):
        return None
    return Plan(path, Kind.TASKS, _old(view, path, telling, view.now - OLD), done)


def _undecided(view: View, path: str) -> tuple[Point, ...]:
    """Return the status line of a decision that was never taken, if it is one."""
    page = rows(view, path)
    for number, row in enumerate(page[:_STATUS_LINES], start=1):
        above = next((one for one in reversed(page[: number - 1]) if one.strip() and "<!--" not in one), "")
        if (found := _STATUS.match(row)) and ("status" in row.lower() or "status" in above.lower()):
            return _old(view, path, {number: found.group("word")}, view.now - OLD)
    return ()


def _unreleased(view: View, path: str) -> Plan | None:
    """Return the entries under 'Unreleased' that an earlier release has."""
    page = rows(view, path)
    start = next((number for number, row in enumerate(page) if _UNRELEASED.match(row)), None)
    if start is None or not _VERSION_HEADING.search("\n".join(page[start:])):
        return None
    finals = [tag for tag in view.tags if re.match(r"^v?\d+(?:\.\d+)+$", tag.name)]
    held = view.history.holds(tag.sha for tag in finals)
    newest = next((tag for tag in reversed(finals) if tag.sha in held), None)
    if newest is None:
        return None
    entries: dict[int, str] = {}
    for number, row in enumerate(page[start + 1 :], start=start + 2):
        if _HEADING.match(row) and not row.startswith("###"):
            break
        if found := _ENTRY.match(row):
            entries[number] = found.group("text")
    return Plan(path, Kind.RELEASED, _old(view, path, entries, newest.at - _AFTER_RELEASE), release=newest.name)


def _old(view: View, path: str, texts: dict[int, str], before: datetime) -> tuple[Point, ...]:
    """Return the lines whose text is as old as that, the oldest first."""
    since = view.history.text_since_many(path, tuple(texts))
    found = [Point(path, line, texts[line], at) for line, (_, at) in since.items() if at <= before]
    return tuple(sorted(found, key=lambda point: (point.since, point.line)))
