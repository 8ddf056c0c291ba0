"""The sceptic's walk of docs/review.md, from 'cover is low' to 'filed', driven in a browser and counted.

Run it with `python -m tests.bench.bench_walk [FOLDER]`; FOLDER gets a picture of each stop, wide and as on a phone. The
issue is filed in the shared stand-in for GitHub: first shown as it would be sent, then sent.

What a machine can count is counted: words in sight, keys, seconds of the machine. What a person would take is estimated
from that; no person was timed. Reading: 240 words a minute (silently, in English; 238 in the mean of 190 studies,
Brysbaert, Journal of Memory and Language 109, 2019). Acting, by the keystroke-level model (Card, Moran and Newell,
Communications of the ACM 23(7), 1980): 1.1 s a key or click, its time to point, which is more than its time for a key;
0.28 s a letter of a command, its average typist; 1.35 s before each stop, to make up one's mind.
"""

import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from playwright.sync_api import Page, sync_playwright

from tests.rocket import Scout
from tests.serving import Shown
from tests.serving import served as shown_of
from tests.trackers import REPOSITORY, TOKEN, Trackers, new_world, served
from tests.walking import TODAY, file_in_github, project
from tests.web.conftest import CHROMIUM, FLAGS

WORDS_A_MINUTE, ACT, LETTER, MIND = 240, 1.1, 0.28, 1.35
MOST_SECONDS = 120
_WORD = re.compile(r"\w")
_PAYLOAD = re.compile(r"^\{$.*?^\}$", re.DOTALL | re.MULTILINE)

NEEDED: dict[str, tuple[str, ...]] = {
    "cover": (
        ".card:has(.tag.warn, .tag.bad) h2",
        ".card .cover",
        ".card .cover ~ p:not(.note)",
        ".card dl > :nth-child(-n+8)",
        "main tbody tr:first-child",
    ),
    "rows": ("main h1", "main tbody tr"),
    "candidate": ("main h1", "main h1 ~ p", "dl.short"),
    "evidence": ("main [aria-label=Evidence] tbody tr", "figure.code figcaption", "figure.code .marked"),
    "beside": (".pair .common", ".pair strong"),
    "accepted": (".note.good",),
}
"""What of a page the decision at each stop needs; the rest is there for whoever doubts it."""


class Stop(NamedTuple):
    """What was counted at a stop: seconds of the machine, keys or clicks, letters typed, words to read, words shown."""

    name: str
    machine: float
    acts: int
    letters: int
    words: int
    shown: int

    def seconds(self, words: int) -> float:
        """Return the estimate for somebody who reads that many words here."""
        return self.machine + MIND + ACT * self.acts + LETTER * self.letters + words / WORDS_A_MINUTE * 60


class Walk:
    """Goes from stop to stop and counts."""

    def __init__(self, page: Page, scout: Scout, pictures: Path | None) -> None:
        self.stops: list[Stop] = []
        self.processor = 0.0
        self._page, self._scout, self._pictures = page, scout, pictures

    def stop(self, name: str, part: str, acts: int, go: Callable[[], object], *, leads: bool = True) -> None:
        """Go to the next stop and count what it asks for.

        Args:
            name: what is asked there.
            part: whose words are needed.
            acts: keys and clicks that lead there.
            go: leads there.
            leads: whether that is another page, whose words are in sight for the first time.
        """
        began = time.perf_counter()
        if leads:
            with self._page.expect_navigation():
                go()
        else:
            go()
        taken = time.perf_counter() - began
        needed = sum(count(text) for selector in NEEDED[part] for text in self._said(selector))
        assert needed, f"nothing to read at '{name}'"
        shown = sum(count(text) for text in self._said("main")) if leads else 0
        self.stops.append(Stop(name, taken, acts, 0, needed, shown))
        self._picture(part)

    def command(self, name: str, *arguments: str, typed: int) -> None:
        """Run a command in the terminal, which starts from nothing, and count what it says; a payload is not needed."""
        began, before = time.perf_counter(), os.times()
        said = self._scout(*arguments, now=TODAY, TERM="dumb")
        after = os.times()
        self.processor += sum(after[2:4]) - sum(before[2:4])
        assert said.code == 0, said.err
        needed = _PAYLOAD.sub("", said.out)
        self.stops.append(Stop(name, time.perf_counter() - began, 1, typed, count(needed), count(said.out)))

    def _said(self, selector: str) -> list[str]:
        return [one.inner_text() for one in self._page.locator(selector).all() if one.is_visible()]

    def _picture(self, name: str) -> None:
        if self._pictures is None:
            return
        size: Any = self._page.viewport_size
        for look, width in (("wide", size["width"]), ("phone", 390)):
            self._page.set_viewport_size({"width": width, "height": size["height"]})
            self._page.screenshot(path=self._pictures / f"walk-{name}-{look}.png", full_page=True)
        self._page.set_viewport_size(size)


