"""A state folder that is damaged, shared, or older than the clock says: nothing that people said is lost."""

import os
import shutil
from pathlib import Path

import pytest

from tests.refusals import refused
from tests.rocket import Scout, rocket
from tests.scenes import Scene, seen

EARLIER = "2026-02-01T09:00:00+00:00"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return seen(tmp_path_factory.mktemp("seen"))


@pytest.fixture
def scene(shared: Scene) -> Scene:
    shared.bring_back()
    return shared


@pytest.fixture
def scout(scene: Scene) -> Scout:
    return scene.scout


def reject_one(scout: Scout) -> str:
    chosen = scout("inbox", "list", "--json").document["candidates"][0]["id"]
    assert scout("inbox", "reject", chosen, "--reason", "not ours").code == 0
    return chosen


def state(scout: Scout, candidate: str) -> str:
    return scout("inbox", "show", candidate, "--json").document["state"]


@pytest.mark.parametrize("share", [0.5, 0.0])
def test_a_warehouse_that_was_cut_is_rebuilt_and_the_ledger_is_kept(scene: Scene, scout: Scout, share: float):
    wanted = scene.content()["stage.finding"]
    rejected = reject_one(scout)
    file = scout.home / "warehouse.duckdb"
    os.truncate(file, int(file.stat().st_size * share))
    for command in ("run", "buffer"):
        remedy = refused(scout, 3, "is damaged", command)
        assert f"rm {file}" in remedy
        assert "scout run" in remedy
    assert scout("doctor").code == 1
    assert state(scout, rejected) == "rejected"
    file.unlink()
    assert scout("run").code == 0
    assert state(scout, rejected) == "rejected"
    assert scene.content()["stage.finding"] == wanted


def test_a_damaged_ledger_says_restore_and_restoring_works(scout: Scout, tmp_path: Path):
    rejected = reject_one(scout)
    copy = tmp_path / "copy.sqlite"
    assert scout("backup", str(copy)).code == 0
    file = scout.home / "ledger.sqlite"
    for damage in (b"", b"Dear hedgehog, " * 99, file.read_bytes()[:60_000]):
        file.write_bytes(damage)
        for command in ("run", "inbox list", "publish"):
            assert "scout restore" in refused(scout, 3, "The ledger", *command.split())
        assert scout("restore", str(copy)).code == 0
        assert state(scout, rejected) == "rejected"
        assert scout("run").code == 0


@pytest.mark.parametrize("content", [b"", b"\x00\xff{{", b"[1, 2]", b"{}"])
def test_files_that_can_be_made_again_are_made_again(scene: Scene, content: bytes):
    wanted = scene.content()
    home = scene.scout.home
    for name in ("sources.json", "projects.json", "snapshot.json", "trust.json", "salt"):
        (home / name).write_bytes(content)
    ran = scene.scout("run", "--json")
    assert ran.code == 0, ran.err
    assert scene.content() == wanted
    assert len((home / "salt").read_bytes()) == 32, "without a key, pseudonyms would hide nobody"
    assert "the snapshot was made anew" in ran.err


@pytest.mark.parametrize("content", [b"", b"[]", b'{"schema": 1, "findings": [3]}', b'{"schema": 1}'])
def test_a_spoiled_cache_costs_time_only(scout: Scout, content: bytes):
    wanted = scout("find", "--json").out
    for file in (scout.home / "cache").rglob("*.json"):
        file.write_bytes(content)
    assert scout("find", "--json").out == wanted


def test_a_state_folder_that_is_a_file(scout: Scout, tmp_path: Path):
    file = tmp_path / "state"
    file.write_text("mine", "utf-8")
    other = Scout(file, scout.folder)
    for command in ("run", "inbox list", "inbox accept c-1", "next", "publish --live"):
        assert "SCOUT_HOME" in refused(other, 3, "cannot be made", *command.split())
    assert other("find").code == 0, "finding needs no state"
    assert other("doctor").code == 1
    assert file.read_text("utf-8") == "mine"


def test_a_clock_that_was_set_back_is_told_and_costs_nothing(scout: Scout):
    rejected = reject_one(scout)
    before = scout("inbox", "list", "--all", "--json").document["candidates"]
    ran = scout("run", "--json", now=EARLIER)
    assert ran.code == 0, ran.err
    assert any("clock went back" in note for note in ran.document["notes"])
    assert ran.document["drafted"] == []
    assert scout("inbox", "list", "--all", "--json").document["candidates"] == before
    assert state(scout, rejected) == "rejected"


def test_two_state_folders_on_one_checkout_file_nothing_twice(scout: Scout, tmp_path: Path):
    early, late = Scout(tmp_path / "early", scout.folder), Scout(tmp_path / "late", scout.folder)
    chosen = early("run", "--json").document["drafted"][0]
    scout("inbox", "accept", chosen["id"])
    assert scout("publish", "--live", "--json").document["filed"] == 1

    drafted = late("run", "--json").document["drafted"]
    assert chosen["fingerprint"] not in {line["fingerprint"] for line in drafted}, "its ticket is read"
    early("inbox", "accept", chosen["id"])
    (entry,) = early("publish", "--live", "--json").document["entries"]
    assert entry["outcome"] == "found"
    assert len(list((scout.folder / "tickets").iterdir())) == 1


def test_a_state_folder_that_knows_the_checkout_by_another_name_files_nothing_twice(scout: Scout, tmp_path: Path):
    made = rocket(tmp_path / "elsewhere/rocket", landed=3)
    other = Scout(tmp_path / "other", scout.folder)
    other("run", str(made.path))
    chosen = other("run", "--json").document
    assert chosen["project"] != "rocket"
    mark = chosen["drafted"][0]["fingerprint"]
    listed = scout("inbox", "list", "--all", "--json").document["candidates"]
    same = next(line["id"] for line in listed if line["fingerprint"] == mark)
    scout("inbox", "accept", same)
    scout("publish", "--live")
    other("inbox", "accept", chosen["drafted"][0]["id"])
    (entry,) = other("publish", "--live", "--json").document["entries"]
    assert entry["outcome"] == "returned"
    assert "carries it already" in entry["reason"]
    assert len(list((scout.folder / "tickets").iterdir())) == 1


def test_a_state_folder_that_was_copied_goes_on(scout: Scout, tmp_path: Path):
    shutil.copytree(scout.home, tmp_path / "state")
    copied = Scout(tmp_path / "state", scout.folder)
    assert copied("run", "--json").document["drafted"] == []
