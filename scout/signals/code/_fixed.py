"""The project's own issues: where they are kept, and which of them its changes say they fixed."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from scout.repository import Change
from scout.signals._base import View

_FIXED = re.compile(r"\b(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?)\s*:?\s*(?:gh-|issue )?#(\d+)", re.IGNORECASE)
_NUMBER = re.compile(r"#(\d{2,})\b|/issues/(\d+)\b|\bGH-(\d{2,})\b", re.IGNORECASE)
_PAGE = re.compile(
    r"^(?:readme[\w.]*|contributing[\w.]*|pyproject\.toml|setup\.(?:py|cfg)|package\.json)$", re.IGNORECASE
)
_TRACKER = re.compile(r"github\.com/([\w.-]+/[\w.-]+)/(?:issues|pull|actions|discussions|blob|tree)\b", re.IGNORECASE)
_MODULE = re.compile(r"^module github\.com/([\w.-]+/[\w.-]+)", re.MULTILINE)


def own_home(view: View, texts: Iterable[str]) -> str:
    """Return `owner/name` of the project on its forge, lower case: its Go module, or whose issues it names most."""
    module = _MODULE.search(view.tree.text("go.mod") or "") if "go.mod" in view.tree.files else None
    if module:
        return module.group(1).lower()
    pages = [view.tree.text(path) or "" for path in view.tree.files if _PAGE.search(path)]
    named = Counter(found.lower() for text in (*pages, *texts) for found in _TRACKER.findall(text))
    return max(sorted(named), key=lambda name: named[name], default="")


def numbers_in(text: str) -> frozenset[str]:
    """Return the numbers of issues that a text names."""
    return frozenset(one or other or third for one, other, third in _NUMBER.findall(text))


def fix_of(view: View, numbers: Iterable[str], since: datetime) -> Change | None:
    """Return the newest change after a moment (UTC) that says that it fixed one of some issues."""
    wanted = frozenset(numbers)
    fixes: Mapping[str, Change] = view.once(_fixes) if wanted else {}
    found = [fixes[number] for number in wanted if number in fixes and fixes[number].at > since]
    return max(found, key=lambda change: (change.at, change.sha), default=None)


def _fixes(view: View) -> Mapping[str, Change]:
    """Return the newest fix of each issue."""
    found: dict[str, Change] = {}
    for change in view.history.changes:
        for number in _FIXED.findall(f"{change.subject} {change.title}"):
            if number not in found or (found[number].at, found[number].sha) < (change.at, change.sha):
                found[number] = change
    return found
