"""What the archives of real records hold, counted from the raw files by nothing of Scout's."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Facts = dict[str, dict[str, Any]]


def lines(folder: Path) -> Iterator[Any]:
    """Return every record of the archive's files."""
    for file in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as opened:
            yield from (json.loads(line) for line in opened if line.strip())


def github_facts(folder: Path) -> Facts:
    """Return what is so of each issue and pull request, by number."""
    found: Facts = {}
    for row in lines(folder):
        it = row.get("issue") or row["pull"]
        kinds = Counter(event["event"] for event in row["events"])
        found[str(it["number"])] = {
            "title": it["title"],
            "closed": it["state"] == "closed",
            "labels": sorted(label["name"] for label in it["labels"]),
            "comments": kinds["commented"],
            "created": it["created_at"],
            "is_change": "pull" in row,
        }
    return found


def github_counts(folder: Path) -> dict[str, int]:
    """Return how many reviews, commits of pull requests and dated events with an id there are."""
    events = [event for row in lines(folder) for event in row["events"]]
    kinds = Counter(event["event"] for event in events)
    return {"reviews": kinds["reviewed"], "commits": kinds["committed"], "comments": kinds["commented"]}


def jira_facts(folder: Path) -> Facts:
    """Return what is so of each issue, by key."""
    found: Facts = {}
    for row in lines(folder):
        if "fields" not in row:
            continue
        fields: Any = row["fields"]
        resolution: Any = fields.get("resolution")
        found[row["key"]] = {
            "title": fields["summary"],
            "status": fields["status"]["name"],
            "resolution": resolution["name"] if resolution else "",
            "labels": sorted(fields["labels"]),
            "comments": len(fields["comment"]["comments"]),
            "links": len(fields["issuelinks"]),
            "claimed": bool(fields.get("assignee")),
        }
    return found
