"""The files of one commit: names, contents, classes, and what is ignored there. Nothing is checked out."""

import re
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from scout.errors import UnavailableError
from scout.repository._git import Git
from scout.repository._kept import Kept, Made
from scout.repository._objects import Objects
from scout.repository.classes import Classifier, FileClass
from scout.repository.decoding import decoded
from scout.repository.ignore import Ignored

MOST_BYTES = 1 << 20
_CACHED_BYTES = 64 << 20
_LINK = "120000"
_SUBMODULE = "160000"


class MissingBlobError(UnavailableError):
    """A file's content is not in this copy of the repository (partial or damaged clone)."""

    def __init__(self, path: str) -> None:
        super().__init__(f"The content of '{path}' is not in this clone.", "Use a clone with all its blobs.")


class TooLargeError(UnavailableError):
    """A file is larger than Scout reads."""

    def __init__(self, path: str, size: int) -> None:
        message = f"'{path}' has {size:,} bytes, more than the {MOST_BYTES:,} that are read."
        super().__init__(message, "Leave it out: files of this size are data, not code.")


@dataclass(frozen=True, slots=True)
class File:
    """One entry of a tree.

    Attributes:
        path: from the root, with `/`; bytes that are no UTF-8 are kept as lone surrogates.
        blob: name of its content.
        size: in bytes; None when the content is not in this copy (and for submodules).
        mode: git's, such as `100644`, `100755`, `120000` (link).
    """

    path: str
    blob: str
    size: int | None
    mode: str


