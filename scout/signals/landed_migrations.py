"""Which edits of landed migrations leave other databases than before: most only change how they are written."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pygments.lexers.javascript import JavascriptLexer, TypeScriptLexer
from pygments.token import Token

from scout.repository import Change, FileChange, Tag
from scout.repository.decoding import decoded
from scout.signals.migrations._applied import ALIVE, FEWEST_RELEASES, LONG_AGO, runs_otherwise
from scout.signals.migrations._edits import SETTLED, brought, is_sweep, judged
from scout.signals.migrations._meaning import Meaning, meaning

_SCRIPT = re.compile(r"\.[cm]?[jt]sx?$")
_IMPORT = re.compile(r"^\s*import\b[^;\n]*(?:\{[^}]*\}[^;\n]*)?;?|^.*=\s*require\([^\n]*", re.MULTILINE)
_TYPE = re.compile(r":\s*[A-Za-z][\w.]*(?:<[^>\n]*>)?(?:\[\])?(?=\s*[,)={])|\bas\s+[A-Z]\w*")
_STYLE = frozenset(
    {"async", "await", "const", "export", "exports", "function", "let", "module", "Promise", "return", "then", "var"}
)
"""Words of JavaScript that say how a migration is written: as a module of which kind, with promises or without."""

_MOST_TAGS = 6


@dataclass(frozen=True)
class _Edit:
    """An edit of one migration.

    Attributes:
        since: when the migration had landed.
        before: what it said.
        after: what it says now.
        newer: texts of the newer migrations that came with the edit.
    """

    change: Change
    since: datetime
    before: Meaning
    after: Meaning
    newer: list[str]


def edited(
    changes: Iterable[Change],
    is_migration: Callable[[str], bool],
    blob: Callable[[str], bytes | None],
    releases: Sequence[Tag],
) -> dict[str, tuple[str, ...]]:
    """Return the changes that edited landed migrations so that databases come out otherwise, with those migrations.

    A migration has landed two days after it came. Passed over is what the scout `migration-edited-after-merge` passes
    over: the same in other words, what code elsewhere made necessary, sweeps and squashes, what was taken back or takes
    back, what only asks first, edits after two years, and, where there are releases, of what no release had.

    Args:
        changes: of the main line, oldest first.
        is_migration: says so by a path.
        blob: gives a content by its name; None where this copy has it not.
        releases: oldest first.
    """
    found: dict[str, tuple[str, ...]] = {}
    for path, edits in _by_path(changes, is_migration, blob).items():
        undone = _undone(edits)
        for place, edit in enumerate(edits):
            if place not in undone and _is_told(path, edit, releases, blob):
                found[edit.change.sha] = (*found.get(edit.change.sha, ()), path)
    return found


def _by_path(
    changes: Iterable[Change], is_migration: Callable[[str], bool], blob: Callable[[str], bytes | None]
) -> dict[str, list[_Edit]]:
    """Return the edits of each migration in other words than before, oldest first."""
    came: dict[str, datetime] = {}
    found: dict[str, list[_Edit]] = {}
    for change in changes:
        own = [file for file in change.files if is_migration(file.path)]
        swept = bool(own) and is_sweep(change)
        for file in own:
            match file.status:
                case "A":
                    came[file.path] = change.at
                case "R":
                    came[file.path] = came.pop(file.old_path, change.at)
                case "D":
                    came.pop(file.path, None)
                case _:
                    since = came.get(file.path)
                    edit = _edit(change, file, since, blob) if since is not None and not swept else None
                    if edit is not None:
                        found.setdefault(file.path, []).append(edit)
    return found


def _edit(change: Change, file: FileChange, since: datetime, blob: Callable[[str], bytes | None]) -> _Edit | None:
    if change.at - since < SETTLED or not file.before or not file.after:
        return None
    before, after = _meaning(file.path, blob(file.before)), _meaning(file.path, blob(file.after))
    if before is None or after is None or before.whole == after.whole:
        return None
    return _Edit(change, since, before, after, brought(blob, change, file.path))


def _meaning(path: str, content: bytes | None) -> Meaning | None:
    text = decoded(content) if content is not None else None
    if text is None:
        return None
    return Meaning(_words(path, text), None, frozenset()) if _SCRIPT.search(path) else meaning(path, text)


def _words(path: str, text: str) -> str:
    """Return the words of a migration in JavaScript or TypeScript, without comments, imports, types and style."""
    lexer = TypeScriptLexer() if "ts" in path.rpartition(".")[2] else JavascriptLexer()
    tokens = lexer.get_tokens(_IMPORT.sub("", text))
    code = "".join(" " if kind in Token.Comment else value for kind, value in tokens)
    code = _TYPE.sub("", code) if isinstance(lexer, TypeScriptLexer) else code
    return " ".join(word for word in re.findall(r"\w+", code) if word not in _STYLE)


def _undone(edits: Sequence[_Edit]) -> frozenset[int]:
    """Return the places of edits that were taken back, of those that did so, and of those between."""
    found: set[int] = set()
    for first, edit in enumerate(edits):
        for last in range(len(edits) - 1, first, -1):
            if edits[last].after.whole == edit.before.whole:
                found.update(range(first, last + 1))
                break
    return frozenset(found)


def _is_told(path: str, edit: _Edit, releases: Sequence[Tag], blob: Callable[[str], bytes | None]) -> bool:
    """Say whether databases from before an edit may differ from those after it."""
    change, age = edit.change, edit.change.at - edit.since
    if age >= LONG_AGO or runs_otherwise(change.title):
        return False
    kind = judged(change, (edit.before, edit.after), age // timedelta(days=1), edit.newer)
    if kind is None or kind.kind == "guard":
        return False
    lately = [tag for tag in releases if change.at - ALIVE <= tag.at <= change.at]
    return len(lately) < FEWEST_RELEASES or any(
        _had(path, edit, tag, blob) for tag in lately[-_MOST_TAGS:] if tag.at > edit.since
    )


def _had(path: str, edit: _Edit, tag: Tag, blob: Callable[[str], bytes | None]) -> bool:
    """Say whether a release had a migration, and not yet as an edit left it."""
    content = blob(f"{tag.sha}:{path}")
    found = _meaning(path, content)
    return content is not None and (found is None or found.whole != edit.after.whole)
