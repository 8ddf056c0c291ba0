"""The cursor of the source: a place for each stream, and when it was last looked for what is gone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from scout.sources._github.place import Place
from scout.sources._github.shape import moment, part, text
from scout.sources._github.streams import STREAMS

FORMAT = "1"
"""Raised when cursors of older versions can no longer be understood: everything is read again then."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where the last pull ended.

    Attributes:
        places: by stream.
        swept_at: when all was last compared with what the tracker shows; None never.
    """

    places: Mapping[str, Place] = field(default_factory=dict[str, Place])
    swept_at: datetime | None = None

    @classmethod
    def of(cls, cursor: Mapping[str, Any] | None) -> "Position":
        """Return the position that a cursor describes; the beginning where it describes none."""
        if not cursor or text(cursor.get("basis")) != FORMAT:
            return cls()
        places = {name: Place.of(value) for name, value in part(cursor, "streams").items() if name in STREAMS}
        return cls({name: one for name, one in places.items() if one}, moment(cursor.get("swept_at")))

    def json(self, repository: str) -> dict[str, Any]:
        """Return the cursor."""
        swept = {"swept_at": self.swept_at.astimezone(UTC).isoformat()} if self.swept_at else {}
        streams = {name: said for name, place in sorted(self.places.items()) if (said := place.json())}
        return {"basis": FORMAT, "repository": repository, "streams": streams, **swept}

    def sweep_due(self, now: datetime, hours: float) -> bool:
        """Return whether it is time to look for what is gone. A clock that was set back makes it so, too."""
        if self.swept_at is None:
            return True
        return not timedelta(0) <= now - self.swept_at < timedelta(hours=hours)
