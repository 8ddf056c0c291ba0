"""Pictures of a project: made of what the last run left, the same on the page, in the terminal and in Dagster."""

from pathlib import Path

import pytest

from scout.clock import now
from scout.service.draw import draw
from scout.service.run import run
from scout.service.wiring import open_workspace
from tests.rocket import NOW, Scout, rocket


def test_a_run_leaves_what_pictures_are_made_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    rocket(tmp_path / "rocket")
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    work = open_workspace(tmp_path / "rocket", now(NOW))
    project = work.projects[0]
    assert draw(work, project, tmp_path / "before").files == ()
    run(work, project)
    names = [Path(one).name for one in draw(work, project, tmp_path / "after", "demand=2").files]
    assert names == ["days-of-cover-ahead-with-demand-2.svg", "from-candidate-to-done.svg"], (
        "no starts, one day of stock"
    )
    texts = [(tmp_path / "after" / name).read_text() for name in names]
    assert all('xmlns="http://www.w3.org/2000/svg"' in text and "var(" not in text for text in texts)
    work.close()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    rocket(tmp_path / "rocket", landed=0)
    (tmp_path / "taken").write_text("")
    done = Scout(tmp_path / "state", tmp_path / "rocket")("buffer", "--pictures", str(tmp_path / "taken" / "here"))
    assert done.code != 0
    assert "cannot be written" in done.err
