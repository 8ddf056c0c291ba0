"""Whether a failure is answered where it happens: tried again, limited in time, given another way."""

import ast
import re
from collections.abc import Iterator

from scout.signals._ci import jobs
from scout.signals._shell import Command, commands
from scout.signals._view import View

_CODE = re.compile(r"\.(?:[cm]?[jt]sx?|rb|go|java|kt|php|rs|cs|swift|scala|groovy|c|cc|cpp)$")
_WORKFLOW = re.compile(r"\.ya?ml$")
_COMMENT = re.compile(r"(?m)^\s*(?:#|//|--).*$|\s#\s.*$")
_LOGIC = re.compile(r"\(\([^()\n]*\)\)|\[\[[^\n]*?\]\]|\$\{\{.*?\}\}")
_PATIENT = re.compile(
    r"--retry\b|--tries\b|--max-time\b|--connect-timeout\b|(?:^|[;&|])\s*(?:timeout|retry)\s+-?\w", re.MULTILINE
)
_AGAIN = re.compile(
    r"&&\s*break\b|\[\s*\$\?\s*-(?:eq|ne)\b|\b(?:until|while)\s+(?:!\s*)?(?:curl|wget|nc|pg_isready|docker|ssh|git)\b"
)
_PYTHON = re.compile(
    r"\btimeout\s*=\s*\d|^\s*@(?:\w+\.)*retry|\bRetry\(|\bbackoff\.on_|\bautoretry_for\b", re.MULTILINE
)
_LIMITS = re.compile(r"(?i)\btimeout\b|\bretry\b(?!:\s*(?:0|false))|\bretries\b")
_CATCHES = re.compile(r"^(?P<indent>[^\S\n]*)(?:.*[}\s;.)])?(?:rescue|catch|except)\b.*$", re.MULTILINE)
_GIVES_UP = re.compile(
    r"\b(?:raise|throw|abort|panic|die|fatal)\b|\bexit(?:_code)?\b|\.exit\(|\bsetFailed\b|\breturn [1-9]\b|\breject\("
)
_NOTES = re.compile(
    r"^(?:print|traceback\.|sys\.std(?:err|out)|(?:\w+\.)*log\w*\.|(?:\w+\.)*(?:append|add|echo|secho)\()"
)
_CONDITIONS = frozenset({"[", "[[", "test", "command", "which", "type", "grep", "hash", "(("})
_ENDS = frozenset({"exit", "return", "die", "fail", "abort", "false", "panic", "fatal", "error", "err", "usage"})


def is_answered(view: View, path: str) -> bool:
    """Say whether a file answers failures.

    What catches one only to end with it answers nothing, and neither does a word in a comment, a condition or an
    expression.
    """
    text = view.tree.text(path) or ""
    if _WORKFLOW.search(path):
        return any(
            step.tolerated or "retry" in step.uses or is_patient(step.script)
            for job in jobs(view.tree)
            if job.path == path
            for step in job.steps
        )
    if path.endswith(".py") or text.startswith(("#!/usr/bin/env python", "#!/usr/bin/python")):
        return _in_python(text)
    if _CODE.search(path):
        bare = _COMMENT.sub("", text)
        return _LIMITS.search(bare) is not None or any(not _GIVES_UP.search(one) for one in _caught(bare))
    return is_patient(text)


def is_patient(script: str) -> bool:
    """Say whether a piece of shell tries again, limits the time, or has another way for a command that fails."""
    bare = _LOGIC.sub("", _COMMENT.sub("", script))
    return _PATIENT.search(bare) is not None or _AGAIN.search(bare) is not None or _has_other_way(bare)


def _has_other_way(script: str) -> bool:
    found = list(commands(script))
    return any(
        command.joint == "||"
        and command.words[:1] != ()
        and command.words[0] not in _CONDITIONS
        and not any(_ends(after) for after in _beside(found, at))
        for at, command in enumerate(found)
    )


def _beside(found: list[Command], at: int) -> Iterator[Command]:
    """Give the commands that stand after an `or` on the same line, the two that matter."""
    for after in found[at + 1 : at + 3]:
        yield after
        if after.line != found[at].line:
            return


def _ends(command: Command) -> bool:
    words = [word for word in command.words if word not in {"{", "(", "}"}]
    return bool(words) and words[0] in _ENDS


def _in_python(text: str) -> bool:
    bare = _COMMENT.sub("", text)
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return any(not _GIVES_UP.search(one) for one in _caught(bare))
    caught = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    return _PYTHON.search(bare) is not None or any(_is_answer(one) for one in caught)


def _is_answer(handler: ast.ExceptHandler) -> bool:
    """Say whether a handler goes on another way: it neither ends nor only notes what happened."""
    does = [one for one in handler.body if not (isinstance(one, ast.Expr) and _NOTES.search(ast.unparse(one)))]
    only_adds = all(isinstance(one, ast.AugAssign) for one in does)
    return bool(does) and not only_adds and not _GIVES_UP.search(ast.unparse(handler))


def _caught(text: str) -> Iterator[str]:
    """Give what stands under words that catch an error, by its indentation."""
    for found in _CATCHES.finditer(text):
        deep = len(found["indent"])
        kept: list[str] = [found.group()]
        for line in text[found.end() + 1 :].split("\n"):
            if line.strip() and len(line) - len(line.lstrip()) <= deep:
                break
            kept.append(line)
        yield "\n".join(kept)
