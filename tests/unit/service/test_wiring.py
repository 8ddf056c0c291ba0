"""From a folder and settings to projects."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scout.errors import StoreError, UsageError
from scout.service.wiring import Workspace, open_workspace

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def checkout(folder: Path) -> Path:
    (folder / ".git").mkdir(parents=True)
    return folder


def opened(start: Path, config: Path | None = None) -> Workspace:
    return open_workspace(start, NOW, config)


def test_a_checkout_is_a_project_without_settings(tmp_path: Path):
    top = checkout(tmp_path / "My Rocket.git")
    (top / "deep").mkdir()
    project = opened(top / "deep").project()
    assert (project.id, project.path) == ("my-rocket", top)
    assert [source.id for source in project.sources] == ["git", "files"]
    assert not project.named
    assert not project.live


def test_a_bare_repository_is_a_project_too(tmp_path: Path):
    bare = tmp_path / "rocket.git"
    for folder in ("objects", "refs"):
        (bare / folder).mkdir(parents=True)
    (bare / "HEAD").write_text("ref: refs/heads/main\n")
    assert opened(bare).project().id == "rocket"


def test_two_checkouts_of_one_name_are_two_projects(tmp_path: Path):
    first, second = checkout(tmp_path / "a" / "rocket"), checkout(tmp_path / "b" / "rocket")
    work = opened(first)
    work.remember(work.project())
    assert opened(first).project().id == "rocket"
    other = opened(second).project().id
    assert other.startswith("rocket-")
    assert opened(second).project().id == other


def test_a_moved_checkout_keeps_its_id(tmp_path: Path):
    work = opened(checkout(tmp_path / "a" / "rocket"))
    work.remember(work.project())
    (tmp_path / "a").rename(tmp_path / "c")
    assert opened(tmp_path / "c" / "rocket").project().id == "rocket"


def test_configured_projects_are_found_by_name_and_by_place(tmp_path: Path):
    for name in ("one", "two"):
        checkout(tmp_path / name)
    config = tmp_path / "scout.toml"
    config.write_text(
        '[[project]]\nid = "one"\npath = "one"\n[[project]]\nid = "two"\npath = "two"\nsources = ["git"]\n'
    )
    work = opened(tmp_path, config)
    assert work.project("two").named
    assert opened(tmp_path / "two", config).project().id == "two"
    with pytest.raises(UsageError, match="Did you mean 'two'"):
        work.project("tow")
    with pytest.raises(UsageError, match="one, two"):
        work.project()


def test_an_unlisted_checkout_is_its_own_project(tmp_path: Path):
    config = tmp_path / "scout.toml"
    config.write_text('[[project]]\nid = "one"\npath = "one"\n')
    assert opened(checkout(tmp_path / "apart"), config).project().id == "apart"


def test_no_repository_is_one_sentence(tmp_path: Path):
    with pytest.raises(UsageError, match="not in a git repository"):
        opened(tmp_path).project()
    with pytest.raises(UsageError, match="no folder"):
        opened(tmp_path / "none")


def test_opening_writes_nothing(tmp_path: Path):
    opened(checkout(tmp_path / "rocket")).project()
    assert not (tmp_path / "state").exists()


def test_the_state_folder_is_private(tmp_path: Path):
    opened(checkout(tmp_path / "rocket")).prepare()
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


def test_a_state_folder_that_is_a_file_is_said(tmp_path: Path):
    (tmp_path / "state").write_text("")
    with pytest.raises(StoreError, match="SCOUT_HOME"):
        opened(checkout(tmp_path / "rocket")).prepare()
