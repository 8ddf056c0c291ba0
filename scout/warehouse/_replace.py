"""Files that are replaced whole: whoever reads sees the old one or the new one, never a mixture."""

import contextlib
import errno
import glob
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from scout.errors import StoreError

_ABANDONED = 3600.0  # seconds
_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)


def replace_file(path: Path, content: bytes) -> None:
    """Write `content` to `path` with mode 0600: beside it first, flushed to the disk, then renamed.

    What processes that were killed left beside it is swept after an hour.

    Raises:
        StoreError: the folder cannot be written or the disk is full; what was there is intact.
    """
    with told(path):
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
        beside = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            written = beside.stat().st_mtime
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        for other in path.parent.glob(f".{glob.escape(path.name)}.*.new"):
            with contextlib.suppress(FileNotFoundError):  # another process sweeps too, or has just renamed it
                if other.stat().st_mtime < written - _ABANDONED:
                    other.unlink()


@contextmanager
def locked(path: Path, wait: float = 10.0) -> Generator[None, None, None]:
    """Hold the lock that belongs to `path` (a file beside it with `.lock` added), making its folder where needed.

    Raises:
        StoreError: the folder cannot be written, or another process kept the lock for `wait` seconds.
    """
    lock = FileLock(f"{path}.lock", timeout=wait, mode=0o600)
    with told(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout as error:
            what = f"Another process has kept {path}.lock for {wait:g} seconds."
            raise StoreError(what, "Wait for the other `scout` to end, then try again.") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def told(path: Path) -> Generator[None, None, None]:
    """Turn the operating system's refusals about `path` into a sentence and a remedy.

    Raises:
        StoreError: instead of any OSError.
    """
    try:
        yield
    except OSError as error:
        raise _refusal(path, error) from error


def no_space(path: Path) -> StoreError:
    """Return what to say when the disk of `path` is full."""
    what = f"There is no space left to write {path}; what was there before is intact."
    return StoreError(what, f"Free some space on the disk of {path.parent}, then try again.")


def not_writable(path: Path) -> StoreError:
    """Return what to say when `path` may not be written."""
    what = f"{path} cannot be written: the file or its folder is read-only."
    return StoreError(what, "Make it writable, or point SCOUT_HOME at a folder that is.")


def _refusal(path: Path, error: OSError) -> StoreError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return no_space(path)
    if error.errno in _READ_ONLY:
        return not_writable(path)
    what = f"{path} cannot be used: {error.strerror or error}."
    return StoreError(what, "Check the folder, or point SCOUT_HOME elsewhere.")
