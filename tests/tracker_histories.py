"""What may happen to a tracker between any two requests, as data that hypothesis can draw and shrink."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.trackers import new_world, stand_ins

CLOUD_SHOWS_COMMENTS, CLOUD_SHOWS_HISTORIES = 20, 40
"""How many comments and changes Jira Cloud's search shows of an issue; the rest has to be asked for."""


@dataclass(frozen=True)
class Event:
    """One thing that happens.

    Attributes:
        kind: a key of `GITHUB` or `JIRA`.
        pick: chooses whom it happens to, whatever is there.
        seconds: by how much the world's clock has moved before.
    """

    kind: str
    pick: int
    seconds: int


@dataclass(frozen=True)
class History:
    """A small world, and what happens before which of the requests that it gets.

    Attributes:
        issues: how many there are at the beginning.
        page: records a page.
        events: by number of the request, from 0.
        zone: of the Jira user.
        older: whether it is GitHub Enterprise with numbered pages, or Jira Server.
        at_once: requests that are under way together, at most; with one, everything happens in the same order again.
    """

    issues: int
    comments: int
    page: int
    events: dict[int, list[Event]]
    zone: str = "Etc/UTC"
    older: bool = False
    at_once: int = 1


def histories(happens: "dict[str, Happening]", requests: int = 60) -> st.SearchStrategy[History]:
    """Return histories in which these kinds of things happen before the first `requests` requests."""
    event = st.builds(
        Event, kind=st.sampled_from(sorted(happens)), pick=st.integers(0, 50), seconds=st.sampled_from((0, 0, 1, 61))
    )
    return st.builds(
        History,
        issues=st.integers(0, 14),
        comments=st.integers(0, 12),
        page=st.integers(3, 7),
        events=st.dictionaries(st.integers(0, requests), st.lists(event, min_size=1, max_size=3), max_size=16),
        zone=st.sampled_from(("Etc/UTC", "America/St_Johns", "Pacific/Auckland")),
        older=st.booleans(),
        at_once=st.sampled_from((1, 1, 4)),
    )


def github_world(history: History) -> Any:
    """Return the repository with which a history begins."""
    world = new_world()
    world.make_github(history.issues, history.comments, history.comments, 1, 2)
    return world


def jira_world(history: History) -> Any:
    """Return the Jira projects with which a history begins."""
    world = new_world()
    world.make_jira(history.issues, history.comments, ("SCT", "OPS"))
    return world


def happen(world: Any, event: Event) -> None:
    """Let an event happen; nothing does where there is nobody whom it could happen to."""
    world.tick(event.seconds)
    {**GITHUB, **JIRA}[event.kind](world, event.pick)
    world.github.version += 1
    world.jira.version += 1


Happening = Callable[[Any, int], None]


def _some(rows: Any, pick: int) -> Any:
    keys = sorted(rows)
    return keys[pick % len(keys)] if keys else None


def _now(world: Any) -> str:
    return stand_ins("records").stamp(world.now)


def _jira_now(world: Any) -> str:
    return stand_ins("records").jira_stamp(world.now)


def _someone(pick: int) -> Any:
    return stand_ins("records").person(pick)


def _opened(world: Any, pick: int) -> None:
    issue = world.github.add_issue(f"New {pick}", "why", _someone(pick), _now(world), [], pull=False)
    assert issue["number"] in world.github.issues


def _proposed(world: Any, pick: int) -> None:
    world.make_pull(world.github.add_issue(f"Change {pick}", None, _someone(pick), _now(world), [], pull=True))


def _renamed(world: Any, pick: int) -> None:
    if number := _some(world.github.issues, pick):
        for rows in (world.github.issues, world.github.pulls):
            if number in rows:
                rows[number] |= {"title": f"Renamed {pick}", "updated_at": _now(world)}


def _closed(world: Any, pick: int) -> None:
    if number := _some(world.github.issues, pick):
        for rows in (world.github.issues, world.github.pulls):
            if number in rows:
                shut = rows[number]["state"] == "open"
                after = {"state": "closed", "closed_at": _now(world)} if shut else {"state": "open", "closed_at": None}
                rows[number] |= {**after, "updated_at": _now(world)}
        world.github.add_event(number, "closed", _someone(pick), _now(world))


