"""Raw records of archives as plain facts, in plain Python: no table of Scout's, no library."""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.flow_raw import json_lines, moment


@dataclass
class Thing:
    """A ticket or a change as its raw record tells it.

    Attributes:
        words: what others and the author said: who, whether a program, when.
        reviews: who, whether a program, when, verdict.
        remarks: who, whether a program, when.
    """

    key: str
    created: datetime
    author: str
    bot: bool
    open: bool
    title: str = ""
    closed: datetime | None = None
    closer: str = ""
    merged: datetime | None = None
    draft: bool = False
    ready: datetime | None = None
    labels: tuple[str, ...] = ()
    words: list[tuple[str, bool, datetime]] = field(default_factory=list[tuple[str, bool, datetime]])
    reviews: list[tuple[str, bool, datetime, str]] = field(default_factory=list[tuple[str, bool, datetime, str]])
    remarks: list[tuple[str, bool, datetime]] = field(default_factory=list[tuple[str, bool, datetime]])

    @property
    def ended(self) -> datetime | None:
        return self.merged or self.closed

    @property
    def asked(self) -> datetime:
        """When it was ready for review."""
        return min([self.ready or self.created, *([self.merged] if self.merged else [])])

    def others(self, *, people: bool) -> list[datetime]:
        """Return when somebody else reviewed it or remarked on a line."""
        said = [(who, bot, at) for who, bot, at, _ in self.reviews] + self.remarks
        return [at for who, bot, at in said if is_other(who, self.author) and not (people and bot)]


@dataclass
class Archive:
    """All of one project, as of a moment."""

    now: datetime
    tickets: list[Thing] = field(default_factory=list[Thing])
    changes: list[Thing] = field(default_factory=list[Thing])


def is_other(who: str, author: str) -> bool:
    return who != author and bool(who or author)


def github(now: datetime, *files: Path) -> Archive:
    """Return an archive of metadata backups of GitHub."""
    found = Archive(now)
    for path in files:
        for row in json_lines(path):
            thing = _of_github(row.get("issue") or row["pull"], row)
            (found.tickets if "issue" in row else found.changes).append(thing)
    return found


def _of_github(told: dict[str, Any], row: dict[str, Any]) -> Thing:
    who, bot = _account(told.get("user"))
    closings = [one for one in row["events"] if one["event"] == "closed" and one["created_at"] == told.get("closed_at")]
    ready = [moment(one["created_at"]) for one in row["events"] if one["event"] == "ready_for_review"]
    thing = Thing(
        key=str(told["number"]),
        created=moment(told["created_at"]),
        author=who,
        bot=bot,
        open=told["state"] == "open",
        title=told["title"],
        closed=moment(told["closed_at"]) if told.get("closed_at") else None,
        closer=_account(closings[0].get("actor"))[0] if closings else "",
        merged=moment(told["merged_at"]) if told.get("merged_at") else None,
        draft=bool(told.get("draft")),
        ready=min(ready) if ready else None,
        labels=tuple(one["name"] for one in told["labels"]),
    )
    for one in row["events"]:
        name, is_bot = _account(one.get("user") or one.get("actor"))
        if one["event"] == "commented":
            thing.words.append((name, is_bot, moment(one["created_at"])))
        elif one["event"] == "reviewed" and one.get("submitted_at"):
            name, is_bot = _account(one.get("user"))
            thing.reviews.append((name, is_bot, moment(one["submitted_at"]), one["state"].lower()))
    for one in row.get("comments", ()):
        thing.remarks.append((*_account(one.get("user")), moment(one["created_at"])))
    return thing


def _account(user: dict[str, Any] | None) -> tuple[str, bool]:
    if not user:
        return "", False
    return user["login"], user.get("type") == "Bot" or user["login"].endswith("[bot]")


def jira(now: datetime, path: Path) -> Archive:
    """Return an archive of Jira's REST issues without changelogs; an id that comes twice counts as it came last."""
    found = Archive(now)
    for issue in {one["id"]: one for one in json_lines(path)}.values():
        fields: dict[str, Any] | None = issue.get("fields")
        if fields is None:
            continue
        done = fields["status"]["name"] in {"Closed", "Resolved"}
        ended = fields.get("resolutiondate")
        thing = Thing(
            key=issue["key"],
            created=moment(fields["created"]),
            author=_user(fields.get("reporter") or fields.get("creator")),
            bot=False,
            open=not done,
            title=fields["summary"],
            closed=moment(ended) if ended else None,
            labels=tuple(fields.get("labels") or ()),
        )
        comment: dict[str, Any] = fields.get("comment") or {}
        said: list[dict[str, Any]] = comment.get("comments", [])
        thing.words += [(_user(one.get("author")), False, moment(one["created"])) for one in said]
        found.tickets.append(thing)
    return found


def _user(told: dict[str, Any] | None) -> str:
    return str((told or {}).get("name") or (told or {}).get("key") or (told or {}).get("accountId") or "")


def ietf(now: datetime, path: Path) -> Archive:
    """Return an archive of an IETF working group."""
    found = Archive(now)
    archive: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    for kind, rows in (("ticket", archive["issues"]), ("change", archive["pulls"])):
        for one in rows:
            merged = one.get("mergedAt")
            thing = Thing(
                key=str(one["number"]),
                created=moment(one["createdAt"]),
                author=one["author"] or "",
                bot=False,
                open=one["state"] == "OPEN",
                title=one["title"],
                closed=moment(one["closedAt"]) if one["closedAt"] else None,
                merged=moment(merged) if merged else None,
                labels=tuple(one["labels"]),
            )
            thing.words += [(each["author"] or "", False, moment(each["createdAt"])) for each in one["comments"]]
            for review in one.get("reviews", ()):
                who = review["author"] or ""
                thing.reviews.append((who, False, moment(review["createdAt"]), review["state"].lower()))
                thing.remarks += [(who, False, moment(each["createdAt"])) for each in review["comments"]]
            (found.tickets if kind == "ticket" else found.changes).append(thing)
    return found


READERS: dict[str, Callable[..., Archive]] = {"github-gui": github, "jira-tidev": jira}
