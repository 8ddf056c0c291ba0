"""Records from pages of issues: the part of a pull that needs the processor, done in the threads that fetch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from scout.sources._jira.complete import complete
from scout.sources._jira.core import core_rows, rows_of
from scout.sources._jira.lore import Lore
from scout.sources._jira.moments import moment
from scout.sources._jira.payload import digest_of, kept, stored
from scout.sources._jira.server import Jira
from scout.sources._jira.shape import Json, part, word
from scout.sources._jira.sprints import in_issue
from scout.sources._jira.words import Vocabulary
from scout.sources._people import People
from scout.warehouse.records import Record

_NOTHING: Mapping[str, str] = {}


class Seen(NamedTuple):
    """An issue as it came.

    Attributes:
        changed: when it was changed last.
        digest: of all that is kept of it.
    """

    changed: datetime
    digest: str


@dataclass(slots=True)
class Batch:
    """What some pages of issues brought.

    Attributes:
        records: of the issues that are new to us.
        ids: of all issues on the pages.
        edge: time and digest of the issues changed since the mark, by id.
        newest: the last change of them all.
        oldest: the first one.
        sprints: that the issues are or were in, by id.
    """

    records: list[Record] = field(default_factory=list[Record])
    ids: list[str] = field(default_factory=list[str])
    edge: dict[str, Seen] = field(default_factory=dict[str, Seen])
    newest: datetime | None = None
    oldest: datetime | None = None
    sprints: dict[str, Json] = field(default_factory=dict[str, Json])

    def saw(self, issue: Json, changed: datetime | None) -> None:
        """Note that an issue came."""
        self.ids.append(word(issue, "id"))
        if changed is not None:
            self.newest = max(self.newest or changed, changed)
            self.oldest = min(self.oldest or changed, changed)

    def join(self, other: "Batch") -> None:
        """Take in what the next page of the same chain brought."""
        self.records += other.records
        self.ids += other.ids
        self.edge |= other.edge
        self.sprints |= other.sprints
        self.newest = max(filter(None, (self.newest, other.newest)), default=None)
        self.oldest = min(filter(None, (self.oldest, other.oldest)), default=None)


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes records of issues. Thread-safe.

    Attributes:
        jira: where to ask for what a page leaves out.
        lore: what the server says about itself.
        people: makes pseudonyms.
        said: what the settings say.
        workers: requests at once.
    """

    jira: Jira
    lore: Lore
    people: People
    said: Vocabulary
    workers: int

    def batch(self, issues: Sequence[Json], mark: datetime | None = None, known: Mapping[str, str] = _NOTHING) -> Batch:
        """Return records of issues.

        Args:
            issues: as they came.
            mark: issues changed since then get a digest.
            known: digests of issues that need no record, by id.

        Raises:
            RemoteError: something that a page left out cannot be fetched.
        """
        batch, new = Batch(), list[dict[str, Any]]()
        for issue in issues:
            mine = kept(issue)
            key, changed = word(issue, "id"), moment(mine["fields"].get("updated"))
            batch.saw(issue, changed)
            if mark is not None and changed is not None and changed >= mark:
                batch.edge[key] = Seen(changed, digest_of(mine))
                if known.get(key) == batch.edge[key].digest:
                    continue
            new.append(mine)
        complete(self.jira, new, self.workers)
        for mine in new:
            batch.sprints |= in_issue(part(mine, "fields"), self.lore)
            batch.records.append(self.record(mine))
        return batch

    def record(self, issue: dict[str, Any]) -> Record:
        """Return the record of an issue that is complete."""
        payload, value = stored(issue, self.lore, self.people)
        return Record(
            stream="issue",
            key=word(issue, "id"),
            payload=payload,
            changed_at=moment(part(issue, "fields").get("updated")),
            core=rows_of("issue", value, self.said),
        )


def plain_record(stream: str, key: str, payload: bytes, said: Vocabulary) -> Record:
    """Return the record of something that is small and comes whole: a status, a field, a project, a sprint."""
    return Record(stream, key, payload, core=core_rows(stream, payload, said))
