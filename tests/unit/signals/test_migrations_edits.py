"""An edit of a merged migration counts when it changes what the migration does, and not when it changes words."""

from pathlib import Path

import pytest

from scout.signals import Commit, watch
from scout.signals.migrations._meaning import GONE, changed, meaning, new_guards
from scout.signals.migrations.migration_edited_after_merge import MigrationEditedAfterMerge
from scout.signals.migrations.migration_guard_after_merge import MigrationGuardAfterMerge
from scout.signals.migrations.migration_renumbered import MigrationRenumbered
from tests.plugins.building import add, build, git, viewed

DJANGO = """from django.db import migrations, models
from shop.choices import KINDS


def fill(apps, schema_editor):
    shelf = apps.get_model("shop", "Shelf")
    for one in shelf.objects.all():
        if one.width:
            one.colour = "red"
            one.save()


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("shelf", "colour", models.CharField(max_length=9, choices=KINDS)),
        migrations.RunPython(fill),
    ]
"""
ALEMBIC = """revision = "b"
down_revision = "a"


def upgrade():
    op.add_column("shelf", sa.Column("colour", sa.String(9)))
    op.execute("UPDATE shelf SET colour = 'red'")
"""
ENUM = """revision = "b"
down_revision = "a"
HUES = ["r", "g"]


def upgrade():
    op.add_column("shelf", sa.Column("hue", sa.Enum("r", "g", name="hue")))
"""
RUBY = """class AddColour < ActiveRecord::Migration[7.0]
  # colours of shelves
  def change
    add_column :shelves, :colour, :string, :default => "red"
  end
end
"""
SQL = "-- colours\nALTER TABLE shelf ADD colour text;\n"
YOUNG, OLD = 30, 500


def verdict(path: str, before: str, after: str, days: int = YOUNG) -> str:
    old, new = meaning(path, before), meaning(path, after)
    assert old is not None
    assert new is not None
    return changed(old, new, days)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("max_length=9", "max_length = 9, help_text='of the front', verbose_name='c'"),
        ("choices=KINDS", "choices=(('r', 'red'),)"),
        ("    operations", "    # two steps\n    operations"),
        ("def fill(apps, schema_editor):", "def fill(apps, schema_editor) -> None:\n    '''Fill.'''"),
        ('"0001_initial")]', '"0001_initial"), ("auth", "0012_more")]'),
        ("shelf = apps", "Shelf = shelf = apps"),
        ("        if one.width:\n", "        if not one.pk:\n            return\n        if one.width:\n"),
        ("for one in", "batch_size = 500\n    for one in"),
        ("objects.all()", 'objects.only("width").iterator(chunk_size=9)'),
        ("one.save()", 'one.save(update_fields=["colour"])'),
        ("            one.save()\n", '    shelf.objects.bulk_update(shelf, ["colour"], batch_size=9)\n'),
        ("one.save()", 'one.save()\n            if one.pk == 7:\n                print("seven")'),
        ("from shop.choices import KINDS", 'KINDS = [("r", "red")]'),
        ('"red"', "u'red'"),
        ("RunPython(fill)", "RunPython(fill, reverse_code=migrations.RunPython.noop)"),
        ("RunPython(fill)", "RunPython(fill, migrations.RunPython.noop)"),
    ],
)
def test_other_words_are_no_change(before: str, after: str):
    assert before in DJANGO
    assert verdict("shop/migrations/0002_x.py", DJANGO, DJANGO.replace(before, after)) == ""


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("max_length=9", "max_length=12", "schema"),
        ("models.CharField(max_length=9", "models.TextField(max_length=9", "schema"),
        ('"colour", models', '"hue", models', "schema"),
        ("        migrations.RunPython(fill),\n", "", "content"),
        ("migrations.RunPython(fill)", "migrations.RunSQL('CREATE UNIQUE INDEX a ON shelf (colour)')", "schema"),
        ('one.colour = "red"', 'one.colour = "blue"', "content"),
    ],
)
def test_what_is_done_is_a_change(before: str, after: str, kind: str):
    assert before in DJANGO
    assert verdict("shop/migrations/0002_x.py", DJANGO, DJANGO.replace(before, after)) == kind


