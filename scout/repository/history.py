"""The history that leads to one commit: changes of the first-parent line, identities of files, counts of people."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property

from scout.repository import _blame
from scout.repository._call import GitError
from scout.repository._git import Git
from scout.repository._kept import Kept, Made
from scout.repository._objects import Objects, missing
from scout.repository.changes import Change, FileChange, Identities, differences, is_bot, moment, path_of, title_of

_YEAR = timedelta(days=365)
_SOLE_SHARE = 0.8
_MOST_FILES = 60
_FIELDS = ("%H", "%P", "%ct", "%aN", "%aE", "%s", "%b")
_PERSON = ("%H", "%P", "%ct", "%aN", "%aE")
_INEXACT = "-M"
_EXACT = "-M100%"


class History:
    """The history of one commit; everything is read at the first question that needs it, then kept.

    Attributes:
        sha: the commit.
        shallow: whether older history is cut off: ages are then lower bounds.
    """

    def __init__(self, git: Git, objects: Objects, sha: str, kept: Kept, *, shallow: bool) -> None:
        self.sha = sha
        self.shallow = shallow
        self._git = git
        self._objects = objects
        self._kept = kept
        self._trails: dict[str, tuple[tuple[int, FileChange], ...]] = {}

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The first-parent line, newest first; merges are compared with their first parent.

        Renames are found by similar content; where contents are missing in this copy, by equal content only.
        """
        listed = list(self._listed("--first-parent", fields=_FIELDS))
        files = self._kept.made("changes", (sha.decode("ascii") for sha, *_ in listed), self._differences)
        people = Identities()
        return tuple(_change(header, files[header[0].decode("ascii")], people) for header in listed)

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

    def names(self, path: str) -> tuple[str, ...]:
        """Return all the names that a file had, the newest first; always with the present one."""
        return tuple(dict.fromkeys((path, *(file.old_path for _, file in self._trail(path) if file.old_path))))

    def deleted(self, path: str) -> Change | None:
        """Return the change that removed (or renamed away) a path, unless it is there now."""
        events = self._events.get(path, ())
        if not events:
            return None
        at, change = events[0]
        gone = change.status == "D" or change.old_path == path
        return self.changes[at] if gone else None

    def messages(self, change: Change, paths: Sequence[str]) -> tuple[str, ...]:
        """Return the whole messages of the commits by which a change came to some files, newest first.

        For a merge these are the commits that it brought; nothing when they are not in this copy.
        """
        if not change.parents:
            return ()
        which = ("--format=tformat:%B", "-z", change.sha, f"^{change.parents[0]}", "--", *paths)
        try:
            said = self._git.run("--literal-pathspecs", "log", *which)
        except GitError as error:
            if not error.missing:
                raise
            return ()
        return tuple(one.decode("utf-8", "replace").strip() for one in said.split(b"\0") if one.strip())

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
        recent = Counter(author for _, author, at in self._authorship if now - _YEAR <= at <= now)
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
        events = self._events.get(path, ())
        sha = self.changes[events[0][0]].sha if events else self.sha  # the same answer as long as the file is the same
        names = {f"{sha}:{line}:{path}": line for line in lines}

        def make(asked: list[str]) -> Made:
            since = _blame.since(self._git, self._objects, sha, path, [names[name] for name in asked])
            known = {name: since[names[name]] for name in asked if names[name] in since}
            told = {name: (one.sha, one.at) for name, one in known.items()}
            return Made({name: told[name] for name, one in known.items() if one.sure}, told)

        found = self._kept.made("since", names, make)
        return {names[name]: (begun, datetime.fromtimestamp(at, UTC)) for name, (begun, at) in found.items()}

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
    def _commits(self) -> tuple[tuple[bytes, ...], ...]:
        """All commits that lead to this one, on whatever branch: name, parents, time, author's name and address."""
        return tuple(self._listed(fields=_PERSON))

    @cached_property
    def _ancestors(self) -> frozenset[bytes]:
        return frozenset(sha for sha, *_ in self._commits)

    @cached_property
    def _authorship(self) -> tuple[tuple[str, int, datetime], ...]:
        """The commits that people made, on all branches that were merged and without merges: name, author, time."""
        people = Identities()
        return tuple(
            (sha.decode("ascii"), people.number(name, mail), moment(at))
            for sha, parents, at, name, mail in self._commits
            if b" " not in parents and not is_bot(name, mail)
        )

    @cached_property
    def _work(self) -> Mapping[str, tuple[tuple[int, datetime, int], ...]]:
        """Who changed a path, when, and together with how many files."""
        found: dict[str, list[tuple[int, datetime, int]]] = {}
        changed = self._kept.made("paths", (sha for sha, _, _ in self._authorship), self._changed)
        for sha, author, at in self._authorship:
            for path in changed[sha]:
                found.setdefault(path, []).append((author, at, len(changed[sha])))
        return {path: tuple(works) for path, works in found.items()}

    def _changed(self, shas: list[str]) -> Made:
        """Read the names of the files that commits changed."""
        said = self._log("--no-renames", "--name-only", "--format=tformat:%x00%H", shas=shas)
        found: dict[str, list[str]] = {}
        for commit in said.removeprefix(b"\0").removesuffix(b"\0").split(b"\0\0"):  # no path is empty
            sha, _, paths = commit.partition(b"\0\n")
            found[sha.decode("ascii")] = [path_of(path) for path in paths.split(b"\0") if path]
        return Made(found)

    def _differences(self, shas: list[str]) -> Made:
        """Read what commits changed: with all renames where every content is here, else with the certain ones."""
        try:
            return Made(self._differing(_INEXACT, shas))
        except GitError as error:
            if not error.missing:
                raise
        exact = self._differing(_EXACT, shas)
        contents = {name.encode("ascii") for files in exact.values() for file in files for name in _contents(file)}
        absent = {name.decode("ascii") for name in missing(self._git, contents)}
        whole = [sha for sha, files in exact.items() if absent.isdisjoint(n for file in files for n in _contents(file))]
        return Made(self._differing(_INEXACT, whole) if whole else {}, exact)

    def _differing(self, renames: str, shas: list[str]) -> Mapping[str, list[FileChange]]:
        options = ("--diff-merges=first-parent", "--raw", "--no-abbrev", renames, "--format=tformat:%H")
        return differences(self._log(*options, shas=shas))

    def _listed(self, *options: str, fields: Sequence[str]) -> Iterator[tuple[bytes, ...]]:
        """Give some fields of the commits, newest first."""
        said = self._log(*options, f"--format=tformat:{'%x00'.join(fields)}")
        return zip(*[iter(said.split(b"\0"))] * len(fields), strict=False)

    def _log(self, *options: str, shas: Sequence[str] = ()) -> bytes:
        which = ("--no-walk=unsorted", "--stdin") if shas else (self.sha,)
        mailmap = f"mailmap.blob={self.sha}:.mailmap"
        fixed = ("-z", "--no-ext-diff", "--no-textconv")
        stdin = "".join(f"{sha}\n" for sha in shas).encode("ascii")
        return self._git.run("-c", mailmap, "log", *fixed, *options, *which, "--", stdin=stdin)


def _contents(file: FileChange) -> Iterator[str]:
    return filter(None, (file.before, file.after))


def _change(header: tuple[bytes, ...], files: Iterable[Iterable[str]], people: Identities) -> Change:
    sha, parents, at, name, mail, subject, body = header
    return Change(
        sha=sha.decode("ascii"),
        at=moment(at),
        author=people.number(name, mail),
        subject=subject.decode("utf-8", "replace"),
        parents=tuple(parents.decode("ascii").split()),
        files=tuple(FileChange(*file) for file in files),
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
