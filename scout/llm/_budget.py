"""How many requests and tokens may be spent: in a run, and in a day over all runs of a state folder."""

import fcntl
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scout.errors import StoreError

_LARGEST = 4096


@dataclass(frozen=True)
class Limits:
    """What may be spent at most."""

    requests_per_run: int
    tokens_per_run: int
    requests_per_day: int
    tokens_per_day: int


@dataclass(frozen=True)
class Spent:
    """What was spent: requests, and tokens of questions and answers together."""

    requests: int = 0
    tokens: int = 0

    def plus(self, requests: int, tokens: int) -> "Spent":
        """Return the sum; never less than nothing."""
        return Spent(max(0, self.requests + requests), max(0, self.tokens + tokens))


class Budget:
    """What one run may spend. Safe between processes: what is spent in a day stands in a file, under a lock.

    Args:
        file: where a day's spending is remembered.
        limits: what may be spent.
        today: the day, ISO 8601; asked anew each time.
    """

    def __init__(self, file: Path, limits: Limits, today: Callable[[], str]) -> None:
        self._file = file
        self._limits = limits
        self._today = today
        self._run = Spent()

    def take(self, tokens: int) -> str:
        """Reserve a request and its likely tokens; return why that is not allowed, or nothing.

        Raises:
            StoreError: the file cannot be written.
        """
        run = self._run.plus(1, tokens)
        if run.requests > self._limits.requests_per_run or run.tokens > self._limits.tokens_per_run:
            return "this run's budget for the model is spent"

        def taken(day: Spent) -> Spent | None:
            after = day.plus(1, tokens)
            within = after.requests <= self._limits.requests_per_day and after.tokens <= self._limits.tokens_per_day
            return after if within else None

        if not self._changed(taken):
            return "the day's budget for the model is spent"
        self._run = run
        return ""

    def settle(self, reserved: int, used: int) -> None:
        """Correct a reservation by what was used.

        Raises:
            StoreError: the file cannot be written.
        """
        self._run = self._run.plus(0, used - reserved)
        self._changed(lambda day: day.plus(0, used - reserved))

    def _changed(self, change: Callable[[Spent], Spent | None]) -> bool:
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                after = change(_read(os.pread(descriptor, _LARGEST, 0), self._today()))
                if after is None:
                    return False
                content = json.dumps({"day": self._today(), "requests": after.requests, "tokens": after.tokens})
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, content.encode("ascii"), 0)
            finally:
                os.close(descriptor)
        except OSError as error:
            message = f"What the model has cost cannot be written to {self._file}: {error.strerror}."
            raise StoreError(message, "Make room there, or make it writable.") from error
        return True


def _read(content: bytes, today: str) -> Spent:
    """Return what was spent today; a file that nobody can read counts as none spent."""
    try:
        said: dict[str, Any] = json.loads(content)
        known = Spent(int(said["requests"]), int(said["tokens"]))
        return replace(known) if said["day"] == today else Spent()
    except (ValueError, KeyError, TypeError, AttributeError):
        return Spent()
