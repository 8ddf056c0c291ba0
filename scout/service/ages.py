"""How old what Scout knows of each source is, and whether that is older than it should be."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from scout.clock import ago
from scout.model import Frozen, Outcome
from scout.service.wiring import Project, Workspace
from scout.settings import Cadence
from scout.warehouse.freshness import SourceState

PERIODS: dict[Cadence, timedelta] = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
}
MISSED = 2  # periods without an answer make a snapshot old
UNREAD = frozenset({Outcome.UNAVAILABLE, Outcome.ERROR})


class StreamAge(Frozen):
    """One stream of a source.

    Attributes:
        fetched_at: when it was last read to the end (UTC); None when it never was.
        outcome: how the last try ended.
        reason: why it was not read; empty when it was.
        old: whether it is older than two periods of the project's cadence.
    """

    stream: str
    fetched_at: datetime | None
    outcome: Outcome
    reason: str = ""
    old: bool = False


class SourceAge(Frozen):
    """One source of a project.

    Attributes:
        fetched_at: when it was last read to the end (UTC); None when it never was.
        tried_at: when it was last tried (UTC); None when it never was.
        outcome: how the last try ended; None when it was never tried.
        reason: why it was not read; empty when it was.
        until: when it is worth trying again (UTC), where the tracker said so.
        required: whether its silence makes the project blind.
        old: whether it is older than two periods of the project's cadence.
        streams: its streams, by name, where it has several.
    """

    source: str
    fetched_at: datetime | None = None
    tried_at: datetime | None = None
    outcome: Outcome | None = None
    reason: str = ""
    until: datetime | None = None
    required: bool = False
    old: bool = False
    streams: tuple[StreamAge, ...] = ()

    @property
    def unread(self) -> bool:
        """Whether the last try could not read it, or not all of it."""
        return self.outcome in UNREAD


def limit_of(project: Project) -> timedelta:
    """Return the age from which on a snapshot of the project is old."""
    return MISSED * PERIODS[project.cadence]


def ages(work: Workspace, project: Project) -> tuple[SourceAge, ...]:
    """Return the ages of a project's sources: those it has now, in their order."""
    states = work.freshness.states(project.id)
    oldest = work.now - limit_of(project)
    return tuple(
        _age(one.id, states.get(one.id), oldest, required=one.id in project.required) for one in project.sources
    )


def trouble(source: SourceAge, now: datetime) -> str:
    """Return what a reader must know about a source's age, in a clause; nothing when it is as it should be."""
    if source.unread:
        again = f"; it answers again from {source.until:%Y-%m-%d %H:%M} UTC" if source.until else ""
        before = f"last read {ago(source.fetched_at, now)}" if source.fetched_at else "never read before"
        return f"{source.source} could not be read: {source.reason.removesuffix('.')}{again}; {before}"
    if source.outcome is Outcome.NOT_APPLICABLE:
        return ""
    if source.fetched_at is None:
        return f"{source.source} was never read"
    return f"{source.source} was last read {ago(source.fetched_at, now)}" if source.old else ""


def troubles(sources: Iterable[SourceAge], now: datetime) -> tuple[str, ...]:
    """Return what a reader must know about the ages of sources, in clauses."""
    return tuple(filter(None, (trouble(one, now) for one in sources)))


def streams_told(source: SourceAge, now: datetime) -> tuple[str, ...]:
    """Return one line for all streams of the same age and outcome."""
    alike: dict[str, list[str]] = {}
    for one in source.streams:
        reason = f": {one.reason}" if one.reason else ""
        old = ", old" if one.old else ""
        read = f" (read {ago(one.fetched_at, now)}{old})" if one.fetched_at else " (never read)"
        idle = one.outcome is Outcome.NOT_APPLICABLE
        said = f"{one.outcome.value.replace('_', ' ')}{reason}{'' if idle else read}"
        alike.setdefault(said, []).append(one.stream)
    return tuple(f"{', '.join(names)}: {said}" for said, names in alike.items())


def _age(source: str, state: SourceState | None, oldest: datetime, *, required: bool) -> SourceAge:
    if state is None:
        return SourceAge(source=source, required=required)
    return SourceAge(
        source=source,
        fetched_at=state.fetched_at,
        tried_at=state.tried_at,
        outcome=state.outcome,
        reason=state.reason,
        until=state.until,
        required=required,
        old=_old(state.fetched_at, oldest),
        streams=tuple(
            StreamAge(
                stream=name,
                fetched_at=one.fetched_at,
                outcome=one.outcome,
                reason=one.reason,
                old=_old(one.fetched_at, oldest),
            )
            for name, one in sorted(state.streams.items())
        ),
    )


def _old(fetched_at: datetime | None, oldest: datetime) -> bool:
    return fetched_at is not None and fetched_at < oldest
