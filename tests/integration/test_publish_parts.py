"""One cause in several projects: the later issue becomes part of the first one, once, whatever the server knows."""

import json
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from scout.clock import now
from scout.errors import SettingsError
from scout.service import decide
from scout.service.publish import PublishReport, publish
from scout.service.run import run
from scout.service.wiring import Workspace, open_workspace
from tests import publishing
from tests.making import Made
from tests.publishing_scene import LINKS, Opening, opening, prepared
from tests.tracker_conformance import Sent
from tests.trackers import REPOSITORY, TOKEN, Trackers, new_world, served, stand_ins

ON_BOTH = pytest.mark.parametrize("tracker", ["github", "jira"])
NAMES = ("meadow", "orchard")
SUBJECT = "PostgreSQL 11"
DAY = "2026-03-02T09:00:00+00:00"
__all__ = ["opening", "prepared"]


class Parts:
    """What the stand-ins do not serve: sub-issues and links between issues."""

    def __init__(self) -> None:
        self.sub_issues: list[int] = []
        self.links: list[dict[str, Any]] = []
        self.refused = 0
        self.world: Any = None

    def __call__(self, traffic: Any) -> Iterable[web.RouteDef]:
        self.world = traffic.world
        parts = r"/repos/{owner}/{name}/issues/{number:\d+}/sub_issues"
        return (
            web.get(parts, self._listed),
            web.post(parts, self._added),
            web.get(r"/rest/api/{api}/issueLinkType", self._types),
            web.post(r"/rest/api/{api}/issueLink", self._linked),
        )

    async def _listed(self, request: web.Request) -> web.Response:
        found = [one for one in self.world.github.issues.values() if one["id"] in self.sub_issues]
        return stand_ins("traffic").reply(request, found)

    async def _added(self, request: web.Request) -> web.Response:
        if self.refused:
            raise stand_ins("traffic").Refusal(self.refused, "No.")
        self.sub_issues.append((await request.json())["sub_issue_id"])
        return stand_ins("traffic").reply(request, self.world.github.issues[int(request.match_info["number"])], 201)

    async def _types(self, request: web.Request) -> web.Response:
        types = [{"id": "1", "name": "Blocks"}, {"id": "2", "name": "Relates"}]
        return stand_ins("traffic").reply(request, {"issueLinkTypes": types})

    async def _linked(self, request: web.Request) -> web.Response:
        said = await request.json()
        self.links.append(said)
        for end, other in (("inwardIssue", "outwardIssue"), ("outwardIssue", "inwardIssue")):
            fields = self.world.jira.issues[said[end]["key"]]["fields"]
            fields["issuelinks"].append({"type": said["type"], other: said[other]})
        return stand_ins("traffic").reply(request, None, 201)


@pytest.fixture
def parts() -> Parts:
    return Parts()


@pytest.fixture
def trackers(parts: Parts) -> Any:
    world = new_world()
    world.make_github(0, 0, 0, 0, 0)
    world.make_jira(0, 0, ("SCT",))
    with served(world, extra=parts) as running:
        yield running


