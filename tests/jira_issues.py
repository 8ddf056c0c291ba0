"""A made-up issue of Jira with something of everything, and what its server says about itself."""

from typing import Any

from scout.sources._jira.lore import Lore
from scout.sources._jira.payload import kept, stored
from scout.sources._people import People

PEOPLE = People(b"salt")
STATUSES = [
    {"id": "1", "name": "Open", "statusCategory": {"key": "new"}},
    {"id": "3", "name": "In Progress", "statusCategory": {"key": "indeterminate"}},
    {"id": "4", "name": "Vetting", "statusCategory": {"key": "indeterminate"}},
    {"id": "6", "name": "Closed", "statusCategory": {"key": "done"}},
]
FIELDS = [
    {"id": "customfield_1", "name": "Story Points", "schema": {"type": "number"}},
    {"id": "customfield_2", "name": "Tester", "schema": {"type": "user"}},
    {"id": "customfield_3", "name": "Epic Link", "schema": {"custom": "com.pyxis.greenhopper.jira:gh-epic-link"}},
    {"id": "customfield_4", "name": "Team", "schema": {"type": "option"}},
    {"id": "customfield_5", "name": "Unrelated", "schema": {"type": "string"}},
]
LORE = Lore.of(STATUSES, FIELDS)


def person(number: int) -> dict[str, Any]:
    return {
        "accountId": f"account-{number}",
        "displayName": f"Jo Example {number}",
        "emailAddress": f"jo{number}@example.invalid",
        "accountType": "atlassian",
        "avatarUrls": {"48x48": "https://avatars.invalid/jo"},
    }


def document(*texts: str) -> dict[str, Any]:
    content = [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in texts]
    return {"type": "doc", "version": 1, "content": content}


def said(number: int, who: int, text: str) -> dict[str, Any]:
    created = f"2026-01-{number:02}T00:00:00.000+0000"
    return {"id": str(number), "author": person(who), "body": document(text), "created": created}


def change(field: str, before: str | None, after: str | None, **more: Any) -> dict[str, Any]:
    return {"field": field, "from": None, "fromString": before, "to": None, "toString": after, **more}


def history(number: int, *items: dict[str, Any]) -> dict[str, Any]:
    created = f"2026-01-0{number}T00:00:00.000+0000"
    return {"id": str(number), "author": person(1), "created": created, "items": list(items)}


def linked(key: str, category: str) -> dict[str, Any]:
    return {"key": key, "fields": {"status": {"name": "Somewhere", "statusCategory": {"key": category}}}}


SHOWN: dict[str, Any] = {
    "summary": "Retry uploads",
    "description": document("Uploads fail."),
    "environment": document("Linux"),
    "issuetype": {"id": "1", "name": "Bug"},
    "status": {"id": "6", "name": "Closed", "statusCategory": {"key": "done"}},
    "resolution": {"name": "Won't Fix"},
    "resolutiondate": "2026-01-05T01:00:00.000+0100",
    "priority": {"name": "High"},
    "labels": ["backend", "wip"],
    "assignee": person(2),
    "reporter": person(1),
    "creator": person(3),
    "fixVersions": [{"name": "1.0"}, {"name": "1.1"}],
    "created": "2026-01-01T00:00:00.000+0000",
    "updated": "2026-01-06T00:00:00.000+0000",
    "duedate": "2026-02-01",
    "lastViewed": "2026-06-01T00:00:00.000+0000",
    "timespent": 5400,
    "worklog": {"total": 2, "worklogs": [{"author": person(2), "timeSpentSeconds": 3600, "comment": "secret"}]},
    "attachment": [{"filename": "log.txt", "author": person(2)}],
    "comment": {
        "total": 2,
        "comments": [
            {
                "id": "11",
                "author": person(2),
                "body": document("Second"),
                "created": "2026-01-03T00:00:00.000+0000",
            },
            {"id": "10", "author": person(3), "body": document("First"), "created": "2026-01-02T00:00:00.000+0000"},
        ],
    },
    "issuelinks": [
        {"type": {"outward": "blocks", "inward": "is blocked by"}, "outwardIssue": linked("SCT-2", "new")},
        {"type": {"outward": "blocks", "inward": "is blocked by"}, "inwardIssue": linked("OPS-9", "done")},
        {"type": {"outward": "clones", "inward": "is cloned by"}, "inwardIssue": {"key": "SCT-4"}},
    ],
    "subtasks": [linked("SCT-7", "indeterminate")],
    "customfield_1": 5,
    "customfield_2": person(4),
    "customfield_3": "SCT-100",
    "customfield_4": {"value": "Blue"},
    "customfield_9": None,
}
CHANGELOG: dict[str, Any] = {
    "total": 4,
    "histories": [
        history(
            4,
            change("status", "Vetting", "Closed", **{"from": "4", "to": "6"}),
            change("resolution", None, "Won't Fix"),
        ),
        history(3, change("status", "Reported", "Vetting", **{"from": "77", "to": "4"})),
        history(2, change("assignee", "Jo Example 9", "Jo Example 2", **{"from": "account-9", "to": "account-2"})),
        history(
            1,
            change("labels", "old backend", "backend wip"),
            change("summary", "Retry", "Retry uploads"),
            change("Fix Version", None, "1.0"),
            change("timespent", "0", "3600"),
            change("Tester", "Jo Example 9", "Jo Example 4", fieldId="customfield_2", to="account-4"),
        ),
    ],
}


def an_issue(**fields: Any) -> dict[str, Any]:
    """An issue as Cloud serves it, with something of everything."""
    return {
        "id": "10001",
        "key": "SCT-1",
        "self": "https://example.invalid/jira/rest/api/3/issue/10001",
        "expand": "names",
        "fields": {**SHOWN, **fields},
        "changelog": CHANGELOG,
    }


def payload(issue: dict[str, Any]) -> bytes:
    """Return what is stored of an issue."""
    return stored(kept(issue), LORE, PEOPLE).payload
