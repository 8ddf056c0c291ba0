"""Tests that are switched off without a condition, in five languages, read from syntax trees."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from scout.text import syntax

_PYTHON = """
(decorator) @decorator
(assignment left: (identifier) @name right: (_) @mark (#eq? @name "pytestmark"))
(function_definition body: (block . (expression_statement (call) @first)))
(function_definition body: (block . (expression_statement (string)) . (expression_statement (call) @first)))
"""
_QUERIES = {
    "python": _PYTHON,
    "javascript": "(call_expression) @call",
    "typescript": "(call_expression) @call",
    "tsx": "(call_expression) @call",
    "ruby": "(call) @call",
    "go": '(function_declaration name: (identifier) @test (#match? @test "^Test")) @function',
}
_DECORATOR = re.compile(
    r"^@?(?:pytest\.mark\.(?P<mark>skip|xfail)|(?:unittest\.|testtools\.)?(?P<unit>skip|expectedFailure))"
    r"\s*(?:\((?P<rest>.*)\))?\s*$",
    re.DOTALL,
)
_FIRST = re.compile(r"^(?:pytest\.(?:skip|xfail)|self\.skipTest|skip)\s*\((?P<rest>.*)\)$", re.DOTALL)
_SCRIPT = re.compile(r"^(?:(?:it|test|describe|context)\.skip|xit|xtest|xdescribe|xcontext)$")
_RUBY_OFF = re.compile(r"^(?:xit|xspecify|xdescribe|xcontext|xfeature|xscenario)$")
_RUBY_TEST = re.compile(r"^(?:it|specify|scenario|example|test)$")
_RUBY_META = re.compile(r"\b(?:skip|pending):\s*(?P<why>\"[^\"]*\"|'[^']*'|true)|,\s*:(?:skip|pending)\b")
_RUBY_FIRST = re.compile(r"^(?:skip|pending)\b(?!.*\b(?:if|unless)\b)")
_RUBY_SKIP = re.compile(r"^skip(?![\w.?!])")
_GO_SKIP = re.compile(r"^t\.(?:Skip|Skipf|SkipNow)\((?P<rest>.*)\)$", re.DOTALL)
_STRING = re.compile(r"[rfu]*(\"\"\"|'''|\"|'|`)(?P<text>.*?)\1", re.DOTALL)
_CONDITION = re.compile(
    r"\bcondition\s*=|^\s*(?!reason\b|strict\b|raises\b|run\b)[A-Za-z_(][\w.]*\s*(?:[<>=!(,.[]|\bin\b|\bnot\b|$)"
)
_NAMES_FAILURE = re.compile(r"\braises\s*=")
"""What is raised is what the test is about: it is run, and seen to fail in this way."""
_STUB = re.compile(r"^add some (?:tests|examples|specs)\b", re.IGNORECASE)
_EMPTY = re.compile(r"pass$|\.\.\.$|return(?: None)?$|[rfu]*[\"']|#")
_FIRST_STATEMENTS = 3
_NAME_AND_BODY = 2
STUB = "add some tests"
"""The reason of tests that a generator made and nobody wrote."""


@dataclass(frozen=True, slots=True)
class Skip:
    """One test, or group of tests, that is switched off.

    Attributes:
        line: where it is switched off, counted from 1.
        name: of the test; empty for a whole file.
        reason: what is said about it; empty when nothing is.
        fails: whether it is expected to fail rather than left out.
    """

    line: int
    name: str
    reason: str
    fails: bool = False


def skips(path: str, text: str) -> Iterator[Skip]:
    """Give the tests of a file that are switched off without a condition; none where it cannot be parsed."""
    language = syntax.language_of(path)
    tree = syntax.parsed(path, text) if language in _QUERIES else None
    if tree is None:
        return
    read = {"python": _python, "ruby": _ruby, "go": _go}.get(language, _script)
    for kind, node in syntax.found(path, tree, _QUERIES[language]):
        found = read(kind, node)
        if found is not None:
            yield found


def _python(kind: str, node: Node) -> Skip | None:
    if kind == "first":
        return _first_statement(node)
    if kind not in {"decorator", "mark"} or _is_conditional(node):
        return None
    found = _DECORATOR.match(syntax.text_of(node))
    if found is None:
        return None
    rest = found["rest"] or ""
    fails = "xfail" in (found["mark"] or "") or found["unit"] == "expectedFailure"
    if fails and (_CONDITION.search(rest) or _NAMES_FAILURE.search(rest)):
        return None
    if _is_empty(_definition(node)):
        return None
    name = "" if kind == "mark" else _name_of(_definition(node))
    return Skip(node.start_point.row + 1, name, _said(rest), fails)


def _is_empty(definition: Node | None) -> bool:
    """Say whether a test does nothing: it stands there to take an inherited one out, or to be written some day."""
    body = definition.child_by_field_name("body") if definition is not None else None
    statements = body.named_children if body is not None else []
    return body is not None and all(_EMPTY.match(syntax.text_of(one)) for one in statements)


def _first_statement(node: Node) -> Skip | None:
    found = _FIRST.match(syntax.text_of(node))
    function = _above(node, "function_definition")
    name = _name_of(function)
    if found is None or not name.startswith("test"):
        return None
    return Skip(node.start_point.row + 1, name, _said(found["rest"]))


def _script(kind: str, node: Node) -> Skip | None:
    called = node.child_by_field_name("function")
    arguments = node.child_by_field_name("arguments")
    if kind != "call" or called is None or arguments is None or not _SCRIPT.match(syntax.text_of(called)):
        return None
    first = arguments.named_children[0] if arguments.named_children else None
    is_named = first is not None and first.type in {"string", "template_string"}
    if first is None or not is_named or len(arguments.named_children) < _NAME_AND_BODY:
        return None
    body = arguments.named_children[-1].child_by_field_name("body")
    if body is not None and body.type == "statement_block" and not body.named_children:
        return None
    return Skip(node.start_point.row + 1, _said(syntax.text_of(first)), "")


def _ruby(kind: str, node: Node) -> Skip | None:
    method = node.child_by_field_name("method")
    name = syntax.text_of(method) if method is not None else ""
    if kind != "call" or node.child_by_field_name("receiver") is not None:
        return None
    arguments = node.child_by_field_name("arguments")
    said = syntax.text_of(arguments) if arguments is not None else ""
    line = node.start_point.row + 1
    block = node.child_by_field_name("block")
    if _RUBY_OFF.match(name) and block is not None:
        return Skip(line, _said(said), "")
    if name == "pending" and block is None and _STUB.match(_said(said)):
        return Skip(line, "", STUB)
    if not _RUBY_TEST.match(name):
        return None
    if meta := _RUBY_META.search(said):
        return Skip(line, _said(said), _said(meta["why"] or ""))
    return _ruby_body(block, _said(said)) if block is not None else None


def _ruby_body(block: Node, name: str) -> Skip | None:
    body = block.child_by_field_name("body")
    statements = body.named_children if body is not None else []
    for at, one in enumerate(statement for statement in statements if statement.type != "comment"):
        words = syntax.text_of(one) if one.type in {"call", "identifier"} else ""
        if (_RUBY_SKIP if at else _RUBY_FIRST).match(words):
            return Skip(one.start_point.row + 1, name, _said(words))
    return None


def _go(kind: str, node: Node) -> Skip | None:
    body = node.child_by_field_name("body") if kind == "function" else None
    if body is None:
        return None
    rows = [
        one
        for block in body.named_children
        for one in ([block] if block.type != "statement_list" else block.named_children)
    ]
    for statement in rows[:3]:
        if (found := _GO_SKIP.match(syntax.text_of(statement))) is not None:
            return Skip(statement.start_point.row + 1, _name_of(node), _said(found["rest"]))
    return None


def _is_conditional(node: Node) -> bool:
    above = node.parent
    while above is not None:
        if above.type in {"if_statement", "try_statement", "except_clause", "conditional_expression"}:
            return True
        above = above.parent
    return False


def _definition(decorator: Node) -> Node | None:
    return decorator.parent.child_by_field_name("definition") if decorator.parent is not None else None


def _above(node: Node, kind: str) -> Node | None:
    above = node.parent
    while above is not None and above.type != kind:
        above = above.parent
    return above


def _name_of(node: Node | None) -> str:
    name = node.child_by_field_name("name") if node is not None else None
    return syntax.text_of(name) if name is not None else ""


def _said(text: str) -> str:
    parts = [found["text"] for found in _STRING.finditer(text)]
    return re.sub(r"\s+", " ", " ".join(parts)).strip()
