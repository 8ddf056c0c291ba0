"""Who may see the page: a browser on this machine that was handed the address, nobody else."""

from pathlib import Path

import pytest

from tests.serving import Shown, scout, served


def test_the_address_works_once(meadow: Path, state: Path):
    with served(meadow, state) as shown:
        status, cookie = shown.enter()
        assert status == 303
        assert {"httponly", "samesite=strict", "path=/"} <= {part.strip().lower() for part in cookie.split(";")}
        assert shown.enter() == (403, "")
        assert shown.ask("/", Cookie=cookie.partition(";")[0])[0] == 200


def test_strangers_see_nothing(shown: Shown):
    for path in ("/", "/inbox", "/candidates/c-1", "/nothing"):
        assert shown.ask(path)[0] == 401
        assert shown.ask(path, Cookie=f"scout-{shown.port}=guessed")[0] == 401
    assert shown.ask("/enter?token=guessed")[0] == 403
    assert shown.ask("/enter")[0] == 403


def test_the_session_of_one_page_opens_no_other(meadow: Path, state: Path, shown: Shown, cookie: str):
    value = cookie.partition("=")[2]
    with served(meadow, state) as other:
        assert other.ask("/", Cookie=cookie)[0] == 401
        assert other.ask("/", Cookie=f"scout-{other.port}={value}")[0] == 401
    assert shown.ask("/", Cookie=cookie)[0] == 200


def test_a_foreign_name_for_this_machine_is_refused(shown: Shown, cookie: str):
    for host in ("rebound.example", f"rebound.example:{shown.port}", "127.0.0.1", "127.0.0.1:1", ""):
        status, _, text = shown.ask("/", Cookie=cookie, Host=host)
        assert status in {400, 421}
        assert "meadow" not in text
    assert shown.ask("/", Cookie=cookie, Host=f"localhost:{shown.port}")[0] == 200


def test_it_knows_reading_and_forms_only(shown: Shown, cookie: str):
    assert {shown.ask("/", method, Cookie=cookie)[0] for method in ("PUT", "DELETE", "OPTIONS", "PATCH")} == {405}


def test_every_answer_forbids_what_the_page_does_not_do(shown: Shown, cookie: str):
    for path in ("/", "/scout.css", "/nothing", "/enter"):
        _, headers, _ = shown.ask(path, Cookie=cookie)
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_what_is_not_there_is_told_in_a_sentence(shown: Shown, cookie: str):
    status, _, text = shown.ask("/candidates/c-nothing", Cookie=cookie)
    assert status == 404
    assert "c-nothing" in text
    assert shown.ask("/nothing", Cookie=cookie)[0] == 404


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])  # noqa: S104 - to be refused
def test_it_listens_at_loopback_only(meadow: Path, tmp_path: Path, host: str):
    told = scout("serve", str(meadow), "--host", host, "--no-open", home=tmp_path / "scout", code=2)
    assert "on this machine only" in told


def test_a_taken_port_is_told(meadow: Path, shown: Shown, tmp_path: Path):
    told = scout("serve", str(meadow), "--port", str(shown.port), "--no-open", home=tmp_path / "scout", code=2)
    assert f"Port {shown.port} is taken" in told
