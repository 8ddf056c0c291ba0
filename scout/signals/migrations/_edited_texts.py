"""Migrations of the examples of `migration-edited-after-merge`, before and after their edits."""

from scout.signals._base import Commit, lines

FIRST = lines(
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
WIDER = FIRST.replace(
    '("width", models.IntegerField())', '("width", models.IntegerField()), ("depth", models.IntegerField())'
)
SAME = FIRST.replace(
    '("width", models.IntegerField())', "('width', models.IntegerField(help_text='in mm', verbose_name='w'))"
).replace("class Migration", "# Shelves, the first try.\nclass Migration")
REFERRING = FIRST.replace("models.IntegerField()", "shelves.fields.Millimetres()").replace(
    "from django.db", "import shelves.fields\nfrom django.db"
)
PERMITTED = FIRST.replace(
    "        ),\n    ]",
    '            options={"permissions": (("may_sell", "May sell shelves"),)},\n        ),\n    ]',
)
REVISION = lines(
    'revision = "b"',
    "down_revision = None",
    'HUES = ["red", "blue"]',
    "",
    "",
    "def upgrade():",
    '    op.create_table("shelf", sa.Column("hue", sa.Enum("red", "blue", name="hue")))',
)
TYPED = (
    REVISION.replace(
        'sa.Enum("red", "blue", name="hue")', 'postgresql.ENUM(*HUES, name="hue", create_type=False)'
    ).replace("    op.create_table", '    sa.Enum(*HUES, name="hue").create(op.get_bind())\n    op.create_table')
    + "\n\ndef downgrade():\n    op.drop_table('shelf')\n"
)
EMPTY = lines(
    "from django.db import migrations",
    "",
    "",
    "class Migration(migrations.Migration):",
    "    # Left empty: every shelf was filled in 2021, and new ones are made full.",
    '    dependencies = [("shelves", "0001_initial")]',
    "    operations = []",
)
FILLING = lines(
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
LOOPING = FILLING.replace(
    '    apps.get_model("shelves", "Shelf").objects.update(width=900)',
    "    for one in apps.get_model('shelves', 'Shelf').objects.all():\n        one.width = 900\n        one.save()",
)
BULK = LOOPING.replace("objects.all()", "objects.only('id')").replace(
    "one.save()",
    "one.save(update_fields=['width'])\n        if one.id % 100 == 7:\n            print('Done', one.id, flush=True)",
)
RAILS = lines(
    "class AddWidth < ActiveRecord::Migration[7.0]",
    "  def up",
    "    add_column :shelves, :width, :integer, :default => 900",
    "  end",
    "",
    "  def down",
    "    remove_column :shelves, :width",
    "  end",
    "end",
)
RAILS_FILLING = lines(
    "class FillShelves < ActiveRecord::Migration[7.0]",
    "  def change",
    "    Shop::Shelf.find_each { |one| one.update!(:width => 900) }",
    "  end",
    "end",
)
STAND_IN = RAILS_FILLING.replace("Shop::Shelf.find_each", "Shelf.where(:kind => 'wide').find_each").replace(
    "  def change", "  class Shelf < ActiveRecord::Base\n    serialize :sizes\n  end\n\n  def change"
)
BY_HAND = RAILS_FILLING.replace("  def change\n", "  def change\n    return unless Rails.env.production?\n\n")
FRESH_COLUMNS = RAILS_FILLING.replace("  def change\n", "  def change\n    Shelf.reset_column_information\n")
RAILS_INDEX = lines(
    "class AddIndex < ActiveRecord::Migration[7.0]",
    "  def change",
    "    add_index :shelves, %i[width depth], name: 'index_of_sizes'",
    "  end",
    "end",
)
RAILS_LIVE = RAILS_INDEX.replace("'index_of_sizes'", "'index_of_sizes', algorithm: :concurrently").replace(
    "  def change", "  disable_ddl_transaction!\n\n  def change"
)
INDEX = lines(
    "from django.db import migrations, models",
    "",
    "",
    "class Migration(migrations.Migration):",
    "    operations = [",
    '        migrations.AddIndex("shelf", models.Index(fields=["width"], name="of_width")),',
    '        migrations.RunSQL("CREATE INDEX of_depth ON shelf (depth)"),',
    "    ]",
)
LIVE = (
    INDEX.replace("migrations.AddIndex", "AddIndexConcurrently")
    .replace("    operations = ", "    atomic = False\n    operations = ")
    .replace("CREATE INDEX", "CREATE INDEX CONCURRENTLY")
)
CHATTY = LOOPING.replace(
    "one.save()",
    "one.save()\n        if one.id:\n            one.save()\n        elif one.hue:\n            print('Hue', one.id)",
)
CHATTIER = CHATTY.replace(
    "print('Hue', one.id)",
    "print('Hue', one.id)\n        elif one.kind == 8:\n            print('Eight', one.id)",
)
RAILS_BULK = lines(
    "class Size < ActiveRecord::Migration[7.0]",
    "  def change",
    "    change_table :shelves do |t|",
    "      t.remove :width",
    "      t.rename :depth, :size",
    "    end",
    "    add_column :shelves, :hue, :string",
    "    add_foreign_key :shelves, :racks",
    "  end",
    "end",
)
RAILS_BULKED = RAILS_BULK.replace(":shelves do", ":shelves, bulk: true do").replace(
    ":shelves, :racks", ":shelves, :racks, validate: false\n    validate_foreign_key :shelves, :racks"
)
SHELVES = "shelves/migrations/0001_initial.py"
RACKS = "racks/migrations/0001_initial.py"
HOOKS = "hooks/migrations/0001_initial.py"
KEPT = (
    Commit("2024-01-01", {SHELVES: WIDER}),
    Commit("2024-01-22", {SHELVES: FIRST, "shelves/migrations/0002_more.py": FILLING}, "Take the depth away"),
)
RECONCILED = (
    Commit("2024-01-01", {SHELVES: FIRST, RACKS: FIRST, HOOKS: FIRST}),
    Commit("2024-01-22", {SHELVES: f"# Older databases get it in 0002_add_depth.\n{WIDER}"}, "Add depth"),
    Commit("2024-01-23", {RACKS: f"# For older databases, see migration 0002.\n{WIDER}"}, "Add depth of racks"),
    Commit("2024-01-24", {HOOKS: WIDER, "hooks/migrations/0002_more.py": FILLING}, "Add depth of hooks"),
)
RETYPED = lines(
    'revision = "c"',
    "down_revision = 'b'",
    "",
    "",
    "def upgrade():",
    '    op.alter_column("shelf", "hue", existing_type=sa.TEXT(), type_=sa.JSON(), postgresql_using="hue::json")',
)
MADE_AGAIN = lines(
    *RETYPED.split("\n")[:5],
    '    op.drop_column("shelf", "hue")',
    '    op.add_column("shelf", sa.Column("hue", sa.JSON(), nullable=True))',
)
INDEXED = {
    SHELVES: INDEX,
    "shelves/migrations/0002_fill.py": CHATTY,
    "db/migrate/20240101_a.rb": RAILS_INDEX,
    "db/migrate/20240102_b.rb": RAILS_BULK,
    "sql/V1__a.sql": "CREATE INDEX of_width ON shelf (width);\n",
}
INDEXED_LIVE = {
    SHELVES: LIVE,
    "shelves/migrations/0002_fill.py": CHATTIER,
    "db/migrate/20240101_a.rb": RAILS_LIVE,
    "db/migrate/20240102_b.rb": RAILS_BULKED,
    "sql/V1__a.sql": "CREATE INDEX CONCURRENTLY of_width ON shelf (width);\n",
}
RELEASED = (Commit("2023-11-01", {"readme": "a"}, tag="v1.0"), Commit("2023-12-01", {"readme": "b"}, tag="v1.1"))
"""Two releases within a year: from then on, what no release had is known to developers only."""
SETTLED_OUTCOME = (
    Commit("2024-01-01", {SHELVES: FIRST, RACKS: FIRST}),
    Commit("2024-01-22", {SHELVES: WIDER}, "Make the migration of shelves idempotent"),
    Commit("2024-01-23", {RACKS: WIDER}, "Fix migration of racks, which fails on old servers"),
)
SET = FILLING.replace("from django.db", "from shelves.settings import WIDTH\nfrom django.db").replace("900", "WIDTH")
RAILS_OUTCOME = (
    Commit("2024-01-01", {f"db/migrate/2024010{n}_a.rb": RAILS_FILLING for n in (1, 2, 4)}),
    Commit("2024-01-02", {"db/migrate/20240103_a.rb": BY_HAND}),
    Commit("2024-01-22", {"db/migrate/20240101_a.rb": RAILS_FILLING.replace("Shop::", "Store::")}),
    Commit("2024-01-23", {"db/migrate/20240102_a.rb": STAND_IN}),
    Commit("2024-01-25", {"db/migrate/20240102_a.rb": STAND_IN.replace(":sizes", ":sizes, :type => Hash")}),
    Commit("2024-01-26", {"db/migrate/20240103_a.rb": BY_HAND.replace("900", "950")}),
    Commit("2024-01-27", {"db/migrate/20240104_a.rb": FRESH_COLUMNS}),
)
TAKEN_BACK = (
    Commit("2024-01-01", {SHELVES: FIRST}),
    Commit("2024-01-22", {SHELVES: WIDER}),
    Commit("2024-01-25", {SHELVES: FIRST}),
)
EMPTIED = (
    Commit("2024-01-01", {SHELVES: FIRST, "shelves/migrations/0002_fill.py": FILLING}),
    Commit("2024-03-22", {"shelves/migrations/0002_fill.py": EMPTY}),
)
READ = (
    Commit("2024-01-01", {SHELVES: FIRST, "shelves/migrations/0002_fill.py": LOOPING}, "Fill shelves"),
    Commit("2024-03-22", {"shelves/migrations/0002_fill.py": BULK}, "Fill them at once"),
)
ALLOWED = (Commit("2024-01-01", {SHELVES: FIRST}), Commit("2024-01-22", {SHELVES: PERMITTED}))
HUES = "db/versions/e_hues.py"
_LONG = "uq_entries_of_shelves_by_width_and_depth_and_hue_and_rack_and_s"
_NAMED = lines(
    'revision = "d"',
    "down_revision = None",
    "",
    "",
    "def upgrade():",
    f'    op.create_unique_constraint("{_LONG}helf", "shelf", ["width", "depth"])',
)
_FULL = lines(
    'revision = "e"',
    'down_revision = "d"',
    "",
    "",
    "def upgrade():",
    '    op.execute("UPDATE shelf SET hue = 1 WHERE hue = NULL")',
    '    op.alter_column("shelf", "hue", nullable=False)',
)
_MAYBE = "\n".join(_FULL.split("\n")[:-2])
_FULL_SQL = "UPDATE shelf SET hue = 1 WHERE hue = NULL;\nALTER TABLE shelf ALTER COLUMN hue SET NOT NULL;\n"
_NAMED_SQL = f"ALTER TABLE shelf ADD CONSTRAINT {_LONG}helf UNIQUE (width);\n"
ALIKE = (
    Commit(
        "2024-01-01",
        {
            "db/versions/d_name.py": _NAMED,
            HUES: _FULL,
            RACKS: FIRST,
            "sql/V1__a.sql": _NAMED_SQL,
            "sql/V2__b.sql": _FULL_SQL,
        },
    ),
    Commit(
        "2024-01-22",
        {
            "db/versions/d_name.py": _NAMED.replace("_shelf", "_s"),
            HUES: _FULL.replace("= NULL", "IS NULL"),
            "sql/V1__a.sql": _NAMED_SQL.replace("_shelf", "_s"),
            "sql/V2__b.sql": _FULL_SQL.replace("= NULL", "IS NULL"),
        },
        "Mend names and hues",
    ),
    Commit("2024-01-23", {RACKS: WIDER}, "Add the depth\n\nFor databases that have racks, this is equivalent."),
)
FILLED = (
    Commit("2024-01-01", {HUES: _MAYBE}),
    Commit("2024-01-22", {HUES: _MAYBE.replace("= NULL", "IS NULL")}, "Mend hues"),
)
DROPPED = (
    Commit("2024-01-01", {HUES: RETYPED}),
    Commit("2024-01-22", {HUES: f'{RETYPED}    op.drop_column("shelf", "tint")\n'}),
)
