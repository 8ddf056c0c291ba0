"""`model-without-migration`: Django models were changed, and no migration brings the change to databases."""

from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._evidence import at_line
from scout.signals._words import counted, listed, title
from scout.signals.migrations._drift import Difference, Drift, Drifts

_FIRST = lines(
    "from django.db import migrations, models",
    "",
    "",
    "class Migration(migrations.Migration):",
    "    operations = [",
    "        migrations.CreateModel(",
    '            name="Shelf",',
    "            fields=[",
    '                ("id", models.AutoField(primary_key=True)),',
    '                ("made", models.DateTimeField()),',
    '                ("width", models.IntegerField()),',
    "            ],",
    "        ),",
    "    ]",
)
_BASE = lines(
    "from django.db import models",
    "",
    "",
    "class Dated(models.Model):",
    "    made = models.DateTimeField()",
    "",
    "    class Meta:",
    "        abstract = True",
)
_SHELF = lines("from django.db import models", "", "from shelves.dated import Dated", "", "", "class Shelf(Dated):")
_MODELS = "shelves/models/shelf.py"
_WHOLE = {
    "shelves/migrations/0001_initial.py": _FIRST,
    "shelves/dated.py": _BASE,
    "shelves/models/__init__.py": "from .shelf import Shelf\n",
    _MODELS: _SHELF + "    width = models.IntegerField()\n",
}


def _shelf(*rows: str) -> dict[str, str]:
    return {**_WHOLE, _MODELS: _SHELF + "".join(f"    {row}\n" for row in rows)}


class ModelWithoutMigration(Scout):
    """The models of a Django app and its migrations disagree on a model or a field.

    The operations of an app's migrations are replayed (squashes, renames and `SeparateDatabaseAndState` included) and
    compared by name with the models that its source declares, with fields of abstract bases. Nothing is said where
    this cannot be told: operations that are computed or unknown, bases from elsewhere (fields that a class declares
    itself still count), fields added by code, unmanaged and proxy models, generic relations, models that tools make.
    The differences of one app are one finding.

    ## Why it matters
    Queries name a column that no database has, or leave one behind that still has its constraints. It works nowhere
    but on the machine whose database was changed by hand.

    ## What to do with it
    Run `makemigrations` for the app, read what it makes (a rename is easily taken for a deletion), and commit it.

    ## Severity
    3 when a field or model is missing in databases, 2 when one is left over.

    ## Source
    Django documentation, `makemigrations --check`; field study of 28 public repositories: no false finding in 58 apps.
    """

    id: ClassVar[str] = "model-without-migration"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.BUG
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A field was added",
            (Commit("2024-01-01", _shelf("width = models.IntegerField()", "depth = models.IntegerField()")),),
            "2024-06-01",
            (Expected("shelves", f"{_MODELS}:8"),),
        ),
        Example(
            "A field was removed",
            (Commit("2024-01-01", _shelf('colours = ["red"]')),),
            "2024-06-01",
            (Expected("shelves", f"{_MODELS}:6"),),
        ),
        Example(
            "Models and migrations agree",
            (Commit("2024-01-01", _WHOLE),),
            "2024-06-01",
        ),
        Example(
            "The base is from elsewhere, and may bring fields or not",
            (
                Commit(
                    "2024-01-01",
                    {
                        **_WHOLE,
                        _MODELS: lines("from racks import Rack", "", "", "class Shelf(Rack):", "    colours = 3"),
                    },
                ),
            ),
            "2024-06-01",
        ),
        Example(
            "Generic relations, managers and what is not a table",
            (
                Commit(
                    "2024-01-01",
                    {
                        **_WHOLE,
                        _MODELS: (
                            _SHELF
                            + lines(
                                "    width = models.IntegerField()",
                                "    notes = GenericRelation('Note')",
                                "    objects = models.Manager()",
                                "",
                                "",
                                "class Wide(Shelf):",
                                "    class Meta:",
                                "        proxy = True",
                                "",
                                "",
                                "class Seen(models.Model):",
                                "    width = models.IntegerField()",
                                "",
                                "    class Meta:",
                                "        managed = False",
                            )
                        ),
                    },
                ),
            ),
            "2024-06-01",
        ),
        Example(
            "Operations are computed",
            (
                Commit(
                    "2024-01-01",
                    _shelf("depth = models.IntegerField()")
                    | {"shelves/migrations/0001_initial.py": _FIRST + "    operations += more()\n"},
                ),
            ),
            "2024-06-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each app."""
        for drift in Drifts(view).all():
            missing = any(one.kind.startswith("new") for one in drift.differences)
            last = drift.chain.heads[0]
            yield Finding(
                signal=self.id,
                subject=drift.app or ".",
                identity=f"{view.history.origin(drift.chain.migrations[0].path).rpartition('/')[0]}",
                severity=3 if missing else 2,
                kind=self.kind,
                story=_story(drift),
                evidence=(
                    *dict.fromkeys(one.place for one in drift.differences),
                    at_line(last.path, last.line, last.text),
                ),
                score=0.9,
            )


def _story(drift: Drift) -> Story:
    said = listed([_told(one) for one in drift.differences], 6)
    app = drift.app.rpartition("/")[2] or "the app"
    many = counted(len(drift.differences), "change")
    return Story(
        title=title(f"Make the migration for {many} of models in ", drift.app or "."),
        current=f"The models of `{drift.app}` and its migrations up to `{drift.chain.heads[0].path}` differ: {said}.",
        why=(
            "Code and database go apart: the program asks for columns that a freshly migrated database does not have, "
            "or leaves some behind whose constraints still hold."
        ),
        wanted=f"Migrations of `{drift.app}` bring databases to what its models declare.",
        acceptance=(
            f"`python manage.py makemigrations --check --dry-run {app}` finds nothing to do.",
            "Migrating a database that holds rows passes.",
        ),
        scope=(f"`{drift.chain.folder}`",),
        non_goals=("Other apps.",),
        risks=("`makemigrations` may take a rename for a deletion and an addition, which loses the column's content.",),
        size="S",
    )


def _told(one: Difference) -> str:
    name = f"`{one.model}.{one.field}`" if one.field else f"`{one.model}`"
    where = one.place.locator
    match one.kind:
        case "new field":
            return f"{name} (`{where}`) is in no migration"
        case "deleted field":
            return f"{name} is in the migrations and no more in the model (`{where}`)"
        case "new model":
            return f"the model {name} (`{where}`) is created by no migration"
        case "deleted model":
            return f"the model {name} is created in `{where}`, and no class declares it"