@pytest.fixture
def bare_trackers() -> Any:
    """A server that knows no sub-issues."""
    world = new_world()
    world.make_github(0, 0, 0, 0, 0)
    with served(world) as running:
        yield running


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two projects with one cause, whose candidates wait; to be copied."""
    root = tmp_path_factory.mktemp("two")
    for name in NAMES:
        Made(root / name).commit({"compose.yml": "services:\n  db:\n    image: postgres:11\n"}, "begin")
    two = Two(root)
    for name in NAMES:
        with two.work() as work:
            run(work, work.project(name))
    return root


class Two:
    """Two projects with one cause, that file in the same tracker."""

    def __init__(self, root: Path, told: str = "", **visibilities: str) -> None:
        self.root = root
        tables = (
            f'[[project]]\nid = "{name}"\npath = "{name}"\nvisibility = "{visibilities.get(name, "public")}"\n{told}'
            for name in NAMES
        )
        (root / "scout.toml").write_text("\n".join(tables))

    @contextmanager
    def work(self) -> Generator[Workspace]:
        with publishing.home(self.root) as settings:
            opened = open_workspace(self.root, now(DAY), settings)
            try:
                yield opened
            finally:
                opened.close()

    def file(self, name: str) -> PublishReport:
        """Accept what is about the cause, and file it."""
        with self.work() as work:
            (one,) = (one for one in work.ledger.candidates(project=name) if one.subject == SUBJECT)
            decide.accept(work, one.id)
        return self.publish(name)

    def publish(self, name: str, *, live: bool = True) -> PublishReport:
        with self.work() as work:
            return publish(work, work.project(name), live=live)


@pytest.fixture
def two(tmp_path: Path, looked_at: Path) -> Callable[..., Two]:
    def made(trackers: Trackers, tracker: str, **visibilities: str) -> Two:
        root = publishing.copied(looked_at, tmp_path / "two")
        (root / "token").write_text(TOKEN)
        place = {"github": f'repository = "{REPOSITORY}"', "jira": 'project = "SCT"\nauth = "token"'}[tracker]
        told = f'to = "{tracker}"\nurl = "{trackers.base}"\n{place}\ntoken_file = "token"\nlisting_lag = 0\n'
        return Two(root, f"[project.publish]\n{told}", **visibilities)

    return made


def bodies(trackers: Trackers, path: str) -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in trackers.sent if one.method == "POST" and one.path.endswith(path)]


@ON_BOTH
def test_the_later_issue_becomes_part_of_the_first_once(
    two: Callable[..., Two], trackers: Trackers, parts: Parts, tracker: str
) -> None:
    both = two(trackers, tracker)
    assert both.file("meadow").related == ()
    (made,) = both.file("orchard").related
    assert (made.reason, made.parent.split()[0]) == ("", "meadow")
    if tracker == "github":
        first, second = trackers.github.issues.values()
        assert parts.sub_issues == [second["id"]]
        assert not first["comments"]
    else:
        assert [one["type"]["name"] for one in parts.links] == ["Relates"]
    before = trackers.counters()["writes"]
    assert both.publish("orchard").related == ()
    assert trackers.counters()["writes"] == before


@ON_BOTH
def test_a_link_that_was_not_answered_is_looked_up_and_made_once(
    two: Callable[..., Two], trackers: Trackers, parts: Parts, tracker: str
) -> None:
    both = two(trackers, tracker)
    both.file("meadow")
    trackers.fault("502-after-write", "/sub_issues|/issueLink$", methods="POST")
    (failed,) = both.file("orchard").related
    assert "unknown" in failed.reason
    assert [one.reason for one in both.publish("orchard").related] == [""]
    assert len(parts.sub_issues) + len(parts.links) == 1


@ON_BOTH
def test_a_dry_run_shows_the_link_and_makes_none(
    two: Callable[..., Two], trackers: Trackers, parts: Parts, tracker: str
) -> None:
    both = two(trackers, tracker)
    both.file("meadow")
    trackers.fault("500", "/sub_issues|/issueLink$", methods="POST")
    both.file("orchard")
    before = trackers.counters()["writes"]
    (shown,) = both.publish("orchard", live=False).related
    assert shown.payload.startswith("POST ")
    assert trackers.counters()["writes"] == before
    assert not parts.sub_issues + parts.links


@pytest.mark.parametrize("status", [403, 404, 422])
def test_what_is_not_taken_as_a_sub_issue_stands_in_a_task_list(
    two: Callable[..., Two], trackers: Trackers, parts: Parts, status: int
) -> None:
    both = two(trackers, "github")
    parts.refused = status
    both.file("meadow")
    (made,) = both.file("orchard").related
    assert made.reason == ""
    first, second = trackers.github.issues.values()
    (comment,) = trackers.github.comments.values()
    assert comment["issue_url"] == first["url"]
    assert comment["body"].startswith(f"- [ ] {REPOSITORY}#{second['number']}\n")


def test_a_server_without_sub_issues_gets_a_task_list_once(two: Callable[..., Two], bare_trackers: Trackers) -> None:
    both = two(bare_trackers, "github")
    both.file("meadow")
    bare_trackers.fault("reset-after-write", "/comments$", methods="POST")
    (failed,) = both.file("orchard").related
    assert failed.reason
    assert [one.reason for one in both.publish("orchard").related] == [""]
    assert len(bare_trackers.github.comments) == 1


def test_nothing_is_linked_where_not_all_readers_may_see_it(
    two: Callable[..., Two], trackers: Trackers, parts: Parts
) -> None:
    both = two(trackers, "jira", meadow="internal", orchard="private")
    both.file("meadow")
    assert both.file("orchard").related == ()
    assert parts.links == []


def test_a_type_of_link_that_jira_lacks_is_told(two: Callable[..., Two], trackers: Trackers, parts: Parts) -> None:
    both = two(trackers, "jira")
    both.file("meadow")
    settings = both.root / "scout.toml"
    settings.write_text(settings.read_text().replace("listing_lag", 'link_type = "Causes"\nlisting_lag'))
    (told,) = both.file("orchard").related
    assert "no type of link 'Causes'" in told.reason
    assert "Blocks, Relates" in told.reason
    assert parts.links == []


def owned(sent: Sent, *types: str) -> web.StreamResponse | None:
    """Answer as an organisation's repository."""
    if sent.path == f"/repos/{REPOSITORY}":
        owner = {"login": "acme", "type": "Organization"}
        return web.json_response({"full_name": REPOSITORY, "private": False, "has_issues": True, "owner": owner})
    if sent.path == "/orgs/acme/issue-types":
        rows = [{"id": number, "name": name, "is_enabled": True} for number, name in enumerate(types)]
        return web.json_response(rows) if types else web.json_response({"message": "Not Found"}, status=404)
    return None


