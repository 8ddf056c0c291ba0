"""`migration-guard-after-merge`: a merged migration was taught to cope with databases that it did not expect."""

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._evidence import at_path
from scout.signals._words import counted, listed, title
from scout.signals.migrations._applied import held_back
from scout.signals.migrations._edited import by_cause, evidence, told_edits
from scout.signals.migrations._edits import RECENT, Edited, Edits
from scout.signals.migrations._meaning import GONE

_PLAIN = lines(
    '"""Add colours."""',
    "import sqlalchemy as sa",
    "from alembic import op",
    "",
    'revision = "a1"',
    "down_revision = None",
    "",
    "",
    "def upgrade():",
    '    op.add_column("paint", sa.Column("colour", sa.Text()))',
)
_GUARDED = _PLAIN.replace(
    "    op.add",
    '    known = sa.inspect(op.get_bind()).get_columns("paint")\n    if "colour" in [one["name"] for one in known]:\n'
    "        return\n    op.add",
)
_VALUE = _PLAIN.replace(
    'op.add_column("paint", sa.Column("colour", sa.Text()))', """op.execute("ALTER TYPE hue ADD VALUE 'ochre'")"""
)
_BACK = '\n\ndef downgrade():\n    op.drop_column("paint", "colour")\n'
_LEFT = "\n\ndef downgrade():\n    pass\n"
_ASKED_BACK = _BACK.replace("    op.drop", "    if sa.inspect(op.get_bind()):\n        op.drop")
_ALL_ALIKE = "after dropping what is there, all databases are the same"
_LONG_AGO = "the guard is older than two years: what differed then has been met since, or never will be"
_LONG = timedelta(days=4 * 365 + 1)
_DROPPED = '    op.execute("ALTER TABLE paint DROP COLUMN IF EXISTS hue")\n'
_COLOUR = "db/versions/a1_colour.py"


