"""The code behind kept answers: whoever keeps what scouts' code says of a content names this version of it."""

from functools import cache
from importlib.metadata import version
from pathlib import Path

from scout.model import digest

_LANGUAGES = ("Pygments", "tree-sitter")


@cache
def code_version() -> str:
    """Return a digest of the code of scouts and of what they read texts with."""
    package = Path(__file__).parent.parent
    sources = [
        (str(file.relative_to(package)), file.read_text("utf-8"))
        for folder in ("signals", "text", "repository")
        for file in sorted((package / folder).rglob("*.py"))
    ]
    return digest(sources, [version(name) for name in _LANGUAGES])
