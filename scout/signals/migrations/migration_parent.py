"""`migration-parent`: a migration builds on one that is not there."""

from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._evidence import at_line
from scout.signals._words import counted, listed, title
from scout.signals.migrations._all import Migrations
from scout.signals.migrations._django import owners
from scout.signals.migrations._edited import at_merge
from scout.signals.migrations._graph import Chain, Migration, System

_AT = "shelves/migrations/{}.py"


def _migration(*dependencies: tuple[str, str], extra: str = "") -> str:
    pairs = ", ".join(f'("{label}", "{name}")' for label, name in dependencies)
    return lines(
        "from django.db import migrations",
        "",
        "",
        "class Migration(migrations.Migration):",
        f"    dependencies = [{pairs}]",
        *([extra] if extra else []),
        "    operations = []",
    )


_WHOLE = {
    _AT.format("0001_initial"): _migration(),
    _AT.format("0002_depth"): _migration(("shelves", "0001_initial")),
    _AT.format("0003_width"): _migration(("shelves", "0002_depth"), ("auth", "0012_alter_user_first_name_max_length")),
}


class MigrationParent(Scout):
    """A migration names a parent that is neither there nor stood in for by a squash.

    Read are Django's `dependencies` (on the own app, and on other apps of the repository whose label is certain) and
    Alembic's `down_revision` and `depends_on`; the header in a revision's docstring is not. Nothing is said about
    dependencies on apps that are installed from elsewhere. Migrations with one missing parent are one finding.

    ## Why it matters
    The graph cannot be built: every command that reads migrations fails, not only the one that applies them.

    ## What to do with it
    Bring the missing migration back when databases have it, else let its children build on its own parent.

    ## Severity
    3: migrations cannot be loaded.

    ## Source
    Django documentation, `NodeNotFoundError`; Alembic documentation, 'Can't locate revision'.
    """

    id: ClassVar[str] = "migration-parent"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.BUG
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "The migration in the middle was deleted",
            (Commit("2024-01-01", _WHOLE), Commit("2024-02-01", {_AT.format("0002_depth"): None}, "Clean up")),
            "2024-06-01",
            (Expected(_AT.format("0003_width"), _AT.format("0003_width") + ":5"),),
        ),
        Example(
            "A revision's parent was never committed",
            (
                Commit(
                    "2024-01-01",
                    {
                        "db/versions/a_first.py": lines('revision = "a"', "down_revision = None"),
                        "db/versions/c_width.py": lines('revision: str = "c"', 'down_revision: str | None = "b"'),
                    },
                ),
            ),
            "2024-06-01",
            (Expected("db/versions/c_width.py", "db/versions/c_width.py:2"),),
        ),
        Example(
            "A migration of another app names one that is gone",
            (
                Commit(
                    "2024-01-01",
                    {**_WHOLE, "racks/migrations/0001_initial.py": _migration(("shelves", "0002_height"))},
                ),
            ),
            "2024-06-01",
            (Expected("racks/migrations/0001_initial.py", "racks/migrations/0001_initial.py:5"),),
        ),
        Example(
            "The migrations' folder has a name of its own",
            (
                Commit(
                    "2024-01-01",
                    {
                        "shelves/db_migrations/0001_initial.py": _migration(),
                        "shelves/db_migrations/0003_width.py": _migration(("shelves", "0002_depth")),
                        "shelves/db_migrations/0002_height.py": _migration(("shelves", "0001_initial")),
                        "shelves/south_migrations/0009_width.py": _migration(("shelves", "0008_depth")),
                        "shelves/own_migrations/0007_width.py": lines(
                            "class Migration(Step):", '    dependencies = [("own_migrations", "0006_depth")]'
                        ),
                    },
                ),
            ),
            "2024-06-01",
            (Expected("shelves/db_migrations/0003_width.py", "shelves/db_migrations/0003_width.py:5"),),
        ),
        Example(
            "A squash replaces the parent, and numbers before it are gone",
            (
                Commit(
                    "2024-01-01",
                    {
                        _AT.format("0001_squashed_0019_height"): _migration(
                            extra='    replaces = [("shelves", "0001_initial"), ("shelves", "0019_height")]'
                        ),
                        _AT.format("0020_depth"): _migration(("shelves", "0019_height")),
                        _AT.format("0021_width"): _migration(("shelves", "0020_depth"), ("shelves", "__first__")),
                    },
                ),
            ),
            "2024-06-01",
        ),
        Example(
            "A docstring's header is out of date, and dependencies lead to installed apps",
            (
                Commit(
                    "2024-01-01",
                    {
                        **_WHOLE,
                        "db/versions/a_first.py": lines('revision = "a"', "down_revision = None"),
                        "db/versions/b_next.py": lines(
                            '"""Next.', "", "Revises: zz", '"""', 'revision = "b"', 'down_revision = "a"'
                        ),
                        "feeds/migrations/0001_initial.py": _migration(("taggit", "0004_name")),
                        "feeds/migrations/0002_fix.py": _migration(("feeds", "0001_initial"), ("sites", "0009_x")),
                    },
                ),
            ),
            "2024-06-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each missing parent."""
        missing: dict[tuple[str, str], tuple[Chain, list[Migration]]] = {}
        for chain, child, name in _missing(Migrations.of(view)):
            missing.setdefault((chain.folder, name), (chain, []))[1].append(child)
        for (folder, name), (chain, children) in sorted(missing.items(), key=lambda one: one[0]):
            first = children[0]
            deleted = view.history.deleted(f"{folder}/{name}.py")
            yield Finding(
                signal=self.id,
                subject=first.path,
                identity=f"{chain.system} {chain.label or folder} {name}",
                severity=3,
                kind=self.kind,
                story=_story(chain, children, name),
                evidence=(
                    *(at_line(one.path, one.line, one.text) for one in children),
                    *([at_merge(deleted)] if deleted else []),
                ),
                score=0.95,
            )


def _missing(migrations: Migrations) -> Iterator[tuple[Chain, Migration, str]]:
    """Give the chain to which a missing parent belonged, its child, and its name."""
    chains = migrations.in_system(System.DJANGO, System.ALEMBIC)
    for chain in chains:
        yield from ((chain, child, name) for child, name in chain.orphans)
    known = owners([chain for chain in chains if chain.system is System.DJANGO])
    for chain in chains:
        for one in chain.migrations:
            yield from (
                (known[label], one, name)
                for label, name in one.foreign
                if label in known and not known[label].knows(name)
            )


def _story(chain: Chain, children: list[Migration], name: str) -> Story:
    places = [f"`{one.path}:{one.line}`" for one in children]
    check = "python manage.py migrate --plan" if chain.system is System.DJANGO else "alembic history"
    return Story(
        title=title("Repair the missing parent of ", children[0].path),
        current=(
            f"{listed(places, 5)} {'builds' if len(places) == 1 else 'build'} on `{name}`, which is not in "
            f"`{chain.folder}` and not replaced by a squash there."
        ),
        why=(
            f"{chain.system} cannot put its graph together, so every command that reads migrations ends with an error: "
            "set-up, tests with a database, deployment."
        ),
        wanted=f"Every parent that {counted(len(children), 'migration')} in `{chain.folder}` names exists.",
        acceptance=(f"`{check}` passes.", "Migrating an empty database to the newest state passes."),
        scope=tuple(f"`{one.path}`" for one in children[:5]),
        non_goals=("Squashing the chain.",),
        risks=("A database that has the missing migration on record needs it, or a squash that replaces it.",),
        size="S",
    )
