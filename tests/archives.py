"""Small archives of all shapes, with made-up people."""

import csv
import gzip
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

Json = dict[str, Any]
API = "https://api.github.com/repos/acme/rocket"
HTML = "https://github.com/acme/rocket"


def person(name: str) -> Json:
    return {"login": name, "id": sum(name.encode()), "type": "User"}


def issue(number: int, title: str = "It does not fly", **more: Any) -> Json:
    """Return an issue as the REST API shows it."""
    return {
        "id": 1000 + number,
        "number": number,
        "url": f"{API}/issues/{number}",
        "repository_url": API,
        "html_url": f"{HTML}/issues/{number}",
        "title": title,
        "body": "It *should*.",
        "state": "open",
        "state_reason": None,
        "user": person("ada"),
        "labels": [{"id": 5, "name": "bug", "description": "Broken"}],
        "assignees": [person("ben")],
        "milestone": None,
        "created_at": "2024-01-01T00:00:00Z",
        "updated_at": "2024-02-01T00:00:00Z",
        "closed_at": None,
        **more,
    }


def pull(number: int, **more: Any) -> Json:
    """Return a pull request as the REST API shows it."""
    at = {"url": f"{API}/pulls/{number}", "issue_url": f"{API}/issues/{number}", "html_url": f"{HTML}/pull/{number}"}
    git = {"head": {"ref": "wings", "sha": "a" * 40}, "base": {"ref": "main", "sha": "b" * 40}}
    return {**issue(number, "Add wings"), **at, "merged_at": None, "draft": False, **git, **more}


def event(key: int, name: str, **more: Any) -> Json:
    """Return an entry of a timeline."""
    return {"id": key, "event": name, "actor": person("cleo"), "created_at": "2024-01-02T00:00:00Z", **more}


def comment(key: int, body: str = "Indeed.") -> Json:
    """Return a comment as a timeline shows it."""
    said = {"body": body, "user": person("ben"), "updated_at": "2024-01-03T00:00:00Z"}
    return event(key, "commented", **said)


def jira_issue(key: str, **fields: Any) -> Json:
    """Return an issue as Jira's REST API shows it."""
    status = {"id": "3", "name": "In Review", "statusCategory": {"key": "indeterminate"}}
    ada = {"name": "ada", "key": "ada", "displayName": "Ada A"}
    usual: Json = {
        "summary": "It does not fly",
        "description": "h2. Steps\n# climb\n# {{jump}}",
        "status": status,
        "issuetype": {"name": "Bug"},
        "labels": ["air"],
        "reporter": ada,
        "created": "2024-01-01T00:00:00.000+0000",
        "updated": "2024-02-01T00:00:00.000+0000",
        "comment": {
            "comments": [{"id": "7", "author": ada, "body": "*Yes.*", "created": "2024-01-02T00:00:00.000+0000"}]
        },
    }
    return {"id": str(sum(key.encode())), "key": key, "fields": usual | fields}


def named(number: int, **more: Any) -> Json:
    """Return an issue as `gh --json` prints it."""
    return {
        "number": number,
        "title": "It does not fly",
        "body": "It *should*.",
        "state": "CLOSED",
        "stateReason": "NOT_PLANNED",
        "url": f"{HTML}/issues/{number}",
        "author": {"login": "ada", "is_bot": False},
        "assignees": [],
        "labels": [{"id": "LA_1", "name": "bug"}],
        "createdAt": "2024-01-01T00:00:00Z",
        "updatedAt": "2024-02-01T00:00:00Z",
        "closedAt": "2024-02-01T00:00:00Z",
        "comments": [
            {"url": f"{HTML}/issues/{number}#issuecomment-77000{number}", "author": {"login": "ben"}, "body": "No."}
        ],
        **more,
    }


def working_group() -> Json:
    """Return a repository as the IETF's working groups archive theirs."""
    said = {"author": "ben", "body": "No.", "createdAt": "2024-01-03T00:00:00Z"}
    plain = {
        "id": "X",
        "author": "ada",
        "assignees": ["ben"],
        "labels": ["bug"],
        "state": "OPEN",
        "comments": [said, said],
    }
    times = {"createdAt": "2024-01-01T00:00:00Z", "updatedAt": "2024-02-01T00:00:00Z", "closedAt": None}
    review = {"id": "R", "author": "cleo", "state": "APPROVED", "body": "Fine.", "createdAt": "2024-01-04T00:00:00Z"}
    first = {**plain, **times, "number": 1, "title": "It does not fly", "body": "", "url": f"{HTML}/issues/1"}
    merged = {"state": "MERGED", "mergedAt": "2024-02-01T00:00:00Z", "closedAt": "2024-02-01T00:00:00Z"}
    branches = {"headRefName": "wings", "baseRefName": "main", "headRefOid": "a" * 40, "mergeCommit": {"oid": "c" * 40}}
    second: Json = {**first, **merged, **branches, "number": 2, "title": "Add wings", "url": f"{HTML}/pull/2"}
    second["body"] = "Fixes #1"
    second["reviews"] = [{**review, "comments": [{"body": "Why?", "createdAt": "2024-01-04T00:00:00Z"}]}]
    labels = [{"name": "bug", "description": "Broken", "color": "ff0000"}]
    return {"magic": "x", "repo": "acme/rocket", "labels": labels, "issues": [first], "pulls": [second]}


def lines(path: Path, values: Iterable[object]) -> Path:
    """Write values one a line; packed where the name says so."""
    return written(path, "".join(json.dumps(value) + "\n" for value in values))


def written(path: Path, text: str) -> Path:
    """Write a text; packed where the name says so."""
    data = text.encode("utf-8", "surrogatepass")
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def sheet(path: Path, header: Sequence[str], *rows: Sequence[str], separator: str = ",") -> Path:
    """Write rows of cells."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([header, *rows])
    return written(path, text.getvalue())


def cells(header: Sequence[str], said: Mapping[str, str]) -> list[str]:
    """Return a row that says something in some of its columns."""
    return [said.get(column, "") for column in header]
