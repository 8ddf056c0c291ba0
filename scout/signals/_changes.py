"""Change units: what the first-parent line says about the work of people, without the noise that misleads counts.

Source of the filters: field study of 28 public repositories; programs, translations, sweeps and the same patch twice
made most of the false findings of signals that count changes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from scout.repository import Change, FileClass
from scout.signals._base import View

_Patch = tuple[str, frozenset[tuple[str, str]]]

YEAR = timedelta(days=365)
MOST_FILES = 60
"""Files of a change beyond which it is a sweep: it says nothing about any of them."""
SOURCE = re.compile(
    r"\.(?:py|rb|go|[cm]?[jt]sx?|vue|svelte|java|kt|php|rs|cs|ex|scala|swift|c|cc|cpp|h|sh|smk|pl|lua|erb|haml|jinja2?)$"
    r"|(?:^|/)(?:Snakefile|Rakefile)$"
)
"""Names of files that people write code in; their class has still to be asked for."""

_TRANSLATION = re.compile(
    r"\btranslations?\b|\bl10n\b|\blocali[sz]ations?\b|\bweblate\b|\btransifex\b|\bcrowdin\b|\bpontoon\b", re.IGNORECASE
)
_LOCALE = re.compile(r"\.(?:po|pot|mo|xlf|xliff)$|(?:^|/)(?:locales?|translations?|i18n|l10n)/", re.IGNORECASE)
_SWEEP = re.compile(
    r"\b(?:reformat\w*|run (?:black|prettier|isort|ruff|rubocop|gofmt)|apply (?:black|prettier|ruff)|pyupgrade"
    r"|copyright (?:headers?|years?))\b",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"\s*\((?:#|!|gh-)\d+\)|\s*\[(?:#\d+|[A-Z][A-Z0-9]+-\d+)\]", re.IGNORECASE)
_FIX = re.compile(
    r"^(?:\[?[\w./ -]{1,30}\]?:\s+)?(?:hot-?|bug-?|quick-?)?fix(?:es|ed|ing|up)?\b|^fix(?:\([^)]*\))?!?:"
    r"|\bbug-?fix\b|\bfix(?:es|ed)? (?:a |the |an )?(?:bug|issue|crash|regression|error)\b",
    re.IGNORECASE,
)
_REVERT = re.compile(
    r"^(?:revert\b|\"?revert(?:ed|s|ing)?\b[ :\"]|back(?:ed|ing)? out\b|roll(?:ed|ing)? ?back\b)", re.IGNORECASE
)
_POLISH = re.compile(
    r"\b(?:typos?|spelling|grammar|lint\w*|flake8|mypy|pyright|ruff|rubocop|eslint|prettier|black|isort|format\w*|styl\w+"
    r"|whitespace|indent\w*|imports?|types?|typing|annotations?|docs?|documentation|docstrings?|readme|change-?log"
    r"|comments?|review|feedback|suggestions?|nits?|merge conflicts?|conflicts?|links?|wording|copy)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a title says that a change did."""

    is_fix: bool
    is_revert: bool
    is_polish: bool


def kind(title: str) -> Kind:
    """Return what a change did, by its title; polish is a fix of words, types and looks, not of behaviour."""
    return Kind(_FIX.search(title) is not None, _REVERT.match(title) is not None, _POLISH.search(title) is not None)


def bare_title(title: str) -> str:
    """Return a title without the numbers of requests and tickets that forges add."""
    return _NUMBERS.sub("", title).strip()


def units(view: View, since: datetime | None = None) -> Iterator[Change]:
    """Give the changes of the first-parent line that people made, newest first, up to the view's clock.

    Left out are changes of programs, translations, sweeps (more than 60 files, or a formatter's run), changes without
    files, and the second of two changes that left the same contents under the same title.
    """
    known = view.once(_patches)
    seen: set[_Patch] = set()
    for change in view.history.changes:
        if change.at > view.now or (since is not None and change.at < since):
            continue
        if change.sha not in known:
            known[change.sha] = _patch(change)
        patch = known[change.sha]
        if patch is not None and patch not in seen:
            seen.add(patch)
            yield change


def _patches(_: View) -> dict[str, _Patch | None]:
    """Return what is known of changes by name, to be filled by whoever asks first: scouts look at the same years."""
    return {}


def _patch(change: Change) -> _Patch | None:
    """Return a title and the contents that are left under it; None of what says nothing about the work of people."""
    if change.bot or not 1 <= len(change.files) <= MOST_FILES or _is_noise(change):
        return None
    return bare_title(change.title), frozenset((file.path, file.after) for file in change.files)


def named_now(view: View, since: datetime) -> Iterator[tuple[Change, tuple[str, ...]]]:
    """Give the units since a moment, newest first, each with its files under the names that they have now."""
    chosen = {unit.sha for unit in units(view, since)}
    now: dict[str, str] = {}
    for change in view.history.changes:
        if change.sha in chosen:
            yield change, tuple(now.get(file.path, file.path) for file in change.files)
        if change.at >= since:
            renames = {file.old_path: now.get(file.path, file.path) for file in change.files if file.old_path}
            now.update(renames)


def _is_noise(change: Change) -> bool:
    if all(_LOCALE.search(file.path) for file in change.files):
        return True
    translated = any(_LOCALE.search(file.path) for file in change.files)
    return (translated and _TRANSLATION.search(change.title) is not None) or _SWEEP.search(change.title) is not None


def touches(view: View, change: Change, *classes: FileClass) -> bool:
    """Say whether a change touches a file of one of some classes."""
    return any(view.tree.file_class(file.path) in classes for file in change.files)


def told(change: Change) -> str:
    """Return a change in words: its abbreviated name, day and title."""
    title = bare_title(change.title)[:80].replace("`", "'")
    return f"`{change.sha[:10]}` of {change.at:%Y-%m-%d} ({title})"