class Tree:
    """All files of one commit.

    Attributes:
        sha: the commit.
    """

    def __init__(self, git: Git, objects: Objects, sha: str, kept: Kept) -> None:
        self.sha = sha
        self._git = git
        self._objects = objects
        self._kept = kept
        self._cache: OrderedDict[str, bytes] = OrderedDict()
        self._cached_bytes = 0
        self._unavailable: set[str] = set()
        self._missed: set[str] = set()

    @cached_property
    def files(self) -> Mapping[str, File]:
        """Regular files by path, sorted by path."""
        return self._kind(lambda file: file.mode not in {_LINK, _SUBMODULE})

    @cached_property
    def links(self) -> Mapping[str, File]:
        """Symbolic links by path; they are never followed."""
        return self._kind(lambda file: file.mode == _LINK)

    @cached_property
    def submodules(self) -> Mapping[str, File]:
        """Submodules by path; `blob` is the commit they stand at."""
        return self._kind(lambda file: file.mode == _SUBMODULE)

    @cached_property
    def folders(self) -> frozenset[str]:
        """All folders that hold something, without the root."""
        found: set[str] = set()
        for path in self._entries:
            folder = path.rpartition("/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    @property
    def unavailable(self) -> tuple[str, ...]:
        """Paths whose content was asked for and is not in this copy, sorted."""
        return tuple(sorted(self._unavailable))

    def missed(self) -> tuple[str, ...]:
        """Return the paths that were asked for in vain since the last call, sorted, and begin anew."""
        missed = tuple(sorted(self._missed))
        self._missed.clear()
        return missed

    def exists(self, path: str) -> bool:
        """Say whether there is a file, folder, link or submodule of this name; the root is called `` or `.`."""
        path = path.removesuffix("/")
        return path in self._entries or path in self.folders or path in {"", "."}

    def content(self, path: str) -> bytes:
        """Return a regular file's bytes.

        Raises:
            KeyError: there is no such regular file.
            MissingBlobError: its content is not in this copy.
            TooLargeError: it is larger than 1 MiB.
        """
        file = self.files[path]
        if file.size is not None and file.size > MOST_BYTES:
            raise TooLargeError(path, file.size)
        if file.blob in self._cache:
            self._cache.move_to_end(file.blob)
            return self._cache[file.blob]
        content = None if file.size is None else self._objects.read(file.blob)
        if content is None:
            self._miss(path)
            raise MissingBlobError(path)
        self._keep(file.blob, content)
        return content

    def text(self, path: str) -> str | None:
        """Return a regular file's text, or None when it is missing here, binary, larger than 1 MiB or an LFS pointer.

        Encodings: UTF-8 with or without mark, UTF-16 and UTF-32 by their mark, else Latin-1.

        Raises:
            KeyError: there is no such regular file.
        """
        try:
            return decoded(self.content(path))
        except (MissingBlobError, TooLargeError):
            return None

    def search(self, pattern: re.Pattern[bytes], where: Callable[[File], bool]) -> Generator[File]:
        """Give the regular files of `where` whose bytes match somewhere, by path: one pass, cheap.

        Files above 1 MiB are passed over; those not in this copy are added to `unavailable`.
        """
        wanted = [file for file in self.files.values() if where(file)]
        readable = [file for file in wanted if file.size is not None and file.size <= MOST_BYTES]
        what = f"search {pattern.flags} {pattern.pattern!r}"
        matching = self._kept.made(what, (file.blob for file in readable), lambda blobs: self._matching(pattern, blobs))
        self._miss(*(file.path for file in wanted if file.size is None))
        self._miss(*(file.path for file in readable if file.blob not in matching))
        yield from (file for file in readable if matching.get(file.blob))

    def told(self, what: str, paths: Iterable[str], ask: Callable[[str, str], Any]) -> dict[str, Any]:
        """Return what a question says of files' texts, by path; it is asked once of each content under each name.

        Args:
            what: the question, and all that its answers depend on beside path and text, such as the code behind it.
            paths: of regular files; those without a text have no answer.
            ask: gives what JSON can hold, by path and text.
        """
        names = {f"{self.files[path].blob} {path}": path for path in paths}

        def make(absent: list[str]) -> Made:
            texts = ((name, self.text(names[name])) for name in absent)
            return Made({name: ask(names[name], text) for name, text in texts if text is not None})

        return {names[name]: answer for name, answer in self._kept.made(what, names, make).items()}

    def file_class(self, path: str) -> FileClass:
        """Return what kind of file this is: exactly one class, by path, attributes and first lines.

        Where the content is missing here, by path alone.
        """
        return self._classifier.classify(path)

    def ignored(self, path: str) -> bool:
        """Say whether the tree's `.gitignore` files exclude a path; a trailing `/` says that it is a folder."""
        return self._ignored.matches(path)

    @cached_property
    def _entries(self) -> dict[str, File]:
        said = self._git.run("ls-tree", "-r", "-l", "-z", "--full-tree", self.sha)
        listed = said.decode("utf-8", "surrogateescape").split("\0")
        return {file.path: file for file in sorted(map(_entry, listed[:-1]), key=lambda file: file.path)}

    @cached_property
    def _classifier(self) -> Classifier:
        return Classifier(self.files, self._read)

    @cached_property
    def _ignored(self) -> Ignored:
        names = [path for path in self.files if path.rpartition("/")[2] == ".gitignore"]
        return Ignored({path.rpartition("/")[0]: self._read(path) or b"" for path in names})

    def _matching(self, pattern: re.Pattern[bytes], blobs: list[str]) -> Made:
        """Read contents, those at hand first, and say of each whether it matches somewhere."""
        held = {blob: self._cache[blob] for blob in blobs if blob in self._cache}
        rest = [blob for blob in blobs if blob not in held]
        found = {blob: pattern.search(content) is not None for blob, content in held.items()}
        for blob, content in zip(rest, self._objects.read_many(rest), strict=True):
            if content is not None:
                self._keep(blob, content)
                found[blob] = pattern.search(content) is not None
        return Made(found)

    def _read(self, path: str) -> bytes | None:
        try:
            return self.content(path)
        except (MissingBlobError, TooLargeError):
            return None

    def _kind(self, belongs: Callable[[File], bool]) -> Mapping[str, File]:
        return MappingProxyType({path: file for path, file in self._entries.items() if belongs(file)})

    def _miss(self, *paths: str) -> None:
        self._unavailable.update(paths)
        self._missed.update(paths)

    def _keep(self, blob: str, content: bytes) -> None:
        self._cache[blob] = content
        self._cached_bytes += len(content)
        while self._cached_bytes > _CACHED_BYTES:
            self._cached_bytes -= len(self._cache.popitem(last=False)[1])


def _entry(line: str) -> File:
    facts, _, path = line.partition("\t")
    mode, _, blob, size = facts.split()
    return File(path, blob, int(size) if size.isdigit() else None, mode)
