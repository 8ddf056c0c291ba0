"""What kind of work a text asks for, from its words, when its tracker does not say."""

import re

from scout.model import WorkKind
from scout.readiness.reading import Reading
from scout.readiness.topics import Topic

_TITLES: tuple[tuple[WorkKind, re.Pattern[str]], ...] = (
    (WorkKind.DOCS, re.compile(r"\b(?:docs?|documentation|readme|changelog|typos?|docstrings?)\b", re.IGNORECASE)),
    (
        WorkKind.TESTS,
        re.compile(r"\b(?:flaky|tests? (?:for|of|fails?)|add tests?|test coverage|unit tests?)\b", re.IGNORECASE),
    ),
    (
        WorkKind.BUG,
        re.compile(
            r"\b(?:bugs?|fix|fail(?:s|ed|ing|ures?)?|errors?|exceptions?|crash(?:es|ed|ing)?|broken|breaks"
            r"|wrong(?:ly)?|incorrect(?:ly)?"
            r"|regression|segfaults?|tracebacks?|unable to|inconsistent|invalid|leaks?|hangs?|missing|loses|ignore[sd]"
            r"|doesn['’]?t|does not|can(?:no|['’])t|not work(?:ing)?|\w+error)\b",
            re.IGNORECASE,
        ),
    ),
    (
        WorkKind.CHORE,
        re.compile(
            r"^\W*(?:upgrade|bump|update|refactor|rename|migrate|clean|move|deprecate|drop|remove|replace|pin"
            r"|rewrite)\b",
            re.IGNORECASE,
        ),
    ),
    (
        WorkKind.FEATURE,
        re.compile(
            r"\b(?:feature|add|allow|support|implement|introduce|ability|enable|option|provide|make|improve|new)\b",
            re.IGNORECASE,
        ),
    ),
)
_BUG_BODY = re.compile(
    r"\btraceback\b|\bexpected (?:behaviou?r|results?)|\bsteps to reproduce|\bregression\b", re.IGNORECASE
)


def kind_of(title: str, reading: Reading) -> WorkKind | None:
    """Return the kind that the words point to, or None: what a form says weighs more than a word in the title."""
    if reading.about(Topic.STEPS) and reading.about(Topic.ACTUAL, Topic.WANTED):
        return WorkKind.BUG
    for kind, pattern in _TITLES:
        if pattern.search(title):
            return kind
    return WorkKind.BUG if _BUG_BODY.search(reading.prose) else None
