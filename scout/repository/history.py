"""The history that leads to one commit: changes of the first-parent line, identities of files, counts of people."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property

from scout.repository import _blame
from scout.repository._call import GitError
from scout.repository._git import Git
from scout.repository._objects import Objects, missing
from scout.repository.changes import Change, FileChange, Identities, Record, is_bot, moment, path_of, records, title_of

_YEAR = timedelta(days=365)
_SOLE_SHARE = 0.8
_MOST_FILES = 60
_FIELDS = "%H%x00%P%x00%ct%x00%aN%x00%aE%x00%s%x00%b"
_INEXACT = "-M"
_EXACT = "-M100%"


class History:
    """The history of one commit; everything is read at the first question that needs it, then kept.

    Attributes:
        sha: the commit.
        shallow: whether older history is cut off: ages are then lower bounds.
    """

    def __init__(self, git: Git, objects: Objects, sha: str, *, shallow: bool) -> None:
        self.sha = sha
        self.shallow = shallow
        self._git = git
        self._objects = objects
        self._trails: dict[str, tuple[tuple[int, FileChange], ...]] = {}

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The first-parent line, newest first; merges are compared with their first parent.

        Renames are found by similar content; where contents are missing in this copy, by equal content only.
        """
        try:
            found = self._records(_INEXACT)
        except GitError as error:
            if not error.missing:
                raise
            found = self._records_partly()
        people = Identities()
        return tuple(_change(record, people) for record in found)

    def touching(self, path: str) -> tuple[Change, ...]:
        """Return the changes of a file, newest first, under all the names it had."""
        return tuple(self.changes[at] for at, _ in self._trail(path))

    def first_seen(self, path: str) -> Change | None:
        """Return the change that brought a file in, under whatever name."""
        trail = self._trail(path)
        return self.changes[trail[-1][0]] if trail else None

    def origin(self, path: str) -> str:
        """Return the oldest name of a file: the same for all its names since, and for the path itself if unknown."""
        trail = self._trail(path)
        if not trail:
            return path
        _, oldest = trail[-1]
        return oldest.old_path or oldest.path

    def deleted(self, path: str) -> Change | None:
        """Return the change that removed (or renamed away) a path, unless it is there now."""
        events = self._events.get(path, ())
        if not events:
            return None
        at, change = events[0]
        gone = change.status == "D" or change.old_path == path
        return self.changes[at] if gone else None

    def authors(self, path: str) -> int:
        """Return how many people committed to a file under all its names, on all branches that were merged."""
        known = {name for _, change in self._trail(path) for name in (change.path, change.old_path) if name}
        return len({author for name in known | {path} for author, _, _ in self._work.get(name, ())})

    def work(self, path: str) -> tuple[tuple[int, datetime], ...]:
        """Return who committed to a file (as a number, see `Change.author`) and when, newest first.

        Counted are the commits of all branches that were merged, under all names of the file, without merges,
        programs and sweeps (more than 60 files). The numbers are those of this method alone: they don't compare
        with those of `changes`.
        """
        known = {name for _, change in self._trail(path) for name in (change.path, change.old_path) if name}
        works = {one for name in known | {path} for one in self._work.get(name, ()) if one[2] <= _MOST_FILES}
        return tuple((author, at) for author, at, _ in sorted(works, key=lambda one: (one[1], one[0]), reverse=True))

    def active(self, since: datetime) -> Mapping[int, datetime]:
        """Return when each person (numbered as in `work`) committed last, for those who did at or after a moment."""
        last: dict[int, datetime] = {}
        for author, at, _ in (one for works in self._work.values() for one in works):
            if at >= since and (author not in last or at > last[author]):
                last[author] = at
        return last

    def holds(self, shas: Iterable[str]) -> frozenset[str]:
        """Return those of some commits (full names) that lead to this one, on whatever branch."""
        return frozenset(sha for sha in shas if sha.encode("ascii") in self._ancestors)

    def sole_maintainer(self, now: datetime) -> bool:
        """Say whether one person made at least 80 % of the changes of the year before `now`, or nobody made any.

        Counted are commits that are neither merges nor made by programs.
        """
        recent = Counter(author for author, at in self._authorship if now - _YEAR <= at <= now)
        return len(recent) <= 1 or max(recent.values()) >= _SOLE_SHARE * recent.total()

    def text_since(self, path: str, line: int) -> tuple[str, datetime] | None:
        """Return since when (commit, UTC) the text of a line stands in its file; see `text_since_many`."""
        return self.text_since_many(path, (line,)).get(line)

    def text_since_many(self, path: str, lines: Sequence[int]) -> Mapping[int, tuple[str, datetime]]:
        """Return since when the texts of some lines (from 1) stand in a file: commit and committer date (UTC).

        It is the age of the text, not of the last touch: white space, moves within the file or from a file
        changed at the same time, and rewrites that change only punctuation, case or lint comments are looked
        through. In a shallow clone it is the age at least. Lines that cannot be traced
        because contents are missing here, or that do not exist, are left out.
        """
        return _blame.since(self._git, self._objects, self.sha, path, lines)

    @cached_property
    def _events(self) -> Mapping[str, list[tuple[int, FileChange]]]:
        found: dict[str, list[tuple[int, FileChange]]] = {}
        for at, change in enumerate(self.changes):
            for file in change.files:
                found.setdefault(file.path, []).append((at, file))
                if file.old_path:
                    found.setdefault(file.old_path, []).append((at, file))
        return found

    def _trail(self, path: str) -> tuple[tuple[int, FileChange], ...]:
        if path not in self._trails:
            self._trails[path] = tuple(_followed(self._events, path))
        return self._trails[path]

    @cached_property
    def _ancestors(self) -> frozenset[bytes]:
        return frozenset(self._git.run("rev-list", self.sha).split())

    @cached_property
    def _authorship(self) -> tuple[tuple[int, datetime], ...]:
        said = self._log("--no-merges", "--format=tformat:%ct%x00%aN%x00%aE", self.sha)
        rows = zip(*[iter(said.split(b"\0"))] * 3, strict=False)
        people = Identities()
        return tuple((people.number(name, mail), moment(at)) for at, name, mail in rows if not is_bot(name, mail))

    @cached_property
    def _work(self) -> Mapping[str, tuple[tuple[int, datetime, int], ...]]:
        """Who changed a path, when, and together with how many files."""
        found: dict[bytes, list[tuple[int, datetime, int]]] = {}
        people = Identities()
        options = ("--no-merges", "--no-renames", "--name-only", "--format=tformat:%x01%x00%ct%x00%aN%x00%aE")
        for commit in self._log(*options, self.sha).split(b"\1\0")[1:]:
            at, name, mail, *paths = commit.split(b"\0")
            changed = [path.removeprefix(b"\n") for path in paths if path]
            if changed and not is_bot(name, mail):
                one = (people.number(name, mail), moment(at), len(changed))
                for path in changed:
                    found.setdefault(path, []).append(one)
        return {path_of(path): tuple(works) for path, works in found.items()}

    def _records(self, renames: str, shas: Sequence[bytes] = ()) -> list[Record]:
        which = ("--no-walk=unsorted", "--stdin") if shas else ("--first-parent", self.sha)
        options = ("--diff-merges=first-parent", "--raw", "--no-abbrev", renames, f"--format=tformat:{_FIELDS}")
        return list(records(self._log(*options, *which, stdin=b"\n".join((*shas, b""))), fields=7))

    def _records_partly(self) -> list[Record]:
        """Read all with renames of equal content, then those commits again that lack no content."""
        plain = self._records(_EXACT)
        absent = missing(self._git, {blob for record in plain for blob in record.blobs})
        whole = [record.header[0] for record in plain if absent.isdisjoint(record.blobs)]
        better = {record.header[0]: record for record in (self._records(_INEXACT, whole) if whole else ())}
        return [better.get(record.header[0], record) for record in plain]

    def _log(self, *options: str, stdin: bytes = b"") -> bytes:
        mailmap = f"mailmap.blob={self.sha}:.mailmap"
        fixed = ("-z", "--no-ext-diff", "--no-textconv")
        return self._git.run("-c", mailmap, "log", *fixed, *options, "--", stdin=stdin)


