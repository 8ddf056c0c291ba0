"""`scout buffer` answers bad input with a plan and its reason, or with a clear error; never from blindness."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from tests.making import Made
from tests.rocket import Scout

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "shop")


@pytest.fixture
def scout(tmp_path: Path, made: Made) -> Scout:
    return Scout(tmp_path / "state", made.path)


def landed(made: Made, *days: int) -> None:
    """Land a change on each of these days before now."""
    for number, day in enumerate(days):
        made.clock = NOW - (day + 1) * DAY
        made.commit({"log.txt": f"{number}\n"}, f"change {number}")


def settings(made: Made, policy: str = "", project: str = "") -> None:
    (made.path / "scout.toml").write_text(f'{policy}\n[[project]]\nid = "shop"\npath = "."\n{project}\n', "utf-8")


def planned(scout: Scout, now: datetime = NOW) -> dict[str, Any]:
    """Run, and return the plan that the run ordered by; every figure in it is a number."""
    plan = scout("run", "--json", now=now.isoformat()).document["plan"]
    assert all(math.isfinite(figure) for figure in _figures(plan)), plan
    assert plan["reason"]
    assert plan["order"] >= 0
    return plan


def _figures(value: object) -> Iterator[float]:
    if isinstance(value, dict | list):
        inner = cast("dict[str, object] | list[object]", value)
        for one in inner.values() if isinstance(inner, dict) else inner:
            yield from _figures(one)
    elif isinstance(value, int | float):
        yield value


def test_no_history(made: Made, scout: Scout):
    landed(made, 0)
    made.git("commit", "-q", "--amend", "--no-edit", "--date", NOW.isoformat(), GIT_COMMITTER_DATE=NOW.isoformat())
    plan = planned(scout)
    assert plan["constraint"].startswith("no history")
    assert plan["order"] > 0, "the floor"


def test_one_start_ever(made: Made, scout: Scout):
    landed(made, 60)
    assert planned(scout)["demand"]["starts"] == 1


def test_all_starts_on_one_day(made: Made, scout: Scout):
    landed(made, *[20] * 30)
    plan = planned(scout)
    assert plan["demand"]["starts"] == 30
    assert plan["order"] <= plan["ceiling"]


def test_a_project_paused_for_a_quarter(made: Made, scout: Scout):
    landed(made, *range(200, 95, -3))
    plan = planned(scout)
    assert plan["demand"]["per_day"] < 0.1


def test_a_clock_that_jumps_there_and_back(made: Made, scout: Scout):
    landed(made, *range(40, 0, -2))
    first = planned(scout)
    planned(scout, NOW + 2000 * DAY)
    back = scout("buffer", "--json", now=(NOW + DAY).isoformat()).document
    assert back["plan"]["reorder_point"] <= first["reorder_point"] + 2
    assert any("The clock went back" in note for note in back["notes"])


@pytest.mark.parametrize(
    ("policy", "project", "said"),
    [
        ("[policy]\nservice_level = 1.0", "", "service_level"),
        ("[policy]\norder_up_to = 1", "", "order_up_to"),
        ("[policy]\nfloor = 0", "", "floor"),
        ("[policy]\nyield_rate = 0", "", "yield_rate"),
        ("[policy]\nlead_time = -3", "", "lead_time"),
        ("", "reviewers = -1", "reviewers"),
    ],
)
def test_settings_that_contradict_themselves(made: Made, scout: Scout, policy: str, project: str, said: str):
    landed(made, 3)
    settings(made, policy, project)
    ran = scout("buffer")
    assert ran.code == 2
    assert said in ran.err
    assert ran.out == ""


def test_reviewers_set_to_zero_and_every_yield(made: Made, scout: Scout):
    landed(made, *range(40, 0, -2))
    settings(made, "[policy]\nyield_rate = 1.0", "reviewers = 0")
    plan = planned(scout)
    assert plan["order"] == 0
    assert "0 reviewers' decisions a day" in plan["reason"]


def test_a_source_that_cannot_be_read_orders_nothing(made: Made, scout: Scout):
    landed(made, *range(40, 0, -2))
    settings(made, "", 'sources = ["git", "files"]')
    ran = scout("run", "--json", now=NOW.isoformat())
    assert ran.code == 3
    plan = ran.document["plan"]
    assert plan["position"]["blind"]
    assert plan["order"] == 0
    assert plan["constraint"].startswith("blind")
