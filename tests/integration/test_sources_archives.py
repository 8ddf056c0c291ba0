"""Records that were once real say the same, whether a tracker serves them or a file brings them."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from aiohttp import web

from tests import tracker_pulls
from tests.rocket import Scout
from tests.tracker_archives import github_counts, github_facts, jira_counts, jira_facts, jira_statuses
from tests.tracker_clock import quickened
from tests.tracker_conformance import Sent
from tests.tracker_pulls import NOW, Scene
from tests.trackers import loaded_world, served, shared

pytestmark = pytest.mark.slow
PROJECTS = ("ALOY", "MOD", "DAEMON")
LINEAGE = frozenset({"source", "stream", "record", "place", "digest", "fetched_at"})
"""Who brought a row, and when."""
REMARKS = 2308
"""Comments on lines of pull requests in the archive, which the server leaves out."""
Row = dict[str, Any]


class Served(NamedTuple):
    """Projects that were pulled from a Jira.

    Attributes:
        without: columns that differ from the archive because the stand-in wraps wiki text into documents unread and
            gives people ids in place of their names.
    """

    scene: Scene
    without: frozenset[str]


@pytest.fixture(scope="module")
def gui(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The repository, pulled from a server."""
    world, folder = loaded_world(github=shared("data", "github-gui")), tmp_path_factory.mktemp("gui")
    with pytest.MonkeyPatch.context() as patch, served(world, points_per_minute=0) as trackers:
        quickened(patch)
        scene = tracker_pulls.github(trackers, folder, details_per_run=5000, reserve=0)
        assert not scene.pull().partial
        assert trackers.violations == {}
    return scene