def _labeled(world: Any, pick: int) -> None:
    if number := _some(world.github.issues, pick):
        label = world.github.label(f"label-{pick % 4}")
        world.github.issues[number] |= {"labels": [label], "updated_at": _now(world)}
        shown = {"name": label["name"], "color": label["color"]}
        world.github.add_event(number, "labeled", _someone(pick), _now(world), label=shown)


def _deleted(world: Any, pick: int) -> None:
    if number := _some(world.github.issues, pick):
        world.github.remove(number)


def _transferred(world: Any, pick: int) -> None:
    if number := _some(world.github.issues, pick):
        world.github.remove(number, 7000 + number)


def _commented(world: Any, pick: int) -> None:
    if number := _some(world.github.issues, pick):
        world.github.add_comment(number, f"said {pick}", _someone(pick), _now(world))


def _comment_edited(world: Any, pick: int) -> None:
    if key := _some(world.github.comments, pick):
        world.github.comments[key] |= {"body": f"edited {pick}", "updated_at": _now(world)}


def _comment_deleted(world: Any, pick: int) -> None:
    if key := _some(world.github.comments, pick):
        del world.github.comments[key]


def _changed(world: Any, key: str, field: str, old: str | None, new: str | None) -> None:
    world.jira.change(key, field, old, new, stand_ins("records").jira_person(1), _jira_now(world))


def _created(world: Any, pick: int) -> None:
    fields = {
        "summary": f"New {pick}",
        "description": "why",
        "issuetype": {"id": "3", "name": "Task", "subtask": False},
    }
    project = _some(world.jira.projects, pick)
    world.jira.add_issue(project, fields, _jira_now(world), stand_ins("records").jira_person(pick))


def _edited(world: Any, pick: int) -> None:
    if key := _some(world.jira.issues, pick):
        fields = world.jira.issues[key]["fields"]
        _changed(world, key, "summary", fields["summary"], f"Edited {pick}")
        fields["summary"] = f"Edited {pick}"


def _moved_on(world: Any, pick: int) -> None:
    if key := _some(world.jira.issues, pick):
        records, fields = stand_ins("records"), world.jira.issues[key]["fields"]
        after = records.status(records.STATUSES[pick % 3])
        _changed(world, key, "status", fields["status"]["name"], after["name"])
        fields["status"] = after


def _said(world: Any, pick: int) -> None:
    if key := _some(world.jira.issues, pick):
        world.jira.add_comment(key, f"said {pick}", stand_ins("records").jira_person(pick), _jira_now(world))


def _talked_much(world: Any, pick: int) -> None:
    for _ in range(CLOUD_SHOWS_COMMENTS + 2):
        _said(world, pick)


def _changed_much(world: Any, pick: int) -> None:
    for number in range(CLOUD_SHOWS_HISTORIES + 2):
        if key := _some(world.jira.issues, pick):
            _changed(world, key, "priority", str(number), str(number + 1))


def _removed(world: Any, pick: int) -> None:
    if key := _some(world.jira.issues, pick):
        del world.jira.issues[key]


def _rekeyed(world: Any, pick: int) -> None:
    """Move an issue to the other project: it keeps its id."""
    if key := _some(world.jira.issues, pick):
        other = next(one for name, one in world.jira.projects.items() if name != key.partition("-")[0])
        other["last"] = other.get("last", 0) + 1
        moved = f"{other['key']}-{other['last']}"
        _changed(world, key, "Key", key, moved)
        issue = world.jira.issues[moved] = world.jira.issues.pop(key)
        issue["key"] = moved
        issue["fields"]["project"] = {name: other[name] for name in ("id", "key", "name")}


GITHUB: dict[str, Happening] = {
    "opened": _opened,
    "proposed": _proposed,
    "renamed": _renamed,
    "closed": _closed,
    "labeled": _labeled,
    "deleted": _deleted,
    "transferred": _transferred,
    "commented": _commented,
    "comment edited": _comment_edited,
    "comment deleted": _comment_deleted,
}
JIRA: dict[str, Happening] = {
    "created": _created,
    "edited": _edited,
    "moved on": _moved_on,
    "said": _said,
    "talked much": _talked_much,
    "changed much": _changed_much,
    "removed": _removed,
    "rekeyed": _rekeyed,
}
