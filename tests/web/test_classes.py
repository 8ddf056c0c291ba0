"""A run of classification on the page: what is in doubt is settled with one click, and workers are answered."""

import re
from collections.abc import Callable, Generator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from scout import clock
from scout.lifecycle.worker import QUESTION, Question, answer
from scout.service.classify_plan import Wishes, plan
from scout.service.classify_runs import ANSWERS, Phase, Run
from scout.service.wiring import open_workspace
from tests.rocket import Scout
from tests.serving import Scheme, Shown, served

pytestmark = pytest.mark.browser
NOW = "2026-03-02T10:00:00Z"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Generator[Shown]:
    root = tmp_path_factory.mktemp("classes")
    place = root / "meadow"
    (place / ".git").mkdir(parents=True)
    (place / "tickets").mkdir()
    for number in range(3):
        text = f"---\ntitle: Should we keep <b>chapter</b> {number}?\n---\nThe editors meet on the 3rd.\n"
        (place / "tickets" / f"t-{number}.md").write_text(text, "utf-8")
    (place / "tickets" / "crash.md").write_text("---\ntitle: It crashes\nkind: bug\n---\nOpen it.\n", "utf-8")
    assert Scout(root / "state", place)("classify", "run", now=NOW).code == 0
    with served(place, root / "state", NOW) as page:
        yield page


@pytest.fixture(scope="module")
def opened(browser: Browser, shown: Shown) -> Callable[..., Page]:
    context = browser.new_context(java_script_enabled=False)
    context.new_page().goto(shown.url)
    cookies = context.cookies()

    def visit(path: str, scheme: Scheme = "light", width: int = 1100, *, script: bool = False) -> Page:
        size = {"width": width, "height": 900}
        made = browser.new_context(color_scheme=scheme, viewport=size, java_script_enabled=script)  # pyright: ignore[reportArgumentType] - a mapping
        made.add_cookies(cookies)  # pyright: ignore[reportArgumentType] - its own cookies
        page = made.new_page()
        page.goto(f"{shown.root}{path}")
        return page

    return visit


def test_what_is_in_doubt_is_settled_with_one_click_and_taken_back_without_any_script(opened: Callable[..., Page]):
    page = opened("/classes")
    assert page.locator("h1").inner_text() == "4 tickets, each with one class"
    assert page.locator("#doubt").inner_text() == "In doubt: 3"
    assert page.get_by_text("Should we keep <b>chapter</b> 1?").count() == 1
    page.get_by_role("button", name="Waiting").click()
    assert "3 tickets are waiting; 0 are left." in page.get_by_role("status").inner_text()
    assert page.get_by_text("No ticket is in doubt").count() == 1
    assert page.get_by_text("People overruled open-question: someday became waiting, 3 ×").count() == 1
    page.get_by_role("button", name="Take it back").click()
    assert page.locator("#doubt").inner_text() == "In doubt: 3"


def test_an_offer_shows_the_difference_the_doubtful_on_top_and_is_accepted(opened: Callable[..., Page]):
    page = opened("/classes")
    page.get_by_role("link", name="What trackers would get").click()
    assert page.locator("h2").inner_text() == "meadow: 4 of 4 tickets would change"
    assert page.locator("h3").all_inner_texts() == ["Doubtful, the least sure first", "A sample of the others"]
    assert page.locator("ins.new").first.inner_text() == "gtd: someday"
    page.get_by_role("button", name="Accept without the doubtful").click()
    assert "Accepted for meadow" in page.get_by_role("status").inner_text()
    assert page.get_by_text("1 accepted, 0 written.").count() == 1


@pytest.mark.parametrize(("scheme", "width"), [("light", 1100), ("dark", 360)])
@pytest.mark.parametrize("path", ["/classes", "/classes/r-/offer"])
def test_the_pages_pass_axe_and_fit(opened: Callable[..., Page], path: str, scheme: Scheme, width: int):
    page = opened(path, scheme, width, script=True)
    found = Axe().run(page)  # pyright: ignore[reportUnknownMemberType] - a library without types
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_question_is_answered_yes_or_no_and_a_page_that_goes_on_looks_again(
    shown: Shown, opened: Callable[..., Page], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
):
    root = next(path for path in tmp_path_factory.getbasetemp().iterdir() if path.name.startswith("classes"))
    monkeypatch.setenv("SCOUT_HOME", str(root / "state"))
    work = open_workspace(root / "meadow", clock.now("2026-03-03"))
    run = Run(work, plan(work, Wishes(again=True)).run)
    run.keep(run.state().having(phase=Phase.WORKING))
    folder = run.worker("wave-1-1")
    asked = Question(about="brief", wants="May my brief say 'x'?", context="it's a corner case")
    (folder / QUESTION).write_text(asked.model_dump_json(), "utf-8")
    page = opened(f"/classes/{run.name}")
    assert page.get_by_text("wave-1-1 asks about its brief: May my brief say 'x'?").count() == 1
    assert page.locator("progress").count() == 1
    cookie = "; ".join(f"{one.get('name')}={one.get('value')}" for one in page.context.cookies())
    status, headers, _ = shown.ask(f"/classes/{run.name}", Cookie=cookie)
    assert (status, headers["refresh"]) == (200, "3")
    page.get_by_role("button", name=re.compile("^Yes$")).click()
    assert "wave-1-1 was told yes." in page.get_by_role("status").inner_text()
    assert page.get_by_text("asks about its brief").count() == 0
    (folder / "answer.json").write_bytes((run.folder / ANSWERS / "wave-1-1.json").read_bytes())
    said = answer(folder)
    assert said is not None
    assert said.yes
    work.close()
