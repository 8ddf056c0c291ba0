"""All commits that lead to a commit, with their numbers of changed lines: read in parallel, given in batches.

`git log` over slices of the commit list, two or more at a time, is faster than one `git log` over all of them. Where
contents are missing in this copy, git stops: the slice is then read again, the commits concerned without numbers.
"""

import hashlib
import os
import re
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from enum import Enum
from functools import cached_property

from scout.repository._call import GitError
from scout.repository._git import Git
from scout.repository._objects import missing
from scout.repository.changes import is_bot
from scout.repository.commits import Commit, FileCount, LogBatch, parsed, seconds

SLICE = 1000
_MOST_WORKERS = 4
_FEWEST = 64
_FIELDS = 9
_FORMAT = "--format=tformat:%H%x00%P%x00%ct%x00%at%x00%aN%x00%aE%x00%s%x00%b%x00"
_REVERTS = re.compile(rb"\bThis reverts commit ([0-9a-f]{7,64})\b")


class Level(Enum):
    """How much git is asked to tell, by its options."""

    COUNTED = ("--raw", "--numstat", "--no-abbrev", "-M")
    NAMED = ("--raw", "--no-abbrev", "-M100%")
    BARE = ("--no-patch",)


class Log:
    """The commits that lead to `sha`.

    Args:
        git: where they are.
        sha: the commit.
        salt: key of the pseudonyms; at most 64 bytes.
    """

    def __init__(self, git: Git, sha: str, salt: bytes) -> None:
        self.sha = sha
        self._git = git
        self._salt = salt
        self._pseudonyms: dict[bytes, str] = {}
        self._lock = threading.Lock()
        self._uncounted = 0

    @cached_property
    def first_parents(self) -> frozenset[bytes]:
        """The commits of the first-parent line."""
        return frozenset(self._git.run("rev-list", "--first-parent", self.sha).split())

    @property
    def uncounted(self) -> int:
        """How many of the commits read so far have no numbers, because contents are missing in this copy."""
        return self._uncounted

    def batches(self, since: str | None = None) -> Iterator[LogBatch]:
        """Give the commits, newest first, in batches of at most 1,000; only those that `since` does not have.

        Raises:
            GitError: commits are missing or damaged.
        """
        known = [f"^{since}"] if since else []
        shas = self._git.run("rev-list", self.sha, *known).split()
        slices = (shas[at : at + SLICE] for at in range(0, len(shas), SLICE))
        workers = min(_MOST_WORKERS, os.cpu_count() or 1)
        with (
            ThreadPoolExecutor(workers, "git-log") as pool,
            closing(_in_order(pool, self._read, slices, workers)) as found,
        ):
            yield from found

    def _read(self, shas: Sequence[bytes]) -> LogBatch:
        try:
            return self._logged(shas, Level.COUNTED)
        except GitError as error:
            if not error.missing:
                raise
        batch = self._read_partly(shas)
        with self._lock:
            self._uncounted += sum(commit.additions is None for commit in batch.commits)
        return batch

    def _read_partly(self, shas: Sequence[bytes]) -> LogBatch:
        """Read commits some of which lack contents: numbers for those that lack none, names for the others."""
        try:
            named = self._logged(shas, Level.NAMED)
        except GitError as error:
            if not error.missing:
                raise
            return self._read_without_trees(shas)
        lacking = self._lacking(named.files)
        whole = [sha for sha in shas if sha not in lacking]
        return _merged(self._logged(whole, Level.COUNTED), named) if whole else named

    def _read_without_trees(self, shas: Sequence[bytes]) -> LogBatch:
        if len(shas) <= _FEWEST:
            return self._logged(shas, Level.BARE)
        middle = len(shas) // 2
        newer, older = self._read_partly(shas[:middle]), self._read_partly(shas[middle:])
        return LogBatch(newer.commits + older.commits, newer.files + older.files)

    def _lacking(self, files: Sequence[FileCount]) -> set[bytes]:
        """Return the commits that changed contents which are not in this copy."""
        absent = missing(self._git, {blob for file in files for blob in file.blobs})
        return {file.sha for file in files if not absent.isdisjoint(file.blobs)}

    def _logged(self, shas: Sequence[bytes], level: Level) -> LogBatch:
        mailmap = f"mailmap.blob={self.sha}:.mailmap"
        options = ("-z", "--no-walk=unsorted", "--stdin", "--no-ext-diff", "--no-textconv", *level.value, _FORMAT)
        return self._parsed(self._git.run("-c", mailmap, "log", *options, stdin=b"\n".join((*shas, b""))), level)

    def _parsed(self, said: bytes, level: Level) -> LogBatch:
        commits: list[Commit] = []
        files: list[FileCount] = []
        for header, changed in parsed(said, _FIELDS):
            files += changed
            commits.append(self._commit(header, changed, level))
        return LogBatch(commits, files)

    def _commit(self, header: list[bytes], changed: list[FileCount], level: Level) -> Commit:
        sha, parents, committed, authored, name, mail, subject, body, _ = header
        reverted = _REVERTS.search(body)
        number = parents.count(b" ") + 1 if parents else 0
        counted = level is Level.COUNTED or number > 1
        return Commit(
            sha=sha,
            parents=number,
            committed_at=seconds(committed),
            authored_at=seconds(authored),
            author_id=self._pseudonym(mail.lower() or name.lower()),
            is_bot=is_bot(name, mail),
            first_parent=sha in self.first_parents,
            subject=subject.decode("utf-8", "replace"),
            reverts=reverted.group(1) if reverted else b"",
            files=len(changed) if level is not Level.BARE or number > 1 else None,
            additions=sum(file.additions or 0 for file in changed) if counted else None,
            deletions=sum(file.deletions or 0 for file in changed) if counted else None,
        )

    def _pseudonym(self, identity: bytes) -> str:
        found = self._pseudonyms.get(identity)
        if found is None:
            found = hashlib.blake2b(identity, key=self._salt, digest_size=8).hexdigest()
            self._pseudonyms[identity] = found
        return found


def _in_order(
    pool: ThreadPoolExecutor,
    read: Callable[[Sequence[bytes]], LogBatch],
    slices: Iterator[list[bytes]],
    workers: int,
) -> Generator[LogBatch]:
    """Give the results in the order of the slices; at most one slice a worker, and one more, is in memory."""
    waiting: deque[Future[LogBatch]] = deque()
    try:
        for part in slices:
            waiting.append(pool.submit(read, part))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def _merged(counted: LogBatch, named: LogBatch) -> LogBatch:
    """Return the named commits and files, with numbers where they were counted."""
    better = {commit.sha: commit for commit in counted.commits}
    files: dict[bytes, list[FileCount]] = {}
    for file in (*counted.files, *(file for file in named.files if file.sha not in better)):
        files.setdefault(file.sha, []).append(file)
    return LogBatch(
        [better.get(commit.sha, commit) for commit in named.commits],
        [file for commit in named.commits for file in files.get(commit.sha, ())],
    )
