"""JQL, built so that nothing given to it can end a string or a bracket early.

Grammar: Atlassian, 'Use advanced search with Jira Query Language (JQL)'.
"""

import re
from collections.abc import Iterable
from itertools import pairwise

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SPECIAL = re.compile(r'[\\"\x00-\x1f\x7f]')
_TOKEN = re.compile(
    r"""(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<bracket>[()])|(?P<word>(?:\\.|[^\s()"'\\])+)|\s+""", re.DOTALL
)


def quoted(text: str) -> str:
    """Return the text as a string of JQL."""
    return f'"{_SPECIAL.sub(lambda found: _escaped(found.group()), text)}"'


def one_of(field: str, values: Iterable[str]) -> str:
    """Return the clause that a field has one of these values; at least one."""
    listed = [quoted(value) for value in values]
    return f"{field} = {listed[0]}" if len(listed) == 1 else f"{field} in ({', '.join(listed)})"


def none_of(field: str, values: Iterable[str]) -> str:
    """Return the clause that a field has none of these values; no clause where there are none."""
    listed = ", ".join(map(quoted, values))
    return f"{field} not in ({listed})" if listed else ""


def query(*clauses: str, order: str) -> str:
    """Return the clauses, all of which must hold, and their order; empty clauses do not count."""
    return f"{' AND '.join(filter(None, clauses))} ORDER BY {order}"


def restriction(text: str) -> str:
    """Return a query of somebody else as one clause to be joined by AND.

    Only what holds together without them goes without brackets: they are what keeps an OR inside.

    Raises:
        ValueError: a quote or a bracket is not closed, or closed before it was opened, or it has an order.
    """
    depth, alternatives = 0, False
    words = list[str]()
    for token in _tokens(text.strip()):
        kind, said = token.lastgroup, token.group()
        depth += {"(": 1, ")": -1}.get(said, 0) if kind == "bracket" else 0
        if depth < 0:
            raise ValueError("a bracket closes that was not opened")
        if kind == "word":
            words.append(said.lower())
            alternatives |= words[-1] == "or" or "|" in said
    if depth:
        raise ValueError("a bracket is not closed")
    if ("order", "by") in pairwise(words):
        raise ValueError("leave out ORDER BY: issues are read in an order of their own")
    return f"({text.strip()})" if alternatives else text.strip()


def _tokens(text: str) -> Iterable[re.Match[str]]:
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise ValueError("a quote is not closed")
        yield token
        at = token.end()


def _escaped(character: str) -> str:
    return _ESCAPES.get(character) or f"\\u{ord(character):04x}"
