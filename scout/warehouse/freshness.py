"""How old what Scout knows is: `sources.json` beside the warehouse, read and replaced without opening DuckDB.

For each project and source it says when it was last read, how that ended and where the next pull goes on (the
cursor). Cursors are only believed while the warehouse file is exactly the one they were written for: its id and its
stamp (inode, size, time of change) stand in the same file. Deleted, restored from a copy or changed by a process that
was killed before it could say so, the warehouse's own table of cursors decides.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from scout.model import Frozen, Outcome
from scout.warehouse._replace import locked, replace_file, told

__all__ = ["Cursor", "Ending", "Freshness", "SourceState", "StreamAge", "replace_file"]

Cursor = dict[str, Any]
Stamp = tuple[int, int, int]
_READ = {Outcome.PRESENT, Outcome.ABSENT}


class StreamAge(Frozen):
    """What is known about one stream of a source.

    Attributes:
        outcome: how the last try ended.
        reason: why it was not read; empty when it was.
        fetched_at: when it was last read to the end (UTC); None when it never was.
    """

    outcome: Outcome
    reason: str = ""
    fetched_at: datetime | None = None


class SourceState(Frozen):
    """What is known about one source of one project.

    Attributes:
        fetched_at: when it was last read to the end (UTC); None when it never was.
        tried_at: when it was last tried (UTC).
        outcome: how the last try ended: `present` or `absent` when it was read, else `unavailable` or `error`.
        reason: why it was not read; empty when it was.
        streams: its streams by name, where it has several.
        until: when it is worth trying again (UTC), where the tracker said so.
    """

    fetched_at: datetime | None = None
    tried_at: datetime
    outcome: Outcome
    reason: str = ""
    streams: dict[str, StreamAge] = {}
    until: datetime | None = None


class Ending(Frozen):
    """How a try to read a source ended.

    Attributes:
        outcome: `present` or `absent` when it was read to the end.
        reason: why it was not.
        streams: how each of its streams ended, where it has several; their `fetched_at` is filled in here.
        until: when it is worth trying again (UTC).
    """

    outcome: Outcome = Outcome.PRESENT
    reason: str = ""
    streams: dict[str, StreamAge] = {}
    until: datetime | None = None

    def state(self, before: SourceState | None, at: datetime) -> SourceState:
        """Return what is known after a try at `at` (UTC) that ended so, given what was known before."""
        known = before.streams if before else {}
        streams = self.streams
        if not streams and self.outcome not in _READ:  # nothing was said about them: none of them was read
            streams = {name: StreamAge(outcome=self.outcome, reason=self.reason) for name in known}
        return SourceState(
            fetched_at=at if self.outcome in _READ else before and before.fetched_at,
            tried_at=at,
            outcome=self.outcome,
            reason=self.reason,
            streams={name: _aged(one, known.get(name), at) for name, one in streams.items()},
            until=self.until,
        )


def _aged(age: StreamAge, before: StreamAge | None, at: datetime) -> StreamAge:
    return age.having(fetched_at=at if age.outcome in _READ else before and before.fetched_at)


class _Sheet(Frozen):
    """The whole file: the warehouse it was written for, all its cursors, and states; both by project and source."""

    warehouse: str = ""
    stamp: Stamp | None = None
    cursors: dict[str, dict[str, Cursor]] = Field(default_factory=dict[str, dict[str, Cursor]])
    sources: dict[str, dict[str, SourceState]] = Field(default_factory=dict[str, dict[str, SourceState]])


class Freshness:
    """`sources.json`, the sources' states.

    Args:
        path: the file; it need not exist.
        warehouse: the warehouse file it belongs to; `warehouse.duckdb` beside it by default.

    Attributes:
        warning: what was wrong with the file when it was last read; empty when nothing was.
    """

    def __init__(self, path: Path, warehouse: Path | None = None) -> None:
        self.path = path
        self.warehouse = warehouse or path.with_name("warehouse.duckdb")
        self.warning = ""
        self._kept: tuple[Stamp, _Sheet] | None = None

    def states(self, project: str) -> Mapping[str, SourceState]:
        """Return the states of a project's sources by id."""
        return self._read().sources.get(project, {})

    def cursors(self, project: str) -> Mapping[str, Cursor] | None:
        """Return where the next pulls of a project go on, by source; a source without one was never read.

        None says that only the warehouse itself can tell (`merge.stored_cursor` asks it).
        """
        sheet = self._read()
        return sheet.cursors.get(project, {}) if self._matches(sheet) else None

    def cursor(self, project: str, source: str) -> Cursor | None:
        """Return where the next pull of a source goes on; None when there is none or it cannot be believed."""
        return (self.cursors(project) or {}).get(source)

    def record(
        self, project: str, source: str, ending: Ending, *, at: datetime, cursor: Cursor | None = None
    ) -> SourceState:
        """Say how a try to read a source ended, and return its new state.

        Args:
            project: the project's id.
            source: the source's id.
            ending: how it ended.
            at: when it was tried (UTC).
            cursor: where the next pull goes on; None keeps what is known.

        Raises:
            StoreError: the file cannot be written.
        """
        made: list[SourceState] = []

        def changed(sheet: _Sheet) -> _Sheet:
            state = ending.state(sheet.sources.get(project, {}).get(source), at)
            made.append(state)
            states = {**sheet.sources.get(project, {}), source: state}
            known = sheet.cursors.get(project, {})
            if cursor is not None:
                known = {**known, source: cursor}
            return sheet.having(sources={**sheet.sources, project: states}, cursors={**sheet.cursors, project: known})

        self._change(changed)
        return made[-1]

    def proceed(self, project: str, source: str, cursor: Cursor) -> None:
        """Say where the next pull of a source goes on; how old it is stays as it was.

        Raises:
            StoreError: the file cannot be written.
        """

        def changed(sheet: _Sheet) -> _Sheet:
            known = {**sheet.cursors.get(project, {}), source: cursor}
            return sheet.having(cursors={**sheet.cursors, project: known})

        self._change(changed)

    def believed(self, identity: str) -> bool:
        """Return whether the cursors were written for the warehouse file as it is now, whose id is `identity`."""
        sheet = self._read()
        return sheet.warehouse == identity and self._matches(sheet)

    def settle(self, identity: str, cursors: Mapping[str, Mapping[str, Cursor]] | None) -> None:
        """Bind the file to the warehouse as it is now; the store calls it after each write.

        Args:
            identity: the warehouse's id.
            cursors: by project and source, what the warehouse itself says, to replace those here; None when those
                here were believed before the write.

        Raises:
            StoreError: the file cannot be written.
        """
        with told(self.warehouse):
            stamp = _stamp(self.warehouse)

        def changed(sheet: _Sheet) -> _Sheet:
            known = sheet.cursors if cursors is None else cursors
            return sheet.having(warehouse=identity, stamp=stamp, cursors=known)

        self._change(changed)

    def _change(self, change: Callable[[_Sheet], _Sheet]) -> None:
        with locked(self.path):
            before = self._read()
            after = change(before)
            if self.warning:
                self._set_aside()
            if after != before or self.warning:
                replace_file(self.path, f"{after.model_dump_json(indent=1)}\n".encode())

    def _read(self) -> _Sheet:
        """Return the file's content; what was read before counts as long as the file is the same."""
        self.warning = ""
        try:
            stamp = _stamp(self.path)
            if self._kept is None or self._kept[0] != stamp:
                self._kept = stamp, _Sheet.model_validate_json(self.path.read_bytes())
            return self._kept[1]
        except FileNotFoundError:
            return _Sheet()
        except (OSError, ValidationError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not the JSON that Scout writes"
            self.warning = f"{self.path} was not used: {reason}. Every source is read again."
            return _Sheet()

    def _set_aside(self) -> None:
        with told(self.path), suppress(FileNotFoundError):
            self.path.replace(self.path.with_name(f"{self.path.name}.broken"))

    def _matches(self, sheet: _Sheet) -> bool:
        try:
            return sheet.stamp is not None and sheet.stamp == _stamp(self.warehouse)
        except OSError:  # missing or out of reach: nothing here is about it
            return False


def _stamp(path: Path) -> Stamp:
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns
