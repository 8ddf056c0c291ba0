"""The whole line under Dagster: two projects, a real instance, what is told about each stage and each promise."""

import re
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets.checks import Verdict, cover, freshness, summary
from assets.definitions import defs
from assets.memory import newest
from assets.tables import cell, change, changes, table, tail
from scout import clock
from scout.model import Outcome
from scout.service.ages import SourceAge, StreamAge
from scout.service.decide import accept
from scout.service.review import listing
from scout.service.wiring import open_workspace
from tests.portfolio import LINE, Portfolio, portfolio

pytestmark = pytest.mark.slow


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Portfolio:
    return portfolio(tmp_path, monkeypatch)


@pytest.fixture
def two(world: Portfolio) -> Generator[tuple[Portfolio, dg.DagsterInstance]]:
    world.write(rocket="daily", lantern="daily")
    world.make("rocket")
    world.make("lantern", landed=5)
    with world.dagster("rocket", "lantern") as instance:
        yield world, instance


def run(instance: dg.DagsterInstance, project: str, *, select: tuple[str, ...] = ()) -> dg.ExecuteInProcessResult:
    return defs.resolve_job_def("line").execute_in_process(
        instance=instance, partition_key=project, asset_selection=[dg.AssetKey(name) for name in select] or None,
        raise_on_error=False,
    )  # fmt: skip


def facts(instance: dg.DagsterInstance, asset: str, project: str) -> dict[str, Any]:
    found = newest(instance, dg.AssetKey(asset), project)
    assert found is not None, f"{asset} was not materialized for {project}"
    return dict(found)


def test_all_stages_of_two_projects_are_materialized_and_say_what_happened(
    two: tuple[Portfolio, dg.DagsterInstance],
):
    world, instance = two
    assert run(instance, "rocket").success
    assert run(instance, "lantern").success
    for project in ("rocket", "lantern"):
        told = {asset: facts(instance, asset, project) for asset in LINE}
        assert "| git | present | now |" in told["sources"]["sources"]
        assert told["sources"]["complete"] is True
        assert told["core"]["commits"] > 5
        assert told["findings"]["offered"] > 0
        assert re.fullmatch("[0-9a-f]{40}", told["findings"]["commit"])
        assert told["ticket_readiness"]["tickets"] == 0
        assert "| reorder point s |" in told["buffer_plan"]["plan"]
        assert 0 < told["candidates"]["drafted"] <= told["buffer_plan"]["ordered"]
        assert told["candidates"]["evidence resolves"] is True
        assert told["outbox"]["mode"].startswith("dry run")
        assert told["inbox_snapshot"]["waiting for a decision"] == told["candidates"]["drafted"]
        assert not any(str(world.folder) in str(value) for one in told.values() for value in one.values())


def test_a_second_run_says_what_has_changed_and_drafts_nothing_new(two: tuple[Portfolio, dg.DagsterInstance]):
    _, instance = two
    run(instance, "rocket")
    assert run(instance, "rocket").success
    assert facts(instance, "sources", "rocket")["changed"] == "nothing"
    assert facts(instance, "core", "rocket")["changed"] == "nothing"
    assert facts(instance, "findings", "rocket")["changed"] == "nothing"
    assert facts(instance, "candidates", "rocket")["drafted"] == 0


