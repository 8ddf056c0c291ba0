"""Fixtures of the ledger's tests."""

from tests.ledgers import ledger_place
from tests.postgres import postgres

__all__ = ["ledger_place", "postgres"]
