"""Faults in chains of migrations are found in all four systems, and healthy chains stay silent."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from scout.model import Finding
from scout.signals import Commit, Scout, watch
from scout.signals.migrations.migration_edited_after_merge import MigrationEditedAfterMerge
from scout.signals.migrations.migration_heads import MigrationHeads
from scout.signals.migrations.migration_number import MigrationNumber
from scout.signals.migrations.migration_parent import MigrationParent
from scout.signals.migrations.migration_renumbered import MigrationRenumbered
from scout.signals.migrations.schema_drift import SchemaDrift
from tests.plugins.building import build, viewed

SCOUTS: tuple[type[Scout], ...] = (
    MigrationEditedAfterMerge,
    MigrationHeads,
    MigrationNumber,
    MigrationParent,
    MigrationRenumbered,
    SchemaDrift,
)
Files = Mapping[str, str | None]
LENGTH = 6


def django(number: int, parent: str | None, extra: str = "") -> str:
    wanted = f'[("shop", "{parent}")]' if parent else "[]"
    return (
        "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"
        f"    dependencies = {wanted}\n"
        f"{extra}    operations = [\n"
        f"        migrations.AddField('shelf', 'row{number}', models.IntegerField()),\n    ]\n"
    )


def django_chain() -> dict[str, str]:
    names = [f"{number:04}_row{number}" for number in range(1, LENGTH + 1)]
    parents = [None, *names]
    return {
        f"shop/migrations/{name}.py": django(at, parent)
        for at, (name, parent) in enumerate(zip(names, parents, strict=False), 1)
    }


def alembic(revision: str, parent: str | None, column: str) -> str:
    return (
        f'"""Add {column}.\n\nRevises: nothing that is true\n"""\nimport sqlalchemy as sa\nfrom alembic import op\n\n'
        f"revision = '{revision}'\ndown_revision = {parent!r}\n\n\ndef upgrade():\n"
        f"    op.add_column('shelf', sa.Column('{column}', sa.Integer()))\n"
    )


def alembic_chain() -> dict[str, str]:
    return {
        f"db/versions/r{at}_row.py": alembic(f"r{at}", f"r{at - 1}" if at > 1 else None, f"row{at}")
        for at in range(1, LENGTH + 1)
    }


def rails(name: str, *rows: str) -> str:
    inner = "".join(f"    {row}\n" for row in rows)
    return f"class {name} < ActiveRecord::Migration[7.1]\n  def change\n{inner}  end\nend\n"


def rails_chain() -> dict[str, str]:
    found = {
        f"db/migrate/2024010{at}000000_create_table_{at}.rb": rails(
            f"CreateTable{at}", f"create_table :table_{at} do |t|", f"  t.integer :row_{at}", "end"
        )
        for at in range(1, LENGTH + 1)
    }
    tables = "".join(
        f'  create_table "table_{at}" do |t|\n    t.integer "row_{at}"\n  end\n' for at in range(1, LENGTH + 1)
    )
    version = f"2024_01_0{LENGTH}_000000"
    return found | {"db/schema.rb": f"ActiveRecord::Schema[7.1].define(version: {version}) do\n{tables}end\n"}


def flyway_chain() -> dict[str, str]:
    return {
        f"sql/db/migration/V{at}__row{at}.sql": f"ALTER TABLE shelf ADD row{at} int;\n" for at in range(1, LENGTH + 1)
    }


def plain_chain() -> dict[str, str]:
    return {f"migrations/{at:04}_row{at}.sql": f"ALTER TABLE shelf ADD row{at} int;\n" for at in range(1, LENGTH + 1)}


CHAINS = {
    "django": django_chain(),
    "alembic": alembic_chain(),
    "rails": rails_chain(),
    "flyway": flyway_chain(),
    "plain": plain_chain(),
}


def heads() -> Iterator[tuple[str, str, Files]]:
    """Give forks at every place of a chain."""
    for at in range(1, LENGTH):
        fork = {f"shop/migrations/{at + 1:04}_other.py": django(at, f"{at:04}_row{at}")}
        yield "django", "migration-heads", fork
        yield "django", "migration-number", fork
        yield "alembic", "migration-heads", {"db/versions/other.py": alembic("other", f"r{at}", "other")}


def duplicates() -> Iterator[tuple[str, str, Files]]:
    """Give second files with a number that is taken."""
    for at in range(1, LENGTH + 1):
        yield "alembic", "migration-number", {"db/versions/z_other.py": alembic(f"r{at}", None, "other")}
        yield "rails", "migration-number", {f"db/migrate/2024010{at}000000_other.rb": rails("Other", "nil")}
        yield (
            "rails",
            "migration-number",
            {f"db/migrate/202402{at:02}000000_create_table_{at}.rb": rails("Other", "nil")},
        )
        yield "flyway", "migration-number", {f"sql/db/migration/V{at:03}__other.sql": "SELECT 1;\n"}
        yield "plain", "migration-number", {f"migrations/{at:04}_other.sql": "SELECT 1;\n"}


def removed() -> Iterator[tuple[str, str, Files]]:
    """Give single files that are taken away; the last of a chain leaves no trace but in the dump."""
    for at in range(1, LENGTH):
        yield "django", "migration-parent", {f"shop/migrations/{at:04}_row{at}.py": None}
        yield "alembic", "migration-parent", {f"db/versions/r{at}_row.py": None}
        if at > 1:
            yield "flyway", "migration-number", {f"sql/db/migration/V{at}__row{at}.sql": None}
            yield "plain", "migration-number", {f"migrations/{at:04}_row{at}.sql": None}
    for at in range(1, LENGTH + 1):
        yield "rails", "schema-drift", {f"db/migrate/2024010{at}000000_create_table_{at}.rb": None}


def edited() -> Iterator[tuple[str, str, Files]]:
    """Give files that do something else than before."""
    for system, chain in CHAINS.items():
        for path, text in chain.items():
            if path != "db/schema.rb":
                wider = (
                    text.replace("row", "line") if system in {"django", "alembic"} else text.replace("int", "bigint")
                )
                kept = {"django": "dependencies", "alembic": "down_revision"}.get(system)
                rows = zip(text.split("\n"), wider.split("\n"), strict=True)
                yield (
                    system,
                    "migration-edited-after-merge",
                    {path: "\n".join(old if kept and kept in old else new for old, new in rows)},
                )


def renumbered() -> Iterator[tuple[str, str, Files]]:
    """Give files that move to a number behind the last one."""
    for path, new in (
        ("shop/migrations/0006_row6.py", "shop/migrations/0007_row6.py"),
        ("db/migrate/20240106000000_create_table_6.rb", "db/migrate/20240109000000_create_table_6.rb"),
        ("sql/db/migration/V6__row6.sql", "sql/db/migration/V7__row6.sql"),
        ("migrations/0006_row6.sql", "migrations/0007_row6.sql"),
    ):
        system = next(name for name, chain in CHAINS.items() if path in chain)
        yield system, "migration-renumbered", {path: None, new: CHAINS[system][path]}


FAULTS = [*heads(), *duplicates(), *removed(), *edited(), *renumbered()]


def found(folder: Path, commits: list[Commit]) -> tuple[Finding, ...]:
    with viewed(build(folder, commits), "2024-06-01") as view:
        return watch(view, [scout() for scout in SCOUTS])[0]


def test_faults_of_every_kind_are_found_in_every_system(tmp_path: Path):
    missed: list[tuple[str, str, list[str | None]]] = []
    for at, (system, signal, files) in enumerate(FAULTS):
        commits = [Commit("2024-01-10", CHAINS[system]), Commit("2024-03-01", files)]
        signals = {finding.signal for finding in found(tmp_path / str(at), commits)}
        if signal not in signals:
            missed.append((system, signal, list(files)))

    rate = 1 - len(missed) / len(FAULTS)
    print(f"exact checks: {len(FAULTS) - len(missed)} of {len(FAULTS)} faults found ({rate:.1%}); missed: {missed}")
    assert rate >= 0.95


def test_healthy_chains_are_silent_while_they_grow(tmp_path: Path):
    whole = {path: text for chain in CHAINS.values() for path, text in chain.items()}
    grown = {
        "shop/migrations/0007_row7.py": django(7, "0006_row6"),
        "db/versions/r7_row.py": alembic("r7", "r6", "row7"),
        "sql/db/migration/V7__row7.sql": "SELECT 7;\n",
        "sql/db/migration/R__view.sql": "SELECT 8;\n",
        "migrations/0009_row9.sql": "SELECT 9;\n",
    }

    assert found(tmp_path, [Commit("2024-01-10", whole), Commit("2024-03-01", grown)]) == ()


@pytest.mark.parametrize("content", ["print 'old'\n", "def broken(:\n", "\ufffd\x01\n", ""])
def test_a_file_that_cannot_be_read_hides_only_what_depends_on_it(tmp_path: Path, content: str):
    broken = "class Migration(migrations.Migration):\n" + content
    files = {**django_chain(), "shop/migrations/0007_broken.py": broken, **alembic_chain()}
    fork = {"db/versions/other.py": alembic("other", "r2", "other")}

    signals = {finding.signal for finding in found(tmp_path, [Commit("2024-01-10", {**files, **fork})])}

    assert "migration-heads" in signals


def test_crlf_and_odd_names_change_nothing(tmp_path: Path):
    files = {path: text.replace("\n", "\r\n") for path, text in django_chain().items()}
    odd = {'shop/migrations/0007_"odd"\nname.py': django(7, "0006_row6")}

    assert found(tmp_path, [Commit("2024-01-10", {**files, **odd})]) == ()
