"""One page and one browser for all tests of the page."""

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.serving import Scheme, Shown, Visit, a_checkout, a_state, served

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session", name="meadow")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_checkout(tmp_path_factory.mktemp("checkouts") / "meadow")


@pytest.fixture(scope="session")
def state(meadow: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_state(meadow, tmp_path_factory.mktemp("state") / "scout")


@pytest.fixture(scope="session")
def shown(meadow: Path, state: Path) -> Generator[Shown]:
    with served(meadow, state) as page:
        yield page


@pytest.fixture(scope="session")
def cookie(shown: Shown) -> str:
    """The session of the one browser that was let in."""
    status, cookie = shown.enter()
    assert status == 303
    return cookie.partition(";")[0]


@pytest.fixture(scope="session")
def browser() -> Generator[Browser]:
    if not CHROMIUM.exists():
        missing = "Debian's chromium is not installed: the page is NOT tested in a browser"
        if os.environ.get("SCOUT_REQUIRE_ALL") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, shown: Shown, cookie: str) -> Generator[Visit]:
    """Whatever the page asks for elsewhere, or complains of, fails the test."""
    asked: list[str] = []
    complaints: list[str] = []
    contexts: list[Any] = []

    def opened(scheme: Scheme = "light", width: int = 1100, *, at: Shown | None = None, script: bool = True) -> Page:
        size: Any = {"width": width, "height": 900}
        context = browser.new_context(color_scheme=scheme, viewport=size, java_script_enabled=script)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        if at is None:
            name, _, value = cookie.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": shown.root}])
        page.goto(at.url if at else shown.root)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert asked
    assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}
    assert complaints == []
