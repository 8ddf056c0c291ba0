"""`migration-number`: two migrations have the number by which the database remembers one, or one is gone."""

from collections.abc import Iterator
from typing import ClassVar

from scout.model import Evidence, Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._evidence import at_line, at_path
from scout.signals._words import listed, title
from scout.signals.migrations._all import Migrations
from scout.signals.migrations._edited import at_merge
from scout.signals.migrations._graph import Chain, Migration, System, same
from scout.signals.migrations._sql import Gap, gaps, is_counted

_BY_NUMBER = (System.RAILS, System.FLYWAY, System.SQL)
_MOST_PAIRS = 2
_AT = "shelves/migrations/{}.py"


def _migration(*dependencies: str) -> str:
    pairs = ", ".join(f'("shelves", "{name}")' for name in dependencies)
    return lines(
        "from django.db import migrations",
        "",
        "",
        "class Migration(migrations.Migration):",
        f"    dependencies = [{pairs}]",
        "    operations = []",
    )


_SQL = {f"db/migrations/{n:04}_{name}.sql": f"SELECT {n};\n" for n, name in enumerate(("a", "b", "c", "d"), 1)}


class MigrationNumber(Scout):
    """Two migrations have one identity, or a number that was there is missing.

    Counted are: two Rails migrations with one version or one class name, two Flyway or numbered SQL migrations with one
    version in a folder, two Alembic revisions with one id; Django and Alembic files with one number only where the
    fork between them is not merged (the fork is offered as `migration-heads`). A gap counts in Flyway and numbered SQL
    only, where history shows that a file of that number was deleted by itself. Gaps that were always there, gaps
    after a squash, dates as numbers, and numbers in names that nothing reads are passed over.

    ## Why it matters
    The tool refuses to run, or applies one of the two and takes the other as done: on some databases it is missing for
    good. A deleted migration is on record in old databases and never runs in new ones.

    ## What to do with it
    Give the younger migration, which the fewest databases have, a number of its own. Bring a deleted migration back, or
    undo it with a new one.

    ## Severity
    3 where the tool refuses to run (Rails, Flyway, Alembic), else 2.

    ## Source
    Rails API, `DuplicateMigrationVersionError`; Flyway documentation, 'Validate'; Alembic, 'Revision is present more
    than once'.
    """

    id: ClassVar[str] = "migration-number"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.BUG
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Two revisions have one id",
            (
                Commit(
                    "2024-01-01",
                    {
                        "db/versions/a_first.py": lines('revision = "a"', "down_revision = None"),
                        "db/versions/b_depth.py": lines('revision = "b"', 'down_revision = "a"'),
                        "db/versions/b_width.py": lines('revision = "b"', 'down_revision = "a"'),
                    },
                ),
            ),
            "2024-06-01",
            (Expected("db/versions", "db/versions/b_depth.py:2"),),
        ),
        Example(
            "A numbered script was deleted from the middle",
            (Commit("2024-01-01", _SQL), Commit("2024-02-01", {"db/migrations/0002_b.sql": None}, "Clean up")),
            "2024-06-01",
            (Expected("db/migrations", "db/migrations/0003_c.sql"),),
        ),
        Example(
            "Texts that a migration in Python runs, and its way back",
            (
                Commit(
                    "2024-01-01",
                    {
                        "walls/migrations/0001_initial.py": lines(
                            "from django.db import migrations",
                            "",
                            "",
                            "class Migration(migrations.Migration):",
                            "    operations = []",
                        ),
                        "walls/migrations/sql/0001_fill.sql": "SELECT 1;\n",
                        "walls/migrations/sql/0001_fill_reverse.sql": "SELECT 2;\n",
                    },
                ),
            ),
            "2024-06-01",
        ),
        Example(
            "Numbers that were never used, days as numbers, a script and its way back",
            (
                Commit(
                    "2024-01-01",
                    {
                        "db/migrations/0001_a.up.sql": "SELECT 1;\n",
                        "db/migrations/0001_a.down.sql": "SELECT 1;\n",
                        "db/migrations/0003_c.up.sql": "SELECT 3;\n",
                        "db/migrations/0004_d.up.sql": "SELECT 4;\n",
                        "days/migrations/20240101_a.sql": "SELECT 1;\n",
                        "days/migrations/20240101_b.sql": "SELECT 2;\n",
                        "tests/migrations/V1__a.sql": "SELECT 1;\n",
                        "tests/migrations/V1__b.sql": "SELECT 1;\n",
                    },
                ),
            ),
            "2024-06-01",
        ),
        Example(
            "A squash takes four scripts away",
            (
                Commit("2024-01-01", {**_SQL, **{f"db/migrations/000{n}_x.sql": "SELECT 1;\n" for n in (5, 6, 7)}}),
                Commit("2024-02-01", dict.fromkeys([*_SQL][1:]) | {"db/migrations/0005_x.sql": None}),
            ),
            "2024-06-01",
        ),
        Example(
            "Two files with one number, one after the other or merged",
            (
                Commit(
                    "2024-01-01",
                    {
                        _AT.format("0001_initial"): _migration(),
                        _AT.format("0002_depth"): _migration("0001_initial"),
                        _AT.format("0002_width"): _migration("0001_initial"),
                        _AT.format("0003_merge"): _migration("0002_depth", "0002_width"),
                    },
                ),
            ),
            "2024-06-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each chain and number."""
        migrations = Migrations.of(view)
        for chain in migrations.in_system(*_BY_NUMBER, System.ALEMBIC):
            for group in _doubles(chain):
                yield self._double(view, chain, group)
        for chain in migrations.in_system(System.FLYWAY, System.SQL):
            for gap in gaps(chain, view.history):
                yield self._gap(view, chain, gap)
        for chain in migrations.in_system(System.DJANGO, System.ALEMBIC):
            for group in [] if chain.opaque else same(chain.forked()):
                found = self._double(view, chain, group)
                yield found.having(offered=False, because="the fork itself is offered, as `migration-heads`")

    def _double(self, view: View, chain: Chain, group: tuple[Migration, ...]) -> Finding:
        return Finding(
            signal=self.id,
            subject=chain.folder,
            identity=f"{chain.system} {' '.join(sorted(view.history.origin(one.path) for one in group))}",
            severity=2 if chain.system in {System.SQL, System.DJANGO} else 3,
            kind=self.kind,
            story=_double_story(chain, group),
            evidence=tuple(map(_place, group)),
            score=0.9 if chain.system is not System.SQL else 0.7,
        )

    def _gap(self, view: View, chain: Chain, gap: Gap) -> Finding:
        return Finding(
            signal=self.id,
            subject=chain.folder,
            identity=f"{chain.system} gap {view.history.origin(gap.path)}",
            severity=3 if chain.system is System.FLYWAY else 2,
            kind=self.kind,
            story=_gap_story(chain, gap),
            evidence=(
                at_path(gap.after.path, f"the migration after the missing number {gap.number}"),
                at_path(gap.before.path, f"the migration before the missing number {gap.number}"),
                at_merge(gap.deleted),
            ),
            score=0.7,
        )


def _doubles(chain: Chain) -> list[tuple[Migration, ...]]:
    """Return the migrations that the tool takes for one."""
    if chain.system is System.ALEMBIC:
        return same(chain.migrations, "name")
    found = same([one for one in chain.migrations if chain.system is not System.SQL or is_counted(one)])
    if chain.system is System.SQL and len(found) > _MOST_PAIRS:
        return []
    if chain.system is System.RAILS:
        paths = {one.path for group in found for one in group}
        found += [group for group in same(chain.migrations, "title") if paths.isdisjoint(one.path for one in group)]
    return found


def _place(one: Migration) -> Evidence:
    return at_line(one.path, one.line, one.text) if one.text.strip() else at_path(one.path, f"migration {one.name}")


def _double_story(chain: Chain, group: tuple[Migration, ...]) -> Story:
    paths = [f"`{one.path}`" for one in group]
    shared = f"the number {group[0].number}" if len({one.number for one in group}) == 1 else "one class name"
    shared = (
        f"the revision id `{group[0].name}`"
        if len({one.name for one in group}) == 1 and group[0].number != group[0].name
        else shared
    )
    return Story(
        title=title("Give each migration its own number in ", chain.folder),
        current=f"{listed(paths, 5)} have {shared}. {chain.system} tells its migrations apart by it.",
        why=(
            "Either the tool stops with an error, or it applies one of them and takes the other for done: then some "
            "databases lack a change for good, and nothing says so."
        ),
        wanted="Each migration of the folder has an identity of its own, and every database has had all of them once.",
        acceptance=(
            f"No two files in `{chain.folder}` share it.",
            "Migrating an empty database to the newest state passes and applies all of them.",
        ),
        scope=tuple(paths[:5]),
        non_goals=("Renumbering other migrations.",),
        risks=("A database that has the renamed migration on record takes it for a new one: choose the younger.",),
        size="S",
    )


def _gap_story(chain: Chain, gap: Gap) -> Story:
    return Story(
        title=title(f"Settle the deleted migration {gap.number} in ", chain.folder),
        current=(
            f"Between `{gap.before.path}` and `{gap.after.path}` the number {gap.number} is missing. `{gap.path}` was "
            f"there until {gap.deleted.at:%Y-%m-%d} (`{gap.deleted.sha[:10]}`)."
        ),
        why=(
            f"Databases from before have it applied, fresh ones never get it, and {chain.system} runners that validate "
            "their history refuse to go on."
        ),
        wanted="Old and fresh databases are the same, and the record of applied migrations fits the files.",
        acceptance=(
            ("A database that has the deleted migration applied migrates to the newest state and equals a fresh one."),
        ),
        scope=(f"`{gap.path}`, or a new migration that undoes it",),
        non_goals=("Closing gaps by renumbering.",),
        risks=("Bringing the file back runs it on databases that were made since.",),
        size="S",
    )
