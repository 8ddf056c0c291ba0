"""Scouts over migrations of databases: Django, Alembic, Rails, Flyway and plain SQL."""
