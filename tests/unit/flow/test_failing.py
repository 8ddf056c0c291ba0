"""What repeats goes wrong in the same way: a component that many fixes touch is no exception that recurs."""

from dataclasses import replace

import pytest

from scout.flow.failing import ways
from scout.flow.recurring import Told, recurrences


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("Fix flaky test of the pump", "flaky"),
        ("Fix a race condition when tanks are filled", "race"),
        ("docs: fix broken relative link", "broken link"),
        ("Repair dead links in the guide", "broken link"),
        ("Gauge request times out", "timeout"),
        ("Get rid of deprecation warnings", "deprecation"),
        ("Import fails on Mondays", "failing"),
        ("Queue stuck after a restart", "failing"),
        ("Valve raises KeyError", "failing"),
        ("Update the gauge library to 9.0.0", "bringing up to date"),
        ("Fix court report dropdown", ""),
        ("Fixes typos in release notes", ""),
        ("Fix wording of an error message", ""),
        ("Add a page about tracing", ""),
    ],
)
def test_a_title_says_in_which_way_it_goes_wrong(text: str, way: str):
    assert (way in ways("ticket", text)) if way else not ways("ticket", text)


def test_a_revert_and_a_failed_job_say_so_by_their_kind():
    assert ways("revert", 'Revert "Paint the tank"') == {"revert"}
    assert ways("failed job", "build / linux") == {"failed job"}


def told(texts: list[str], every: int = 40) -> list[Told]:
    return [Told("fix", str(place), text, 19_000 + every * place, float("nan")) for place, text in enumerate(texts)]


PARTS = ("dropdown", "font in section A", "columns of the template", "spacing", "download", "labels")
NOISE = [f"{'abcdefghij'[place % 10] * 5} {'klmnopqrst'[place // 10] * 6}" for place in range(60)]


def test_fixes_of_one_component_in_many_ways_do_not_recur():
    assert recurrences(told([*NOISE, *(f"Fix court report {part}" for part in PARTS)])) == ()
    (found,) = recurrences(told([*NOISE, *(f"Fix flaky court report test: {part}" for part in PARTS)]))
    assert {"flaky", "court", "report"} <= set(found.name.split())


def test_hot_fixes_that_share_no_more_than_that_they_are_made_correctly_do_not_recur():
    rows = [
        replace(one, kind="hot fix") for one in told([*NOISE, *(f"Hotfix: correctly set {part}" for part in PARTS)])
    ]
    assert recurrences(rows) == ()


def test_members_that_go_wrong_otherwise_are_left_out():
    texts = [*(f"Fix broken link in gauge guide: {part}" for part in PARTS), "Fix broken spelling in gauge guide link"]
    (found,) = recurrences(told([*NOISE, *texts]))
    assert len(found.members) == len(PARTS)


def test_races_in_different_places_are_different_bugs_and_those_of_one_thing_are_not():
    assert recurrences(told([*NOISE, *(f"Fix race condition: {part}" for part in PARTS)])) == ()
    (found,) = recurrences(told([*NOISE, *(f"Fix race condition of the pump: {part}" for part in PARTS)]))
    assert "pump" in found.name.split()


def test_what_came_up_twice_in_the_last_two_years_is_over():
    texts = [f"Fix flaky gauge test: {part}" for part in PARTS]
    assert recurrences(told([*NOISE, *texts], every=400)) == ()
    assert len(recurrences(told([*NOISE, *texts], every=300))) == 1
