"""Many small repositories and Jira projects on one host, with one limit for all of them."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from aiohttp import web

from tests.tracker_extras import Record
from tests.trackers import Trackers, new_world, served, stand_ins

OWNER = "acme"
ANY = "/repos/{owner}/{name}{rest:(/.*)?}"


@contextmanager
def portfolio(repositories: Sequence[str], projects: Sequence[str], issues: int = 5) -> Generator[Trackers]:
    """Serve repositories of `acme` and Jira projects, each with some issues."""
    world = new_world()
    world.make_jira(issues * len(projects), issues * len(projects), tuple(projects))
    worlds = {name: _repository(name, number, issues) for number, name in enumerate(repositories)}

    def routes(traffic: Any) -> Sequence[web.RouteDef]:
        inner = {name: _routed(one, traffic.settings) for name, one in worlds.items()}

        async def dispatch(request: web.Request) -> web.StreamResponse:
            app = inner.get(request.match_info["name"])
            if app is None or request.match_info["owner"] != OWNER:
                raise stand_ins("traffic").Refusal(404, "Not Found")
            found = await app.router.resolve(request)
            request.match_info.update(found)
            return await found.handler(request)

        async def listed(request: web.Request) -> web.Response:
            page, size = int(request.query.get("page", 1)), int(request.query.get("per_page", 30))
            names = list(worlds)[(page - 1) * size : page * size]
            more = page * size < len(worlds)
            link = {"Link": f'<{request.url.update_query(page=str(page + 1))}>; rel="next"'} if more else None
            return stand_ins("traffic").reply(request, [_listed(name) for name in names], headers=link)

        return (web.route("*", ANY, dispatch), web.get("/orgs/{org}/repos", listed))

    with served(world, extra=routes, conforming=False) as trackers:
        yield trackers


def _repository(name: str, seed: int, issues: int) -> Any:
    world = new_world(seed, repository=f"{OWNER}/{name}")
    world.make_github(issues, issues, issues, 2, 1)
    return world


def _routed(world: Any, settings: Any) -> web.Application:
    app = web.Application()
    app.add_routes(stand_ins("github_api").GitHubApi(stand_ins("traffic").Traffic(world, settings)).routes())
    return app


def _listed(name: str) -> Record:
    flags: Mapping[str, bool] = {"archived": False, "fork": False, "private": False, "disabled": False}
    return {"id": abs(hash(name)) % 10**6, "name": name, "full_name": f"{OWNER}/{name}", "has_issues": True, **flags}
