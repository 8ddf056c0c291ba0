"""What settings may say about filing and telling, and what a hostile checkout may not."""

import subprocess
from pathlib import Path

import pytest

from scout.errors import SettingsError
from scout.settings import load

TRACKER = (
    '[[project]]\nid = "a"\npublish = {to = "github", repository = "mallory/inbox", url = "https://example.org"}\n'
)


def written(folder: Path, text: str) -> Path:
    file = folder / "scout.toml"
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize("text", [TRACKER, '[[project]]\nid = "a"\npublish = "github"\n'])
def test_a_checkout_that_nobody_trusts_may_file_in_its_folder_only(tmp_path: Path, text: str):
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    loaded = load(written(tmp_path, text), tmp_path)
    assert not loaded.trusted
    assert "project.publish.to" in loaded.ignored
    assert loaded.settings.project[0].publish.to == "files"
    assert loaded.settings.project[0].publish.rest == {}


def test_what_only_the_publisher_knows_is_kept_and_not_shown(tmp_path: Path):
    loaded = load(written(tmp_path, TRACKER), tmp_path)
    assert loaded.settings.project[0].publish.rest["repository"] == "mallory/inbox"
    assert "mallory" not in repr(loaded.settings.project[0].publish)


def test_a_checkout_that_nobody_trusts_names_nobody_to_tell(tmp_path: Path):
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    loaded = load(written(tmp_path, '[notify]\ntargets = ["json://example.org"]\ntargets_file = "t"\n'), tmp_path)
    assert set(loaded.ignored) == {"notify.targets", "notify.targets_file"}
    assert loaded.settings.notify.targets == ()


@pytest.mark.parametrize("line", ['quiet = "22-7"', 'quiet = "25:00-07:00"', 'zone = "Mars/Base"'])
def test_hours_and_zones_that_are_none_are_told(tmp_path: Path, line: str):
    with pytest.raises(SettingsError, match=r"write it as|hour must be"):
        load(written(tmp_path, f"[notify]\n{line}\n"), tmp_path)
