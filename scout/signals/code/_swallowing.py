"""Handlers that swallow every exception of a network or database call, in Python."""

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

_BROAD = frozenset({"Exception", "BaseException"})
_NETWORK = re.compile(
    r"^(?:requests|httpx|urllib3?|aiohttp|boto3|smtplib|ftplib|paramiko|stripe|slack\w*|twilio|sendgrid|openai)\."
    r"|(?:^|\.)(?:urlopen|urlretrieve|send_mail|send_message|sendmail|send_email|mail_admins|upload_file\w*"
    r"|download_file\w*|put_object|get_object|delete_object|http_get|http_post)$"
    r"|(?:^|[._])(?:session|http|client|api|s3|sqs|es|elastic\w*|bucket|storage|smtp|webhook\w*|conn|connection)\."
    r"(?:\w+\.)*(?:get|post|put|patch|delete|request|head|send\w*|upload\w*|download\w*|publish|index|search|call|fetch\w*"
    r"|invoke|connect)$",
    re.IGNORECASE,
)
_DATABASE = re.compile(
    r"\.objects\.|(?:^|\.)(?:fetch|execute|run|query|read)\w*_sql\w*$|(?:^|\.)execute\w*$|(?:^|\.)(?:cursor|session|conn|connection|db|engine|redis\w*)\.(?:\w+\.)*(?:execute\w*|commit|add|delete"
    r"|merge|query|set|get|incr|flush|bulk_\w+|fetch\w*)$|\.(?:bulk_create|bulk_update|get_or_create|update_or_create|save"
    r"|execute|executemany|commit|fetchall|fetchone|read_sql\w*|to_sql)$"
)


_WRITES = re.compile(
    r"(?:save|commit|post|put|patch|send\w*|upload\w*|add|delete|merge|execute\w*|bulk_\w+|\w+_or_create|publish|to_sql)$",
    re.IGNORECASE,
)
_AT_HAND = re.compile(r"(?:^|\.)request\.session\.")
"""The visitor's session: a web framework has it at hand."""
_ASKS = re.compile(
    r"(?:^|_)(?:versions?|detect\w*|probe\w*|supports?|supported|available|availability|health\w*|alive|ping|ready|exists?"
    r"|reachable|installed)(?:_|$)",
    re.IGNORECASE,
)
"""Names of functions that ask how something outside is: that it fails is their answer."""
_MOST_STATEMENTS = 12


@dataclass(frozen=True, slots=True)
class Swallowing:
    """One handler that swallows.

    Attributes:
        line: of the `except`, counted from 1.
        last: its last line.
        function: in which it stands; empty at module level.
        call: the call whose failure vanishes, as it is written.
        network: whether that call goes over the network rather than to a database.
        answer: what is returned instead, as it is written; empty when nothing is.
    """

    line: int
    last: int
    function: str
    call: str
    network: bool
    answer: str

    @property
    def writes(self) -> bool:
        """Whether the call changes or sends something."""
        return _WRITES.search(self.call) is not None


def swallowing(text: str) -> Iterator[Swallowing]:
    """Give the handlers of a Python file that swallow; none where it cannot be parsed by this Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    yield from _inside(tree, "")


def _inside(node: ast.AST, function: str) -> Iterator[Swallowing]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            continue
        in_attempts = isinstance(node, ast.For | ast.While) and node.orelse
        if isinstance(child, ast.Try) and not in_attempts and not _ASKS.search(function):
            yield from _handlers(child, function)
        yield from _inside(child, child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else function)


def _handlers(block: ast.Try, function: str) -> Iterator[Swallowing]:
    call = next(_risky(block.body), None)
    if call is None or block.finalbody:
        return
    for handler in block.handlers:
        if _is_broad(handler.type) and _is_silent(handler):
            written, network = call
            yield Swallowing(
                handler.lineno, handler.end_lineno or handler.lineno, function, written, network, _answer(handler)
            )


def _risky(body: list[ast.stmt]) -> Iterator[tuple[str, bool]]:
    """Give the calls over the network, then those to a database, among the first statements of a block."""
    calls = [
        _dotted(one.func)
        for statement in body[:_MOST_STATEMENTS]
        for one in ast.walk(statement)
        if isinstance(one, ast.Call)
    ]
    outside = [name for name in calls if not _AT_HAND.search(name)]
    yield from ((name, True) for name in outside if _NETWORK.search(name))
    yield from ((name, False) for name in outside if _DATABASE.search(name))


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return _dotted(node.func)
    return node.id if isinstance(node, ast.Name) else ""


def _is_broad(kind: ast.expr | None) -> bool:
    return kind is None or (isinstance(kind, ast.Name) and kind.id in _BROAD)


def _is_silent(handler: ast.ExceptHandler) -> bool:
    """Say whether a handler does nothing but go on, or answer with a constant."""
    return all(_is_nothing(statement) for statement in handler.body)


def _is_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Continue() | ast.Break():
            return True
        case ast.Return(value=value):
            return value is None or _is_constant(value)
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign(value=value):
            return _is_constant(value)
        case _:
            return False


def _is_constant(value: ast.expr) -> bool:
    if isinstance(value, ast.List | ast.Tuple | ast.Set):
        return not value.elts
    return isinstance(value, ast.Constant) or (isinstance(value, ast.Dict) and not value.keys)


def _answer(handler: ast.ExceptHandler) -> str:
    returned = next((one for one in handler.body if isinstance(one, ast.Return)), None)
    return ast.unparse(returned.value) if returned is not None and returned.value is not None else ""