def main() -> None:
    """Print the table; end with 1 when the estimate is above two minutes."""
    pictures = Path(sys.argv[1]) if sys.argv[1:] else None
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    world = new_world()
    world.make_github(3, 0, 0, 0, 0)
    with TemporaryDirectory() as place, served(world) as trackers, sync_playwright() as playwright:
        root = Path(place)
        scout = project(root)
        file_in_github(root, trackers.base, REPOSITORY, TOKEN)
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        with shown_of(root / "rocket", root / "state", TODAY) as shown:
            page = browser.new_page(viewport={"width": 1000, "height": 640})
            page.goto(shown.url)
            walk = Walk(page, scout, pictures)
            go(walk, page, shown, trackers)
        browser.close()
    sys.exit(not told(walk.stops, walk.processor))


def go(walk: Walk, page: Page, shown: Shown, trackers: Trackers) -> None:
    """Go the whole way."""
    before = len(trackers.github.issues)
    walk.stop("cover is low", "cover", 0, lambda: page.goto(shown.root))
    walk.stop("the rows behind a figure", "rows", 1, page.locator("a[href$='of=ready']").click)
    walk.stop("is it true, and ready?", "candidate", 3, lambda: first(page))
    walk.stop("the code at the evidence", "evidence", 1, page.locator("a[href='#evidence']").click, leads=False)
    walk.stop("is it new?", "beside", 1, lambda: page.keyboard.press("PageUp"), leads=False)
    walk.stop("decide", "accepted", 1, lambda: page.keyboard.press("a"))
    walk.command("what would be sent", "publish", typed=len("scout publish"))
    assert len(trackers.github.issues) == before, "a dry run files nothing"
    walk.command("filed", "publish", "--live", typed=len(" --live") + 1)  # and the key for the line before
    assert len(trackers.github.issues) == before + 1


def first(page: Page) -> None:
    """Go back to the portfolio and from there into the first candidate of today."""
    page.go_back()
    page.keyboard.press("j")
    page.keyboard.press("Enter")


def told(stops: list[Stop], processor: float) -> bool:
    """Print the table; return whether the walk is short enough.

    Args:
        stops: what was counted.
        processor: seconds of a processor that the commands used.
    """
    say("| stop | machine, s | keys, clicks | letters | words needed | words shown | estimate, s |")
    say("|:--|--:|--:|--:|--:|--:|--:|")
    for one in stops:
        figures = (f"{one.machine:.1f}", one.acts, one.letters, one.words, one.shown, f"{one.seconds(one.words):.0f}")
        say(f"| {one.name} | {' | '.join(map(str, figures))} |")
    needed = sum(one.seconds(one.words) for one in stops)
    every = sum(one.seconds(max(one.words, one.shown)) for one in stops)
    machine, acts = sum(one.machine for one in stops), sum(one.acts for one in stops)
    letters, words, shown = (sum(column) for column in zip(*(one[3:] for one in stops), strict=True))
    say(f"| whole | {machine:.1f} | {acts} | {letters} | {words} | {shown} | {needed:.0f} |")
    say(f"\nEstimate: {needed:.0f} s (≤ {MOST_SECONDS}); {every:.0f} s for who reads every word that is shown.")
    waited = sum(one.machine for one in stops[-2:]) - processor
    idle = needed - waited
    say(f"Load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores; commands used {processor:.1f} s of a processor.")
    say(f"Without load it is {idle:.0f} s.")
    return needed <= MOST_SECONDS


def count(text: str) -> int:
    """Return how many words a text has; signs alone are none."""
    return sum(bool(_WORD.search(one)) for one in text.split())


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
