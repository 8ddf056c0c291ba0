"""No request opens the warehouse or asks anybody over the network: every route of the table, driven whole."""

import asyncio
import socket
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import duckdb
import pytest

from scout import clock
from scout.service import review
from scout.service.assess import assess_tickets
from scout.service.classify_apply import apply
from scout.service.classify_plan import Wishes
from scout.service.classify_run import classify
from scout.service.classify_settle import unsettled
from scout.service.run import run
from scout.service.wiring import Workspace, open_workspace
from scout.warehouse.tables import lifecycle as table
from scout.web.access import Keys
from scout.web.app import application
from scout.web.gate import cookie_name
from tests.making import Made
from tests.trackers import REPOSITORY, TOKEN, served, small_world
from tests.unit.web.test_access import routes

pytestmark = pytest.mark.slow
NOW = "2026-03-02T10:00:00Z"
PORT = 1


class Page:
    """The page in this process, with a session; every answer's status and text."""

    def __init__(self, place: Path) -> None:
        keys = Keys()
        self._app = application(lambda: open_workspace(place, clock.now(NOW)), keys, PORT)
        name = keys.exchange(keys.token)
        assert name is not None
        session = keys.session(name)
        assert session is not None
        self.csrf = session.csrf
        self._cookie = f"{cookie_name(PORT)}={name}"

    def ask(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Ask, and wait for the whole answer."""
        address, _, query = path.partition("?")
        headers = {
            "host": f"127.0.0.1:{PORT}",
            "cookie": self._cookie,
            "content-type": "application/x-www-form-urlencoded",
        }
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": address,
            "raw_path": address.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", PORT),
        }
        body = urlencode({"csrf": self.csrf, **(fields or {})}).encode() if method == "POST" else b""
        said: list[dict[str, Any]] = []

        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            if not waiting:  # whoever asks stays until it is answered
                await asyncio.Event().wait()
            return waiting.pop()

        async def send(message: Any) -> None:
            said.append(message)

        with ThreadPoolExecutor(1) as pool:  # this thread may have a loop already: a browser's
            pool.submit(asyncio.run, self._app(scope, receive, send)).result()  # type: ignore[arg-type]
        text = b"".join(one.get("body", b"") for one in said).decode("utf-8", "replace")
        return said[0]["status"], text


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Generator[Path]:
    """A project with candidates, tickets in a tracker, and a run of classification with some in doubt."""
    root = tmp_path_factory.mktemp("path")
    made = Made(root / "meadow")
    pages = {f"docs/page{n}.md": f"# Page {n}\n\nRead [the map](gone{n}.md).\n" for n in range(3)}
    made.commit({"README.md": "# Meadow\n", **pages}, "begin")
    world = small_world(12, 0)
    for number, one in enumerate(one for one in world.github.issues.values() if one["state"] == "open"):
        one |= {"title": f"Should we keep chapter {number}?", "body": "The editors meet on the 3rd.", "labels": []}
    with served(world, conforming=False) as trackers, pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCOUT_HOME", str(root / "state"))
        patched.setenv("XDG_CONFIG_HOME", str(root / "config"))
        (root / "token").write_text(TOKEN)
        github = (
            f'{{type = "github", repository = "{REPOSITORY}", url = "{trackers.base}", token_file = "{root}/token"}}'
        )
        settings = f'[[project]]\nid = "meadow"\npath = "meadow"\nsources = ["git", {github}]\n'
        (root / "scout.toml").write_text(settings)
        work = open_workspace(root, clock.now(NOW))
        run(work, work.project("meadow"))
        classify(work, Wishes(projects=("meadow",)))
        work.close()
        yield root


@pytest.fixture
def forbidden(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was opened although it must not be; trying raises, too."""
    opened: list[str] = []

    def refuse(what: str) -> Any:
        def refused(*arguments: object, **_: object) -> Any:
            opened.append(f"{what} {arguments[-1:]}")
            message = f"{what} in a request"
            raise OSError(message)

        return refused

    monkeypatch.setattr(duckdb, "connect", refuse("duckdb"))
    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse(f"socket.{name}"))
    monkeypatch.setattr(socket, "getaddrinfo", refuse("getaddrinfo"))
    return opened


def test_no_route_opens_the_warehouse_or_a_socket(place: Path, forbidden: list[str]):
    page, given = Page(place), asks(place)
    table = {(min(route.methods or {"GET"}), route.path) for route in routes()}
    plain = {path for method, path in table if method == "GET" and "{" not in path}
    unknown = table - {(method, path) for method, path in given} - {("GET", path) for path in plain}
    assert not unknown, "say below how these are asked"
    told: dict[str, int] = {}
    for path in plain - {"/enter"}:
        told[path], _ = page.ask("GET", path)
    for (method, _), several in given.items():
        for path, fields in several:
            status, text = page.ask(method, path, fields)
            assert not forbidden, (method, path, forbidden)
            told[f"{method} {path}"] = status
            assert status in {200, 303} or path.endswith(("/answer", "/enter", "/leave", "/lift")), (
                path,
                status,
                main(text),
            )
    assert not forbidden, (forbidden, told)


