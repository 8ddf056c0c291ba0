# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""The only place that uses ruamel.yaml, whose classes come without types."""

from collections.abc import Mapping
from enum import Enum, auto
from io import StringIO
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

Value = str | bool | None | tuple[str, ...] | Mapping[str, str]

_NULL, _BOOL = "tag:yaml.org,2002:null", "tag:yaml.org,2002:bool"


class Style(Enum):
    """How a value is written: on its line, as indented text after `|` or `>`, or as any other structure."""

    INLINE = auto()
    LITERAL = auto()
    BLOCK = auto()


class Node(NamedTuple):
    """One name of a mapping with its value; places are characters of the text."""

    name: str
    value: Value
    readable: bool
    style: Style
    start: int
    value_start: int
    end: int


class YamlError(Exception):
    """A text is not a YAML mapping; `index` is the character where that shows."""

    def __init__(self, problem: str, index: int = 0) -> None:
        super().__init__(problem)
        self.problem = problem
        self.index = index


def nodes(text: str) -> list[Node]:
    """Return the names of the mapping that `text` is, with their values, as written and in order.

    Raises:
        YamlError: it is none.
    """
    yaml = YAML(typ="safe", pure=True)
    try:
        root: Any = yaml.compose(text)
    except MarkedYAMLError as error:
        mark: Any = error.problem_mark or error.context_mark
        problem = f"not valid YAML: {error.problem or error.context}"
        raise YamlError(problem, mark.index if mark else 0) from None
    except YAMLError as error:
        message = f"not valid YAML: {str(error).splitlines()[0]}"
        raise YamlError(message) from None
    except RecursionError:
        message = "the front matter is nested too deeply"
        raise YamlError(message) from None
    if root is None:
        return []
    if not isinstance(root, MappingNode):
        message = "the front matter is no list of 'name: value'"
        raise YamlError(message, root.start_mark.index)
    return [_node(key, node) for key, node in root.value]


def dump(values: Mapping[str, Value]) -> str:
    """Return a mapping as YAML in block style, in the given order."""
    yaml = YAML()
    yaml.width = 1 << 30
    yaml.allow_unicode = True
    target = StringIO()
    yaml.dump({_plain(name): _plain(value) for name, value in values.items()}, target)
    return target.getvalue()


def _plain(value: Value) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {_plain(name): _plain(one) for name, one in value.items()}
    # in single quotes ruamel.yaml would lose line separators that are not line feeds
    return DoubleQuotedScalarString(value) if isinstance(value, str) and not value.isprintable() else value


def _node(key: Any, node: Any) -> Node:
    value, readable = _value(node)
    style = Style.BLOCK
    if isinstance(node, ScalarNode):
        style = Style.LITERAL if node.style in {"|", ">"} else Style.INLINE
    places = key.start_mark.index, node.start_mark.index, node.end_mark.index
    return Node(str(key.value), value, readable, style, *places)


def _value(node: Any) -> tuple[Value, bool]:
    if isinstance(node, ScalarNode):
        if node.tag == _NULL:
            return None, True
        text = str(node.value)
        return (text.lower() == "true" if node.tag == _BOOL else text), True
    if isinstance(node, SequenceNode):
        plain = [str(child.value) for child in node.value if isinstance(child, ScalarNode)]
        return tuple(plain), len(plain) == len(node.value)
    pairs = {str(key.value): str(child.value) for key, child in node.value if isinstance(child, ScalarNode)}
    return pairs, len(pairs) == len(node.value)
