"""What controls see of a checkout: the project's own code, and no routine, no vendored file, no migration alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scout.flow import FlowLog
from scout.flow.catalogue import controls
from scout.flow.controls_figure import ControlFigure
from scout.flow.log import Table
from scout.service.flow_landing import landings
from scout.service.wiring import open_workspace
from scout.signals import Commit
from tests.flow_worlds import Truth, world
from tests.plugins.building import build

NOW = datetime(2024, 12, 31, tzinfo=UTC)
WORLD = world(Truth(), 0)
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
NO_CHANGES: Mapping[str, dict[str, NDArray[Any]]] = {
    "landed": {name: np.zeros(0, dtype=object) for name in ("key", "merge_sha")},
    "change": {name: np.zeros(0) for name in ("key", "reviewed", "merged", "created")},
}


def landed(folder: Path, *commits: Commit) -> Table:
    build(folder, commits)
    work = open_workspace(folder, NOW)
    return landings(work, work.projects[0], NO_CHANGES)


def seen(control: str, landing: Table, releases: Sequence[datetime] = (), *, now: datetime = NOW) -> ControlFigure:
    moments = np.array([one.timestamp() for one in releases])
    log: FlowLog = replace(WORLD, now=now.timestamp(), landing=landing, release={"at": moments})
    return next(one for one in controls() if one.id == control).figure(log)


def monthly(*files: Mapping[str, str | None], title: str = "Sort the orders") -> list[Commit]:
    """Return commits, one every ten days, that bring the given files."""
    days = [FIRST + timedelta(days=10 * number) for number in range(len(files))]
    return [Commit(f"{day:%Y-%m-%d}", dict(one), title) for day, one in zip(days, files, strict=True)]


def test_tests_are_missed_with_code_of_the_project_s_own(tmp_path: Path):
    mine = [
        {"app/a.py": f"a = {number}\n", **({"tests/test_a.py": f"b = {number}\n"} if number % 2 else {})}
        for number in range(8)
    ]
    others = [
        {"app/migrations/0001_a.py": "a = 1\n"},
        {"app/version.py": "v = 2\n"},
        {"setup.py": "s = 1\n", "rollup.config.js": "export {}\n"},
        {"vendor/lib/a.go": "package a\n"},
        {"api/a.pb.go": "package a\n"},
        {"static/jquery.min.js": "var a\n"},
    ]
    titles = ("Bump version: 1.0 to 1.1", "Fix typing of the walls", "Merge tag 'v2.3.0'")
    plain = monthly({"app/a.py": "a = 99\n"}, {"app/a.py": "a = 98\n"}, {"app/a.py": "a = 97\n"})
    days = ("2024-11-01", "2024-11-02", "2024-11-03")
    routine = [replace(one, at=at, message=title) for one, at, title in zip(plain, days, titles, strict=True)]
    found = seen("tests-with-code", landed(tmp_path, *monthly(*mine, *others), *routine))
    assert (found.kept, found.bypassed) == (4, 4)


def test_change_logs_of_others_are_none(tmp_path: Path):
    named: list[str] = ["vendor/lib/CHANGELOG.md", ".github/workflows/release.yml", "docs/release.md", "app/history.py"]
    commits = monthly(*(dict.fromkeys(named, f"{number}\n") for number in range(9)))
    landing = landed(tmp_path, *commits)
    assert not landing["changelog"].any()
    releases = [FIRST + timedelta(days=10 * number + 5) for number in range(9)]
    assert "no change log" in seen("release-notes", landing, releases).unavailable


def test_notes_that_come_back_with_the_release_s_branch_are_notes(tmp_path: Path):
    commits = monthly(*({"NEWS": f"{number}\n"} for number in range(9)))
    landing = landed(tmp_path, *commits)
    shortly = seen("release-notes", landing, [FIRST + timedelta(days=10 * number, hours=-2) for number in range(9)])
    assert (shortly.kept, shortly.bypassed) == (8, 0)
    assert seen(
        "release-notes", landing, [FIRST + timedelta(days=80, hours=hour) for hour in range(30, 80, 5)]
    ).unavailable


def test_releases_from_before_the_change_log_missed_nothing(tmp_path: Path):
    commits = monthly(*({"NEWS": f"{number}\n"} for number in range(9)))
    landing = landed(tmp_path, *commits)
    releases = [FIRST + timedelta(days=10 * number - 95) for number in range(18)]
    found = seen("release-notes", landing, releases)
    assert (found.kept, found.bypassed) == (8, 0)


def test_notes_of_releases_that_ended_long_ago_are_no_control(tmp_path: Path):
    landing = landed(tmp_path, *monthly(*({"NEWS": f"{number}\n"} for number in range(9))))
    releases = [FIRST + timedelta(days=10 * number + 5) for number in range(9)]
    assert not seen("release-notes", landing, releases).unavailable
    ended = seen("release-notes", landing, releases, now=NOW + timedelta(days=650))
    assert ended.unavailable == "nothing was released since 2024-03-26"


def test_changes_are_told_where_every_second_was_in_some_year(tmp_path: Path):
    told = [{"app.py": f"{number}\n", **({"NEWS": f"{number}\n"} if number % 2 else {})} for number in range(12)]
    rarely = [{"app.py": f"{number}\n", **({"NEWS": f"{number}\n"} if number % 3 == 1 else {})} for number in range(18)]
    assert seen("change-told", landed(tmp_path / "a", *monthly(*told))).bypassed == 6
    assert "no rule here" in seen("change-told", landed(tmp_path / "b", *monthly(*rarely))).unavailable


def test_without_a_tracker_nobody_can_tell_what_was_pushed(tmp_path: Path):
    commits = [
        replace(one, message=f"Sort ({number})".replace("(", "(#"))
        for number, one in enumerate(monthly(*({"a.py": f"{n}\n"} for n in range(9))))
    ]
    found = seen("through-a-change", landed(tmp_path, *commits))
    assert "no tracker tells" in found.unavailable
    assert found.rate is None
