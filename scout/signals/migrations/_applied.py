"""Whether databases can differ at all after an edit of a merged migration, as far as titles, tags and days tell."""

import re
from datetime import timedelta

from scout.repository import Change
from scout.signals._base import View
from scout.signals.migrations._edits import RELEASE, Edited, steps

ALIVE = timedelta(days=365)
FEWEST_RELEASES = 2
LONG_AGO = timedelta(days=730)
_SAME_OUTCOME = re.compile(
    r"\bno-?op\b|\bidempoten\w+|\b(?:dead)?lock(?:s|ed|ing)?\b(?!\s?file)|\btimeouts?\b|\bconcurrent(?:ly)?\b"
    r"|\b(?:unblock|fix|fixes|fixed|prevent|avoid|handle|resolve)\w*\b.*\bmigrations?\b.*"
    r"\b(?:errors?|fail\w*|crash\w*|exceptions?|broken)\b"
    r"|\b(?:broken|failing|failed|crashing) (?:\w+ )?migrations?\b",
    re.IGNORECASE,
)
"""Titles of edits after which a migration runs otherwise, or runs at all, and leaves the same."""


_SAME_WORDS = re.compile(
    r"\bequivalent\b|\bno (?:\w+ )?(?:effect|difference)s?\b"
    r"|\b(?:leaves?|gives?|has|have|with) the same (?:schema|database|tables?|outcome|result)\b",
    re.IGNORECASE,
)
"""Words of messages that say that databases from before an edit have what it gives."""


def runs_otherwise(title: str) -> bool:
    """Say whether a title says that a migration runs otherwise, or runs at all, and leaves the same."""
    return _SAME_OUTCOME.search(title) is not None


def held_back(view: View, group: tuple[Edited, ...]) -> str:
    """Return why an edit is nothing that a maintainer has to look at now; empty when databases may well differ."""
    change = group[0].edits[0].change
    if runs_otherwise(change.title):
        return "its title says that the migration runs otherwise now, not that it leaves something else"
    if all(change.at - one.first.at >= LONG_AGO for one in group):
        return "the migration was two years old at the edit: an edit so late follows the framework"
    if any(map(_SAME_WORDS.search, _messages(view, change, group))):
        return "its message, or one of a commit below it, says that the databases are the same"
    recent = [tag for tag in view.tags if change.at - ALIVE <= tag.at <= change.at and RELEASE.search(tag.name)]
    left_out = all(edit.takes_away for one in group for edit in one.edits)
    if len(recent) >= FEWEST_RELEASES and not left_out and not any(one.release for one in group):
        return "no release had the migration before the edit, and this project releases"
    return ""


def _messages(view: View, change: Change, group: tuple[Edited, ...]) -> tuple[str, ...]:
    """Return what the commits say that a change brought for some migrations, under the names these had then."""
    names = [file.path for one in group for made, file in steps(view, one.migration.path) if made.sha == change.sha]
    return view.history.messages(change, names)
