"""A portfolio in a real browser: the age of each source, and what is old or partial stands out."""

import socket
from pathlib import Path

import pytest

from tests.serving import LOOKED, Scheme, Visit, a_checkout, scout, served

pytestmark = pytest.mark.browser

LATER = "2026-03-08T10:00:00Z"


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with two projects, one of which reads a tracker that is down, and let a run look at them."""
    folder = tmp_path_factory.mktemp("portfolio")
    a_checkout(folder / "meadow")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
    (folder / "scout.toml").write_text(
        '[[project]]\nid = "meadow"\npath = "meadow"\ncadence = "weekly"\n'
        f'[[project]]\nid = "harbour"\nsources = [{{type = "jira", url = "{nobody}", projects = ["HAR"]}}]\n'
    )
    scout("run", str(folder), "--all", "--now", LOOKED, home=folder / "scout", code=3)
    return folder


def test_what_is_partial_comes_first_and_says_why(portfolio: Path, visit: Visit):
    with served(portfolio, portfolio / "scout", LATER) as shown:
        page = visit(at=shown)
        assert "1 of 2 projects are old or partial" in page.locator("main > .note").inner_text()
        first, second = page.locator(".card").all()
        assert first.locator("h2").inner_text().split() == ["harbour", "blind", "partial"]
        assert "jira could not be read" in first.locator(".note.bad").inner_text()
        assert "never read before" in first.locator(".note.bad").inner_text()
        first.locator("summary", has_text="streams").click()
        assert "issue" in first.locator("dl details").inner_text()
        assert "read 4 days ago" in second.locator("dl").inner_text()
        assert second.locator(".note").count() == 0


@pytest.mark.parametrize("width", [1100, 390, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_every_window(portfolio: Path, visit: Visit, scheme: Scheme, width: int):
    with served(portfolio, portfolio / "scout", LATER) as shown:
        page = visit(scheme, width, at=shown)
        for summary in page.locator("summary").all():
            summary.click()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
