"""Where workers leave what they fetched: Parquet parts in a folder of their own, and a manifest when they are done.

Workers share nothing and never open the warehouse. A folder without a manifest is that of a worker that was aborted:
it is ignored and swept.
"""

import re
import secrets
import shutil
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from filelock import FileLock, Timeout
from pydantic import ValidationError

from scout.errors import StoreError
from scout.model import Frozen
from scout.warehouse._replace import replace_file, told
from scout.warehouse.freshness import Ending
from scout.warehouse.streams import STREAMS

if TYPE_CHECKING:
    from scout.warehouse._arrow import Rows

_MANIFEST = "manifest.json"
_AREA = re.compile(r"[0-9a-f]{16}")
_READ = Ending()


class Pulled(Frozen):
    """How far one source was read.

    Attributes:
        cursor: where the next pull goes on, JSON values.
        full: whether everything of this source is staged, so that what is not staged is gone.
        whole: streams of which everything is staged, though the source as a whole was read incrementally. For sources
            of records these are their own streams, else names in `streams.KEYED`.
        ending: how the pull ended; what is staged counts all the same. None where nothing was pulled.
    """

    cursor: dict[str, Any]
    full: bool
    whole: tuple[str, ...] = ()
    ending: Ending | None = Ending()


class Manifest(Frozen):
    """What a finished worker staged: files by stream in the order they were written, and sources by id."""

    parts: dict[str, tuple[str, ...]]
    sources: dict[str, Pulled]


class Staging:
    """One worker's folder; as a context manager it is finished when the block ends well.

    Args:
        folder: made when it is missing; nobody else writes there.

    Attributes:
        rows: how many rows were written by stream; records count by the source's own streams, core rows not at all.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._parts: dict[str, list[str]] = {}
        self._sources: dict[str, Pulled] = {}
        self.rows: Counter[str] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.finish()

    def write(self, stream: str, rows: "Rows") -> None:
        """Add a part to a stream.

        Of two rows with the same key, the one written later counts.

        Args:
            stream: a name in `streams.STREAMS`.
            rows: all of its columns and no others, in any order: Arrow rows, or a mapping from name to values.

        Raises:
            ValueError: the rows do not have the stream's columns.
            StoreError: the folder cannot be written or the disk is full.
        """
        known = self._parts.setdefault(stream, [])
        name = f"{stream}-{len(known):05}.parquet"
        with told(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            from scout.warehouse._arrow import write_part  # here: a run without news needs no Arrow

            self.rows += write_part(STREAMS[stream], rows, self.folder / name)
        known.append(name)

    def cursor(
        self,
        source: str,
        cursor: dict[str, Any],
        *,
        full: bool,
        whole: tuple[str, ...] = (),
        ending: Ending | None = _READ,
    ) -> None:
        """Say how far a source was read; without this, nothing of it counts as gone and its cursor stays.

        Args:
            source: the source's id.
            cursor: where the next pull goes on, JSON values.
            full: whether everything of this source is staged, so that what is not staged is gone.
            whole: streams of which everything is staged even when `full` is not set.
            ending: how the pull ended; None where nothing was pulled.
        """
        self._sources[source] = Pulled(cursor=cursor, full=full, whole=whole, ending=ending)

    def finish(self) -> None:
        """Write the manifest, last and in one step: from here on the folder counts.

        Raises:
            StoreError: the folder cannot be written or the disk is full.
        """
        manifest = Manifest(parts={name: tuple(parts) for name, parts in self._parts.items()}, sources=self._sources)
        with told(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(self.folder / _MANIFEST, manifest.model_dump_json().encode())

    def manifest(self) -> Manifest | None:
        """Return what was staged; None when the worker did not finish.

        Raises:
            StoreError: the manifest cannot be read.
        """
        try:
            return Manifest.model_validate_json((self.folder / _MANIFEST).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            what = f"What was staged in {self.folder} cannot be read."
            raise StoreError(what, f"Delete it with `rm -r {self.folder}`, then run `scout run` again.") from error

    def remove(self) -> None:
        """Delete the folder, manifest first, so that half a folder never counts.

        Raises:
            StoreError: it cannot be deleted.
        """
        with told(self.folder):
            (self.folder / _MANIFEST).unlink(missing_ok=True)
            if self.folder.exists():
                shutil.rmtree(self.folder)


@contextmanager
def staging_area(root: Path) -> Generator[Path, None, None]:
    """Yield a fresh folder for the workers of one run; it is deleted at the end.

    Folders of runs that were killed are swept first: they are those whose lock nobody holds. Their cursors were never
    stored, so the next pull brings the same rows again. Other folders there are left alone.

    Args:
        root: the folder of all runs.

    Raises:
        StoreError: it cannot be written.
    """
    with told(root):
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(root)
        area = root / secrets.token_hex(8)
        lock = _lock(area)
        lock.acquire()
        area.mkdir(mode=0o700)
    try:
        yield area
    finally:
        with told(root):
            _clear(area)
            lock.release()


def _sweep(root: Path) -> None:
    for name in sorted(filter(_AREA.fullmatch, {path.name.removesuffix(".lock") for path in root.iterdir()})):
        lock = _lock(root / name)
        try:
            lock.acquire(blocking=False)
        except Timeout:  # its run is at work
            continue
        _clear(root / name)
        lock.release()


def _clear(area: Path) -> None:
    if area.exists():
        shutil.rmtree(area)
    Path(f"{area}.lock").unlink(missing_ok=True)


def _lock(area: Path) -> FileLock:
    return FileLock(f"{area}.lock", mode=0o600)
