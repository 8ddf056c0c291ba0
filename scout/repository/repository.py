"""One git repository: its commits, tags, trees and history."""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

from scout.errors import UsageError
from scout.model import digest
from scout.repository import _place
from scout.repository._call import GitError
from scout.repository._git import Git, ask
from scout.repository._kept import Kept, Made
from scout.repository._objects import Objects
from scout.repository.history import History
from scout.repository.log import Log
from scout.repository.tree import Tree


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag on a commit.

    Attributes:
        sha: the commit it peels to.
        at: when it was made (UTC): the tagger's time, or the commit's for a lightweight tag.
    """

    name: str
    sha: str
    at: datetime


class Repository:
    """A git repository, read only, without a work tree and without the network. Close it, or use it in `with`.

    Attributes:
        root: top of the work tree; the git folder when bare.
        git_dir: the git folder.
        bare: whether it has no work tree.
        shallow: whether older history is cut off.
    """

    def __init__(self, place: _place.Place, cache: Path | None = None) -> None:
        self.root = place.root
        self.git_dir = place.git_dir
        self.bare = place.bare
        self.shallow = place.shallow
        self.git = Git(place.objects, place.shallow_file, place.object_format)
        self.objects = Objects(self.git)
        self._kept = Kept(cache, place.git_dir, self.cut)
        self._trees: dict[str, Tree] = {}
        self._histories: dict[str, History] = {}

    @classmethod
    def open(cls, path: Path, cache: Path | None = None) -> Self:
        """Return the repository that the folder `path` is in, looking upward as git does.

        Args:
            path: the folder.
            cache: where results of expensive passes are kept from run to run; by default they are not.

        Raises:
            UsageError: no such folder, no repository there, or one that belongs to another user.
        """
        return cls(_place.find(path), cache)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """End all git processes and remove what they needed."""
        self.objects.close()
        self.git.close()
        self._kept.close()

    def resolve(self, rev: str = "HEAD") -> str:
        """Return the full name of the commit that `rev` (branch, tag, abbreviated name…) means.

        Raises:
            EmptyRepositoryError: there are no commits yet.
            UsageError: no commit is called so.
        """
        if rev and not rev.startswith("-") and "\0" not in rev:
            try:
                said = ask(self.git_dir, "rev-parse", "--verify", "--quiet", f"{rev}^{{commit}}")
                return said.decode("ascii").strip()
            except GitError:
                if not self._refs and self.branch() is not None:
                    raise _place.EmptyRepositoryError(self.root) from None
        message = f"'{rev}' is not a commit of the repository at '{self.root}'."
        raise UsageError(message, "Give a branch, a tag or a commit's SHA; `git log --all` shows them.")

    def branch(self) -> str | None:
        """Return the current branch, or None when HEAD is detached."""
        try:
            said = ask(self.git_dir, "symbolic-ref", "--quiet", "--short", "HEAD")
        except GitError:
            return None
        return said.decode("utf-8", "surrogateescape").strip() or None

    def remotes(self) -> dict[str, str]:
        """Return the remotes' addresses by name, without passwords and tokens."""
        try:
            said = ask(self.git_dir, "config", "--local", "-z", "--get-regexp", r"^remote\..*\.url$")
        except GitError:
            return {}
        pairs = (entry.split("\n", 1) for entry in said.decode("utf-8", "replace").split("\0") if "\n" in entry)
        return {name.removeprefix("remote.").removesuffix(".url"): _without_secrets(url) for name, url in pairs}

    def tags(self) -> tuple[Tag, ...]:
        """Return the tags on commits that are in this copy, oldest first."""
        refs = _by_object(self._refs, "refs/tags/")
        peeled = self.objects.commits(refs)
        contents = zip(peeled, self.objects.read_many(peeled), strict=True)
        times = {oid: _when(content) for oid, content in contents if content is not None}
        found = (Tag(name, peeled[oid], at) for oid, at in times.items() for name in refs[oid])
        return tuple(sorted(found, key=lambda tag: (tag.at, tag.name)))

    def tag_digest(self) -> str:
        """Return a digest that changes whenever a tag is made, moved or removed; it reads names only."""
        return digest(*sorted((name, oid) for oid, name in self._refs if name.startswith("refs/tags/")))

    def tree(self, sha: str) -> Tree:
        """Return the files of a commit; the same object for the same commit."""
        return self._trees.setdefault(sha, Tree(self.git, self.objects, sha, self._kept))

    def history(self, sha: str) -> History:
        """Return the history that leads to a commit; nothing is read before it is asked for."""
        made = History(self.git, self.objects, sha, self._kept, shallow=self.shallow)
        return self._histories.setdefault(sha, made)

    def told(self, what: str, names: Iterable[str], answer: Callable[[str], Any]) -> dict[str, Any]:
        """Return what a question says of objects, by name; it is asked once of each, and again where it had no answer.

        Args:
            what: the question, and all that its answers depend on beside the objects, such as the code behind it.
            names: of objects, such as commits.
            answer: gives what JSON can hold; None where it has no answer.
        """

        def make(absent: list[str]) -> Made:
            answers = ((name, answer(name)) for name in absent)
            return Made({name: one for name, one in answers if one is not None})

        return self._kept.made(what, names, make)

    def log(self, sha: str, salt: bytes) -> Log:
        """Return all commits that lead to a commit, for the warehouse; `salt` is the key of the pseudonyms."""
        return Log(self.git, sha, salt)

    def mailmap(self, sha: str) -> str:
        """Return the name of the content of a commit's `.mailmap`; empty where there is none."""
        said = self.git.run("cat-file", "--batch-check=%(objectname)", stdin=f"{sha}:.mailmap\n".encode("ascii"))
        found = said.decode("ascii", "replace").strip()
        return "" if " " in found else found

    @cached_property
    def cut(self) -> str:
        """Which commits' parents are cut off in a shallow clone, as a digest; empty in a whole one."""
        shallow = self.git.folder / "shallow"
        return hashlib.blake2b(shallow.read_bytes(), digest_size=8).hexdigest() if shallow.is_file() else ""

    @cached_property
    def _refs(self) -> tuple[tuple[str, str], ...]:
        said = ask(self.git_dir, "for-each-ref", "--format=%(objectname) %(refname)")
        lines = said.decode("utf-8", "surrogateescape").splitlines()
        return tuple((oid, name) for oid, _, name in (line.partition(" ") for line in lines))


_STAMP = re.compile(rb"^(?:tagger|committer) .*> (\d+)", re.MULTILINE)


def _by_object(refs: tuple[tuple[str, str], ...], prefix: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for oid, name in refs:
        if name.startswith(prefix):
            found.setdefault(oid, []).append(name.removeprefix(prefix))
    return found


def _when(content: bytes) -> datetime:
    found = _STAMP.search(content.partition(b"\n\n")[0])
    return datetime.fromtimestamp(min(int(found.group(1)), 253402300799) if found else 0, UTC)


def _without_secrets(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if "@" not in parts.netloc or parts.scheme not in {"http", "https"}:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
