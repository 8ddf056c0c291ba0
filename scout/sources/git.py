"""The source `git`: commits, the files they changed, and tags."""

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar

from scout.errors import UnavailableError
from scout.model import Outcome, digest
from scout.repository import Commit, FileCount, Log, Repository, Tag
from scout.sources._arrow import record_batch
from scout.sources._base import Pull, Rows, Sink, Source, SourceContext
from scout.warehouse.streams import Kind

_VERSION = 1
_MICROSECONDS = 1_000_000


class GitSource(Source):
    r"""Reads the history of a git checkout: commits, the files they changed, and tags.

    Nothing is fetched, checked out or written, and no program that the repository's own configuration names is
    run. People appear as pseudonyms only: a keyed digest of their (mail-mapped) address.

    ## What it brings
    `git_commit` has every commit that leads to the one looked at; `git_file_change` has the files of those that are
    no merges, with lines added and deleted; `git_tag` has the tags. Bytes of file names that are no UTF-8 are shown
    as `\xNN`.

    ## What it does when something is missing
    A partial clone lacks contents: the commits concerned have no numbers of lines, and the run says how many. A
    shallow clone has the history that is there. A history that was rewritten, or whose first-parent line changed,
    is read again as a whole.
    """

    id: ClassVar[str] = "git"
    since: ClassVar[str] = "0.1"
    streams: ClassVar[tuple[str, ...]] = ("git_commit", "git_file_change", "git_tag")
    needs_checkout: ClassVar[bool] = True

    def pull(self, project: str, at: SourceContext, cursor: Mapping[str, Any] | None, sink: Sink) -> Pull:
        """Write commits, changed files and tags since the cursor."""
        if at.repository is None:
            return Pull(Outcome.NOT_APPLICABLE, "there is no git repository")
        if not at.sha:
            return Pull(Outcome.ABSENT, "the repository has no commits yet", cursor={}, unchanged=not cursor)
        try:
            return _pulled(project, at.repository, at, cursor or {}, sink)
        except UnavailableError as error:
            return Pull(Outcome.UNAVAILABLE, str(error))


def _pulled(project: str, repository: Repository, at: SourceContext, cursor: Mapping[str, Any], sink: Sink) -> Pull:
    position = {
        "head": at.sha,
        "tags": repository.tag_digest(),
        "basis": _basis(repository, at),
    }
    if position == cursor:
        return Pull(Outcome.PRESENT, cursor=position, unchanged=True)
    log = repository.log(at.sha, at.salt)
    since = _since(log, cursor, position)
    history = frozenset[str]() if since else frozenset({"git_commit", "git_file_change"})
    _write(project, log, since, repository.tags(), sink)
    return Pull(
        Outcome.PRESENT,
        cursor=position,
        replaced=history | {"git_tag"},
        notes=[*_notes(repository, cursor, since), *_uncounted(log)],
    )


def _basis(repository: Repository, at: SourceContext) -> str:
    """Return a digest of what else the rows rest on: this module's version, the salt, mailmap and shallow commits."""
    salt = hashlib.blake2b(b"basis", key=at.salt, digest_size=8).hexdigest()
    return digest(_VERSION, salt, repository.mailmap(at.sha), repository.cut)


def _since(log: Log, cursor: Mapping[str, Any], position: Mapping[str, str]) -> str | None:
    """Return the commit up to which all rows are there and still right, or None.

    On the first-parent line only: else rows before it may have left or joined that line.
    """
    head = str(cursor.get("head", ""))
    known = cursor.get("basis") == position["basis"] and head.encode("ascii", "replace") in log.first_parents
    return head if known else None


def _notes(repository: Repository, cursor: Mapping[str, Any], since: str | None) -> list[str]:
    notes: list[str] = []
    if cursor and since is None:
        notes.append("the history was rewritten, or read by another version of Scout: it is read again as a whole")
    if repository.shallow:
        notes.append("the clone is shallow: older history is missing")
    return notes


def _uncounted(log: Log) -> list[str]:
    if not log.uncounted:
        return []
    return [f"{log.uncounted:,} commits have no numbers of lines: this clone lacks contents of files"]


def _write(project: str, log: Log, since: str | None, tags: tuple[Tag, ...], sink: Sink) -> None:
    if tags:
        sink("git_tag", _tag_rows(project, tags))
    for batch in log.batches(since):
        sink("git_commit", _commit_rows(project, batch.commits))
        if batch.files:
            sink("git_file_change", _file_rows(project, batch.files))


def _commit_rows(project: str, commits: list[Commit]) -> Rows:
    columns = [list(column) for column in zip(*commits, strict=True)]
    sha, parents, committed, authored, author, bot, first_parent, subject, reverts, files, added, deleted = columns
    return record_batch(
        {
            "project": (Kind.TEXT, [project] * len(sha)),
            "sha": (Kind.TEXT, sha),
            "parents": (Kind.INTEGER, parents),
            "committed_at": (Kind.MOMENT, [second * _MICROSECONDS for second in committed]),
            "authored_at": (Kind.MOMENT, [second * _MICROSECONDS for second in authored]),
            "author_id": (Kind.TEXT, author),
            "is_merge": (Kind.FLAG, [number > 1 for number in parents]),
            "is_bot": (Kind.FLAG, bot),
            "first_parent": (Kind.FLAG, first_parent),
            "subject": (Kind.TEXT, subject),
            "reverts": (Kind.TEXT, reverts),
            "files": (Kind.INTEGER, files),
            "additions": (Kind.INTEGER, added),
            "deletions": (Kind.INTEGER, deleted),
        }
    )


def _file_rows(project: str, files: list[FileCount]) -> Rows:
    sha, path, old_path, status, added, deleted, _ = (list(column) for column in zip(*files, strict=True))
    return record_batch(
        {
            "project": (Kind.TEXT, [project] * len(sha)),
            "sha": (Kind.TEXT, sha),
            "path": (Kind.TEXT, _readable(path)),
            "old_path": (Kind.TEXT, _readable(old_path)),
            "status": (Kind.TEXT, status),
            "additions": (Kind.INTEGER, added),
            "deletions": (Kind.INTEGER, deleted),
        }
    )


def _tag_rows(project: str, tags: tuple[Tag, ...]) -> Rows:
    return record_batch(
        {
            "project": (Kind.TEXT, [project] * len(tags)),
            "name": (Kind.TEXT, _readable([tag.name.encode("utf-8", "surrogateescape") for tag in tags])),
            "sha": (Kind.TEXT, [tag.sha for tag in tags]),
            "tagged_at": (Kind.MOMENT, [int(tag.at.timestamp()) * _MICROSECONDS for tag in tags]),
        }
    )


def _readable(paths: list[bytes]) -> list[bytes] | list[str]:
    r"""Return paths that Arrow takes as text: as they are if all are UTF-8, else with `\xNN` for what is not."""
    try:
        b"\0".join(paths).decode("utf-8")
    except UnicodeDecodeError:
        return [path.decode("utf-8", "backslashreplace") for path in paths]
    return paths
