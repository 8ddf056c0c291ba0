"""Comments of source files, found by a tokeniser: strings and data that look like comments are none.

Tree-sitter tells them where it has the grammar and the file has no syntax errors, being twenty times as fast; Pygments
names the tokens of everything else. What neither knows (by file name) has no comments here, rather than guessed ones.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_by_name, find_lexer_class_for_filename
from pygments.token import Token
from pygments.util import ClassNotFound
from tree_sitter import Node

from scout.text import syntax

MAX_LENGTH = 524_288
"""Characters of a file that are tokenised; files written by people are shorter."""
MAX_LINE = 5_000
"""Characters of the longest line of a file that is tokenised; longer ones are the work of a program."""

_COMMENT = Token.Comment
_NOT_COMMENTS = (Token.Comment.Hashbang, Token.Comment.Preproc, Token.Comment.PreprocFile)
_OTHER_LANGUAGES = (
    (re.compile(r"(?:^|/)(?:dockerfile|containerfile)[^/]*$|\.dockerfile$", re.IGNORECASE), "docker"),
    (re.compile(r"(?:^|/)[^/]*(?:requirements|constraints)[^/]*\.(?:txt|in)$|(?:^|/)requirements/[^/]+\.txt$"), "bash"),
    (re.compile(r"(?:^|/)\.env(?:\.[\w.-]+)?$|(?:^|/)(?:crontab|justfile)$", re.IGNORECASE), "bash"),
    (re.compile(r"(?:^|/)snakefile$|\.smk$", re.IGNORECASE), "python"),
    (re.compile(r"(?:^|/)Jenkinsfile$"), "groovy"),
    (re.compile(r"(?:^|/)Pipfile$"), "toml"),
    (re.compile(r"\.erb$"), "rhtml"),
    (re.compile(r"\.(?:j2|jinja2?)$"), "html+jinja"),
    (re.compile(r"\.svelte$"), "html"),
    (re.compile(r"\.(?:jbuilder|rabl|thor|ru|arb|podspec)$|(?:^|/)(?:Brew|Pod|Cap|Guard|Fast|Danger)file$"), "ruby"),
)
_TEMPLATE = re.compile(r"\{%|\{#")
_HTML = re.compile(r"\.html?$")
_NO_COMMENTS = re.compile(r"\.(?:md|mdx|markdown|rst|txt|json|svg|csv|tsv|lock|diff|patch|log)$", re.IGNORECASE)
_OPENING = re.compile(r"^\s*(?:<!--+|\{#-?|\{%-?\s*comment[^%]*%\}|<%#|/\*+!?|/{2,}!?|\*+(?!/)|#+!?|--+(?!>)|;+|%+)\s?")
_MARK = re.compile(r"#|//|/\*|<!--|--|;|%|(?:^|\s)\*")
_CLOSING = re.compile(r"\s*(?:--+>|-?#\}|\{%-?\s*endcomment[^%]*%\}|%>|\*+/)\s*$")


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment, or a run of line comments of the same indentation directly below each other.

    Attributes:
        line: where it begins, counted from 1.
        lines: what is said on each line, without the marks of comments and surrounding space; empty ones are kept.
        alone: whether nothing else stands on its first line before it.
    """

    line: int
    lines: tuple[str, ...]
    alone: bool

    @property
    def text(self) -> str:
        """The lines joined by newlines; an empty line parts paragraphs."""
        return "\n".join(self.lines)

    def line_of(self, offset: int) -> int:
        """Return the line of the file at which the character `offset` of `text` stands."""
        return self.line + self.text.count("\n", 0, offset)


@dataclass(frozen=True, slots=True)
class _Piece:
    line: int
    column: int
    raw: str
    alone: bool


def rough(text: str) -> tuple[list[str], list[str]]:
    """Return what comments may say, line by line and without a tokeniser, in two readings.

    The first has what follows the first mark on each line, and nothing on lines without one; the second has every line
    without the marks at its ends, as within a block comment. Both are a cheap question before `comments`.
    """
    rows = text.replace("\r\n", "\n").split("\n")
    marked = ((row, _MARK.search(row)) for row in rows)
    return [bare(row[found.start() :]) if found else "" for row, found in marked], list(map(bare, rows))


@cache
def _has_language(name: str) -> bool:
    try:
        return find_lexer_class_for_filename(name) is not None
    except ClassNotFound:
        return False