@pytest.fixture(scope="module")
def gui_brought(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The repository, imported."""
    return brought_in(tmp_path_factory.mktemp("gui"), shared("data", "github-gui"))


@pytest.fixture(scope="module", params=["Server", "Cloud"])
def tidev(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Served:
    """The three projects, pulled from a Jira."""
    world, folder = loaded_world(jira=shared("data", "jira-tidev")), tmp_path_factory.mktemp("tidev")
    is_server = request.param == "Server"
    with served(world, jira_server=is_server) as trackers:
        trackers.before = listing(2 if is_server else 3, jira_statuses(shared("data", "jira-tidev")))
        scene = tracker_pulls.jira(trackers, folder, projects=list(PROJECTS))
        assert not scene.pull().partial
        assert trackers.violations == {}
    return Served(scene, frozenset() if is_server else frozenset({"body", "author"}))


@pytest.fixture(scope="module")
def tidev_brought(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The three projects, imported."""
    return brought_in(tmp_path_factory.mktemp("tidev"), shared("data", "jira-tidev"))


@pytest.mark.parametrize("scene", ["gui", "gui_brought"])
def test_the_copy_of_a_repository_says_what_the_raw_files_say(scene: str, request: pytest.FixtureRequest):
    copy: Scene = request.getfixturevalue(scene)
    facts, counts = github_facts(shared("data", "github-gui")), github_counts(shared("data", "github-gui"))
    changes = {row["key"]: row for row in copy.table("core.change")}
    found = {row["key"]: row for row in copy.table("core.ticket")} | changes
    said = Counter(row["subject"] for row in copy.table("core.comment", where="kind = 'comment'"))
    happened = Counter(row["subject"] for row in copy.table("core.transition"))
    assert found.keys() == facts.keys()
    for key, fact in facts.items():
        row = found[key]
        told: Row = {
            "title": row["title"],
            "closed": row["closed_at"] is not None,
            "merged": row.get("merged_at") is not None,
            "draft": row.get("draft", False),
            "labels": sorted(row["labels"]),
            "milestone": row["milestone"],
            "created": row["created_at"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            "is_change": key in changes,
            "comments": said[key],
            "events": happened[key],
        }
        assert told == fact, key
    assert len(copy.table("core.review")) == counts["reviews"]
    assert len(copy.table("core.change_commit")) == counts["commits"]
    assert len(copy.table("core.transition")) == counts["events"]


def test_a_pull_request_that_everybody_can_look_up_is_as_it_was(gui: Scene):
    (row,) = gui.table("core.change", where="key = '605'")
    assert row["title"] == "Delete splash screen widget early"
    assert (row["state"], row["draft"], row["labels"]) == ("merged", False, ["Bug", "Wallet"])
    assert row["merged_at"].isoformat() == "2022-12-20T20:13:36+00:00"


def test_the_copy_of_a_jira_says_what_the_raw_files_say(tidev: Served):
    facts, counts = jira_facts(shared("data", "jira-tidev")), jira_counts(shared("data", "jira-tidev"))
    found = {row["key"]: row for row in tidev.scene.table("core.ticket")}
    said = Counter(row["subject"] for row in tidev.scene.table("core.comment"))
    links = Counter(row["subject"] for row in tidev.scene.table("core.link", where="kind NOT IN ('parent', 'child')"))
    assert found.keys() == facts.keys()
    for key, fact in facts.items():
        row = found[key]
        told: Row = {name: row[name] for name in ("title", "resolution", "claimed", "priority", "native_kind")}
        told |= {"status": row["native_state"], "labels": sorted(row["labels"]), "parent": row["parent"]}
        told |= {"created": row["created_at"].strftime("%Y-%m-%dT%H:%M:%S")}
        assert told | {"comments": said[key], "links": links[key]} == fact, key
    assert len(tidev.scene.table("core.comment")) == counts["comments"]
    assert len(tidev.scene.table("core.link")) == counts["links"] + 2 * counts["parents"]
    assert len(tidev.scene.table("core.transition")) == counts["transitions"]
    assert {row["name"] for row in tidev.scene.table("core.status")} == {row["status"] for row in facts.values()}


def test_an_issue_that_everybody_can_look_up_is_as_it_was(tidev: Served):
    (row,) = tidev.scene.table("core.ticket", where="key = 'DAEMON-10'")
    assert (row["title"], row["state"], row["native_state"]) == ("jdklib v2", "completed", "Resolved")
    assert (row["kind"], row["priority"], row["milestone"]) == ("feature", "Medium", "Appc Daemon 1.0.0")
    assert row["closed_at"].isoformat() == "2017-09-01T11:44:01+00:00"
    (link,) = tidev.scene.table("core.link", where="subject = 'DAEMON-10'")
    assert link["other"] == "DAEMON-8"


def test_a_repository_imported_from_files_is_the_one_that_was_pulled(gui: Scene, gui_brought: Scene):
    pulled, brought = core(gui), core(gui_brought)
    remarks = {row["key"] for row in gui_brought.table("core.comment", where="stream = 'review_comment'")}
    brought["core.comment"] = [row for row in brought["core.comment"] if row["key"] not in remarks]
    assert len(remarks) == REMARKS == github_counts(shared("data", "github-gui"))["remarks"]
    for name, rows in pulled.items():
        assert brought[name] == rows, name


def test_jira_projects_imported_from_files_are_those_that_were_pulled(tidev: Served, tidev_brought: Scene):
    pulled, brought = core(tidev.scene, tidev.without), core(tidev_brought, tidev.without)
    for name, rows in pulled.items():
        assert brought[name] == rows, name


def core(scene: Scene, without: frozenset[str] = frozenset()) -> dict[str, list[Row]]:
    """Return all core tables, without lineage, addresses (a file has those of the time, or none) and some columns."""
    left_out = LINEAGE | {"url"} | without
    names = [name for name in scene.tables() if name.startswith("core.")]
    assert len(names) == 16
    return {name: list(told(scene.table(name), left_out)) for name in names}


def told(rows: list[Row], left_out: frozenset[str]) -> Iterator[Row]:
    kept = ({name: value for name, value in row.items() if name not in left_out} for row in rows)
    yield from sorted(kept, key=repr)


def brought_in(folder: Path, archive: Path) -> Scene:
    """Import an archive as a user does, into a state folder with the salt of all scenes."""
    scene = Scene(folder, ())
    scene.home.mkdir(parents=True)
    (scene.home / "salt").write_bytes(tracker_pulls.SALT)
    files = [str(file) for file in sorted(archive.glob("*.jsonl.gz"))]
    ran = Scout(scene.home, folder)("import", *files, "--project", scene.project, "--json", now=NOW.isoformat())
    assert ran.code == 0, ran.err
    return scene


def listing(version: int, statuses: dict[str, Row]) -> Callable[[Sent], web.StreamResponse | None]:
    """Return a `before` that lists the archive's own statuses; the stand-in knows three of its own."""
    path, listed = f"/rest/api/{version}/status", list(statuses.values())
    return lambda sent: web.json_response(listed) if sent.path == path else None
