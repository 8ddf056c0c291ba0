"""What a Jira says about itself, stored, and made into what its issues need."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from scout.model import Outcome
from scout.remote.failure import RemoteError
from scout.remote.reading import dumped
from scout.sources._jira.cursor import Cursor, Kept
from scout.sources._jira.lore import Lore
from scout.sources._jira.making import plain_record
from scout.sources._jira.opening import FIELD, PROJECT, STATUS, Opening, project_list
from scout.sources._jira.progress import Progress
from scout.sources._jira.references import (
    Listed,
    field_lore,
    objects,
    project_payload,
    recategorised,
    status_lore,
)
from scout.sources._jira.shape import Json, part, word
from scout.sources._jira.words import Vocabulary
from scout.sources._people import People
from scout.warehouse.records import Tombstone

_LORE = {STATUS: status_lore, FIELD: field_lore}


@dataclass(slots=True)
class Describing:
    """Takes in the lists with which a pull begins.

    Attributes:
        opening: what the server said.
        cursor: what is remembered of the lists; afterwards what is to be remembered.
        progress: takes what is new.
        said: what the settings say.
        people: makes pseudonyms.
        lore: afterwards: what issues need of the lists; None where one is missing.
        projects: afterwards: keys of the projects that can be read, as the server writes them.
    """

    opening: Opening
    cursor: Cursor
    progress: Progress
    said: Vocabulary
    people: People
    lore: Lore | None = field(default=None, init=False)
    projects: tuple[str, ...] = field(default=(), init=False)

    def run(self) -> None:
        """Store what is new."""
        before = self._remembered(STATUS).lore
        known = [self._list(name) for name in (STATUS, FIELD)]
        after = self._remembered(STATUS).lore
        if before and recategorised(before, after):
            self.progress.notes.append("A status has another name or category now, so all issues are read again.")
            self.cursor = self.cursor.anew(self.cursor.asked)
        if all(known):
            self.lore = Lore.of(objects(after), objects(self._remembered(FIELD).lore))
        self._forget()
        self._projects()

    def _remembered(self, name: str) -> Kept:
        return self.cursor.lists.get(name, Kept())

    def _remember(self, name: str, kept: Kept) -> None:
        self.cursor = replace(self.cursor, lists={**self.cursor.lists, name: kept})

    def _list(self, name: str) -> bool:
        """Take in the list of statuses or of fields; return whether it could be read, now or unchanged."""
        told = self.opening.lists[name]
        if told.error is not None:
            self.progress.failed(name, told.error)
            return False
        found = told.wanted()
        rows = objects(found.body)
        lore = _LORE[name](rows) if found.body is not None else found.kept.lore
        # A stream that nobody wants has no digest: it would seem to be stored when somebody does.
        wanted = self.progress.settings.wants(name)
        self._remember(name, replace(found.kept, lore=lore) if wanted else Kept(lore=lore))
        if found.new and wanted:
            self._store(name, {word(one, "id"): one for one in rows}.items())
            self.progress.replaced.add(name)
        self.progress.ended(name, Outcome.PRESENT)
        return True

    def _store(self, stream: str, rows: Iterable[tuple[str, Json]]) -> None:
        for key, row in rows:
            self.progress.add(plain_record(stream, key, dumped(self.people.without(row)), self.said))

    def _projects(self) -> None:
        """Take in the projects; one that we may not see stays as it is stored, and the others are read."""
        readable, errors = list[str](), list[RemoteError]()
        for key in self.progress.settings.projects:
            told = self.opening.lists[project_list(key)]
            if told.error is None:
                readable.append(self._project(key, told.wanted()))
            else:
                errors.append(told.error)
        self.projects = tuple(dict.fromkeys(readable))
        self.progress.ended(PROJECT, Outcome.PRESENT)
        if errors:
            self.progress.failed(PROJECT, *errors)

    def _project(self, key: str, found: Listed) -> str:
        """Take in a project and return its key, which may be a newer one than the settings have."""
        body = part(found.body)
        lore = {"id": word(body, "id") or key, "key": word(body, "key") or key} if body else found.kept.lore
        wanted = self.progress.settings.wants(PROJECT)
        self._remember(project_list(key), replace(found.kept, lore=lore) if wanted else Kept(lore=lore))
        if found.new:
            self._store(PROJECT, [(word(part(lore), "id"), project_payload(body))])
        return word(part(lore), "key") or key

    def _forget(self) -> None:
        """Let go of projects that the settings name no more; a sweep finds their issues."""
        named = {STATUS, FIELD, *map(project_list, self.progress.settings.projects)}
        for name in [name for name in self.cursor.lists if name not in named]:
            lore = part(self.cursor.lists[name].lore)
            self.progress.gone(Tombstone(PROJECT, word(lore, "id"), "hidden"))
            lists = {other: kept for other, kept in self.cursor.lists.items() if other != name}
            since = {key: at for key, at in self.cursor.since.items() if key != word(lore, "key")}
            self.cursor = replace(self.cursor, lists=lists, since=since, swept=None)
