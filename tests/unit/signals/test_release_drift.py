"""Releases that are tagged on branches are a habit, or the end of one."""

from pathlib import Path

from scout.model import Finding
from scout.signals import Commit, watch
from scout.signals.delivery.release_drift import ReleaseDrift
from tests.plugins.building import add, build, git, viewed

MERGED = 12


def drifted(folder: Path, merged: int, now: str, page: str = "") -> tuple[Finding, ...]:
    """Return what is found where some releases were tagged on the main line, and three on a branch afterwards."""
    build(
        folder,
        [
            Commit("2021-12-01", {"setup.py": "setup()\n", "docs/releasing.md": page}),
            *(Commit(f"2022-{month:02}-01", {"a.py": f"a = {month}\n"}) for month in range(1, 13)),
        ],
    )
    for number in range(merged):
        git(folder, "tag", f"v1.{number}", f"HEAD~{MERGED - 1 - number}")
    git(folder, "checkout", "--quiet", "-b", "stable")
    for month in range(1, 4):
        add(folder, Commit(f"2023-0{month}-01", {"b.py": f"a = {month}\n"}, tag=f"v2.{month}"))
    git(folder, "checkout", "--quiet", "main")
    for month in range(1, 9):
        add(folder, Commit(f"2023-0{month}-02", {"a.py": f"b = {month}\n"}))
    with viewed(folder, now) as view:
        findings, _ = watch(view, [ReleaseDrift()])
    return findings


def test_releases_that_are_no_longer_merged_back_are_told_as_such(tmp_path: Path):
    (finding,) = drifted(tmp_path, MERGED, "2024-03-01")

    assert finding.story.title == "Merge the releases from v1.11 to v2.3 back into the main line"
    assert "Three newer tags up to `v2.3` of 2023-03-01 stand on branches" in finding.story.current
    assert "in no release" not in finding.story.current
    assert finding.severity == 2


def test_for_a_year_it_may_be_a_coincidence(tmp_path: Path):
    assert not drifted(tmp_path, MERGED, "2023-10-01")


def test_a_project_that_always_released_from_branches_has_no_drift(tmp_path: Path):
    assert not drifted(tmp_path, 3, "2024-03-01")


def test_release_branches_that_a_page_tells_of_are_no_drift(tmp_path: Path):
    assert drifted(tmp_path / "untold", MERGED, "2024-03-01", "Cut the release.\n")
    assert not drifted(tmp_path / "told", MERGED, "2024-03-01", "Each minor release has its own **release branch**.\n")
