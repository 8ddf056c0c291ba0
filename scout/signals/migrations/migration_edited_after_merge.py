"""`migration-edited-after-merge`: a migration that others have applied was changed in what it does."""

from collections.abc import Iterator
from typing import ClassVar

from scout.errors import UnavailableError
from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View
from scout.signals._evidence import at_path
from scout.signals._words import counted, listed, title
from scout.signals.migrations._applied import held_back
from scout.signals.migrations._edited import by_cause, evidence, told_edits, told_release
from scout.signals.migrations._edited_texts import (
    ALIKE,
    ALLOWED,
    DROPPED,
    EMPTIED,
    FILLED,
    FILLING,
    FIRST,
    HUES,
    INDEXED,
    INDEXED_LIVE,
    KEPT,
    MADE_AGAIN,
    RAILS,
    RAILS_OUTCOME,
    READ,
    RECONCILED,
    REFERRING,
    RELEASED,
    RETYPED,
    REVISION,
    SAME,
    SET,
    SETTLED_OUTCOME,
    SHELVES,
    TAKEN_BACK,
    TYPED,
    WIDER,
)
from scout.signals.migrations._edits import RECENT, Edited, Edits


class MigrationEditedAfterMerge(Scout):
    """A merged migration was edited later, so that databases which had applied it differ from new ones.

    Counted are edits at least two days after the merge, or after a release that had the migration, and at most 24
    months old, of migrations that are still there (Django, Alembic, Rails, Flyway, numbered SQL). Edits are
    compared by what they do: formatting, comments, imports, annotations, labels, validators, permissions, order of
    dependencies, how indexes, columns and constraints are made beside the work that goes on, what is printed or
    logged, how rows are read, the way back, what PostgreSQL cuts off a name (63 bytes) and how a column is filled that
    may not be empty from then on are no change. Passed over are sweeps (more than eight migrations in
    one change), squashes, edits of Rails or SQL for a linter's sake, edits that were taken back, that say that they
    give fresh databases what the others have or that name or bring the migration which does the rest, a copy put
    where a reference to removed code stood, data migrations that were emptied with a remark or after a year, data
    steps added after a year, rows and texts of migrations that were two years old at the edit, columns that only
    get a field class of the project's own, and guards (a signal of their own). Migrations with the same last edit
    are one finding. Edits that no release had the state before of, where a project releases (unless they only take
    away), edits of migrations that were two years old, and those whose title says that the migration runs otherwise
    or runs at all, or of whose messages one says that databases are the same, are found and not offered.

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
                Commit("2024-01-01", {SHELVES: FIRST}, "Add shelves"),
                Commit("2024-01-22", {SHELVES: WIDER}, "Add the depth"),
            ),
            "2024-06-01",
            (Expected(SHELVES, SHELVES),),
        ),
        Example(
            "Words, labels and comments are changed",
            (Commit("2024-01-01", {SHELVES: FIRST}), Commit("2024-01-22", {SHELVES: SAME}, "Label the width")),
            "2024-06-01",
        ),
        Example(
            "It is edited on the day after",
            (Commit("2024-01-01", {SHELVES: FIRST}), Commit("2024-01-02", {SHELVES: WIDER})),
            "2024-06-01",
        ),
        Example("A column is dropped, too", DROPPED, "2024-06-01", (Expected(HUES, HUES),)),
        Example(
            "It is edited on the same day, when a release had it",
            (
                Commit("2024-01-01T08:00:00Z", {SHELVES: FIRST}),
                Commit("2024-01-01T09:00:00Z", {"readme": "shelves"}, tag="tag20240101.0"),
                Commit("2024-01-01T11:00:00Z", {SHELVES: WIDER}),
            ),
            "2024-06-01",
            (Expected(SHELVES, SHELVES),),
        ),
        Example(
            "The edit is three years old",
            (Commit("2021-01-01", {SHELVES: FIRST}), Commit("2021-01-22", {SHELVES: WIDER})),
            "2024-06-01",
        ),
        Example(
            "It is said that fresh databases now get what the others have",
            (
                Commit("2024-01-01", {SHELVES: FIRST}),
                Commit("2024-01-22", {SHELVES: WIDER}, "Add the depth (so new environments match production)"),
            ),
            "2024-06-01",
        ),
        Example("A permission is declared, which Django adds to every database", ALLOWED, "2024-06-01"),
        Example(
            "A type is made in another way, a way back is added, and a column gets its type in another way",
            (
                Commit("2024-01-01", {"db/versions/b_hues.py": REVISION, "db/versions/c_hues.py": RETYPED}),
                Commit("2024-01-22", {"db/versions/b_hues.py": TYPED, "db/versions/c_hues.py": MADE_AGAIN}),
            ),
            "2024-06-01",
        ),
        Example("The edit was taken back", TAKEN_BACK, "2024-06-01"),
        Example(
            "A reference to code that is removed is replaced",
            (Commit("2024-01-01", {SHELVES: REFERRING}), Commit("2024-01-22", {SHELVES: FIRST}, "Drop our fields")),
            "2024-06-01",
        ),
        Example(
            "What a migration of 2021 writes is changed in 2024",
            (
                Commit("2021-01-01", {SHELVES: FIRST, "shelves/migrations/0002_fill.py": FILLING}),
                Commit("2024-03-22", {"shelves/migrations/0002_fill.py": FILLING.replace("900", "950")}),
            ),
            "2024-06-01",
        ),
        Example(
            "What a young migration writes is changed",
            (
                Commit("2024-01-01", {SHELVES: FIRST, "shelves/migrations/0002_fill.py": FILLING}, "Fill shelves"),
                Commit("2024-03-22", {"shelves/migrations/0002_fill.py": FILLING.replace("900", "950")}, "Fill more"),
            ),
            "2024-06-01",
            (Expected("shelves/migrations/0002_fill.py", "shelves/migrations/0002_fill.py"),),
        ),
        Example("A data migration is emptied, and says why", EMPTIED, "2024-06-01"),
        Example(
            "No release had it, and there are releases",
            (*RELEASED, Commit("2024-01-01", {SHELVES: FIRST}), Commit("2024-01-22", {SHELVES: WIDER})),
            "2024-06-01",
        ),
        Example(
            "No release had it, and the model still has what the edit takes away",
            (*RELEASED, Commit("2024-01-01", {SHELVES: WIDER}), Commit("2024-01-22", {SHELVES: FIRST})),
            "2024-06-01",
            (Expected(SHELVES, SHELVES),),
        ),
        Example(
            "It was two years old at the edit",
            (Commit("2021-01-01", {SHELVES: FIRST}), Commit("2024-01-22", {SHELVES: WIDER})),
            "2024-06-01",
        ),
        Example("The title says that it runs, or runs otherwise", SETTLED_OUTCOME, "2024-06-01"),
        Example("A long name is cut, a column that gets required is filled better, all is alike", ALIKE, "2024-06-01"),
        Example("What may be empty is filled otherwise", FILLED, "2024-06-01", (Expected(HUES, HUES),)),
        Example(
            "A number has become a setting",
            (
                Commit("2024-01-01", {SHELVES: FIRST, "shelves/migrations/0002_fill.py": FILLING}),
                Commit("2024-03-22", {"shelves/migrations/0002_fill.py": SET}),
            ),
            "2024-06-01",
        ),
        Example("Rows are read and sent in another way, in other portions, and more is printed", READ, "2024-06-01"),
        Example("It takes away, and a newer one only adds", KEPT, "2024-06-01", (Expected(SHELVES, SHELVES),)),
        Example("The edit names or brings the migration that puts the others in line", RECONCILED, "2024-06-01"),
        Example(
            "Rails: a linter's wish, and the way back",
            (
                Commit("2024-01-01", {"db/migrate/20240101_a.rb": RAILS, "db/migrate/20240102_b.rb": RAILS}),
                Commit("2024-01-22", {"db/migrate/20240101_a.rb": RAILS.replace("900", "9e2")}, "Fix new rubocop cops"),
                Commit("2024-01-23", {"db/migrate/20240102_b.rb": RAILS.replace("remove", "change")}, "Undo better"),
            ),
            "2024-06-01",
        ),
        Example(
            "Rails: code is called otherwise now, a class stands in for one that is gone, that class is described, a"
            " repair by hand gets another number, and what is known of columns is forgotten",
            RAILS_OUTCOME,
            "2024-06-01",
        ),
        Example(
            "The same indexes, built beside the work that goes on; the same columns and keys, made at once or in two"
            " steps; one more branch that only prints",
            (Commit("2024-01-01", INDEXED), Commit("2024-01-22", INDEXED_LIVE, "Build them live")),
            "2024-06-01",
        ),
        Example(
            "One change rewrites nine migrations",
            (
                Commit("2024-01-01", {f"app{n}/migrations/0001_initial.py": FIRST for n in range(9)}),
                Commit("2024-01-22", {f"app{n}/migrations/0001_initial.py": WIDER for n in range(9)}),
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
            because = held_back(view, group)
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
                offered=not because,
                because=because,
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
            *(
                f"`git log --oneline {one.edits[0].change.sha[:10]}.. -- {one.migration.path}` shows no further edit."
                for one in group[:3]
            ),
        ),
        scope=tuple(paths[:8]),
        non_goals=("Rewriting or squashing older migrations.",),
        risks=("A new migration must hold on both kinds of databases: those with the change and those without.",),
        size="M",
    )
