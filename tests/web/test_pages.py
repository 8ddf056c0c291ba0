"""The page as a real browser shows it."""

import re
from pathlib import Path

import pytest

from scout.web.text import rendered
from tests.serving import LOOKED, Scheme, Visit, served

pytestmark = pytest.mark.browser

MUCH_LATER = "2026-03-20T10:00:00Z"
CONTRAST = """() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const found = parse(getComputedStyle(at).backgroundColor);
      if (found.length === 3 || found[3] === 1) return found.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const ratios = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.textContent.trim()) continue;
    const colours = [parse(getComputedStyle(node.parentElement).color).slice(0, 3), ground(node.parentElement)];
    const [high, low] = colours.map(light).sort((a, b) => b - a);
    ratios.push([(high + 0.05) / (low + 0.05), node.textContent.trim()]);
  }
  return ratios;
}"""


def test_the_address_lets_a_browser_in(meadow: Path, state: Path, visit: Visit):
    with served(meadow, state) as shown:
        page = visit(at=shown)
        assert page.url == f"{shown.root}/"
        assert page.locator("h1").inner_text() == "Portfolio"


def test_the_portfolio_says_cover_reason_and_what_to_decide(visit: Visit):
    page = visit()
    card = page.locator(".card")
    assert card.locator("h2").inner_text().split()[0] == "meadow"
    assert re.search("of cover|nothing is being started", card.locator(".cover").inner_text(), re.IGNORECASE)
    assert len(card.locator(".cover ~ p").first.inner_text()) > 20
    assert page.locator("td.main a").count() == 1
    assert page.title() == "Portfolio · Scout"


def test_a_candidate_shows_text_evidence_and_verdicts_and_nothing_comes_alive(visit: Visit):
    page = visit()
    page.locator("td.main a").click()
    assert page.title() != "taken"
    draft = page.locator(".draft")
    assert '<script>document.title = "taken"</script>' in draft.inner_text()
    assert "[image: a picture]" in draft.inner_text()
    assert [link.get_attribute("href") for link in draft.locator("a").all()] == ["https://pages.example/guide"]
    assert "☐ done" in draft.inner_text()
    assert "docs/start.md:3" in page.get_by_role("region", name="Evidence").inner_text()
    verdicts = page.get_by_role("region", name="Verdicts")
    assert verdicts.get_by_role("row").count() > 10
    assert "acceptance" in verdicts.inner_text()
    assert "edit" in page.get_by_role("listitem").last.inner_text()


@pytest.mark.parametrize("width", [1100, 390, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_and_can_be_read(visit: Visit, scheme: Scheme, width: int, tmp_path: Path):
    page = visit(scheme, width)
    first = page.locator("td.main a").first.get_attribute("href")
    for path in ("/", "/inbox", str(first)):
        page.goto(page.url.partition("/candidates")[0].rstrip("/").removesuffix("/inbox") + path)
        page.screenshot(path=tmp_path / f"{path.strip('/').replace('/', '-') or 'portfolio'}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        ratios = page.evaluate(CONTRAST)
        assert len(ratios) > 10
        assert [ratio for ratio in ratios if ratio[0] < 4.5] == []
        assert page.locator("h1").count() == 1


def test_it_needs_no_script_and_has_one_of_its_own(visit: Visit):
    page = visit(script=False)
    page.locator("td.main a").click()
    assert page.locator(".draft").is_visible()
    assert [one.get_attribute("src") for one in page.locator("script").all()] == ["/scout.js"]


def test_it_can_be_walked_with_the_keyboard(visit: Visit):
    page = visit()
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "To the content"
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Portfolio"
    assert page.locator(":focus").evaluate("node => getComputedStyle(node).outlineStyle") != "none"


def test_before_the_first_run_it_says_what_to_do(meadow: Path, tmp_path: Path, visit: Visit):
    with served(meadow, tmp_path / "scout", LOOKED) as shown:
        said = visit(at=shown).locator("main").inner_text()
    assert "Nothing has been looked at yet. scout run fills this page." in said
    assert "Nothing waits for a decision." in said


def test_what_is_old_is_called_old(meadow: Path, state: Path, visit: Visit):
    with served(meadow, state, MUCH_LATER) as shown:
        page = visit(at=shown)
        assert page.locator("h2 .tag", has_text="old").is_visible()
        assert "git was last read 16 days ago" in page.locator(".card").inner_text()


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x onerror=alert(1)>",
        "<iframe src='http://frames.example'></iframe>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,hello)",
        "[x](//elsewhere.example)",
        "[x](/inbox)",
        "<http://elsewhere.example/' onmouseover='alert(1)>",
        "![x](http://pictures.example/x.png)",
        "[![x](http://pictures.example/x.png)](javascript:alert(1))",
    ],
)
def test_foreign_text_stays_text(hostile: str):
    html = rendered(hostile)
    assert not re.search(r"<(?:img|iframe|script)", html)
    assert not re.search(r"<[^>]+\bon\w+=", re.sub(r'"[^"]*"', '""', html))
    assert all(address.startswith(("http://", "https://")) for address in re.findall(r'href="([^"]*)"', html))
