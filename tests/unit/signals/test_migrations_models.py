"""Models that change without a migration are found by replaying operations; healthy apps are silent."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from scout.signals import Commit, View, watch
from scout.signals.migrations.model_without_migration import ModelWithoutMigration
from tests.plugins.building import add, build, viewed

HEAD = "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"


def migration(*operations: str, after: str = "", app: str = "shop", extra: str = "") -> str:
    wanted = f'[("{app}", "{after}")]' if after else "[]"
    inner = "".join(f"        migrations.{one},\n" for one in operations)
    return f"{HEAD}    dependencies = {wanted}\n{extra}    operations = [\n{inner}    ]\n"


def create(name: str, *fields: str, options: str = "{}", bases: str = "(models.Model,)") -> str:
    pairs = ", ".join(f'("{one}", models.{kind}())' for one, _, kind in (field.partition(":") for field in fields))
    listed = f'[("id", models.AutoField(primary_key=True)), {pairs}]'
    return f'CreateModel(name="{name}", fields={listed}, options={options}, bases={bases})'


@dataclass(frozen=True)
class App:
    """A synthetic app: its files, and the models' files that are mutated."""

    files: Mapping[str, str]
    models: tuple[str, ...]


PLAIN = App(
    {
        "shop/models.py": (
            "from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation\n"
            "from django.db import models\n\n\n"
            "class Colour(models.TextChoices):\n    RED = 'r'\n\n\n"
            "class Shelf(models.Model):\n"
            "    width = models.IntegerField(default=3)\n"
            "    colour = models.CharField(\n        max_length=1,\n        choices=Colour.choices,\n    )\n"
            "    address = models.GenericIPAddressField(null=True)\n"
            "    rack = models.ForeignKey('Rack', on_delete=models.CASCADE)\n"
            "    tags = models.ManyToManyField('Tag', blank=True)\n"
            "    target = GenericForeignKey('kind', 'key')\n"
            "    notes = GenericRelation('Note')\n\n"
            "    objects = models.Manager()\n    LIMIT = 30\n\n"
            "    class Meta:\n        ordering = ['width']\n\n"
            "    @property\n    def area(self):\n        return self.width * 2\n\n\n"
            "class Rack(models.Model):\n    name = models.SlugField()\n"
            "    made = models.DateTimeField(auto_now_add=True)\n\n\n"
            "class Tag(models.Model):\n    label: str = models.TextField()\n\n\n"
            "class Wide(Shelf):\n    class Meta:\n        proxy = True\n\n\n"
            "class Legacy(models.Model):\n    anything = models.IntegerField()\n\n    class Meta:\n"
            "        managed = False\n"
        ),
        "shop/migrations/0001_initial.py": migration(
            create("Rack", "title:SlugField", "made:DateTimeField", "old:TextField"),
            create("Shelf", "width:IntegerField", "colour:CharField"),
            create("Label", "label:TextField"),
        ),
        "shop/migrations/0002_more.py": migration(
            'RenameField(model_name="rack", old_name="title", new_name="name")',
            'RemoveField("rack", "old")',
            'RenameModel(old_name="Label", new_name="Tag")',
            'AddField(model_name="shelf", name="address", field=models.GenericIPAddressField(null=True))',
            'AddIndex(model_name="shelf", index=models.Index(fields=["width"], name="w"))',
            after="0001_initial",
        ),
        "shop/migrations/0003_state.py": migration(
            "SeparateDatabaseAndState("
            'state_operations=[migrations.AddField("shelf", "rack", models.ForeignKey("Rack", 1))], '
            'database_operations=[migrations.RunSQL("SELECT 1")])',
            'AddField("shelf", "tags", models.ManyToManyField("Tag"))',
            "RunPython(migrations.RunPython.noop)",
            create("Wide", options='{"proxy": True}', bases='("shop.shelf",)'),
            after="0002_more",
        ),
    },
    ("shop/models.py",),
)
PACKAGE = App(
    {
        "common/__init__.py": "",
        "common/base.py": (
            "from django.db import models\n\n\nclass Dated(models.Model):\n    made = models.DateTimeField()\n"
            "    changed = models.DateTimeField()\n\n    class Meta:\n        abstract = True\n\n\n"
            "class Named(models.Model):\n    name = models.TextField()\n\n    class Meta:\n"
            "        abstract = True\n\n\n"
            "class Printing:\n    width = 3\n"
        ),
        "src/shop/models/__init__.py": "from .people import Person\nfrom .shelves import Shelf, Board  # noqa\n",
        "src/shop/models/people.py": (
            "from django.contrib.auth.models import AbstractUser\n"
            "from django.db.models import CharField, JSONField as Json\n\n\n"
            "class Person(AbstractUser):\n    nick = CharField(max_length=9)\n"
            "    extra = Json(default=dict)\n    first_name = None\n"
        ),
        "src/shop/models/shelves.py": (
            "from __future__ import annotations\n\nfrom django.contrib.postgres.fields import ArrayField\n"
            "from django.db import models\n\n"
            "from common.base import Dated, Named, Printing\nfrom .. import fields\n\n\n"
            "class Shelf(Printing, Dated, Named):\n"
            "    sizes = ArrayField(models.IntegerField())\n"
            "    depth = fields.Millimetres(default=3)\n\n"
            "    class Meta(Dated.Meta):\n        db_table = 'shelf'\n\n\n"
            "class Board(Shelf):\n    thickness = fields.Millimetres()\n"
            "    owner = models.OneToOneField('Person', models.PROTECT)\n"
        ),
        "src/shop/fields.py": "from django.db import models\n\n\nclass Millimetres(models.IntegerField):\n    pass\n",
        "src/shop/apps.py": "class Shop:\n    label = 'wares'\n",
        "src/shop/migrations/0001_squashed_0002_more.py": migration(
            create(
                "Shelf",
                "made:DateTimeField",
                "changed:DateTimeField",
                "name:TextField",
                "sizes:ArrayField",
                "depth:Millimetres",
            ),
            create(
                "Person",
                *(
                    f"{name}:CharField"
                    for name in [
                        "password",
                        "last_login",
                        "is_superuser",
                        "groups",
                        "user_permissions",
                        "username",
                        "last_name",
                        "email",
                        "is_staff",
                        "is_active",
                        "date_joined",
                        "nick",
                        "extra",
                    ]
                ),
            ),
            'CreateModel(name="Board", fields=[("shelf_ptr", models.OneToOneField("Shelf", 1)), '
            '("thickness", models.Millimetres()), '
            '("owner", models.OneToOneField("Person", 1))], bases=("shop.shelf",))',
            app="wares",
            extra='    replaces = [("wares", "0001_initial"), ("wares", "0002_more")]\n',
        ),
        "src/shop/migrations/0003_next.py": migration("RunSQL('SELECT 1')", after="0002_more", app="wares"),
    },
    ("src/shop/models/people.py", "src/shop/models/shelves.py", "common/base.py"),
)
FOREIGN = App(
    {
        "shop/models.py": (
            "import uuid\n\nfrom django.db import models\nfrom elsewhere.fields import MoneyField\n"
            "from elsewhere.models import Audited\n"
            "from elsewhere.tracking import FieldTracker, audited\n\n\n"
            "class Shelf(Audited):\n    width = models.IntegerField()\n    price = MoneyField()\n"
            "    tracker = FieldTracker()\n\n\n"
            "@audited.register\nclass Rack(models.Model):\n"
            "    key = models.UUIDField(primary_key=True, default=uuid.uuid4)\n"
            "    cost = MoneyField()\n    height = models.FloatField()\n"
            "    if True:\n        depth = models.IntegerField()\n\n\n"
            "Rack.add_to_class('later', models.IntegerField())\n"
        ),
        "shop/migrations/0001_initial.py": migration(
            create(
                "Shelf",
                "width:IntegerField",
                "price:MoneyField",
                "price_currency:CurrencyField",
                "audited_by:IntegerField",
            ),
            'CreateModel(name="Rack", fields=[("key", models.UUIDField(primary_key=True)), '
            '("cost", models.MoneyField()), '
            '("cost_currency", models.CurrencyField()), ("height", models.FloatField()), '
            '("depth", models.IntegerField()), '
            '("later", models.IntegerField())])',
        ),
    },
    ("shop/models.py",),
)
APPS = {"plain": PLAIN, "package": PACKAGE, "foreign": FOREIGN}
_FIELD = re.compile(
    r"^    (\w+)(?:: \w+)? = (?:models|fields)?\.?(?!Manager)[A-Z]\w*\((?:[^()]|\([^()]*\))*\)\n", re.MULTILINE
)
_NOT_FIELDS = frozenset({"target", "notes", "tracker", "objects", "anything"})
_CLASS = re.compile(r"^class (Shelf|Rack|Tag|Person|Board|Dated|Named)\(.*\):\n", re.MULTILINE)


