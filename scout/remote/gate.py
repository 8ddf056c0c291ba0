"""Who may send now: one gate for all threads of this process that use one account.

It keeps the number of requests at once where the server is comfortable, and makes every thread wait for what the
server told any of them, or any other process, to wait for.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Condition

from scout import clock
from scout.remote.breaker import Breaker
from scout.remote.budget import Budget
from scout.remote.call import Answer, Call
from scout.remote.failure import BrokenError, LimitedError, Lost
from scout.remote.pace import Pace
from scout.remote.pausing import check
from scout.remote.verdict import Good, Unchanged, Verdict, Wait, number, until_reset
from scout.remote.window import Mark, Meter, Reading

SECONDARY, LONGEST = 60.0, 3600.0
"""Seconds to wait where the server does not say for how long: the first time (GitHub's advice), and at most."""
MARGIN = 0.1
"""Seconds on top of every wait."""


@dataclass(frozen=True, slots=True)
class Permit:
    """A request that may be sent.

    Attributes:
        mark: where it stands in the budget.
        sent: when it was let through, in seconds of the budget's clock.
        writes: whether it changes something on the server.
    """

    mark: Mark
    sent: float
    writes: bool


class Gate:
    """Admission of requests. Thread-safe.

    Args:
        budget: the account's, shared with other processes.
        concurrency: requests at once, at most.
        patience: seconds that a request waits for a limit to end, at most.
        today: the present moment (UTC), to say when a wait ends.
    """

    def __init__(
        self, budget: Budget, concurrency: int, patience: float, *, today: Callable[[], datetime] = clock.now
    ) -> None:
        self.budget = budget
        self.breaker = Breaker(budget.clock)
        self._patience = patience
        self._today = today
        self._pace = Pace(max(concurrency, 1))
        self._free = Condition()
        self._under_way = 0
        self._writing = False
        self._complaints = 0

    @property
    def concurrency(self) -> int:
        """How many requests may be under way at once now."""
        return self._pace.limit

    def enter(self, call: Call, host: str, waiting: Callable[[datetime], None]) -> Permit:
        """Wait until the call may be sent. Every permit goes back by `leave`.

        Args:
            call: what is to be sent.
            host: the server's name, for errors.
            waiting: told when a longer wait ends (UTC), before it begins.

        Raises:
            LimitedError: it would have to wait longer than our patience.
            BrokenError: the circuit breaker is open, and stays so.
            Stopped: the work was called off.
        """
        if seconds := self.breaker.admit(self._patience):
            raise _left_alone(host, seconds, self.breaker.last)
        try:
            return self._permit(call, host, waiting)
        except BaseException:
            self.breaker.withdrawn()
            raise

    def _permit(self, call: Call, host: str, waiting: Callable[[datetime], None]) -> Permit:
        resource = resource_of(call.path)
        while True:
            self._occupy(writes=not call.reads)
            try:
                check()
                taken = self.budget.take(call.points, resource)
            except BaseException:
                self._vacate(writes=not call.reads)
                raise
            if isinstance(taken, Mark):
                return Permit(taken, self.budget.clock(), not call.reads)
            self._vacate(writes=not call.reads)
            self._wait(taken.until, host, waiting)

    def leave(self, permit: Permit, answer: Answer | None, verdict: Verdict | None) -> float:
        """Take a permit back, and learn from the answer; None for both where none came.

        Returns:
            for how many seconds the server wants to be left alone: 0.0 where it does not.
        """
        now = self.budget.clock()
        seconds = self._learned(permit, verdict, now)
        try:
            self.budget.settle(permit.mark, self._reading(permit.mark.resource, answer, verdict, seconds))
        finally:
            self._vacate(writes=permit.writes)
        return seconds

    def limited(self, host: str, seconds: float) -> LimitedError:
        """Return the error for a wait that nobody waits for."""
        until = self._moment(seconds)
        what = f"The limit of requests to {host} is reached until {until:%Y-%m-%d %H:%M:%S} UTC."
        return LimitedError(what, "Run again after that; what was fetched is kept.", until=until)

    def _learned(self, permit: Permit, verdict: Verdict | None, now: float) -> float:
        with self._free:
            match verdict:
                case Good() | Unchanged():
                    self._complaints = 0
                    self._pace.answered(now - permit.sent)
                case Wait(seconds=seconds, primary=primary):
                    if not primary:
                        self._complaints += self._pace.limited(permit.sent, now)
                    doubled = min(SECONDARY * 2.0 ** max(self._complaints - 1, 0), LONGEST)
                    self.breaker.alive()
                    return (doubled if seconds is None else seconds) + MARGIN
                case _:
                    pass
        return 0.0

    def _reading(self, resource: str, answer: Answer | None, verdict: Verdict | None, seconds: float) -> Reading:
        """Return what the budget must know. A used-up hour concerns one resource, every other wait all of them."""
        if answer is None:
            return Reading()
        now, headers = self.budget.clock(), answer.headers
        spoken = headers.get("x-ratelimit-resource", resource)
        meter = _meter(headers, now, self._today())
        metered = isinstance(verdict, Wait) and verdict.primary and meter is not None and spoken == resource
        blocked = now + seconds if seconds and not metered else 0.0
        return Reading(spoken, meter, isinstance(verdict, Unchanged), blocked)

    def _occupy(self, *, writes: bool) -> None:
        """Wait for a place; GitHub wants one write at a time."""
        with self._free:
            while self._under_way >= self._pace.limit or (writes and self._writing):
                self._free.wait()
            self._under_way += 1
            self._writing |= writes

    def _vacate(self, *, writes: bool) -> None:
        with self._free:
            self._under_way -= 1
            self._writing &= not writes
            self._free.notify_all()

    def _wait(self, until: float, host: str, waiting: Callable[[datetime], None]) -> None:
        seconds = until - self.budget.clock()
        if seconds > self._patience + MARGIN:
            raise self.limited(host, seconds)
        if seconds >= 1:
            waiting(self._moment(seconds))
        self.budget.sleep(max(seconds, 0.0))

    def _moment(self, seconds: float) -> datetime:
        """Return the first whole second (UTC) that is surely as far ahead; our clock cuts its seconds off."""
        return self._today().astimezone(UTC) + timedelta(seconds=math.ceil(seconds) + 1)


def _left_alone(host: str, seconds: float, last: Lost) -> BrokenError:
    what = f"{host} kept failing ({last.why}), so it is not asked for another {seconds:.0f} seconds."
    remedy = last.remedy or "Check whether it is up, and run again later; what was fetched is kept."
    return BrokenError(what, remedy, everywhere=True)


def resource_of(path: str) -> str:
    """Return the resource of GitHub's hourly limits that a path belongs to."""
    first = path.split("/", 2)[1:2]
    return first[0] if first in (["search"], ["graphql"]) else "core"


def _meter(headers: Mapping[str, str], now: float, today: datetime) -> Meter | None:
    """Return what is left of the hour's limit, as GitHub and Jira say it; None where they don't."""
    remaining, limit = number(headers.get("x-ratelimit-remaining")), number(headers.get("x-ratelimit-limit"))
    reset = until_reset(headers, today)
    if remaining is None or not limit or reset is None:
        return None
    return Meter(remaining, limit, now + reset)
