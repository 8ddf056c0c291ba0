"""Disks that are full or read-only under the state folder and under the checkout: told, and nothing lost."""

import os
import shutil
import subprocess
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from tests.refusals import refused
from tests.rocket import Scout
from tests.scenes import Scene, seen

LATER = "2026-03-05T09:00:00+00:00"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return seen(tmp_path_factory.mktemp("seen"))


@pytest.fixture
def scene(shared: Scene) -> Scene:
    shared.bring_back()
    return shared


@pytest.fixture
def mounted(tmp_path: Path) -> Generator[Callable[[str], Path], None, None]:
    """Makes a file system of a size in memory."""
    folder = tmp_path / "disk"

    def mount(size: str) -> Path:
        folder.mkdir()
        made = shutil.which("mount") and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, check=False
        )
        if not made or made.returncode:
            reason = "mounting a small file system is not permitted here"
            if os.environ.get("SCOUT_REQUIRE_ALL") == "1":
                pytest.fail(reason)
            pytest.skip(reason)
        return folder

    yield mount
    if os.path.ismount(folder):
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def remount(folder: Path, option: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{option}", str(folder)], check=True)


def fill(disk: Path, *, spare: int = 0) -> Path:
    """Leave `spare` bytes free."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65536))
        except OSError:
            file.truncate(max(0, file.tell() - spare))
    return ballast


def offered(scout: Scout) -> list[str]:
    return [line["id"] for line in scout("inbox", "list", "--all", "--json").document["candidates"]]


@pytest.mark.parametrize("size", ["64k", "1m", "2m"])
def test_a_first_run_on_a_full_disk_is_made_good_by_the_next(scene: Scene, mounted: Callable[[str], Path], size: str):
    disk = mounted(size)
    scout = Scout(disk / "state", scene.scout.folder)
    assert "Free some space" in refused(scout, 3, "space left", "run")
    remount(disk, "size=64m")
    assert scout("run").code == 0
    assert offered(scout) == offered(scene.scout)
    assert not list((disk / "state/staging").iterdir())


@pytest.mark.parametrize("spare", [0, 262_144])
def test_a_disk_that_fills_up_loses_no_decision(scene: Scene, mounted: Callable[[str], Path], spare: int):
    disk = mounted("16m")
    shutil.copytree(scene.scout.home, disk / "state")
    scout = Scout(disk / "state", scene.scout.folder)
    before = offered(scout)
    one, other, *_ = before
    assert scout("inbox", "reject", one, "--reason", "not ours").code == 0
    ballast = fill(disk, spare=spare)
    kept = 0
    for number in range(20):
        ran = scout("inbox", "edit", other, "--file", "-", "--json", stdin=f"{number} {os.urandom(20_000).hex()}")
        kept += ran.code == 0
        if ran.code:
            assert ran.document["exit"] == 3, ran
            assert "Traceback" not in ran.err
            break
    else:
        pytest.fail("the disk never was full")
    assert scout("run", now=LATER).code in {0, 3}
    ballast.unlink()
    assert scout("inbox", "show", one, "--json").document["state"] == "rejected"
    assert scout("inbox", "show", other, "--json").document["draft"]["number"] == kept + 1
    assert scout("run", now=LATER).code == 0
    assert sorted(offered(scout)) == sorted(before)
    assert scout("inbox", "accept", other).code == 0


def test_a_full_disk_under_the_checkout_keeps_the_candidate_in_the_outbox(scene: Scene, mounted: Callable[[str], Path]):
    disk = mounted("4m")
    shutil.copytree(scene.scout.folder, disk / "rocket")
    scout = Scout(scene.place / "other", disk / "rocket")
    chosen = scout("run", "--json").document["drafted"][0]["id"]
    scout("inbox", "accept", chosen)
    ballast = fill(disk)
    ran = scout("publish", "--live", "--json")
    assert ran.code == 3
    (entry,) = ran.document["entries"]
    assert entry["outcome"] == "failed"
    assert "No space left" in entry["reason"]
    assert "Free some space" in entry["reason"]
    assert not list((disk / "rocket").glob("tickets/*"))
    ballast.unlink()
    assert scout("publish", "--live", "--json").document["filed"] == 1
    assert len(list((disk / "rocket/tickets").iterdir())) == 1


def test_a_read_only_state_folder_says_so_and_is_left_alone(scene: Scene, mounted: Callable[[str], Path]):
    disk = mounted("16m")
    shutil.copytree(scene.scout.home, disk / "state")
    scout = Scout(disk / "state", scene.scout.folder)
    one = offered(scout)[0]
    remount(disk, "ro")
    for command in ("run", f"inbox accept {one}", "next", "publish --live"):
        assert "SCOUT_HOME" in refused(scout, 3, "cannot be written", *command.split())
    assert scout("find").code == 0, "finding needs no state"
    assert scout("doctor").code == 1
    remount(disk, "rw")
    assert scout("run").code == 0
    assert scout("inbox", "accept", one).code == 0


def test_a_read_only_checkout_can_be_looked_at(scene: Scene, mounted: Callable[[str], Path]):
    disk = mounted("16m")
    shutil.copytree(scene.scout.folder, disk / "rocket")
    scout = Scout(scene.place / "other", disk / "rocket")
    remount(disk, "ro")
    chosen = scout("run", "--json").document["drafted"][0]["id"]
    scout("inbox", "accept", chosen)
    ran = scout("publish", "--live", "--json")
    assert ran.code == 3
    assert "Read-only" in ran.document["entries"][0]["reason"]
    remount(disk, "rw")
    assert scout("publish", "--live", "--json").document["filed"] == 1
