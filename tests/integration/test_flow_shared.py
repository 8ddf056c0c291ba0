"""Every measure of flow on public data, beside what plain Python makes of the raw records: equal for every row."""

import ast
import sys
from pathlib import Path

import pytest

from tests.flow_by_hand import chance, read
from tests.flow_sets import PAGE, SETS, Compared, Kept, compared, lines, measured, titled

FIVE = ("ticket-lead-time", "change-lead-time", "first-review-latency", "reopen-rate", "throughput")
BY_HAND = Path(__file__).parents[1] / "flow_by_hand"
NOWHERE = {"merge-to-release", "follow-up-fixes", "blocked-time", "start-inference"}
"""What none of these archives tells enough of: releases, files of changes, blocked tickets, told starts."""


@pytest.fixture(scope="module")
def done() -> dict[str, dict[str, Compared]]:
    """What was compared so far, by set."""
    return {}


@pytest.fixture(scope="module", params=SETS, ids=titled)
def kept(request: pytest.FixtureRequest) -> Kept:
    made: Kept = request.param
    return made


@pytest.fixture(scope="module")
def one(
    kept: Kept, done: dict[str, dict[str, Compared]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Compared]:
    folder = tmp_path_factory.mktemp("flow")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCOUT_HOME", str(folder / "home"))
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        done[titled(kept)] = compared(kept, folder)
    return done[titled(kept)]


def test_every_row_and_every_figure_is_that_of_the_raw_records(one: dict[str, Compared]):
    assert not {name: found.wrong for name, found in one.items() if found.wrong}
    assert sum(found.rows for found in one.values()) > 300


def test_the_five_of_the_contract_come_first(one: dict[str, Compared]):
    assert tuple(one)[:5] == FIVE


def test_the_page_says_what_was_compared(kept: Kept, one: dict[str, Compared]):
    missing = [line for line in lines(one) if line not in PAGE.read_text("utf-8")]
    assert not missing, "run `python tests/bench/bench_flow_measured.py --write`"
    assert f"## {titled(kept)}\n" in PAGE.read_text("utf-8")


def test_every_measure_has_a_figure_somewhere(done: dict[str, dict[str, Compared]]):
    if len(done) < len(SETS):
        pytest.skip("not all sets were measured")
    figures = [found.figure for made in done.values() for found in made.values()]
    assert {one.id for one in figures} - {one.id for one in figures if one.value is not None} == NOWHERE


@pytest.mark.parametrize("seed", [1, 5, 17])
def test_what_chance_makes_of_an_archive_is_equal_too(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    files = chance.write(tmp_path, seed)
    made = measured("chance", chance.NOW, files, read.github(chance.NOW, *files), tmp_path)
    assert not {name: found.wrong for name, found in made.items() if found.wrong}
    assert {name for name, found in made.items() if found.figure.value is None} == NOWHERE - {"blocked-time"}


def test_what_is_made_by_hand_knows_nothing_of_scout():
    for path in BY_HAND.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            named = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            named += [name.name for name in node.names] if isinstance(node, ast.Import) else []
            for name in named:
                assert name.startswith("tests.flow_by_hand") or name.split(".")[0] in sys.stdlib_module_names, name
