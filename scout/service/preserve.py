"""Copy the ledger and bring it back, while it is in use."""

from pathlib import Path
from typing import ClassVar

from scout.ledger.backup import backup as copy
from scout.ledger.backup import restore as bring_back
from scout.model import Report
from scout.service.wiring import Workspace


class PreserveReport(Report):
    """What a copy holds, or what was brought back.

    Attributes:
        kept: after a restore, where the ledger before is kept.
    """

    schema_id: ClassVar[str] = "scout.ledger-copy/1"

    file: str
    candidates: int
    decisions: int
    kept: str = ""


def backup(work: Workspace, file: Path) -> PreserveReport:
    """Write all that the ledger holds at one moment into a file."""
    copy(work.ledger, file)
    return _report(work, file)


def restore(work: Workspace, file: Path) -> PreserveReport:
    """Make the ledger hold exactly what a copy holds; publishing pauses until the trackers are swept."""
    work.prepare()
    kept = bring_back(work.ledger_place, file, work.now)
    return _report(work, file).having(kept=str(kept) if kept else "")


def _report(work: Workspace, file: Path) -> PreserveReport:
    lives = work.ledger.candidates()
    return PreserveReport(file=str(file), candidates=len(lives), decisions=sum(len(one.decisions) for one in lives))
