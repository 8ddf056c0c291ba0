"""The case to beat: nine workers in two waves, killed, poisoned, asking, one of them wrong; in the end all is right."""

from hashlib import sha256
from pathlib import Path

import pytest

from scout import clock
from scout.lifecycle import register
from scout.service.classify_apply import apply
from scout.service.classify_undo import undo
from scout.service.wiring import open_workspace
from tests import backlog_case
from tests.hard_case import KILLS, WRONG, hard, saying, table


@pytest.mark.slow
def test_719_tickets_end_with_exactly_one_class_each_and_all_that_was_wrong_is_corrected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "home"))
    made = saying(backlog_case.tickets())
    places = backlog_case.write(made, tmp_path / "checkouts")
    assert (len(made), len(places), sum(one.open for one in made)) == (719, 8, 484)
    (tmp_path / "scout.toml").write_text(backlog_case.settings(places), "utf-8")
    work = open_workspace(tmp_path, clock.now("2026-09-01"), tmp_path / "scout.toml")

    found = hard(work, tmp_path)
    report = found.report
    print(f"\n{table(found)}")
    assert report.tickets == 719 == sum(report.classes.values())
    assert (found.kills, found.answers, found.apostrophes, len(report.set_aside)) == (KILLS, 1, 9, 1)
    assert {one.case for one in report.corrections} == {"vendors-lawyers"}
    assert sum(one.count for one in report.corrections) == report.corrected == WRONG
    assert {one.meaning for one in found.wrong} == {"waiting"}
    assert all(one.first not in {None, "waiting"} for one in found.wrong)
    with register.opened(found.run.folder) as kept:
        assert len({(one.project, one.key) for one in kept.entries()}) == 719
    assert any(event["verb"] == "answered" and event["answer"] == "yes" for event in found.run.events())

    before = _digests(places)
    assert apply(work, found.run.name).written == 0
    assert _digests(places) == before
    applied = apply(work, found.run.name, accept=("all",), live=True)
    assert (applied.written, applied.failed) == (719, 0)
    assert all("gtd: " in path.read_text("utf-8") for path in _files(places))
    undone = undo(work, found.run.name, live=True)
    assert (undone.undone, undone.held) == (719, {})
    assert _digests(places) == before


def _files(places: dict[str, Path]) -> list[Path]:
    return sorted(path for place in places.values() for path in (place / "tickets").iterdir())


def _digests(places: dict[str, Path]) -> dict[str, str]:
    return {str(path): sha256(path.read_bytes()).hexdigest() for path in _files(places)}
