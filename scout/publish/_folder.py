"""A folder that files appear in whole or not at all, once, whoever writes at the same time and whatever is killed."""

import errno
import fcntl
import os
import secrets
import stat
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from scout.errors import ConflictError, UnavailableError
from scout.text.ticket_folder import entries

_PREFIX, _SUFFIX = ".scout-", ".tmp"
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS}
_REMEDIES = {
    errno.ENOSPC: "Free some space and run `scout publish --live` again; the candidate stays in the outbox.",
    errno.EDQUOT: "Free some of your quota and run `scout publish --live` again; the candidate stays in the outbox.",
}
_OTHERWISE = "Make the folder writable and run `scout publish --live` again; the candidate stays in the outbox."


class TicketFolder:
    """One folder, used while its lock is held.

    Args:
        path: the folder, links resolved; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    @contextmanager
    def locked(self, *, create: bool) -> Generator["TicketFolder", None, None]:
        """Hold the folder's lock, which ends with the process at the latest.

        Args:
            create: make the folder when it is missing; else it is then taken as empty and cannot be written.

        Raises:
            UnavailableError: the folder cannot be made, opened, locked, read or written.
        """
        with self._told():
            if create:
                self._make()
            with suppress(FileNotFoundError):
                # O_NOFOLLOW: the last link may have been put there since the path was resolved
                self._descriptor = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                if self._descriptor >= 0:
                    fcntl.flock(self._descriptor, fcntl.LOCK_EX)
                yield self
            finally:
                if self._descriptor >= 0:
                    os.close(self._descriptor)
                    self._descriptor = -1

    def containing(self, text: bytes) -> Iterator[tuple[str, bytes]]:
        """Return name and content of the tickets in which `text` stands."""
        if self._descriptor < 0:
            return
        for entry in entries(self._path):
            with suppress(FileNotFoundError):
                content = entry.read()
                if text in content:
                    yield entry.name, content

    def free(self, names: Sequence[str]) -> str:
        """Return the first of the names that nothing has; the last one when all are taken."""
        return next((name for name in names if self._descriptor < 0 or not self._has(name)), names[-1])

    def sweep(self) -> None:
        """Delete what killed writers left behind; nobody writes while the lock is held."""
        for name in os.listdir(self._descriptor):  # noqa: PTH208 - what is locked is the descriptor, not the path
            if name.startswith(_PREFIX) and name.endswith(_SUFFIX):
                os.unlink(name, dir_fd=self._descriptor)

    def write(self, names: Sequence[str], content: bytes) -> str:
        """Write a new file under the first of the names that is free, durably, and return that name."""
        temporary = f"{_PREFIX}{secrets.token_hex(8)}{_SUFFIX}"
        try:
            self._write_whole(temporary, content)
            name = self._publish(temporary, names)
        finally:
            with suppress(OSError):  # the next writer sweeps it
                os.unlink(temporary, dir_fd=self._descriptor)
        os.fsync(self._descriptor)
        return name

    def replace(self, name: str, before: bytes, content: bytes) -> None:
        """Replace a file in the folder or a folder in it, durably, whole, and only while it is as it was read.

        Raises:
            ConflictError: it has other content by now, or is no regular file.
        """
        *folders, last = name.split("/")
        temporary = f"{_PREFIX}{secrets.token_hex(8)}{_SUFFIX}"
        with ExitStack() as opened:
            place = self._descriptor
            for folder in folders:
                place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=place)
                opened.callback(os.close, place)
            mode = _mode_of_same(place, last, before)
            try:
                self._write_whole(temporary, content, mode)
                _mode_of_same(place, last, before)  # again: writing takes time
                os.rename(temporary, last, src_dir_fd=self._descriptor, dst_dir_fd=place)
            finally:
                with suppress(OSError):  # the next writer sweeps it
                    os.unlink(temporary, dir_fd=self._descriptor)
            os.fsync(place)

    def _make(self) -> None:
        missing = [folder for folder in (self._path, *self._path.parents) if not folder.exists()]
        self._path.mkdir(parents=True, exist_ok=True)
        for folder in missing:
            _sync(folder.parent)

    def _write_whole(self, name: str, content: bytes, mode: int | None = None) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(name, flags, 0o666, dir_fd=self._descriptor)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())

    def _publish(self, temporary: str, names: Sequence[str]) -> str:
        folder = self._descriptor
        for name in names:
            try:
                os.link(temporary, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
            except FileExistsError:
                continue
            except OSError as error:
                if error.errno not in _NO_LINKS:
                    raise
                if self._has(name):
                    continue
                os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
            return name
        message = f"{self._path / names[-1]} exists and was not filed by Scout."
        raise UnavailableError(message, "Move it out of the way and run `scout publish --live` again.")

    def _has(self, name: str) -> bool:
        try:
            os.stat(name, dir_fd=self._descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True

    @contextmanager
    def _told(self) -> Generator[None, None, None]:
        try:
            yield
        except OSError as error:
            message = f"The tickets folder {self._path} cannot be used: {error.strerror or error}."
            raise UnavailableError(message, _REMEDIES.get(error.errno or 0, _OTHERWISE)) from error


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _mode_of_same(folder: int, name: str, content: bytes) -> int:
    """Return the permissions of a regular file that has this content.

    Raises:
        ConflictError: it has another content, or is gone, or is no regular file.
    """
    with suppress(FileNotFoundError):
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
        with os.fdopen(descriptor, "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if stat.S_ISREG(mode) and file.read(len(content) + 1) == content:
                return stat.S_IMODE(mode)
    raise ConflictError(f"{name} has changed meanwhile.", "Run it again.")
