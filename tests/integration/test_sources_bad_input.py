"""What people get wrong about trackers, and what trackers hold that nobody expects: one clear sentence, one remedy."""

import json
import socket
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scout.model import Outcome
from scout.service.ingest import SourceReport
from tests import tracker_pulls
from tests.rocket import Ran, Scout
from tests.tracker_clock import Clock, quick_time
from tests.tracker_doors import own_certificate, proxy, refusing
from tests.tracker_pulls import Scene, settings, token_file
from tests.trackers import new_world, served, small_world, stand_ins

__all__ = ["quick_time"]
BOTH = pytest.mark.parametrize("make", [tracker_pulls.github, tracker_pulls.jira], ids=["github", "jira"])
Make = Callable[..., Scene]


def changed(scene: Scene, **keys: Any) -> Scene:
    """Return the scene with other keys in its source's table."""
    (table,) = scene.sources
    return Scene(scene.folder, ({**table, **keys},))


def unread(scene: Scene) -> SourceReport:
    """Pull, and return the report of a source that could not be read."""
    report = scene.pulled()
    assert report.outcome is Outcome.UNAVAILABLE
    return report


@BOTH
def test_an_address_at_which_nobody_listens_is_named(make: Make, tmp_path: Path) -> None:
    with socket.socket() as nobody, served(small_world()) as trackers:
        nobody.bind(("127.0.0.1", 0))
        scene = changed(make(trackers, tmp_path), url=f"http://127.0.0.1:{nobody.getsockname()[1]}")
        reason = unread(scene).reason
        assert reason.count("the connection was refused") == 1
        assert "`url`" in reason


@BOTH
def test_a_host_that_does_not_exist_is_named(make: Make, tmp_path: Path) -> None:
    with served(small_world()) as trackers:
        reason = unread(changed(make(trackers, tmp_path), url="https://tracker.invalid")).reason
        assert reason.count("tracker.invalid gave no usable answer") == reason.count("its name has no address") == 1
        assert "Check `url`" in reason
        assert trackers.sent == []


@BOTH
def test_a_page_of_the_web_is_no_api(make: Make, tmp_path: Path) -> None:
    with served(small_world(), conforming=False) as trackers:
        scene = changed(make(trackers, tmp_path), url=f"{trackers.base}/nowhere")
        reason = unread(scene).reason
        assert "There is no" in reason
        assert "`url`" in reason


@pytest.mark.parametrize(("make", "requests"), [(tracker_pulls.github, 1), (tracker_pulls.jira, 6)])
def test_a_wrong_token_is_named_once_by_its_place(make: Make, requests: int, tmp_path: Path) -> None:
    with served(small_world()) as trackers:
        scene = make(trackers, tmp_path)
        token_file(tmp_path, "wrong")
        report = unread(scene)
        assert report.reason.count("(401)") == 1
        assert report.reason.endswith(
            " Check the credential in the file token: it is wrong, has expired or was revoked."
        )
        assert trackers.counters()["by_status"] == {"401": requests}  # for Jira the first questions, asked at once


def test_a_token_without_scope_says_which(tmp_path: Path) -> None:
    with served(small_world()) as trackers:
        scopes = {"x_accepted_oauth_scopes": "repo", "x_oauth_scopes": "read:user"}
        trackers.before = refusing("/repos", 403, "Must have admin rights to Repository.", **scopes)
        assert "the scope repo" in unread(tracker_pulls.github(trackers, tmp_path)).reason


def test_a_fine_grained_token_without_permission_says_which(tmp_path: Path) -> None:
    with served(small_world()) as trackers:
        permission = {"x_accepted_github_permissions": "issues=read"}
        trackers.before = refusing("/issues", 403, "Resource not accessible by personal access token", **permission)
        assert "the permission issues=read" in unread(tracker_pulls.github(trackers, tmp_path)).reason


def test_an_organisation_that_wants_single_sign_on_says_where(tmp_path: Path) -> None:
    with served(small_world()) as trackers:
        there = "required; url=https://github.com/orgs/acme/sso?authorization_request=private"
        trackers.before = refusing(
            "/repos", 403, "Resource protected by organization SAML enforcement.", x_github_sso=there
        )
        reason = unread(tracker_pulls.github(trackers, tmp_path)).reason
        assert "single sign-on at https://github.com/orgs/acme/sso." in reason
        assert "private" not in reason


def test_a_repository_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with served(small_world()) as trackers:
        scene = changed(tracker_pulls.github(trackers, tmp_path), repository="acme/nothing")
        reason = unread(scene).reason
        assert "There is no repository acme/nothing at" in reason
        assert "Check the name" in reason
        assert "that the token may read it." in reason


@BOTH
def test_a_proxy_that_wants_a_password_is_named(make: Make, tmp_path: Path) -> None:
    with served(small_world()) as trackers, proxy() as (there, asked):
        reason = unread(changed(make(trackers, tmp_path), proxy=there)).reason
        assert asked
        assert reason.count("(407)") == 1
        assert reason.endswith(" Check `proxy`: it wants a credential.")
        assert "<" not in reason


@BOTH
def test_a_certificate_that_nobody_knows_is_named_and_can_be_trusted(
    make: Make, tmp_path: Path, quick_time: Clock
) -> None:
    context, certificate = own_certificate(tmp_path)
    with served(small_world(), ssl=context) as trackers:
        scene = make(trackers, tmp_path)
        reason = unread(scene).reason
        assert reason.count("its certificate is not trusted") == 1
        assert reason.endswith(" Set `ca_file` to the certificate to trust.")
        assert trackers.sent == []
        trusting = changed(scene, ca_file=str(certificate))
        quick_time.sleep(31)  # who changes settings starts another process; here the breaker has to close
        trusting.pulled()
        assert trusting.pulled().outcome is Outcome.PRESENT


