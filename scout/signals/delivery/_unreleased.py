"""How long ago a repository released, how often it did before, and whether a release is under way."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from statistics import median

from scout.repository import Change, FileClass, Tag
from scout.signals._base import View
from scout.signals._changes import touches, units

FINAL = re.compile(r"^(?:[A-Za-z][a-z]*(?:-[a-z]+)?[-/@_]?)?(?:\d+[.-]\d+(?:[.-]\d+)*|\d{4}\.?\d{2}\.?\d{2})$")
_CANDIDATE = re.compile(
    r"^(?:[A-Za-z][a-z]*(?:-[a-z]+)?[-/@_]?)?(?P<number>\d+(?:\.\d+)+)[-._]?(?:a|b|c|rc|alpha|beta|dev|pre|preview)[-.]?\d*$",
    re.IGNORECASE,
)
_FEWEST_DAYS = 60
_LONG_DAYS = 365
_GIVEN_UP_DAYS = 3 * 365
_TIMES = 3
_CORRECTED_DAYS = 14
_FEWEST_GAPS = 3
_MANY_TAGS = 10
_FEWEST_CHANGES = 5
MANY_CHANGES = 50
_LAST_GAPS = 12
_UNDER_WAY = timedelta(days=30)
_MANIFESTS = ("package.json", "pyproject.toml", "Cargo.toml", "setup.cfg", "setup.py")
_VERSION = re.compile(r"^\s*\"?version\"?\s*[:=]\s*[\"']?v?(\d+(?:\.\d+)+)[\"']?,?\s*$")
_HABIT = 2 / 3
_BRANCHES = re.compile(rb"\brelease\W{0,3}branch(?:es)?\b|\bbranch(?:es)?:\s[^\n:]*\brelease/\*", re.IGNORECASE)
_PAGE = re.compile(r"\.(?:mdx?|rst|adoc)$|^\.github/")


@dataclass(frozen=True, slots=True)
class Drift:
    """What has not been released: the newest tag in the history, the usual gap in days, newer tags made elsewhere."""

    tag: Tag
    days: int
    gap: float
    changes: tuple[Change, ...]
    elsewhere: tuple[Tag, ...]


def unreleased(view: View, finals: Sequence[Tag]) -> Drift | None:
    """Return what waits for a release since the newest of some tags of final versions; None where nothing does."""
    held = view.history.holds(tag.sha for tag in finals)
    merged = [tag for tag in finals if tag.sha in held]
    if not merged:
        return None
    newest = merged[-1]
    elsewhere = tuple(tag for tag in finals if tag.sha not in held and tag.at > newest.at)
    days = (view.now - newest.at).days
    gap = _gap(merged)
    if days <= max(_FEWEST_DAYS, _TIMES * gap) or _are_marks(merged):
        return None
    if elsewhere and (days <= _LONG_DAYS or len(merged) < _HABIT * len(finals) or _is_written_down(view)):
        return None
    if _is_under_way(view, newest) or _is_tried(view, newest):
        return None
    changes = tuple(
        unit for unit in units(view, newest.at) if unit.at > newest.at and touches(view, unit, FileClass.CODE)
    )
    given_up = days > _GIVEN_UP_DAYS and len(changes) >= MANY_CHANGES and not elsewhere
    if len(changes) < _FEWEST_CHANGES or given_up:
        return None
    return Drift(newest, days, gap, changes, elsewhere)


def _is_written_down(view: View) -> bool:
    """Say whether a page or a workflow tells of release branches: then tags on them are how the project releases."""
    return next(iter(view.tree.search(_BRANCHES, lambda file: _PAGE.search(file.path) is not None)), None) is not None


def _is_tried(view: View, newest: Tag) -> bool:
    """Say whether users get what has changed since as an alpha, beta or candidate of a later version, and just did."""
    released = _numbers(newest.name)
    recent = [tag for tag in view.tags if tag.at <= view.now and (view.now - tag.at).days <= _FEWEST_DAYS]
    tried = [tag for tag in recent if (found := _CANDIDATE.match(tag.name)) and _numbers(found["number"]) > released]
    return bool(view.history.holds(tag.sha for tag in tried))


def _is_under_way(view: View, newest: Tag) -> bool:
    """Say whether the manifest got, not long ago, the number of a release that comes after the newest one."""
    released = _numbers(newest.name)
    for path in _MANIFESTS:
        text = (view.tree.text(path) or "") if path in view.tree.files else ""
        for number, line in enumerate(text.split("\n"), start=1):
            if (found := _VERSION.match(line)) and _numbers(found[1]) > released:
                since = view.history.text_since(path, number)
                return since is not None and view.now - since[1] <= _UNDER_WAY
    return False


def _numbers(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", name))


def _gap(tags: Sequence[Tag]) -> float:
    """Return the usual days between releases; corrections that follow within two weeks belong to the one before."""
    days = sorted({tag.at.date() for tag in tags})
    gaps = [(after - before).days for before, after in pairwise(days)]
    long = [gap for gap in gaps if gap > _CORRECTED_DAYS]
    usual = long if len(long) >= _FEWEST_GAPS else gaps
    return median(usual[-_LAST_GAPS:] or [0])


def _are_marks(tags: Sequence[Tag]) -> bool:
    """Say whether the last tags came so fast that they mark deployments, not releases."""
    newest = tags[-1].at
    return len({tag.at.date() for tag in tags if (newest - tag.at).days <= _FEWEST_DAYS}) >= _MANY_TAGS
