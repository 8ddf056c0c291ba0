"""Standing 'not this': recorded with a rejection, lifted by another row."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from scout.ledger.rows import append_numbered, value
from scout.ledger.schema import suppressions
from scout.model import Suppression


def suppress(connection: Connection, project: str, suppression: Suppression) -> None:
    """Append a suppression."""
    append_numbered(connection, suppressions, project=project, lifted=False, **suppression.model_dump())


def lift(connection: Connection, project: str, fingerprint: str, reason: str, at: datetime) -> int:
    """Lift every standing suppression of a fingerprint and return how many there were."""
    digests = sorted(standing(connection, project, fingerprint))
    for evidence_digest in digests:
        append_numbered(
            connection,
            suppressions,
            project=project,
            fingerprint=fingerprint,
            evidence_digest=evidence_digest,
            reason=reason,
            at=at,
            lifted=True,
        )
    return len(digests)


def load(connection: Connection, project: str) -> tuple[Suppression, ...]:
    """Return what stands in a project, oldest first."""
    kind = (suppressions.c.project, suppressions.c.fingerprint, suppressions.c.evidence_digest)
    newest = select(func.max(suppressions.c.number)).where(suppressions.c.project == project).group_by(*kind)
    stands = suppressions.c.number.in_(newest) & suppressions.c.lifted.is_(False)
    rows = connection.execute(select(suppressions).where(stands).order_by(suppressions.c.number)).mappings()
    return tuple(value(Suppression, row) for row in rows)


def standing(connection: Connection, project: str, fingerprint: str) -> frozenset[str]:
    """Return the evidence digests for which a fingerprint is suppressed."""
    return frozenset(one.evidence_digest for one in load(connection, project) if one.fingerprint == fingerprint)
