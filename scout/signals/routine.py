"""Titles of changes that need neither a test nor a word to users: dependencies, versions, words, looks."""

import re

_ROUTINE = re.compile(
    r"^(?:build|chore|ci|docs|style)\b[^:]{0,30}:|^v?\d+\.\d+|\bbump\b|\breleases?\b"
    r"|\b(?:upgrad|updat|pin)\w* .*\b(?:dependenc|requirements|version|deps)"
    r"|\b(?:typos?|lint\w*|ruff|flake8|black|isort|prettier|rubocop|eslint|mypy|docs?|documentation|docstrings?|comments?"
    r"|wording|tutorial|styles?|css|format(?:ting)?|whitespaces?|typing|type (?:hints?|annotations?))\b|^merge tag\b",
    re.IGNORECASE,
)


def is_routine(title: str) -> bool:
    """Say whether a change, by its title, only brings other versions, other words or other looks."""
    return _ROUTINE.search(title) is not None
