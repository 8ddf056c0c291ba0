"""GitHub and Jira on loopback: the shared stand-ins, in this process, with their world and every request in hand.

`served()` runs them on a thread, so that a test moves the world between any two requests and reads what was asked.
What was asked is held against the vendors' own descriptions when the server stops, in every test.
"""

import asyncio
import functools
import importlib
import os
import re
import sys
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable, Coroutine, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from aiohttp import web

from tests.tracker_conformance import Sent, complaints

T = TypeVar("T")
REPOSITORY = "acme/rocket"
TOKEN = "test-token"  # noqa: S105 - of a server on loopback
SECRET_HEADERS = {"authorization", "cookie", "proxy-authorization"}
Routes = Callable[[Any], Iterable[web.RouteDef]]


def shared(*parts: str) -> Path:
    """Return a place in the folder of shared tools and data; without it the test is skipped, or fails in CI."""
    folder = Path(os.environ.get("SCOUT_SHARED") or Path(__file__).parents[2] / "shared").joinpath(*parts)
    if not folder.exists():
        reason = f"{folder} is missing: set SCOUT_SHARED to the folder of shared tools and data"
        if os.environ.get("SCOUT_REQUIRE_SHARED") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


def stand_ins(module: str = "") -> Any:
    """Return a module of `fake_trackers`, or the package itself."""
    tools = str(shared("tools"))
    if tools not in sys.path:
        sys.path.append(tools)
    return importlib.import_module(f"fake_trackers.{module}".removesuffix("."))


def new_world(seed: int = 7, *, repository: str = REPOSITORY) -> Any:
    """Return a world with nothing in it."""
    return stand_ins("worlds").World(seed, repository)


