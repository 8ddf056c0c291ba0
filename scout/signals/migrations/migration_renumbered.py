"""`migration-renumbered`: a merged migration got another number, so databases that applied it would apply it again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.repository import Change
from scout.signals._base import Commit, Example, Expected, Moved, Reads, Scout, View, lines
from scout.signals._evidence import at_path
from scout.signals._words import title
from scout.signals.migrations._all import Migrations, is_migration
from scout.signals.migrations._edited import at_merge
from scout.signals.migrations._edits import RECENT, SETTLED, is_squash, release_between, steps
from scout.signals.migrations._graph import Chain, Migration, System

_MOST = 3
_NUMBERED = re.compile(r"^V?(?P<number>[\d._]*\d)_+(?P<rest>.+)$")
_BY_NAME = (System.DJANGO, System.RAILS, System.FLYWAY, System.SQL)
_FIRST = lines(
    "from django.db import migrations", "", "", "class Migration(migrations.Migration):", "    operations = []"
)
_SECOND = lines(
    "from django.db import migrations",
    "",
    "",
    "class Migration(migrations.Migration):",
    '    dependencies = [("shelves", "0001_initial")]',
    '    operations = [migrations.RunSQL("CREATE INDEX shelf_width ON shelf (width)")]',
)
_THIRD = _SECOND.replace("shelf_width", "shelf_width_too")
_AT = "shelves/migrations/{}.py"
_START = Commit(
    "2024-01-01", {_AT.format("0001_initial"): _FIRST, _AT.format("0002_width"): _SECOND}, "Index the width"
)


@dataclass(frozen=True, slots=True)
class _Renumbered:
    system: System
    migration: Migration
    old: str
    first: Change
    change: Change


class MigrationRenumbered(Scout):
    """A merged migration was renamed to another number, where its name is what the database remembers.

    Counted are renames that keep the rest of the name, two days or more after the merge and within 24 months, of
    Django's, Rails', Flyway's and numbered SQL migrations. Alembic's are not (their identity is the revision inside the
    file), nor are changes that rename more than three migrations, squashes, renames that were taken back, and a new
    file that says that it replaces the old one.

    ## Why it matters
    The database knows the old name as applied. It takes the new one for another migration and runs it again, which
    fails on what is there already, or does the same to the data twice.

    ## What to do with it
    Where databases have the old name, correct their record (or let the new file say that it replaces the old one);
    where none has, write that down.

    ## Severity
    2; 3 when a release had it under its old name.

    ## Source
    Django documentation, 'Migrations'; Rails guides, 'Active Record Migrations'; field study of 28 public repositories.
    """

    id: ClassVar[str] = "migration-renumbered"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.BUG
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A migration gets the next number two weeks after it was merged",
            (
                _START,
                Commit("2024-01-15", {_AT.format("0003_width"): Moved(_AT.format("0002_width"))}, "Fix the order"),
            ),
            "2024-06-01",
            (Expected(_AT.format("0003_width"), _AT.format("0003_width")),),
        ),
        Example(
            "It is renumbered on the day of its merge",
            (_START, Commit("2024-01-02", {_AT.format("0003_width"): Moved(_AT.format("0002_width"))})),
            "2024-06-01",
        ),
        Example(
            "It gets a better name, under its number",
            (_START, Commit("2024-01-15", {_AT.format("0002_index"): Moved(_AT.format("0002_width"))})),
            "2024-06-01",
        ),
        Example(
            "It gets another number and another name, and one gets its first number",
            (
                _START,
                Commit("2024-01-02", {_AT.format("third"): _THIRD}),
                Commit("2024-01-15", {_AT.format("0004_index"): Moved(_AT.format("0002_width"))}),
                Commit("2024-01-16", {_AT.format("0003_third"): Moved(_AT.format("third"))}),
            ),
            "2024-06-01",
        ),
        Example(
            "It was renumbered three years ago",
            (_START, Commit("2024-01-15", {_AT.format("0003_width"): Moved(_AT.format("0002_width"))})),
            "2027-06-01",
        ),
        Example(
            "Four are renumbered by one change",
            (
                Commit("2024-01-01", {f"app{n}/migrations/0002_width.py": _THIRD + f"# {n}\n" for n in range(4)}),
                Commit(
                    "2024-01-15",
                    {f"app{n}/migrations/0003_width.py": Moved(f"app{n}/migrations/0002_width.py") for n in range(4)},
                ),
            ),
            "2024-06-01",
        ),
        Example(
            "It moves to another folder",
            (_START, Commit("2024-01-15", {"racks/migrations/0002_width.py": Moved(_AT.format("0002_width"))})),
            "2024-06-01",
        ),
        Example(
            "The new file says that it replaces the old one",
            (
                _START,
                Commit("2024-01-15", {_AT.format("0003_width"): Moved(_AT.format("0002_width"))}),
                Commit(
                    "2024-01-16",
                    {
                        _AT.format("0003_width"): _SECOND.replace(
                            "    operations", '    replaces = [("shelves", "0002_width")]\n    operations'
                        )
                    },
                ),
            ),
            "2024-06-01",
        ),
        Example(
            "It gets its first number back",
            (
                _START,
                Commit("2024-01-15", {_AT.format("0003_width"): Moved(_AT.format("0002_width"))}),
                Commit("2024-01-18", {_AT.format("0002_width"): Moved(_AT.format("0003_width"))}),
            ),
            "2024-06-01",
        ),
        Example(
            "A squash renames it",
            (
                _START,
                Commit(
                    "2024-01-15", {_AT.format("0003_width"): Moved(_AT.format("0002_width"))}, "Squash the migrations"
                ),
            ),
            "2024-06-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each migration that was renumbered.

        Raises:
            UnavailableError: ages cannot be told in this clone.
        """
        view.needs_ages()
        for one in _renumbered(view):
            path = one.migration.path
            release = release_between(view, f"{path.rpartition('/')[0]}/{one.old}", one.first, one.change)
            yield Finding(
                signal=self.id,
                subject=path,
                identity=view.history.origin(path),
                severity=3 if release else 2,
                kind=self.kind,
                story=_story(one),
                evidence=(
                    at_path(path, f"{one.system} migration, called {one.old} before"),
                    at_merge(one.change),
                    at_merge(one.first),
                ),
                score=0.8,
            )


