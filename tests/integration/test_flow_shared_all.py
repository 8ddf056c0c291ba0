"""Every measure that raw records can tell by themselves, on public data: equal for all rows, and for all figures."""

import csv
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scout.service.flow import FlowReport, flow
from scout.service.import_archive import import_archive
from scout.service.wiring import open_workspace
from tests import flow_raw_all as raw
from tests import flow_raw_read as raw_read
from tests.trackers import shared

NOW = datetime(2026, 11, 1, tzinfo=UTC)
IETF = (
    "draft-irtf-cfrg-hash-to-curve",
    "eat",
    "groupcomm-bis",
    "mls-protocol",
    "oblivious-http",
    "draft-ietf-masque-connect-ip",
)
PARTS = {"github-gui": ("issues.jsonl.gz", "pulls.jsonl.gz"), "jira-tidev": ("issues.jsonl.gz",)}
SURVIVING = ("ticket-time-to-close", "first-answer", "change-time-to-merge", "review-wait", "approval-to-merge")


class Measured:
    """A set as Scout measures it, and its raw records."""

    def __init__(self, home: Path, name: str) -> None:
        files = [shared("data", name, part) for part in PARTS.get(name, ())] or [
            shared("data", "ietf", f"{name}.json.gz")
        ]
        self.archive = raw_read.READERS.get(name, raw_read.ietf)(NOW, *files)
        work = open_workspace(home, NOW)
        import_archive(work, name, files)
        self.report: FlowReport = flow(work, name, folder=home / f"{name}-tables")
        self.rows: dict[str, raw.Rows] = defaultdict(dict)
        with (home / f"{name}-tables" / "observations.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                self.rows[row["measure"]][row["subject"]] = (float(row["value"]), row["still_growing"] == "true")

    def figure(self, name: str) -> Any:
        return next(one for one in self.report.measures if one.id == name)


@pytest.fixture(scope="module", params=(*PARTS, *IETF), name="one")
def measured(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Measured:
    folder = tmp_path_factory.mktemp("flow")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCOUT_HOME", str(folder / "home"))
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        return Measured(folder, str(request.param))


def test_every_row_is_that_of_the_raw_records(one: Measured):
    compared = 0
    for name, told in raw.measures(one.archive).items():
        figure = one.figure(name)
        if not one.rows[name]:
            assert len([1 for _, growing in told.values() if not growing or name.endswith("age")]) < 5, name
            assert figure.value is None
            continue
        assert one.rows[name].keys() == told.keys(), name
        wrong = {key: (told[key], got) for key, got in one.rows[name].items() if not _same(told[key], got)}
        assert not wrong, name
        compared += len(told)
    assert compared > 100


def test_every_figure_is_that_of_the_raw_records(one: Measured):
    for name, told in raw.measures(one.archive).items():
        figure = one.figure(name)
        if name in SURVIVING and one.rows[name]:
            assert figure.p50 == _near(raw.left_after(told.values(), 0.5)), name
            if figure.p50 is not None:
                assert figure.p85 == _near(raw.left_after(told.values(), 0.15)), name
        elif name.endswith("-rate") and one.rows[name]:
            assert figure.value == pytest.approx(sum(value for value, _ in told.values()) / len(told)), name
    values = raw.values(one.archive)
    for name, (n, value) in values.items():
        figure = one.figure(name)
        assert (figure.n, figure.value) == (n, pytest.approx(value)), name
    assert len(values) >= 2


def _same(told: tuple[float, bool], got: tuple[float, bool]) -> bool:
    return told[1] == got[1] and abs(told[0] - got[0]) <= 1e-6


def _near(value: float | None) -> Any:
    return None if value is None else pytest.approx(value, abs=1e-6)
