"""A made-up archive of GitHub in which chance tries what real ones rarely have, all at once.

Programs, deleted accounts, drafts that go back and forth, answers before and after pushes and approvals, remarks around
reviews, moments before the creation, in the future and at the same second, imports and bulk closes around midnight,
tickets that were closed without a trace, blocked, asked, assigned and linked, also by changes that were given up.
"""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)
START = datetime(2024, 1, 1, 9, tzinfo=UTC)
API, HTML = "https://api.github.com/repos/acme/rocket", "https://github.com/acme/rocket"
HANDS = ("ada", "Ben", "cleo", "dan", "eve", "fay", "gus")
LABELS = (
    "blocked",
    "on hold",
    "question",
    "needs: info",
    "discussion",
    "engine",
    "bug",
    "Hot-Fix",
    "kind/docs",
    "wing",
)
TITLES = ("Add wings", "Revert wings", '"Backed out wings"', "Hotfix for wings", "Roll back a wing", "Reroll the wing")
VERDICTS = ("approved", "approved", "changes_requested", "commented", "commented", "dismissed")
Json = dict[str, Any]


class _Chance:
    """Makes what happens, each with a number of its own."""

    def __init__(self, seed: int) -> None:
        self.pick = random.Random(seed)  # noqa: S311 - no secret
        self._numbers = count(50_000)

    def hand(self) -> Json | None:
        """Return an account; at times none any more, or that of a program."""
        chance = self.pick.random()
        if chance < 0.06:
            return None
        name = "sweeper[bot]" if chance < 0.16 else self.pick.choice(HANDS)
        return {"login": name, "id": sum(name.encode()), "type": "Bot" if name.endswith("[bot]") else "User"}

    def after(self, start: datetime, most: float) -> datetime:
        """Return a moment some days later, at times the same, at times earlier."""
        chance = self.pick.random()
        if chance < 0.05:
            return start
        days = -self.pick.random() if chance < 0.08 else most * self.pick.random() ** 3
        return start + timedelta(seconds=round(86_400 * days))

    def event(self, name: str, at: datetime, **more: Any) -> Json:
        """Return an entry of a timeline."""
        return {"id": next(self._numbers), "event": name, "actor": self.hand(), "created_at": _text(at), **more}

    def said(self, name: str, at: datetime, **more: Any) -> Json:
        """Return a comment or a remark."""
        return {**self.event(name, at), "user": self.hand(), "body": "Indeed.", "updated_at": _text(at), **more}


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def write(folder: Path, seed: int, tickets: int = 240, changes: int = 320) -> list[Path]:
    """Write such an archive; return its files."""
    chance = _Chance(seed)
    rows = [*_tickets(chance, tickets), *_changes(chance, tickets, changes)]
    path = folder / "chance.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return [path]


