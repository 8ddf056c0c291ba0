"""What the shared stand-ins do not serve: review comments, protection, rulesets, sub-issues, dependencies, Projects,
boards and sprints, lists of repositories. Routes of their own behind the same limits, faults and counters."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.trackers import stand_ins

Record = dict[str, Any]
REPO = "/repos/{owner}/{name}"
ISSUE, BRANCH = REPO + r"/issues/{number:\d+}", REPO + "/branches/{branch}"
AGILE = "/rest/agile/1.0/board"
SPRINT_FIELD = "customfield_10020"


@dataclass
class Extras:
    """More records of the same world; an instance is what `served(extra=…)` takes.

    Attributes:
        protection: of branches, by name.
        sub_issues: numbers of issues by the number of their parent.
        blocked_by: numbers of issues by the number of what they block.
        project_status: status in a project (v2) by number of the issue.
        repositories: of the organisation `acme`.
        sprints: by board.
        missing: words in paths that answer with 404, as for a token that may not see them.
    """

    review_comments: list[Record] = field(default_factory=list[Record])
    protection: dict[str, Record] = field(default_factory=dict[str, Record])
    rulesets: list[Record] = field(default_factory=list[Record])
    sub_issues: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    blocked_by: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    project_status: dict[int, str] = field(default_factory=dict[int, str])
    repositories: list[Record] = field(default_factory=list[Record])
    sprints: dict[int, list[Record]] = field(default_factory=dict[int, list[Record]])
    missing: tuple[str, ...] = ()
    traffic: Any = None

    def __call__(self, traffic: Any) -> Iterable[web.RouteDef]:
        """Return the routes, bound to a server."""
        self.traffic = traffic
        return (
            web.get(REPO + "/pulls/comments", self._review_comments),
            web.get(REPO + "/branches", self._branches),
            web.get(BRANCH + "/protection", self._protection),
            web.get(REPO + "/rulesets", self._rulesets),
            web.get(REPO + r"/rulesets/{id:\d+}", self._ruleset),
            web.get(ISSUE + "/sub_issues", self._sub_issues),
            web.get(ISSUE + "/dependencies/blocked_by", self._blocked_by),
            web.get("/orgs/{org}/repos", self._repositories),
            web.get("/users/{org}/repos", self._repositories),
            web.get("/user/repos", self._repositories),
            web.post("/graphql", self._graphql),
            web.get("/rest/api/{api}/field", self._fields),
            web.get(AGILE, self._boards),
            web.get(AGILE + r"/{board:\d+}/sprint", self._sprints),
            web.get(r"/rest/api/{api}/project/{key}/versions", self._nothing),
            web.get(r"/rest/api/{api}/project/{key}/components", self._nothing),
        )

    @property
    def hub(self) -> Any:
        return self.traffic.world.github

    async def _review_comments(self, request: web.Request) -> web.Response:
        query = request.query
        since, by = query.get("since", ""), {"updated": "updated_at"}.get(query.get("sort", ""), "created_at")
        rows = sorted(
            (one for one in self.review_comments if one["updated_at"] >= since and self._is_there(one)),
            key=lambda one: (one[by], one["id"]),
            reverse=query.get("direction") == "desc",
        )
        return self._page(request, rows)

    async def _branches(self, request: web.Request) -> web.Response:
        rows = [{"name": name, "protected": True, "commit": {"sha": "0" * 40}} for name in sorted(self.protection)]
        return self._page(request, rows)

    async def _protection(self, request: web.Request) -> web.Response:
        return self._one(request, self.protection.get(request.match_info["branch"]))

    async def _rulesets(self, request: web.Request) -> web.Response:
        shown = ("id", "name", "target", "enforcement", "source_type", "source", "created_at", "updated_at")
        return self._page(request, [{key: one[key] for key in shown if key in one} for one in self.rulesets])

    async def _ruleset(self, request: web.Request) -> web.Response:
        wanted = int(request.match_info["id"])
        return self._one(request, next((one for one in self.rulesets if one["id"] == wanted), None))

    async def _sub_issues(self, request: web.Request) -> web.Response:
        return self._page(request, self._issues(request, self.sub_issues))

    async def _blocked_by(self, request: web.Request) -> web.Response:
        return self._page(request, self._issues(request, self.blocked_by))

    async def _repositories(self, request: web.Request) -> web.Response:
        return self._page(request, self.repositories)

    async def _graphql(self, request: web.Request) -> web.Response:
        """Answer any question about issues and their status in projects, whatever names it uses for paging."""
        given = await request.json()
        variables: Record = given.get("variables") or {}
        size = min(int(_first(variables, r"first|size|count", 100)), 100)
        start = int(_first(variables, r"after|cursor", None) or 0)
        shown = (number for number, issue in sorted(self.hub.issues.items()) if issue["state"] == "open")
        rows = [self._in_projects(number) for number in shown if number not in self.hub.pulls]
        more = start + size < len(rows)
        page = {"hasNextPage": more, "endCursor": str(start + size) if more else None}
        issues = {"nodes": rows[start : start + size], "pageInfo": page, "totalCount": len(rows)}
        return self._reply(request, {"data": {"repository": {"issues": issues}}})

    def _in_projects(self, number: int) -> Record:
        status = self.project_status.get(number)
        inside = {"fieldValueByName": {"name": status}, "project": {"title": "Plan", "number": 1}, "isArchived": False}
        shown = {"updatedAt": self.hub.issues[number]["updated_at"], "id": f"PVTI_{number}"}
        return {"number": number, "projectItems": {"nodes": [{**inside, **shown}] if status else []}}

    async def _fields(self, request: web.Request) -> web.Response:
        names = stand_ins("jira_api").FIELDS
        plain = [{"id": name, "name": name.title(), "custom": False, "schema": {"type": "string"}} for name in names]
        schema = {"type": "array", "items": "json", "custom": "com.pyxis.greenhopper.jira:gh-sprint"}
        sprint = {"id": SPRINT_FIELD, "name": "Sprint", "custom": True, "schema": schema}
        return self._reply(request, [*plain, sprint] if self.sprints else plain)

    async def _boards(self, request: web.Request) -> web.Response:
        rows = [{"id": board, "name": f"Board {board}", "type": "scrum"} for board in sorted(self.sprints)]
        return self._jira_page(request, rows)

    async def _sprints(self, request: web.Request) -> web.Response:
        return self._jira_page(request, self.sprints.get(int(request.match_info["board"]), []))

    async def _nothing(self, request: web.Request) -> web.Response:
        return self._reply(request, [])

    def _is_there(self, remark: Record) -> bool:
        return int(remark["pull_request_url"].rpartition("/")[2]) in self.hub.pulls

    def _issues(self, request: web.Request, numbers: dict[int, list[int]]) -> list[Record]:
        issues = self.hub.issues
        return [issues[one] for one in numbers.get(int(request.match_info["number"]), ()) if one in issues]

    def _one(self, request: web.Request, record: Record | None) -> web.Response:
        if record is None:
            raise stand_ins("traffic").Refusal(404, "Not Found")
        return self._reply(request, record)

    def _page(self, request: web.Request, rows: Sequence[Record]) -> web.Response:
        query = request.query
        size = min(int(query.get("per_page", 30)), 100)
        number = max(int(query.get("page", 1)) - bool(request.get("page_before")), 1)
        last = max(math.ceil(len(rows) / size), 1)
        links = {"next": number + 1, "last": last} if number < last else {}
        link = ", ".join(f'<{request.url.update_query(page=str(to))}>; rel="{rel}"' for rel, to in links.items())
        return self._reply(request, rows[(number - 1) * size : number * size], {"Link": link} if link else None)

    def _jira_page(self, request: web.Request, rows: Sequence[Record]) -> web.Response:
        start, size = int(request.query.get("startAt", 0)), min(int(request.query.get("maxResults", 50)), 50)
        shown = {"values": rows[start : start + size], "isLast": start + size >= len(rows), "total": len(rows)}
        return self._reply(request, {"startAt": start, "maxResults": size, **shown})

    def _reply(self, request: web.Request, body: Any, headers: dict[str, str] | None = None) -> web.Response:
        traffic = stand_ins("traffic")
        if any(word in request.path for word in self.missing):
            raise traffic.Refusal(404, "Not Found")
        return traffic.reply(request, body, headers=headers)


def _first(variables: Record, names: str, default: Any) -> Any:
    return next((value for name, value in variables.items() if re.search(names, name, re.IGNORECASE)), default)
