"""What surrounds one piece of work: the history of its file, tickets about it, what such work took here. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date
from statistics import median

from scout.model import Candidate, Frozen, Ticket

MAX_RELATED = 3
MAX_LABELS = 20
MAX_TITLES = 5
FEWEST_COMPARABLE = 10
"""Merged changes of one size from which their middle says something."""
_UP_TO = (2, 10, 100)
"""Files in a change: one or two, some, many."""
_MIN_NAME = 6
_TELLING = re.compile(r"[/._-]")


class Touch(Frozen):
    """A change of a file: what happened, never by whom."""

    on: date
    sha: str
    title: str


class Related(Frozen):
    """A ticket that names the same subject."""

    key: str
    title: str
    open: bool


class Comparable(Frozen):
    """What merged changes of about this size took here.

    Attributes:
        changes: how many they were.
        files: the most files that one of them touched; `over`, the number that all of them exceed.
        hours: the median time from opening to merge, elapsed.
    """

    changes: int
    over: int
    files: int
    hours: float


class Occurrence(Frozen):
    """The same cause in another project of the portfolio, as a candidate there.

    Attributes:
        where: that project's id.
        candidate: its id.
        ticket: the key of what was filed of it; empty where nothing was.
        on: the day since which it is a candidate.
    """

    where: str
    candidate: str
    ticket: str = ""
    on: date


class Conventions(Frozen):
    """How a project words its tickets.

    Attributes:
        labels: the most used ones, most used first.
        titles: those of the tickets that were finished last.
    """

    labels: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


class Background(Frozen):
    """What surrounds one piece of work; all of it may be unknown.

    Attributes:
        path: the file that the first evidence is in.
        since: the change from which the first line of evidence stands there as it does.
        last: the newest change of that file.
        in_a_year: how many changes of that file landed in the year before the look.
        related: tickets that name the file, open ones first.
        comparable: what merged changes of the same size took.
        conventions: how tickets are worded here.
        parent: where the same cause was a candidate first, if that is another project.
        elsewhere: all other projects where it is one, the earliest first.
    """

    path: str = ""
    since: Touch | None = None
    last: Touch | None = None
    in_a_year: int = 0
    related: tuple[Related, ...] = ()
    comparable: Comparable | None = None
    conventions: Conventions = Conventions()
    parent: Occurrence | None = None
    elsewhere: tuple[Occurrence, ...] = ()


def related(tickets: Iterable[Ticket], names: Iterable[str]) -> tuple[Related, ...]:
    """Return the tickets whose title or text has one of these names as a whole: open ones first, then the newest.

    Args:
        tickets: of the project.
        names: paths and names; those that any text might hold by chance are passed over.
    """
    wanted = [re.escape(name) for name in names if len(name) >= _MIN_NAME and _TELLING.search(name)]
    if not wanted:
        return ()
    pattern = re.compile(rf"(?<![\w/.-])(?:{'|'.join(wanted)})(?![\w/-])")
    found = [one for one in tickets if pattern.search(one.title) or pattern.search(one.body)]
    found.sort(key=lambda one: (one.state.is_open, one.created_at.timestamp() if one.created_at else 0, one.key))
    return tuple(
        Related(key=one.key, title=one.title, open=one.state.is_open) for one in reversed(found[-MAX_RELATED:])
    )


def comparable(merged: Iterable[tuple[int, float]], files: int) -> Comparable | None:
    """Return what changes of about this size took; None where there are too few to say.

    Args:
        merged: number of files and hours from opening to merge, a pair for each merged change.
        files: how many files the work will touch.
    """
    at = min(bisect_left(_UP_TO, files), len(_UP_TO) - 1)
    over, up_to = (0, *_UP_TO)[at], _UP_TO[at]
    hours = [took for count, took in merged if over < count <= up_to and took >= 0]
    if len(hours) < FEWEST_COMPARABLE:
        return None
    return Comparable(changes=len(hours), over=over, files=up_to, hours=round(median(hours), 1))


def conventions(tickets: Sequence[Ticket]) -> Conventions:
    """Return how the tickets of a project are labelled and worded."""
    used: dict[str, int] = {}
    for one in tickets:
        for label in one.labels:
            used[label] = used.get(label, 0) + 1
    finished = [one for one in tickets if one.closed_at is not None and not one.state.is_open]
    finished.sort(key=lambda one: (one.closed_at.timestamp() if one.closed_at else 0, one.key), reverse=True)
    return Conventions(
        labels=tuple(sorted(used, key=lambda label: (-used[label], label))[:MAX_LABELS]),
        titles=tuple(one.title for one in finished[:MAX_TITLES]),
    )


def occurrences(
    candidates: Iterable[Candidate], project: str, order: Sequence[str]
) -> tuple[Occurrence | None, tuple[Occurrence, ...]]:
    """Return the parent of a cause that several projects have, and where else it stands, the earliest first.

    The parent is the earliest candidate of all; there is none where that is the project's own.

    Args:
        candidates: those of that cause that stand, of this project and of others that it may name.
        project: whose issue is written; without a candidate of its own it is the latest.
        order: ids of all projects in the order in which one call runs them: of one moment the first is the earliest.
    """
    first: dict[str, Candidate] = {}
    for one in sorted(candidates, key=lambda each: (each.created_at, order.index(each.project), each.id)):
        first.setdefault(one.project, one)
    found = {
        name: Occurrence(where=name, candidate=one.id, ticket=one.ticket, on=one.created_at.date())
        for name, one in first.items()
    }
    earliest = next(iter(found.values()), None)
    elsewhere = tuple(one for one in found.values() if one.where != project)
    return (None if earliest is None or earliest.where == project else earliest), elsewhere
