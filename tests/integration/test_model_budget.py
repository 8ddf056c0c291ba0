"""Twenty processes and one budget for a model: nobody overspends, whatever is asked at once and whatever dies."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from scout.ledger import Ledger
from tests.ledgers import NOON, ledger_place
from tests.oracle import Oracle, falls_silent, oracle, says
from tests.postgres import postgres

__all__ = ["ledger_place", "postgres"]

ROOT = Path(__file__).parents[2]
DAY = NOON.date().isoformat()
COST = 1200
ASKING = """
import sys
from pathlib import Path
from types import SimpleNamespace
from scout.ledger import Ledger
from scout.llm import Model, ModelError
from scout.model import Frozen
from scout.service.purse import LedgerPurse
from scout.settings import Llm
from tests.ledgers import NOON

class Colour(Frozen):
    colour: str

url, where, folder, name, questions, budget = sys.argv[1:]
settings = Llm(base_url=url, model="m", answer_tokens=1000, price_of_questions=1, price_of_answers=1,
               tokens_per_day=int(budget), money_per_day=int(budget) / 1e6, timeout=20)
with Ledger.open(where) as ledger:
    model = Model(settings, "", Path(folder), LedgerPurse(SimpleNamespace(ledger=ledger), settings, lambda: NOON))
    print("open", flush=True)
    sys.stdin.readline()
    for number in range(int(questions)):
        try:
            model.ask("Which?", f"{name} {number}", Colour, "meadow")
            print("answered", flush=True)
        except ModelError as error:
            print(error.failure.value, flush=True)
"""


def _start(there: Oracle, where: str, folder: Path, *rest: object) -> subprocess.Popen[str]:
    """Start a process with a name, a number of questions and the tokens of a day."""
    pipe = subprocess.PIPE
    arguments = (there.url, where, str(folder), *map(str, rest))
    command = [sys.executable, "-c", ASKING, *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def _go(processes: list[subprocess.Popen[str]]) -> None:
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n", process.communicate()[1]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()


@pytest.mark.slow
def test_twenty_processes_never_pass_one_budget(where: str, tmp_path: Path) -> None:
    Ledger.open(where).close()
    budget = 21_000
    with oracle(says({"colour": "green"}, tokens=COST)) as there:
        processes = [_start(there, where, tmp_path / "answers", f"p{number}", 3, budget) for number in range(20)]
        _go(processes)
        answers = [line for process in processes for line in process.communicate(timeout=300)[0].splitlines()]
        charged = COST * len(there.asked)

    assert all(process.returncode == 0 for process in processes)
    assert len(answers) == 60
    assert set(answers) == {"answered", "over_budget"}
    assert answers.count("answered") == len(there.asked)
    with Ledger.open(where) as ledger:
        spent = ledger.spent(DAY)
    assert spent.tokens == charged == spent.money
    # A question is let through while the most that it may cost still fits: less than that is left.
    assert budget - 2000 < charged <= budget


def test_a_killed_process_leaves_its_reservation(where: str, tmp_path: Path) -> None:
    Ledger.open(where).close()
    let_go = threading.Event()
    try:
        with oracle(falls_silent(let_go)) as there:
            process = _start(there, where, tmp_path, "one", 1, 4000)
            _go([process])
            while not there.asked:
                threading.Event().wait(0.05)
            os.kill(process.pid, signal.SIGKILL)
            process.communicate(timeout=60)
            with Ledger.open(where) as ledger:
                left = ledger.spent(DAY)
            assert left.requests == 1
            assert 1000 < left.tokens < 4000
            other = _start(there, where, tmp_path, "two", 2, left.tokens + 1000)
            _go([other])
            assert other.communicate(timeout=60)[0].splitlines() == ["over_budget", "over_budget"]
            assert len(there.asked) == 1
            let_go.set()
    finally:
        let_go.set()