def test_what_is_settled_on_the_page_counts_from_the_next_run_on(place: Path):
    page = Page(place)
    with opened(place) as work:
        doubt = unsettled(work)
        first = doubt.batches[0].tickets[0]
        before = standing(work, first.key)
        assert before != "reference"
    path = f"/classes/{doubt.run}/settle"
    assert page.ask("POST", path, {"tickets": str(first.number), "meaning": "reference"})[0] == 303
    with opened(place) as work:
        assert standing(work, first.key) == before
        assess_tickets(work, work.project("meadow"))
        assert standing(work, first.key) == "reference"
    assert page.ask("POST", path.replace("settle", "unsettle"), {"tickets": str(first.number)})[0] == 303
    with opened(place) as work:
        assess_tickets(work, work.project("meadow"))
        assert standing(work, first.key) == before


def test_the_offer_that_asks_nobody_is_the_one_that_asks(place: Path):
    with opened(place) as work:
        asked, remembered = apply(work), apply(work, asking=False)
    assert [one.having(new=()) for one in asked.batches] == list(remembered.batches)
    assert remembered.batches[0].changes


@contextmanager
def opened(place: Path) -> Generator[Workspace]:
    work = open_workspace(place, clock.now(NOW))
    try:
        yield work
    finally:
        work.close()


def standing(work: Workspace, key: str) -> str:
    with work.warehouse.reading() as connection:
        return next(one.meaning for one in table.standings(connection, "meadow", "gtd") if one.key == key)


def main(text: str) -> str:
    """Return a page's own part, without what stands around it."""
    return text.partition("<main")[2].partition("</main>")[0]


Ask = tuple[str, dict[str, str]]


def asks(place: Path) -> dict[tuple[str, str], list[Ask]]:
    """Return, by method and path of the table, what is asked so that a route is gone through whole."""
    with opened(place) as work:
        lines = review.listing(work, everything=True).candidates
        one, two, *_ = (line.id for line in lines if not line.title.startswith("Refine"))
        doubt = unsettled(work)
    run, numbers = doubt.run, ",".join(str(other.number) for other in doubt.batches[0].tickets)
    ticket = doubt.batches[0].tickets[0].key
    rows = next(file.name for file in (place / "state" / "flow").rglob("*.csv"))
    text = {"title": "Mend the link", "body": "## What is seen\n\nA link is broken.\n"}
    wide = {"scope": "scout"}
    verbs: tuple[Ask, ...] = (
        ("edit", text),
        ("undo", {}),
        ("defer", {"until": "2027-01-01"}),
        ("undo", {}),
        ("defer", {"closed": ticket}),
        ("undo", {}),
        ("merge", {"into": two}),
        ("undo", {}),
        ("merge", {"into": ticket}),
        ("undo", {}),
        ("reject", {"kind": "not now", **wide}),
        ("undo", {}),
        ("accept", {}),
        ("undo", {}),
    )
    return {
        ("GET", "/projects/{name}"): [("/projects/meadow", {}), ("/projects/meadow?what_if=demand%3D2", {})],
        ("GET", "/projects/{name}/tickets"): [("/projects/meadow/tickets?of=open", {})],
        ("GET", "/projects/{name}/findings"): [("/projects/meadow/findings", {})],
        ("GET", "/candidates/{name}"): [(f"/candidates/{one}", {})],
        ("GET", "/candidates/{name}/edit"): [(f"/candidates/{one}/edit", {})],
        ("POST", "/readiness/{name}"): [(f"/readiness/{one}", text)],
        ("POST", "/hides/{name}"): [(f"/hides/{one}", wide)],
        ("POST", "/candidates/{name}/{verb}"): [(f"/candidates/{one}/{verb}", fields) for verb, fields in verbs],
        ("POST", "/suppressions/lift"): [("/suppressions/lift", {"project": "meadow", "fingerprint": "x:*"})],
        ("GET", "/flow/{name}"): [("/flow/meadow", {})],
        ("GET", "/flow/{name}/{file}"): [(f"/flow/meadow/{rows}", {})],
        ("GET", "/classes/{name}"): [(f"/classes/{run}", {})],
        ("GET", "/classes/{name}/offer"): [(f"/classes/{run}/offer", {})],
        ("POST", "/classes/{name}/settle"): [(f"/classes/{run}/settle", {"tickets": numbers, "meaning": "someday"})],
        ("POST", "/classes/{name}/unsettle"): [(f"/classes/{run}/unsettle", {"tickets": numbers})],
        ("POST", "/classes/{name}/accept"): [(f"/classes/{run}/accept", {"project": "meadow", "sure_only": "yes"})],
        ("POST", "/classes/{name}/answer"): [(f"/classes/{run}/answer", {"worker": "wave-1-1", "answer": "yes"})],
        ("POST", "/enter"): [("/enter", {"token": "guessed"})],
        ("POST", "/leave"): [("/leave", {})],
    }
