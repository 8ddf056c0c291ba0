"""The comments of a project's own files, tokenised once for all scouts that read them."""

import re
from collections.abc import Callable, Iterator
from weakref import WeakKeyDictionary

from scout.repository import File, FileClass, Tree
from scout.signals._base import View
from scout.text.comments import MAX_LENGTH, Comment, comments, may_have_comments

_KEPT: WeakKeyDictionary[Tree, dict[str, tuple[Comment, ...]]] = WeakKeyDictionary()
_WRITTEN_HERE = frozenset({FileClass.CODE, FileClass.CONFIG})


def suspects(view: View, pattern: re.Pattern[bytes]) -> Iterator[tuple[str, str]]:
    """Give path and text of the project's own code and settings whose bytes match, by path."""
    for file in view.tree.search(pattern, is_source):
        if view.tree.file_class(file.path) in _WRITTEN_HERE and (text := view.tree.text(file.path)) is not None:
            yield file.path, text


def commented(
    view: View, pattern: re.Pattern[bytes], worth: Callable[[str, str], bool]
) -> Iterator[tuple[str, str, tuple[Comment, ...]]]:
    """Give path, text and comments of the files whose bytes match and whose text is worth tokenising."""
    for path, text in suspects(view, pattern):
        if worth(path, text):
            yield path, text, said(view.tree, path, text)


def said(tree: Tree, path: str, text: str) -> tuple[Comment, ...]:
    """Return the comments of a file of a tree; kept as long as the tree is."""
    kept = _KEPT.setdefault(tree, {})
    if path not in kept:
        kept[path] = comments(path, text)
    return kept[path]


def is_source(file: File) -> bool:
    """Say whether a file's name, or its lack of a suffix, lets it have comments."""
    has_suffix = "." in file.path.rpartition("/")[2]
    return may_have_comments(file.path) or (not has_suffix and (file.size or MAX_LENGTH) < MAX_LENGTH)
