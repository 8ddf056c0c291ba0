"""Texts that people have judged, from files of JSON lines, plain or as .gz; what cannot be read is told and skipped."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, cast

from scout.errors import UsageError
from scout.model import WorkKind
from scout.sources._github.words import Vocabulary as GitHubVocabulary
from scout.sources._imports.pieces import Fault, pieces
from scout.sources._jira.words import Vocabulary as JiraVocabulary
from scout.sources._jira.words import kind_of, link_kind, state_of
from scout.text import adf, wiki

UNDERSPECIFIED = 2
"""From this rating on (0 clear … 3 impossible) a text is not ready."""

_NUMBER = re.compile(r"(?P<group>.+?)[#-]\d+$")
_JIRA_KEY = re.compile(r"[A-Z][A-Z0-9_]+-\d+$")
_GITHUB, _JIRA = GitHubVocabulary(), JiraVocabulary()


class BadLine(NamedTuple):
    """A line that could not be read."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text with what people said about it.

    Attributes:
        group: its repository or project.
        body: Markdown, `comments` likewise.
        blocked_by: keys of tickets that have to be finished first and are not known to be.
        ready: what people said; None where nobody said anything.
        missing: what they missed, in their words; None where they were not asked.
    """

    id: str
    group: str
    title: str
    body: str
    comments: tuple[str, ...] = ()
    kind: WorkKind | None = None
    blocked_by: tuple[str, ...] = ()
    ready: bool | None = None
    missing: tuple[str, ...] | None = None


def read(files: Sequence[Path]) -> Iterator[LabelledText | BadLine]:
    """Return the texts of files, front to back.

    Raises:
        UsageError: a file cannot be opened.
    """
    for path in files:
        try:
            yield from _read(path)
        except OSError as error:
            message = f"{path} cannot be read: {error.strerror or error}."
            raise UsageError(message, "Give a file of JSON lines.") from error


def _read(path: Path) -> Iterator[LabelledText | BadLine]:
    for piece in pieces(path):
        if isinstance(piece, Fault):
            yield BadLine(path.name, piece.line, piece.reason)
            continue
        found = text_of(cast("object", piece.value))
        yield found if isinstance(found, LabelledText) else BadLine(path.name, piece.line, found)


def text_of(value: object) -> LabelledText | str:
    """Return a line's object as a text, or why it is none.

    Args:
        value: an object with `id` or `instance_id`; `title` and `body`, or `problem_statement`; and when there are
            any `comments`, `labels`, `type`, `links`, `environment`, `ready` or `underspecified`, `missing`.
    """
    if not isinstance(value, dict):
        return "no JSON object"
    row = cast("dict[str, Any]", value)
    name = row.get("id", row.get("instance_id"))
    if not isinstance(name, str | int) or name == "":
        return "no `id` or `instance_id`"
    if not any(isinstance(row.get(field), str | dict) for field in ("title", "body", "problem_statement")):
        return "neither `title` and `body` nor `problem_statement`"
    ready = _label(row)
    if isinstance(ready, str):
        return ready
    title, body = _words(row, str(name))
    missing = row.get("missing")
    return LabelledText(
        id=str(name),
        group=_group(row, str(name)),
        title=title,
        body=body,
        comments=tuple(_markdown(text, row, str(name)) for text in _bodies(row.get("comments"))),
        kind=_kind(row),
        blocked_by=tuple(_blocking(row.get("links"))),
        ready=ready,
        missing=tuple(str(one) for one in cast("list[Any]", missing)) if isinstance(missing, list) else None,
    )


def _label(row: Mapping[str, Any]) -> bool | str | None:
    ready, rating = row.get("ready"), row.get("underspecified")
    if ready is not None:
        return bool(ready) if ready in {0, 1} else f"`ready` is {ready!r}, neither a truth value nor 0 or 1"
    if rating is None:
        return None
    return rating < UNDERSPECIFIED if isinstance(rating, int | float) else f"`underspecified` is {rating!r}, no number"


def _words(row: Mapping[str, Any], name: str) -> tuple[str, str]:
    title, body = row.get("title"), row.get("body")
    if body is None and isinstance(row.get("problem_statement"), str):
        head, _, rest = str(row["problem_statement"]).lstrip().partition("\n")
        title, body = (title, row["problem_statement"]) if isinstance(title, str) else (head, rest)
    written = _markdown(body, row, name)
    environment = _markdown(row.get("environment"), row, name)
    full = "\n\n".join(filter(None, (written, environment and f"## Environment\n\n{environment}")))
    return title if isinstance(title, str) else "", full


def _markdown(text: object, row: Mapping[str, Any], name: str) -> str:
    """Return a text in whatever markup it is as Markdown."""
    if not isinstance(text, str):
        return adf.markdown(cast("dict[str, object]", text)) if isinstance(text, dict) else ""
    of_jira = row.get("source") == "jira" or ("source" not in row and _JIRA_KEY.match(name))
    return wiki.markdown(text) if of_jira else text


def _bodies(comments: object) -> Iterator[object]:
    for one in _listed(comments):
        yield cast("dict[str, object]", one).get("body") if isinstance(one, dict) and "body" in one else one


def _group(row: Mapping[str, Any], name: str) -> str:
    for field in ("repository", "repo", "project"):
        if isinstance(row.get(field), str) and row[field]:
            return str(row[field])
    found = _NUMBER.match(name)
    return found["group"].replace("__", "/", 1) if found else ""


def _kind(row: Mapping[str, Any]) -> WorkKind | None:
    names = [one for one in (row.get("kind"), row.get("type")) if isinstance(one, str) and one]
    labels = [
        str(cast("dict[str, object]", one).get("name", "")) if isinstance(one, dict) else str(one)
        for one in _listed(row.get("labels"))
    ]
    found = (kind_of(name, labels, _JIRA) or _GITHUB.kind(name) for name in names)
    return next(filter(None, (*found, *map(_GITHUB.kind, labels))), None)


def _blocking(links: object) -> Iterator[str]:
    for one in _listed(links):
        link = cast("dict[str, object]", one) if isinstance(one, dict) else {}
        if link_kind(str(link.get("type", ""))) == "blocked_by":
            state = state_of(str(link.get("state") or ""), "", _JIRA)
            if state is None or state.is_open:
                yield str(link.get("target") or link.get("key") or "another ticket")


def _listed(value: object) -> Iterable[object]:
    return cast("list[object]", value) if isinstance(value, list) else ()
