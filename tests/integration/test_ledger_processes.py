"""Many processes at one ledger: every decision and every claim has exactly one winner, whatever dies."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from scout.errors import ConflictError, UnavailableError
from scout.ledger import AttemptOutcome, Ledger
from scout.model import Event
from tests.ledgers import NOON, a_candidate, a_decision, an_intent, later, ledger_place, raw
from tests.postgres import postgres

__all__ = ["ledger_place", "postgres"]

ROOT = Path(__file__).parents[2]
PROLOGUE = """
import sys
from scout.errors import ConflictError
from scout.ledger import Ledger
from scout.model import Event
from tests.ledgers import *
ledger = Ledger.open(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
"""


def _start(where: str, work: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a process that opens the ledger, waits for a line, and then does `work`."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", PROLOGUE + work, where, *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def _go(processes: Sequence[subprocess.Popen[str]]) -> None:
    """Let processes begin together, once all have the ledger open."""
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n", process.communicate()[1]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()


def _answers(processes: Sequence[subprocess.Popen[str]]) -> list[list[str]]:
    answers: list[list[str]] = []
    for process in processes:
        out, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        answers.append(out.splitlines())
    return answers


DECIDING = """
for number, one in enumerate(sys.argv[3:]):
    try:
        ledger.decide(one, a_decision(Event.ACCEPT, actor=sys.argv[2]), intent=an_intent(one, f"k{number}"))
        print("won")
    except ConflictError as error:
        print("lost to", error.what.partition("'accept' by ")[2].split()[0])
"""


def test_of_two_deciders_exactly_one_wins_and_the_other_learns_who(where: str) -> None:
    with Ledger.open(where) as ledger:
        ids = [ledger.add_candidate(a_candidate(f"s:{n}")) for n in range(20)]
    names = ("mole", "vole")
    processes = [_start(where, DECIDING, name, *ids) for name in names]
    _go(processes)
    first, second = _answers(processes)
    assert len(first) == len(second) == 20
    for answers in zip(first, second, strict=True):
        winner = answers.index("won")
        assert answers[1 - winner] == f"lost to {names[winner]}"
    with Ledger.open(where) as ledger:
        assert [len(one.decisions) for one in ledger.candidates()] == [1] * 20
        assert len(ledger.intents()) == 20


CLAIMING = """
tickets = [f"T-{n}" for n in range(60)]
while (claim := ledger.claim("meadow", tickets, "agent", at=NOON, until=later(30))) is not None:
    print(claim.ticket)
"""


def test_of_many_claimers_each_ticket_goes_to_one(where: str) -> None:
    tickets = [f"T-{n}" for n in range(60)]
    processes = [_start(where, CLAIMING) for _ in range(6)]
    _go(processes)

    def claim_some(_number: int) -> list[str]:
        with Ledger.open(where) as ledger:
            mine = (ledger.claim("meadow", tickets, "agent", at=later(0), until=later(30)) for _ in range(2))
            return [claim.ticket for claim in mine if claim is not None]

    with ThreadPoolExecutor(24) as pool:
        by_threads = list(pool.map(claim_some, range(48)))
    taken = Counter(ticket for answers in (*_answers(processes), *by_threads) for ticket in answers)
    assert taken == Counter(tickets)
    with Ledger.open(where) as ledger:
        assert len(ledger.claims(later(1))) == 60
        assert ledger.claim("meadow", tickets, "agent", at=later(30), until=later(31)) is not None


ADDING = """
for number in range(10):
    print(ledger.add_candidate(a_candidate(f"s:{number}")))
"""


def test_the_same_ideas_found_by_two_runs_become_one_candidate_each(where: str) -> None:
    processes = [_start(where, ADDING) for _ in range(3)]
    _go(processes)
    first, second, third = _answers(processes)
    assert first == second == third
    with Ledger.open(where) as ledger:
        assert sorted(one.id for one in ledger.candidates()) == sorted(first)


OPENING = "print(ledger.id())"


def test_a_ledger_first_opened_by_many_at_once_is_one_ledger(where: str) -> None:
    processes = [_start(where, OPENING) for _ in range(6)]
    _go(processes)
    assert len({answer for answers in _answers(processes) for answer in answers}) == 1
    if "://" not in where:
        assert {path.name for path in Path(where).parent.iterdir()} == {"ledger.db"}
        assert Path(where).stat().st_mode & 0o777 == 0o600


DECIDING_ALONE = """
for one in sys.argv[2:]:
    ledger.decide(one, a_decision(Event.ACCEPT), intent=an_intent(one, one))
    ledger.receive(one, f"T-{one}", "", NOON)
    print(one, flush=True)
"""


def test_a_decider_killed_at_any_moment_leaves_no_decision_without_its_intent(where: str) -> None:
    chance = random.Random(20260302)  # noqa: S311 - moments to kill at, the same in every run
    with Ledger.open(where) as ledger:
        ids = [ledger.add_candidate(a_candidate(f"s:{n}")) for n in range(400)]
    left = list(ids)
    lives: dict[str, list[Event]] = {}
    for _ in range(8):
        process = _start(where, DECIDING_ALONE, *left)
        _go([process])
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _ in range(chance.randint(0, 12))]
        os.kill(process.pid, signal.SIGKILL)
        told += process.communicate()[0].split()
        with Ledger.open(where) as ledger:
            lives = {one.id: [d.event for d in one.decisions] for one in ledger.candidates()}
            waiting = {intent.candidate for intent in ledger.intents()}
            tickets = {receipt.key for receipt in ledger.receipts()}
        for one, events in lives.items():
            assert events in ([], [Event.ACCEPT], [Event.ACCEPT, Event.PUBLISH])
            assert (one in waiting) == (events == [Event.ACCEPT])
            assert (one in tickets) == (len(events) == 2)
        assert set(told) <= tickets, "what was told to be done was lost"
        left = [one for one in left if not lives[one]]
    assert sum(1 for events in lives.values() if events) >= 8
    if "://" not in where:
        assert raw(where, "PRAGMA integrity_check") == [("ok",)]


PUBLISHING = """
with ledger.publishing():
    print("mine", flush=True)
    sys.stdin.readline()
"""


def test_only_one_process_publishes_and_its_death_makes_room_at_once(where: str) -> None:
    process = _start(where, PUBLISHING)
    _go([process])
    assert process.stdout is not None
    assert process.stdout.readline() == "mine\n"
    with Ledger.open(where) as ledger:
        with (
            pytest.raises(UnavailableError, match="Another process is publishing") as raised,
            ledger.publishing(wait=0),
        ):
            pytest.fail("two publishers at once")
        assert "not-to-be-shown" not in str(raised.value)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        with ledger.publishing():
            assert ledger.intents() == ()
        with ledger.publishing():
            assert ledger.add_candidate(a_candidate())


def test_publishers_to_different_trackers_do_not_wait_for_each_other(where: str) -> None:
    with Ledger.open(where) as ledger, ledger.publishing("https://one.example"):
        with ledger.publishing("https://two.example", wait=0):
            pass
        with (
            pytest.raises(UnavailableError, match="Another process is publishing"),
            ledger.publishing("https://one.example", wait=0),
        ):
            pytest.fail("two publishers to one tracker")


def test_a_publisher_that_another_has_followed_is_refused_in_that_tracker_only(where: str) -> None:
    early, late = NOON + timedelta(minutes=5), NOON  # clocks five minutes apart: the later one thinks it is earlier
    with Ledger.open(where) as ledger:
        name = ledger.add_candidate(a_candidate())
        ledger.decide(name, a_decision(Event.ACCEPT), intent=an_intent(name))
        first, other = ledger.fence(early, "https://one.example"), ledger.fence(early, "https://two.example")
        second = ledger.fence(late, "https://one.example")
        with pytest.raises(ConflictError, match="taken over"):
            ledger.attempt("k1", AttemptOutcome.STARTED, at=early, fence=first)
        with pytest.raises(ConflictError, match="taken over"):
            ledger.attempt("k1", AttemptOutcome.STARTED, at=early, fence="made up")
        assert ledger.attempt("k1", AttemptOutcome.STARTED, at=late, fence=second) == 1
        assert ledger.attempt("k1", AttemptOutcome.FAILED, at=late, fence=other) == 2
