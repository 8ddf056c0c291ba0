"""A filing of made-up content, for tests of publishers."""

from datetime import UTC, datetime
from pathlib import Path

from scout.ledger import Intent
from scout.model import Draft, Readiness, WorkKind
from scout.publish import Destination, Filing
from scout.publish.files import FilesPublisher

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
READY = Readiness(total=1, ready=True, verdicts=(), failed_gates=(), digest="d", rubric="r")


def a_filing(
    key: str = "0123456789abcdef" * 2, title: str = "Mend the link in docs", body: str = "It is gone."
) -> Filing:
    """Return a filing that was accepted at nine."""
    intent = Intent(key=key, project="p", candidate="c-1", revision=1, publisher="files", target="tickets", at=NOW)
    draft = Draft(
        number=1, drafter="offline", title=title, body=body, kind=WorkKind.DOCS, size="S", evidence=(),
        evidence_digest="e", sha="f" * 40, readiness=READY, at=NOW,
    )  # fmt: skip
    return Filing(intent=intent, draft=draft, fingerprint="broken-internal-link:1", labels=("docs",))


def a_publisher(checkout: Path, target: str = "tickets") -> FilesPublisher:
    """Return a publisher that files in a folder of `checkout`."""
    return FilesPublisher(Destination(checkout=checkout, target=target, now=NOW))
