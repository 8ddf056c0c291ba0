"""One attempt at one request to Jira: the library's session without its retries, and no credential where it shows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web

from scout.errors import SettingsError, UnavailableError
from scout.remote.call import Call
from scout.remote.failure import Lost
from scout.remote.jira import JiraTransport, Login, base_url, jira_transport, login
from scout.settings import TrackerSettings
from tests.trackers import listening

TOKEN = "secret-of-nobody"  # noqa: S105 - made up
ENVIRONMENT = {"JIRA_USER": "me@example.invalid", "JIRA_TOKEN": TOKEN, "OTHER": "other-token"}
ME = Login("me@example.invalid", TOKEN, "the environment variable JIRA_TOKEN")


class Desk:
    """A server that notes what it was asked and answers as told."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answer = web.json_response({"fine": True}, headers={"ETag": '"1"'})

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path_qs, {name.lower(): value for name, value in request.headers.items()}))
        if request.path.endswith("/away"):
            raise web.HTTPFound("/jira/login.jsp")
        given = self.answer
        return web.Response(body=given.body, status=given.status, headers=given.headers)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def base(desk: Desk) -> Iterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", desk.serve)
    with listening(app) as address:
        yield f"{address}/jira"


def transport(base: str, who: Login = ME, **more: object) -> JiraTransport:
    return jira_transport(TrackerSettings.model_validate({"url": base, **more}), who)


@pytest.mark.parametrize(
    ("written", "root"),
    [
        ("https://acme.example/", "https://acme.example"),
        ("https://acme.example/rest/api/3", "https://acme.example"),
        ("https://acme.example/rest", "https://acme.example"),
        ("https://acme.example:8443/jira/browse/SCT-1?x=y#z", "https://acme.example:8443/jira"),
        (" http://localhost/jira/secure/Dashboard.jspa", "http://localhost/jira"),
    ],
)
def test_the_root_is_found_in_what_people_copy(written: str, root: str):
    assert base_url(written) == root


@pytest.mark.parametrize(
    "written", ["", "acme.example", "ftp://acme.example", "https://", "https://[::1", "http://a:x"]
)
def test_what_is_no_address_is_refused(written: str):
    with pytest.raises(SettingsError, match="no address"):
        base_url(written)


def test_an_address_with_a_credential_is_refused_without_repeating_it():
    with pytest.raises(SettingsError, match="holds a user") as raised:
        base_url(f"https://me:{TOKEN}@acme.example")
    assert TOKEN not in str(raised.value)


def test_a_user_means_basic_authentication_unless_the_settings_say_otherwise():
    assert login(TrackerSettings(), environment=ENVIRONMENT) == ME
    assert login(TrackerSettings(), auth="pat", environment=ENVIRONMENT).user == ""
    named = login(TrackerSettings(token_env="OTHER"), user_env="NOBODY", environment=ENVIRONMENT)  # noqa: S106
    assert (named.user, named.token, named.credential) == ("", "other-token", "the environment variable OTHER")
    assert login(TrackerSettings(), environment={}) == Login()


def test_a_file_wins_over_the_environment(tmp_path: Path):
    (tmp_path / "token").write_text("from-file\n")
    found = login(TrackerSettings(token_file=str(tmp_path / "token")), environment=ENVIRONMENT)
    assert (found.token, found.credential) == ("from-file", "the file token")


def test_what_the_settings_name_must_be_there(tmp_path: Path):
    with pytest.raises(UnavailableError, match="MISSING is not set"):
        login(TrackerSettings(token_env="MISSING"), environment=ENVIRONMENT)  # noqa: S106
    with pytest.raises(UnavailableError, match="cannot be read"):
        login(TrackerSettings(token_file=str(tmp_path / "none")), environment=ENVIRONMENT)
    with pytest.raises(UnavailableError, match="lacks a user"):
        login(TrackerSettings(), auth="basic", environment={"JIRA_TOKEN": TOKEN})
    with pytest.raises(UnavailableError, match="lacks a token"):
        login(TrackerSettings(), auth="basic", environment={"JIRA_USER": "me"})


def test_no_secret_is_in_what_is_printed(base: str):
    made = transport(base)
    assert TOKEN not in repr(ME) + repr(made) + made.account + made.host + made.credential
    assert ME.user not in repr(ME)
    assert made.account != transport(base, Login("", TOKEN)).account


def test_it_makes_no_request_of_its_own_and_sends_the_credential_and_the_tag(base: str, desk: Desk):
    made = transport(base)
    assert not desk.asked
    answer = made.send(Call("/rest/api/3/status", {"a": "b c"}, etag='"1"'))
    assert (answer.status, answer.body, answer.headers["etag"]) == (200, b'{"fine": true}', '"1"')
    ((path, headers),) = desk.asked
    assert path == "/jira/rest/api/3/status?a=b+c"
    assert headers["authorization"].startswith("Basic ")
    assert headers["if-none-match"] == '"1"'
    transport(base, Login("", TOKEN)).send(Call("/x"))
    assert desk.asked[-1][1]["authorization"] == f"Bearer {TOKEN}"


def test_a_guest_sends_nothing_not_even_from_a_netrc(
    base: str, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login me password {TOKEN}\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    transport(base, Login()).send(Call("/x"))
    assert "authorization" not in desk.asked[-1][1]


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 502, 503])
def test_refusals_come_back_as_they_are_after_one_attempt(base: str, desk: Desk, status: int):
    desk.answer = web.json_response({"errorMessages": ["no"]}, status=status, headers={"Retry-After": "7"})
    answer = transport(base).send(Call("/x"))
    assert (answer.status, answer.headers["retry-after"]) == (status, "7")
    assert answer.body == b'{"errorMessages": ["no"]}'
    assert len(desk.asked) == 1


def test_a_tag_that_still_holds_is_an_answer_without_a_body(base: str, desk: Desk):
    desk.answer = web.Response(status=304)
    assert transport(base).send(Call("/x", etag='"1"')).status == 304


def test_a_wrong_credential_that_makes_us_a_guest_is_a_refusal(base: str, desk: Desk):
    desk.answer = web.json_response({"issues": []}, headers={"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"})
    assert transport(base).send(Call("/x")).status == 401
    assert transport(base, Login()).send(Call("/x")).status == 200


def test_a_page_to_log_in_is_no_answer(base: str, desk: Desk):
    desk.answer = web.Response(text="<html><form id='login'></form></html>", content_type="text/html")
    for path in ("/x", "/away"):
        with pytest.raises(Lost) as raised:
            transport(base).send(Call(path))
        assert raised.value.hopeless
        assert "url" in raised.value.remedy


def test_nothing_there_is_lost_in_time():
    with pytest.raises(Lost):
        transport("http://127.0.0.1:1").send(Call("/x"))
    with pytest.raises(Lost) as raised:
        transport("http://nowhere.invalid").send(Call("/x"))
    assert raised.value.hopeless


def test_a_body_is_sent_as_json(base: str, desk: Desk):
    transport(base).send(Call("/x", method="POST", body={"jql": "key = 1"}))
    assert desk.asked[-1][1]["content-type"] == "application/json"
