"""A server that answers by a script, and a time that only moves when somebody sleeps."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

from scout.remote.budget import Budget
from scout.remote.call import Answer, Call
from scout.remote.caller import Caller
from scout.remote.failure import Lost
from scout.remote.gate import Gate
from scout.remote.spool import Spool

START = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)


class Time:
    """A clock in seconds; sleeping moves it."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = self.begin = now
        self.slept: list[float] = []
        self._lock = Lock()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self.now += seconds

    def today(self) -> datetime:
        return START + timedelta(seconds=self.now - self.begin)


class Scripted:
    """Answers with what the script says, and then with an empty list for ever."""

    host = "tracker.example"
    account = "account"
    credential = "the environment variable TRACKER_TOKEN"

    def __init__(self, script: Iterable[Answer | Lost] = (), after: Callable[[], object] = lambda: None) -> None:
        self.script = list(script)
        self.calls: list[Call] = []
        self._after = after

    def send(self, call: Call) -> Answer:
        self.calls.append(call)
        self._after()
        outcome = self.script.pop(0) if self.script else answer()
        if isinstance(outcome, Lost):
            raise outcome
        return outcome


def answer(status: int = 200, body: bytes | str = b"[]", **headers: str) -> Answer:
    return Answer(status, {name.replace("_", "-"): text for name, text in headers.items()}, body)


class Bench:
    """A caller with everything around it, on a time of its own."""

    def __init__(self, home: Path, *script: Answer | Lost, patience: float = 120, spool: Spool | None = None) -> None:
        self.time = Time()
        self.said: list[str] = []
        self.transport = Scripted(script)
        budget = Budget(home / "limits", "account", clock=self.time, sleep=self.time.sleep)
        self.gate = Gate(budget, 8, patience, today=self.time.today)
        self.caller = Caller(self.transport, self.gate, spool=spool, step=self.said.append, chance=lambda: 1.0)

    @property
    def sent(self) -> int:
        return len(self.transport.calls)
