"""What came onto the default branch: commits of the checkout where there is one, else the changes that were merged."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from scout.errors import ScoutError
from scout.flow.log import DAY, Table
from scout.repository import Change, Repository
from scout.service.flow_releases import full_releases
from scout.service.flow_touched import FLAGS, Touched, touched
from scout.service.wiring import Project, Workspace
from scout.signals.at_once import runs
from scout.signals.routine import is_routine
from scout.warehouse.tables.flow import Columns

_NUMBER = re.compile(r"\(#(\d+)\)\s*$|^Merge pull request #(\d+)\b|\bgh-(\d+)\b")
_FIX = re.compile(r"(?i)^(?:\W*[\w./-]{1,30}\W*:\s*)?(?:hot-?|bug-?)?fix(?:es|ed|ing)?\b|\bbug-?fix\b")
_REVERT = re.compile(r"(?i)^\s*\"?(?:revert|back(?:ed|s)? ?out|roll(?:ed|s)? ?back)")
_FOLLOWS = 14 * DAY
_SWEEP = 60


class Landing(NamedTuple):
    """One thing that came onto the default branch; -1 is 'nobody can tell'.

    Attributes:
        at: seconds since 1970 (UTC).
        locator: a commit's SHA, or a change's key.
        is_commit: which of the two.
        subject: place in the table of changes; -1 where no change is known.
        via_change: 1 where a change brought it, 0 where it was pushed.
        reviewed: 1 where somebody else than its author said something in a review before it was merged.
        green: 1 where the newest checks of what was merged were green, 0 where one failed.
        asked: 1 where somebody was asked to review.
        request: commits with the same number came by the same request, or at once; each merged change has its own.
        wanted: whether it touches code for which tests in other files are due, as far as names tell.
        lines: how many lines of that it brings that may do something, where tests are a rule; -1 is 'not read'.
        working: how many lines of code it brings that may do something, wherever; -1 is 'not read'.
        routine: whether it only brings other versions, other words or other looks, by its title.
    """

    at: float
    locator: str
    is_commit: bool
    subject: int
    by_bot: bool
    known_files: bool
    code: bool
    tests: bool
    docs: bool
    changelog: bool
    migration_added: bool
    migration_edited: bool
    is_fix: bool
    is_revert: bool
    via_change: int
    reviewed: int
    green: int
    asked: int
    request: int
    wanted: bool
    lines: int = -1
    working: int = -1
    routine: bool = False
    followed_by_fix: bool = False


def landings(
    work: Workspace, project: Project, found: Mapping[str, Columns], step: Callable[[str], None] = lambda _: None
) -> Table:
    """Return what landed, oldest first, as columns of `Landing`.

    Args:
        work: for the present moment and caches.
        project: with or without a checkout.
        found: the project's tables of flow.
        step: takes a short phrase about progress.
    """
    known = _Changes(found)
    if project.has_checkout:
        step("Reading what landed")
        try:
            rows = list(_of_checkout(work, project, known))
        except ScoutError:  # the checkout is gone or empty; what the tracker says is still there
            rows = list(known.landings())
    else:
        rows = list(known.landings())
    fields = Landing._fields
    kinds: dict[type, Any] = {float: np.float64, int: np.int64, bool: np.bool_, str: object}
    return {
        name: np.array([row[place] for row in rows], dtype=kinds[Landing.__annotations__[name]])
        for place, name in enumerate(fields)
    }


class _Changes:
    """Merged changes by number and by the commit that merged them."""

    def __init__(self, found: Mapping[str, Columns]) -> None:
        self._landed = {name: column.tolist() for name, column in found["landed"].items()}
        change = found["change"]
        self._reviewed = np.where(change["reviewed"] <= change["merged"], 1, 0)
        self.any_reviews = bool((~np.isnan(change["reviewed"])).any())
        self.any = bool(change["key"].size)
        self.since = float(np.nanmin(change["created"])) if self.any and not np.isnan(change["created"]).all() else 0.0
        self.by_number = {key: place for place, key in enumerate(self._landed["key"])}
        self.by_sha = {sha: place for place, sha in enumerate(self._landed["merge_sha"]) if sha}

    def landings(self) -> Iterable[Landing]:
        """Give a landing for each merged change, oldest first."""
        for place in range(len(self._landed["key"])):
            told: dict[str, Any] = {
                name: self._landed[name][place] for name in ("at", "by_bot", "known_files", "wanted", *FLAGS)
            }
            title = str(self._landed["title"][place])
            yield Landing(
                locator=str(self._landed["key"][place]),
                is_commit=False,
                request=place,
                is_fix=bool(_FIX.search(title)),
                is_revert=bool(_REVERT.search(title)),
                routine=is_routine(title),
                **told,
                **self.said(place),
            )

    def said(self, place: int | None) -> dict[str, Any]:
        """Return what the tracker says about the change that brought something."""
        if place is None:
            return {
                "subject": -1,
                "via_change": 0 if self.any else -1,
                "reviewed": 0 if self.any_reviews else -1,
                "green": -1,
                "asked": -1,
            }
        subject = int(self._landed["subject"][place])
        reviewed = int(self._reviewed[subject]) if self.any_reviews else -1
        green, asked = int(self._landed["green"][place]), int(self._landed["asked"][place])
        return {"subject": subject, "via_change": 1, "reviewed": reviewed, "green": green, "asked": asked}


def _of_checkout(work: Workspace, project: Project, known: _Changes) -> Iterable[Landing]:
    with Repository.open(project.checkout, work.home / "cache" / "repositories") as repository:
        every = repository.history(repository.resolve()).changes
        changes = [change for change in every if change.at <= work.now]
        seen = touched(repository, changes, full_releases(repository.tags()), work.now)
    fixed: dict[str, float] = {}  # of the newest first, so that fixes are known before what they fix
    made = [
        _landing(change, seen[change.sha], request, known, fixed)
        for request, run in enumerate(runs(changes))
        for change in run
    ]
    yield from reversed(made)


def _landing(change: Change, seen: Touched, request: int, known: _Changes, fixed: dict[str, float]) -> Landing:
    at, title = change.at.timestamp(), change.title or change.subject
    narrow = len(change.files) <= _SWEEP
    followed = narrow and any(path in fixed and fixed[path] - at <= _FOLLOWS for path in seen.paths)
    is_fix = bool(_FIX.search(title))
    if is_fix and narrow:
        fixed.update(dict.fromkeys(seen.paths, at))
    number = next((one for match in [_NUMBER.search(change.subject)] if match for one in match.groups() if one), "")
    place = known.by_sha.get(change.sha, known.by_number.get(number))
    told = known.said(place)
    if place is None and (
        number or at < known.since
    ):  # brought by a change that nobody fetched, or before there were any
        told = {**told, "via_change": 1 if number else -1, "reviewed": -1}
    named: dict[str, Any] = {**seen.flags, **told}
    return Landing(
        at=at,
        locator=change.sha,
        is_commit=True,
        by_bot=change.bot,
        known_files=True,
        request=request,
        wanted=seen.wanted,
        lines=seen.lines,
        working=seen.working,
        is_fix=is_fix,
        is_revert=bool(_REVERT.search(title)),
        routine=is_routine(title),
        followed_by_fix=followed,
        **named,
    )
