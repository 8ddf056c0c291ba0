"""Model workers: each goes through its slice, one question a ticket, all at one pace; whatever comes back, it goes on.

A worker has its folder, brief and database file as the workers that are processes have; it holds no credential and has
no tools: what reaches a model is an instruction and one ticket, and what comes back is checked before it counts.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Protocol

from scout.lifecycle import brief as briefs
from scout.lifecycle.brief import Brief
from scout.lifecycle.foreman import FINISHED, Happened
from scout.lifecycle.opinion import Opinion, OpinionError, Question, Why, question, verdict
from scout.lifecycle.pace import Pace
from scout.lifecycle.record import Record, loaded
from scout.lifecycle.sheet import TRIES, Sheet, opened, row_of
from scout.lifecycle.worker import Heart, lines
from scout.llm import Failure, ModelError

_LEFT_ALONE_AFTER = 3
"""Tickets in a row that a model which is down is asked about; then the others are left for another run."""
_AT_ONCE_SAVED = 8


class Ask(Protocol):
    """A model that answers in a closed shape, at the cost of a project's budget."""

    def __call__(self, project: str, asked: Question, /) -> Opinion:
        """Return an answer.

        Raises:
            ModelError: there is none, and why in a word.
        """
        ...


@dataclass(frozen=True)
class Rate:
    """How a model is asked.

    Attributes:
        at_once: questions at the same time, at most.
        per_minute: questions in a minute, at most.
        seconds: that one worker may take in all.
    """

    at_once: int = 4
    per_minute: float = 60.0
    seconds: float = 3600.0


class Desk(NamedTuple):
    """A model worker's folder and brief."""

    folder: Path
    brief: Brief


def ask_all(desks: Sequence[Desk], ask: Ask, rate: Rate, tell: Callable[[Happened], None]) -> Counter[str]:
    """Let model workers go through their slices; return how many tickets ended in which way (`answered` is one).

    Verdicts and what came of the other tickets are in each worker's own database file.

    Raises:
        StoreError: what it costs cannot be written down, or a database file cannot be used.
    """
    return asyncio.run(_Room(ask, rate, tell).all(desks))


class _Room:
    """What all workers share: pace, threads, and what is known about the endpoint."""

    def __init__(self, ask: Ask, rate: Rate, tell: Callable[[Happened], None]) -> None:
        self._ask, self._rate, self._tell = ask, rate, tell
        self._pace = Pace(rate.per_minute)
        self._shut: dict[str, OpinionError] = {}
        self._lost = 0
        self.ends = Counter[str]()

    async def all(self, desks: Sequence[Desk]) -> Counter[str]:
        self._threads = ThreadPoolExecutor(max_workers=self._rate.at_once, thread_name_prefix="ask")
        try:
            await asyncio.gather(*(self._work(desk) for desk in desks))
        finally:
            self._threads.shutdown(wait=False, cancel_futures=True)
        return self.ends

    async def _work(self, desk: Desk) -> None:
        folder, told = desk
        briefs.write(told, folder)
        self._tell(Happened("dispatched", told.worker))
        until = asyncio.get_running_loop().time() + self._rate.seconds
        heart, tally = Heart(folder), Counter[str]()
        with opened(folder) as sheet:
            done = sheet.done()
            failed = {name: len(reasons) for name, reasons in sheet.failures().items()}
            for number, line in enumerate(lines(folder)):
                name, _, written = line.partition("\t")
                if name in done or failed.get(name, 0) >= TRIES:
                    continue
                heart.beat(number)
                tally[await self._judged(sheet, told, name, written, until)] += 1
                if not tally.total() % _AT_ONCE_SAVED:
                    sheet.save()
        self.ends += tally
        (folder / FINISHED).write_text(told.digest, "ascii")
        self._tell(Happened("finished", told.worker, details={end: str(count) for end, count in sorted(tally.items())}))

    async def _judged(self, sheet: Sheet, told: Brief, name: str, written: str, until: float) -> str:
        """Ask about one ticket and write down what came of it; return that in a word."""
        try:
            record = loaded(written)
            record = record if record.seen_at else replace(record, seen_at=told.seen_at)
            said = await self._said(told, record, until)
            sheet.put(row_of(name, verdict(said, record, told.taxonomy)))
        except OpinionError as error:
            sheet.fail(name, f"{error.why}: {error}")
            return error.why.value
        except ValueError as error:
            sheet.fail(name, f"{Why.INVALID}: {error}"[:300])
            return Why.INVALID.value
        return "answered"

    async def _said(self, told: Brief, record: Record, until: float) -> Opinion:
        loop = asyncio.get_running_loop()
        asked = question(told, record)
        await self._pace_unless_shut(record.project)
        if (left := until - loop.time()) <= 0:
            raise OpinionError(Why.LATE, "its worker's time was over")
        try:
            async with asyncio.timeout(left):
                said = await loop.run_in_executor(self._threads, self._ask, record.project, asked)
        except TimeoutError:
            raise OpinionError(Why.LATE, "its worker's time was over before the model answered") from None
        except ModelError as error:
            raise self._told(error, record.project) from error
        self._lost = 0
        return said

    async def _pace_unless_shut(self, project: str) -> None:
        """Wait for a turn, unless it is known that there will be no answer."""
        for waits in (True, False):
            for where in ("", project):
                if (known := self._shut.get(where)) is not None:
                    raise OpinionError(known.why, str(known))
            if waits:
                await self._pace.turn()

    def _told(self, error: ModelError, project: str) -> OpinionError:
        found = OpinionError(Why(error.failure.value), error.what.rstrip("."))
        self._lost = self._lost + 1 if error.failure is Failure.UNAVAILABLE else 0
        if error.failure is Failure.OVER_BUDGET:
            self._shut[project] = found
        elif self._lost >= _LEFT_ALONE_AFTER:
            self._shut[""] = found
        return found
