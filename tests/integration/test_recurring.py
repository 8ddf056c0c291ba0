"""What recurs in a checkout that no tracker tells about: commits say it, and a finding leads to them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scout.service.flow import flow
from scout.service.ingest import ingest
from scout.service.scan import find
from scout.service.wiring import Workspace, open_workspace
from tests.making import Made

NOW = datetime(2024, 12, 1, 12, tzinfo=UTC)
PLACES = ("the guide", "a page about pumps", "the change log", "settings", "a tutorial", "the front page")
PARTS = ("colour", "spacing", "columns", "download", "height", "title")


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    made = Made(tmp_path / "meadow")
    for number, (place, part) in enumerate(zip(PLACES, PARTS, strict=True)):
        made.clock = datetime(2024, 1 + number, 5, tzinfo=UTC)
        made.commit({"a.md": f"{number}\n"}, f"Fix broken link in {place}")
        made.commit({"b.md": f"{number}\n"}, f"Fix tank report {part}")
        made.commit({"c.md": f"{number}\n"}, f"Add {'abcdef'[number] * 7}")
    made.clock = NOW - timedelta(days=9)
    made.commit({"a.md": "last\n"}, 'Revert "Fix broken link in the guide"')
    return open_workspace(made.path, NOW)


def test_commits_that_mend_the_same_way_of_failing_recur_and_those_of_one_component_do_not(work: Workspace):
    project = work.projects[0]
    ingest(work, project)
    (found,) = flow(work, project.id).recurrences
    assert found.name == "broken link"
    assert found.kinds == {"fix": 6, "revert": 1}
    assert found.waited is None

    (finding,) = (one for one in find(work, project).findings if one.signal == "recurring-exception")
    assert [one.locator[:12] for one in finding.evidence] == list(found.members)
    assert all(one.resolved and one.kind == "commit" and len(one.locator) == 40 for one in finding.evidence)
    assert f"`{found.members[0]}`" in finding.story.current
