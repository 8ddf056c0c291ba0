"""Closed issues of Jira with a label from how they ended: filed well enough to be fixed, or not.

Run it as `python -m tests.jira_outcomes FILE`, FILE an archive of issues as the REST API returns them; it prints JSON
lines for `scout eval readiness -`-like doors: the text as it was filed, without what was said afterwards, which tells
how it ended. `--wide` counts 'cannot reproduce' among those that were not ready, too, `--comments` keeps them, and
`--bugs` leaves out all but bugs: no wish ends as 'cannot reproduce', so that kinds might be told and not readiness.
"""

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FIXED = "Fixed"
BUG = "Bug"
NEEDS_MORE = frozenset({"Needs more info"})
NOT_SEEN = frozenset({"Cannot Reproduce"})


def labelled(path: Path, *, wide: bool = False, comments: bool = False, bugs: bool = False) -> Iterator[dict[str, Any]]:
    """Yield fixed issues as ready and those that needed more information as not ready; nothing of the others."""
    lacking = NEEDS_MORE | NOT_SEEN if wide else NEEDS_MORE
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            issue: dict[str, Any] = json.loads(line)
            fields: dict[str, Any] = issue.get("fields", {})
            resolution: dict[str, Any] = fields.get("resolution") or {}
            ended = resolution.get("name")
            if (ended == FIXED or ended in lacking) and not (bugs and fields["issuetype"]["name"] != BUG):
                said: list[dict[str, Any]] = fields.get("comment", {}).get("comments", []) if comments else []
                yield {
                    "id": issue["key"],
                    "source": "jira",
                    "title": fields["summary"],
                    "body": fields.get("description") or "",
                    "environment": fields.get("environment"),
                    "type": fields["issuetype"]["name"],
                    "labels": fields.get("labels", []),
                    "comments": [{"body": one.get("body", "")} for one in said],
                    "ready": ended == FIXED,
                }


def main(arguments: list[str]) -> None:
    """Print the rows of an archive."""
    path = next(one for one in arguments if not one.startswith("--"))
    chosen = {name: f"--{name}" in arguments for name in ("wide", "comments", "bugs")}
    for row in labelled(Path(path), **chosen):
        sys.stdout.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
