"""Discovery through the real clients: what an organisation and a Jira list, and why they do not."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from scout.service.discover import DiscoveryLine, discover
from scout.service.wiring import open_workspace
from tests.trackers import listening

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TOKEN = "test-token"  # noqa: S105 - of a server on loopback


@pytest.fixture(autouse=True)
def _own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("BOARD_TOKEN", TOKEN)


def asked(folder: Path, base: str, kind: str, keys: str = "") -> DiscoveryLine:
    table = f'[[discover]]\ntype = "{kind}"\nurl = "{base}"\ntoken_env = "BOARD_TOKEN"\n{keys}\n'
    (folder / "scout.toml").write_text(table)
    (line,) = discover(open_workspace(folder, NOW)).lines
    assert TOKEN not in str(line)
    return line


def answering(answers: Mapping[str, Any], status: int = 404, **headers: str) -> web.Application:
    """Answer some paths with JSON, and others with a refusal."""
    app = web.Application()

    async def answer(request: web.Request) -> web.Response:
        if request.path in answers:
            return web.json_response(answers[request.path])
        return web.json_response({"message": "No."}, status=status, headers=headers)

    app.add_routes([web.get("/{tail:.*}", answer)])
    return app


def repository(name: str, **more: bool) -> dict[str, Any]:
    return {"id": len(name), "name": name, "full_name": f"acme/{name}", "archived": False, "fork": False, **more}


def test_an_organisation_lists_its_repositories(tmp_path: Path):
    found = [repository("rocket"), repository("old", archived=True), repository("copied", fork=True)]
    with listening(answering({"/orgs/acme/repos": found})) as base:
        line = asked(tmp_path, base, "github", 'owner = "acme"')
    assert (line.reason, line.found, line.taken) == ("", 3, ("rocket",))
    project = open_workspace(tmp_path, NOW).project("rocket")
    assert project.sources[0].settings.model_dump()["repository"] == "acme/rocket"


def test_a_person_lists_repositories_as_well(tmp_path: Path):
    with listening(answering({"/users/ada/repos": [repository("rocket")]})) as base:
        assert asked(tmp_path, base, "github", 'owner = "ada"').taken == ("rocket",)


def test_an_owner_that_is_not_there_is_said(tmp_path: Path):
    with listening(answering({})) as base:
        assert "nobody" in asked(tmp_path, base, "github", 'owner = "nobody"').reason


def test_a_scope_that_is_missing_is_named(tmp_path: Path):
    scopes = {"x-accepted-oauth-scopes": "read:org", "x-oauth-scopes": "gist"}
    with listening(answering({}, 403, **scopes)) as base:
        assert "read:org" in asked(tmp_path, base, "github", 'owner = "acme"').reason


def test_a_credential_that_is_wrong_is_said(tmp_path: Path):
    for kind, keys in (("github", 'owner = "acme"'), ("jira", "")):
        with listening(answering({}, 401)) as base:
            assert "BOARD_TOKEN" in asked(tmp_path, base, kind, keys).reason


def test_a_jira_lists_its_projects_page_by_page(tmp_path: Path):
    values = [{"key": "SCT"}, {"key": "OPS"}, {"key": "OLD", "archived": True}]
    answers = {
        "/rest/api/3/serverInfo": {"deploymentType": "Cloud", "version": "1001"},
        "/rest/api/3/project/search": {"values": values, "isLast": True},
    }
    with listening(answering(answers)) as base:
        line = asked(tmp_path, base, "jira", 'exclude = ["OP*"]')
    assert (line.reason, line.found, line.taken) == ("", 3, ("sct",))
    project = open_workspace(tmp_path, NOW).project("sct")
    assert project.sources[0].settings.model_dump()["projects"] == ("SCT",)
