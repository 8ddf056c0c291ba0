"""The least that any client needs: the same pages, by plain aiohttp, as many at once, read and thrown away."""

import asyncio
import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.trackers import REPOSITORY, TOKEN

AT_ONCE = 8
PAGE = 100
Wanted = tuple[str, Mapping[str, str]]
ROOT = f"/repos/{REPOSITORY}"


@dataclass(frozen=True)
class Floor:
    """What has to be fetched, and how to be let in.

    Attributes:
        pages: path and parameters of each.
    """

    base: str
    pages: tuple[Wanted, ...]
    auth: Mapping[str, str]

    def pulled(self, at_once: int = AT_ONCE) -> float:
        """Fetch all pages and return the seconds it took."""
        return asyncio.run(_pulled(self, at_once))


def github(base: str, truth: Mapping[str, Any], pulls: int, runs: int) -> Floor:
    """Return the pages of a repository that has all of `truth`, `pulls` pull requests and `runs` workflow runs.

    Issues have no page numbers from 100 on: half of them are read from the other end.
    """
    issues = _pages(len(truth["issues"]))
    from_front = (issues + 1) // 2
    listings = {
        "comments": ("issues/comments", _pages(len(truth["comments"]))),
        "events": ("issues/events", _pages(len(truth["events"]))),
        "pulls": ("pulls", _pages(pulls)),
        "runs": ("actions/runs", _pages(runs)),
        **{name: (name, 1) for name in ("labels", "milestones", "releases")},
    }
    wanted: list[Wanted] = [
        (ROOT, {}),  # the repository itself is a page, too
        *(_page("issues", number, sort="created", direction="asc") for number in range(1, from_front + 1)),
        *(_page("issues", number, sort="created", direction="desc") for number in range(1, issues - from_front + 1)),
        *(_page(path, number) for path, count in listings.values() for number in range(1, count + 1)),
    ]
    return Floor(base, tuple(wanted), {"Authorization": f"Bearer {TOKEN}"})


def jira(base: str, highest: Mapping[str, int]) -> Floor:
    """Return the pages of projects by ranges of a hundred keys.

    Args:
        base: the server's address.
        highest: highest number of a key by project.
    """
    wanted = [
        (
            "/rest/api/3/search/jql",
            {
                "jql": f"project = {project} AND key >= {project}-{low} AND key < {project}-{low + PAGE} ORDER BY key",
                "fields": "*all",
                "expand": "changelog",
                "maxResults": str(PAGE),
            },
        )
        for project, last in highest.items()
        for low in range(1, last + 1, PAGE)
    ]
    return Floor(base, tuple(wanted), {"Authorization": aiohttp.BasicAuth("me", TOKEN).encode()})


def _pages(rows: int) -> int:
    return max(math.ceil(rows / PAGE), 1)


def _page(path: str, number: int, **more: str) -> Wanted:
    state = {"state": "all"} if path in {"issues", "pulls"} else {}
    return f"{ROOT}/{path}", {**state, "per_page": str(PAGE), "page": str(number), **more}


async def _pulled(floor: Floor, at_once: int) -> float:
    connector = aiohttp.TCPConnector(limit=at_once)
    async with aiohttp.ClientSession(floor.base, headers=floor.auth, connector=connector) as session:
        began = time.perf_counter()
        queue = list(reversed(floor.pages))
        await asyncio.gather(*(_worker(session, queue) for _ in range(at_once)))
        return time.perf_counter() - began


async def _worker(session: aiohttp.ClientSession, queue: list[Wanted]) -> None:
    while queue:
        path, params = queue.pop()
        async with session.get(path, params=params) as response:
            body = await response.read()
            assert response.status == 200, body


def highest_keys(keys: Iterable[str]) -> dict[str, int]:
    """Return the highest number by project of some keys of issues."""
    highest: dict[str, int] = {}
    for key in keys:
        project, _, number = key.rpartition("-")
        highest[project] = max(highest.get(project, 0), int(number))
    return highest
