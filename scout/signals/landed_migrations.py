"""Whether an edit of a migration changes what it does: most edits of merged ones only change how they are written."""

import re

from pygments.lexers.javascript import JavascriptLexer, TypeScriptLexer
from pygments.token import Token

from scout.signals.migrations._meaning import meaning

_SCRIPT = re.compile(r"\.[cm]?[jt]sx?$")
_STYLE = frozenset(
    {"async", "await", "const", "export", "exports", "function", "let", "module", "Promise", "return", "then", "var"}
)
"""Words of JavaScript that say how a migration is written: as a module of which kind, with promises or without."""


def changes_meaning(path: str, before: bytes | None, after: bytes | None) -> bool:
    """Say whether two texts of a migration leave different databases; what cannot be read counts as different.

    Args:
        path: of the migration, which says its language.
        before: its content; None where this copy has it not.
        after: its content later.
    """
    if before is None or after is None:
        return before != after
    if _SCRIPT.search(path):
        return _words(path, before) != _words(path, after)
    then, now = (meaning(path, text.decode("utf-8", "replace")) for text in (before, after))
    return then is None or now is None or then.whole != now.whole


def _words(path: str, content: bytes) -> list[str]:
    """Return the words of a migration in JavaScript or TypeScript, without comments and those of style."""
    lexer = TypeScriptLexer() if "ts" in path.rpartition(".")[2] else JavascriptLexer()
    tokens = lexer.get_tokens(content.decode("utf-8", "replace"))
    code = "".join(" " if kind in Token.Comment else value for kind, value in tokens)
    return [word for word in re.findall(r"\w+", code) if word not in _STYLE]
