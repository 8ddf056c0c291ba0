"""Findings of the scouts, one set a project."""

from collections.abc import Sequence

from scout.model import Finding
from scout.model import digest as digest_of
from scout.warehouse.connection import Connection
from scout.warehouse.tables._content import store_digest, stored_digest

_STAGE = "finding"
_INSERT = """
    INSERT INTO stage.finding BY NAME
    WITH given AS (
        SELECT unnest($places) AS place,
               unnest($fingerprints) AS fingerprint,
               unnest($evidence_digests) AS evidence_digest,
               unnest($payloads) AS payload
    )
    SELECT
        $project AS project,
        place,
        fingerprint,
        payload ->> 'signal' AS signal,
        payload ->> 'subject' AS subject,
        CAST(payload ->> 'severity' AS INTEGER) AS severity,
        payload ->> 'kind' AS kind,
        payload ->> 'outcome' AS outcome,
        CAST(payload ->> 'score' AS DOUBLE) AS score,
        CAST(payload ->> 'offered' AS BOOLEAN) AS offered,
        evidence_digest,
        payload
    FROM given
"""


def content_digest(findings: Sequence[Finding]) -> str:
    """Return the digest that `replace` stores for these findings, in this order."""
    return digest_of([finding.model_dump_json() for finding in findings], length=32)


def digest(connection: Connection, project: str) -> str:
    """Return the digest of the findings that are stored; empty when none ever were."""
    return stored_digest(connection, project, _STAGE)


def replace(connection: Connection, project: str, findings: Sequence[Finding]) -> bool:
    """Replace all findings of a project unless they are the same; return whether anything was written."""
    content = content_digest(findings)
    if digest(connection, project) == content:
        return False
    connection.execute("DELETE FROM stage.finding WHERE project = ?", [project])
    if findings:
        given = {
            "project": project,
            "places": list(range(len(findings))),
            "fingerprints": [finding.fingerprint for finding in findings],
            "evidence_digests": [finding.evidence_digest for finding in findings],
            "payloads": [finding.model_dump_json(round_trip=True) for finding in findings],
        }
        connection.execute(_INSERT, given)
    store_digest(connection, project, _STAGE, content)
    return True


def read(connection: Connection, project: str) -> tuple[Finding, ...]:
    """Return the stored findings of a project in the scouts' order."""
    rows = connection.execute("SELECT payload FROM stage.finding WHERE project = ? ORDER BY place", [project])
    return tuple(Finding.model_validate_json(payload) for (payload,) in rows.fetchall())
