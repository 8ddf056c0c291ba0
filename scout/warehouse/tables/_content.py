"""Digests of what a stage last wrote for a project."""

from scout.warehouse.connection import Connection


def stored_digest(connection: Connection, project: str, stage: str) -> str:
    """Return the digest of what the stage last wrote for the project; empty when it never did."""
    row = connection.execute(
        "SELECT digest FROM stage.content WHERE project = ? AND stage = ?", [project, stage]
    ).fetchone()
    return str(row[0]) if row else ""


def store_digest(connection: Connection, project: str, stage: str, digest: str) -> None:
    """Remember the digest of what the stage writes now."""
    connection.execute("DELETE FROM stage.content WHERE project = ? AND stage = ?", [project, stage])
    connection.execute("INSERT INTO stage.content VALUES (?, ?, ?)", [project, stage, digest])