def test_a_field_that_moved_is_the_same_column():
    before = DJANGO.replace(
        "models.CharField(max_length=9, choices=KINDS)", "django.contrib.postgres.fields.jsonb.JSONField()"
    )
    after = DJANGO.replace("models.CharField(max_length=9, choices=KINDS)", "models.JSONField()")
    assert verdict("shop/migrations/0002_x.py", before, after) == ""


def test_options_that_no_table_knows_are_no_change():
    model = DJANGO.replace('migrations.AddField("shelf", "colour", ', 'migrations.CreateModel("Shelf", options={}, x=')
    permitted = model.replace(
        "{}", '{"ordering": ["pk"], "swappable": "SHELF", "permissions": (("may_sell", "May sell"),)}'
    )

    assert verdict("shop/migrations/0002_x.py", model, permitted) == ""
    assert verdict("shop/migrations/0002_x.py", model, model.replace("{}", '{"db_table": "shelves"}')) == "schema"


def test_a_data_step_may_be_added_after_a_year():
    without = DJANGO.replace("        migrations.RunPython(fill),\n", "")

    assert verdict("shop/migrations/0002_x.py", without, DJANGO) == "content"
    assert verdict("shop/migrations/0002_x.py", without, DJANGO, OLD) == ""


def test_a_data_migration_may_be_emptied_after_a_year_or_with_a_remark():
    empty = DJANGO.replace("        migrations.RunPython(fill),\n", "")
    said = DJANGO.replace("migrations.RunPython(fill),", "# filled everywhere in 2020\n")

    assert verdict("shop/migrations/0002_x.py", DJANGO, empty, OLD) == ""
    assert verdict("shop/migrations/0002_x.py", DJANGO, said) == ""


@pytest.mark.parametrize(
    ("path", "text", "before", "after", "kind"),
    [
        ("v/b.py", ALEMBIC, "sa.String(9)", "sa.String(9), nullable=True", "schema"),
        ("v/b.py", ALEMBIC, "'red'", "'blue'", "content"),
        ("v/b.py", ALEMBIC, "UPDATE shelf SET colour = 'red'", "ALTER TABLE shelf DROP colour", "schema"),
        ("v/b.py", ALEMBIC, "'red'\")\n", "'red'\")\n\n\ndef downgrade():\n    op.drop_table('x')\n", ""),
        ("v/b.py", ENUM, 'sa.Enum("r", "g", name="hue")', "postgresql.ENUM(*HUES, name='hue', create_type=False)", ""),
        ("v/b.py", ENUM, '"g"', '"g", "b"', "schema"),
        ("v/b.py", ENUM, '"shelf"', 'op.f("shelf")', ""),
        ("v/b.py", ALEMBIC, 'op.execute("UPDATE', "op.execute('SET lock_timeout = 5')\n    op.execute(\"UPDATE", ""),
        ("v/b.py", ALEMBIC, 'down_revision = "a"', 'down_revision: str = "a"', ""),
        ("db/migrate/1_add.rb", RUBY, "# colours of shelves", "# of all shelves", ""),
        ("db/migrate/1_add.rb", RUBY, ':default => "red"', "default: 'red'", ""),
        ("db/migrate/1_add.rb", RUBY, "[7.0]", "[7.1]", ""),
        ("db/migrate/1_add.rb", RUBY, ":string", ":text", "schema"),
        ("db/migrate/1_add.rb", RUBY, "  end\nend", "  end\n\n  def down\n    drop_table :a\n  end\nend", ""),
        ("db/migrate/1_add.rb", RUBY, "def change", "class Shelf < ApplicationRecord\n  end\n\n  def change", ""),
        ("db/migrate/1_add.rb", RUBY, "  end\nend", "    Shelf.update_all(:colour => 1)\n  end\nend", "content"),
        ("db/migrate/1_add.rb", RUBY, "  end\nend", "    execute 'DROP TABLE racks'\n  end\nend", "schema"),
        ("db/migration/V1__add.sql", SQL, "-- colours\nALTER TABLE", "alter  table", ""),
        ("db/migration/V1__add.sql", SQL, "text", "varchar(9)", "schema"),
    ],
)
def test_all_systems_are_compared_by_what_they_do(path: str, text: str, before: str, after: str, kind: str):
    assert before in text
    assert verdict(path, text, text.replace(before, after)) == kind