def _tickets(chance: _Chance, n: int) -> Iterator[Json]:
    importer = {"login": "gus", "id": 7, "type": "User"}
    for number in range(1, n + 1):
        made = START + timedelta(seconds=round(chance.pick.random() * 400 * 86_400))
        author = chance.hand()
        if number <= 30:  # two imports, the first one over midnight
            made = START.replace(hour=23, minute=55) + timedelta(days=number // 16, seconds=45 * (number % 16))
            author = importer
        told = [*_labelled(chance, made), *_turned(chance, made)]
        told += [chance.said("commented", chance.after(made, 60)) for _ in range(chance.pick.randrange(4))]
        if chance.pick.random() < 0.15:
            told.append(chance.event("assigned", chance.after(made, 30), assignee=importer))
        last = max((one for one in told if one["event"] in {"closed", "reopened"}), key=_at, default=None)
        fields: Json = {}
        if last is not None and last["event"] == "closed":
            fields = {"state": "closed", "closed_at": last["created_at"]}
        if 40 <= number < 56:  # closed in one go, over midnight
            at = datetime(2024, 12, 20, 23, 54, tzinfo=UTC) + timedelta(seconds=50 * ((number * 7) % 16))
            told = [one for one in told if one["event"] not in {"closed", "reopened"}]
            told.append(chance.event("closed", at) | {"actor": importer})
            fields = {"state": "closed", "closed_at": _text(at)}
        elif chance.pick.random() < 0.04:  # closed without a trace
            told = [one for one in told if one["event"] not in {"closed", "reopened"}]
            fields = {"state": "closed", "closed_at": _text(chance.after(made, 90))}
        names = chance.pick.sample(LABELS, chance.pick.randrange(3))
        yield {
            "issue": _issue(number, made, author, labels=[{"name": name} for name in names], **fields),
            "events": told,
        }


def _at(event: Json) -> tuple[str, int]:
    return event["created_at"], event["id"]


def _labelled(chance: _Chance, made: datetime) -> Iterator[Json]:
    for name in chance.pick.sample(LABELS, chance.pick.randrange(3)):
        at = chance.after(made, 50)
        yield chance.event("labeled", at, label={"name": name})
        if chance.pick.random() < 0.6:
            yield chance.event("unlabeled", max(at, chance.after(at, 30)), label={"name": name})


def _turned(chance: _Chance, made: datetime) -> Iterator[Json]:
    at = made
    for name in ("closed", "reopened", "closed", "reopened")[: chance.pick.choice((0, 1, 1, 1, 2, 3, 4))]:
        at += timedelta(seconds=round(86_400 * 80 * chance.pick.random() ** 2) + 1)
        if at < NOW:
            yield chance.event(name, at)


def _changes(chance: _Chance, tickets: int, n: int) -> Iterator[Json]:
    for number in range(1001, 1001 + n):
        made = START + timedelta(seconds=round(chance.pick.random() * 415 * 86_400))
        told = [_act(chance, chance.after(made, 25)) for _ in range(chance.pick.randrange(9))]
        remarks = [
            chance.said("remark", chance.after(made, 20), pull_request_review_id=1)
            for _ in range(chance.pick.randrange(3))
        ]
        reviews = [one for one in told if one["event"] == "reviewed"]
        for one in reviews[:1]:  # a remark that belongs to a review, or nearly
            at = datetime.fromisoformat(one["submitted_at"]) - timedelta(minutes=chance.pick.choice((0, 30, 60, 61)))
            remarks.append(chance.said("remark", at, pull_request_review_id=2) | {"user": one["user"]})
        body = " and ".join(
            chance.pick.choice(
                ("Fixes #{0}", f"closes: {HTML}/issues/{{0}}", "See #{0}", "Resolved acme/rocket#{0}")
            ).format(chance.pick.randrange(1, tickets + 1))
            for _ in range(chance.pick.randrange(3))
        )
        yield {
            "pull": _pull(chance, number, made, told) | {"body": body},
            "events": told,
            "comments": remarks,
        }


def _act(chance: _Chance, at: datetime) -> Json:
    name = chance.pick.choice(
        (
            "reviewed",
            "reviewed",
            "commented",
            "head_ref_force_pushed",
            "committed",
            "ready_for_review",
            "convert_to_draft",
        )
    )
    if name == "reviewed":
        seen = {"submitted_at": _text(at), "state": chance.pick.choice(VERDICTS)}
        return {**chance.said(name, at), **seen, "created_at": None, "body": chance.pick.choice(("", "Hm."))}
    if name == "committed":
        who = {"name": "x", "email": "x@example.org", "date": _text(at)}
        made = {"sha": f"{chance.pick.getrandbits(160):040x}", "message": "Wings", "author": who, "committer": who}
        return {"event": name, "created_at": None, **made}
    return chance.said(name, at) if name == "commented" else chance.event(name, at)


def _pull(chance: _Chance, number: int, made: datetime, told: list[Json]) -> Json:
    kind, end = chance.pick.random(), max(made, chance.after(made, 40))
    fields: Json = {}
    if end < NOW and kind < 0.8:
        fields = {"state": "closed", "closed_at": _text(end), "merged_at": _text(end) if kind < 0.6 else None}
        told.append(chance.event("merged" if kind < 0.6 else "closed", end))
    sizes = {"additions": chance.pick.randrange(300), "deletions": chance.pick.randrange(60), "changed_files": 2}
    return {
        **_issue(number, made, chance.hand(), title=chance.pick.choice(TITLES)),
        "url": f"{API}/pulls/{number}",
        "issue_url": f"{API}/issues/{number}",
        "html_url": f"{HTML}/pull/{number}",
        "draft": chance.pick.random() < 0.2,
        "merged_at": None,
        "head": {"ref": "wings", "sha": "a" * 40},
        "base": {"ref": "main", "sha": "b" * 40},
        **(sizes if chance.pick.random() < 0.9 else {}),
        **fields,
    }


def _issue(number: int, made: datetime, author: Json | None, **more: Any) -> Json:
    return {
        "id": number,
        "number": number,
        "url": f"{API}/issues/{number}",
        "repository_url": API,
        "html_url": f"{HTML}/issues/{number}",
        "title": f"It does not fly {number}",
        "body": "",
        "state": "open",
        "user": author,
        "labels": [],
        "assignees": [],
        "created_at": _text(made),
        "updated_at": _text(made),
        "closed_at": None,
        **more,
    }
