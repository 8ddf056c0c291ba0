"""Core rows about changes, what ran for them, and what was released; `records` says what core rows are."""

from datetime import datetime
from typing import NamedTuple


class ChangeRow(NamedTuple):
    """A pull request as its discussion shows it.

    Attributes:
        state: `open`, `merged` or `closed`.
        lines: added and deleted, where that is told with the change itself; its files may tell more.
        files: touched, likewise.
    """

    key: str
    title: str
    body: str
    state: str
    draft: bool
    labels: list[str]
    milestone: str
    author: str
    by_bot: bool
    url: str
    created_at: datetime | None
    updated_at: datetime | None
    merged_at: datetime | None
    closed_at: datetime | None
    lines: int | None = None
    files: int | None = None


class ChangeBranchRow(NamedTuple):
    """A pull request as git sees it.

    Attributes:
        change: key of the change.
        reviewers_asked: how many people or teams are asked to review now.
    """

    change: str
    base: str
    head: str
    head_sha: str
    merge_sha: str
    from_fork: bool
    reviewers_asked: int
    updated_at: datetime | None


class ChangeFileRow(NamedTuple):
    """A file that a pull request touches; numbers of lines are null where the tracker does not say."""

    change: str
    path: str
    old_path: str
    status: str
    additions: int | None
    deletions: int | None


class ChangeCommitRow(NamedTuple):
    """A commit of a pull request."""

    change: str
    sha: str
    subject: str
    author: str
    committed_at: datetime | None


class ReviewRow(NamedTuple):
    """A review of a pull request.

    Attributes:
        verdict: `approved`, `changes_requested`, `commented`, `dismissed` or `pending`.
    """

    change: str
    key: str
    verdict: str
    sha: str
    reviewer: str
    by_bot: bool
    at: datetime | None


class RunRow(NamedTuple):
    """A run of a workflow.

    Attributes:
        conclusion: the tracker's word; empty while it runs.
    """

    key: str
    workflow: str
    event: str
    branch: str
    sha: str
    attempt: int | None
    status: str
    conclusion: str
    url: str
    created_at: datetime | None
    started_at: datetime | None
    updated_at: datetime | None


class JobRow(NamedTuple):
    """A job of a workflow's run."""

    run: str
    key: str
    name: str
    status: str
    conclusion: str
    started_at: datetime | None
    completed_at: datetime | None


class ReleaseRow(NamedTuple):
    """A release."""

    key: str
    name: str
    tag: str
    draft: bool
    prerelease: bool
    url: str
    created_at: datetime | None
    released_at: datetime | None


class ControlRow(NamedTuple):
    """A rule that the host enforces: a protected branch, a ruleset.

    Attributes:
        kind: `branch_protection` or `ruleset`.
        target: the branch or pattern it is about.
        rules: what it demands, as a JSON object.
    """

    key: str
    kind: str
    name: str
    target: str
    enforced: bool
    rules: str
