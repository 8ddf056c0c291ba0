"""Syntax trees of source files by tree-sitter, for the languages that are looked at most."""

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import count

import tree_sitter_go
import tree_sitter_javascript
import tree_sitter_python
import tree_sitter_ruby
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser, Query, QueryCursor, Tree

_GRAMMARS = {
    "go": tree_sitter_go.language,
    "javascript": tree_sitter_javascript.language,
    "python": tree_sitter_python.language,
    "ruby": tree_sitter_ruby.language,
    "typescript": tree_sitter_typescript.language_typescript,
    "tsx": tree_sitter_typescript.language_tsx,
}
_SUFFIXES = {
    "cjs": "javascript",
    "go": "go",
    "js": "javascript",
    "jsx": "javascript",
    "mjs": "javascript",
    "py": "python",
    "rake": "ruby",
    "rb": "ruby",
    "ts": "typescript",
    "tsx": "tsx",
}
_TREES_KEPT = 8
_CHUNK = 1 << 16
_FEWEST_STEPS = 1000
_BYTES_A_STEP = 20
"""A step is a hundred of the parser's. Code takes one for 50 bytes or more; where the parser is lost, one for each."""


def language_of(path: str) -> str:
    """Return the name of the language of a file by its suffix, or nothing when it is none of those known here."""
    return _SUFFIXES.get(path.rpartition("/")[2].rpartition(".")[2].lower(), "")


def parsed(path: str, text: str) -> Tree | None:
    """Return the syntax tree of a file, or None where its language is not known, or it has syntax errors.

    Offsets and columns of nodes count bytes of UTF-8; rows count from 0. The last few trees are kept.
    """
    language = language_of(path)
    return _parsed(language, text) if language else None


def found(path: str, tree: Tree, query: str) -> Iterator[tuple[str, Node]]:
    """Give the captures of a query in a tree by name and node, in the order of the file.

    Args:
        path: the file's name, which says the grammar.
        tree: what `parsed` returned for it.
        query: patterns in tree-sitter's query language.
    """
    captures = QueryCursor(_query(language_of(path), query)).captures(tree.root_node)
    named = [(node.start_byte, -node.end_byte, name, node) for name, nodes in captures.items() for node in nodes]
    for _, _, name, node in sorted(named, key=lambda one: one[:3]):
        yield name, node


def text_of(node: Node) -> str:
    """Return the source of a node."""
    return (node.text or b"").decode("utf-8", "replace")


@lru_cache(maxsize=_TREES_KEPT)
def _parsed(language: str, text: str) -> Tree | None:
    source = text.encode("utf-8", "replace")
    parser = Parser(_language(language))
    steps, most = count(1), _FEWEST_STEPS + len(source) // _BYTES_A_STEP

    def piece(offset: int, _point: object) -> bytes:
        return source[offset : offset + _CHUNK]

    def is_lost(*_: object) -> bool:
        return next(steps) > most

    try:
        tree = parser.parse(piece, progress_callback=is_lost)
    except ValueError:  # looking for an end to errors, which can take the square of the length
        return None
    return None if tree.root_node.has_error else parser.parse(source, tree)


@cache
def _language(name: str) -> Language:
    return Language(_GRAMMARS[name]())


@cache
def _query(language: str, query: str) -> Query:
    return Query(_language(language), query)
