"""What publishers into trackers on a network share: settings, and how writes are sent."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from scout.model import Visibility, WorkKind
from scout.remote.call import Call, Page
from scout.remote.caller import Caller
from scout.remote.failure import LimitedError, UnclearError
from scout.remote.writes import PER_HOUR, PER_MINUTE, Writes
from scout.settings import ServerSettings


class TrackerPublishing(ServerSettings):
    """What every publisher into a tracker may be told; what it is not told comes from the source of the same name."""

    labels: tuple[str, ...] = Field(default=(), description="labels that every ticket gets beside its scout and size")
    types: dict[WorkKind, str] = Field(default={}, description="the tracker's type by kind of work: {bug = 'Bug'}")
    listing_lag: Annotated[float, Field(ge=0, le=3600)] = Field(
        default=60, description="seconds that the tracker may need to list what was filed"
    )
    writes_per_minute: Annotated[int, Field(ge=1, le=PER_MINUTE)] = Field(
        default=PER_MINUTE, description="contents written in any minute, at most"
    )
    writes_per_hour: Annotated[int, Field(ge=1, le=PER_HOUR)] = Field(
        default=PER_HOUR, description="contents written in any hour, at most"
    )
    refinements: Literal["edit", "comment"] = Field(
        default="edit", description="how an accepted refinement reaches its ticket: in place of its text, or below it"
    )
    readers: Visibility = Field(
        default=Visibility.PRIVATE, description="who may read the tracker, where it does not say so itself"
    )

    @property
    def server(self) -> str:
        """The server, the same for all who write to it, however they spell its address."""
        return (self.url or "").strip().rstrip("/").casefold()


def writes_of(settings: TrackerPublishing, home: Path, account: str) -> Writes:
    """Return the limits on what an account writes, shared through the state folder.

    Args:
        settings: the limits and the patience count.
        home: the state folder.
        account: a digest of host and credential.
    """
    return Writes(
        home / "limits",
        account,
        per_minute=settings.writes_per_minute,
        per_hour=settings.writes_per_hour,
        patience=settings.patience,
    )


class Sender:
    """Sends what writes, within the tracker's limits, once.

    Args:
        ask: the tracker.
        writes: its limits on contents.
        host: its name, for errors.
    """

    def __init__(self, ask: Caller, writes: Writes, host: str) -> None:
        self.ask = ask
        self._writes = writes
        self._host = host

    def send(
        self, method: str, path: str, body: Mapping[str, Any] | None, good: Callable[[Any], bool] = lambda _: True
    ) -> Page:
        """Send a request that writes.

        Raises:
            RefusedError: it was refused, and nothing was written.
            LimitedError: it was not sent: the limit on writes lasts longer than our patience.
            UnclearError: whether it was carried out is unknown.
            BrokenError: it was not sent.
        """
        self._writes.take(self._host)
        try:
            return self.ask(Call(path, method=method, body=body and dict(body), reads=False), good)
        except LimitedError as error:  # a proxy may say so of what went through
            raise UnclearError(error.what, error.remedy, everywhere=True) from error