def _renumbered(view: View) -> Iterator[_Renumbered]:
    for chain in Migrations.of(view).in_system(*_BY_NAME):
        for migration in chain.migrations:
            found = _last_renumbering(view, chain, migration)
            if found is not None:
                yield found


def _last_renumbering(view: View, chain: Chain, migration: Migration) -> _Renumbered | None:
    trail = steps(view, migration.path)
    names = [_name(file.path) for _, file in trail]
    for at, (change, file) in enumerate(trail[:-1]):
        old = _name(file.old_path)
        stem = old.rpartition(".")[0]
        settled = change.at - trail[-1][0].at >= SETTLED and view.now - change.at <= RECENT
        if not (old and settled and _is_other_number(file.old_path, file.path) and _is_few(change)):
            continue
        taken_back = _name(file.path) in names[at + 1 :]
        if taken_back or stem in migration.replaces or chain.knows(stem):
            return None
        return _Renumbered(chain.system, migration, old, trail[-1][0], change)
    return None


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _is_other_number(old: str, new: str) -> bool:
    if old.rpartition("/")[0] != new.rpartition("/")[0]:
        return False
    before, after = _NUMBERED.match(_name(old)), _NUMBERED.match(_name(new))
    if before is None or after is None:
        return False
    return before.group("rest") == after.group("rest") and before.group("number") != after.group("number")


def _is_few(change: Change) -> bool:
    renamed = [file for file in change.files if file.status == "R" and is_migration(file.path)]
    return len(renamed) <= _MOST and not is_squash(change)


def _story(one: _Renumbered) -> Story:
    path, name = one.migration.path, _name(one.migration.path)
    return Story(
        title=title("Settle the renumbered migration ", path),
        current=(
            f"`{path}` was merged on {one.first.at:%Y-%m-%d} (`{one.first.sha[:10]}`). It was called `{one.old}` until "
            f"it was renamed on {one.change.at:%Y-%m-%d} (`{one.change.sha[:10]}`). {one.system} remembers what it "
            "applied by this name."
        ),
        why=(
            f"A database that has `{one.old}` as applied takes `{name}` for a new migration and runs it a second time: "
            "it fails on what is there already, or changes rows twice."
        ),
        wanted=(
            "Every long-lived database has the new name on record without having run it twice, or it is written down "
            "that none was migrated between the merge and the rename."
        ),
        acceptance=(
            f"On a database that has `{one.old}` applied, migrating to the newest state passes.",
            "The list of applied migrations there names the file as it is called now.",
        ),
        scope=(f"`{path}`",),
        non_goals=("Renaming other migrations.",),
        risks=("Correcting the record by hand on the wrong database skips a migration there.",),
        size="S",
    )
