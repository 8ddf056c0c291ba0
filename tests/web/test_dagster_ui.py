"""What `make dev` opens, on a fresh checkout without settings, driven in a real browser: 'Materialize all' works."""

import http.client
import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.portfolio import LIFECYCLE, LINE, TOLD
from tests.rocket import rocket
from tests.serving import free_port, in_background

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
PATIENCE = 180.0
PAUSE = 0.5
RUNS = "{ runsOrError { ... on Runs { results { jobName status tags { key value } } } } }"
MATERIALIZED = "{ assetNodes { assetKey { path } assetMaterializations(limit: 1) { partition } } }"
CHECKED = """{ assetNodes { assetChecksOrError { ... on AssetChecks {
  checks { name executionForLatestMaterialization { status } } } } } }"""


@pytest.fixture(scope="module")
def dagster(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """Start what `make dev` starts, in a checkout that was never looked at, and give the UI's address."""
    folder = tmp_path_factory.mktemp("dev")
    made = rocket(folder / "rocket", landed=5)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SCOUT_", "DAGSTER_"))}
    own = {"SCOUT_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder / "config"), "PYTHONPATH": str(ROOT)}
    port, log = free_port(), folder / "log"
    command = ["-m", "assets", "--no-open", "--port", str(port)]
    with in_background(command, log, made.path, {**kept, **own}) as process:
        address = f"http://127.0.0.1:{port}"
        until(lambda: answers(address, process, log), "the UI answers")
        yield address


@pytest.fixture
def page(browser: Browser) -> Generator[Page]:
    """Whatever the UI asks of another host fails the test."""
    asked: list[str] = []
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    context.close()
    assert {urlsplit(url).hostname for url in asked} - {None} == {"127.0.0.1"}


def test_materialize_all_on_a_fresh_checkout(dagster: str, page: Page):
    page.goto(f"{dagster}/asset-groups")
    page.get_by_role("button", name="Materialize all").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="All", exact=True).click()
    dialog.get_by_role("button", name=re.compile("^Launch")).click()
    until(lambda: asked_by_hand(dagster) == {"SUCCESS"}, "the run ends well")
    nodes = ask(dagster, MATERIALIZED)["assetNodes"]
    made = {node["assetKey"]["path"][0]: node["assetMaterializations"] for node in nodes}
    assert set(made) == {*LINE, *LIFECYCLE, TOLD}
    assert all(made[name][0]["partition"] == "rocket" for name in (*LINE, *LIFECYCLE))
    checks = [check for node in ask(dagster, CHECKED)["assetNodes"] for check in node["assetChecksOrError"]["checks"]]
    told = {check["name"]: check["executionForLatestMaterialization"]["status"] for check in checks}
    assert told.pop("buffer_cover") == "FAILED", "nothing is ready in a fresh checkout, and the alarm says so"
    assert set(told.values()) == {"SUCCEEDED"}

    page.goto(f"{dagster}/assets/findings?view=partitions&partition=rocket")
    expect(page.get_by_text("what would be proposed")).to_be_visible()
    expect(page.get_by_text("doc-command-missing").first).to_be_visible()


def test_the_first_run_needs_no_click(dagster: str):
    until(lambda: by_key(dagster).get("rocket first") == "SUCCESS", "the sensor's first run ends well")


def asked_by_hand(address: str) -> set[str]:
    """Return how the runs ended, or how they stand, that were not started by the sensor."""
    states = {run["status"] for run in runs(address) if not key_of(run)}
    assert not states & {"FAILURE", "CANCELED"}, states
    return states


def by_key(address: str) -> dict[str, str]:
    return {key_of(run): run["status"] for run in runs(address) if key_of(run)}


def key_of(run: dict[str, Any]) -> str:
    return next((tag["value"] for tag in run["tags"] if tag["key"] == "dagster/run_key"), "")


def runs(address: str) -> list[dict[str, Any]]:
    return ask(address, RUNS)["runsOrError"]["results"]


def ask(address: str, query: str) -> dict[str, Any]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        body = json.dumps({"query": query})
        connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
        document = json.load(connection.getresponse())
    finally:
        connection.close()
    assert "errors" not in document, document["errors"]
    return document["data"]


def answers(address: str, process: subprocess.Popen[bytes], log: Path) -> bool:
    assert process.poll() is None, log.read_text("utf-8", "replace")
    try:
        return bool(ask(address, "{ assetNodes { id } }")["assetNodes"])
    except OSError:
        return False


def until(holds: Callable[[], bool], what: str) -> None:
    """Look again and again, at most three minutes."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"not in time: {what}"
        time.sleep(PAUSE)