@pytest.mark.parametrize(
    ("types", "more", "sent"),
    [
        (("Task", "Bug", "Docs"), {}, "Docs"),
        (("Task",), {}, None),
        ((), {}, None),
        (("Task", "Docs"), {"types": {"docs": "Task"}}, "Task"),
    ],
)
def test_an_issue_gets_the_organisations_type_of_its_kind(
    opening: Opening, trackers: Trackers, types: tuple[str, ...], more: dict[str, Any], sent: str | None
) -> None:
    desk = opening("github", most=1, **more)
    trackers.before = lambda one: owned(one, *types)
    assert desk.publish().filed == 1
    (body,) = bodies(trackers, "/issues")
    assert body.get("type") == sent
    assert not {"assignee", "assignees"} & body.keys()


def test_a_type_that_the_organisation_lacks_is_told_before_anything_is_sent(
    opening: Opening, trackers: Trackers
) -> None:
    desk = opening("github", most=LINKS, types={"docs": "Chore"})
    trackers.before = lambda one: owned(one, "Task", "Bug")
    with pytest.raises(SettingsError, match="no issue type 'Chore'"):
        desk.publish()
    assert trackers.counters()["writes"] == 0


@pytest.mark.parametrize(("title", "told"), [("1.0", ""), ("9.0", "no open milestone '9.0'")])
def test_a_milestone_is_set_by_its_title(opening: Opening, trackers: Trackers, title: str, told: str) -> None:
    trackers.github.milestones[1] = {"number": 4, "title": "1.0", "state": "open"}
    desk = opening("github", most=1, milestone=title)
    if told:
        with pytest.raises(SettingsError, match=told):
            desk.publish()
        return
    assert desk.publish().filed == 1
    (body,) = bodies(trackers, "/issues")
    assert body["milestone"] == 4
