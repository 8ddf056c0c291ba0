"""The pages of flow in a real browser: from what was published alone, readable by everybody, and quick."""

import os
import time
from collections.abc import Callable, Generator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.archives import lines
from tests.flow_town import PEOPLE, town
from tests.serving import Scheme, Shown, a_checkout, scout, served

pytestmark = pytest.mark.browser

NOW = "2025-01-06T10:00:00Z"
PAGES = ("/flow", "/flow/town", "/flow/meadow")
SLOWEST = 0.15
ASKED = 40


@pytest.fixture(scope="module", name="town_shown")
def town_served(tmp_path_factory: pytest.TempPathFactory) -> Generator[Shown]:
    """Serve a portfolio of two projects after a run, with the warehouse taken away."""
    folder = tmp_path_factory.mktemp("flow")
    a_checkout(folder / "meadow")
    (folder / "scout.toml").write_text(
        '[[project]]\nid = "meadow"\npath = "meadow"\n[[project]]\nid = "town"\nsources = [{type = "imports"}]\n'
    )
    home = folder / "home"
    rows = lines(folder / "rows.jsonl", town())
    scout("import", str(rows), "--project", "town", "--now", NOW, home=home, cwd=folder)
    scout("run", str(folder), "--all", "--now", NOW, home=home, cwd=folder)
    for file in home.glob("warehouse.duckdb*"):
        file.replace(folder / file.name)
    with served(folder, home, NOW) as shown:
        yield shown


@pytest.fixture(scope="module", name="pass_")
def session(town_shown: Shown) -> str:
    return town_shown.enter()[1].partition(";")[0]


@pytest.fixture(name="opened")
def browser_inside(town_shown: Shown, pass_: str, browser: Browser) -> Generator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []

    def opened(scheme: Scheme = "light", width: int = 1100) -> Page:
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
        contexts.append(context)
        name, _, value = pass_.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": town_shown.root}])
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1100), ("dark", 1100), ("light", 320)])
def test_the_pages_of_flow_pass_axe_and_fit(town_shown: Shown, opened: Callable[..., Page], scheme: Scheme, width: int):
    page = opened(scheme, width)
    for path in PAGES:
        page.goto(town_shown.root + path)
        for summary in page.locator("summary").all():
            summary.click()
        found = Axe().run(page)  # pyright: ignore[reportUnknownMemberType] - a library without types
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_a_picture_has_a_table_a_definition_how_sure_it_is_and_its_rows(
    town_shown: Shown, opened: Callable[..., Page], pass_: str
):
    page = opened()
    page.goto(f"{town_shown.root}/flow/town")
    figures = page.locator("figure").all()
    assert len(figures) >= 6
    for figure in figures:
        assert figure.locator("figcaption .soft").inner_text()
        assert "How sure:" in figure.inner_text()
        assert figure.locator("svg title").text_content()
        assert figure.locator("table th").count() >= 2
        for link in figure.locator("a").all():
            status, headers, _ = town_shown.ask(str(link.get_attribute("href")), Cookie=pass_, Range="bytes=0-3")
            assert status in {200, 206}
            assert headers["content-type"].split(";")[0] in {"text/csv", "application/vnd.apache.parquet"}


def test_it_says_what_stands_out_and_names_nobody(town_shown: Shown, opened: Callable[..., Page]):
    page = opened()
    page.goto(f"{town_shown.root}/flow")
    assert "queue grows" in page.locator("main").inner_text()
    page.goto(f"{town_shown.root}/flow/town")
    assert "review-before-merge is bypassed more the faster things go" in page.locator("main").inner_text()
    assert not any(name in page.content() for name in PEOPLE)


def test_there_is_no_way_out_of_the_folder_of_tables(town_shown: Shown, pass_: str):
    for path in ("page.json", "..%2f..%2fledger.sqlite", "summary.json", "nothing.csv"):
        assert town_shown.ask(f"/flow/town/{path}", Cookie=pass_)[0] == 404
    assert town_shown.ask("/flow/nobody", Cookie=pass_)[0] == 404


def test_the_pages_come_quickly(town_shown: Shown, pass_: str):
    for path in PAGES:
        taken: list[float] = []
        for _ in range(ASKED):
            began = time.perf_counter()
            assert town_shown.ask(path, Cookie=pass_)[0] == 200
            taken.append(time.perf_counter() - began)
        assert sorted(taken)[int(0.95 * ASKED)] <= SLOWEST * (1 if os.environ.get("SCOUT_REQUIRE_ALL") else 4), path
