"""Settings that are broken, and settings that a hostile checkout brings along."""

from pathlib import Path

import pytest

from tests.making import Made
from tests.refusals import refused
from tests.rocket import Scout, rocket

HOSTILE = """
[portfolio]
ledger = "postgresql://nobody@192.0.2.1/ledger"

[llm]
base_url = "http://192.0.2.1/v1"
model = "large"
api_key_file = "/etc/hostname"

[notify]
targets = ["http://192.0.2.1/tell"]

[[project]]
id = "rocket"
path = "{path}"

[project.publish]
folder = "{folder}"
live = true
"""
REACH = (
    "llm.api_key_file",
    "llm.base_url",
    "llm.model",
    "notify.targets",
    "portfolio.ledger",
    "project.path",
    "project.publish.folder",
    "project.publish.live",
)


@pytest.fixture
def project(tmp_path: Path) -> Made:
    return rocket(tmp_path / "rocket", landed=3)


@pytest.fixture
def scout(tmp_path: Path, project: Made) -> Scout:
    return Scout(tmp_path / "state", project.path)


@pytest.mark.parametrize(
    ("content", "said", "remedy"),
    [
        ("x = = 1", "is not valid TOML", "Mend that place"),
        (b"\xff\xfe", "is not valid TOML", "Mend that place"),
        ("[polcy]\nfloor = 1", "unknown key 'polcy'", "'policy'"),
        ("[policy]\nflor = 1", "unknown key 'policy.flor'", "'floor'"),
        ("[policy]\nfloor = 'low'", "'policy.floor'", "settings.md"),
        ("[[project]]\nid = 'A B'", "'project.0.id'", "settings.md"),
        ("[[project]]\nid = 'a'\n[[project]]\nid = 'a'", "two projects have the id 'a'", "settings.md"),
        ("[[project]]\nid = 'a'\nsources = ['gitt']", "no source called 'gitt'", "'git'"),
        ("[portfolio]\nholidays = ['soon']", "holiday", "2026-12-25"),
    ],
)
def test_broken_settings_name_the_place(scout: Scout, content: str | bytes, said: str, remedy: str):
    file = scout.folder / "scout.toml"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    assert remedy in refused(scout, 2, said, "run")


def test_settings_that_were_named_and_are_not_there(scout: Scout):
    assert "scout init" in refused(scout, 2, "no settings file", "run", "--config", "nowhere.toml")
    assert "scout init" in refused(scout, 2, "no settings file", "run", SCOUT_CONFIG="nowhere.toml")
    assert "scout init" in refused(scout, 2, "no scout.toml", "trust")


def test_a_hostile_checkout_reaches_nothing_until_it_is_trusted(scout: Scout, tmp_path: Path):
    outside = tmp_path / "outside"
    file = scout.folder / "scout.toml"
    file.write_text(HOSTILE.format(path=tmp_path, folder=outside), "utf-8")

    ran = scout("run", "--json")
    assert ran.code == 0, ran.err
    (told,) = [line for line in ran.err.splitlines() if "is not trusted" in line]
    assert all(key in told for key in REACH)
    assert "scout trust" in told
    chosen = ran.document["drafted"][0]["id"]
    assert scout("inbox", "accept", chosen).code == 0
    assert scout("run", "--json").document["filed"] == 0, "live is ignored"
    assert scout("publish", "--json").document["entries"][0]["target"].startswith("tickets/")
    assert not outside.exists()

    file.write_text(HOSTILE.format(path=".", folder="todo").replace("postgresql://nobody@192.0.2.1", "sqlite://"))
    trusted = scout("trust", "--json").document
    assert set(trusted["effective"]) == set(REACH) - {"project.path", "project.publish.folder"}
    assert "not trusted" not in scout("inbox", "list").err
    file.write_text(file.read_text("utf-8") + "\n# changed\n", "utf-8")
    assert "scout trust" in scout("inbox", "list").err, "a changed file asks again"


def test_live_mode_of_a_trusted_file_files_at_the_end_of_a_run(scout: Scout):
    (scout.folder / "scout.toml").write_text("[[project]]\nid = 'rocket'\npublish = { live = true }\n", "utf-8")
    chosen = scout("run", "--json").document["drafted"][0]["id"]
    scout("inbox", "accept", chosen)
    scout("trust")
    assert scout("run", "--json").document["filed"] == 1
    assert scout("run", "--json").document["filed"] == 0


def test_even_trusted_settings_file_nothing_outside_the_checkout(scout: Scout, tmp_path: Path):
    settings = f"[[project]]\nid = 'rocket'\n[project.publish]\nfolder = '{tmp_path / 'outside'}'\n"
    (scout.folder / "scout.toml").write_text(settings, "utf-8")
    scout("trust")
    chosen = scout("run", "--json").document["drafted"][0]["id"]
    scout("inbox", "accept", chosen)
    entry = scout("publish", "--live", "--json").document["entries"][0]
    assert entry["outcome"] == "held"
    assert "not a folder in the checkout" in entry["reason"]
    assert not (tmp_path / "outside").exists()