def _change(record: Record, people: Identities) -> Change:
    sha, parents, at, name, mail, subject, body = record.header
    return Change(
        sha=sha.decode("ascii"),
        at=moment(at),
        author=people.number(name, mail),
        subject=subject.decode("utf-8", "replace"),
        parents=tuple(parents.decode("ascii").split()),
        files=tuple(record.files),
        bot=is_bot(name, mail),
        title=title_of(subject, body),
    )


def _followed(events: Mapping[str, list[tuple[int, FileChange]]], path: str) -> list[tuple[int, FileChange]]:
    trail: list[tuple[int, FileChange]] = []
    name, before = path, -1
    while True:
        older = [event for event in events.get(name, ()) if event[0] > before]
        step = _steps(older, name)
        trail += step
        if not step or not step[-1][1].old_path:
            return trail
        before, name = step[-1][0], step[-1][1].old_path


def _steps(events: list[tuple[int, FileChange]], name: str) -> list[tuple[int, FileChange]]:
    """Return the events of one name back to where it was renamed from, or was first brought in."""
    steps: list[tuple[int, FileChange]] = []
    for number, (at, change) in enumerate(events):
        if change.old_path == name:
            if steps:  # an older file of this name went elsewhere: it is another file
                break
            continue
        steps.append((at, change))
        if change.old_path:
            break
        older = events[number + 1][1] if number + 1 < len(events) else None
        if change.status == "A" and older is not None and older.old_path == name:
            break
    return steps
