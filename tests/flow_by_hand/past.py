"""Archives as they stood on a day: what came later is cut off, what was closed later is open again.

Labels, titles and drafts stay as they are told last: the records do not tell what all of them were.
"""

import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.flow_by_hand.facts import moment
from tests.flow_by_hand.read import json_lines


def github(files: list[Path], day: datetime, folder: Path) -> list[Path]:
    """Write metadata backups of GitHub as they were."""
    made: list[Path] = []
    for path in files:
        rows: list[dict[str, Any]] = []
        for row in json_lines(path):
            told = row.get("issue") or row["pull"]
            if moment(told["created_at"]) <= day:
                row["events"] = [one for one in row["events"] if _was(_when(one), day)]
                row["comments"] = [one for one in row.get("comments", ()) if _was(one["created_at"], day)]
                _reopen(told, row["events"], day)
                rows.append(row)
        made.append(folder / path.name.removesuffix(".gz"))
        made[-1].write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return made


def _when(event: dict[str, Any]) -> str | None:
    if event["event"] == "committed":
        return event["committer"]["date"]
    return event.get("submitted_at") or event["created_at"]


def _was(at: str | None, day: datetime) -> bool:
    return at is not None and moment(at) <= day


def _reopen(told: dict[str, Any], events: list[dict[str, Any]], day: datetime) -> None:
    if told.get("merged_at") and not _was(told["merged_at"], day):
        told["merged_at"] = None
    if not _was(told.get("closed_at"), day):
        turns = [one for one in events if one["event"] in {"closed", "reopened"}]
        last = max(turns, key=lambda one: (moment(one["created_at"]), one["id"]), default=None)
        closed = last is not None and last["event"] == "closed"
        told["state"], told["closed_at"] = ("closed", last["created_at"]) if closed and last else ("open", None)


def jira(files: list[Path], day: datetime, folder: Path) -> list[Path]:
    """Write Jira's issues as they were; what was resolved later is open."""
    rows: list[dict[str, Any]] = []
    for issue in json_lines(files[0]):
        fields = issue.get("fields")
        if fields is None or not _was(fields["created"], day):
            continue
        ended = fields.get("resolutiondate")
        if ended and not _was(ended, day):
            fields |= {"resolutiondate": None, "resolution": None}
            fields["status"] = {"id": "1", "name": "Open", "statusCategory": {"id": 2, "key": "new", "name": "New"}}
        said: dict[str, Any] = fields.get("comment") or {}
        said["comments"] = [one for one in said.get("comments", ()) if _was(one["created"], day)]
        rows.append(issue)
    made = folder / "issues.jsonl"
    made.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return [made]


def ietf(files: list[Path], day: datetime, folder: Path) -> list[Path]:
    """Write an archive of an IETF working group as it was."""
    archive: dict[str, Any] = json.loads(gzip.decompress(files[0].read_bytes()))
    for name in ("issues", "pulls"):
        archive[name] = [one for one in archive[name] if _was(one["createdAt"], day)]
        for one in archive[name]:
            for end in {"closedAt", "mergedAt"} & one.keys():
                one[end] = one[end] if _was(one[end], day) else None
            one["state"] = "MERGED" if one.get("mergedAt") else "CLOSED" if one["closedAt"] else "OPEN"
            one["comments"] = [each for each in one["comments"] if _was(each["createdAt"], day)]
            one["reviews"] = [each for each in one.get("reviews", ()) if _was(each["createdAt"], day)]
            for review in one["reviews"]:
                review["comments"] = [each for each in review["comments"] if _was(each["createdAt"], day)]
    made = folder / files[0].name.removesuffix(".gz")
    made.write_text(json.dumps(archive), encoding="utf-8")
    return [made]
