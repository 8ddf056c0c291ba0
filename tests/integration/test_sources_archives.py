"""Records that were once real say the same, whether a tracker serves them or a file brings them."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests import tracker_pulls
from tests.rocket import Scout
from tests.tracker_archives import github_counts, github_facts, jira_facts
from tests.tracker_pulls import NOW, Scene
from tests.trackers import loaded_world, served, shared

PROJECTS = ("ALOY", "MOD", "DAEMON")


@pytest.fixture(scope="module")
def gui(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The repository, pulled from a server."""
    world, folder = loaded_world(github=shared("data", "github-gui")), tmp_path_factory.mktemp("gui")
    with served(world, points_per_minute=0) as trackers:
        scene = tracker_pulls.github(trackers, folder, details_per_run=5000, reserve=0)
        assert not scene.pull().partial
        assert trackers.violations == {}
    return scene


@pytest.fixture(scope="module", params=[True, False], ids=["Server", "Cloud"])
def tidev(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Scene:
    """The three projects, pulled from a Jira."""
    world, folder = loaded_world(jira=shared("data", "jira-tidev")), tmp_path_factory.mktemp("tidev")
    with served(world, jira_server=request.param) as trackers:
        scene = tracker_pulls.jira(trackers, folder, projects=list(PROJECTS))
        assert not scene.pull().partial
        assert trackers.violations == {}
    return scene


@pytest.mark.slow
def test_the_copy_of_a_repository_says_what_the_raw_files_say(gui: Scene):
    facts = github_facts(shared("data", "github-gui"))
    found = {row["key"]: row for row in (*gui.table("core.ticket"), *gui.table("core.change"))}
    said = Counter(row["subject"] for row in gui.table("core.comment", where="kind = 'comment'"))
    changes = {row["key"] for row in gui.table("core.change")}
    assert found.keys() == facts.keys()
    for key, fact in facts.items():
        row = found[key]
        assert row["title"] == fact["title"], key
        assert sorted(row["labels"]) == fact["labels"], key
        assert (row["closed_at"] is not None) == fact["closed"], key
        assert row["created_at"].strftime("%Y-%m-%dT%H:%M:%SZ") == fact["created"], key
        assert said[key] == fact["comments"], key
        assert (key in changes) == fact["is_change"], key
    counts = github_counts(shared("data", "github-gui"))
    assert len(gui.table("core.review")) == counts["reviews"]
    assert len(gui.table("core.change_commit")) == counts["commits"]


@pytest.mark.slow
def test_the_copy_of_a_jira_says_what_the_raw_files_say(tidev: Scene):
    facts = jira_facts(shared("data", "jira-tidev"))
    found = {row["key"]: row for row in tidev.table("core.ticket")}
    said = Counter(row["subject"] for row in tidev.table("core.comment"))
    links = Counter(row["subject"] for row in tidev.table("core.link", where="kind NOT IN ('parent', 'child')"))
    assert found.keys() == facts.keys()
    for key, fact in facts.items():
        row = found[key]
        for name in ("title", "resolution", "claimed"):
            assert row[name] == fact[name], (key, name)
        assert row["native_state"] == fact["status"], key
        assert sorted(row["labels"]) == fact["labels"], key
        assert (said[key], links[key]) == (fact["comments"], fact["links"]), key


@pytest.mark.slow
def test_a_repository_imported_from_files_is_the_one_that_was_pulled(gui: Scene, tmp_path: Path):
    imported = brought_in(tmp_path, shared("data", "github-gui"))
    assert alike(imported, "core.ticket") == alike(gui, "core.ticket")


@pytest.mark.slow
def test_jira_projects_imported_from_files_are_those_that_were_pulled(tidev: Scene, tmp_path: Path):
    imported = brought_in(tmp_path, shared("data", "jira-tidev"))
    assert alike(imported, "core.ticket") == alike(tidev, "core.ticket")


def brought_in(folder: Path, archive: Path) -> Scene:
    """Import an archive as a user does, into a state folder with the salt of all scenes."""
    scene = Scene(folder, ())
    scene.home.mkdir(parents=True)
    (scene.home / "salt").write_bytes(tracker_pulls.SALT)
    files = [str(file) for file in sorted(archive.glob("*.jsonl.gz"))]
    ran = Scout(scene.home, folder)("import", *files, "--project", scene.project, "--json", now=NOW.isoformat())
    assert ran.code == 0, ran.err
    return scene


def alike(scene: Scene, table: str, *without: str) -> list[dict[str, Any]]:
    """Return the rows of a table without lineage, which tells who brought them, and without some columns."""
    lineage = {"source", "stream", "record", "place", "digest", "fetched_at"}
    rows = [
        {name: value for name, value in row.items() if name not in {*lineage, *without}} for row in scene.table(table)
    ]
    return sorted(rows, key=repr)
