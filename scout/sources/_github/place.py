"""Where the pull of one stream ended: what the next one begins with."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from scout.sources._github.shape import moment, part, text

OVERLAP = timedelta(seconds=10)
"""How far before the newest change that is known the next look goes: records may show up a little late."""
LINGERING = timedelta(days=3)
"""After this long, a record that is not settled yet is not waited for any more."""
EDGE = 200
"""Records at the edge whose digests are remembered, at most; the others are written again, which changes nothing."""
AGAIN = timedelta(days=1)
"""After this long, a stream that was refused is asked for again."""


@dataclass(frozen=True, slots=True)
class Place:
    """The position in a stream. All parts are of the tracker's clock, never ours, but for `refused_at`.

    Attributes:
        etag: of the newest page; a server that has nothing newer says 304.
        floor: time of the oldest change that may be new, as GitHub writes it.
        edge: digests of records changed since then, by key.
        top: the highest number of an issue.
        digest: of a list that is read as a whole.
        known: what else the next pull wants to know of it.
        refused_at: when it was refused, as ISO 8601; empty where it was not.
        reason: why it was refused.
    """

    etag: str = ""
    floor: str = ""
    edge: Mapping[str, str] = field(default_factory=dict[str, str])
    top: int = 0
    digest: str = ""
    known: Mapping[str, str] = field(default_factory=dict[str, str])
    refused_at: str = ""
    reason: str = ""

    def json(self) -> dict[str, Any]:
        """Return it as JSON, without what says nothing."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def of(cls, value: Any) -> "Place | None":
        """Return the place that JSON describes; None where it describes none."""
        said = part(value)
        top = said.get("top", 0)
        place = cls(
            etag=text(said.get("etag")),
            floor=text(said.get("floor")),
            edge={name: text(digest) for name, digest in part(said, "edge").items()},
            top=top if isinstance(top, int) else 0,
            digest=text(said.get("digest")),
            known={name: text(one) for name, one in part(said, "known").items()},
            refused_at=text(said.get("refused_at")),
            reason=text(said.get("reason")),
        )
        return place if place.json() else None

    def rests(self, now: datetime) -> bool:
        """Return whether it was refused so recently that it is not asked for."""
        since = moment(self.refused_at)
        return since is not None and now - since < AGAIN


def floor_of(newest: str, before: timedelta = OVERLAP) -> str:
    """Return the time from which changes may be new, given the newest one that is known."""
    at = moment(newest)
    return stamp(at - before) if at else ""


def stamp(at: datetime) -> str:
    """Return a time as GitHub writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
