"""What scouts see of trackers: the rows of `core`, as they were last pulled."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, TypeVar, cast

from scout.warehouse.records import (
    ChangeRow,
    CoreRow,
    JobRow,
    LinkRow,
    RunRow,
    TicketRow,
)

Row = TypeVar("Row", bound=NamedTuple)


@dataclass(frozen=True)
class Core:
    """The core rows of one project; each table is read at the first question, then kept.

    Attributes:
        read: gives all rows of a table, in a fixed order.
        digest: of all there is; changes when a row does.
    """

    read: Callable[[type[CoreRow]], Iterable[CoreRow]] = field(default=lambda _: (), repr=False)
    digest: str = ""

    @classmethod
    def holding(cls, rows: Iterable[CoreRow]) -> "Core":
        """Return a core with just these rows."""
        held = tuple(rows)
        return cls(lambda kind: [row for row in held if isinstance(row, kind)])

    def of(self, kind: type[Row]) -> tuple[Row, ...]:
        """Return the rows of a table, by their class: `core.of(TicketRow)`."""
        if kind not in self._kept:
            self._kept[kind] = tuple(self.read(cast("type[CoreRow]", kind)))
        return cast("tuple[Row, ...]", self._kept[kind])

    @cached_property
    def tickets(self) -> Mapping[str, TicketRow]:
        """All tickets by key."""
        return {row.key: row for row in self.of(TicketRow)}

    @cached_property
    def changes(self) -> Mapping[str, ChangeRow]:
        """All pull requests by key."""
        return {row.key: row for row in self.of(ChangeRow)}

    @cached_property
    def runs(self) -> Mapping[str, RunRow]:
        """All runs of workflows by key."""
        return {row.key: row for row in self.of(RunRow)}

    @cached_property
    def jobs(self) -> Mapping[str, tuple[JobRow, ...]]:
        """The jobs of each run by the run's key."""
        return _grouped(self.of(JobRow), lambda row: row.run)

    @cached_property
    def links(self) -> Mapping[str, tuple[LinkRow, ...]]:
        """The links that start at each ticket or change, by its key."""
        return _grouped(self.of(LinkRow), lambda row: row.subject)

    @cached_property
    def _kept(self) -> dict[type[NamedTuple], tuple[CoreRow, ...]]:
        return {}


def _grouped(rows: Iterable[Row], key: Callable[[Row], str]) -> Mapping[str, tuple[Row, ...]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return {name: tuple(group) for name, group in found.items()}
