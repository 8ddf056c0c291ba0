"""What changed since the newest change that is known: by the data's own times, never by a clock of ours."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from scout.sources._jira.issues import Scope
from scout.sources._jira.making import Batch, Seen
from scout.sources._jira.moments import floor, local_minute
from scout.sources._jira.server import Found, Jira
from scout.sources._jira.shape import Json

EDGE = 5000
"""Issues whose digests are kept for the next overlap, at most; the rest would be read and stored again."""
_ATTEMPTS = 3


@dataclass(slots=True)
class Increment:
    """Reads what changed since `since`, once `batches` has been read to its end.

    Attributes:
        jira: where to ask.
        scope: what to read.
        make: a batch from issues as they came.
        since: the newest change that is known.
        zone: the user's, in which queries are read.
        known: digests of issues at that edge, by id.
        newest: afterwards: the newest change that is known now.
        edge: afterwards: digests of the issues in the next overlap, by id.
        placed: afterwards: whether an issue that we know came unchanged from the overlap and none from before it,
            which shows that the server read our minute as we meant it.
    """

    jira: Jira
    scope: Scope
    make: Callable[[list[Json]], Batch]
    since: datetime
    zone: str
    known: Mapping[str, str]
    newest: datetime = field(init=False)
    edge: dict[str, str] = field(default_factory=dict[str, str], init=False)
    placed: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.newest = self.since

    def batches(self) -> Iterator[Batch]:
        """Return the issues that changed, oldest change first, batch by batch; some may come twice.

        Raises:
            RemoteError: some are missing.
        """
        for attempt in range(_ATTEMPTS):
            seen, watch = dict[str, Seen](), _Watch()
            for page in self._pages(self.jira.size - attempt):
                batch = self.make(page.issues)
                watch.look(page, batch)
                seen |= batch.edge
                yield batch
            settled = self.jira.cloud or not watch.shifted
            self._conclude(seen, watch, settled=settled)
            if settled:
                return

    def _pages(self, size: int) -> Iterator[Found]:
        minute = local_minute(floor(self.since), self.zone)
        return self.jira.pages(self.scope.query(f'updated >= "{minute}"', order="updated ASC"), size=max(size, 1))

    def _conclude(self, seen: Mapping[str, Seen], watch: "_Watch", *, settled: bool) -> None:
        """Note where the next increment begins: where nothing held still, at the end of the first page."""
        newest = max((one.changed for one in seen.values()), default=self.since)
        self.newest = max(newest if settled else watch.first or self.since, self.since)
        recent = sorted(((one.changed, key) for key, one in seen.items() if one.changed >= floor(self.newest)))
        self.edge = {key: seen[key].digest for _, key in recent[-EDGE:]}
        unchanged = any(self.known.get(key) == one.digest for key, one in seen.items())
        self.placed = unchanged and (watch.oldest is None or watch.oldest >= floor(self.since))


@dataclass(slots=True)
class _Watch:
    """Sees whether issues moved between pages that are counted by number, so that one may have slipped through.

    Attributes:
        first: the newest change on the first page, which nothing can shift.
        oldest: the oldest change on any page.
        shifted: whether an issue came twice, or there are fewer than there were.
    """

    first: datetime | None = None
    oldest: datetime | None = None
    shifted: bool = False
    _ids: set[str] = field(default_factory=set[str])
    _total: int = 0

    def look(self, page: Found, batch: Batch) -> None:
        """Take in the next page."""
        if not self._ids:
            self.first = batch.newest
        self.oldest = min(filter(None, (self.oldest, batch.oldest)), default=None)
        total = page.total or 0
        self.shifted |= total < self._total or not self._ids.isdisjoint(batch.ids)
        self._ids.update(batch.ids)
        self._total = total
