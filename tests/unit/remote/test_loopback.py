"""Against a real server, real threads and real processes: nobody comes early, and nobody oversteps."""

import asyncio
import subprocess
import sys
import time
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Thread

import pytest
import requests
from aiohttp import web

from scout.remote.call import Answer, Call
from scout.remote.caller import Caller, caller_for
from scout.remote.failure import LimitedError
from scout.remote.lost import lost
from scout.remote.parallel import gathered
from scout.settings import TrackerSettings

FORGIVEN = 0.25
"""Seconds after a 429 in which a request may still arrive: it was on its way."""


class Strict:
    """A server that asks for a pause at some requests, and counts who comes before it is over."""

    def __init__(self, pause: float, at: frozenset[int], latency: float = 0.02) -> None:
        self.pause, self.at, self.latency = pause, at, latency
        self.requests = self.early = self.together = self.peak = 0
        self.blocked = (0.0, 0.0)

    async def answer(self, _: web.Request) -> web.Response:
        now = time.monotonic()
        since, until = self.blocked
        self.early += since + FORGIVEN < now < until
        self.requests += 1
        number, self.together = self.requests, self.together + 1
        self.peak = max(self.peak, self.together)
        await asyncio.sleep(self.latency)
        self.together -= 1
        if number not in self.at:
            return web.json_response([number])
        now = time.monotonic()
        self.blocked = (now, now + self.pause)
        return web.json_response({}, status=429, headers={"Retry-After": f"{self.pause:g}"})


class Plain:
    """The shortest transport there can be."""

    account = "account"
    credential = ""

    def __init__(self, host: str) -> None:
        self.host = host
        self._session = requests.Session()

    def send(self, call: Call) -> Answer:
        try:
            response = self._session.request(call.method, f"http://{self.host}{call.path}", timeout=10)
        except requests.RequestException as error:
            raise lost(error) from error
        return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, response.content)


@contextmanager
def serving(server: Strict) -> Generator[str]:
    loop, ready, place = asyncio.new_event_loop(), Event(), deque[str]()

    async def start() -> None:
        application = web.Application()
        application.router.add_get("/{path:.*}", server.answer)
        runner = web.AppRunner(application)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        place.append(site.name.removeprefix("http://"))
        ready.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.create_task(start())
        loop.run_forever()

    thread = Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield place[0]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


def pages(caller: Caller, count: int, workers: int = 8) -> int:
    return sum(1 for _ in gathered([partial(caller, Call(f"/{number}")) for number in range(count)], workers))


def test_no_thread_comes_before_a_pause_is_over(tmp_path: Path):
    server = Strict(1.0, frozenset({20, 21, 60}))
    said: list[str] = []
    with serving(server) as host:
        caller = caller_for(Plain(host), TrackerSettings(), tmp_path, step=said.append)
        assert pages(caller, 80) == 80
    assert (server.early, server.requests) == (0, 83)
    assert server.peak <= 8
    assert 1 <= len(said) <= 2  # the two pauses end almost together
    assert said[0].startswith(f"{host}'s limit: waiting until ")


OTHER = """
import sys
from pathlib import Path
from scout.remote.caller import caller_for
from scout.settings import TrackerSettings
from tests.unit.remote.test_loopback import Plain, pages

print(pages(caller_for(Plain(sys.argv[1]), TrackerSettings(concurrency=4), Path(sys.argv[2])), 60, 4))
"""


def test_no_process_comes_before_a_pause_is_over(tmp_path: Path):
    server = Strict(1.0, frozenset({30, 90, 150}))
    root = Path(__file__).parents[3]
    with serving(server) as host:
        command = [sys.executable, "-c", OTHER, host, str(tmp_path)]
        others = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(3)]
        said = [other.communicate(timeout=60)[0].strip() for other in others]
    assert said == ["60"] * 3
    assert (server.early, server.requests) == (0, 183)


def test_a_long_pause_ends_the_pull_at_once_for_all_threads(tmp_path: Path):
    server = Strict(500.0, frozenset(range(20, 40)))
    begin = time.monotonic()
    with serving(server) as host, pytest.raises(LimitedError):
        pages(caller_for(Plain(host), TrackerSettings(patience=5), tmp_path), 200)
    assert time.monotonic() - begin < 5
    assert server.requests <= 28
    assert server.early == 0


def test_processes_share_the_points_of_a_minute(tmp_path: Path):
    server = Strict(0, frozenset(), latency=0)
    settings = TrackerSettings(patience=5, reserve=0)
    with serving(server) as host:
        callers = [
            caller_for(Plain(host), settings, tmp_path, points_per_minute=50),
            caller_for(Plain(host), settings.model_copy(update={"concurrency": 3}), tmp_path, points_per_minute=50),
        ]
        assert pages(callers[0], 30) == 30
        with pytest.raises(LimitedError):
            pages(callers[1], 30)
    assert server.requests == 50
