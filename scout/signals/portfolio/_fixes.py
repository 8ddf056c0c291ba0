"""What fixes took out of a project's code, as it stood before: what to look for in its siblings."""

import re
from collections.abc import Iterator
from datetime import timedelta
from difflib import SequenceMatcher
from typing import NamedTuple

from scout.repository import Change, FileChange, FileClass
from scout.signals._base import View
from scout.signals._changes import kind, units
from scout.signals.portfolio._lines import Line, is_distinctive, telling

_PERIOD = timedelta(days=730)
_MOST_FILES = 8
_MOST_FIXES = 400
_MOST_BYTES = 200_000
_CONTEXT = 4
_MOST_REMOVED = 40
_ATTACK = re.compile(
    r"\bCVE-\d|\bGHSA-|\bvulnerab\w+|\binjections?\b|\bXSS\b|\bCSRF\b|\bSSRF\b|\btraversal\b|\bexploit\w*|\bRCE\b|\bReDoS\b"
    r"|\bspoof\w*|\bescalation\b|\bsecurity (?:fix|issue|hole|bug|flaw)\w*",
    re.IGNORECASE,
)
_CARE = re.compile(
    r"\bsecur\w+|\bsaniti[sz]\w+|\bescap(?:e|es|ed|ing)\b|\bunsafe\b|\bredact\w*|\bpermission checks?\b"
    r"|\bleak(?:s|ed|ing)? (?:of )?(?:secret|token|credential|password)s?",
    re.IGNORECASE,
)
_REPAIR = re.compile(
    r"\bcrash(?:es|ed|ing)?\b|\bregressions?\b|\bdeadlocks?\b|\brace conditions?\b|\bmemory leaks?\b|\bdata loss\b"
    r"|^(?:[\w./()-]{1,30}:\s+)?(?:prevent|avoid|correct(?:ly)?|properly|repair|enforce)\b",
    re.IGNORECASE,
)
_NO_REPAIR = re.compile(
    r"^(?:chore|docs?|style|refactor|perf|tests?|ci|build|feat|feature)(?:\([^)]*\))?!?:|^\w+\(deps[^)]*\)"
    r"|\b(?:improv\w+|allow\w*|optimi[sz]\w+|depend\w+|performance|faster|speed|logging|log messages?"
    r"|warnings?|deprecat\w+|messages?|naming|rename\w*)\b|^fix(?:es|ed)? (?:[a-z]+/)?[a-z]+(?:-[a-z]+)+(?: \w+)?$",
    re.IGNORECASE,
)
ASIDE = re.compile(r"(?:^|/)(?:migrations|migrate|versions|tests?|testing)/|\.stories\.|(?:^|/)(?:pytest_|conftest)")
_WRITTEN = frozenset({FileClass.CODE})


class Block(NamedTuple):
    """One place that a fix changed.

    Attributes:
        before: lines as they stood before, with up to four lines around them.
        first: where in these the removed ones begin.
        last: where they end, exclusive.
        added: distinctive lines that replaced them.
    """

    before: tuple[str, ...]
    first: int
    last: int
    added: frozenset[str]

    @property
    def removed(self) -> tuple[str, ...]:
        """The lines that the fix took out."""
        return self.before[self.first : self.last]


class Fix(NamedTuple):
    """A fix of one file, and what it took out there."""

    change: Change
    path: str
    blocks: tuple[Block, ...]
    secures: bool


def fixes(view: View) -> tuple[Fix, ...]:
    """Return the fixes of two years that changed lines of code, newest first, as far as contents are in this copy."""
    return tuple(_fixes(view))


def _fixes(view: View) -> Iterator[Fix]:
    seen = 0
    for change in units(view, view.now - _PERIOD):
        repairs, attacked = _is_repair(change), _ATTACK.search(change.title) is not None
        secures = attacked or (repairs and _CARE.search(change.title) is not None)
        if not (secures or repairs) or len(change.files) > _MOST_FILES:
            continue
        seen += 1
        if seen > _MOST_FIXES:
            return
        for file in change.files:
            blocks = tuple(block for block in _blocks(view, file) if secures or block.added)
            if blocks and not _is_back(view, file.path, blocks):
                yield Fix(change, file.path, blocks, secures)


def _is_repair(change: Change) -> bool:
    said = kind(change.title)
    if said.is_revert or said.is_polish or _NO_REPAIR.search(change.title):
        return False
    return said.is_fix or _REPAIR.search(change.title) is not None


def _blocks(view: View, file: FileChange) -> tuple[Block, ...]:
    if file.status not in "MR" or ASIDE.search(file.path) or view.tree.file_class(file.path) not in _WRITTEN:
        return ()
    before, after = _text(view, file.before), _text(view, file.after)
    return tuple(_changed(telling(before), telling(after))) if before and after else ()


def _text(view: View, name: str) -> str:
    content = view.blob(name) if name else None
    return content.decode("utf-8", "replace") if content and len(content) <= _MOST_BYTES else ""


def _changed(before: tuple[Line, ...], after: tuple[Line, ...]) -> Iterator[Block]:
    """Give what was replaced, of what neither stands elsewhere in the new text nor is more than a screen."""
    old, new = [line.key for line in before], [line.key for line in after]
    start = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    stays = set(new)
    matcher = SequenceMatcher(None, old[start : len(old) - end], new[start : len(new) - end], autojunk=False)
    for what, first, last, new_first, new_last in matcher.get_opcodes():
        removed = old[start + first : start + last]
        gone = [key for key in removed if is_distinctive(key) and key not in stays]
        if what in {"replace", "delete"} and gone and len(removed) <= _MOST_REMOVED:
            low, high = max(0, start + first - _CONTEXT), min(len(old), start + last + _CONTEXT)
            added = frozenset(key for key in new[start + new_first : start + new_last] if is_distinctive(key))
            yield Block(tuple(old[low:high]), start + first - low, start + last - low, added - set(old))


def _is_back(view: View, path: str, blocks: tuple[Block, ...]) -> bool:
    """Say whether what a fix took out stands in the file again."""
    text = view.tree.text(path) if path in view.tree.files else None
    there = {line.key for line in telling(text)} if text else set[str]()
    return any(set(block.removed) <= there for block in blocks)
