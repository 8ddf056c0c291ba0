"""Who is let in, as whom, for how long; and that every route asks who may."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute

from scout.errors import SettingsError, UsageError
from scout.settings import Auth, ServeSettings
from scout.web import acts
from scout.web.access import Keys, Role, tokens_of
from scout.web.app import application
from scout.web.gate import OPEN, Gate, place

LONG = "a-token-of-twenty-letters"
PROXY = ServeSettings(auth=Auth.PROXY, proxies=("10.0.0.2",), reviewers=("engineering",), owners=("leads",))


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_address_lets_in_once_and_a_session_ends():
    clock = Clock()
    keys = Keys(ServeSettings(session_hours=2), clock=clock)
    name = keys.exchange(keys.token)
    assert name is not None
    assert keys.exchange(keys.token) is None
    session = keys.session(name)
    assert session is not None
    assert (session.role, session.label) == (Role.OWNER, "reviewer")
    clock.now = 2 * 3600
    assert keys.session(name) is None


def test_a_session_has_a_name_of_its_own_so_that_none_can_be_fixed_before():
    keys = Keys(ServeSettings(auth=Auth.TOKENS, tokens_file="x"), {LONG: ("ana", Role.REVIEWER)})
    first, second = keys.exchange(LONG), keys.exchange(LONG)
    assert first != second
    assert keys.session("chosen by somebody else") is None
    assert first is not None
    keys.leave(first)
    assert keys.session(first) is None
    assert keys.session(str(second)) is not None


def test_wrong_tokens_are_not_looked_at_for_ever():
    clock = Clock()
    keys = Keys(clock=clock)
    for _ in range(10):
        assert not keys.refusing
        keys.exchange("guessed")
    assert keys.refusing
    clock.now = 61
    assert not keys.refusing


def test_only_the_proxys_own_word_counts():
    keys = Keys(PROXY)
    headers = {"x-forwarded-user": "ana", "x-forwarded-groups": "people, engineering"}
    session = keys.proxied("10.0.0.2", headers)
    assert session is not None
    assert (session.label, session.role) == ("ana", Role.REVIEWER)
    assert keys.proxied("10.0.0.3", headers) is None
    assert keys.proxied("10.0.0.2", {}) is None
    assert Keys().proxied("10.0.0.2", headers) is None
    viewer = keys.proxied("10.0.0.2", headers | {"x-forwarded-groups": "people"})
    assert viewer is not None
    assert viewer.role is Role.VIEWER
    assert viewer.csrf != session.csrf


@pytest.mark.parametrize(
    ("text", "mode", "words"),
    [
        (f"ana reviewer {LONG}\n", 0o644, "can be read by others"),
        (f"ana emperor {LONG}\n", 0o600, "Line 1"),
        ("# who\nana reviewer short\n", 0o600, "Line 2"),
        ("ana reviewer\n", 0o600, "Line 1"),
    ],
)
def test_a_file_of_tokens_is_refused_in_words(tmp_path: Path, text: str, mode: int, words: str):
    file = tmp_path / "tokens"
    file.write_text(text)
    file.chmod(mode)
    with pytest.raises(SettingsError, match=words):
        tokens_of(ServeSettings(auth=Auth.TOKENS, tokens_file=str(file)))


def test_a_file_of_tokens_says_who_and_what_they_may(tmp_path: Path):
    file = tmp_path / "tokens"
    file.write_text(f"# who\n\nana reviewer {LONG}\nlead owner {LONG}2\n")
    file.chmod(0o600)
    found = tokens_of(ServeSettings(auth=Auth.TOKENS, tokens_file=str(file)))
    assert found == {LONG: ("ana", Role.REVIEWER), f"{LONG}2": ("lead", Role.OWNER)}
    with pytest.raises(SettingsError, match="cannot be read"):
        tokens_of(ServeSettings(auth=Auth.TOKENS, tokens_file=str(tmp_path / "none")))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])  # noqa: S104 - to be refused
def test_elsewhere_than_on_loopback_a_mode_is_needed(host: str):
    with pytest.raises(UsageError, match="on this machine only"):
        place(host, Auth.ADDRESS)
    assert place(host, Auth.TOKENS) == host
    with pytest.raises(UsageError, match="no address"):
        place("meadow.example", Auth.TOKENS)


def routes() -> list[APIRoute]:
    """Return all routes of the page, from its own table."""
    gate = application(lambda: None, Keys(), 1)  # type: ignore[arg-type, return-value]  # pyright: ignore[reportArgumentType] - never opened
    assert isinstance(gate, Gate)
    app: Any = vars(gate)["_app"]
    return [one for one in app.routes if isinstance(one, APIRoute)]


def _calls(route: APIRoute) -> set[Callable[..., Any] | None]:
    found, waiting = set[Any](), [route.dependant]
    while waiting:
        one = waiting.pop()
        found.add(one.call)
        waiting += one.dependencies
    return found


@pytest.mark.parametrize("route", routes(), ids=lambda route: f"{min(route.methods or {'GET'})} {route.path}")
def test_every_route_asks_who_may(route: APIRoute):
    if route.path in OPEN or route.path == "/leave":
        return
    roles = {getattr(call, "role", None) for call in _calls(route)} - {None}
    assert roles, route.path
    if "POST" in (route.methods or ()):
        assert roles == {Role.REVIEWER}
        assert acts.checked_form in _calls(route)


@pytest.mark.parametrize("fields", ["a=1&" * 30, "x" * 1_000_001])
def test_a_form_that_is_too_much_is_refused(fields: str):
    class Asked:
        async def stream(self):  # noqa: ANN202 - as the framework has it
            yield fields.encode()

    with pytest.raises(Exception, match=r"too (much|many)"):
        asyncio.run(acts.form_of(Asked()))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - stands in
