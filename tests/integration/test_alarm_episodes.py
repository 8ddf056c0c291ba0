"""An alarm from the moment it begins to the one it is over, as a user meets it: plan, empty answers, messages."""

from pathlib import Path
from typing import Any

import pytest

from tests.claiming import shop
from tests.rocket import Scout

MONDAY, TUESDAY = "2026-03-02", "2026-03-03"


@pytest.fixture
def scout(tmp_path: Path) -> Scout:
    made = shop(tmp_path / "shop", 2)
    (made.path / "scout.toml").write_text(
        '[[project]]\nid = "shop"\npath = "."\nreviewers = 0\n[notify]\ndigest = false\ntargets = ["json://127.0.0.1:9"]\n',
        "utf-8",
    )
    return Scout(tmp_path / "state", made.path)


def finish(scout: Scout) -> None:
    for file in (scout.folder / "tickets").iterdir():
        file.write_text(file.read_text("utf-8").replace("---\n", "---\nstate: completed\n", 1), "utf-8")


def empties(scout: Scout, now: str) -> list[dict[str, Any]]:
    """Return the messages that say that nothing is ready."""
    told = scout("notify", "--json", now=now).document["messages"]
    return [one for one in told if "empty" in one["title"]]


def alarms(scout: Scout, now: str) -> dict[str, str]:
    """Return the alarms that the plan of now has, with the moment when each began."""
    return {one["kind"]: one["since"] for one in scout("buffer", "--json", now=now).document["plan"]["alarms"]}


def test_asked_in_vain_rings_before_the_next_run_and_the_next_run_knows_the_same_episode(scout: Scout):
    scout("run", now=f"{MONDAY}T06:00")
    assert empties(scout, f"{MONDAY}T06:05") == []
    finish(scout)
    first = scout("next", "--json", now=f"{MONDAY}T07:00")
    assert first.document["available"] == 0
    assert empties(scout, f"{MONDAY}T07:05") == [], "one reading is not believed"
    scout("next", now=f"{MONDAY}T07:30")
    (told,) = empties(scout, f"{MONDAY}T07:35")
    assert "nothing is ready, and work was asked for 2 times since 07:00 UTC" in told["body"]
    scout("run", now=f"{MONDAY}T09:00")
    found = alarms(scout, f"{MONDAY}T09:05")
    assert found["empty"].startswith(f"{MONDAY}T07:00"), "the episode began when somebody asked, and is told once"
    scout("run", now=f"{TUESDAY}T06:00")
    assert alarms(scout, f"{TUESDAY}T06:05")["empty"] == found["empty"]


def test_the_end_is_reported(scout: Scout):
    scout("run", now=f"{MONDAY}T06:00")
    texts = {file: file.read_text("utf-8") for file in (scout.folder / "tickets").iterdir()}
    finish(scout)
    for minute in (10, 20):
        scout("next", now=f"{MONDAY}T07:{minute}")
    scout("run", now=f"{MONDAY}T08:00")
    assert "empty" in alarms(scout, f"{MONDAY}T08:05")
    for file, text in texts.items():
        file.write_text(text, "utf-8")
    ended = scout("run", now=f"{TUESDAY}T06:00")
    assert "Over: empty, since 2026-03-02 07:10 UTC." in " ".join(ended.out.split())
    assert "empty" not in alarms(scout, f"{TUESDAY}T06:05")


def test_two_plans_of_a_day_say_the_same(scout: Scout):
    (scout.folder / "scout.toml").write_text('[[project]]\nid = "shop"\npath = "."\n', "utf-8")
    (scout.folder / "README.md").write_text("# Shop\n\nRead [it](gone.md) and [that](left.md).\n", "utf-8")
    scout("run", now=f"{MONDAY}T06:00")
    plans = [
        scout("buffer", "--json", now=f"{TUESDAY}T{hour}").document["plan"] for hour in ("01:00", "10:00", "22:00")
    ]
    for one in plans:
        del one["at"], one["next_review_at"]
    assert plans[0] == plans[1] == plans[2]
