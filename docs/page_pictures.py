#!/usr/bin/env python3
"""Take the pictures of docs/review.md from the real page, over a made-up project.

Usage: `PYTHONPATH=. python docs/page_pictures.py [FOLDER]`: writes docs/images/review-*.webp; with FOLDER every page
goes there as well, in light, dark and phone width, to be looked at. Needs Debian's chromium.
"""

import base64
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.making import Made
from tests.rocket import Scout, rocket
from tests.serving import Shown, served
from tests.web.conftest import CHROMIUM, FLAGS

TARGET = Path(__file__).parent / "images"
PARTS = ("fuel", "wings", "cabin", "radio", "hatch", "tail", "nose", "seat")
TODAY = "2026-03-02T09:00:00+00:00"
MOST_BYTES, STEP = 60_000, 10
PAGES = {
    "portfolio": "/",
    "project": "/projects/rocket",
    "tickets": "/projects/rocket/tickets?of=ready",
    "findings": "/projects/rocket/findings",
    "inbox": "/inbox",
    "inbox-everything": "/inbox?everything=yes",
    "candidate": "",
    "edit": "",
    "decisions": "/decisions",
    "suppressions": "/suppressions",
    "health": "/health",
    "keys": "/keys",
    "missing": "/candidates/c-none",
}


def project(root: Path) -> Scout:
    """Make a project that has lived for a month: filed work was taken, and little of it is left."""
    made = rocket(root / "rocket")
    texts = {f"docs/{name}.md": f"# {name.title()}\n\nSee [the {name} checklist]({name}-list.md).\n" for name in PARTS}
    made.clock = datetime(2026, 1, 1, 12, tzinfo=UTC)
    made.commit(texts, "write the parts down")
    for number in range(20):
        made.commit({"rocket/log.txt": f"january {number}\n"}, f"change {number}")
    scout = Scout(root / "state", root / "rocket")
    scout("run", now=_day(2))
    listed = scout("inbox", "list", "--all", "--json", now=_day(2)).document["candidates"]
    for one in listed[:6]:
        scout("inbox", "accept", one["id"], now=_day(2))
    scout("inbox", "reject", listed[6]["id"], "--reason", "not now: after the launch", now=_day(2))
    scout("publish", "--live", now=_day(2))
    scout("run", now=_day(2))
    for day in (3, 5, 10, 12):
        _work(made, scout, day)
    for number in range(14):
        made.commit({"rocket/log.txt": f"february {number}\n"}, f"change {number}")
    scout("run", now=TODAY)
    return scout


def _work(made: Made, scout: Scout, day: int) -> None:
    """Let somebody take a ticket and finish it."""
    served = scout("next", "--claim", "team", "--json", now=_day(day)).out
    for key in re.findall(r'"key": ?"([^"]+)"', served):
        file = next(made.path.rglob(f"{key}.md"), None)
        if file is not None:
            file.write_text(re.sub(r"state: \w+", "state: completed", file.read_text("utf-8")), "utf-8")
    made.clock = datetime(2026, 2, day, 12, tzinfo=UTC)
    made.commit({"rocket/log.txt": f"february {day}\n"}, f"finish a ticket on day {day}")
    scout("run", now=_day(day))


def _day(number: int) -> str:
    return f"2026-02-{number:02d}T09:00:00+00:00"


def picture(page: Page, path: Path, quality: int = 60, *, whole: bool = False) -> None:
    """Write what a page shows; the quality falls until the file is small enough."""
    session = page.context.new_cdp_session(page)
    given: dict[str, Any] = {"format": "webp", "quality": quality, "captureBeyondViewport": whole}
    if whole:
        size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        given["clip"] = {"x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1}
    content = base64.b64decode(session.send("Page.captureScreenshot", given)["data"])
    if len(content) > MOST_BYTES and quality > STEP and not whole:
        picture(page, path, quality - STEP)
    else:
        path.write_bytes(content)


def walk(page: Page, shown: Shown, scout: Scout) -> None:
    """Go the sceptic's way and take a picture at every stop."""
    picture(page, TARGET / "review-1-cover.webp")
    page.goto(f"{shown.root}/inbox")
    picture(page, TARGET / "review-2-inbox.webp")
    page.locator("td.main a").first.click()
    picture(page, TARGET / "review-3-candidate.webp")
    if page.locator(".pair").count():
        page.locator(".pair").first.scroll_into_view_if_needed()
    picture(page, TARGET / "review-4-beside.webp")
    page.locator("#readiness, h2:has-text('Readiness')").first.scroll_into_view_if_needed()
    picture(page, TARGET / "review-5-readiness.webp")
    page.evaluate("scrollTo(0, 0)")
    page.keyboard.press("a")
    page.wait_for_url("**told=*")
    picture(page, TARGET / "review-6-accepted.webp")
    scout("publish", "--live", now=TODAY)
    page.goto(f"{shown.root}/decisions")
    picture(page, TARGET / "review-7-filed.webp")


def every_page(browser: Browser, page: Page, shown: Shown, folder: Path) -> None:
    """Write all pages in all looks."""
    page.goto(f"{shown.root}/inbox?everything=yes")
    candidate = str(page.locator("td.main a").first.get_attribute("href"))
    paths = PAGES | {"candidate": candidate, "edit": f"{candidate}/edit"}
    cookies: Any = page.context.cookies()
    looks: dict[str, Any] = {"light": ("light", 1100), "dark": ("dark", 1100), "phone": ("light", 390)}
    for look, (scheme, width) in looks.items():
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
        context.add_cookies(cookies)
        other = context.new_page()
        for name, path in paths.items():
            other.goto(shown.root + path)
            other.screenshot(path=folder / f"{name}-{look}.png", full_page=True)
        context.close()


def main(arguments: list[str]) -> None:
    """Take all pictures."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        root = Path(place)
        scout = project(root)
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        with served(root / "rocket", root / "state", TODAY) as shown:
            page = browser.new_page(viewport={"width": 1000, "height": 640})
            page.goto(shown.url)
            if arguments:
                folder = Path(arguments[0])
                folder.mkdir(parents=True, exist_ok=True)
                every_page(browser, page, shown, folder)
                page.goto(shown.root)
            walk(page, shown, scout)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
