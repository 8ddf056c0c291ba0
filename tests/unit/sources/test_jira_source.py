"""What the source `jira` says before it pulls: who we are, what there is, what is wrong with the settings."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import ValidationError

from scout.errors import UnavailableError
from scout.model import Outcome
from scout.sources._base import Access, SourceContext
from scout.sources._jira.settings import STREAMS, JiraSettings
from scout.sources.jira import JiraSource
from tests.tracker_conformance import Sent
from tests.tracker_pulls import NOW, token_file
from tests.trackers import Trackers, served, small_world


class Nothing:
    """A warehouse that is empty."""

    def absent(self, stream: str, present: object) -> list[str]:
        del stream, present
        return []

    def wanting(self, detail: str, limit: int) -> list[Any]:
        del detail, limit
        return []


@pytest.fixture(params=[False, True], ids=["Cloud", "Server"])
def trackers(request: pytest.FixtureRequest) -> Iterator[Trackers]:
    with served(small_world(0, 40), jira_server=request.param) as running:
        running.before = paged(running)
        yield running


def paged(trackers: Trackers) -> Any:
    """Return a `before` that has Cloud's list of projects, which the stand-in has not."""

    def answer(sent: Sent) -> web.StreamResponse | None:
        if not sent.path.endswith("/3/project/search"):
            return None
        start = int(dict(sent.query)["startAt"])
        every = [{"key": key, "archived": key == "OPS"} for key in sorted(trackers.jira.projects)]
        last = start + 1 >= len(every)
        return web.json_response({"values": every[start : start + 1], "isLast": last})

    return answer


def access(trackers: Trackers, folder: Path, **more: Any) -> Access:
    given = {"type": "jira", "url": trackers.base, "token_file": token_file(folder), "auth": "token", **more}
    return Access(folder, NOW, JiraSettings.model_validate(given))


def test_it_says_which_jira_it_is_and_who_we_are_without_a_name(trackers: Trackers, tmp_path: Path):
    told = JiraSource().examine(access(trackers, tmp_path, projects=["SCT"]))
    kind = "Server 9.12.0" if trackers.traffic.settings.jira_server else "Cloud 1001.0.0-SNAPSHOT"
    assert told == (f"Jira {kind}", "signed in as a person, time zone Etc/UTC", "may see SCT")


def test_it_says_which_project_is_not_to_be_seen(trackers: Trackers, tmp_path: Path):
    with pytest.raises(UnavailableError, match="NONE"):
        JiraSource().examine(access(trackers, tmp_path, projects=["SCT", "NONE"]))


def test_it_says_that_nobody_is_signed_in(trackers: Trackers, tmp_path: Path):
    def guest(sent: Sent) -> web.StreamResponse | None:
        return web.json_response({"errorMessages": ["who?"]}, status=401) if sent.path.endswith("/myself") else None

    trackers.before = guest
    assert "not signed in" in JiraSource().examine(access(trackers, tmp_path))[1]


def test_projects_are_discovered_with_what_is_archived(trackers: Trackers, tmp_path: Path):
    found = list(JiraSource().discover(access(trackers, tmp_path)))
    assert {one.name: one.keys for one in found} == {"SCT": {"projects": ["SCT"]}, "OPS": {"projects": ["OPS"]}}
    assert {one.archived for one in found} == ({False} if trackers.traffic.settings.jira_server else {False, True})


def test_projects_are_discovered_by_the_issues_they_have(trackers: Trackers, tmp_path: Path):
    found = list(JiraSource().discover(access(trackers, tmp_path, jql="key = OPS-1")))
    assert [one.name for one in found] == ["OPS"]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"projects": ["A-1"]}, "no key"),
        ({"projects": ['X" OR key != "']}, "no key"),
        ({"jql": "a = 1) OR (b = 2"}, "bracket"),
        ({"streams": ["isues"]}, "no stream"),
        ({"auth": "magic"}, "basic"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(given: dict[str, Any], why: str):
    with pytest.raises(ValidationError, match=why):
        JiraSettings.model_validate(given)


def test_keys_are_written_as_jira_writes_them():
    assert JiraSettings(projects=("sct", " OPS ", "SCT")).projects == ("SCT", "OPS")


def test_what_a_checkout_may_not_say_untrusted_includes_who_we_are():
    assert {"url", "token_env", "user_env", "auth"} <= JiraSettings.reaches_outside


def context(folder: Path, *, named: bool, **given: Any) -> SourceContext:
    return SourceContext(folder, folder, NOW, b"", Nothing(), named=named, settings=JiraSettings.model_validate(given))


def pulled(at: SourceContext) -> Any:
    return JiraSource().pull("rocket", at, None, lambda _stream, _rows: None)


def test_without_an_address_there_is_nothing_to_read_unless_the_settings_name_it(tmp_path: Path):
    assert pulled(context(tmp_path, named=False)).outcome is Outcome.NOT_APPLICABLE
    assert pulled(context(tmp_path, named=True)).outcome is Outcome.UNAVAILABLE


def test_an_address_that_is_none_makes_it_unavailable(tmp_path: Path):
    with pytest.raises(UnavailableError, match="no address"):
        pulled(context(tmp_path, named=True, url="acme", projects=["SCT"]))


def test_core_depends_on_the_words_of_the_settings_and_nothing_else(tmp_path: Path):
    source = JiraSource()
    plain, other = context(tmp_path, named=True), context(tmp_path, named=True, states={"Vetting": "started"})
    quicker = context(tmp_path, named=True, concurrency=2, url="https://acme.example")
    assert source.basis(plain) != source.basis(other)
    assert source.basis(plain) == source.basis(quicker)
    status = b'{"id": "1", "name": "Vetting"}'
    assert [row.state for row in source.core("status", status, other)] == ["started"]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]


def test_the_streams_are_those_of_the_settings():
    assert JiraSource.streams == STREAMS