def test_issues_that_are_switched_off_leave_the_rest(tmp_path: Path) -> None:
    with served(small_world()) as trackers:
        trackers.before = refusing("/issues", 410, "Issues are disabled for this repo")
        scene = tracker_pulls.github(trackers, tmp_path)
        assert scene.pulled().outcome is Outcome.PRESENT
        streams = scene.workspace.freshness.states(scene.project)["github"].streams
        assert streams["issue"].outcome is Outcome.NOT_APPLICABLE
        assert streams["issue"].reason == "issues are switched off in this repository"
        assert len(scene.keys("pull")) == len(trackers.github.pulls)


def test_a_jira_project_without_permission_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    with served(small_world()) as trackers:
        trackers.before = refusing("/project/OPS", 404, "No project could be found with key 'OPS'.")
        scene = tracker_pulls.jira(trackers, tmp_path)
        reason = unread(scene).reason
        assert "/project/OPS (404): No project could be found with key 'OPS'." in reason
        assert reason.endswith(" Check the name, and that the account may see it.")
        projects = {row["key"].partition("-")[0] for row in scene.table("core.ticket", "key")}
        assert projects == {"SCT"}


def test_a_query_that_jira_does_not_understand_is_shown_with_its_words(tmp_path: Path) -> None:
    with served(small_world(), conforming=False) as trackers:
        scene = changed(tracker_pulls.jira(trackers, tmp_path), jql="colour = red")
        reason = unread(scene).reason
        assert "Field 'colour' does not exist or you do not have permission to view it" in reason
        assert reason.endswith(" Check `jql`.")


@pytest.mark.parametrize(
    ("jql", "said"),
    [("labels = 'x", "a quote is not closed"), ("(project = A", "bracket"), ("a = b ORDER BY c", "ORDER BY")],
)
def test_a_query_that_cannot_be_one_is_refused_before_anybody_is_asked(jql: str, said: str, tmp_path: Path) -> None:
    with served(small_world()) as trackers:
        ran = by_hand(changed(tracker_pulls.jira(trackers, tmp_path), jql=jql))
        assert ran.code == 2
        assert said in ran.err
        assert trackers.sent == []


@BOTH
def test_every_refusal_is_a_document_too(make: Make, tmp_path: Path) -> None:
    with served(small_world()) as trackers:
        scene = make(trackers, tmp_path)
        token_file(tmp_path, "wrong")
        ran = by_hand(scene)
        assert ran.code == 3
        assert "(401)" in json.dumps(ran.document)


STRANGE = "be\x00fore \ud800 after \u202e\u0007 <b>&amp; \U0001f680"
LARGE = "0123456789abcdef" * (10 << 16)


@pytest.mark.slow
@pytest.mark.parametrize("body", [STRANGE, LARGE], ids=["NUL and lone surrogates", "10 MB"])
@BOTH
def test_a_body_that_nobody_expects_is_kept_as_far_as_it_is_text(
    make: Make, body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stand_ins("traffic"), "orjson", SimpleNamespace(dumps=escaped))  # it refuses lone surrogates
    world = small_world(12, 12)
    world.github.add_comment(3, body, {"login": "user-0001", "type": "User"}, "2026-06-30T00:00:00Z")
    key = min(world.jira.issues)
    world.jira.add_comment(key, body, {"name": "u", "displayName": "U"}, "2026-06-30T00:00:00.000+0000")
    with served(world) as trackers:
        scene = make(trackers, tmp_path)
        report = scene.pulled()
        assert report.outcome is Outcome.PRESENT, report.reason
        bodies = [row["body"] for row in scene.table("core.comment", "body")]
        assert len(bodies) == 19
        wanted = body.replace("\x00", "\ufffd").replace("\ud800", "\ufffd").partition(" <")[0]
        assert any(one.startswith(wanted) for one in bodies)


@pytest.mark.slow
@BOTH
def test_a_ticket_with_5000_comments_and_10000_events_is_read_whole(make: Make, tmp_path: Path) -> None:
    world = new_world()
    world.make_github(3, 0, 0, 1, 0)
    world.make_jira(3, 0)
    key, who = min(world.jira.issues), {"name": "u", "key": "u", "displayName": "U"}
    for number in range(5000):
        world.github.add_comment(2, f"c{number}", {"login": "user-0001"}, "2026-06-30T00:00:00Z")
        world.jira.add_comment(key, f"c{number}", who, "2026-06-30T00:00:00.000+0000")
    for number in range(10_000):
        world.github.add_event(
            2, "labeled", {"login": "user-0001"}, "2026-06-30T00:00:00Z", label={"name": f"l{number}"}
        )
        world.jira.change(key, "labels", "", f"l{number}", who, "2026-06-30T00:00:00.000+0000")
    with served(world, points_per_minute=0) as trackers:
        scene = make(trackers, tmp_path)
        report = scene.pulled()
        assert report.outcome is Outcome.PRESENT, report.reason
        assert len(scene.table("core.comment", "key")) == 5000
        assert len({row["native_after"] for row in scene.table("core.transition", "native_after")}) >= 10_000
        assert trackers.violations == {}


def by_hand(scene: Scene) -> Ran:
    """Let Scout run as a user does, with the scene's settings."""
    work = scene.folder / "work"
    work.mkdir(exist_ok=True)
    file = scene.folder / "scout.toml"
    file.write_text(settings({scene.project: scene.sources}))
    return Scout(scene.home, work)("run", "--project", scene.project, "--config", str(file), "--json")


def escaped(value: Any) -> bytes:
    """Return a JSON value with escapes for all that is not ASCII."""
    return json.dumps(value).encode()
