"""What the archives of real records hold, counted from the raw files by nothing of Scout's."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Facts = dict[str, dict[str, Any]]
_TALK = ("commented", "reviewed", "committed")
"""Entries of a timeline that are no events of an issue."""


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
            "merged": bool(it.get("merged_at")),
            "draft": bool(it.get("draft")),
            "labels": sorted(label["name"] for label in it["labels"]),
            "milestone": it["milestone"]["title"] if it.get("milestone") else "",
            "created": it["created_at"],
            "is_change": "pull" in row,
            "comments": kinds["commented"],
            "events": kinds.total() - sum(kinds[name] for name in _TALK),
        }
    return found


def github_counts(folder: Path) -> dict[str, int]:
    """Return how many reviews, commits of pull requests, remarks on their lines and other events there are."""
    rows = list(lines(folder))
    kinds = Counter(event["event"] for row in rows for event in row["events"])
    return {
        "reviews": kinds["reviewed"],
        "commits": kinds["committed"],
        "remarks": sum(len(row.get("comments", ())) for row in rows),
        "events": kinds.total() - sum(kinds[name] for name in _TALK),
    }


def jira_facts(folder: Path) -> Facts:
    """Return what is so of each issue, by key."""
    found: Facts = {}
    for key, fields in _issues(folder):
        resolution: Any = fields.get("resolution")
        priority: Any = fields.get("priority")
        found[key] = {
            "title": fields["summary"],
            "status": fields["status"]["name"],
            "resolution": resolution["name"] if resolution else "",
            "priority": priority["name"] if priority else "",
            "native_kind": fields["issuetype"]["name"],
            "labels": sorted(fields["labels"]),
            "parent": next((fields[name]["key"] for name in ("parent", "epic") if fields.get(name)), ""),
            "created": fields["created"].partition(".")[0],
            "comments": len(fields["comment"]["comments"]),
            "links": len(fields["issuelinks"]),
            "claimed": bool(fields.get("assignee")),
        }
    return found


def jira_counts(folder: Path) -> dict[str, int]:
    """Return how many comments, links, children with a parent and changes there are."""
    rows = [fields for _, fields in _issues(folder)]
    histories = [row["changelog"]["histories"] for row in lines(folder) if "changelog" in row]
    return {
        "comments": sum(len(fields["comment"]["comments"]) for fields in rows),
        "links": sum(len(fields["issuelinks"]) for fields in rows),
        "parents": sum(bool(fields.get("parent")) for fields in rows),
        "transitions": sum(len(history["items"]) for listed in histories for history in listed),
    }


def jira_statuses(folder: Path) -> Facts:
    """Return the statuses that issues have, by id."""
    return {fields["status"]["id"]: fields["status"] for _, fields in _issues(folder)}


def _issues(folder: Path) -> Iterator[tuple[str, Any]]:
    return ((row["key"], row["fields"]) for row in lines(folder) if "fields" in row)