@pytest.mark.parametrize(
    ("path", "text", "before", "after"),
    [
        ("v/b.py", ALEMBIC, "UPDATE shelf", "DROP INDEX IF EXISTS x; UPDATE shelf"),
        (
            "v/b.py",
            ALEMBIC,
            "    op.add",
            "    if sa.inspect(op.get_bind()).has_table('x'):\n        return\n    op.add",
        ),
        (
            "db/migrate/1_add.rb",
            RUBY,
            "    add_column",
            "    return if column_exists?(:shelves, :colour)\n    add_column",
        ),
        ("db/migrate/1_add.rb", RUBY, ":string,", ":string, if_not_exists: true,"),
        ("db/migration/V1__add.sql", SQL, "ADD colour", "ADD IF NOT EXISTS colour"),
    ],
)
def test_guards_are_known_in_all_systems(path: str, text: str, before: str, after: str):
    assert before in text
    old, new = meaning(path, text), meaning(path, text.replace(before, after))
    assert old is not None
    assert new is not None
    assert new_guards(old, new)
    assert not new_guards(new, old)


def test_a_release_between_merge_and_edit_makes_it_worse(tmp_path: Path):
    path, later = "db/versions/b.py", ALEMBIC.replace("9", "12")
    folder = build(
        tmp_path, [Commit("2024-01-01", {path: ALEMBIC, "db/versions/a.py": 'revision = "a"\ndown_revision = None\n'})]
    )
    add(folder, Commit("2024-02-01", {"readme": "x"}))
    git(folder, "tag", "v1.2.0")
    add(folder, Commit("2024-03-01", {path: later}))
    with viewed(folder, "2024-06-01") as view:
        (finding,), _ = watch(view, [MigrationEditedAfterMerge()])

    assert finding.severity == 3
    assert "v1.2.0" in finding.story.current
    assert len({evidence.locator for evidence in finding.evidence}) == 4


def test_a_release_that_has_the_edit_already_is_none_from_before(tmp_path: Path):
    path, later = "db/versions/b.py", ALEMBIC.replace("9", "12")
    folder = build(
        tmp_path, [Commit("2024-01-01", {path: ALEMBIC, "db/versions/a.py": 'revision = "a"\ndown_revision = None\n'})]
    )
    line = git(folder, "branch", "--show-current").strip()
    git(folder, "checkout", "--quiet", "-b", "hotfix")
    add(folder, Commit("2024-02-01", {path: later}, tag="v1.2.0"))
    git(folder, "checkout", "--quiet", line)
    add(folder, Commit("2024-03-01", {path: later}))
    with viewed(folder, "2024-06-01") as view:
        (finding,), _ = watch(view, [MigrationEditedAfterMerge()])

    assert finding.severity == 2
    assert "No release tag lies between" in finding.story.current


def test_what_only_takes_away_asks_without_another_outcome():
    taking = RUBY.replace('add_column :shelves, :colour, :string, :default => "red"', "remove_column :shelves, :colour")
    asking = taking.replace(
        "    remove", "    remove_index :shelves, :colour if index_exists?(:shelves, :colour)\n    remove"
    )
    old, new = meaning("db/migrate/1_a.rb", taking), meaning("db/migrate/1_a.rb", asking)
    assert old is not None
    assert new is not None
    assert new_guards(old, new) == [GONE]


def test_rails_migrations_are_edited_guarded_and_renumbered_too(tmp_path: Path):
    at = "db/migrate/20240101000000_add_{}.rb".format
    guarded = RUBY.replace("    add_", "    return if column_exists?(:shelves, :colour)\n    add_")
    first = {at(name): RUBY.replace("colour", name) for name in ("one", "two", "three")}
    second: dict[str, str | None] = {
        at("one"): first[at("one")].replace(":string", ":text"),
        at("two"): guarded.replace("colour", "two"),
        at("three"): None,
        at("three").replace("0101", "0105"): first[at("three")],
    }
    scouts = [MigrationEditedAfterMerge(), MigrationGuardAfterMerge(), MigrationRenumbered()]
    with viewed(build(tmp_path, [Commit("2024-01-02", first), Commit("2024-02-01", second)]), "2024-06-01") as view:
        findings, _ = watch(view, scouts)

    assert {(finding.signal, finding.subject) for finding in findings} == {
        ("migration-edited-after-merge", at("one")),
        ("migration-guard-after-merge", at("two")),
        ("migration-renumbered", at("three").replace("0101", "0105")),
    }
