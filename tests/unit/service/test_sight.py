"""What scouts are given to see: trackers' rows as they were pulled, settings, siblings."""

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scout.errors import SettingsError, UnavailableError
from scout.model import Outcome
from scout.service.ingest import ingest
from scout.service.scan import equipped, find
from scout.service.sight import core_digest, siblings, sight
from scout.service.wiring import Workspace, open_workspace
from scout.signals import NotApplicable, Reads, View
from scout.warehouse.freshness import Ending
from tests.rocket import rocket

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
EVERYTHING = frozenset(Reads)
TICKET = "---\ntitle: Mend the pump\nstate: unstarted\n---\n\nIt leaks.\n"


def opened(folder: Path, settings: str = "") -> Workspace:
    (folder / "scout.toml").write_text(settings)
    return open_workspace(folder, NOW)


def seen(work: Workspace, name: str) -> View:
    with ExitStack() as stack:
        project = work.project(name)
        return sight(work, project, View(None, NOW), EVERYTHING, siblings(work, project, stack))


def test_the_tickets_of_a_folder_are_seen_as_they_were_pulled(own: Path):
    rocket(own / "here", landed=1)
    (own / "here" / "tickets").mkdir()
    (own / "here" / "tickets" / "pump.md").write_text(TICKET)
    work = opened(own, '[[project]]\nid = "rocket"\npath = "here"\n')
    project = work.project("rocket")
    before = seen(work, "rocket")
    assert isinstance(before.lacking[Reads.TICKETS], UnavailableError)
    assert isinstance(before.lacking[Reads.RUNS], NotApplicable)

    ingest(work, project)

    view = seen(work, "rocket")
    assert [ticket.title for ticket in view.core.tickets.values()] == ["Mend the pump"]
    assert Reads.TICKETS not in view.lacking


def test_findings_are_looked_for_again_when_trackers_say_something_else(own: Path):
    rocket(own / "here", landed=1)
    work = opened(own, '[[project]]\nid = "rocket"\npath = "here"\n')
    project = work.project("rocket")
    ingest(work, project)
    before = core_digest(work, project, EVERYTHING)
    (own / "here" / "tickets").mkdir()
    (own / "here" / "tickets" / "pump.md").write_text(TICKET)

    ingest(work, project)

    assert core_digest(work, project, EVERYTHING) != before


def test_siblings_are_the_other_checkouts_with_their_visibility(own: Path):
    rocket(own / "one", landed=1)
    rocket(own / "two", landed=1)
    (own / "none").mkdir()
    tables = [
        '[[project]]\nid = "one"\npath = "one"\n',
        '[[project]]\nid = "two"\npath = "two"\nvisibility = "public"\n',
        '[[project]]\nid = "none"\npath = "none"\n',
    ]
    view = seen(opened(own, "\n".join(tables)), "one")

    assert {name: one.visibility.value for name, one in view.siblings.items()} == {"two": "public"}
    assert Reads.PORTFOLIO not in view.lacking


def test_what_was_learned_of_a_sibling_is_learned_once_until_it_moves(own: Path):
    for name in ("one", "two"):
        rocket(own / name, landed=1)
    three = rocket(own / "three", landed=1)
    work = opened(own, "".join(f'[[project]]\nid = "{name}"\npath = "{name}"\n' for name in ("one", "two", "three")))
    asked: list[View] = []

    def learn() -> None:
        for name in ("one", "two"):
            seen(work, name).siblings["three"].once(asked.append)

    learn()
    assert len(asked) == 1
    three.commit({"new.txt": "new\n"})
    learn()
    assert len(asked) == 2


def test_without_siblings_the_portfolio_has_no_meaning(own: Path):
    rocket(own / "one", landed=1)
    view = seen(opened(own, '[[project]]\nid = "one"\npath = "one"\n'), "one")

    assert str(view.lacking[Reads.PORTFOLIO]) == "no other project of the portfolio has a checkout"


def test_a_scout_is_switched_off_and_still_answers_when_it_is_named(own: Path):
    rocket(own / "one", landed=1)
    work = opened(own, '[signals.temporary-old]\nenabled = false\n[[project]]\nid = "one"\npath = "one"\n')

    assert "temporary-old" not in {look.signal for look in find(work, work.project("one")).looks}
    assert [scout.id for scout in equipped(work, ["temporary-old"])] == ["temporary-old"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("[signals.temporary-odl]\ncap = 1\n", "there is no scout called 'temporary-odl'"),
        ("[signals.temporary-old]\ncapp = 1\n", "unknown key 'capp'"),
        ("[signals.temporary-old]\ncap = -1\n", "'cap' in"),
    ],
)
def test_a_wrong_table_of_a_scout_is_told_with_the_nearest_name(own: Path, table: str, said: str):
    rocket(own / "one", landed=1)
    work = opened(own, f'{table}[[project]]\nid = "one"\npath = "one"\n')

    with pytest.raises(SettingsError, match=said):
        find(work, work.project("one"))


def test_one_cause_that_stops_many_scouts_is_told_once(own: Path):
    rocket(own / "one", landed=1)
    (own / "one" / "tickets").mkdir()
    work = opened(own, '[[project]]\nid = "one"\npath = "one"\n')
    report = find(work, work.project("one"))

    assert len(report.incomplete) > 1
    assert len(report.unfinished) == 1
    assert f"{len(report.incomplete) - 1} more scouts: unavailable: 'files' was not read yet." in report.unfinished[0]


def test_two_projects_that_could_not_be_read_are_told_each_its_own_reason(own: Path):
    rocket(own / "one", landed=1)
    (own / "one" / "tickets").mkdir()
    work = opened(own, '[[project]]\nid = "one"\npath = "one"\n[[project]]\nid = "two"\npath = "one"\n')

    for name in ("one", "two"):
        ending = Ending(outcome=Outcome.UNAVAILABLE, reason=f"{name} is locked")
        work.freshness.record(name, "files", ending, at=NOW)

    said = [find(work, work.project(name)).unfinished[0] for name in ("one", "two")]
    assert ["one is locked" in said[0], "two is locked" in said[1]] == [True, True]
