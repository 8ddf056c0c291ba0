"""From rows to values and back: the few moves that every table needs."""

from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection, RowMapping, Table, func, insert, select

from scout.errors import StoreError
from scout.model import Frozen

V = TypeVar("V", bound=Frozen)


def value(model: type[V], row: RowMapping, **more: Any) -> V:
    """Return the value that a row holds; columns that the model doesn't have are left out.

    Raises:
        StoreError: the row says what this Scout has no word for.
    """
    fields = {name: row[name] for name in model.model_fields if name in row}
    try:
        return model.model_validate({**fields, **more})
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        what = f"A {model.__name__.lower()} in the ledger cannot be read: {where}: {first['msg']}."
        raise StoreError(what, "Upgrade Scout if a newer one wrote it; else restore a backup.") from error


def append(connection: Connection, table: Table, **values: Any) -> None:
    """Append one row as it is."""
    connection.execute(insert(table), values)


def append_numbered(connection: Connection, table: Table, **values: Any) -> None:
    """Append one row under the next number; the caller holds the write lock."""
    newest: int = connection.scalar(select(func.coalesce(func.max(table.c.number), 0))) or 0
    append(connection, table, number=newest + 1, **values)
