"""`schema-drift`: Rails' dump of the schema does not fit the migrations."""

from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._words import counted, listed, title
from scout.signals.migrations._all import Migrations
from scout.signals.migrations._graph import Chain, System
from scout.signals.migrations._schema import Dump, Fault, dumps, faults


def _migration(name: str, *rows: str) -> str:
    return lines(
        f"class {name} < ActiveRecord::Migration[7.1]", "  def change", *(f"    {row}" for row in rows), "  end", "end"
    )


def _schema(version: str, *rows: str) -> str:
    return lines(f"ActiveRecord::Schema[7.1].define(version: {version}) do", *(f"  {row}" for row in rows), "end")


_SHELVES = ('create_table "shelves", force: :cascade do |t|', '  t.integer "width"', '  t.bigint "rack_id"', "end")
_CREATE = _migration(
    "CreateShelves", "create_table :shelves do |t|", "  t.integer :width", "  t.references :rack", "end"
)
_COLOUR = _migration("AddColourToShelves", "add_column :shelves, :colour, :string")
_ONE = {"db/migrate/20240101000000_create_shelves.rb": _CREATE}
_TWO = {**_ONE, "db/migrate/20240201000000_add_colour_to_shelves.rb": _COLOUR}


class SchemaDrift(Scout):
    """`db/schema.rb` or `db/structure.sql` stands at another version than the migrations, or differs from them.

    The version of the dump is compared with the newest migration. A table or column counts that the dump has and no
    migration ever names, or that a migration adds, none takes away or renames, and the dump lacks. Join tables,
    references, renames, raw SQL and further folders of migrations are known; what a migration makes only where
    something else is there need not be in the dump; a table of versions alone is a gem's (`data_migrations`); where
    older migrations were squashed (more than two unknown tables) contents are not compared. One dump is one
    finding.

    ## Why it matters
    New set-ups and tests load the dump, long-lived databases run the migrations: they differ, and what passes in tests
    fails in production.

    ## What to do with it
    Migrate a fresh database and dump it. What the dump loses by it was made outside the migrations: write one for it.

    ## Severity
    2.

    ## Source
    Rails guides, 'Active Record Migrations: Schema Dumping and You'.
    """

    id: ClassVar[str] = "schema-drift"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.BUG
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "The dump was not made anew after the last migration",
            (Commit("2024-03-01", {**_TWO, "db/schema.rb": _schema("2024_01_01_000000", *_SHELVES)}),),
            "2024-06-01",
            (Expected("db/schema.rb", "db/schema.rb:1"),),
        ),
        Example(
            "The dump has a table that no migration creates",
            (
                Commit(
                    "2024-03-01",
                    {
                        **_ONE,
                        "db/schema.rb": _schema("2024_01_01_000000", *_SHELVES, 'create_table "ladders" do |t|', "end"),
                    },
                ),
            ),
            "2024-06-01",
            (Expected("db/schema.rb", "db/schema.rb:6"),),
        ),
        Example(
            "The dump fits: references, a join table, a renamed table, a dropped one, versions that a gem lists",
            (
                Commit(
                    "2024-03-01",
                    {
                        **_TWO,
                        "db/migrate/20240301000000_more.rb": _migration(
                            "More",
                            "create_join_table :racks, :rooms",
                            "create_table :steps",
                            "rename_table :steps, :ladders",
                            "create_table :stools",
                            'execute "DROP TABLE stools"',
                        ),
                        "db/schema.rb": _schema(
                            "2024_03_01_000000",
                            *_SHELVES[:2],
                            '  t.string "colour"',
                            *_SHELVES[2:],
                            'create_table "racks_rooms", id: false do |t|',
                            '  t.bigint "rack_id"',
                            "end",
                            'create_table "ladders" do |t|',
                            "end",
                            'create_table "data_migrations", primary_key: "version", id: :string do |t|',
                            "end",
                        ),
                    },
                ),
            ),
            "2024-06-01",
        ),
        Example(
            "The dump lacks a table, and another that is only made where something else is there",
            (
                Commit(
                    "2024-03-01",
                    {
                        **_ONE,
                        "db/migrate/20240301000000_create_ladders.rb": _migration(
                            "CreateLadders", "create_table :ladders"
                        ),
                        "db/migrate/20240302000000_create_stools.rb": _migration(
                            "CreateStools", "return unless table_exists?(:seats)", "create_table :stools"
                        ),
                        "db/schema.rb": _schema("2024_03_02_000000", *_SHELVES),
                    },
                ),
            ),
            "2024-06-01",
            (Expected("db/schema.rb", "db/schema.rb:1"),),
        ),
        Example(
            "A migration that returned early",
            (
                Commit(
                    "2024-03-01",
                    {
                        **_ONE,
                        "db/migrate/20240302000000_create_stools.rb": _migration(
                            "CreateStools", "return unless table_exists?(:seats)", "create_table :stools"
                        ),
                        "db/schema.rb": _schema("2024_03_02_000000", *_SHELVES),
                    },
                ),
            ),
            "2024-06-01",
        ),
        Example(
            "Older migrations were squashed away",
            (
                Commit(
                    "2024-03-01",
                    {
                        **_ONE,
                        "db/schema.rb": _schema(
                            "2024_01_01_000000",
                            *_SHELVES,
                            *(row for name in ("a", "b", "c") for row in (f'create_table "old_{name}" do |t|', "end")),
                        ),
                    },
                ),
            ),
            "2024-06-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each dump."""
        chains = Migrations.of(view).in_system(System.RAILS)
        texts = {one.path: view.tree.text(one.path) or "" for chain in chains for one in chain.migrations}
        for dump, chain in dumps(view.tree, chains):
            found = list(faults(dump, chain, chains, texts))
            if found:
                yield Finding(
                    signal=self.id,
                    subject=dump.path,
                    identity=view.history.origin(dump.path),
                    severity=2,
                    kind=self.kind,
                    story=_story(dump, chain, found),
                    evidence=tuple(dict.fromkeys(place for fault in found for place in fault.places)),
                    score=0.85,
                )


def _story(dump: Dump, chain: Chain, found: list[Fault]) -> Story:
    return Story(
        title=title(f"Settle {counted(len(found), 'difference')} between migrations and ", dump.path),
        current=(
            f"`{dump.path}` does not fit the migrations in `{chain.folder}`: {listed([one.said for one in found], 6)}."
        ),
        why=(
            "Fresh set-ups and tests load the dump while long-lived databases run the migrations, so the two kinds of "
            "databases differ and tests run on the one that production does not have."
        ),
        wanted=f"Migrating an empty database and dumping it leaves `{dump.path}` as it is committed.",
        acceptance=(
            "`bin/rails db:drop db:create db:migrate` followed by `git diff --exit-code -- db` shows no change.",
        ),
        scope=(f"`{dump.path}`", f"A new migration in `{chain.folder}` for what was made outside"),
        non_goals=("Editing migrations that were merged.",),
        risks=("A table that only production has is lost by a dump made elsewhere: compare with production first.",),
        size="S",
    )
