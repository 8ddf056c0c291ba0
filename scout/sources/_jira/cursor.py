"""Where a pull ended, as JSON between two pulls."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from scout.sources._jira.moments import moment
from scout.sources._jira.shape import NOTHING, Json, part, word

VERSION = "1"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is remembered of a list that is read whole each time.

    Attributes:
        etag: of the last answer.
        digest: of what it said.
        lore: what other streams need of it, for when the server says that nothing changed.
    """

    etag: str = ""
    digest: str = ""
    lore: Any = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a pull ended.

    Attributes:
        url: the Jira it was.
        asked: a digest of the restriction that issues had to meet.
        cloud: whether it is Jira Cloud; None while nobody has asked.
        zone: the user's, in which queries are read; empty while nobody has asked.
        lists: what is remembered of lists, by stream; `project/<key>` for each project.
        since: the newest change that is known, by project; those without have not been read.
        edge: digests of the issues in the next overlap, by id.
        swept: when it was last looked for what is gone (our clock: it decides nothing but when to look again).
    """

    url: str
    asked: str = ""
    cloud: bool | None = None
    zone: str = ""
    lists: Mapping[str, Kept] = field(default_factory=dict[str, Kept])
    since: Mapping[str, datetime] = field(default_factory=dict[str, datetime])
    edge: Mapping[str, str] = field(default_factory=dict[str, str])
    swept: datetime | None = None

    @classmethod
    def of(cls, value: Mapping[str, Any] | None, url: str) -> "Cursor":
        """Return the cursor that a pull of this Jira left; a new one where there is none, or it was another Jira's."""
        given = part(value or NOTHING)
        if word(given, "version") != VERSION or word(given, "url") != url:
            return cls(url)
        cloud = given.get("cloud")
        return cls(
            url,
            asked=word(given, "asked"),
            cloud=cloud if isinstance(cloud, bool) else None,
            zone=word(given, "zone"),
            lists={name: _kept(part(given, "lists", name)) for name in part(given, "lists")},
            since={name: at for name, value in part(given, "since").items() if (at := moment(value))},
            edge={name: word(part(given, "edge"), name) for name in part(given, "edge")},
            swept=moment(given.get("swept")),
        )

    def json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {
            "version": VERSION,
            **{name: getattr(self, name) for name in ("url", "asked", "cloud", "zone")},
            "lists": {name: asdict(kept) for name, kept in sorted(self.lists.items())},
            "since": {name: at.isoformat() for name, at in sorted(self.since.items())},
            "edge": dict(sorted(self.edge.items())),
            "swept": self.swept.isoformat() if self.swept else None,
        }

    def anew(self, asked: str) -> "Cursor":
        """Return it without what is known of issues, so that all are read again."""
        return replace(self, asked=asked, since={}, edge={})


def position(value: Mapping[str, Any] | None, url: str) -> tuple[Any, ...]:
    """Return what a cursor says of issues, and nothing of what is read whole each time."""
    cursor = Cursor.of(value, url).json()
    return tuple(cursor[name] for name in ("asked", "since", "edge"))


def _kept(value: Json) -> Kept:
    return Kept(word(value, "etag"), word(value, "digest"), value.get("lore"))