class MigrationGuardAfterMerge(Scout):
    """A merged migration was edited so that it asks first whether its table, column or index is there already.

    Guards are `IF [NOT] EXISTS`, `column_exists?` and the like, `has_table`, inspectors and caught errors of the
    database. They count when they are added at least two days after the merge or after a release that had the
    migration, within four years, in a change that edits at most eight migrations; a guard that was there from the
    beginning does not, and neither do `ADD VALUE IF NOT EXISTS` for a type, which is added outside the transaction,
    and guards that came with another way back, after which the way forth meets what was left. `DROP … IF EXISTS`,
    after which all databases are the same, is found and not offered, and neither are guards older than 24 months,
    those in migrations that were two years old, those that no release was without where a project releases, and those
    whose message says that only the run was mended or that databases are the same.

    ## Why it matters
    Somebody's database had the change before the migration ran: by hand, from a dump, or through another branch. The
    guard lets the migration pass there, and whatever else differs stays unseen.

    ## What to do with it
    Find out which databases got the change outside the migrations, compare their schema with a fresh one, and bring
    them in line with a new migration. Then say in the guard why it is there.

    ## Severity
    2 always.

    ## Source
    Field study of 28 public repositories: 4 of 5 findings true, 8 % of all guards.
    """

    id: ClassVar[str] = "migration-guard-after-merge"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.BUG
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A revision learns to pass over a column that is there already",
            (
                Commit("2024-01-01", {_COLOUR: _PLAIN}, "Add colours"),
                Commit("2024-01-20", {_COLOUR: _GUARDED}, "Fix the set-up"),
            ),
            "2024-06-01",
            (Expected(_COLOUR, _COLOUR),),
        ),
        Example(
            "The guard was there from the beginning",
            (
                Commit("2024-01-01", {_COLOUR: _GUARDED}),
                Commit("2024-01-20", {_COLOUR: _GUARDED.replace("sa.Text()", "sa.String(20)")}),
            ),
            "2024-06-01",
        ),
        Example(
            "The edit has no guard",
            (
                Commit("2024-01-01", {_COLOUR: _PLAIN}),
                Commit("2024-01-20", {_COLOUR: _PLAIN.replace("sa.Text()", "sa.String(20)")}),
            ),
            "2024-06-01",
        ),
        Example(
            "A column is dropped where it is there",
            (
                Commit("2024-01-01", {_COLOUR: _PLAIN + _DROPPED.replace("IF EXISTS ", "")}),
                Commit("2024-01-20", {_COLOUR: _PLAIN + _DROPPED}),
            ),
            "2024-06-01",
        ),
        Example(
            "The way back was emptied, so that the way forth meets what it left",
            (Commit("2024-01-01", {_COLOUR: _PLAIN + _BACK}), Commit("2024-01-20", {_COLOUR: _GUARDED + _LEFT})),
            "2024-06-01",
        ),
        Example(
            "The way back asks as well",
            (Commit("2024-01-01", {_COLOUR: _PLAIN + _BACK}), Commit("2024-01-20", {_COLOUR: _GUARDED + _ASKED_BACK})),
            "2024-06-01",
            (Expected(_COLOUR, _COLOUR),),
        ),
        Example(
            "A value is added to a type, which no transaction holds",
            (
                Commit("2024-01-01", {_COLOUR: _VALUE}),
                Commit("2024-01-20", {_COLOUR: _VALUE.replace("ADD VALUE", "ADD VALUE IF NOT EXISTS")}),
            ),
            "2024-06-01",
        ),
        Example(
            "The guard is three years old",
            (Commit("2021-01-01", {_COLOUR: _PLAIN}), Commit("2021-01-20", {_COLOUR: _GUARDED})),
            "2024-06-01",
        ),
        Example(
            "The guarded migration was two years old",
            (Commit("2021-01-01", {_COLOUR: _PLAIN}), Commit("2024-01-20", {_COLOUR: _GUARDED})),
            "2024-06-01",
        ),
        Example(
            "The guard came a day after the merge",
            (Commit("2024-01-01", {_COLOUR: _PLAIN}), Commit("2024-01-02", {_COLOUR: _GUARDED})),
            "2024-06-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for the migrations that were last guarded by one change.

        Raises:
            UnavailableError: ages cannot be told in this clone.
        """
        view.needs_ages()
        for group in by_cause(Edits(view).of_kind("guard", within=_LONG)):
            gone = all(edit.guards == (GONE,) for one in group for edit in one.edits)
            old = view.now - group[0].edits[0].change.at > RECENT
            because = _ALL_ALIKE if gone else _LONG_AGO if old else held_back(view, group)
            yield Finding(
                signal=self.id,
                subject=group[0].migration.path,
                identity=view.history.origin(group[0].migration.path),
                severity=2,
                kind=self.kind,
                story=_story(group),
                evidence=(
                    *(
                        at_path(one.migration.path, f"{one.chain.system} migration, guarded after its merge")
                        for one in group
                    ),
                    *evidence(group),
                ),
                score=0.75,
                offered=not because,
                because=because,
            )


def _story(group: tuple[Edited, ...]) -> Story:
    first, paths = group[0], [f"`{one.migration.path}`" for one in group]
    guards = sorted({guard for one in group for edit in one.edits for guard in edit.guards})
    name = first.migration.path if len(group) == 1 else counted(len(group), "migration")
    return Story(
        title=title("Find the drift behind the guard in ", name),
        current=(
            f"{listed(paths, 6)} {'was' if len(group) == 1 else 'were'} merged on {first.first.at:%Y-%m-%d} "
            f"(`{first.first.sha[:10]}`) and got {listed(guards)} later: {told_edits(group)}."
        ),
        why=(
            "The guard means that a database had the change before the migration brought it, so it was made outside "
            "the migrations. What else differs there is unknown, and the next migration may fail on it."
        ),
        wanted=(
            "It is known which databases had the change beforehand, they are in line with a fresh one, and the guard "
            "says in a comment why it is there, or is gone."
        ),
        acceptance=(
            "The schema of each long-lived database equals that of a freshly migrated one.",
            f"A comment at the guard in {paths[0]} names its reason, or the guard is removed.",
        ),
        scope=tuple(paths[:8]),
        non_goals=("Guards in other migrations that were there from the beginning.",),
        risks=("Removing the guard breaks set-ups that still have the change from elsewhere.",),
        size="M",
    )