def test_each_promise_is_checked_for_every_project_that_was_looked_at(two: tuple[Portfolio, dg.DagsterInstance]):
    _, instance = two
    alone = {one.check_name: one for one in run(instance, "rocket").get_asset_check_evaluations()}
    promises = {"sources_fresh", "evidence_resolves", "nothing_published_undecided", "buffer_cover"}
    flowing = {"flow_fresh", "queue_grows", "control_bypassed"}
    assert set(alone) == promises | {"no_duplicate_markers"} | flowing
    assert all(alone[name].passed for name in flowing)
    assert alone["sources_fresh"].passed
    assert alone["sources_fresh"].metadata["projects"].value == 1
    assert alone["evidence_resolves"].passed
    assert alone["nothing_published_undecided"].passed
    empty = alone["buffer_cover"]
    assert (empty.passed, empty.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert empty.description == "rocket: no ready work is left."
    both = {one.check_name: one for one in run(instance, "lantern").get_asset_check_evaluations()}
    assert both["sources_fresh"].metadata["projects"].value == 2
    assert both["buffer_cover"].description == "lantern: no ready work is left; rocket: no ready work is left."


def test_an_accepted_candidate_is_shown_in_the_outbox_but_not_filed(two: tuple[Portfolio, dg.DagsterInstance]):
    world, instance = two
    run(instance, "rocket")
    work = open_workspace(world.folder, clock.now())
    accept(work, listing(work, "rocket").candidates[0].id)
    assert run(instance, "rocket", select=("outbox",)).success
    told = facts(instance, "outbox", "rocket")
    assert (told["in the outbox"], told["filed"]) == (1, 0)
    assert "would file" in told["outbox"]
    assert not (world.folder / "rocket" / "tickets").exists()


def test_wrong_settings_fail_at_once_with_sentence_and_remedy(two: tuple[Portfolio, dg.DagsterInstance]):
    world, instance = two
    (world.folder / "scout.toml").write_text("[policy]\nflor = 3\n", "utf-8")
    result = run(instance, "rocket")
    assert not result.success
    failure = result.failure_data_for_node("sources")
    assert failure is not None
    assert failure.user_failure_data is not None
    assert "unknown key 'policy.flor'" in (failure.user_failure_data.description or "")
    assert failure.user_failure_data.metadata["remedy"].value == "Did you mean 'floor'?"
    assert not any(event.is_step_up_for_retry for event in result.all_events)


@pytest.mark.parametrize(
    ("on_hand", "blind", "expected"),
    [(9, "no", "holds"), (3, "no", "holds"), (2, "no", "warning"), (0, "no", "error"), (9, "git is gone", "warning")],
)
def test_cover_warns_below_s_and_alarms_when_nothing_is_left(on_hand: int, blind: str, expected: str):
    verdict = cover("rocket", {"on hand": on_hand, "reorder point": 3, "days of cover": 4.0, "blind": blind})
    assert ("holds" if verdict.passed else "error" if verdict.grave else "warning") == expected


def test_the_freshness_of_each_stream_is_shown_what_is_worst_first():
    now = clock.now("2026-03-02T09:00:00Z")
    before = now - timedelta(days=3)
    streams = (
        StreamAge(stream="issues", fetched_at=now, outcome=Outcome.PRESENT),
        StreamAge(stream="events", fetched_at=before, outcome=Outcome.UNAVAILABLE, reason="no permission", old=True),
    )
    known = {
        "rocket": (SourceAge(source="github", fetched_at=now, outcome=Outcome.PRESENT, streams=streams),),
        "lantern": (SourceAge(source="git", fetched_at=before, outcome=Outcome.PRESENT, old=True),),
        "harbour": (SourceAge(source="git"),),
    }
    shown = (freshness(known, now).md_str or "").splitlines()[2:]
    assert shown == [
        "| rocket | github | events | unavailable | 3 days ago | old; no permission |",
        "| lantern | git | all | present | 3 days ago | old |",
        "| harbour | git | all | never tried | never | – |",
        "| rocket | github | all | present | just now | – |",
        "| rocket | github | issues | present | just now | – |",
    ]


def test_one_project_that_is_well_never_hides_another():
    well = Verdict(project="lantern", passed=True, reason="9 ready")
    low = Verdict(project="rocket", passed=False, reason="2 ready", grave=False)
    gone = Verdict(project="harbour", passed=False, reason="no ready work is left")
    assert summary([well]).passed
    assert summary([well, low]).severity is dg.AssetCheckSeverity.WARN
    worst = summary([well, low, gone])
    assert (worst.passed, worst.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert worst.description == "harbour: no ready work is left; rocket: 2 ready."
    assert not summary([]).passed


def test_cells_are_text_whatever_other_people_wrote():
    assert cell("a|b <img src=x> [c](http://d) `e`\nf\u202eg") == (
        "a\\|b \\<img src=x\\> \\[c\\](http\\://d) \\`e\\` f g"
    )
    assert len(cell("x" * 1000)) == 160
    assert tail("a" * 60 + "/file.py:3") == "…" + "a" * 29 + "/file.py:3"
    assert tail("file.py:3") == "file.py:3"
    assert table(("n",), []).md_str == "none"
    assert (table(("n",), [(number,) for number in range(30)]).md_str or "").endswith("… and 5 more")


def test_ages_and_changes_read_well():
    now = clock.now("2026-03-02T09:00:00Z")
    assert clock.age(None, now) == "never"
    assert clock.age(now, now) == "now"
    assert clock.age(clock.now("2026-03-02T08:59:00Z"), now) == "1 minute"
    assert clock.age(clock.now("2026-02-27T09:00:00Z"), now) == "3 days"
    assert [change(number, {"n": 3}, "n") for number in (5, 3, 1)] == ["+2", "same", "−2"]
    assert changes({"n": 4}, {}) == "first run of this project"
    assert changes({"n": 4, "m": 1}, {"n": 3, "m": 1}) == "n +1"
