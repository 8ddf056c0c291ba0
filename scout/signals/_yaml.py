"""YAML as a graph of nodes that know their lines; nothing is constructed, so nothing in a file can run."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeAlias

Node: TypeAlias = Any
"""A node of ruamel's graph, which has no types: `id` is its kind, `value` its content."""

MAX_LENGTH = 400_000
"""Characters of a file that are read."""


@lru_cache(maxsize=256)
def parsed(content: str) -> Node | None:
    """Return the first document's root, or None when the text is no YAML, or too long."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    if len(content) > MAX_LENGTH:
        return None
    reader: Any = YAML(typ="safe", pure=True)
    try:
        return reader.compose(content)
    except (YAMLError, RecursionError, ValueError):
        return None


def entries(node: Node | None) -> Iterator[tuple[str, Node]]:
    """Give the keys and values of a mapping; nothing for other nodes."""
    if node is not None and node.id == "mapping":
        for key, value in node.value:
            if key.id == "scalar":
                yield str(key.value), value


def get(node: Node | None, *path: str) -> Node | None:
    """Return what stands under a path of keys, or None."""
    for name in path:
        node = next((value for key, value in entries(node) if key == name), None)
    return node


def several(node: Node | None, depth: int = 0) -> Iterator[Node]:
    """Give the elements of a sequence, and of sequences in it; a single node is a sequence of one."""
    if node is not None and node.id == "sequence":
        for inner in node.value if depth < _DEEPEST else ():
            yield from several(inner, depth + 1)
    elif node is not None:
        yield node


def text(node: Node | None) -> str:
    """Return a scalar's text; empty for other nodes."""
    return str(node.value) if node is not None and node.id == "scalar" else ""


def line(node: Node) -> int:
    """Return the line on which a node's content begins, counted from 1: for a block scalar the one below its mark."""
    block = node.id == "scalar" and node.style in {"|", ">"}
    return int(node.start_mark.line) + (2 if block else 1)


_DEEPEST = 20
