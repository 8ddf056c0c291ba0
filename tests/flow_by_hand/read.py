"""Raw records of archives as plain facts."""

import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.flow_by_hand.facts import Archive, Event, Thing, Word, moment
from tests.flow_by_hand.wording import OTHER_STATES, STARTED, github_kind, jira_kind, says

_EVENTS = {
    *("closed", "reopened", "assigned", "labeled", "unlabeled"),
    *("ready_for_review", "convert_to_draft", "head_ref_force_pushed"),
}


def json_lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a file, packed or not, one a line."""
    whole = path.read_bytes()
    return [json.loads(line) for line in (gzip.decompress(whole) if path.suffix == ".gz" else whole).splitlines()]


def github(now: datetime, *files: Path) -> Archive:
    """Return an archive of metadata backups of GitHub."""
    found = Archive(now)
    for row in [row for path in files for row in json_lines(path)]:
        told = row.get("issue") or row["pull"]
        row["events"] = [one for one in row["events"] if (at := _when(one)) and at <= now]
        row["comments"] = [one for one in row.get("comments", ()) if moment(one["created_at"]) <= now]
        thing = _of_github(told, row)
        (found.tickets if "issue" in row else found.changes).append(thing)
        found.home = "/".join(told["html_url"].split("/")[3:5])
    states = [one for ticket in found.tickets for one in ticket.events if one.name in {"closed", "reopened"}]
    found.has_history = bool(states) or all(one.open for one in found.tickets)
    return found


def _of_github(told: dict[str, Any], row: dict[str, Any]) -> Thing:
    who, bot = _account(told.get("user"))
    labels = tuple(one["name"] for one in told["labels"])
    thing = Thing(
        key=str(told["number"]),
        created=moment(told["created_at"]),
        author=who,
        bot=bot,
        open=told["state"] == "open",
        title=told["title"],
        body=told.get("body") or "",
        started=any(says(one, STARTED) for one in labels),
        kind=github_kind(_name(told.get("type")), labels),
        closed=moment(told["closed_at"]) if told.get("closed_at") else None,
        merged=moment(told["merged_at"]) if told.get("merged_at") else None,
        draft=bool(told.get("draft")),
        size=told["additions"] + told["deletions"] if "additions" in told else None,
        labels=labels,
        remarks=[Word(*_account(one.get("user")), moment(one["created_at"])) for one in row["comments"]],
    )
    for one in row["events"]:
        _hear(thing, one)
    at_last = [one for one in row["events"] if one["event"] == "closed" and _when(one) == thing.closed]
    thing.closer = _account(at_last[0].get("actor"))[0] if at_last else ""
    if "issue" in row:
        told_by_labels = [one.label for one in thing.events if says(one.label, f"{STARTED}, {OTHER_STATES}")]
        assert not told_by_labels, "these archives have no label that tells a ticket's state"
    return thing


def _when(event: dict[str, Any]) -> datetime | None:
    """Return when an entry of a timeline happened."""
    at = (
        event["committer"]["date"]
        if event["event"] == "committed"
        else event.get("submitted_at") or event["created_at"]
    )
    return moment(at) if at else None


def _hear(thing: Thing, one: dict[str, Any]) -> None:
    """Note what an entry of a timeline tells."""
    name = one["event"]
    if name == "commented":
        thing.words.append(Word(*_account(one["user"]), moment(one["created_at"])))
    elif name == "reviewed" and one.get("submitted_at") and one["state"].lower() != "pending":
        thing.reviews.append(Word(*_account(one.get("user")), moment(one["submitted_at"]), one["state"].lower()))
    elif name == "committed":
        thing.commits.append(moment(one["committer"]["date"]))
    elif name in _EVENTS and moment(one["created_at"]) >= thing.created:
        who, bot = _account(one.get("actor"))
        thing.events.append(Event(name, moment(one["created_at"]), bot, _name(one.get("label")), who))


def _name(told: dict[str, Any] | None) -> str:
    return told["name"] if told else ""


def _account(user: dict[str, Any] | None) -> tuple[str, bool]:
    if not user:
        return "", False
    return user["login"].lower(), user.get("type") == "Bot" or user["login"].endswith("[bot]")


def jira(now: datetime, path: Path) -> Archive:
    """Return an archive of Jira's REST issues without changelogs; an id that comes twice counts as it came last."""
    found = Archive(now)
    for issue in {one["id"]: one for one in json_lines(path)}.values():
        fields: dict[str, Any] | None = issue.get("fields")
        if fields is None:  # a project, which stands among the issues
            continue
        category = fields["status"]["statusCategory"]["key"]
        ended = fields.get("resolutiondate")
        thing = Thing(
            key=issue["key"],
            created=moment(fields["created"]),
            author=_user(fields.get("reporter") or fields.get("creator")),
            bot=False,
            open=category != "done",
            title=fields["summary"],
            native=fields["status"]["name"],
            started=category == "indeterminate",
            kind=jira_kind(fields["issuetype"]["name"]),
            closed=moment(ended) if ended and category == "done" else None,
            labels=tuple(fields.get("labels") or ()),
        )
        comment: dict[str, Any] = fields.get("comment") or {}
        said: list[dict[str, Any]] = comment.get("comments", [])
        thing.words += [Word(_user(one.get("author")), bot=False, at=moment(one["created"])) for one in said]
        found.tickets.append(thing)
    return found


def _user(told: dict[str, Any] | None) -> str:
    return str((told or {}).get("name") or (told or {}).get("key") or (told or {}).get("accountId") or "").lower()


def ietf(now: datetime, path: Path) -> Archive:
    """Return an archive of an IETF working group, which has no history of states."""
    whole = path.read_bytes()
    archive: dict[str, Any] = json.loads(gzip.decompress(whole) if path.suffix == ".gz" else whole)
    return Archive(
        now,
        tickets=[_of_ietf(one) for one in archive["issues"]],
        changes=[_of_ietf(one) for one in archive["pulls"]],
        home=archive["repo"],
    )


def _of_ietf(one: dict[str, Any]) -> Thing:
    labels, merged = tuple(one["labels"]), one.get("mergedAt")
    thing = Thing(
        key=str(one["number"]),
        created=moment(one["createdAt"]),
        author=(one["author"] or "").lower(),
        bot=_named_bot(one["author"]),
        open=one["state"] == "OPEN",
        title=one["title"],
        body=one["body"] or "",
        started=any(says(label, STARTED) for label in labels),
        kind=github_kind("", labels),
        closed=moment(one["closedAt"]) if one["closedAt"] else None,
        merged=moment(merged) if merged else None,
        labels=labels,
        words=[_word(each) for each in one["comments"]],
    )
    for review in one.get("reviews", ()):
        if review["state"] != "PENDING":
            thing.reviews.append(_word(review, review["state"].lower()))
        thing.remarks += [_word({"author": review["author"], **each}) for each in review["comments"]]
    return thing


def _word(one: dict[str, Any], verdict: str = "") -> Word:
    at = moment(one.get("submittedAt") or one["createdAt"])
    return Word((one["author"] or "").lower(), _named_bot(one["author"]), at, verdict)


def _named_bot(name: str | None) -> bool:
    return (name or "").endswith("[bot]")
