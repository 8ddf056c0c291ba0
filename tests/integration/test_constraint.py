"""`scout buffer` names what keeps cover down from the days that plans, reviewers and trackers have left behind."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scout.buffer.calendar import Calendar
from scout.ledger import Purpose, Request
from scout.model import Candidate, Decision, Draft, Event
from scout.service.assess import assess_tickets
from scout.service.ingest import ingest
from scout.service.plan import plan
from scout.service.wiring import open_workspace
from scout.warehouse.tables import plans
from tests.claiming import BEGUN, shop
from tests.ledgers import a_candidate
from tests.rocket import Scout

DAYS = Calendar().days(BEGUN.date(), BEGUN.date() + timedelta(days=100))
USUAL, TICKETS = 32, 12


def at(number: int, hour: int = 9) -> datetime:
    """Return a moment on the working day of this number."""
    return datetime.combine(DAYS[number], BEGUN.timetz()).replace(hour=hour)


class Life:
    """A project with twelve ready tickets, from which somebody lands a change every working day."""

    def __init__(self, root: Path) -> None:
        self.scout = Scout(root / "state", root / "shop")
        self.path = root / "shop"

    @classmethod
    def begun(cls, root: Path) -> None:
        """Let it land its changes, and make the first plan."""
        made = shop(root / "shop", TICKETS)
        for number in range(USUAL):
            made.clock = at(number, 10) - timedelta(days=1)
            made.commit({"log.txt": f"{number}\n"}, f"change {number}")
        (made.path / "scout.toml").write_text('[[project]]\nid = "shop"\npath = "."\n', "utf-8")
        cls(root).look(0, pull=True)

    def look(self, number: int, *, pull: bool = False) -> None:
        """Make the plan of a day, as a run does."""
        work = open_workspace(self.path, at(number))
        project = work.project()
        if pull:
            ingest(work, project)
        plan(work, project, assess_tickets(work, project).ready_keys)
        self.each(number, number + 1)

    def each(self, first: int, last: int) -> None:
        """Keep the plans of some days on which the tickets stay as they are, and what is ordered is drafted."""
        work = open_workspace(self.path, at(first))
        with work.warehouse.writing() as connection:
            made = plans.latest(connection, work.project().id)
            assert made is not None
            for number in range(first, last):
                plans.replace(connection, made.having(at=at(number), order=0))

    def tickets(self, line: str, first: int = 0, last: int = TICKETS) -> None:
        """Write a line into the head of some tickets."""
        for file in sorted((self.path / "tickets").iterdir())[first:last]:
            file.write_text(file.read_text("utf-8").replace("---\n", f"---\n{line}\n", 1), "utf-8")

    def in_vain(self, number: int, asked: int) -> None:
        """Ask for tickets when nothing is ready."""
        work = open_workspace(self.path, at(number))
        request = Request(project=work.project().id, at=at(number), asked=asked, available=0, purpose=Purpose.AGENT)
        work.ledger.record_request(request)

    def candidates(self, number: int, count: int, event: Event | None) -> None:
        """Draft candidates on a day, and decide about them in the afternoon."""
        work = open_workspace(self.path, at(number, 15))
        draft: Draft = a_candidate().draft.having(at=at(number))
        for one in range(count):
            made: Candidate = a_candidate(f"broken-internal-link:{number}-{one}", work.project().id).having(
                created_at=at(number), draft=draft
            )
            name = work.ledger.add_candidate(made)
            if event is not None:
                decision = Decision(seq=1, event=event, reason="", actor="reviewer", revision=1, at=work.now)
                work.ledger.decide(name, decision)

    def constraint(self, number: int) -> tuple[str, str]:
        """Return what the command says on a day: the constraint, and what would help."""
        told = self.scout("buffer", "--json", now=at(number).isoformat()).document["plan"]
        return told["constraint"], told["remedy"]


def _home(root: Path, patched: pytest.MonkeyPatch) -> None:
    patched.setenv("SCOUT_HOME", str(root / "state"))
    patched.setenv("XDG_CONFIG_HOME", str(root / "config"))
    patched.delenv("SCOUT_CONFIG", raising=False)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("begun")
    with pytest.MonkeyPatch.context() as patched:
        _home(root, patched)
        Life.begun(root)
    return root


@pytest.fixture
def life(begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    _home(tmp_path, monkeypatch)
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    return Life(tmp_path)


def test_stock_that_waits_for_others(life: Life):
    life.each(1, USUAL)
    life.tickets("blocked_by: [t0]", 1)
    life.tickets("claimed: true", 0, 1)
    life.look(USUAL, pull=True)
    life.each(USUAL + 1, USUAL + 8)
    named, remedy = life.constraint(USUAL + 8)
    assert named.startswith("blocked stock: ")
    assert "before" in named
    assert "unblocked would bring the stock back" in remedy


def test_a_surge_says_from_when_on_it_is_an_overload_and_then_it_is_one(life: Life):
    life.each(1, USUAL)
    life.tickets("state: completed")
    life.look(USUAL, pull=True)
    for number in range(USUAL, USUAL + 4):
        life.in_vain(number, 12)
    life.each(USUAL + 1, USUAL + 4)
    named, remedy = life.constraint(USUAL + 4)
    overload = DAYS[USUAL + 14]
    assert named.startswith("demand surge: ")
    assert f"a surge so far, an overload if it lasts past {overload:%Y-%m-%d}" in named
    assert "more decisions a day would keep up" in remedy
    for number in range(USUAL + 4, USUAL + 15):
        life.in_vain(number, 12)
    life.each(USUAL + 4, USUAL + 15)
    assert life.constraint(USUAL + 15)[0].startswith("structural overload: 12")


def test_low_yield_is_told_by_what_reviewers_decided_before(life: Life):
    for number in range(1, USUAL):
        life.candidates(number, 3, Event.REJECT if number % 8 == 0 else Event.ACCEPT)
    life.each(1, USUAL)
    life.tickets("state: completed")
    life.look(USUAL, pull=True)
    for number in range(USUAL, USUAL + 8):
        life.candidates(number, 3, Event.REJECT)
    life.each(USUAL, USUAL + 8)
    named, remedy = life.constraint(USUAL + 8)
    assert named.startswith("low yield: ")
    assert "candidates were accepted, " in named
    assert "the same decisions would release" in remedy


def test_the_reason_and_the_page_say_it_in_the_same_words(life: Life):
    life.each(1, USUAL)
    life.tickets("state: completed")
    life.look(USUAL, pull=True)
    for number in range(USUAL, USUAL + 3):
        life.in_vain(number, 12)
    life.each(USUAL + 1, USUAL + 3)
    now = at(USUAL + 3).isoformat()
    said = life.scout("buffer", now=now).out
    assert "Demand surge: 12.0 asked for a day against 1.0 before" in " ".join(said.split())
    assert "would help" in said


def test_the_same_day_asked_twice_says_the_same(life: Life):
    life.each(1, USUAL)
    assert life.constraint(USUAL) == life.constraint(USUAL)
    assert life.constraint(USUAL)[0].startswith("healthy: ")
