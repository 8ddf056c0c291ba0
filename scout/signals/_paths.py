"""Paths that texts name: what they mean in a tree, and what became of them."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from scout.repository import Change, Tree
from scout.signals._base import View
from scout.signals._words import listed

_FEW = 3
_KINDRED = {
    "js": ("ts", "tsx", "mjs", "jsx"),
    "jsx": ("tsx", "js"),
    "coffee": ("js", "ts"),
    "scss": ("css",),
    "yml": ("yaml",),
    "yaml": ("yml",),
}
"""Endings that a file has after it was translated."""
_COMMON = frozenset({"readme.md", "index.md", "__init__.py", "package.json", "makefile"})


def joined(folder: str, path: str) -> str | None:
    """Return `path` seen from `folder`, without `.` and `..`; None when it leads out of the repository."""
    parts = [part for part in folder.split("/") if part]
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)


def is_there(tree: Tree, path: str) -> bool:
    """Say whether a path exists, or cannot be judged: behind a link, in a submodule, or ignored on purpose."""
    if tree.exists(path) or tree.ignored(path) or tree.ignored(f"{path}/"):
        return True
    parts = path.split("/")
    above = {"/".join(parts[:depth]) for depth in range(1, len(parts))}
    return any(one in tree.links or one in tree.submodules for one in above)


def nearest_path(tree: Tree, path: str) -> str:
    """Return where something like a missing path is, as a clause; empty when nothing near is known."""
    name = path.rpartition("/")[2].lower()
    same = [other for other in tree.files if other.rpartition("/")[2].lower() == name]
    exact = [other for other in same if other.lower() == path.lower()]
    if exact:
        return f"`{exact[0]}` is, with other capitals"
    if 1 <= len(same) <= _FEW and name not in _COMMON:
        return "a file of that name is at " + listed([f"`{other}`" for other in same])
    stem, _, ending = name.rpartition(".")
    kindred = {f"{stem}.{one}" for one in _KINDRED.get(ending, ())}
    twins = [other for other in tree.files if kindred and other.rpartition("/")[2].lower() in kindred]
    if 1 <= len(twins) <= _FEW:
        return "a file of that name with another ending is at " + listed([f"`{other}`" for other in twins])
    folder = path.rpartition("/")[0]
    beside = [other for other in tree.files if other.rpartition("/")[0] == folder]
    near = get_close_matches(path, beside, n=1, cutoff=0.85)
    return f"`{near[0]}` is" if near else ""


def is_placeholder(text: str) -> bool:
    """Say whether a written path stands for something else: variables, patterns, samples."""
    return _PLACEHOLDER.search(text) is not None


_PLACEHOLDER = re.compile(
    r"[{}<>$*|\\`\"]|\.\.\.|…|%[A-Za-z(]|\$\(|\[|\]|(?:^|/)(?:path|to|foo|bar|baz|xxx+|your[-_]\w+|my[-_]\w+|some[-_]\w+|example\w*|placeholder"
    r"|todo|tbd|insert[-_]\w+|(?:link|url|file(?:name)?|name)(?=$|/|\.(?:md|rst|txt|html?|png|jpe?g|gif|svg|pdf|ext)$))(?:$|[/.])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a path that is not there any more.

    Attributes:
        change: the change that removed it.
        now: its name now; empty when it was deleted, or its new name is gone as well.
    """

    change: Change
    now: str

    @property
    def told(self) -> str:
        """The fate in words: 'was renamed to `b` in `1234567890` of 2024-05-01 (subject)'."""
        what = f"was moved to `{self.now}`" if self.now else "was deleted"
        return f"{what} in `{self.change.sha[:10]}` of {self.change.at:%Y-%m-%d} ({self.change.title[:80]})"


class Past:
    """What became of the paths of a repository, read from the first-parent line."""

    def __init__(self, view: View) -> None:
        self._view = view

    def fate(self, path: str) -> Fate | None:
        """Return what became of a file or folder; None when it never was there, or is there."""
        if not path or self._view.tree.exists(path):
            return None
        change = self._view.history.deleted(path)
        if change is not None:
            return Fate(change, self._newest(path) or self._translated(path))
        change = self._emptied.get(path)
        return Fate(change, _new_folder(self._view.tree, change, f"{path}/")) if change is not None else None

    def _newest(self, path: str) -> str:
        seen = {path}
        while (change := self._view.history.deleted(path)) is not None:
            path = next((file.path for file in change.files if file.old_path == path), "")
            if not path or path in seen:
                return ""
            seen.add(path)
        return path if self._view.tree.exists(path) else ""

    def _translated(self, path: str) -> str:
        """Return the only file of the same name in the folder that is code of the same kind with another ending."""
        stem, _, ending = path.rpartition(".")
        same = [f"{stem}.{other}" for other in _KINDRED.get(ending, ()) if f"{stem}.{other}" in self._view.tree.files]
        return same[0] if len(same) == 1 else ""

    @cached_property
    def _emptied(self) -> dict[str, Change]:
        """The newest change that took something out of a folder that is gone."""
        found: dict[str, Change] = {}
        for change in self._view.history.changes:
            for file in change.files:
                if file.status not in {"D", "R"}:
                    continue
                folder = (file.old_path or file.path).rpartition("/")[0]
                while folder and folder not in found and folder not in self._view.tree.folders:
                    found[folder] = change
                    folder = folder.rpartition("/")[0]
        return found


def _new_folder(tree: Tree, change: Change, inside: str) -> str:
    moved = (
        (file.path, file.old_path.removeprefix(inside)) for file in change.files if file.old_path.startswith(inside)
    )
    targets = {new.removesuffix(rest).rstrip("/") for new, rest in moved if new.endswith(f"/{rest}")}
    usable = sorted(target for target in targets if target and tree.exists(target))
    return usable[0] if len(usable) == 1 else ""
