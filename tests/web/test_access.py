"""Access on the real server: named tokens, a proxy's word, roles on every route, and what is logged of denials."""

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from fastapi.routing import APIRoute

from scout.web.gate import OPEN
from tests.serving import LOOKED, Shown, a_checkout, scout, shown_by
from tests.unit.web.test_access import routes

TOKENS = {role: f"a-long-token-of-a-{role}-here" for role in ("viewer", "reviewer", "owner")}
PROXY = """
[serve]
auth = "proxy"
proxies = ["{}"]
reviewers = ["engineering"]
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("access")
    checkout = a_checkout(root / "meadow")
    scout("run", str(checkout), "--now", LOOKED, home=root / "scout")
    (root / "tokens").write_text("".join(f"{role} {role} {token}\n" for role, token in TOKENS.items()))
    (root / "tokens").chmod(0o600)
    return root


@contextmanager
def serving(place: Path, settings: str) -> Generator[tuple[Shown, Path]]:
    """Serve with the user's own settings, and give the file that its log goes to."""
    config = place / "settings.toml"
    config.write_text(f'[[project]]\nid = "meadow"\npath = "meadow"\n{settings}')
    log = place / "log"
    command = [sys.executable, "-m", "scout", "serve", str(place), "--config", str(config), "--port", "0", "--no-open"]
    with log.open("w") as errors, shown_by([*command, "--json", "--now", LOOKED], place / "scout", errors) as (page, _):
        yield page, log


@pytest.fixture(scope="module")
def named(place: Path) -> Generator[tuple[Shown, Path]]:
    with serving(place, f'[serve]\nauth = "tokens"\ntokens_file = "{place / "tokens"}"\n') as found:
        yield found


def login(shown: Shown, token: str) -> tuple[int, Mapping[str, str]]:
    given = {"Content-Type": "application/x-www-form-urlencoded"}
    status, headers, _ = shown.ask("/enter", "POST", urlencode({"token": token}), **given)
    return status, headers


def entered(shown: Shown, role: str) -> dict[str, str]:
    status, headers = login(shown, TOKENS[role])
    assert status == 303
    return {"Cookie": headers["set-cookie"].partition(";")[0]}


def filled(route: APIRoute) -> str:
    return re.sub(r"\{\w+\}", "x", route.path)


GUARDED = [route for route in routes() if route.path not in OPEN]
WRITING = [route for route in GUARDED if "POST" in (route.methods or ()) and route.path != "/leave"]


def test_nobody_gets_past_any_route_without_a_session(named: tuple[Shown, Path]):
    shown, _ = named
    for route in GUARDED:
        (method,) = route.methods or {"GET"}
        assert shown.ask(filled(route), method)[0] == 401, route.path


def test_a_viewer_writes_nothing_on_any_route(named: tuple[Shown, Path]):
    shown, log = named
    viewer = entered(shown, "viewer")
    page = shown.ask("/suppressions", **viewer)[2]
    csrf = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    form = {"Content-Type": "application/x-www-form-urlencoded", **viewer}
    assert WRITING
    for route in WRITING:
        assert shown.ask(filled(route), "POST", urlencode({"csrf": csrf}), **form)[0] == 403, route.path
        assert f"refused POST {filled(route)}: 403" in log.read_text()
    assert shown.ask("/candidates/x/edit", **viewer)[0] == 403
    assert shown.ask("/inbox", **viewer)[0] == 200
    assert 'action="/candidates' not in shown.ask("/inbox", **viewer)[2]


def test_a_write_without_the_sessions_own_form_token_is_refused_on_every_route(named: tuple[Shown, Path]):
    shown, _ = named
    one, other = entered(shown, "reviewer"), entered(shown, "reviewer")
    csrf = re.findall(r'name="csrf" value="([^"]+)"', shown.ask("/keys", **other)[2])[0]
    form = {"Content-Type": "application/x-www-form-urlencoded", **one}
    for route in (*WRITING, next(route for route in GUARDED if route.path == "/leave")):
        for fields in ({}, {"csrf": "guessed"}, {"csrf": csrf}):
            assert shown.ask(filled(route), "POST", urlencode(fields), **form)[0] == 403, (route.path, fields)


