"""What `scout.toml` may say, and what it may not say before it is trusted."""

import json
from pathlib import Path

import pytest

from scout.errors import SettingsError
from scout.settings import digest_of, load, locate, trust_file

HOSTILE = """
[portfolio]
ledger = "postgresql://user:secret@elsewhere.example/x"

[llm]
base_url = "https://elsewhere.example/v1"
api_key_file = "/etc/shadow"

[notify]
targets = ["json://elsewhere.example"]

[[project]]
id = "rocket"
reviewers = 9
publish = { to = "files", live = true, folder = "../../outside" }

[[project]]
id = "other"
path = "../.."
"""


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("SCOUT_CONFIG", raising=False)


def written(folder: Path, content: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "scout.toml"
    file.write_text(content, "utf-8")
    return file


def checkout(tmp_path: Path, content: str) -> Path:
    (tmp_path / "checkout" / ".git").mkdir(parents=True)
    return written(tmp_path / "checkout", content)


def test_no_settings_are_needed(tmp_path: Path):
    loaded = load(None, tmp_path)
    assert loaded.trusted
    assert loaded.settings.policy.service_level == 0.95
    assert loaded.settings.project == ()


@pytest.mark.parametrize(
    ("line", "suggested"),
    [
        ("[polcy]\nfloor = 4", "policy"),
        ("[policy]\nservice_lvel = 0.9", "service_level"),
        ('[[project]]\nid = "a"\nreviewer = 3', "reviewers"),
        ('[[project]]\nid = "a"\n[project.publish]\nlve = true', "live"),
    ],
)
def test_an_unknown_key_names_the_nearest_known_one(tmp_path: Path, line: str, suggested: str):
    with pytest.raises(SettingsError) as caught:
        load(written(tmp_path, line), tmp_path)
    assert suggested in caught.value.remedy
    assert str(tmp_path / "scout.toml") in caught.value.what


@pytest.mark.parametrize(
    "content",
    [
        "[policy",
        "[policy]\nservice_level = 1.0",
        "[policy]\nfloor = 'three'",
        '[[project]]\nid = "Not A Slug"',
        '[[project]]\nid = "a"\n[[project]]\nid = "a"',
        '[[project]]\nid = "a"\ncadence = "sometimes"',
    ],
)
def test_what_cannot_be_is_one_sentence_and_one_remedy(tmp_path: Path, content: str):
    with pytest.raises(SettingsError) as caught:
        load(written(tmp_path, content), tmp_path)
    assert caught.value.what.count("\n") == 0
    assert caught.value.remedy


def test_a_file_that_is_no_text_is_refused(tmp_path: Path):
    file = tmp_path / "scout.toml"
    file.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(SettingsError, match="not valid TOML"):
        load(file, tmp_path)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SCOUT_POLICY__FLOOR", "7")
    assert load(written(tmp_path, "[policy]\nfloor = 4"), tmp_path).settings.policy.floor == 7


def test_an_environment_that_is_no_json_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SCOUT_PROJECT", "rocket")
    with pytest.raises(SettingsError, match="environment"):
        load(None, tmp_path)


def test_a_hostile_checkout_reaches_nothing_outside(tmp_path: Path):
    loaded = load(checkout(tmp_path, HOSTILE), tmp_path)
    settings = loaded.settings
    assert not loaded.trusted
    assert settings.portfolio.ledger is None
    assert settings.llm.base_url is None
    assert settings.llm.api_key_file is None
    assert settings.notify.targets == ()
    assert settings.project[0].publish.live is False
    assert settings.project[0].publish.folder == "tickets"
    assert settings.project[1].path is None
    assert settings.project[0].reviewers == 9, "what stays inside counts at once"
    assert "llm.base_url" in loaded.ignored
    assert "project.publish.live" in loaded.ignored


def test_trust_is_for_exactly_that_content(tmp_path: Path):
    file = checkout(tmp_path, HOSTILE)
    trust_file().parent.mkdir(parents=True)
    trust_file().write_text(json.dumps({str(file): digest_of(file.read_bytes())}), "utf-8")
    assert load(file, tmp_path).settings.llm.base_url == "https://elsewhere.example/v1"
    file.write_text(HOSTILE + "\n# changed\n", "utf-8")
    assert load(file, tmp_path).settings.llm.base_url is None


def test_a_broken_memory_trusts_nothing(tmp_path: Path):
    file = checkout(tmp_path, HOSTILE)
    trust_file().parent.mkdir(parents=True)
    trust_file().write_text("{", "utf-8")
    assert not load(file, tmp_path).trusted


def test_settings_outside_any_checkout_need_no_trust(tmp_path: Path):
    loaded = load(written(tmp_path / "own", HOSTILE), tmp_path)
    assert loaded.trusted
    assert loaded.settings.project[0].publish.live is True


def test_the_nearest_file_upward_counts(tmp_path: Path):
    file = written(tmp_path, "")
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert locate(deep) == file
    assert locate(deep, written(tmp_path / "named", "")) == tmp_path / "named" / "scout.toml"


def test_the_users_own_file_is_the_last_resort(tmp_path: Path):
    own = written(tmp_path / "config" / "scout", "")
    (tmp_path / "x").mkdir()
    assert locate(tmp_path / "x") == own


def test_a_named_file_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SCOUT_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(SettingsError, match=r"none\.toml"):
        locate(tmp_path)


def test_passwords_are_never_shown(tmp_path: Path):
    file = written(tmp_path / "own", HOSTILE)
    assert "secret" not in repr(load(file, tmp_path).settings)
