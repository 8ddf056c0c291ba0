"""The contract's measures on public data, against a plain-Python recomputation from the raw records."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scout.service.flow import FlowReport, flow
from scout.service.import_archive import import_archive
from scout.service.wiring import open_workspace
from tests import flow_raw
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
Rows = dict[str, dict[str, float]]


@dataclass
class Measured:
    """A report, the rows it rests on, and the facts of the raw records."""

    report: FlowReport
    rows: Rows
    facts: flow_raw.Facts

    def figure(self, name: str) -> Any:
        return next(one for one in self.report.measures if one.id == name)


def measured(home: Path, name: str, facts: flow_raw.Facts, *files: Path) -> Measured:
    work = open_workspace(home, NOW)
    import_archive(work, name, files)
    report = flow(work, name, folder=home / f"{name}-tables")
    rows: Rows = defaultdict(dict)
    with (home / f"{name}-tables" / "observations.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows[row["measure"]][row["subject"]] = float(row["value"])
    return Measured(report, rows, facts)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("flow")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCOUT_HOME", str(folder / "home"))
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        yield folder


@pytest.fixture(scope="module", params=("github-gui", "jira-tidev", *IETF))
def one(request: pytest.FixtureRequest, home: Path) -> Measured:
    name = str(request.param)
    if name == "github-gui":
        files = tuple(shared("data", name, part) for part in ("issues.jsonl.gz", "pulls.jsonl.gz"))
        return measured(home, name, flow_raw.github(*files), *files)
    if name == "jira-tidev":
        file = shared("data", name, "issues.jsonl.gz")
        return measured(home, name, flow_raw.jira(file), file)
    file = shared("data", "ietf", f"{name}.json.gz")
    return measured(home, name, flow_raw.ietf(file), file)


def same(figure: Any, rows: dict[str, float], facts: dict[str, float]) -> None:
    assert figure.n == len(facts)
    if len(facts) < 5:
        assert figure.value is None
        assert "too little" in figure.unavailable or "no " in figure.unavailable
        return
    assert rows.keys() == facts.keys()
    assert all(rows[key] == pytest.approx(value, abs=1e-6) for key, value in facts.items())
    assert figure.p50 == pytest.approx(flow_raw.quantile(facts.values(), 0.5), abs=1e-6)
    assert figure.p85 == pytest.approx(flow_raw.quantile(facts.values(), 0.85), abs=1e-6)
    assert figure.value == figure.p50


def test_ticket_lead_time_is_that_of_the_raw_records(one: Measured):
    same(one.figure("ticket-lead-time"), one.rows["ticket-lead-time"], one.facts.ticket_days)


def test_change_lead_time_is_that_of_the_raw_records(one: Measured):
    same(one.figure("change-lead-time"), one.rows["change-lead-time"], one.facts.change_days)


def test_first_review_latency_is_that_of_the_raw_records(one: Measured):
    same(one.figure("first-review-latency"), one.rows["first-review-latency"], one.facts.review_days)


def test_the_reopen_rate_is_that_of_the_raw_records_and_unavailable_without_a_history(one: Measured):
    figure = one.figure("reopen-rate")
    if one.facts.reopened is None:
        assert figure.value is None
        assert "no history" in figure.unavailable
        return
    assert one.rows["reopen-rate"] == one.facts.reopened
    assert figure.n == len(one.facts.reopened)
    assert figure.value == pytest.approx(sum(one.facts.reopened.values()) / figure.n)


def test_throughput_is_that_of_the_raw_records(one: Measured):
    figure = one.figure("throughput")
    if len(one.facts.merged) < 5:
        assert figure.value is None
        return
    merged, rate = flow_raw.throughput(one.facts)
    assert figure.n == merged
    assert figure.value == pytest.approx(rate)
