"""How old what is known of each source is: by cadence, by source, by stream."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scout.model import Outcome
from scout.service.ages import SourceAge, ages, streams_told, trouble
from scout.service.checks import sources_fresh
from scout.service.wiring import Workspace, open_workspace
from scout.warehouse.freshness import Ending

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def opened(folder: Path, cadence: str = "daily", *, later: timedelta = timedelta()) -> Workspace:
    (folder / "scout.toml").write_text(
        f'[[project]]\nid = "rocket"\ncadence = "{cadence}"\nsources = ["git", "files"]\n'
    )
    return open_workspace(folder, NOW + later)


def known(work: Workspace) -> dict[str, SourceAge]:
    return {one.source: one for one in ages(work, work.project("rocket"))}


@pytest.mark.parametrize(
    ("cadence", "hours", "old"),
    [("hourly", 1, False), ("hourly", 3, True), ("daily", 47, False), ("daily", 49, True), ("weekly", 300, False)],
)
def test_two_missed_periods_make_a_snapshot_old(own: Path, cadence: str, hours: int, old: object):
    work = opened(own, cadence)
    work.prepare()
    for source in ("git", "files"):
        work.freshness.record("rocket", source, Ending(), at=NOW)
    later = opened(own, cadence, later=timedelta(hours=hours))
    assert known(later)["git"].old is old
    report = sources_fresh(later, later.project("rocket"))
    assert report.passed is not old
    assert ("was last read" in report.reason) is old


def test_what_was_never_read_is_said(own: Path):
    work = opened(own)
    assert trouble(known(work)["git"], work.now) == "git was never read"
    assert not sources_fresh(work, work.project("rocket")).passed


def test_what_could_not_be_read_says_why_and_how_old_the_rest_is(own: Path):
    work = opened(own)
    work.prepare()
    work.freshness.record("rocket", "git", Ending(), at=NOW - timedelta(days=3))
    locked = Ending(outcome=Outcome.UNAVAILABLE, reason="it is locked", until=NOW + timedelta(hours=2))
    work.freshness.record("rocket", "git", locked, at=NOW)
    said = trouble(known(work)["git"], work.now)
    assert said == (
        "git could not be read: it is locked; it answers again from 2026-03-02 11:00 UTC; last read 3 days ago"
    )


def test_what_does_not_apply_is_no_trouble(own: Path):
    work = opened(own)
    work.prepare()
    work.freshness.record("rocket", "files", Ending(outcome=Outcome.NOT_APPLICABLE, reason="no folder"), at=NOW)
    assert trouble(known(work)["files"], work.now) == ""


def test_streams_alike_are_one_line():
    hour = timedelta(hours=1)
    source = SourceAge.model_validate(
        {
            "source": "board",
            "streams": [
                {"stream": "cards", "fetched_at": NOW - hour, "outcome": "present"},
                {"stream": "lists", "fetched_at": NOW - hour, "outcome": "present"},
                {"stream": "notes", "fetched_at": None, "outcome": "unavailable", "reason": "they are private"},
                {"stream": "votes", "fetched_at": NOW - 90 * hour, "outcome": "absent", "old": True},
            ],
        }
    )
    assert streams_told(source, NOW) == (
        "cards, lists: present (read 1 hour ago)",
        "notes: unavailable: they are private (never read)",
        "votes: absent (read 3 days ago, old)",
    )
