"""Edits of migrations: how one is written, and what it does."""

from datetime import UTC, datetime, timedelta

import pytest

from scout.repository import Change, FileChange
from scout.signals.landed_migrations import edited

LANDED = datetime(2024, 1, 1, tzinfo=UTC)

BEFORE = b"exports.up = function (knex, Promise) {\n  return knex.table('walls', t => { t.string('hue') })\n}\n"
AFTER = (
    b"// Paint.\nexport async function up(knex) {\n"
    b'  await knex.table("walls", (t) => {\n    t.string("hue");\n  });\n}\n'
)


def changed(at: int, status: str, path: str, before: str, after: str) -> Change:
    file = FileChange(status, path, "", before, after)
    title = "Paint the walls otherwise"
    return Change(
        sha=str(at), at=LANDED + timedelta(days=at), author=0, subject=title, parents=("0",), files=(file,), bot=False
    )


def changes_meaning(path: str, before: bytes, after: bytes) -> bool:
    """Say whether an edit counts that came thirty days after the migration."""
    line = [changed(0, "A", path, "", "then"), changed(30, "M", path, "then", "now")]
    contents = {"then": before, "now": after}
    return bool(edited(line, lambda _: True, contents.get, ()))


@pytest.mark.parametrize(
    ("path", "after", "expected"),
    [
        ("db/migrations/1_walls.js", AFTER, False),
        ("db/migrations/1_walls.ts", AFTER, False),
        ("db/migrations/1_walls.js", AFTER.replace(b"hue", b"tone"), True),
        ("db/migrations/1_walls.js", AFTER.replace(b"string", b"text"), True),
    ],
)
def test_an_edit_of_a_migration_in_javascript_may_be_one_of_style(path: str, after: bytes, *, expected: bool):
    assert changes_meaning(path, BEFORE, after) is expected


def test_an_edit_of_a_migration_counts_when_it_does_something_else():
    before = b"from alembic import op\n\n\ndef upgrade():\n    op.drop_table('a')\n"
    assert not changes_meaning("versions/1_a.py", before, before.replace(b"'a'", b'"a"') + b"# done\n")
    assert changes_meaning("versions/1_a.py", before, before.replace(b"'a'", b"'b'"))


def test_formatting_of_migrations_in_sql_and_javascript_changes_nothing():
    plain = b"ALTER TABLE a ADD b INT;\n"
    assert not changes_meaning("db/migrations/1_a.sql", plain, plain + b";\n")
    before = b"exports.up = k => k.schema.table('a', t => { t.text('b') })\n"
    after = b"/** @param k */\nexports.up = (k) =>\n  k.schema.table(\"a\", (t) => {\n    t.text('b');\n  });\n"
    assert not changes_meaning("db/migrations/1_a.js", before, after)
    assert changes_meaning("db/migrations/1_a.js", before, before.replace(b"'b'", b"'c'"))
