"""The statements that merge records. Identifiers come from declarations of streams, values are bound.

Temporary tables: `news` has staged records that are to be stored, or whose core rows are; `told` staged tombstones;
`seen` all staged keys of a source; `lost` records whose core rows are to go.
"""
# ruff: noqa: S608 - identifiers of the declarations

from collections.abc import Iterable

from scout.warehouse.streams import CORE, RECORD, TOMBSTONE

_ORDER = ("turn", "written")


def _named(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _dated(columns: Iterable[str], table: str) -> str:
    """Return columns of a table, but `fetched_at` as `news` has it."""
    return ", ".join(f'{"news" if name == "fetched_at" else table}."{name}"' for name in columns)


_RECORD = [name for name in RECORD.columns if name not in _ORDER]
_TOMBSTONE = [name for name in TOMBSTONE.columns if name not in _ORDER]
_SAME_KEY = "kept.source = new.source AND kept.stream = new.stream AND kept.key = new.key"

TURNS = "SELECT DISTINCT turn, project FROM read_parquet($paths)"

NEWS = f"""
    CREATE TEMP TABLE news AS
    WITH staged AS (
        SELECT source, stream, key, parent, changed_at, fetched_at, digest, details, written
        FROM read_parquet($paths) WHERE turn = $turn
        QUALIFY row_number() OVER (
            PARTITION BY source, stream, key ORDER BY changed_at DESC NULLS LAST, written DESC
        ) = 1
    ), stored AS (
        SELECT rowid AS place, source, stream, key, parent, changed_at, digest, details, fetched_at
        FROM raw.record WHERE project = $project
    )
    SELECT new.source, new.stream, new.key, new.written, kept.place AS old,
           kept.digest IS NOT DISTINCT FROM new.digest AS same_content,
           CASE WHEN same_content THEN kept.fetched_at ELSE new.fetched_at END AS fetched_at
    FROM staged AS new LEFT JOIN stored AS kept ON {_SAME_KEY}
    WHERE kept.place IS NULL
       OR (coalesce(new.changed_at >= kept.changed_at, kept.changed_at IS NULL)
           AND (new.digest, new.parent, new.details) IS DISTINCT FROM (kept.digest, kept.parent, kept.details)
            OR new.changed_at > kept.changed_at
            OR new.changed_at IS NOT NULL AND kept.changed_at IS NULL)
"""

REMADE = f"""
    CREATE TEMP TABLE news AS
    SELECT new.source, new.stream, new.key, new.written, kept.rowid AS old, false AS same_content, kept.fetched_at
    FROM read_parquet($paths) AS new
    JOIN raw.record AS kept ON kept.project = $project AND {_SAME_KEY} AND kept.digest = new.digest
"""

DELETE_REPLACED = "DELETE FROM raw.record WHERE rowid IN (SELECT old FROM news WHERE old IS NOT NULL)"

DELETE_RETURNED = f"""
    DELETE FROM raw.tombstone AS kept
    WHERE project = $project AND EXISTS (FROM news AS new WHERE {_SAME_KEY})
"""

LOST_CONTENT = """
    CREATE TEMP TABLE lost AS
    SELECT source, stream, key FROM news WHERE old IS NOT NULL AND NOT same_content
"""

INSERT_RECORDS = f"""
    INSERT INTO raw.record ({_named(_RECORD)})
    SELECT {_dated(_RECORD, "new")}
    FROM read_parquet($paths) AS new JOIN news USING (written)
"""

INSERT_CORE = {
    table: f"""
        INSERT INTO core.{table} ({_named(name for name in stream.columns if name not in _ORDER)})
        SELECT {_dated((name for name in stream.columns if name not in _ORDER), "made")}
        FROM read_parquet($paths) AS made JOIN news USING (written)
        WHERE NOT news.same_content
    """
    for table, stream in CORE.items()
}

DELETE_CORE = [
    f"""
        DELETE FROM core.{table} AS made
        WHERE project = $project
          AND EXISTS (FROM lost
                      WHERE lost.source = made.source AND lost.stream = made.stream AND lost.key = made.record)
    """
    for table in CORE
]

TOLD = f"""
    CREATE TEMP TABLE told AS
    SELECT {_named(_TOMBSTONE)} FROM read_parquet($paths) WHERE turn = $turn
    QUALIFY row_number() OVER (PARTITION BY source, stream, key ORDER BY written DESC) = 1
"""


def _with_children(first: str) -> str:
    """Return the statement that makes `lost` of what `first` selects and what hangs on it."""
    return f"""
        CREATE TEMP TABLE lost AS
        WITH RECURSIVE going AS (
            {first}
            UNION
            SELECT kept.source, kept.stream, kept.key
            FROM raw.record AS kept
            JOIN going ON kept.source = going.source AND kept.parent = going.stream || '/' || going.key
            WHERE kept.project = $project
        )
        FROM going
    """


LOST_TOLD = _with_children("SELECT source, stream, key FROM told")

DELETE_RETOLD = f"""
    DELETE FROM raw.tombstone AS kept
    WHERE project = $project
      AND EXISTS (FROM told AS new
                  WHERE {_SAME_KEY} AND (kept.reason <> new.reason OR kept.moved_to <> new.moved_to))
"""

INSERT_TOMBSTONES = f"""
    INSERT INTO raw.tombstone ({_named(_TOMBSTONE)})
    SELECT {_named(_TOMBSTONE)} FROM told AS new
    WHERE NOT EXISTS (FROM raw.tombstone AS kept WHERE kept.project = $project AND {_SAME_KEY})
"""

SEEN = "CREATE TEMP TABLE seen AS SELECT DISTINCT stream, key FROM read_parquet($paths) WHERE source = $source"
SEEN_NOTHING = "CREATE TEMP TABLE seen (stream VARCHAR, key VARCHAR)"

LOST_UNSEEN = _with_children("""
    SELECT source, stream, key
    FROM raw.record AS kept ANTI JOIN seen USING (stream, key)
    WHERE kept.project = $project AND kept.source = $source
      AND ($streams IS NULL OR list_contains($streams, kept.stream))
""")

DELETE_LOST = """
    DELETE FROM raw.record AS kept
    WHERE project = $project
      AND EXISTS (FROM lost WHERE lost.source = kept.source AND lost.stream = kept.stream AND lost.key = kept.key)
"""