@lru_cache(maxsize=1 << 16)
def may_have_comments(path: str) -> bool:
    """Say whether the language of a file is known by its name alone; cheap to ask for every file of a tree."""
    if any(pattern.search(path) for pattern, _ in _OTHER_LANGUAGES):
        return True
    name = path.rpartition("/")[2]
    _, dot, suffix = name.rpartition(".")
    return not _NO_COMMENTS.search(path) and _has_language(f"a.{suffix.lower()}" if dot and suffix else name)


def comments(path: str, text: str) -> tuple[Comment, ...]:
    """Return the comments of a file, in order; none where the language is not known or the file is a program's work.

    Args:
        path: the file's name, which says its language.
        text: its content; CR LF counts as one end of line.
    """
    text = text.replace("\r\n", "\n")
    if len(text) > MAX_LENGTH or max(map(len, text.split("\n"))) > MAX_LINE:
        return ()
    pieces = _in_syntax(path, text)
    if pieces is None:
        lexer = _lexer(path, text)
        pieces = tuple(_pieces(lexer, text if text.endswith("\n") else text + "\n")) if lexer else ()
    return tuple(_joined(run) for run in _runs(pieces))


def _in_syntax(path: str, text: str) -> tuple[_Piece, ...] | None:
    """Return the comments by syntax tree, or None where there is no tree."""
    tree = syntax.parsed(path, text)
    if tree is None:
        return None
    rows = text.split("\n")
    nodes = [node for _, node in syntax.found(path, tree, "(comment) @comment")]
    return tuple(_piece(node, rows) for node in nodes if node.start_byte or not text.startswith("#!"))


def _piece(node: Node, rows: list[str]) -> _Piece:
    row, column = node.start_point.row, node.start_point.column
    before = rows[row].encode("utf-8", "replace")[:column]
    return _Piece(row + 1, column, syntax.text_of(node), not before.strip())


def _lexer(path: str, text: str) -> Lexer | None:
    if _NO_COMMENTS.search(path) and not any(pattern.search(path) for pattern, _ in _OTHER_LANGUAGES):
        return None
    language = next((name for pattern, name in _OTHER_LANGUAGES if pattern.search(path)), "")
    if not language and _HTML.search(path) and _TEMPLATE.search(text):
        language = "html+django"
    if not language and "." not in path.rpartition("/")[2]:
        language = _by_hash_bang(text)
    try:
        found = find_lexer_class_by_name(language) if language else find_lexer_class_for_filename(path)
    except ClassNotFound:
        return None
    return found() if found is not None else None


def _by_hash_bang(text: str) -> str:
    found = re.match(r"#!.*?\b(python|ruby|node|perl|(?:ba|da|k|z)?sh)[\d.]*\b", text)
    if found is None:
        return ""
    return "bash" if found.group(1).endswith("sh") else found.group(1)


def _pieces(lexer: Lexer, text: str) -> Iterator[_Piece]:
    line, done = 1, 0
    for start, raw in _adjoining(lexer, text):
        line += text.count("\n", done, start)
        done = start
        before = text[text.rfind("\n", 0, start) + 1 : start]
        yield _Piece(line, len(before), raw, not before.strip())


def _adjoining(lexer: Lexer, text: str) -> Iterator[tuple[int, str]]:
    """Give offset and source of each comment; the tokens that one comment is cut into are put together."""
    begun, parts, end = 0, list[str](), -1
    for start, kind, value in lexer.get_tokens_unprocessed(text):
        if kind not in _COMMENT or any(kind in other for other in _NOT_COMMENTS) or not value:
            continue
        if start != end:
            if parts:
                yield begun, "".join(parts)
            begun, parts = start, []
        parts.append(value)
        end = start + len(value)
    if parts:
        yield begun, "".join(parts)


def _runs(pieces: tuple[_Piece, ...]) -> Iterator[list[_Piece]]:
    if not pieces:
        return
    run = [pieces[0]]
    for before, piece in pairwise(pieces):
        follows = piece.line == before.line + len(_rows(before.raw))
        if follows and piece.alone and before.alone and piece.column == before.column:
            run.append(piece)
        else:
            yield run
            run = [piece]
    yield run


def _rows(raw: str) -> list[str]:
    return raw.rstrip("\n").split("\n")


def _joined(run: list[_Piece]) -> Comment:
    rows = [row for piece in run for row in _rows(piece.raw)]
    return Comment(run[0].line, tuple(map(bare, rows)), run[0].alone)


def bare(row: str) -> str:
    """Return what a line of a comment says, without marks and surrounding space."""
    return _OPENING.sub("", _CLOSING.sub("", row.strip()), count=1).strip()
