#!/usr/bin/env python3
"""Take the pictures of docs/review.md from the real page, over a made-up project.

Usage: `PYTHONPATH=. python docs/page_pictures.py [FOLDER]`: writes docs/images/review-*.webp; with FOLDER every page
goes there as well, in light, dark and phone width, to be looked at. Needs Debian's chromium.
"""

import base64
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.rocket import Scout
from tests.serving import Shown, served
from tests.walking import TODAY, project
from tests.web.conftest import CHROMIUM, FLAGS

TARGET = Path(__file__).parent / "images"
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
    page.locator("a[href$='of=ready']").click()
    picture(page, TARGET / "review-2-rows.webp")
    page.go_back()
    page.locator("td.main a").first.click()
    picture(page, TARGET / "review-3-candidate.webp")
    page.locator("a[href='#evidence']").click()
    picture(page, TARGET / "review-4-evidence.webp")
    if page.locator(".pair").count():
        page.evaluate("document.getElementById('beside').scrollIntoView()")
    picture(page, TARGET / "review-5-beside.webp")
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
