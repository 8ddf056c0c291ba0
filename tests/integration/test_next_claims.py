"""Ready work is handed out once, leases end by themselves, and whoever works longer keeps what they have."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from scout.service.leases import give_back, renew
from scout.service.next_work import next_work
from scout.service.wiring import Project, Workspace, open_workspace
from tests.claiming import BEGUN, asks, at_once, killed_holder, pulled, shop

TICKETS = 6
HOUR = timedelta(hours=1)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("SCOUT_CONFIG", raising=False)
    made = shop(tmp_path / "shop", TICKETS)
    pulled(made.path)
    return made.path


def opened(path: Path, hours: float = 0) -> tuple[Workspace, Project]:
    work = open_workspace(path, BEGUN + hours * HOUR)
    return work, work.project()


def test_of_many_who_ask_at_once_each_gets_another_ticket(path: Path):
    got = at_once(path, [f"builder-{number % 3}" for number in range(TICKETS + 3)])
    taken = Counter(key for keys in got for key in keys)
    assert len(taken) == TICKETS
    assert set(taken.values()) == {1}
    assert sorted(map(len, got)) == [0, 0, 0] + [1] * TICKETS
    work, project = opened(path)
    asked = work.ledger.requests(project.id)
    assert len(asked) == TICKETS + 3
    assert all(one.asked == 1 and one.available <= TICKETS for one in asked)


def test_the_ticket_of_a_killed_holder_comes_back_when_its_lease_ends(path: Path):
    (lost,) = killed_holder(path, "builder-1")
    others = asks(path, "builder-2", at=BEGUN + HOUR, count=TICKETS)
    assert lost not in others
    assert len(others) == TICKETS - 1
    assert asks(path, "builder-3", at=BEGUN + 8 * HOUR - timedelta(seconds=1)) == []
    assert asks(path, "builder-3", at=BEGUN + 8 * HOUR) == [lost]


def test_a_renewed_lease_holds_and_one_that_ended_does_not_come_back(path: Path):
    (mine,) = asks(path, "builder-1")
    report = renew(*opened(path, 7), "builder-1", 8)
    assert [(one.ticket, one.until) for one in report.held] == [(mine, BEGUN + 15 * HOUR)]
    assert mine not in asks(path, "builder-2", at=BEGUN + 14 * HOUR, count=TICKETS)
    assert renew(*opened(path, 15), "builder-1", 8).held == ()
    assert asks(path, "builder-3", at=BEGUN + 15 * HOUR) == [mine]


def test_renewing_never_makes_a_lease_shorter_and_touches_nobody_elses(path: Path):
    (mine,), (other,) = asks(path, "builder-1"), asks(path, "builder-2")
    assert renew(*opened(path, 1), "builder-1", 1).held[0].until == BEGUN + 8 * HOUR
    work, project = opened(path, 2)
    assert {one.ticket: one.until for one in work.ledger.claims(work.now, project.id)} == {
        mine: BEGUN + 8 * HOUR,
        other: BEGUN + 8 * HOUR,
    }


def test_what_is_given_back_is_served_again(path: Path):
    (mine,) = asks(path, "builder-1")
    assert give_back(*opened(path, 1), "builder-1").returned == (mine,)
    assert asks(path, "builder-2", at=BEGUN + HOUR) == [mine]


@pytest.mark.parametrize("hours", [-10, -1, 1, 6])
def test_a_clock_that_is_hours_off_takes_nobodys_ticket(path: Path, hours: float):
    (mine,) = asks(path, "builder-1")
    assert mine not in asks(path, "builder-2", at=BEGUN + hours * HOUR, count=TICKETS)


def test_a_claim_by_a_clock_that_is_years_ahead_does_not_hold_for_ever(path: Path):
    (lost,) = asks(path, "builder-1", at=BEGUN + timedelta(days=3650))
    assert asks(path, "builder-2") == [lost]


def test_tickets_that_would_meet_are_not_handed_out_together(path: Path):
    text = (path / "tickets/t0.md").read_text("utf-8")
    (path / "tickets/twin.md").write_text(text.replace("Rows of", "Columns of"), "utf-8")
    work, project = opened(path)
    report = next_work(work, project, count=20)
    assert (report.available, report.fronts) == (TICKETS + 1, TICKETS)
    assert len(report.tickets) == TICKETS
    (held,) = {"t0", "twin"} - {one.key for one in report.tickets}
    assert "touches app/export0.py" in report.withheld[held]
    got = at_once(path, [f"builder-{number}" for number in range(TICKETS + 3)])
    taken = {key for keys in got for key in keys}
    assert len(taken & {"t0", "twin"}) == 1