def mutants(text: str) -> Iterator[tuple[str, str]]:
    """Give a file of models with one field removed, renamed or added, each with what was done."""
    for found in _FIELD.finditer(text):
        if found.group(1) not in _NOT_FIELDS:
            yield f"remove {found.group(1)}", text[: found.start()] + "    pass\n" + text[found.end() :]
            yield f"rename {found.group(1)}", text[: found.start(1)] + "renamed_field" + text[found.end(1) :]
    for found in _CLASS.finditer(text):
        name = "models.BooleanField" if "import models" in text else "CharField"
        yield (
            f"add to {found.group(1)}",
            text[: found.end()] + f"    brand_new = {name}(default=1)\n" + text[found.end() :],
        )


def differs(view: View) -> bool:
    return bool(watch(view, [ModelWithoutMigration()])[0])


@pytest.mark.parametrize("name", APPS)
def test_a_healthy_app_is_silent(name: str, tmp_path: Path):
    with viewed(build(tmp_path, [Commit("2024-01-01", APPS[name].files)]), "2024-06-01") as view:
        findings, looks = watch(view, [ModelWithoutMigration()])

    assert [finding.story.current for finding in findings] == []
    assert [look.outcome.value for look in looks] == ["absent"]


def test_fields_that_are_removed_renamed_or_added_are_found(tmp_path: Path):
    done: list[str] = []
    missed: list[str] = []
    for name, app in APPS.items():
        folder = build(tmp_path / name, [Commit("2024-01-01", app.files)])
        for path in app.models:
            for what, text in mutants(app.files[path]):
                add(folder, Commit("2024-02-01", {path: text}))
                with viewed(folder, "2024-06-01") as view:
                    (done if differs(view) else missed).append(f"{name}: {what}")
            add(folder, Commit("2024-02-01", {path: app.files[path]}))

    total = len(done) + len(missed)
    print(f"model-without-migration: {len(done)} of {total} mutants found ({len(done) / total:.1%}); missed: {missed}")
    assert total >= 48
    assert len(done) / total >= 0.8


