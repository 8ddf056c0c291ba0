"""Whatever others wrote is shown by the real browser as text: nothing runs, nothing asks, nothing leaves."""

import json
import shutil
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from scout.ledger import Ledger
from scout.model import Decision, Event, Suppression
from scout.warehouse.published import FindingRow, Rows, TicketRow
from tests.rocket import NOW, Scout, rocket
from tests.serving import Shown, served
from tests.unit.drafts.attacks import ATTACKS

pytestmark = pytest.mark.browser
RUNS = "window.taken=1;alert(1)"
MARKUP = (
    f"<script>{RUNS}</script>",
    f"</title><script>{RUNS}</script>",
    f"</textarea><script>{RUNS}</script>",
    f"</code></pre></span><script>{RUNS}</script>",
    f'"><img src=x onerror="{RUNS}">',
    f"' autofocus onfocus='{RUNS}",
    f'" autofocus onfocus="{RUNS}" x="',
    f"<svg onload={RUNS}><animate onbegin={RUNS} attributeName=x dur=1s>",
    f"<svg><style><img src=x onerror={RUNS}></style></svg>",
    f"<math><mtext><table><mglyph><style><img src onerror={RUNS}>",
    f"<iframe srcdoc='<script>parent.{RUNS}</script>'></iframe>",
    f"<details open ontoggle={RUNS}>x</details>",
    f"<a href=javascript:{RUNS}>x</a> [x](javascript:{RUNS}) [x](&#106;avascript:{RUNS}) [x](java\nscript:{RUNS})",
    f"[x](data:text/html;base64,PHNjcmlwdD4=) [x](vbscript:{RUNS}) <javascript:{RUNS}>",
    "![x](http://elsewhere.example/x.png) <img src=http://elsewhere.example/y> ![x][r]\n\n[r]: //elsewhere.example/z",
    "<link rel=stylesheet href=//elsewhere.example/x.css><link rel=prefetch href=//elsewhere.example>",
    "<style>@import '//elsewhere.example/x.css';body{background:url(//elsewhere.example/y)}</style>",
    "<meta http-equiv=refresh content='0;url=http://elsewhere.example'><base href=//elsewhere.example>",
    "<form action=//elsewhere.example><button autofocus>Accept</button><input name=csrf></form>",
    "<object data=//elsewhere.example></object><embed src=//elsewhere.example><video src=//elsewhere.example autoplay>",
    "{{ 7 * 7 }} {% for x in ().__class__.__base__.__subclasses__() %}x{% endfor %} ${7*7} #{7*7}",
    "`</code><script>` ```\n</pre><script>window.taken=1</script>\n```\n<!--><script>window.taken=1</script>-->",
)
TEXTS = {name: f"{attack.text}\n\n{attack.payload}".replace("\0", "") for name, attack in ATTACKS.items()} | {
    f"markup-{number}": text for number, text in enumerate(MARKUP)
}
LISTS = (
    "/",
    "/inbox?everything=yes",
    "/inbox?everything=yes&page=2",
    "/inbox?project=rocket&state=rejected",
    "/projects/rocket",
    "/projects/rocket/tickets?of=open",
    "/projects/rocket/findings",
    "/decisions",
    "/suppressions",
    "/health",
)
ALIVE = """() => [...document.querySelectorAll("*")].flatMap((node) => [
  ...[...node.attributes].filter((one) => one.name.startsWith("on") || one.name === "style").map((one) => one.name),
  ...(node.matches("iframe, object, embed, video, audio, base, img, meta[http-equiv]") ? [node.tagName] : []),
  ...(node.matches("main style, main link, main script") ? [node.tagName] : []),
  ...(node.href && !/^https?:/.test(node.href.baseVal ?? node.href) ? [node.href] : []),
  ...(node.action && new URL(node.action).origin !== location.origin ? [node.action] : []),
])"""


