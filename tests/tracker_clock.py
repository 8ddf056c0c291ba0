"""A time that passes when somebody waits, for Scout and for the trackers alike: an hour's limit ends at once.

Both sides read the same clock, so that the server still sees who asks too early.
"""

import time
from datetime import UTC, datetime, timedelta
from threading import Lock
from types import SimpleNamespace
from typing import Any

import pytest

from scout import clock
from scout.remote.budget import Budget
from scout.remote.gate import Gate
from tests.trackers import stand_ins


class Clock:
    """The real time, and what was slept besides."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.slept: list[float] = []
        self._lock = Lock()

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead

    def time(self) -> float:
        return time.time() + self.ahead

    def today(self) -> datetime:
        return datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=self.ahead)

    def now(self, fixed: str | None = None) -> datetime:
        """Stand in for `scout.clock.now`."""
        return self.today() if fixed is None else _now(fixed)

    def sleep(self, seconds: float) -> None:
        """Let it be later by `seconds`; those who sleep at once wake at once."""
        until = self.monotonic() + seconds
        with self._lock:
            self.slept.append(seconds)
            self.ahead = max(self.ahead, until - time.monotonic())


@pytest.fixture
def quick_time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let waits of Scout's cost nothing, and let the trackers agree that they happened."""
    return quickened(monkeypatch)


def quickened(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Do what `quick_time` does for as long as a patch lasts."""
    made = Clock()
    defaults: dict[str, Any] = Budget.__init__.__kwdefaults__ or {}
    monkeypatch.setitem(defaults, "clock", made.monotonic)
    monkeypatch.setitem(defaults, "sleep", made.sleep)
    monkeypatch.setitem(Gate.__init__.__kwdefaults__ or {}, "today", made.today)
    monkeypatch.setattr(clock, "now", made.now)
    for module in ("traffic", "records", "github_api", "jira_api"):
        monkeypatch.setattr(stand_ins(module), "time", SimpleNamespace(monotonic=made.monotonic, time=made.time))
    return made


_now = clock.now
