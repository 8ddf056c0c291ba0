"""The five measures of the contract from raw records alone, in plain Python: no table of Scout's, no library."""

import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

DAY = 86_400.0


@dataclass
class Facts:
    """What the measures need of one project's raw records."""

    ticket_days: dict[str, float] = field(default_factory=dict[str, float])
    change_days: dict[str, float] = field(default_factory=dict[str, float])
    review_days: dict[str, float] = field(default_factory=dict[str, float])
    reopened: dict[str, float] | None = None
    merged: list[datetime] = field(default_factory=list[datetime])
    moments: list[datetime] = field(default_factory=list[datetime])


def quantile(values: Iterable[float], share: float) -> float:
    """Return a quantile by linear interpolation between order statistics."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def throughput(facts: Facts) -> tuple[int, float]:
    """Return merges in the last 90 days of data, and merges per working day of these."""
    last = max(facts.moments).date()
    first = max(last - timedelta(days=89), min(facts.moments).date())
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    worked = sum(day.weekday() < 5 for day in days)
    merged = sum(first <= moment.date() <= last for moment in facts.merged)
    return merged, merged / worked


def github(*files: Path) -> Facts:
    """Return the facts of metadata backups of GitHub: issues or pull requests with events and remarks."""
    facts = Facts(reopened={})
    for path in files:
        for row in json_lines(path):
            _github_issue(facts, row) if "issue" in row else _github_pull(facts, row)
    return facts


def _github_issue(facts: Facts, row: dict[str, Any]) -> None:
    issue, events = row["issue"], row["events"]
    key, opened = str(issue["number"]), moment(issue["created_at"])
    facts.moments.append(opened)
    closings = [event for event in events if event["event"] == "closed"]
    returns = [event for event in events if event["event"] == "reopened"]
    if issue["state"] == "closed":
        facts.ticket_days[key] = days(opened, moment(issue["closed_at"]))
        facts.moments.append(moment(issue["closed_at"]))
    if (issue["state"] == "closed" or closings or returns) and facts.reopened is not None:
        facts.reopened[key] = float(bool(returns))


def _github_pull(facts: Facts, row: dict[str, Any]) -> None:
    pull = row["pull"]
    key, opened, mine = str(pull["number"]), moment(pull["created_at"]), login(pull.get("user"))
    facts.moments.append(opened)
    if pull.get("merged_at"):
        facts.change_days[key] = days(opened, moment(pull["merged_at"]))
        facts.merged.append(moment(pull["merged_at"]))
    if pull["state"] == "closed":
        facts.moments.append(moment(pull.get("merged_at") or pull["closed_at"]))
    reviews = [(login(one.get("user")), one["submitted_at"]) for one in row["events"] if one["event"] == "reviewed"]
    remarks = [(login(one.get("user")), one["created_at"]) for one in row["comments"]]
    others = [moment(at) for who, at in (*reviews, *remarks) if at and who != mine]
    if others:
        facts.review_days[key] = days(opened, min(others))


def json_lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a packed file, one a line."""
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def ietf(path: Path) -> Facts:
    """Return the facts of an archive of an IETF working group, which has no history of states."""
    facts = Facts()
    archive = json.loads(gzip.decompress(path.read_bytes()))
    for issue in archive["issues"]:
        facts.moments.append(moment(issue["createdAt"]))
        if issue["state"] == "CLOSED":
            facts.ticket_days[str(issue["number"])] = days(moment(issue["createdAt"]), moment(issue["closedAt"]))
            facts.moments.append(moment(issue["closedAt"]))
    for pull in archive["pulls"]:
        key, opened = str(pull["number"]), moment(pull["createdAt"])
        facts.moments += [moment(pull[name]) for name in ("createdAt", "mergedAt", "closedAt") if pull[name]]
        if pull["mergedAt"]:
            facts.change_days[key] = days(opened, moment(pull["mergedAt"]))
            facts.merged.append(moment(pull["mergedAt"]))
        others = [review for review in pull["reviews"] if review["author"] != pull["author"]]
        said = [one["createdAt"] for review in others for one in (review, *review["comments"])]
        if said:
            facts.review_days[key] = days(opened, min(map(moment, said)))
    return facts


def jira(path: Path) -> Facts:
    """Return the facts of Jira's REST issues without changelogs; an id that comes twice counts as it came last."""
    facts = Facts()
    issues = {issue["id"]: issue for issue in json_lines(path)}
    for issue in issues.values():
        if "fields" not in issue:  # a project, which stands among the issues
            continue
        fields = issue["fields"]
        facts.moments.append(moment(fields["created"]))
        if fields["status"]["name"] in {"Closed", "Resolved"} and fields.get("resolutiondate"):
            facts.ticket_days[issue["key"]] = days(moment(fields["created"]), moment(fields["resolutiondate"]))
            facts.moments.append(moment(fields["resolutiondate"]))
    return facts


def moment(text: str) -> datetime:
    """Return a moment of ISO 8601, as trackers write it."""
    return datetime.fromisoformat(text.replace("Z", "+00:00").replace("+0000", "+00:00")).astimezone(UTC)


def days(start: datetime, end: datetime) -> float:
    """Return elapsed days."""
    return (end - start).total_seconds() / DAY


def login(user: dict[str, Any] | None) -> str:
    """Return an account's name; empty for a deleted one."""
    return user["login"] if user else ""
