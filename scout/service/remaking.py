"""Core rows anew from raw records, when what they rest on has changed: no server is asked."""

import logging
from collections.abc import Mapping
from typing import Any

from scout.sources import Source, SourceContext
from scout.sources._records import RecordSink
from scout.warehouse.freshness import Cursor
from scout.warehouse.merge import merge, stored_cursor
from scout.warehouse.staging import Staging
from scout.warehouse.store import Warehouse
from scout.warehouse.tables import records

log = logging.getLogger(__name__)
_BASIS = "core_basis"
_CHUNK = 2_000


def brought_up(
    warehouse: Warehouse, project: str, source: Source, at: SourceContext, staging: Staging
) -> Cursor | None:
    """Return where a source's next pull goes on, None at its beginning; with core rows as today's code makes them.

    If the source's mappings or its code have changed, all its core rows are replaced first, in one transaction with the
    cursor that says so.

    Args:
        warehouse: the warehouse.
        project: the project's id.
        source: which.
        at: where and when; the settings decide about mappings.
        staging: a folder that nobody else writes to.

    Raises:
        StoreError: the warehouse cannot be used.
    """
    cursor = stored_cursor(warehouse, project, source.id)
    basis = source.basis(at)
    if cursor is None or not basis or cursor.get(_BASIS) == basis:
        return _without_basis(cursor)
    at.step(f"Reading what is known of {source.id} anew")
    sink = RecordSink(project, source.id, at.now, staging.write)
    last, count = ("", ""), 0
    while found := _after(warehouse, project, source.id, last):
        for one in found:
            sink.anew(one.stream, one.key, one.digest, tuple(source.core(one.stream, one.payload.encode(), at)))
        last, count = found[-1][:2], count + len(found)
    sink.flush()
    staging.cursor(source.id, {**cursor, _BASIS: basis}, full=False, ending=None)
    staging.finish()
    merge(warehouse, [staging], project, at.now)
    log.info("%s: core rows of %d records made anew", source.id, count)
    return _without_basis(cursor)


def with_basis(cursor: Mapping[str, Any], source: Source, at: SourceContext) -> Cursor:
    """Return a source's cursor as it is stored: with a digest of what core rows rest on, if it has one."""
    basis = source.basis(at)
    return {**cursor, _BASIS: basis} if basis else dict(cursor)


def _without_basis(cursor: Cursor | None) -> Cursor | None:
    return cursor and {name: value for name, value in cursor.items() if name != _BASIS}


def _after(warehouse: Warehouse, project: str, source: str, last: tuple[str, str]) -> list[records.Stored]:
    with warehouse.reading() as connection:
        return records.after(connection, project, source, last, _CHUNK)
