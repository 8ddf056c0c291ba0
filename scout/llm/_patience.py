"""How often and how long a model is asked: never beyond our patience, and not at all while it is known to be down.

Source of the waits: exponential backoff with jitter (Brooker, Exponential Backoff And Jitter, 2015), RFC 9110, 10.2.3
(`Retry-After` is the least that is waited); of the breaker: Nygard, Release It!, 2007.
"""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from scout.llm._failing import DeniedError, Failure, LostError

log = logging.getLogger(__name__)
Found = TypeVar("Found")

ATTEMPTS = 3
OPENS_AFTER = 3
"""Questions in a row without an answer, after which the endpoint counts as down."""
RESTS = 300.0
"""Seconds that an endpoint which is down is left alone; then one question tries it."""
_JITTER = 0.25
_SHUT_OUT = frozenset({401, 402, 403, 404, 429})
"""Answers that are about us and not about the question: the next question would get the same."""


@dataclass(frozen=True)
class Surroundings:
    """The world around, which tests replace.

    Attributes:
        seconds: Unix time.
        chance: a number of 0..1.
    """

    sleep: Callable[[float], None] = time.sleep
    seconds: Callable[[], float] = time.time
    chance: Callable[[], float] = random.random


class Patience:
    """Asks again, and knows when to stop; one for all questions to an endpoint.

    Args:
        most: seconds that are waited for one question, in all.
        world: what tests replace.
    """

    def __init__(self, most: float, world: Surroundings) -> None:
        self._most = most
        self._world = world
        self._failed = 0
        self._down_since: float | None = None

    def answer(self, once: Callable[[], Found]) -> Found:
        """Return what `once` does, tried up to three times.

        Raises:
            LostError: it was lost each time, would have taken longer than our patience, or the endpoint is down.
            DeniedError: the endpoint or the model says no.
        """
        self._refuse_while_down()
        try:
            found = self._tried(once)
        except LostError:
            self._count(OPENS_AFTER - 1 if self._down_since is not None else self._failed)
            raise
        except DeniedError as error:
            if error.failure is not Failure.UNAVAILABLE:
                self._heal()
            else:
                self._count(OPENS_AFTER - 1 if error.status in _SHUT_OUT else self._failed)
            raise
        self._heal()
        return found

    def _tried(self, once: Callable[[], Found]) -> Found:
        waited = 0.0
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return once()
            except LostError as error:
                least = error.wait if error.wait is not None else float(2 ** (attempt - 1))
                wait = least * (1 + _JITTER * self._world.chance())
                waited += wait
                if attempt == ATTEMPTS or waited > self._most:
                    asked = f", and asked to wait {error.wait:g} seconds" if error.wait else ""
                    message = f"{error}{asked}"
                    raise LostError(message, error.wait) from error
                log.info("the model: %s; asked again in %.1f seconds", error, wait)
                self._world.sleep(wait)
        raise AssertionError  # the last attempt returns or raises

    def _refuse_while_down(self) -> None:
        if self._down_since is not None and self._world.seconds() - self._down_since < RESTS:
            message = "it gave none to the last questions, and is left alone for a while"
            raise LostError(message)

    def _count(self, failed: int) -> None:
        self._failed = failed + 1
        if self._failed >= OPENS_AFTER:
            self._down_since = self._world.seconds()

    def _heal(self) -> None:
        self._failed, self._down_since = 0, None
