"""Which releases came without notes, and which migrations were edited, as a checkout tells."""

from pathlib import Path

import pytest

from scout.repository import Tag
from scout.service.flow_releases import full_releases
from scout.signals import Commit
from tests.flow_landed import NOW, landed, released, seen
from tests.plugins.building import add, build, git

MIGRATION = """
from django.db import migrations, models
import shop.fields


class Migration(migrations.Migration):
    operations = [migrations.AddField("order", "width", models.IntegerField())]
"""


def tagged(folder: Path, told: str) -> None:
    """Make a checkout with a release a month: `+` with an entry in the change log, `-` without."""
    said = ""
    for month, one in enumerate(told, start=1):
        said = f"## 1.{month}.0\n\nMore.\n\n{said}" if one == "+" else said
        files = {"app.py": f"{month}\n", "CHANGES.md": said or "# Changes\n"}
        commit = Commit(f"2024-{month:02}-01", files, tag=f"v1.{month}.0")
        build(folder, [commit]) if month == 1 else add(folder, commit)


def test_releases_are_told_by_the_change_log_of_now_or_in_the_release(tmp_path: Path):
    tagged(tmp_path, "++-++-+++")
    found = released("release-notes", tmp_path)
    assert (found.kept, found.bypassed, found.examples) == (6, 2, ("v1.6.0", "v1.3.0"))


def test_notes_on_the_branch_of_a_release_are_notes_and_other_branches_are_unknown(tmp_path: Path):
    tagged(tmp_path, "+" * 8)
    git(tmp_path, "checkout", "--quiet", "-b", "stable", "v1.2.0")
    add(tmp_path, Commit("2024-09-10", {"CHANGES.md": "## 1.2.1\n"}, tag="v1.2.1"))
    add(tmp_path, Commit("2024-10-10", {"app.py": "late\n"}, tag="v1.2.2"))
    git(tmp_path, "checkout", "--quiet", "main")
    found = released("release-notes", tmp_path)
    assert (found.kept, found.bypassed, found.unknown) == (8, 0, 1)


def test_candidates_nightlies_and_other_products_are_no_releases(tmp_path: Path):
    tagged(tmp_path, "+" * 8)
    for number, name in enumerate(("v1.9.0-rc1", "v2.0.0-beta.1a2b3c", "nightly-20240901", "rpc/v1.4.0", "sdk-v0.3.0")):
        add(tmp_path, Commit(f"2024-09-{number + 10}", {"app.py": f"n{number}\n"}, tag=name))
    found = released("release-notes", tmp_path)
    assert (found.kept, found.bypassed, found.unknown) == (7, 0, 0)


@pytest.mark.parametrize(
    ("name", "is_full"),
    [
        ("v1.2.3", True),
        ("1.2", True),
        ("release-1.2", True),
        ("1.2.3.post1", True),
        ("v1.2.3-rc.1", False),
        ("v1.2.3+build5", False),
        ("v1.2.3-1-gabcdef", False),
        ("v3", False),
        ("sdk/go/v1.2.3", False),
    ],
)
def test_full_releases_are_named_by_a_version_and_nothing_more(name: str, is_full: bool):  # noqa: FBT001 - a case
    assert bool(full_releases([Tag(name, "a", NOW)])) is is_full


def test_the_main_product_has_most_releases():
    tags = [Tag(name, "a", NOW) for name in ("v1.0", "v1.1", "lib-v0.1", "v1.2")]
    assert [tag.name for tag in full_releases(tags)] == ["v1.0", "v1.1", "v1.2"]


def edits(folder: Path, *contents: str, title: str = "Widen", gap: int = 20) -> int:
    """Return how many edits of a migration the control counts, one every some days."""
    days = [f"2024-{1 + place * gap // 28:02}-{1 + place * gap % 28:02}" for place in range(len(contents))]
    commits = [
        Commit(day, {"shop/migrations/0001_a.py": text}, title) for day, text in zip(days, contents, strict=True)
    ]
    more = [Commit(f"2024-12-{day:02}", {f"shop/migrations/00{day}_b.py": MIGRATION}) for day in range(10, 20)]
    return seen("migrations-in-order", landed(folder, *commits, *more)).bypassed


WIDER = MIGRATION.replace("IntegerField()", "IntegerField(null=True)").replace("width", "depth")


def test_migrations_that_were_edited_to_something_else_are_told(tmp_path: Path):
    assert edits(tmp_path, MIGRATION, WIDER) == 1


@pytest.mark.parametrize(
    "after",
    [
        MIGRATION.replace("import shop.fields\n", "from __future__ import annotations\n"),
        MIGRATION.replace("models.IntegerField()", "shop.fields.Width()"),
        MIGRATION.replace("    operations = [", "    # Adds.\n    operations: list[object] = [\n        "),
        MIGRATION.replace('"order", "width"', 'model_name="order", name="width"'),
    ],
    ids=["imports", "own code", "annotations", "names of arguments"],
)
def test_edits_that_leave_the_same_databases_are_none(tmp_path: Path, after: str):
    before = after.replace("shop.fields.Width()", "shop.old.Width()").replace("import shop.fields", "import shop.old")
    before = before if "shop.fields.Width" in after else MIGRATION
    assert edits(tmp_path, before, after) == 0


def test_what_was_taken_back_and_what_takes_back_is_no_edit(tmp_path: Path):
    assert edits(tmp_path, MIGRATION, WIDER, MIGRATION) == 0
    assert edits(tmp_path / "b", MIGRATION, WIDER, MIGRATION.replace("width", "height")) == 2


def test_what_no_release_had_may_be_edited(tmp_path: Path):
    begun = (Commit("2024-01-01", {"a": "1"}, tag="v1.0"), Commit("2024-02-01", {"a": "2"}, tag="v1.1"))
    made = Commit("2024-03-01", {"shop/migrations/0001_a.py": MIGRATION})
    edit = Commit("2024-05-01", {"shop/migrations/0001_a.py": WIDER})
    release = Commit("2024-04-01", {"a": "3"}, tag="v1.2")
    assert seen("migrations-in-order", landed(tmp_path, *begun, made, edit)).bypassed == 0
    assert seen("migrations-in-order", landed(tmp_path / "b", *begun, made, release, edit)).bypassed == 1
    assert seen("migrations-in-order", landed(tmp_path / "c", made, edit)).bypassed == 1


def test_an_edit_that_the_release_between_has_already_is_none(tmp_path: Path):
    begun = (Commit("2024-01-01", {"a": "1"}, tag="v1.0"), Commit("2024-02-01", {"a": "2"}, tag="v1.1"))
    build(tmp_path, [*begun, Commit("2024-03-01", {"shop/migrations/0001_a.py": MIGRATION})])
    git(tmp_path, "checkout", "--quiet", "-b", "release")
    add(tmp_path, Commit("2024-04-01", {"shop/migrations/0001_a.py": WIDER}, tag="v1.2"))
    git(tmp_path, "checkout", "--quiet", "main")
    add(tmp_path, Commit("2024-05-01", {"shop/migrations/0001_a.py": WIDER}, "Merge the release"))
    assert seen("migrations-in-order", landed(tmp_path)).bypassed == 0


def test_an_edit_after_a_day_is_none(tmp_path: Path):
    assert edits(tmp_path, MIGRATION, WIDER, gap=1) == 0


def test_an_edit_that_says_that_it_runs_otherwise_is_none(tmp_path: Path):
    assert edits(tmp_path, MIGRATION, WIDER, title="Make the migration idempotent") == 0
