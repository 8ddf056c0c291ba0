"""The case to beat, rebuilt: 719 tickets in 8 repositories, from the shared archives, as folders of Markdown tickets.

All 484 open tickets are there, and as many closed ones, served as open, as make 719. What `python -m
tests.backlog_case FOLDER` writes can be classified, labelled and restored without any server.
"""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast

from scout.text import wiki
from scout.text.ticket_file import compose
from tests.trackers import shared

TICKETS = 719
_IETF = ("draft-ietf-masque-connect-ip", "draft-irtf-cfrg-hash-to-curve", "eat", "oblivious-http")
_JIRA = {"ALOY": "alloy", "MOD": "modules", "DAEMON": "daemon"}
REPOSITORIES = ("gui", *_JIRA.values(), *_IETF)


class Made(NamedTuple):
    """A ticket as it is written."""

    repository: str
    key: str
    open: bool
    fields: dict[str, Any]
    body: str


def tickets() -> list[Made]:
    """Return the 719 tickets: the open ones, then closed ones of all repositories in turn."""
    every = [*_github(), *_jira(), *_ietf()]
    chosen = [one for one in every if one.open]
    closed = {name: [one for one in every if not one.open and one.repository == name] for name in REPOSITORIES}
    while len(chosen) < TICKETS:
        for name in REPOSITORIES:
            if closed[name] and len(chosen) < TICKETS:
                chosen.append(closed[name].pop(0))
    return chosen


def write(made: list[Made], root: Path) -> dict[str, Path]:
    """Write tickets into a checkout for each repository, and return where each is."""
    places: dict[str, Path] = {}
    for one in made:
        place = places.setdefault(one.repository, root / one.repository)
        folder = place / "tickets"
        if not folder.exists():
            folder.mkdir(parents=True)
            subprocess.run(["git", "init", "-q", str(place)], check=True)
        (folder / f"{one.key}.md").write_bytes(compose(one.fields, one.body))
    return places


def settings(places: dict[str, Path]) -> str:
    """Return settings that name every repository as a project."""
    return "\n".join(
        f'[[project]]\nid = "{name.lower()}"\npath = "{place}"\nsources = ["files"]\n' for name, place in places.items()
    )


def _github() -> Iterator[Made]:
    for line in _lines("github-gui", "issues.jsonl.gz"):
        issue = line["issue"]
        labels = tuple(label["name"] for label in issue["labels"])
        fields = _fields(issue["title"], labels, issue["created_at"], issue["updated_at"])
        yield Made("gui", str(issue["number"]), issue["state"] == "open", fields, issue["body"] or "")


def _jira() -> Iterator[Made]:
    for line in _lines("jira-tidev", "issues.jsonl.gz"):
        held = line.get("fields")
        if held is None:  # the line of a project
            continue
        kind = {"Bug": "bug", "New Feature": "feature", "Improvement": "enhancement"}.get(held["issuetype"]["name"], "")
        fields = _fields(held["summary"], tuple(held.get("labels") or ()), held["created"], held["updated"])
        if kind:
            fields["kind"] = kind
        done = held["status"]["statusCategory"]["key"] == "done"
        repository = _JIRA[line["key"].partition("-")[0]]
        yield Made(repository, line["key"], not done, fields, wiki.markdown(held.get("description") or ""))


def _ietf() -> Iterator[Made]:
    for name in _IETF:
        with gzip.open(shared("data", "ietf") / f"{name}.json.gz", "rt", encoding="utf-8") as file:
            archive = json.load(file)
        for issue in archive["issues"]:
            fields = _fields(issue["title"], tuple(issue["labels"]), issue["createdAt"], issue["updatedAt"])
            yield Made(name, str(issue["number"]), issue["state"].lower() == "open", fields, issue["body"] or "")


def _fields(title: str, labels: tuple[str, ...], created: str, updated: str) -> dict[str, Any]:
    return {
        "title": title.strip() or "Untitled",
        "state": "open",
        "labels": labels,
        "created": created,
        "updated": updated,
    }


def _lines(*parts: str) -> Iterator[dict[str, Any]]:
    with gzip.open(shared("data", *parts[:-1]) / parts[-1], "rt", encoding="utf-8") as file:
        for line in file:
            yield cast("dict[str, Any]", json.loads(line))


if __name__ == "__main__":
    root = Path(sys.argv[1])
    (root / "scout.toml").write_text(settings(write(tickets(), root)), "utf-8")
