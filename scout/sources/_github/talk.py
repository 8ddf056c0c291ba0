"""What is said about issues and changes."""

import re
from collections.abc import Iterator

from scout.sources._github.refs import number_of, reference
from scout.sources._github.shape import Json, key, moment, text
from scout.sources._github.stream import Paged, Stream
from scout.sources._github.words import Vocabulary
from scout.sources._people import person
from scout.warehouse.records import CommentRow, CoreRow, LinkRow

_DUPLICATE = re.compile(
    r"^\s*duplicate of\s+((?:[\w.-]+/[\w.-]+)?#\d+|https?://\S+/(?:issues|pull)/\d+)", re.IGNORECASE | re.MULTILINE
)
"""GitHub, 'Marking issues or pull requests as a duplicate'."""


def comment_rows(comment: Json, said: Vocabulary) -> Iterator[CoreRow]:
    """Return a comment, and what it declares to be a duplicate."""
    del said
    subject = subject_of(comment)
    yield _said(comment, subject, "comment")
    body = text(comment.get("body"))
    if "uplicate of" in body and (found := _DUPLICATE.search(body)):
        home = text(comment.get("issue_url")).partition("/issues/")[0]
        if (other := reference(found[1], home)) and other != subject:
            yield LinkRow(subject, "duplicates", other, "duplicate of", "")


def remark_rows(comment: Json, said: Vocabulary) -> Iterator[CoreRow]:
    """Return a remark on a line of a change."""
    del said
    yield _said(comment, number_of(comment.get("pull_request_url")), "review")


def subject_of(comment: Json) -> str:
    """Return the number of the issue that a comment is about."""
    return number_of(comment.get("issue_url")) or number_of(comment.get("html_url"))


def _said(comment: Json, subject: str, kind: str) -> CommentRow:
    author, by_bot = person(comment.get("user"))
    return CommentRow(
        subject=subject,
        key=key(comment.get("id")),
        kind=kind,
        body=text(comment.get("body")),
        author=author,
        by_bot=by_bot,
        url=text(comment.get("html_url")),
        created_at=moment(comment.get("created_at")),
        updated_at=moment(comment.get("updated_at")),
    )


def _on_issue(comment: Json) -> str:
    subject = subject_of(comment)
    return f"issue/{subject}" if subject else ""


def _on_change(comment: Json) -> str:
    subject = number_of(comment.get("pull_request_url"))
    return f"issue/{subject}" if subject else ""


def _without_diff(comment: Json) -> Json:
    return (
        {name: value for name, value in comment.items() if name != "diff_hunk"} if "diff_hunk" in comment else comment
    )


STREAMS = (
    Stream(
        "comment",
        "/issues/comments",
        Paged.AGE,
        comment_rows,
        parent=_on_issue,
        each="/issues/comments/{key}",
        required=True,
    ),
    Stream(
        "review_comment",
        "/pulls/comments",
        Paged.AGE,
        remark_rows,
        parent=_on_change,
        trim=_without_diff,
        each="/pulls/comments/{key}",
        extra=True,
    ),
)
