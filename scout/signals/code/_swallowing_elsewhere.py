"""Handlers that swallow every failure of a network or database call, in JavaScript, TypeScript, Ruby and Go."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from scout.signals.code._swallowing import Swallowing
from scout.text.syntax import found, language_of, parsed, text_of

_HANDLERS = {
    "ruby": "[(begin) (method) (singleton_method) (do_block)] @block",
    "go": "[(if_statement) (assignment_statement)] @block",
    "script": "(try_statement) @block",
}
_NETWORK = re.compile(
    r"^(?:await\s+)?(?:fetch|axios|got|ky|superagent|\$\.(?:ajax|get|post))\b"
    r"|\b(?:axios|http|https|httpClient|apiClient|client|api|s3|sqs|ses|redis|queue|mailer|stripe|twilio|slack)"
    r"\.(?:get|post|put|patch|delete|request|send\w*|publish|upload\w*|putObject|getObject|add|create|charge\w*)$"
    r"|^(?:Net::HTTP|HTTParty|RestClient|Faraday|Typhoeus|HTTP|Excon|Twilio|Stripe|Aws|Slack|OpenURI)\b.*\."
    r"|\.(?:deliver_now|deliver_later!?|perform_request|get_response)$"
    r"|^(?:http|client|httpClient)\.(?:Get|Post|PostForm|Do|Head)$|\b(?:httpClient|HTTPClient|client)\.(?:Do|Get|Post)$",
)
_DATABASE = re.compile(
    r"\b(?:db|database|knex|prisma|sequelize|pool|mongoose|conn|connection|collection|repository|tx)"
    r"(?:\.\w+)*\.(?:query|execute|save|create\w*|update\w*|insert\w*|delete\w*|find\w*|remove|transaction|exec|run)$"
    r"|\.(?:save!|create!|update!|destroy!|insert_all!?|upsert_all)$|ActiveRecord::Base\.connection"
    r"|\b(?:db|DB|tx|conn|store)\.(?:Exec|ExecContext|Query|QueryRow|QueryContext|QueryRowContext|Save|Create|Delete|Commit)$"
)
_BROAD = frozenset({"", "StandardError", "Exception"})
_CONSTANT = re.compile(r"^(?:nil, nil|nil|null|undefined|true|false|0|\"\"|''|\[\]|\{\}|:\w+)?$")
_QUESTION = re.compile(r"\w\?(?!\w)")
_FAILS = re.compile(
    r"\braise\b|\b(?:head|status)\W{0,4}(?::(?:bad_request|unprocessable_\w+|internal_server_error|not_found|conflict"
    r"|forbidden|bad_gateway|service_unavailable)|[45]\d\d)\b|\b(?:logger|log)\.\w+|\berrors\.add\b"
)
"""Answers to a caller that something did not happen."""
_ASKS = re.compile(
    r"version|detect|probe|support|availab|health|alive|ping|ready|exist|reachable|installed|\?$|^(?:is|has|can)[A-Z_]"
    r"|close|clean|rollback|teardown|dispose|track|cache|prefetch|telemetry|analytic|metric",
    re.IGNORECASE,
)
"""Names of functions that ask how something outside is, or that do what may be left undone."""


def swallowing_elsewhere(path: str, text: str) -> Iterator[Swallowing]:
    """Give the handlers of a file that swallow; none where its syntax is wrong or not known."""
    language = language_of(path)
    tree = parsed(path, text) if language not in {"", "python"} else None
    if tree is None:
        return
    kind = language if language in _HANDLERS else "script"
    judge = {"ruby": _in_ruby, "go": _in_go, "script": _in_script}[kind]
    for _, node in found(path, tree, _HANDLERS[kind]):
        name = _function(node)
        if not _ASKS.search(name):
            yield from judge(node, name)


def _in_script(node: Node, name: str) -> Iterator[Swallowing]:
    handler, body = node.child_by_field_name("handler"), node.child_by_field_name("body")
    caught = handler.child_by_field_name("body") if handler is not None else None
    if handler is None or caught is None or body is None or node.child_by_field_name("finalizer") is not None:
        return
    answer = _answer(caught.named_children, "return_statement")
    call = _risky(body)
    if answer is not None and call is not None:
        yield _swallowing(handler, name, call, answer)


def _in_ruby(node: Node, name: str) -> Iterator[Swallowing]:
    parts = node.named_children
    inside = next((part for part in parts if part.type == "body_statement"), node)
    clauses = [part for part in inside.named_children if part.type in {"rescue", "ensure", "else"}]
    if len(clauses) != 1 or clauses[0].type != "rescue":
        return
    clause = clauses[0]
    kinds = next((part for part in clause.named_children if part.type == "exceptions"), None)
    body = next((part for part in clause.named_children if part.type == "then"), None)
    if kinds is not None and not _BROAD.issuperset(text_of(kinds).replace(" ", "").split(",")):
        return
    answer = _answer(body.named_children if body is not None else [], "return")
    call = next((one for part in inside.named_children if part is not clause and (one := _risky(part))), None)
    if _is_checked(node):
        return
    if answer is not None and call is not None and (call[1] or answer != "false"):  # to a form, `false` is an answer
        yield _swallowing(clause, name, call, answer)


def _is_checked(node: Node) -> bool:
    """Say whether the statement right after a block asks a question, and answers an error one way or the other."""
    after = node.next_named_sibling
    if node.type != "begin" or after is None or after.type not in {"if", "unless"}:
        return False
    asked = after.child_by_field_name("condition")
    return asked is not None and _QUESTION.search(text_of(asked)) is not None and bool(_FAILS.search(text_of(after)))


def _in_go(node: Node, name: str) -> Iterator[Swallowing]:
    if node.type == "assignment_statement":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        thrown = left is not None and set(text_of(left).replace(" ", "").split(",")) == {"_"}
        call = _risky(right) if thrown and right is not None else None
        if call is not None:
            yield _swallowing(node, name, call, "")
        return
    condition, body = node.child_by_field_name("condition"), node.child_by_field_name("consequence")
    if (
        condition is None
        or body is None
        or text_of(condition) != "err != nil"
        or node.child_by_field_name("alternative")
    ):
        return
    before = node.child_by_field_name("initializer") or node.prev_named_sibling
    call = _risky(before) if before is not None and re.search(r"\berr\b[^=\n]*:?=", text_of(before)) else None
    inside = [
        one
        for part in body.named_children
        for one in (part.named_children if part.type == "statement_list" else [part])
    ]
    answer = _answer(inside, "return_statement")
    if call is not None and answer in {"nil", "nil, nil"} and "error" in _result(node):
        yield _swallowing(node, name, call, answer)


def _result(node: Node) -> str:
    """Return what the function around a node of Go gives back."""
    around: Node | None = node
    while around is not None:
        if around.type in {"function_declaration", "method_declaration", "func_literal"}:
            result = around.child_by_field_name("result")
            return text_of(result) if result is not None else ""
        around = around.parent
    return ""


def _risky(node: Node) -> tuple[str, bool] | None:
    """Return the first call over the network, else the first to a database, and whether it is over the network."""
    calls = [_called(one) for one in _calls(node)]
    for pattern, network in ((_NETWORK, True), (_DATABASE, False)):
        name = next((call for call in calls if pattern.search(call)), None)
        if name is not None:
            return name, network
    return None


def _calls(node: Node) -> Iterator[Node]:
    if node.type in {"call_expression", "call"}:
        yield node
    for child in node.named_children:
        if child.type not in {
            "arrow_function",
            "function_expression",
            "function_declaration",
            "func_literal",
            "lambda",
        }:
            yield from _calls(child)


def _called(node: Node) -> str:
    """Return what is called, without arguments and white space."""
    if node.type == "call_expression":
        function = node.child_by_field_name("function")
        return re.sub(r"\([^()]*\)|\s", "", text_of(function)) if function is not None else ""
    receiver, method = node.child_by_field_name("receiver"), node.child_by_field_name("method")
    before = re.sub(r"\([^()]*\)|\s", "", text_of(receiver)) + "." if receiver is not None else ""
    return before + (text_of(method) if method is not None else "")


def _answer(statements: list[Node], returns: str) -> str | None:
    """Return what is answered instead, as it is written; None where more is done, or a comment says something."""
    if any(one.type == "comment" for one in statements):
        return None
    if not statements:
        return ""
    if len(statements) > 1:
        return None
    only = statements[0]
    said = text_of(only).rstrip(";").strip()
    if only.type == returns:
        said = said.removeprefix("return").strip()
    elif returns == "return_statement" or only.type in {"next", "break"}:
        return (
            "" if only.type in {"next", "break", "continue_statement", "break_statement", "empty_statement"} else None
        )
    return said if _CONSTANT.match(said) else None


def _function(node: Node) -> str:
    around: Node | None = node
    while around is not None:
        name = around.child_by_field_name("name")
        if name is not None and around.type not in {"class_declaration", "class", "module"}:
            return text_of(name)
        around = around.parent
    return ""


def _swallowing(node: Node, function: str, call: tuple[str, bool], answer: str) -> Swallowing:
    return Swallowing(node.start_point.row + 1, node.end_point.row + 1, function, call[0], call[1], answer)
