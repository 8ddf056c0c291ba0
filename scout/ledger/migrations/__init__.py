"""Alembic's environment and the ledger's migrations; `scout.ledger.migrate` runs them."""
