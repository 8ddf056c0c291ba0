"""The whole way of a decision on the page: with keys, without any script, and refused to whoever may not."""

import http.client
import re
import shutil
from collections.abc import Callable, Generator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.rocket import NOW, Scout, rocket
from tests.serving import Scheme, Shown, served

pytestmark = pytest.mark.browser
EXPECTED = re.compile(r"status of (?:409|422) ")
"""A browser complains of each answer that is a refusal, even when it was to be refused."""
PAGES = (
    "/",
    "/inbox",
    "/inbox?everything=yes",
    "/inbox?project=rocket&state=offered",
    "/decisions",
    "/suppressions",
    "/health",
    "/keys",
    "/projects/rocket",
    "/projects/rocket/tickets?of=open",
    "/projects/rocket/findings",
)


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("looked")
    rocket(root / "rocket")
    assert Scout(root / "state", root / "rocket")("run", now=NOW).code == 0
    return root


@pytest.fixture
def shown(looked: Path, tmp_path: Path) -> Generator[Shown]:
    shutil.copytree(looked / "state", tmp_path / "state")
    with served(looked / "rocket", tmp_path / "state", NOW) as page:
        yield page


@pytest.fixture
def opened(browser: Browser, shown: Shown) -> Generator[Callable[..., Page]]:
    """A browser that was let in; what it asks for elsewhere, or complains of, fails the test."""
    asked: list[str] = []
    complaints: list[str] = []

    def visit(scheme: Scheme = "light", width: int = 1100, *, script: bool = True) -> Page:
        context = browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": 900}, java_script_enabled=script
        )
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(shown.url)
        return page

    yield visit
    assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}
    assert [one for one in complaints if not EXPECTED.search(one)] == []


def state(page: Page) -> str:
    return page.locator("main .tag").first.inner_text()


def test_the_whole_way_with_keys(opened: Callable[..., Page], shown: Shown):
    page = opened()
    page.goto(f"{shown.root}/inbox")
    titles = page.locator("td.main a").all_inner_texts()
    assert len(titles) > 3
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.wait_for_url("**told=*accepted*")
    assert page.locator("td.main a").count() == len(titles) - 1
    page.keyboard.press("u")
    page.wait_for_url("**/candidates/*told=*")
    assert state(page) == "offered"
    page.keyboard.press("e")
    page.wait_for_url("**/edit*")
    page.fill("#body", "Mend it.")
    page.wait_for_selector("#readiness .tag.warn")
    page.get_by_role("button", name="Save as").click()
    page.wait_for_url("**told=*")
    assert "not ready" in page.get_by_role("status").inner_text()
    page.keyboard.press("u")
    page.wait_for_url("**told=*taken*")
    page.keyboard.press("i")
    page.wait_for_url("**/inbox")
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.wait_for_selector("#reason")
    page.wait_for_selector("details[open]")
    page.check("input[value=scout]")
    page.wait_for_selector("#hides p")
    page.fill("#reason", "the vendor's")
    page.locator("details[open] button").click()
    page.wait_for_url("**told=*rejected*")
    page.goto(f"{shown.root}/suppressions")
    assert page.locator("tbody code").inner_text().endswith(":*")
    page.get_by_role("button", name="Lift").click()
    page.wait_for_selector("text=Nothing is suppressed")
    page.goto(f"{shown.root}/decisions")
    assert {"accept", "undo", "reject"} <= set(page.locator("td .tag").all_inner_texts())
    page.keyboard.press("?")
    page.wait_for_url("**/keys")


def test_the_whole_way_without_any_script(opened: Callable[..., Page], shown: Shown):
    page = opened(script=False)
    page.goto(f"{shown.root}/inbox")
    page.locator("td.main a").first.click()
    page.get_by_role("link", name="Edit").click()
    page.fill("#title", "Mend the words")
    page.get_by_role("button", name="Save as").click()
    assert page.locator("h1").inner_text() == "Mend the words"
    page.get_by_text("Defer", exact=True).first.click()
    page.fill("#until", "2026-05-01")
    page.locator("details[open] button").click()
    assert "deferred" in page.locator("[role=status]").inner_text()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Accept").click()
    assert "accepted" in page.locator("[role=status]").inner_text()


def test_the_second_reviewer_is_told_what_the_first_did(opened: Callable[..., Page], shown: Shown):
    page = opened()
    page.goto(f"{shown.root}/inbox")
    address = page.locator("td.main a").first.get_attribute("href")
    page.goto(shown.root + str(address))
    other = page.context.new_page()
    other.goto(shown.root + str(address))
    other.get_by_role("button", name="Accept").click()
    form = page.evaluate("""() => fetch(location.pathname + '/accept', {method: 'POST',
        body: new URLSearchParams(new FormData(document.querySelector('.acts form')))}).then(a => a.text())""")
    assert "is not possible any more" in form or "already has the decision" in form


@pytest.mark.parametrize(("scheme", "width"), [("light", 1100), ("dark", 1100), ("light", 390)])
def test_every_page_passes_axe_and_fits(opened: Callable[..., Page], shown: Shown, scheme: Scheme, width: int):
    page = opened(scheme, width)
    page.goto(f"{shown.root}/inbox")
    first = str(page.locator("td.main a").first.get_attribute("href"))
    for path in (*PAGES, first, f"{first}/edit"):
        page.goto(shown.root + path)
        found = Axe().run(page)  # pyright: ignore[reportUnknownMemberType] - a library without types
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


class Stranger:
    """Somebody who writes requests by hand."""

    def __init__(self, shown: Shown) -> None:
        self.shown = shown
        self.cookie = shown.enter()[1].partition(";")[0]
        text = shown.ask("/inbox", Cookie=self.cookie)[2]
        self.candidate = re.findall(r"/candidates/(c-\w+)", text)[0]
        self.csrf = re.findall(r'name="csrf" value="([^"]+)"', text)[0]

    def post(self, path: str, fields: dict[str, str], **headers: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.shown.port, timeout=30)
        given = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie} | headers
        connection.request("POST", path, urlencode(fields), given)
        status = connection.getresponse().status
        connection.close()
        return status


def test_a_form_of_another_page_decides_nothing(shown: Shown):
    stranger = Stranger(shown)
    path = f"/candidates/{stranger.candidate}/accept"
    assert stranger.post(path, {}) == 403
    assert stranger.post(path, {"csrf": "guessed"}) == 403
    assert stranger.post(path, {"csrf": stranger.csrf}, Origin="http://elsewhere.example") == 403
    assert stranger.post(path, {"csrf": stranger.csrf}, Origin="null") == 403
    assert stranger.post(path, {"csrf": stranger.csrf}, **{"Sec-Fetch-Site": "cross-site"}) == 403
    assert stranger.post(path, {"csrf": stranger.csrf}, Cookie="scout=none") == 401
    assert stranger.post(path, {"csrf": stranger.csrf, "body": "x" * 1_100_000}) == 413
    assert stranger.post(path, {"csrf": stranger.csrf}) == 303
    assert stranger.post(path, {"csrf": stranger.csrf}) == 409


def test_a_session_that_was_left_opens_nothing(shown: Shown):
    stranger = Stranger(shown)
    assert stranger.post("/leave", {"csrf": stranger.csrf}) == 303
    assert shown.ask("/inbox", Cookie=stranger.cookie)[0] == 401
