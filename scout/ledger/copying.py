"""All rows of one ledger into another, past the triggers that guard everything else."""

from typing import Final

from sqlalchemy import Connection, delete, insert, select, text

from scout.ledger.schema import metadata

_ROWS_AT_ONCE: Final = 500


def replace_rows(source: Connection, target: Connection) -> None:
    """Make `target` hold exactly the rows of `source`, within the writing transaction that `target` is in.

    Its triggers are off until the last row is written; since that is one transaction, nobody sees it so.
    """
    dropped = _triggers_off(target)
    for table in reversed(metadata.sorted_tables):
        target.execute(delete(table))
    for table in metadata.sorted_tables:
        rows = source.execute(select(table).execution_options(yield_per=_ROWS_AT_ONCE)).mappings()
        for part in rows.partitions():
            target.execute(insert(table), [dict(row) for row in part])
    _triggers_on(target, dropped)


def _triggers_off(target: Connection) -> list[str]:
    """Return what makes SQLite's triggers again; PostgreSQL remembers its own."""
    if target.dialect.name != "sqlite":
        for table in metadata.sorted_tables:
            target.execute(text(f"ALTER TABLE {table.name} DISABLE TRIGGER USER"))
        return []
    found = target.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")).all()
    for name, _ in found:
        target.exec_driver_sql(f"DROP TRIGGER {name}")
    return [sql for _, sql in found]


def _triggers_on(target: Connection, dropped: list[str]) -> None:
    if target.dialect.name != "sqlite":
        for table in metadata.sorted_tables:
            target.execute(text(f"ALTER TABLE {table.name} ENABLE TRIGGER USER"))
    for statement in dropped:
        target.exec_driver_sql(statement)
