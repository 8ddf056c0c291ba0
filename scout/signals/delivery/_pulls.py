"""Open pull requests: whose turn it is, by role, and since when."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, TypeVar

from scout.signals._base import View
from scout.signals.delivery._workflow_runs import FAILED, ended
from scout.warehouse.records import (
    ChangeBranchRow,
    ChangeCommitRow,
    ChangeRow,
    CommentRow,
    ReviewRow,
    TransitionRow,
)

_Row = TypeVar("_Row", CommentRow, ReviewRow, TransitionRow, ChangeCommitRow)
_OURS = frozenset({"head_ref_force_pushed", "ready_for_review", "review_requested", "reopened"})
_AUTHOR_LABELS = (
    "waiting for author", "needs rebase", "changes requested", "awaiting changes", "needs changes", "waiting on author",
    "ci failed", "needs work", "needs author", "work in progress", "wip", "do not merge", "on hold", "blocked",
)  # fmt: skip
_ASKS = re.compile(
    r"\?|\b(?:please|pls|could you|would you|can you|should|needs?|must|nits?|rebase|consider|missing|instead"
    r"|suggest\w*|wrong)\b",
    re.IGNORECASE,
)
APPROVES = re.compile(
    r"^\W*(?:(?:ut|t|re-?|tested |concept |code review |light |crack?)*ack\b|lgtm\b|looks good\b|approved?\b|\+1\b"
    r"|👍|:\+1:|ship it\b|r\+|/lgtm|/approve)",
    re.IGNORECASE | re.MULTILINE,
)
"""Words by which a comment approves."""
_SHORT = 60
_WORD = 20
DAY = timedelta(days=1)


class Turn(StrEnum):
    """Whose turn it is, as a role."""

    REVIEW = "review"
    AUTHOR = "author"
    MERGE = "merge"


class Waiting(NamedTuple):
    """An open pull request, whose turn it is, and since when."""

    change: ChangeRow
    turn: Turn
    since: datetime


class Pulls:
    """The pull requests of a project up to the view's clock."""

    def __init__(self, view: View) -> None:
        self._view = view
        self.now = view.now
        rows = view.core.of(ChangeRow)
        self.all = tuple(row for row in rows if row.created_at and row.created_at <= view.now)
        self._read = frozenset(row.change for row in view.core.of(ChangeCommitRow))

    @property
    def open(self) -> tuple[ChangeRow, ...]:
        """Open pull requests of people that are meant to be merged: no drafts, none marked as stopped."""
        return tuple(row for row in self.all if row.state == "open" and not row.draft and not row.by_bot)

    def read(self, change: ChangeRow) -> bool:
        """Say whether the reviews of a pull request were read.

        Sources read them one pull request after another, the commits last; a source that gives no commits at all gives
        the reviews with the rest.
        """
        return not self._read or change.key in self._read

    def waiting(self, change: ChangeRow) -> Waiting:
        """Return whose turn it is with an open pull request."""
        verdict = self._verdict(change)
        pushed = self._pushed(change)
        marked = self._marked(change)
        if marked:
            return Waiting(change, Turn.AUTHOR, marked)
        if verdict and verdict.verdict == "changes_requested" and verdict.at:
            return (
                Waiting(change, Turn.AUTHOR, verdict.at)
                if verdict.at >= pushed
                else Waiting(change, Turn.REVIEW, pushed)
            )
        if verdict and verdict.verdict == "approved" and verdict.at and self._stands(change, verdict.at, pushed):
            return Waiting(change, Turn.MERGE, verdict.at)
        if (failed := self._failed(change)) and failed >= pushed:
            return Waiting(change, Turn.AUTHOR, failed)
        ours = max(pushed, self._last_of(change, by_author=True) or pushed)
        if asked := self._asked(change, ours):
            return Waiting(change, Turn.AUTHOR, asked)
        return Waiting(change, Turn.REVIEW, ours)

    def last_sign(self, change: ChangeRow) -> datetime:
        """Return when people last did or said something about a pull request."""
        signs = (self._last_of(change, by_author=True), self._last_of(change, by_author=False), self._pushed(change))
        return max(at for at in signs if at)

    @cached_property
    def days_to_merge(self) -> tuple[float, ...]:
        """How long merged pull requests of people took, in days, sorted."""
        return tuple(
            sorted(
                (row.merged_at - row.created_at) / DAY
                for row in self.all
                if row.merged_at and row.created_at and row.merged_at <= self.now and not row.by_bot
            )
        )

    @cached_property
    def reviews(self) -> Mapping[str, tuple[ReviewRow, ...]]:
        """Reviews by pull request, oldest first."""
        rows = (row for row in self._view.core.of(ReviewRow) if row.at and row.at <= self.now)
        return _grouped((row.change, row) for row in sorted(rows, key=lambda row: (row.at or self.now, row.key)))

    @cached_property
    def comments(self) -> Mapping[str, tuple[CommentRow, ...]]:
        """What people said by pull request, oldest first."""
        rows = (
            row
            for row in self._view.core.of(CommentRow)
            if row.created_at and row.created_at <= self.now and not row.by_bot
        )
        return _grouped(
            (row.subject, row) for row in sorted(rows, key=lambda row: (row.created_at or self.now, row.key))
        )

    def _verdict(self, change: ChangeRow) -> ReviewRow | None:
        """Return the last review that decides: of each reviewer the newest; a request outweighs an approval."""
        newest: dict[str, ReviewRow] = {}
        for one in self.reviews.get(change.key, ()):
            if (
                one.verdict in {"approved", "changes_requested", "dismissed"}
                and one.reviewer != change.author
                and not one.by_bot
            ):
                newest[one.reviewer] = one
        standing = [one for one in newest.values() if one.verdict != "dismissed" and one.at]
        asked = [one for one in standing if one.verdict == "changes_requested"]
        return max(asked or standing, key=lambda one: (one.at or self.now, one.key), default=None)

    def _pushed(self, change: ChangeRow) -> datetime:
        """Return when the author last brought something new, or made it ready."""
        commits = (one.committed_at for one in self._commits.get(change.key, ()))
        moves = (one.at for one in self._moves.get(change.key, ()) if one.field in _OURS or one.after == "open")
        return max(at for at in (change.created_at, *commits, *moves) if at and at <= self.now)

    def _marked(self, change: ChangeRow) -> datetime | None:
        """Return since when a label says that the author is to go on, or that it is stopped; None without one."""
        mark = next((label for label in change.labels if label.strip().lower() in _AUTHOR_LABELS), "")
        if not mark:
            return None
        return max(
            (one.at for one in self._moves.get(change.key, ()) if one.after == mark and one.at),
            default=change.created_at,
        )

    def _stands(self, change: ChangeRow, approved: datetime, pushed: datetime) -> bool:
        """Say whether an approval still holds: nothing was brought since, and nobody else had doubts."""
        doubts = (
            one
            for one in self.comments.get(change.key, ())
            if one.author != change.author and one.created_at and one.created_at > approved
        )
        return pushed <= approved and all(APPROVES.search(one.body) or len(one.body) <= _SHORT for one in doubts)

    def _asked(self, change: ChangeRow, since: datetime) -> datetime | None:
        """Return when somebody else first asked for something since then, or remarked on a line; None if nobody did."""
        asked = (
            one.created_at
            for one in self.comments.get(change.key, ())
            if one.author != change.author
            and ((one.kind == "review" and len(one.body) > _WORD) or _ASKS.search(one.body))
        )
        return next((at for at in asked if at and at > since), None)

    def _failed(self, change: ChangeRow) -> datetime | None:
        """Return when continuous integration last ended for the newest commit, where it failed; else None."""
        runs = self._runs.get(self._heads.get(change.key, ""), {})
        failed = [at for at, conclusion in runs.values() if conclusion in FAILED]
        return max(failed, default=None)

    def _last_of(self, change: ChangeRow, *, by_author: bool) -> datetime | None:
        said = (
            one.created_at for one in self.comments.get(change.key, ()) if (one.author == change.author) is by_author
        )
        reviewed = (
            one.at
            for one in self.reviews.get(change.key, ())
            if (one.reviewer == change.author) is by_author and not one.by_bot
        )
        return max((at for at in (*said, *reviewed) if at), default=None)

    @cached_property
    def _moves(self) -> Mapping[str, tuple[TransitionRow, ...]]:
        rows = (row for row in self._view.core.of(TransitionRow) if row.at and row.at <= self.now)
        return _grouped(
            (row.subject, row) for row in sorted(rows, key=lambda row: (row.at or self.now, row.field, row.after))
        )

    @cached_property
    def _commits(self) -> Mapping[str, tuple[ChangeCommitRow, ...]]:
        return _grouped((row.change, row) for row in self._view.core.of(ChangeCommitRow))

    @cached_property
    def _heads(self) -> Mapping[str, str]:
        return {row.change: row.head_sha for row in self._view.core.of(ChangeBranchRow) if row.head_sha}

    @cached_property
    def _runs(self) -> Mapping[str, Mapping[str, tuple[datetime, str]]]:
        found: dict[str, dict[str, tuple[datetime, str]]] = {}
        for run in ended(self._view):
            if run.created_at:
                found.setdefault(run.sha, {})[run.workflow] = (run.created_at, run.conclusion)
        return found


def _grouped(pairs: Iterable[tuple[str, _Row]]) -> Mapping[str, tuple[_Row, ...]]:
    found: dict[str, list[_Row]] = {}
    for key, row in pairs:
        found.setdefault(key, []).append(row)
    return {key: tuple(rows) for key, rows in found.items()}
