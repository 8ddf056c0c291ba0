"""Writers of tickets that are killed: nothing half, nothing twice, nothing lost."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any

import pytest

from scout.publish.files import content
from scout.sources.files import current_tickets
from scout.text.ticket_file import parse
from scout.text.ticket_folder import entries
from tests.unit.publish.making import a_filing, a_publisher

CALLS = ("open", "link", "unlink", "fsync", "close", "mkdir", "listdir")
FILINGS = [a_filing(key=f"{number:032x}"[::-1], title=f"Mend link {number % 3}") for number in range(6)]
FORK = multiprocessing.get_context("fork")


def _file_all(checkout: Path, *, reverse: bool = False) -> None:
    for filing in reversed(FILINGS) if reverse else FILINGS:
        a_publisher(checkout).file(filing)


def _die_at_call(checkout: Path, number: int) -> None:
    """File everything, but die before the call to the system with this number."""
    left = number

    def dying(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **named)

        return call

    for name in CALLS:
        setattr(os, name, dying(getattr(os, name)))
    _file_all(checkout)


def _started(target: Callable[..., None], *arguments: Any, **named: Any) -> ForkProcess:
    process = FORK.Process(target=target, args=arguments, kwargs=named)
    process.start()
    return process


def _check(checkout: Path) -> list[str]:
    """Return the keys that are filed, each whole and once."""
    wanted = {filing.intent.key: content(filing) for filing in FILINGS}
    folder = checkout / "tickets"
    keys: list[str] = []
    for entry in entries(folder) if folder.exists() else []:
        written = entry.read()
        keys.append(parse(written, entry.name).marker["key"])
        assert written == wanted[keys[-1]]
    assert len(set(keys)) == len(keys)
    assert not any(one.native_state == "unreadable" for one in current_tickets("p", folder))
    return keys


def _finish(checkout: Path) -> None:
    _file_all(checkout)
    assert sorted(_check(checkout)) == sorted(filing.intent.key for filing in FILINGS)
    assert len(list((checkout / "tickets").iterdir())) == len(FILINGS)


def test_dying_before_any_call_to_the_system_leaves_whole_tickets_only(tmp_path: Path):
    died = 0
    for number in range(200):
        checkout = tmp_path / str(number)
        checkout.mkdir()
        process = _started(_die_at_call, checkout, number)
        process.join()
        _check(checkout)
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        died += 1
        _finish(checkout)
    assert 50 <= died < 199


@pytest.mark.parametrize("seed", range(3))
def test_sixty_kills_at_random_moments_with_two_writers_at_once(tmp_path: Path, seed: int):
    moments = random.Random(seed)  # noqa: S311 - moments to kill at
    reference = tmp_path / "reference"
    reference.mkdir()
    began = time.monotonic()
    undisturbed = _started(_file_all, reference)
    undisturbed.join()
    duration = time.monotonic() - began
    killed = 0
    for number in range(80):
        if number >= 20 and killed > 5:  # on a busy machine most come too late
            break
        checkout = tmp_path / str(number)
        checkout.mkdir()
        writers = [_started(_file_all, checkout, reverse=bool(one)) for one in range(2)]
        for process in writers:
            process.join(moments.uniform(0, duration))
            process.kill()
            process.join()
            killed += process.exitcode == -signal.SIGKILL
            _check(checkout)
        _finish(checkout)
    assert killed > 5


def test_eight_writers_at_once_file_each_ticket_once(tmp_path: Path):
    writers = [_started(_file_all, tmp_path, reverse=bool(number % 2)) for number in range(8)]
    for process in writers:
        process.join()
    assert [process.exitcode for process in writers] == [0] * 8
    assert len(_check(tmp_path)) == len(FILINGS)
