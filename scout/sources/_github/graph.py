"""The status of open issues in projects (v2), which only GraphQL tells."""

from collections.abc import Callable
from typing import Any

from scout.remote.call import Call
from scout.remote.failure import RefusedError
from scout.sources._github.door import Door
from scout.sources._github.listings import Read, Reading
from scout.sources._github.lists import digest
from scout.sources._github.place import Place
from scout.sources._github.shape import Json, part, parts, text
from scout.sources._github.sheet import Sheet
from scout.sources._github.stream import Stream
from scout.sources._github.walk import endless
from scout.warehouse.records import Record

PATH = "/graphql"
_LONGEST = 10_000
"""Pages, at most."""
_QUERY = """
query($owner: String!, $name: String!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(states: OPEN, first: $first, after: $after, orderBy: {field: CREATED_AT, direction: ASC}) {
      pageInfo { hasNextPage endCursor }
      nodes {
        number
        projectItems(first: 10, includeArchived: false) {
          nodes {
            id
            updatedAt
            isArchived
            project { number title }
            fieldValueByName(name: "Status") { ... on ProjectV2ItemFieldSingleSelectValue { name } }
          }
        }
      }
    }
  }
}
"""


def in_projects(door: Door, stream: Stream, place: Place | None) -> Reading:
    """Read where open issues stand in projects; there is no way to ask only for what changed.

    Args:
        door: the repository.
        stream: what to read.
        place: where the last pull ended; None reads all.
    """
    items: dict[str, Json] = {}
    after = ""
    for _ in range(_LONGEST):
        (sheet,) = yield [_page(door, after)]
        items.update({text(item.get("id")): item for item in sheet.held})
        following = (sheet.next or {}).get("after", "")
        if not following or following == after:
            break
        after = following
    else:
        raise endless(stream)
    made = (door.recorder.record(stream, item) for item in items.values())
    records: list[Record] = [record for record in made if record]
    ended = Place(digest=digest(records))
    return Read(ended, unchanged=True) if ended == place else Read(ended, records=records)


def _page(door: Door, after: str) -> Callable[[], Sheet]:
    owner, _, name = door.root.removeprefix("/repos/").partition("/")
    variables: dict[str, Any] = {"owner": owner, "name": name, "first": door.size, "after": after or None}
    call = Call(PATH, method="POST", body={"query": _QUERY, "variables": variables})

    def ask() -> Sheet:
        body = part(door.kept(call, _is_answer).body)
        issues = part(body, "data", "repository", "issues")
        if not issues:
            raise _refused(body)
        following = part(issues, "pageInfo")
        cursor = text(following.get("endCursor")) if following.get("hasNextPage") is True else ""
        held: list[Json] = [
            {**item, "number": issue.get("number")}
            for issue in parts(issues.get("nodes"))
            for item in parts(part(issue, "projectItems").get("nodes"))
        ]
        return Sheet(held=held, rows=len(held), next={"after": cursor} if cursor else None)

    return ask


def _is_answer(body: Any) -> bool:
    return "data" in part(body) or "errors" in part(body)


def _refused(body: Json) -> RefusedError:
    said = "; ".join(text(error.get("message")) for error in parts(body.get("errors")))[:300]
    what = f"GitHub refused to show projects{f': {said}' if said else ''}."
    remedy = "Give the token the permission to read projects (scope read:project), or leave project_item out."
    return RefusedError(what, remedy, status=403, said=said)
