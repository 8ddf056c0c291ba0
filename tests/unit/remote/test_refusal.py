"""Each refusal says what to do."""

import pytest

from scout.remote.call import Answer, Call
from scout.remote.refusal import refused
from tests.unit.remote.scripted import Scripted

TABLE: list[tuple[int, dict[str, str], str]] = [
    (
        401,
        {},
        "Check the credential in the environment variable TRACKER_TOKEN: it is wrong, has expired or was revoked.",
    ),
    (
        403,
        {"x-github-sso": "required; url=https://github.example/orgs/acme/sso?authorization_request=AAAA"},
        "Authorise the token for the organisation's single sign-on at https://github.example/orgs/acme/sso.",
    ),
    (
        403,
        {"x-github-sso": "partial-results; organizations=1"},
        "Authorise the token for the organisation's single sign-on.",
    ),
    (
        403,
        {"x-accepted-github-permissions": "issues=read"},
        "Give the token in the environment variable TRACKER_TOKEN the permission issues=read.",
    ),
    (
        403,
        {"x-accepted-oauth-scopes": "repo, read:org", "x-oauth-scopes": "read:org"},
        "Give the token in the environment variable TRACKER_TOKEN the scope repo.",
    ),
    (
        403,
        {"x-accepted-oauth-scopes": "repo", "x-oauth-scopes": "repo"},
        "Give the environment variable TRACKER_TOKEN permission to read it, or leave the stream out of `streams`.",
    ),
    (403, {"x-seraph-loginreason": "AUTHENTICATION_DENIED"}, "Log in once in the browser: too many wrong passwords"),
    (404, {}, "Check the name, and that the account may see it."),
    (407, {}, "Check `proxy`"),
    (410, {}, "Leave the stream out of `streams`"),
    (422, {}, "Check what the settings ask for"),
    (301, {}, "Check `url` and the name: it has moved."),
    (501, {}, "Check `url`: is this the API's root?"),
]


@pytest.mark.parametrize(("status", "headers", "remedy"), TABLE)
def test_a_refusal_has_a_remedy(status: int, headers: dict[str, str], remedy: str):
    error = refused(Scripted(), Call("/x", {"jql": "secret"}), Answer(status, headers, b"{}"))
    assert error.remedy.startswith(remedy)
    assert error.what == f"tracker.example refused GET /x ({status})."


def test_nobody_is_told_to_bring_a_credential():
    class Nobody(Scripted):
        credential = ""

    assert "token_env" in refused(Nobody(), Call("/x"), Answer(401, {})).remedy
    assert "the account" in refused(Nobody(), Call("/x"), Answer(403, {})).remedy


def test_a_sentence_has_one_full_stop():
    error = refused(Scripted(), Call("/x"), Answer(404, {}, b'{"message": "Not there."}'))
    assert error.what == "tracker.example refused GET /x (404): Not there."
