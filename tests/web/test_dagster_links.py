"""From the page to a real Dagster and back: each link lands on what it names, in a browser."""

import http.client
import os
import sys
import time
from collections.abc import Generator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import dagster as dg
import pytest
from playwright.sync_api import Browser, Page, expect

from assets.definitions import defs
from tests.portfolio import portfolio
from tests.serving import ROOT, free_port, in_background, shown_by

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STAGES = ("sources", "core", "ticket_readiness", "buffer_plan", "outbox", "inbox_snapshot")
PATIENCE, PAUSE = 60.0, 0.2


@dataclass(frozen=True)
class Both:
    """A Dagster that has run the line, and the page: their addresses, the run, and the cookie of a browser let in."""

    dagster: str
    page: str
    run: str
    cookie: tuple[str, str]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Generator[Both]:
    folder = tmp_path_factory.mktemp("both")
    with pytest.MonkeyPatch.context() as patched:
        world = portfolio(folder, patched)
        world.make("rocket", landed=5)
        there, here = free_port(), free_port()
        dagster, page = f"http://127.0.0.1:{there}", f"http://127.0.0.1:{here}"
        settings = f'[[project]]\nid = "rocket"\npath = "rocket"\n[serve]\ndagster = "{dagster}"\npage = "{page}"\n'
        (world.folder / "scout.toml").write_text(settings, "utf-8")
        with world.dagster("rocket") as instance, webserver(folder, there):
            run = materialized(instance)
            serve = ["serve", str(world.folder), "--port", str(here), "--no-open", "--json"]
            with shown_by([sys.executable, "-m", "scout", *serve], folder / "state") as (shown, _):
                name, _, value = shown.enter()[1].partition(";")[0].partition("=")
                until_it_answers(there)
                yield Both(dagster, page, run, (name, value))


@pytest.fixture
def browsing(browser: Browser, both: Both) -> Generator[Page]:
    """A browser that was let in to the page; whatever is asked of another host fails the test."""
    asked: list[str] = []
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.add_cookies([{"name": both.cookie[0], "value": both.cookie[1], "url": both.page, "sameSite": "Strict"}])
    page = context.new_page()
    page.set_default_timeout(30_000)
    context.on("request", lambda request: asked.append(request.url))
    yield page
    context.close()
    assert {urlsplit(url).hostname for url in asked} - {None} <= {"127.0.0.1", "localhost"}


@pytest.mark.parametrize("start", ["/health", "/projects/rocket"])
def test_the_page_leads_to_what_the_line_left_and_back(browsing: Page, both: Both, start: str):
    browsing.goto(both.page + start)
    browsing.get_by_role("link", name="assets", exact=True).click()
    expect(browsing).to_have_title("Assets | inbox_snapshot")
    expect(browsing.get_by_text("Materialized", exact=True).first).to_be_visible()
    expect(browsing.get_by_role("link", name=both.run[:8])).to_be_visible()

    with browsing.expect_popup() as opened:
        browsing.get_by_role("link", name=f"{both.page}/projects/rocket").click()
    expect(opened.value.get_by_role("heading", name="rocket", level=1)).to_be_visible()


def test_the_page_leads_to_the_run(browsing: Page, both: Both):
    browsing.goto(f"{both.page}/health")
    browsing.get_by_role("link", name="runs", exact=True).click()
    listed = browsing.get_by_role("link", name=both.run[:8])
    expect(listed).to_have_count(1)
    listed.click()
    expect(browsing).to_have_url(f"{both.dagster}/runs/{both.run}")
    expect(browsing).to_have_title(f"Runs | line | {both.run[:8]} [SUCCESS]")


def test_what_was_filed_leads_to_the_inbox(browsing: Page, both: Both):
    browsing.goto(f"{both.dagster}/assets/outbox?view=partitions&partition=rocket")
    with browsing.expect_popup() as opened:
        browsing.get_by_role("link", name=f"{both.page}/inbox?project=rocket&state=offered").click()
    expect(opened.value.get_by_role("heading", name="Inbox", level=1)).to_be_visible()


def test_the_page_leads_to_the_alarm(browsing: Page, both: Both):
    browsing.goto(f"{both.page}/projects/rocket")
    browsing.get_by_role("link", name="alarm", exact=True).click()
    expect(browsing.get_by_text("The empty-backlog alarm").first).to_be_visible()
    expect(browsing.get_by_text("rocket: no ready work is left.").first).to_be_visible()


def test_a_link_of_another_site_finds_the_session(browsing: Page, both: Both):
    browsing.goto(both.dagster.replace("127.0.0.1", "localhost") + "/assets/inbox_snapshot")
    page = f"{both.page}/projects/rocket"
    answered: list[int] = []
    browsing.on("response", lambda answer: answered.append(answer.status) if answer.url == page else None)
    browsing.evaluate("to => { location.href = to }", page)
    expect(browsing.get_by_role("heading", name="rocket", level=1)).to_be_visible()
    assert answered == [401, 200], "the browser sends the cookie only when the page itself asks"


def materialized(instance: dg.DagsterInstance) -> str:
    """Run stages of the line and the checks on them; return the run's id."""
    selected = [dg.AssetKey(name) for name in STAGES]
    line = defs.resolve_job_def("line")
    done = line.execute_in_process(instance=instance, partition_key="rocket", asset_selection=selected)
    assert done.success
    return done.run_id


def webserver(folder: Path, port: int) -> AbstractContextManager[object]:
    """Serve Dagster's UI over the instance of this state folder."""
    command = ["-m", "dagster_webserver", "-m", "assets.definitions", "-d", str(folder / "work"), "-p", str(port)]
    own = {"DAGSTER_HOME": str(folder / "state" / "dagster"), "PYTHONPATH": str(ROOT)}
    return in_background([*command, "-h", "127.0.0.1"], folder / "log", folder / "work", {**os.environ, **own})


def until_it_answers(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/server_info")
            assert connection.getresponse().status == 200
        except OSError:
            assert time.monotonic() < end, "Dagster's UI does not answer"
            time.sleep(PAUSE)
        else:
            return
        finally:
            connection.close()
