"""The issues of a pull: all of a project at first, then what changed, now and then what is gone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from scout.model import Outcome
from scout.remote.failure import RemoteError
from scout.remote.reading import dumped
from scout.sources._base import SourceContext
from scout.sources._jira.cursor import Cursor
from scout.sources._jira.increment import Increment
from scout.sources._jira.issues import FullPull, Scope, keys, newest
from scout.sources._jira.making import Batch, Maker, plain_record
from scout.sources._jira.moments import BEHIND_ALL, floor
from scout.sources._jira.opening import Opening, asked_zone
from scout.sources._jira.progress import Progress
from scout.sources._jira.reasons import naming_jql
from scout.sources._jira.shape import Json, word
from scout.sources._jira.sprints import of_boards
from scout.sources._jira.sweep import probed

ISSUE, SPRINT = "issue", "sprint"


@dataclass(slots=True)
class Following:
    """Reads issues and sprints.

    Attributes:
        opening: what the server said first.
        scope: the projects that can be read; at least one.
        whole: whether these are all that the settings name.
        maker: makes records.
        at: where and when.
        cursor: where the last pull ended; afterwards where this one did.
        progress: takes what is new.
    """

    opening: Opening
    scope: Scope
    whole: bool
    maker: Maker
    at: SourceContext
    cursor: Cursor
    progress: Progress
    _count: int = 0
    _swept: bool = False
    _ids: set[str] = field(default_factory=set[str])
    _sprints: dict[str, Json] = field(default_factory=dict[str, Json])

    def run(self) -> bool:
        """Read what is new; return whether all of it came. What did not come leaves the cursor where it was."""
        before = self.cursor
        done = self.progress.trying(ISSUE, self._issues)
        if not done:
            self.cursor = before
        self._read_sprints(now_and_then=done and self._swept)
        return done

    def _issues(self) -> None:
        with naming_jql(self.scope.restriction):
            new = self._read()
        self.progress.ended(ISSUE, Outcome.PRESENT)
        if self.whole and (new == self.scope.projects or self._due()):
            self._look_for_gone(all_read=new == self.scope.projects)

    def _read(self) -> tuple[str, ...]:
        """Read all issues of projects that are new to us, then what changed; return those projects."""
        new = tuple(key for key in self.scope.projects if key not in self.cursor.since)
        edge = self._full(new) if new else dict[str, str]()
        if any(key in self.cursor.since for key in self.scope.projects):
            self._follow({**self.cursor.edge, **edge})
        return new

    def _look_for_gone(self, *, all_read: bool) -> None:
        """Sweep; where that fails, what was read counts all the same."""
        try:
            self._sweep(self._ids if all_read else _ids(keys(self.maker.jira, self.scope)))
        except RemoteError as error:
            self.progress.failed(ISSUE, error, missing="Issues that are gone could not be told.")

    def _full(self, projects: tuple[str, ...]) -> dict[str, str]:
        """Read all issues of projects, and return digests of those that the increment after it will bring again."""
        mark = self._mark()
        if mark is None:
            return {}
        since = {**dict.fromkeys(projects, mark), **self.cursor.since}
        make = partial(self.maker.batch, mark=floor(min(since.values())))
        edge: dict[str, str] = {}
        for batch in FullPull(self.maker.jira, replace(self.scope, projects=projects), make).batches():
            self._take(batch)
            edge |= {key: seen.digest for key, seen in batch.edge.items()}
        self.cursor = replace(self.cursor, since=since)
        return edge

    def _mark(self) -> datetime | None:
        """Return when the last change happened, before the first issue is read; None where there are no issues.

        Raises:
            RemoteError: the server does not say.
        """
        told = self.opening.mark
        if told is None or told.error is not None:
            return newest(self.maker.jira, self.scope)
        return told.value

    def _follow(self, known: Mapping[str, str]) -> None:
        """Read what changed. Only an issue that comes as we know it shows that our minute was read as we meant it."""
        since = {key: at for key, at in self.cursor.since.items() if key in self.scope.projects}
        fresh = not self.opening.remembered
        zone = self.cursor.zone or BEHIND_ALL
        done = self._increment(min(since.values()), zone, known)
        if not (fresh or done.placed):
            asked = asked_zone(self.maker.jira)
            done = done if asked == zone else self._increment(min(since.values()), asked, known)
            zone = asked
        position = dict.fromkeys(since, done.newest)
        self.cursor = replace(self.cursor, zone=zone, since={**self.cursor.since, **position}, edge=done.edge)

    def _increment(self, since: datetime, zone: str, known: Mapping[str, str]) -> Increment:
        make = partial(self.maker.batch, mark=floor(since), known=known)
        scope = replace(self.scope, projects=tuple(key for key in self.scope.projects if key in self.cursor.since))
        increment = Increment(self.maker.jira, scope, make, since, zone, known)
        for batch in increment.batches():
            self._take(batch)
        return increment

    def _take(self, batch: Batch) -> None:
        for record in batch.records:
            self.progress.add(record)
        self._ids.update(batch.ids)
        self._sprints |= batch.sprints
        self._count += len(batch.records)
        if batch.records:
            self.at.step(f"issues: {self._count:,}")

    def _due(self) -> bool:
        hours, swept = timedelta(hours=self.progress.settings.sweep_hours), self.cursor.swept
        return swept is None or self.at.now - swept >= hours

    def _sweep(self, present: Iterable[str]) -> None:
        """Look for issues that are not there any more; where there are too many to ask for, the next run goes on."""
        most = self.progress.settings.details_per_run
        absent = self.at.known.absent(ISSUE, present)
        for tombstone in probed(self.maker.jira, self.scope, absent[:most]):
            self.progress.gone(tombstone)
        if len(absent) > most:
            self.progress.notes.append(f"{len(absent) - most:,} issues may be gone; the next run asks for them.")
            return
        self._swept = True
        if self.progress.settings.sweep_hours:
            self.cursor = replace(self.cursor, swept=self.at.now)

    def _read_sprints(self, *, now_and_then: bool) -> None:
        """Store the sprints that issues named; after a sweep those of boards, too, where the server shows boards."""
        jira, projects = self.maker.jira, self.scope.projects
        outcome, reason = Outcome.PRESENT, ""
        if not (self.maker.lore.has_sprints or self._sprints):
            outcome, reason = Outcome.NOT_APPLICABLE, "its issues have no sprints"
        elif self.maker.lore.has_sprints and now_and_then and self.progress.settings.wants(SPRINT):
            try:
                boards = of_boards(jira, projects, self.progress.settings.sprint_boards)
                self._sprints |= {word(sprint, "id"): sprint for sprint in boards}
            except RemoteError as error:
                outcome, reason = Outcome.UNAVAILABLE, f"Only sprints that issues name are known. {error}"
        for key, sprint in self._sprints.items():
            self.progress.add(plain_record(SPRINT, key, dumped(sprint), self.maker.said))
        self.progress.ended(SPRINT, outcome, reason)


def _ids(issues: Iterable[Json]) -> Iterable[str]:
    return (word(issue, "id") for issue in issues)
