"""The portfolio of flow: what was published, and controls that two projects gave up, each for itself."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scout.errors import UsageError
from scout.service.flow_shown import portfolio_flow, project_flow, rows_file
from scout.service.wiring import Workspace, open_workspace
from scout.signals import ControlQuarter, ControlSeen, FlowFacts

QUARTERS = tuple(f"{year}-Q{quarter}" for year in (2022, 2023, 2024) for quarter in (1, 2, 3, 4))
GAVE, HELD = (*(2,) * 8, *(8,) * 4), (2,) * 12


def facts(missed: tuple[int, ...]) -> FlowFacts:
    quarters = tuple(
        ControlQuarter(name=name, opportunities=20, bypassed=count)
        for name, count in zip(QUARTERS, missed, strict=True)
    )
    return FlowFacts(
        controls=(ControlSeen(id="tests-with-code", watches="behaviour", opportunity="code", quarters=quarters),)
    )


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    names = "".join(f'[[project]]\nid = "{name}"\nsources = [{{type = "imports"}}]\n' for name in ("barn", "hill"))
    (tmp_path / "scout.toml").write_text(names)
    return open_workspace(tmp_path, datetime(2025, 1, 10, tzinfo=UTC))


def keep(work: Workspace, **known: FlowFacts) -> None:
    folder = work.home / "cache" / "flow"
    folder.mkdir(parents=True, exist_ok=True)
    for name, one in known.items():
        (folder / f"{name}.json").write_text(one.model_dump_json())


def test_two_projects_that_give_up_a_control_are_told_together(work: Workspace):
    keep(work, barn=facts(GAVE), hill=facts(GAVE))
    (found,) = portfolio_flow(work).given_up
    assert (found.control, found.projects) == ("tests-with-code", (("barn", 0.1, 0.4), ("hill", 0.1, 0.4)))


def test_one_alone_is_its_own_matter(work: Workspace):
    keep(work, barn=facts(GAVE), hill=facts(HELD))
    assert portfolio_flow(work).given_up == ()


def test_nothing_published_and_what_cannot_be_read_are_no_faults(work: Workspace):
    shown = portfolio_flow(work)
    assert (shown.lines, shown.unread) == ((), ("barn", "hill"))
    folder = work.home / "flow" / "barn"
    folder.mkdir(parents=True)
    (folder / "page.json").write_text("{")
    assert project_flow(work, "barn") is None
    with pytest.raises(UsageError, match=r"There is no table page\.json of barn"):
        rows_file(work, "barn", "page.json")
