"""How many people know a place, by who changed it: counts only, never who."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from scout.signals._base import NotApplicable, View
from scout.signals._changes import YEAR

_REAL = 0.1
_ONE_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Knowers:
    """Who changed a place, in numbers.

    Attributes:
        changes: commits of people, without sweeps.
        people: who made at least a tenth of them.
        top_share: share of the one who made most, 0..1.
        top_last: when that one last committed anything to the repository; None when not within the last year.
        last: when the newest change was made.
        recent: commits within a year.
        active_people: of `people`, those who committed anything within a year.
        active_share: share of the changes by anybody who committed anything within a year, 0..1.
        left_share: share of the changes by `people` who did not, 0..1.
    """

    changes: int
    people: int
    top_share: float
    top_last: datetime | None
    last: datetime
    recent: int
    active_people: int
    active_share: float
    left_share: float


def knowers(view: View, paths: Iterable[str]) -> Knowers | None:
    """Return the numbers of some files together, or None when nobody's change is known."""
    works = view.once(_works)
    made = {one for path in paths for one in works.get(path, ())}
    if not made:
        return None
    active = view.once(_active)
    counts = Counter(author for author, _ in made)
    total = counts.total()
    top, most = max(counts.items(), key=lambda one: (one[1], -one[0]))
    real = [author for author, number in counts.items() if number >= _REAL * total]
    return Knowers(
        changes=total,
        people=len(real),
        top_share=most / total,
        top_last=active.get(top),
        last=max(at for _, at in made),
        recent=sum(at >= view.now - YEAR for _, at in made),
        active_people=sum(author in active for author in real),
        active_share=sum(number for author, number in counts.items() if author in active) / total,
        left_share=sum(counts[author] for author in real if author not in active) / total,
    )


def needs_a_team(view: View, fewest: int) -> None:
    """Make sure that several people keep the repository, so that knowledge could be shared.

    Raises:
        UnavailableError: the clone's older history is cut off.
        NotApplicable: one person maintains it, or fewer than `fewest` were active within a year.
    """
    view.needs_ages()
    if view.history.sole_maintainer(view.now):
        message = "one person maintains the repository"
        raise NotApplicable(message)
    everything = knowers(view, view.tree.files)
    if everything is not None and everything.top_share >= _ONE_SHARE:
        message = "one person wrote most of the repository"
        raise NotApplicable(message)
    if len(view.once(_active)) < fewest:
        message = f"fewer than {fewest} people were active in the last year"
        raise NotApplicable(message)


def _works(view: View) -> Mapping[str, frozenset[tuple[int, datetime]]]:
    """Return who changed each file of the tree, and when."""
    return {path: frozenset(one for one in view.history.work(path) if one[1] <= view.now) for path in view.tree.files}


def _active(view: View) -> Mapping[int, datetime]:
    """Return when each person committed last, for those who did within a year."""
    return view.history.active(view.now - YEAR)


def silent_for(last: datetime | None, now: datetime) -> timedelta:
    """Return how long somebody has been silent; a year when the last commit is older than that."""
    return now - last if last is not None else YEAR
