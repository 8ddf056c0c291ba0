"""Asks until there is an answer or a reason."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from scout import clock
from scout.remote.budget import Budget
from scout.remote.call import Answer, Call, Page, Transport
from scout.remote.failure import BrokenError, Lost, UnclearError
from scout.remote.gate import Gate
from scout.remote.reading import GarbageError, body_of, links
from scout.remote.refusal import refused
from scout.remote.spool import Spool
from scout.remote.verdict import Again, Good, Refuse, Unchanged, Wait, judged
from scout.settings import ServerSettings

BASE = 0.25
"""Seconds before the second attempt, at most; doubled for each further one."""
SAME = timedelta(seconds=2)
"""Waits that end this close together are one wait, said once."""


@dataclass(frozen=True, slots=True)
class _Final:
    """An answer that stands.

    Attributes:
        page: what was read from it; None for a refusal.
    """

    answer: Answer
    page: Page | None


@dataclass(frozen=True, slots=True)
class _Failed:
    """An attempt that brought nothing one can use."""

    lost: Lost


@dataclass(frozen=True, slots=True)
class _Limited:
    """An attempt that the server put off."""

    seconds: float


def _anything(_: Any) -> bool:
    return True


class Caller:
    """A server, as sources see it: pages or reasons. Thread-safe.

    Args:
        transport: sends one attempt.
        gate: admission, shared by all callers of the account.
        spool: pages kept from a pull that was cut short; they cost nothing.
        step: takes a short phrase when a longer wait begins.
        attempts: how often a call that only reads is sent, at most.
        chance: a random number in [0, 1).
    """

    def __init__(  # noqa: PLR0913 - what it puts together, and chance, which tests replace
        self,
        transport: Transport,
        gate: Gate,
        *,
        spool: Spool | None = None,
        step: Callable[[str], None] = lambda _: None,
        attempts: int = 5,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._transport = transport
        self._gate = gate
        self._spool = spool
        self._step = step
        self._attempts = attempts
        self._chance = chance
        self._lock = Lock()
        self._said = datetime.min.replace(tzinfo=UTC)

    def __call__(self, call: Call, good: Callable[[Any], bool] = _anything) -> Page:
        """Return the answer to a call, from the spool if it has one.

        Args:
            call: what is asked.
            good: whether a JSON value has the shape that was asked for; if not, the answer counts as garbage.

        Raises:
            RefusedError: the server said no.
            LimitedError: it wants a longer pause than our patience.
            BrokenError: it kept failing.
            UnclearError: a call that writes failed, once: whether it was carried out is unknown.
            StoreError: the state folder cannot be written.
        """
        spool = self._spool if call.reads else None
        if spool is not None and (kept := spool.get(call)):
            return kept
        final = self._final(call, good)
        page = final.page
        if page is None:
            raise refused(self._transport, call, final.answer)
        if spool is not None and not page.unchanged:
            spool.put(call, page, final.answer.body)
        return page

    def raw(self, call: Call) -> Answer:
        """Return the final answer whatever its status, for probes: 200, 301, 304, 404, 410…; never from the spool.

        Raises:
            LimitedError: the server wants a longer pause than our patience.
            BrokenError: it kept failing; what comes with a good status must still be JSON.
            StoreError: the state folder cannot be written.
        """
        return self._final(call, _anything).answer

    def _final(self, call: Call, good: Callable[[Any], bool]) -> _Final:
        """Attempt the call until an answer stands; one that writes is never sent twice."""
        outcome: _Failed | _Limited = _Limited(0.0)
        for attempt in range(self._attempts if call.reads else 1):
            if isinstance(outcome, _Failed):
                self._gate.budget.sleep(BASE * 2.0 ** (attempt - 1) * self._chance())
            attempted = self._attempt(call, good)
            if isinstance(attempted, _Final):
                return attempted
            outcome = attempted
            if isinstance(outcome, _Failed) and outcome.lost.hopeless:
                break
        if isinstance(outcome, _Limited):
            raise self._gate.limited(self._transport.host, outcome.seconds)
        self._gate.breaker.exhausted()
        raise _broken(self._transport.host, call, outcome.lost) from outcome.lost

    def _attempt(self, call: Call, good: Callable[[Any], bool]) -> _Final | _Failed | _Limited:
        permit = self._gate.enter(call, self._transport.host, self._announce)
        answer = verdict = None
        lost = Lost()
        try:
            answer = self._transport.send(call)
            verdict = judged(answer, clock.now())
        except Lost as error:
            lost = error
        finally:
            seconds = self._gate.leave(permit, answer, verdict)
        if answer is None or verdict is None:
            return self._failed(lost, answered=False)
        match verdict:
            case Good() | Unchanged():
                try:
                    page = _page(call, answer, verdict, good)
                except GarbageError as error:
                    return self._failed(Lost(str(error)), answered=True)
            case Again(why=why):
                return self._failed(Lost(why), answered=True)
            case Wait():
                return _Limited(seconds)
            case Refuse():
                page = None
        self._gate.breaker.alive()
        return _Final(answer, page)

    def _failed(self, lost: Lost, *, answered: bool) -> _Failed:
        self._gate.breaker.failed(lost, answered=answered)
        return _Failed(lost)

    def _announce(self, until: datetime) -> None:
        """Say once that everybody waits."""
        with self._lock:
            if until - self._said > SAME:
                self._said = until
                self._step(f"{self._transport.host}'s limit: waiting until {until.astimezone(UTC):%H:%M:%S} UTC")


def caller_for(  # noqa: PLR0913 - whom to ask and how, and three things most callers leave alone
    transport: Transport,
    settings: ServerSettings,
    home: Path,
    *,
    spool: Spool | None = None,
    step: Callable[[str], None] = lambda _: None,
    points_per_minute: int | None = 900,
) -> Caller:
    """Return a caller whose gate is shared by all callers of this process for the same account and settings.

    Args:
        transport: sends one attempt.
        settings: `concurrency`, `patience` and `reserve` count.
        home: the state folder; the budget is shared with other processes through it.
        spool: pages kept from a pull that was cut short.
        step: takes a short phrase when a longer wait begins.
        points_per_minute: what the server allows; None where it counts no points.
    """
    limits = _Limits(points_per_minute, settings.reserve, settings.concurrency, settings.patience)
    return Caller(transport, _gate(home, transport.account, limits), spool=spool, step=step)


class _Limits(NamedTuple):
    points: int | None
    reserve: float
    concurrency: int
    patience: float


@lru_cache(maxsize=256)
def _gate(home: Path, account: str, limits: _Limits) -> Gate:
    budget = Budget(home / "limits", account, points_per_minute=limits.points, reserve=limits.reserve)
    return Gate(budget, limits.concurrency, limits.patience)


def _page(call: Call, answer: Answer, verdict: Good | Unchanged, good: Callable[[Any], bool]) -> Page:
    """Return a good answer, read.

    Raises:
        GarbageError: it is not what was asked for.
    """
    headers = {name: text for name, text in answer.headers.items() if name != "set-cookie"}  # a session is a secret
    etag = headers.get("etag", "")
    if isinstance(verdict, Unchanged):
        return Page(None, unchanged=True, etag=etag or call.etag, headers=headers)
    body = body_of(answer)
    if not good(body):
        message = "the answer has another shape than was asked for"
        raise GarbageError(message)
    return Page(body, etag=etag, links=links(headers.get("link", "")), headers=headers)


def _broken(host: str, call: Call, lost: Lost) -> BrokenError:
    asked = f"{call.method} {call.path}"
    if call.reads or lost.hopeless:
        what = f"{host} gave no usable answer to {asked}: {lost.why}."
        return BrokenError(what, lost.remedy or "Run again later; what was fetched is kept.")
    what = f"{host} gave no clear answer to {asked}: {lost.why}; whether it was carried out is unknown."
    return UnclearError(what, "Look there before sending it again.")
