"""Readiness of tickets, one judgement a ticket."""

from collections.abc import Mapping

from scout.model import Readiness
from scout.model import digest as digest_of
from scout.warehouse.connection import Connection
from scout.warehouse.tables._content import store_digest, stored_digest

_STAGE = "readiness"
_INSERT = """
    INSERT INTO stage.readiness BY NAME
    WITH given AS (SELECT unnest($keys) AS key, unnest($payloads) AS payload)
    SELECT
        $project AS project,
        key,
        payload ->> 'digest' AS digest,
        CAST(payload ->> 'total' AS DOUBLE) AS total,
        CAST(payload ->> 'ready' AS BOOLEAN) AS ready,
        from_json(payload -> 'failed_gates', '["VARCHAR"]') AS failed_gates,
        payload
    FROM given
"""


def content_digest(verdicts: Mapping[str, Readiness]) -> str:
    """Return the digest that `replace` stores for these judgements, whatever their order."""
    return digest_of({key: readiness.model_dump_json() for key, readiness in verdicts.items()}, length=32)


def digest(connection: Connection, project: str) -> str:
    """Return the digest of the judgements that are stored; empty when none ever were."""
    return stored_digest(connection, project, _STAGE)


def replace(connection: Connection, project: str, verdicts: Mapping[str, Readiness]) -> bool:
    """Replace the judgements of a project unless they are the same; return whether anything was written.

    Args:
        connection: a connection that may write.
        project: the project's id.
        verdicts: readiness by ticket key.
    """
    content = content_digest(verdicts)
    if digest(connection, project) == content:
        return False
    connection.execute("DELETE FROM stage.readiness WHERE project = ?", [project])
    if verdicts:
        given = {
            "project": project,
            "keys": list(verdicts),
            "payloads": [readiness.model_dump_json(round_trip=True) for readiness in verdicts.values()],
        }
        connection.execute(_INSERT, given)
    store_digest(connection, project, _STAGE, content)
    return True


def read(connection: Connection, project: str) -> dict[str, Readiness]:
    """Return the stored readiness of a project's tickets by key, sorted by key."""
    rows = connection.execute("SELECT key, payload FROM stage.readiness WHERE project = ? ORDER BY key", [project])
    return {key: Readiness.model_validate_json(payload) for key, payload in rows.fetchall()}


def failing_only(connection: Connection, project: str, gate: str) -> frozenset[str]:
    """Return the keys of the tickets that fail this gate and no other."""
    query = "SELECT key FROM stage.readiness WHERE project = ? AND failed_gates = [?]"
    return frozenset(key for (key,) in connection.execute(query, [project, gate]).fetchall())


def counts(connection: Connection, project: str) -> tuple[int, int]:
    """Return how many tickets were judged, and how many of them are ready."""
    query = "SELECT count(*), count(*) FILTER (ready) FROM stage.readiness WHERE project = ?"
    judged, ready = connection.execute(query, [project]).fetchone() or (0, 0)
    return int(judged), int(ready)
