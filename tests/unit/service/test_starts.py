"""What counts as a start, what was asked for in vain, what others teach, and which days are worked."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from scout.buffer.calendar import Calendar
from scout.buffer.demand import NO_HISTORY, expected
from scout.errors import SettingsError
from scout.ledger import Purpose, Request
from scout.model import Decision, Event
from scout.service.calendars import calendar_of
from scout.service.experience import past_of
from scout.service.plan import forecast
from scout.service.run import run
from scout.service.starts import BASES, PROXY, StartHistory, chosen, unmet
from scout.service.wiring import Workspace, open_workspace
from scout.warehouse.tables.starts import DailyStarts
from tests.ledgers import a_candidate
from tests.making import Made

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)


def _starts(**counts: int) -> list[DailyStarts]:
    return [DailyStarts(evidence, TODAY - DAY, count) for evidence, count in counts.items()]


def _asked(at: datetime, asked: int, available: int) -> Request:
    return Request(project="p", at=at, asked=asked, available=available, purpose=Purpose.AGENT)


@pytest.mark.parametrize(
    ("found", "evidence"),
    [
        ({"board": 40, "linked": 20, "opened": 90, "claimed": 9}, "board"),
        ({"board": 2, "linked": 40, "opened": 90}, "linked"),
        ({"board": 2, "linked": 4, "opened": 90, "claimed": 200}, "opened"),
        ({"claimed": 3, "expedited": 50}, "claimed"),
        ({"expedited": 50}, None),
        ({}, None),
    ],
)
def test_the_surest_evidence_that_is_really_used_counts(found: dict[str, int], evidence: str | None):
    assert chosen(_starts(**found), TODAY) == evidence


def test_what_is_long_over_or_still_to_come_decides_only_where_nothing_else_is_known():
    old = [DailyStarts("board", TODAY - 700 * DAY, 900)]
    assert chosen([*old, *_starts(opened=3)], TODAY) == "opened"
    assert chosen(old, TODAY) == "board"
    assert chosen([DailyStarts("board", TODAY + DAY, 900), *_starts(opened=3)], TODAY) == "opened"


def test_work_asked_for_in_vain_is_demand_but_asking_again_is_not():
    requests = [_asked(NOW - DAY + timedelta(minutes=minute), 1, 0) for minute in range(300)]
    assert unmet([*requests, _asked(NOW - DAY, 3, 0), _asked(NOW, 5, 1), _asked(NOW, 0, 0)]) == ((TODAY - DAY, 3),)
    days = Calendar().days(TODAY - 60 * DAY, TODAY)
    starving = StartHistory("b", [(day, 1) for day in days[:-10]], [(day, 2) for day in days[-10:]])
    quiet = StartHistory("b", [(day, 1) for day in days[:-10]])
    assert starving.tempo(TODAY, Calendar()).per_day > 1.5 > quiet.tempo(TODAY, Calendar()).per_day
    assert "On 10 days work was asked for and nothing was ready: 20 more count as demand." in starving.notes(TODAY)


def test_a_young_project_borrows_from_the_portfolio_and_an_old_one_does_not():
    lenders = [(8.0, 300), (8.5, 300), (9.0, 300), (100.0, 3)]
    days = Calendar().days(TODAY - 200 * DAY, TODAY)
    young, old = [(day, 1) for day in days[-2:]], [(day, 1) for day in days]
    rate = StartHistory("b", young).tempo(TODAY, Calendar()).per_day
    assert StartHistory("b", young, others=lenders).tempo(TODAY, Calendar()).per_day > 2 * rate
    assert StartHistory("b", young, others=lenders[:2]).tempo(TODAY, Calendar()).per_day == rate
    lent = StartHistory("b", old, others=lenders).tempo(TODAY, Calendar())
    assert lent == StartHistory("b", old).tempo(TODAY, Calendar())
    assert not StartHistory("b", [], others=lenders).tempo(TODAY, Calendar()).known


@pytest.mark.parametrize(
    "started",
    [
        [],
        [(TODAY - DAY, 1)],
        [(TODAY - 3 * DAY, 800)],
        [(TODAY + 3000 * DAY, 5)],
        [(date(1970, 1, 1), 1), (TODAY - 5 * DAY, 2)],
        [(TODAY - day * DAY, 2) for day in (*range(200, 300), *range(1, 70))],
        [(TODAY - DAY, -3)],
    ],
)
def test_odd_histories_make_forecasts_that_are_numbers(started: list[tuple[date, int]]):
    history = StartHistory("b", started)
    found = expected(history.tempo(TODAY, Calendar()), 5, basis=history.basis)
    assert 0 <= found.per_day < 800
    assert list(found.quantiles.values()) == sorted(found.quantiles.values())
    assert (found.basis == NO_HISTORY) == (found.starts == 0)
    assert [one.day for one in history.changes(TODAY, Calendar())] == sorted(
        one.day for one in history.changes(TODAY, Calendar()) if one.day
    )


def _settings(folder: Path, text: str) -> Workspace:
    (folder / "scout.toml").write_text(f'{text}\n[[project]]\nid = "p"\nflow.working_days = ["sun", "mon"]\n')
    return open_workspace(folder, NOW)


def test_a_calendar_has_the_weeks_days_the_countrys_holidays_and_the_days_closed(own: Path):
    work = _settings(own, '[portfolio]\ncountry = "DE-BY"\nholidays = ["2026-03-04", "2026-08-03/2026-08-21"]')
    found = calendar_of(work, "p")
    assert {
        date(2026, 1, 1),
        date(2026, 1, 6),
        date(2026, 3, 4),
        date(2026, 8, 21),
        date(2027, 12, 25),
    } <= found.holidays
    assert found.is_working(date(2026, 3, 1))
    assert not found.is_working(date(2026, 3, 3))
    assert found.count(date(2026, 3, 1), date(2026, 3, 15)) == 4
    assert calendar_of(work, "other").week == Calendar().week


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('holidays = ["25.12.2026"]', "no date"),
        ('holidays = ["2026-12-25/2026-12-24"]', "end before they begin"),
        ('country = "Atlantis"', "Nobody knows the holidays of 'Atlantis'"),
        ('country = "DE-XX"', "Nobody knows the holidays of 'DE-XX'"),
    ],
)
def test_a_calendar_that_cannot_be_is_told(own: Path, written: str, told: str):
    with pytest.raises(SettingsError, match=told):
        calendar_of(_settings(own, f"[portfolio]\n{written}"), "p")


def test_a_checkout_without_a_tracker_uses_landed_changes_and_says_so(own: Path):
    made = Made(own)
    made.write({"a.py": "x = 1\n"})
    made.record("first")
    work = open_workspace(own, NOW)
    project = work.project()
    run(work, project)
    report = forecast(work, project)
    assert report.plan.demand.basis in {PROXY, NO_HISTORY}
    assert PROXY not in BASES.values()
    assert [stage.name for stage in report.stages] == ["draft to decision", "decision to ticket", "draft to ticket"]


def test_without_any_candidate_the_settings_stand_for_experience():
    past = past_of((), NOW, Calendar(), review_period=1, expected_days=4, expected_yield=0.6)
    assert past.experience.decided == 0
    assert past.stages[-1].time.mean == pytest.approx(4)
    assert past.yields.overall.expected == pytest.approx(0.6)


def test_what_was_sent_back_after_filing_was_no_ready_ticket():
    yes = Decision(seq=1, event=Event.ACCEPT, reason="", actor="reviewer", revision=1, at=NOW)
    lives = [a_candidate().having(id=f"{n:016x}", decisions=(yes,)) for n in range(4)]
    for unready, ready in ((set[str](), 4), ({lives[0].id}, 3)):
        past = past_of(lives, NOW, Calendar(), review_period=1, expected_days=4, expected_yield=0.6, unready=unready)
        assert (past.experience.accepted, past.experience.decided) == (ready, 4)
        assert past.yields.overall.accepted == ready
