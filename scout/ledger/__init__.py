"""What people decided, what was filed, and what cannot be seen again: never lost, never rebuilt."""

from scout.ledger.lives import Decided, Life
from scout.ledger.records import (
    Attempt,
    AttemptOutcome,
    Claim,
    Entry,
    Intent,
    Purpose,
    Receipt,
    Request,
    Reservation,
    VerdictChange,
)
from scout.ledger.store import Ledger

__all__ = [
    "Attempt",
    "AttemptOutcome",
    "Claim",
    "Decided",
    "Entry",
    "Intent",
    "Ledger",
    "Life",
    "Purpose",
    "Receipt",
    "Request",
    "Reservation",
    "VerdictChange",
]
