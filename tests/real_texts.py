"""Real tickets from the shared data, as texts that can be judged: title, Markdown body, comments."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from scout.text import wiki


class RealText(NamedTuple):
    """A ticket; bodies and comments are Markdown."""

    title: str
    body: str
    comments: tuple[str, ...]


def real_texts(data: Path) -> Iterator[RealText]:
    """Yield the tickets of the shared data: GitHub's first, then Jira's, then those of labelled issues.

    Args:
        data: the folder of shared data.
    """
    for row in _rows(data / "github-gui" / "issues.jsonl.gz"):
        issue = row["issue"]
        yield RealText(
            issue["title"], issue["body"] or "", tuple(one.get("body") or "" for one in row.get("comments", []))
        )
    for row in _rows(data / "jira-tidev" / "issues.jsonl.gz"):
        if fields := row.get("fields"):
            said = fields.get("comment", {}).get("comments", [])
            comments = tuple(wiki.markdown(one.get("body") or "") for one in said)
            yield RealText(fields["summary"], wiki.markdown(fields.get("description") or ""), comments)
    for row in _rows(data / "readiness" / "labelled.jsonl.gz"):
        title, _, body = row["problem_statement"].partition("\n")
        yield RealText(title, body, ())


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