def test_a_session_is_a_new_one_however_one_comes_in(named: tuple[Shown, Path]):
    shown, _ = named
    fixed = f"scout-{shown.port}=chosen-before"
    given = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": fixed}
    status, headers, _ = shown.ask("/enter", "POST", urlencode({"token": TOKENS["viewer"]}), **given)
    assert status == 303
    assert "chosen-before" not in headers["set-cookie"]
    assert shown.ask("/", Cookie=fixed)[0] == 401


@pytest.mark.parametrize("where", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example"])
def test_no_answer_leads_to_another_place(named: tuple[Shown, Path], where: str):
    shown, _ = named
    given = {"Content-Type": "application/x-www-form-urlencoded"}
    asked = urlencode({"next": where, "url": where, "redirect": where})
    sent = urlencode({"token": TOKENS["viewer"], "next": where})
    status, headers, _ = shown.ask(f"/enter?{asked}", "POST", sent, **given)
    assert (status, headers["location"]) == (303, "/")
    session = entered(shown, "viewer")
    for path in (f"{where}/", f"/{where}", f"/inbox/?{asked}", f"/keys?{asked}"):
        status, headers, _ = shown.ask(path, **session)
        assert "location" not in headers
        assert status in {200, 400, 401, 404, 421}


def test_guessing_is_slowed_and_every_denial_is_written_down_without_any_token(place: Path):
    with serving(place, f'[serve]\nauth = "tokens"\ntokens_file = "{place / "tokens"}"\n') as (shown, log):
        assert [login(shown, f"guess-{number}")[0] for number in range(10)] == [403] * 10
        assert login(shown, TOKENS["owner"])[0] == 429
        assert shown.ask("/enter?token=another-guess")[0] == 429
        assert shown.ask("/inbox")[0] == 401
        assert shown.ask("/inbox", Host="elsewhere.example")[0] == 421
        assert shown.ask("/inbox", "DELETE")[0] == 405
        said = log.read_text()
    assert said.count("refused POST /enter: 403") == 10
    for denial in ("POST /enter: 429", "GET /enter: 429", "GET /inbox: 401", "GET /inbox: 421", "DELETE /inbox: 405"):
        assert f"refused {denial}" in said
    assert "guess" not in said


def test_a_proxys_word_counts_from_its_own_address_only(place: Path):
    says = {"X-Forwarded-User": "ana", "X-Forwarded-Groups": "engineering", "X-Forwarded-For": "192.0.2.9"}
    with serving(place, PROXY.format("127.0.0.1")) as (shown, _):
        assert shown.ask("/inbox")[0] == 401
        assert "Signed in as ana (reviewer)" in shown.ask("/inbox", **says)[2]
        assert "Signed in as ana (viewer)" in shown.ask("/inbox", **says | {"X-Forwarded-Groups": "people"})[2]
    with serving(place, PROXY.format("192.0.2.9")) as (shown, log):
        assert shown.ask("/inbox", **says)[0] == 401
        assert shown.ask("/inbox", **says | {"Forwarded": "for=192.0.2.9", "X-Real-IP": "192.0.2.9"})[0] == 401
        assert "refused GET /inbox: 401" in log.read_text()


def test_one_line_with_the_address_is_printed_once_it_answers(place: Path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCOUT_")}
    given = kept | {"SCOUT_HOME": str(place / "scout"), "XDG_CONFIG_HOME": str(place / "config")}
    command = [sys.executable, "-m", "scout", "serve", str(place / "meadow"), "--port", "0", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=given) as process:
        assert process.stdout is not None
        found = re.fullmatch(r"The page is at http://127\.0\.0\.1:(\d+)(/enter\?token=\S+) until Ctrl-C\n",
                             process.stdout.readline())  # fmt: skip
        assert found is not None
        connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=30)
        connection.request("GET", found[2])
        assert connection.getresponse().status == 303
        connection.close()
        process.terminate()
        assert process.stdout.read() == ""