def small_world(
    issues: int = 40, jira_issues: int = 40, *, seed: int = 7, projects: Sequence[str] = ("SCT", "OPS")
) -> Any:
    """Return a world of some issues on each tracker, with comments, events, commits and runs in proportion."""
    world = new_world(seed)
    world.make_github(issues, issues * 3 // 2, issues * 2, 10, 6)
    world.make_jira(jira_issues, jira_issues * 3 // 2, tuple(projects))
    return world


def loaded_world(*, github: Path | None = None, jira: Path | None = None) -> Any:
    """Return a world of records that were once real, from folders of JSON lines."""
    world = new_world()
    if github:
        world.load_github(github)
    if jira:
        world.load_jira(jira)
    return world


@dataclass
class Trackers:
    """A running pair of trackers.

    Attributes:
        base: its address.
        world: what it shows; change it through `change` only, so that no request sees half of it.
        before: called on the server's thread with each request that arrives; what it returns is the answer.
        skew: by how much the server's clock, as its `Date` header shows it, is ahead of ours.
        sent: every request, in the order of arrival.
        offered: addresses that the server gave: next pages, redirects.
    """

    base: str
    world: Any
    traffic: Any
    before: Callable[[Sent], web.StreamResponse | None] | None = None
    skew: timedelta = timedelta()
    sent: list[Sent] = field(default_factory=list[Sent])
    offered: set[str] = field(default_factory=set[str])

    @property
    def github(self) -> Any:
        return self.world.github

    @property
    def jira(self) -> Any:
        return self.world.jira

    @property
    def host(self) -> str:
        return self.base.removeprefix("http://")

    def change(self, how: Callable[[], T]) -> T:
        """Change the world, between two requests."""
        return _on_loop(_called(how))

    def advance(self, **given: Mapping[str, int]) -> dict[str, Any]:
        """Let the world move on by itself: `github={"changed": 3}`, `jira={"deleted": 1}`."""
        return self.change(lambda: self.world.advance(given))

    def set(self, **settings: object) -> None:
        """Change settings of the server."""
        self.change(lambda: [self.traffic.settings.change(name, value) for name, value in settings.items()])

    def fault(self, kind: str, path: str = "", *, times: int = 1, **more: object) -> None:
        """Let the next requests whose path and query match meet a fault."""
        fault = stand_ins("traffic").Fault(kind=kind, path=path, times=times, **more)
        self.change(lambda: self.traffic.faults.append(fault))

    def forget(self) -> None:
        """Set counters, limits and faults back; the world stays."""
        self.change(self.traffic.reset)
        self.sent.clear()

    def counters(self) -> dict[str, Any]:
        return self.change(self.traffic.counters)

    @property
    def violations(self) -> dict[str, int]:
        """What the server counted as impolite. It takes each POST for a write, and GraphQL's questions are none."""
        written = any(one.method != "GET" and one.path != "/graphql" for one in self.sent)
        return {name: n for name, n in self.traffic.violations.items() if written or name != "concurrent writes"}

    @property
    def faults_left(self) -> int:
        return sum(fault.times for fault in self.traffic.faults)

    def truth(self) -> dict[str, Any]:
        """Return what a perfect copy would hold."""
        return self.change(self.world.truth)

    def asked(self, method: str = "") -> Counter[str]:
        """Count the requests that arrived, by path."""
        return Counter(one.path for one in self.sent if not method or one.method == method)

    def complaints(self) -> list[str]:
        """Say which requests the vendors' descriptions do not know."""
        return complaints(self.sent, self.offered, shared("data", "openapi"))


@contextmanager
def served(
    world: Any, *, extra: Routes | None = None, conforming: bool = True, ssl: Any = None, **settings: object
) -> Generator[Trackers]:
    """Serve a world on a free port of loopback, without latency unless it is set.

    Args:
        world: what is shown.
        extra: makes more routes from the traffic (`tracker_extras`).
        conforming: hold every request against the vendors' descriptions at the end.
        ssl: a context of a TLS server.
        settings: of `fake_trackers`.
    """
    traffic_module = stand_ins("traffic")
    chosen = traffic_module.Settings(latency_ms=0)
    for name, value in settings.items():
        chosen.change(name, value)
    traffic = traffic_module.Traffic(world, chosen)
    trackers = Trackers("", world, traffic)
    app = web.Application(middlewares=[_recorder(trackers), traffic.middleware], client_max_size=2**22)
    app.add_routes(extra(traffic) if extra else ())
    app.add_routes(stand_ins("github_api").GitHubApi(traffic).routes())
    app.add_routes(stand_ins("jira_api").JiraApi(traffic).routes())
    with listening(app, ssl=ssl) as base:
        trackers.base = base
        yield trackers
    if conforming and (said := trackers.complaints()):
        pytest.fail("requests that the vendors' descriptions do not know:\n" + "\n".join(said))


@contextmanager
def listening(app: web.Application, *, ssl: Any = None) -> Generator[str]:
    """Serve an application on a free port of loopback, on a thread of its own; yield its address."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    _on_loop(_begun(runner, ssl))
    try:
        yield f"http{'s' if ssl else ''}://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        _on_loop(runner.cleanup())


@contextmanager
def apart(*arguments: str, **settings: object) -> Generator[str]:
    """Serve a world from a process of its own, as `fake_trackers` is meant to be measured; yield its address."""
    with stand_ins().running(*arguments, **settings) as base:
        yield base


def _recorder(trackers: Trackers) -> Any:
    @web.middleware
    async def recorder(request: web.Request, handler: Any) -> web.StreamResponse:
        sent = Sent(
            method=request.method,
            path=request.path,
            query=tuple(request.query.items()),
            headers=_without_secrets(request.headers),
            body=await request.read(),
        )
        trackers.sent.append(sent)
        if sent.body:
            with warnings.catch_warnings(action="ignore"):  # deprecated, and the only way to let others see a body
                request.content.unread_data(sent.body)
        answer = trackers.before(sent) if trackers.before else None
        response = answer if answer is not None else await handler(request)
        if trackers.skew and not response.prepared:
            response.headers["Date"] = format_datetime(datetime.now(UTC) + trackers.skew, usegmt=True)
        sent.status, sent.answered = response.status, time.monotonic()
        if sent.path.startswith("/rest/"):  # the stand-in takes Jira's boards for GitHub's
            for name in [name for name in response.headers if name.lower().startswith("x-ratelimit")]:
                del response.headers[name]
        trackers.offered.update(re.findall("<([^>]+)>", response.headers.get("Link", "")))
        trackers.offered.update(filter(None, [response.headers.get("Location")]))
        return response

    return recorder


def _without_secrets(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items() if name.lower() not in SECRET_HEADERS}


async def _begun(runner: web.AppRunner, ssl: Any) -> None:
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=ssl).start()


async def _called(how: Callable[[], T]) -> T:
    return how()


def _on_loop(what: Coroutine[Any, Any, T]) -> T:
    return asyncio.run_coroutine_threadsafe(what, _loop()).result(30)


@functools.cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="trackers", daemon=True).start()
    return loop
