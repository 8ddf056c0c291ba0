"""Whether databases can differ at all after an edit of a merged migration, as far as titles, tags and days tell."""

import re
from datetime import timedelta

from scout.signals._base import View
from scout.signals.migrations._edits import RELEASE, Edited

_ALIVE = timedelta(days=365)
_FEWEST_RELEASES = 2
_LONG_AGO = timedelta(days=730)
_SAME_OUTCOME = re.compile(
    r"\bno-?op\b|\bidempoten\w+|\b(?:dead)?lock(?:s|ed|ing)?\b(?!\s?file)|\btimeouts?\b|\bconcurrent(?:ly)?\b"
    r"|\b(?:unblock|fix|fixes|fixed|prevent|avoid|handle|resolve)\w*\b.*\bmigrations?\b.*"
    r"\b(?:errors?|fail\w*|crash\w*|exceptions?|broken)\b"
    r"|\b(?:broken|failing|failed|crashing) (?:\w+ )?migrations?\b",
    re.IGNORECASE,
)
"""Titles of edits after which a migration runs otherwise, or runs at all, and leaves the same."""


def held_back(view: View, group: tuple[Edited, ...]) -> str:
    """Return why an edit is nothing that a maintainer has to look at now; empty when databases may well differ."""
    change = group[0].edits[0].change
    if _SAME_OUTCOME.search(change.title):
        return "its title says that the migration runs otherwise now, not that it leaves something else"
    if all(change.at - one.first.at >= _LONG_AGO for one in group):
        return "the migration was two years old at the edit: an edit so late follows the framework"
    recent = [tag for tag in view.tags if change.at - _ALIVE <= tag.at <= change.at and RELEASE.search(tag.name)]
    left_out = all(edit.takes_away for one in group for edit in one.edits)
    if len(recent) >= _FEWEST_RELEASES and not left_out and not any(one.release for one in group):
        return "no release had the migration before the edit, and this project releases"
    return ""