@dataclass
class Watched:
    """A page, and whatever it did that it must not."""

    page: Page
    shown: Shown
    names: dict[str, str]
    harm: list[str] = field(default_factory=list[str])

    def __call__(self, path: str) -> Page:
        """Open a page and look at what came of it."""
        self.harm.clear()
        answer = self.page.goto(self.shown.root + path)
        assert answer is not None
        assert answer.status == 200, answer.text()
        assert urlsplit(self.page.url).path == urlsplit(path).path
        assert self.page.evaluate("window.taken") is None
        assert self.page.evaluate("window.violated") == []
        assert self.page.evaluate(ALIVE) == []
        assert self.page.title().endswith(" · Scout")
        assert self.harm == []
        return self.page


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[Path, dict[str, str]]]:
    """Put each text wherever somebody else can write, past all that keeps it out, and say which candidate has it."""
    root = tmp_path_factory.mktemp("hostile")
    rocket(root / "rocket", landed=3)
    assert Scout(root / "state", root / "rocket")("run", now=NOW).code == 0
    with Ledger.open(root / "state" / "ledger.sqlite") as ledger:
        real = ledger.candidates(project="rocket")[0]
        found: dict[str, str] = {}
        for number, (name, text) in enumerate(TEXTS.items()):
            seen = tuple(one.having(seen=text) for one in real.draft.evidence)
            draft = real.draft.having(title=text[:300], body=text, evidence=seen)
            made = real.having(fingerprint=f"{real.signal}:{number:016x}", draft=draft, subject=text[:300])
            found[name] = ledger.add_candidate(made)
            at = made.created_at + timedelta(seconds=number)
            said = Decision(seq=1, event=Event.DEFER, reason=text, actor=text[:80], revision=1, at=at)
            ledger.decide(found[name], said.having(condition=text[:80], into=text[:80]))
            if number % 3 == 0:
                wide = Suppression(fingerprint=f"{real.signal}:{text[:80]}", evidence_digest="", reason=text, at=at)
                ledger.decide(found[name], said.having(seq=2, event=Event.REJECT), suppression=wide)
            else:
                ledger.decide(found[name], said.having(seq=2, event=Event.UNDO))
    _publish(root / "state")
    yield root, found
    shutil.rmtree(root, ignore_errors=True)


def _publish(state: Path) -> None:
    tickets = [
        TicketRow(place=at, source="jira", key=text[:80], title=text[:300], state="unstarted", stock="open", said=text,
                  url=f"javascript:{RUNS}", failed=text[:80])
        for at, text in enumerate(TEXTS.values())
    ]  # fmt: skip
    findings = [
        FindingRow(place=at, fingerprint=str(at), signal=text[:80], subject=text, title=text, severity=1, offered=True,
                   leads=True)
        for at, text in enumerate(TEXTS.values())
    ]  # fmt: skip
    Rows(state / "snapshot.sqlite").replace("rocket", "hostile", tickets, findings)
    left = json.loads((state / "snapshot.json").read_text())
    (part,) = left["content"]["projects"]
    part["plan"]["reason"] = " ".join(MARKUP)
    (state / "snapshot.json").write_text(json.dumps(left))


@pytest.fixture(scope="module")
def watched(names: tuple[Path, dict[str, str]], browser: Browser) -> Generator[Watched]:
    root, found = names
    with served(root / "rocket", root / "state", NOW) as shown:
        context = browser.new_context()
        context.add_init_script(
            "window.violated = []; addEventListener('securitypolicyviolation', (e) => violated.push(e.blockedURI))"
        )
        page = context.new_page()
        one = Watched(page, shown, found)

        def asked(request: Any) -> None:
            if urlsplit(str(request.url)).hostname != "127.0.0.1":
                one.harm.append(f"asked {request.url}")

        def dialog(opened: Any) -> None:
            one.harm.append(f"dialog {opened.message}")
            opened.dismiss()

        page.on("request", asked)
        page.on("dialog", dialog)
        page.on("console", lambda message: one.harm.append(f"console {message.text}"))
        page.on("pageerror", lambda error: one.harm.append(f"error {error}"))
        page.on("popup", lambda other: one.harm.append(f"popup {other.url}"))
        page.goto(shown.url)
        yield one
        context.close()


@pytest.mark.parametrize("name", TEXTS)
def test_a_candidate_shows_it_as_text(watched: Watched, name: str):
    page = watched(f"/candidates/{watched.names[name]}")
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("name", [name for name in TEXTS if name.startswith("markup")])
def test_it_is_text_to_edit(watched: Watched, name: str):
    page = watched(f"/candidates/{watched.names[name]}/edit")
    assert page.locator("#body").input_value().strip() == TEXTS[name].replace("\r\n", "\n").strip()


@pytest.mark.parametrize("path", LISTS)
def test_the_lists_show_it_as_text(watched: Watched, path: str):
    watched(path)


def test_what_comes_alive_would_be_noticed(watched: Watched):
    page = watched("/inbox")
    page.evaluate("""() => { document.querySelector("main").insertAdjacentHTML("beforeend",
        "<img src=//elsewhere.example/x.png onerror=taken=1>"); }""")
    page.wait_for_function("violated.length >= 1")
    assert page.evaluate(ALIVE)
    assert page.evaluate("window.taken") is None
    watched.harm.clear()
