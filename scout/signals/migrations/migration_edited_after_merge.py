"""`migration-edited-after-merge`: a migration that others have applied was changed in what it does."""

from collections.abc import Iterator
from typing import ClassVar

from scout.errors import UnavailableError
from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._evidence import at_path
from scout.signals._words import counted, listed, title
from scout.signals.migrations._edited import by_cause, evidence, told_edits, told_release
from scout.signals.migrations._edits import RECENT, Edited, Edits

_FIRST = lines(
    "from django.db import migrations, models",
    "",
    "",
    "class Migration(migrations.Migration):",
    "    initial = True",
    "",
    "    operations = [",
    "        migrations.CreateModel(",
    '            name="Shelf",',
    '            fields=[("id", models.AutoField(primary_key=True)), ("width", models.IntegerField())],',
    "        ),",
    "    ]",
)
_WIDER = _FIRST.replace(
    '("width", models.IntegerField())', '("width", models.IntegerField()), ("depth", models.IntegerField())'
)
_SAME = _FIRST.replace(
    '("width", models.IntegerField())', "('width', models.IntegerField(help_text='in mm', verbose_name='w'))"
).replace("class Migration", "# Shelves, the first try.\nclass Migration")
_REFERRING = _FIRST.replace("models.IntegerField()", "shelves.fields.Millimetres()").replace(
    "from django.db", "import shelves.fields\nfrom django.db"
)
_PERMITTED = _FIRST.replace(
    "        ),\n    ]",
    '            options={"permissions": (("may_sell", "May sell shelves"),)},\n        ),\n    ]',
)
_REVISION = lines(
    'revision = "b"',
    "down_revision = None",
    'HUES = ["red", "blue"]',
    "",
    "",
    "def upgrade():",
    '    op.create_table("shelf", sa.Column("hue", sa.Enum("red", "blue", name="hue")))',
)
_TYPED = (
    _REVISION.replace(
        'sa.Enum("red", "blue", name="hue")', 'postgresql.ENUM(*HUES, name="hue", create_type=False)'
    ).replace("    op.create_table", '    sa.Enum(*HUES, name="hue").create(op.get_bind())\n    op.create_table')
    + "\n\ndef downgrade():\n    op.drop_table('shelf')\n"
)
_EMPTY = lines(
    "from django.db import migrations",
    "",
    "",
    "class Migration(migrations.Migration):",
    "    # Left empty: every shelf was filled in 2021, and new ones are made full.",
    '    dependencies = [("shelves", "0001_initial")]',
    "    operations = []",
)
_FILLING = lines(
    "from django.db import migrations",
    "",
    "",
    "def fill(apps, schema_editor):",
    '    apps.get_model("shelves", "Shelf").objects.update(width=900)',
    "",
    "",
    "class Migration(migrations.Migration):",
    '    dependencies = [("shelves", "0001_initial")]',
    "    operations = [migrations.RunPython(fill)]",
)
_SHELVES = "shelves/migrations/0001_initial.py"


