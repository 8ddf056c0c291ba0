"""`migration-heads`: a chain of migrations has several ends, so nobody knows which one is the newest."""

import re
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._evidence import at_line
from scout.signals._words import listed, title
from scout.signals.migrations._all import Migrations
from scout.signals.migrations._django import app_folder
from scout.signals.migrations._graph import Chain, Migration, System

_ALL_HEADS = re.compile(rb"upgrade\W+heads\b")
_BRANCHED = (System.DJANGO, System.ALEMBIC)


def _migration(*dependencies: str, extra: str = "") -> str:
    pairs = ", ".join(f'("shelves", "{name}")' for name in dependencies)
    return lines(
        "from django.db import migrations",
        "",
        "",
        "class Migration(migrations.Migration):",
        f"    dependencies = [{pairs}]",
        *([extra] if extra else []),
        "    operations = []",
    )


def _revision(name: str, parents: str, extra: str = "") -> str:
    return lines(f'revision = "{name}"', f"down_revision = {parents}", *([extra] if extra else []))


_AT = "shelves/migrations/{}.py"
_FORK = {
    _AT.format("0001_initial"): _migration(),
    _AT.format("0002_depth"): _migration("0001_initial"),
    _AT.format("0002_width"): _migration("0001_initial"),
}
_REVISIONS = {"db/versions/a_first.py": _revision("a", "None"), "db/versions/b_depth.py": _revision("b", '"a"')}


class MigrationHeads(Scout):
    """A Django app or an Alembic environment has more than one newest migration.

    The graph is read from the source: `dependencies` and `down_revision`, with squashes (`replaces`) and merges
    honoured. Nothing is said when a dependency is computed or a file cannot be parsed, when revisions carry branch
    labels, and when the project upgrades to `heads` on purpose.

    ## Why it matters
    `migrate` and `upgrade head` refuse to run with several heads. It happens when two branches each add the next
    migration, and every set-up and deployment stops until somebody merges them.

    ## What to do with it
    Make one migration that merges the heads (`makemigrations --merge`, `alembic merge heads`), or let the younger one
    build on the older one when no database has it yet.

    ## Severity
    3: the next run of migrations fails.

    ## Source
    Django documentation, 'Migrations: Version control'; Alembic documentation, 'Working with Branches'.
    """

    id: ClassVar[str] = "migration-heads"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.BUG
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Two migrations build on the same one",
            (Commit("2024-01-01", _FORK),),
            "2024-06-01",
            (Expected("shelves", _AT.format("0002_depth") + ":5"),),
        ),
        Example(
            "Two revisions have one parent",
            (Commit("2024-01-01", {**_REVISIONS, "db/versions/c_width.py": _revision("c", '"a"')}),),
            "2024-06-01",
            (Expected("db/versions", "db/versions/b_depth.py:2"),),
        ),
        Example(
            "A merge closes the fork, in both systems",
            (
                Commit(
                    "2024-01-01",
                    {
                        **_FORK,
                        **_REVISIONS,
                        _AT.format("0003_merge"): _migration("0002_depth", "0002_width"),
                        "db/versions/c_width.py": _revision("c", '"a"'),
                        "db/versions/d_merge.py": _revision("d", '("b", "c")'),
                    },
                ),
            ),
            "2024-06-01",
        ),
        Example(
            "A squash stands for the migrations that it replaces",
            (
                Commit(
                    "2024-01-01",
                    {
                        **_FORK,
                        _AT.format("0001_squashed_0002"): _migration(
                            extra='    replaces = [("shelves", "0001_initial"), ("shelves", "0002_depth"), '
                            '("shelves", "0002_width")]'
                        ),
                    },
                ),
            ),
            "2024-06-01",
        ),
        Example(
            "The branches have labels, dependencies are computed, and the tests have a fork of their own",
            (
                Commit(
                    "2024-01-01",
                    {
                        **_REVISIONS,
                        "db/versions/c_width.py": _revision("c", '"a"', 'branch_labels = ("width",)'),
                        _AT.format("0001_initial"): _migration(),
                        _AT.format("0002_depth"): _migration("0001_initial"),
                        _AT.format("0002_width"): _migration().replace("[]\n    op", "found()\n    op"),
                        **{f"tests/{path}": text for path, text in _FORK.items()},
                    },
                ),
            ),
            "2024-06-01",
        ),
        Example(
            "The project upgrades to all heads",
            (
                Commit(
                    "2024-01-01",
                    {**_REVISIONS, "db/versions/c_width.py": _revision("c", '"a"'), "up.sh": "alembic upgrade heads\n"},
                ),
            ),
            "2024-06-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each chain with several heads."""
        for chain in Migrations.of(view).in_system(*_BRANCHED):
            if len(chain.heads) <= 1 or chain.opaque or _is_meant(view, chain):
                continue
            heads = chain.heads
            yield Finding(
                signal=self.id,
                subject=named(chain),
                identity=f"{chain.system} {' '.join(sorted(view.history.origin(one.path) for one in starts(chain)))}",
                severity=3,
                kind=self.kind,
                story=_story(chain, heads),
                evidence=tuple(at_line(one.path, one.line, one.text) for one in heads),
                score=0.95,
            )


def named(chain: Chain) -> str:
    """Return what readers call a chain: the app's folder in Django, else the folder of the migrations."""
    return app_folder(chain.folder) if chain.system is System.DJANGO else chain.folder


def starts(chain: Chain) -> list[Migration]:
    """Return the migrations with which the branches of a forked chain begin: they stay when branches grow."""
    forked = chain.forked()
    names = {one.name for one in forked}
    return [one for one in forked if not names & chain.edges.get(one.name, frozenset())]


def _is_meant(view: View, chain: Chain) -> bool:
    if chain.system is not System.ALEMBIC:
        return False
    if any(one.branched for one in chain.migrations):
        return True
    return next(view.tree.search(_ALL_HEADS, lambda file: not file.path.endswith(".md")), None) is not None


def _story(chain: Chain, heads: tuple[Migration, ...]) -> Story:
    places = [f"`{one.path}:{one.line}`" for one in heads]
    merge, check = (
        ("python manage.py makemigrations --merge", "python manage.py makemigrations --check --dry-run")
        if chain.system is System.DJANGO
        else ("alembic merge heads", "alembic heads")
    )
    return Story(
        title=title("Merge the heads of the migrations in ", named(chain)),
        current=(
            f"The {chain.system} migrations in `{chain.folder}` end in {listed(places, 5)}; no migration joins them."
        ),
        why=(
            f"{chain.system} refuses to migrate while a chain has several heads, so set-ups, tests that build a "
            "database, and deployments stop here."
        ),
        wanted="The chain has one head, and applying it from either of the present ones leaves the same database.",
        acceptance=(
            f"`{check}` reports {'no conflict' if chain.system is System.DJANGO else 'one head'}.",
            "Migrating an empty database to the newest state passes.",
        ),
        scope=(
            *(f"`{one.path}`" for one in heads[:5]),
            f"A merge by `{merge}`, or a changed parent of the younger one",
        ),
        non_goals=("Squashing the chain.",),
        risks=("Where both branches touch the same table, their order matters.",),
        size="S",
    )
