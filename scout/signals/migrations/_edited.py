"""Words and evidence for edited migrations."""

from collections.abc import Iterable, Iterator

from scout.model import Evidence, EvidenceKind
from scout.repository import Change
from scout.signals._evidence import seen
from scout.signals._words import listed
from scout.signals.migrations._edits import Edited

_MOST_CHANGES = 6


def by_cause(found: Iterable[Edited]) -> list[tuple[Edited, ...]]:
    """Return the migrations in groups with the same last edit."""
    groups: dict[str, list[Edited]] = {}
    for one in found:
        groups.setdefault(one.edits[0].change.sha, []).append(one)
    return [tuple(group) for group in groups.values()]


def changes(group: tuple[Edited, ...]) -> list[Change]:
    """Return the edits' changes, newest first, each once."""
    all_of = {edit.change.sha: edit.change for one in group for edit in one.edits}
    return sorted(all_of.values(), key=lambda change: (change.at, change.sha), reverse=True)


def evidence(group: tuple[Edited, ...]) -> Iterator[Evidence]:
    """Give the edits, the changes that merged the migrations, and a release between them."""
    edits = changes(group)
    yield from map(at_merge, edits[:_MOST_CHANGES])
    merged = {one.first.sha: one.first for one in group if one.first.sha not in {change.sha for change in edits}}
    yield from map(at_merge, list(merged.values())[:_MOST_CHANGES])
    release = next((one.release for one in group if one.release), None)
    if release and release.sha not in merged and release.sha not in {change.sha for change in edits}:
        what = seen(f"{release.at:%Y-%m-%d}: release {release.name}, with the migration as it was before")
        yield Evidence(kind=EvidenceKind.COMMIT, locator=release.sha, seen=what)


def at_merge(change: Change) -> Evidence:
    """Return evidence for a change; names of branches, which may name people, are left out."""
    return Evidence(kind=EvidenceKind.COMMIT, locator=change.sha, seen=seen(f"{change.at:%Y-%m-%d}: {_named(change)}"))


def _named(change: Change) -> str:
    return "merge of a branch" if change.title.startswith("Merge ") else change.title


def _told(change: Change) -> str:
    said = _named(change)[:80].replace("`", "'")
    return f"`{change.sha[:10]}` of {change.at:%Y-%m-%d} ({said})"


def told_edits(group: tuple[Edited, ...]) -> str:
    """Return the edits in words."""
    return listed([_told(change) for change in changes(group)], 5)


def told_release(group: tuple[Edited, ...]) -> str:
    """Return what a release had, as a sentence."""
    release = next((one.release for one in group if one.release), None)
    if release is None:
        return "No release tag lies between."
    return f"Release `{release.name}` of {release.at:%Y-%m-%d} had the state from before the last edit."