class MigrationEditedAfterMerge(Scout):
    """A merged migration was edited later, so that databases which had applied it differ from new ones.

    Counted are edits at least two days after the merge and at most 24 months old, of migrations that are still there
    (Django, Alembic, Rails, Flyway, numbered SQL). Edits are compared by what they do: formatting, comments,
    imports, annotations, labels, validators, permissions, order of dependencies and the way back are no change. Passed
    over are sweeps (more than eight migrations in one change), squashes, edits that were taken back or that say that
    they give fresh databases what the others have, a copy put where a reference to removed code stood, data migrations
    that were emptied with a remark or after a year, data steps added after a year, rows and texts of migrations that
    were two years old at the edit, columns that only get a field class of the project's own, and guards (a signal of
    their own). Migrations with the same last edit are one finding.

    ## Why it matters
    A migration is applied once. Databases that had it before keep the old outcome, without any error: production,
    staging and a fresh set-up then have different tables or rows, and tests run on the one that nobody uses.

    ## What to do with it
    Compare a database from before the edit with a fresh one. Bring the missing part in a new migration, or write down
    that no such database exists.

    ## Severity
    2 when operations changed, 1 when only texts and rows that it writes did; one more when a release had the migration
    before the edit.

    ## Source
    Django documentation, 'Migrations'; Flyway, 'Checksum mismatch'; field study of 28 public repositories: 85 % of 13
    findings true after these filters, 3 % of all edits before them.
    """

    id: ClassVar[str] = "migration-edited-after-merge"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.BUG
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A column is added to a migration three weeks after it was merged",
            (
                Commit("2024-01-01", {_SHELVES: _FIRST}, "Add shelves"),
                Commit("2024-01-22", {_SHELVES: _WIDER}, "Add the depth"),
            ),
            "2024-06-01",
            (Expected(_SHELVES, _SHELVES),),
        ),
        Example(
            "Words, labels and comments are changed",
            (Commit("2024-01-01", {_SHELVES: _FIRST}), Commit("2024-01-22", {_SHELVES: _SAME}, "Label the width")),
            "2024-06-01",
        ),
        Example(
            "It is edited on the day after",
            (Commit("2024-01-01", {_SHELVES: _FIRST}), Commit("2024-01-02", {_SHELVES: _WIDER})),
            "2024-06-01",
        ),
        Example(
            "The edit is three years old",
            (Commit("2021-01-01", {_SHELVES: _FIRST}), Commit("2021-01-22", {_SHELVES: _WIDER})),
            "2024-06-01",
        ),
        Example(
            "It is said that fresh databases now get what the others have",
            (
                Commit("2024-01-01", {_SHELVES: _FIRST}),
                Commit("2024-01-22", {_SHELVES: _WIDER}, "Add the depth (so new environments match production)"),
            ),
            "2024-06-01",
        ),
        Example(
            "A permission is declared, which Django adds to every database",
            (Commit("2024-01-01", {_SHELVES: _FIRST}), Commit("2024-01-22", {_SHELVES: _PERMITTED})),
            "2024-06-01",
        ),
        Example(
            "A type is made in another way, and a way back is added",
            (
                Commit("2024-01-01", {"db/versions/b_hues.py": _REVISION}),
                Commit("2024-01-22", {"db/versions/b_hues.py": _TYPED}),
            ),
            "2024-06-01",
        ),
        Example(
            "The edit was taken back",
            (
                Commit("2024-01-01", {_SHELVES: _FIRST}),
                Commit("2024-01-22", {_SHELVES: _WIDER}),
                Commit("2024-01-25", {_SHELVES: _FIRST}),
            ),
            "2024-06-01",
        ),
        Example(
            "A reference to code that is removed is replaced",
            (Commit("2024-01-01", {_SHELVES: _REFERRING}), Commit("2024-01-22", {_SHELVES: _FIRST}, "Drop our fields")),
            "2024-06-01",
        ),
        Example(
            "What a migration of 2021 writes is changed in 2024",
            (
                Commit("2021-01-01", {_SHELVES: _FIRST, "shelves/migrations/0002_fill.py": _FILLING}),
                Commit("2024-03-22", {"shelves/migrations/0002_fill.py": _FILLING.replace("900", "950")}),
            ),
            "2024-06-01",
        ),
        Example(
            "What a young migration writes is changed",
            (
                Commit("2024-01-01", {_SHELVES: _FIRST, "shelves/migrations/0002_fill.py": _FILLING}, "Fill shelves"),
                Commit("2024-03-22", {"shelves/migrations/0002_fill.py": _FILLING.replace("900", "950")}, "Fill more"),
            ),
            "2024-06-01",
            (Expected("shelves/migrations/0002_fill.py", "shelves/migrations/0002_fill.py"),),
        ),
        Example(
            "A data migration is emptied, and says why",
            (
                Commit("2024-01-01", {_SHELVES: _FIRST, "shelves/migrations/0002_fill.py": _FILLING}),
                Commit("2024-03-22", {"shelves/migrations/0002_fill.py": _EMPTY}),
            ),
            "2024-06-01",
        ),
        Example(
            "One change rewrites nine migrations",
            (
                Commit("2024-01-01", {f"app{n}/migrations/0001_initial.py": _FIRST for n in range(9)}),
                Commit("2024-01-22", {f"app{n}/migrations/0001_initial.py": _WIDER for n in range(9)}),
            ),
            "2024-06-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for the migrations that were last edited by one change.

        Raises:
            UnavailableError: ages cannot be told, or no older content is in this clone.
        """
        view.needs_ages()
        edits = Edits(view)
        found = list(edits.of_kind("schema", "content", within=RECENT))
        if edits.unread and not edits.read:
            message = "No older content of any migration is in this clone."
            raise UnavailableError(message, "Use a clone with all its blobs.")
        for group in by_cause(found):
            schema = any(edit.kind == "schema" for one in group for edit in one.edits)
            released = next((one for one in group if one.release), None)
            yield Finding(
                signal=self.id,
                subject=group[0].migration.path,
                identity=view.history.origin(group[0].migration.path),
                severity=1 + schema + (released is not None),
                kind=self.kind,
                story=_story(group, schema=schema),
                evidence=(
                    *(
                        at_path(one.migration.path, f"{one.chain.system} migration, edited after its merge")
                        for one in group
                    ),
                    *evidence(group),
                ),
                score=0.8 if schema else 0.7,
            )


def _story(group: tuple[Edited, ...], *, schema: bool) -> Story:
    first, paths = group[0], [f"`{one.migration.path}`" for one in group]
    what = "what they do" if schema else "the rows and texts that they write"
    what = (
        what.replace("they", "it").replace("it do", "it does").replace("it write", "it writes")
        if len(group) == 1
        else what
    )
    name = first.migration.path if len(group) == 1 else counted(len(group), "merged migration")
    return Story(
        title=title("Reconcile databases with ", name, " (edited after merge)"),
        current=(
            f"{listed(paths, 6)} {'was' if len(group) == 1 else 'were'} merged on {first.first.at:%Y-%m-%d} "
            f"(`{first.first.sha[:10]}`) and edited later, in {what}: "
            f"{told_edits(group)}. {told_release(group)}"
        ),
        why=(
            "A migration that is already recorded as applied does not run again. Databases from before the edit keep "
            "the old outcome and fresh ones get the new one, and nothing reports the difference."
        ),
        wanted=(
            "Databases from before and after the edit are the same: a new migration brings what the edit changed, or "
            "it is written down beside the edit why no database can have the old outcome."
        ),
        acceptance=(
            (
                "A database that was migrated before the edit and then to the newest state equals a fresh one (compare "
                "dumps of schema and seed rows)."
            ),
            *(f"`git log --oneline -- {one.migration.path}` shows no further edit." for one in group[:3]),
        ),
        scope=tuple(paths[:8]),
        non_goals=("Rewriting or squashing older migrations.",),
        risks=("A new migration must hold on both kinds of databases: those with the change and those without.",),
        size="M",
    )
