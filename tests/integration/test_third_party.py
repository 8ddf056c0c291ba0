"""Scouts of other packages are found by their entry point, and cannot harm the others."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from scout.signals import Commit
from tests.plugins.building import build

EXAMPLE = Path(__file__).parents[2] / "examples" / "scout-conflict-marker"
CONFLICT = "x = 1\n<<<<<<< ours\ny = 1\n=======\ny = 2\n>>>>>>> theirs\n"
HOSTILE = """
import os, sys, time
from scout.model import WorkKind
from scout.signals import Reads, Scout


class Hostile(Scout):
    "Do harm."

    id = "hostile"
    since = "1"
    reads = frozenset({Reads.TREE})
    kind = WorkKind.BUG
    examples = ()

    def look(self, view):
        %s
        return iter(())
"""
HARM = {
    "hangs": ("time.sleep(600)", "error", "it did not end within 2 seconds"),
    "eats memory": ("eaten = [bytearray(1 << 20) for _ in range(4096)]", "error", "more than 256 MB of memory"),
    "crashes": ("raise RuntimeError('it broke')", "error", "RuntimeError: it broke"),
    "leaves at once": ("os._exit(0)", "error", "without an answer"),
    "is killed": ("os.kill(os.getpid(), 11)", "error", "killed by signal 11"),
    "prints": ("print('hello' * 10_000, flush=True)", "absent", ""),
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder with the example's package as an installer unpacks it."""
    copy = shutil.copytree(EXAMPLE, tmp_path / "example")
    wheels = tmp_path / "wheels"
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)]
    subprocess.run(command, cwd=copy, check=True, capture_output=True)
    there = tmp_path / "site"
    with ZipFile(next(wheels.iterdir())) as wheel:
        wheel.extractall(there)
    return there


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return build(tmp_path / "it", [Commit("2024-01-01", {"app.py": CONFLICT, "README.md": "[gone](gone.md)\n"})])


def with_hostile(site: Path, harm: str) -> None:
    """Install a scout that does harm beside the example, by hand."""
    (site / "hostile.py").write_text(HOSTILE % harm)
    facts = site / "hostile-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: hostile\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text("[scout.scouts]\nhostile = hostile:Hostile\n")


def scout(site: Path, *words: str, expected: int = 0) -> str:
    """Run Scout as a user does who has installed what is in `site`."""
    environment = {**os.environ, "PYTHONPATH": str(site), "SCOUT_HOME": str(site.parent / "home")}
    command = [sys.executable, "-m", "scout", *words]
    done = subprocess.run(command, env=environment, cwd=site.parent, capture_output=True, text=True, check=False)
    assert done.returncode == expected, done.stderr
    return done.stdout


def looks(said: str) -> dict[str, Any]:
    return {look["signal"]: look for look in json.loads(said)["looks"]}


def test_the_example_is_listed_explained_and_finds(site: Path, repository: Path):
    chosen = ("--signal", "conflict-marker", "--signal", "broken-internal-link")
    said = json.loads(scout(site, "find", str(repository), "--now", "2024-02-01", *chosen, "--json"))

    found = [one for one in said["findings"] if one["signal"] == "conflict-marker"]
    assert [(one["subject"], one["evidence"][0]["locator"], one["offered"]) for one in found] == [
        ("app.py", "app.py:2", True)
    ]
    assert "broken-internal-link" in {one["signal"] for one in said["findings"]}
    assert "conflict-marker" in scout(site, "list", "scouts")
    assert "holds both sides of a conflict" in scout(site, "explain", "conflict-marker")


def test_the_example_keeps_its_own_promises(site: Path, tmp_path: Path):
    environment = {**os.environ, "PYTHONPATH": str(site)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path / "example" / "tests")]
    done = subprocess.run(
        command, cwd=tmp_path / "example", env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


@pytest.mark.parametrize("name", HARM)
def test_a_scout_that_does_harm_ends_its_own_look_only(name: str, site: Path, repository: Path, tmp_path: Path):
    harm, outcome, reason = HARM[name]
    with_hostile(site, harm)
    seconds = 2 if name == "hangs" else 30
    settings = tmp_path / "scout.toml"
    settings.write_text(
        f'[[project]]\nid = "it"\npath = "{repository}"\n[signals.hostile]\nseconds = {seconds}\nmegabytes = 256\n'
    )

    chosen = ("--signal", "hostile", "--signal", "conflict-marker", "--signal", "broken-internal-link")
    words = ("find", str(repository), "--config", str(settings), "--now", "2024-02-01", *chosen, "--json")
    said = scout(site, *words, expected=3 if outcome == "error" else 0)

    found = looks(said)
    assert found["hostile"]["outcome"] == outcome
    assert reason in found["hostile"]["reason"]
    assert found["conflict-marker"]["outcome"] == "present"
    assert found["broken-internal-link"]["outcome"] == "present"


def test_a_package_that_cannot_be_imported_is_named(site: Path, repository: Path):
    with_hostile(site, "")
    (site / "hostile.py").write_text("raise RuntimeError('it broke')\n")

    environment = {**os.environ, "PYTHONPATH": str(site), "SCOUT_HOME": str(site.parent / "home")}
    command = [sys.executable, "-m", "scout", "find", str(repository)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "The plugin 'hostile' (hostile:Hostile) cannot be imported: it broke." in done.stderr
    assert "Traceback" not in done.stderr