@pytest.mark.parametrize(
    "operations",
    [
        "operations = made()",
        "operations = [migrations.RunPython(x)] + more",
        "operations = []\n    operations += more()",
        "operations = [AddThings()]",
        "if True:\n        operations = []",
    ],
)
def test_nothing_is_said_where_operations_are_computed(operations: str, tmp_path: Path):
    files = {
        "shop/models.py": "from django.db import models\n\n\nclass New(models.Model):\n    a = models.TextField()\n",
        "shop/migrations/0001_initial.py": migration("RunSQL('SELECT 1')"),
        "shop/migrations/0002_more.py": f"{HEAD}    dependencies = [('shop', '0001_initial')]\n    {operations}\n",
    }
    with viewed(build(tmp_path, [Commit("2024-01-01", files)]), "2024-06-01") as view:
        assert not differs(view)


def test_new_and_deleted_models_are_found(tmp_path: Path):
    models = "from django.db import models\n\n\nclass New(models.Model):\n    a = models.TextField()\n"
    files = {"shop/models.py": models, "shop/migrations/0001_initial.py": migration(create("Old", "b:TextField"))}
    with viewed(build(tmp_path, [Commit("2024-01-01", files)]), "2024-06-01") as view:
        (finding,), _ = watch(view, [ModelWithoutMigration()])

    assert "`New`" in finding.story.current
    assert "`Old`" in finding.story.current
