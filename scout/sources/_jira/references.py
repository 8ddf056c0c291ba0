"""Lists that are read whole: projects, statuses, fields, what a new issue must have."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, cast

from scout.remote.reading import dumped
from scout.sources._jira.cursor import Kept
from scout.sources._jira.lore import CUSTOM
from scout.sources._jira.server import Jira
from scout.sources._jira.shape import Json, part, parts, word

_UNSAID: Mapping[str, str] = {}


class Listed(NamedTuple):
    """An answer, and whether it says something new.

    Attributes:
        body: as it came; None where the server said that nothing changed.
        kept: what to remember.
        new: whether it is not what was remembered.
    """

    body: Any
    kept: Kept
    new: bool


def listed(jira: Jira, path: str, kept: Kept, kind: type, params: Mapping[str, str] = _UNSAID) -> Listed:
    """Return what stands at a path, asked for with the tag of what is remembered.

    Raises:
        RemoteError: there is no answer.
    """
    page = jira.get(path, params, etag=kept.etag, kind=kind)
    if page.unchanged:
        return Listed(None, kept, new=False)
    digest = digest_of(page.body)
    return Listed(page.body, Kept(page.etag, digest, kept.lore), new=digest != kept.digest)


def digest_of(body: Any) -> str:
    """Return a digest of a JSON value."""
    return hashlib.blake2b(dumped(body), digest_size=16).hexdigest()


def objects(body: Any) -> list[Json]:
    """Return the objects of a list."""
    return parts({"all": cast("object", body)}, "all")


def status_lore(statuses: Iterable[Json]) -> list[dict[str, Any]]:
    """Return what issues need of the list of statuses."""
    return [
        {
            "id": word(one, "id"),
            "name": word(one, "name"),
            "statusCategory": {"key": word(part(one, "statusCategory"), "key")},
        }
        for one in statuses
    ]


def field_lore(fields: Iterable[Json]) -> list[dict[str, Any]]:
    """Return what issues need of the list of fields: custom ones, and those that hold people."""
    found = ((one, {key: word(part(one, "schema"), key) for key in ("type", "items", "custom")}) for one in fields)
    return [
        {"id": word(one, "id"), "name": word(one, "name"), "schema": schema}
        for one, schema in found
        if word(one, "id").startswith(CUSTOM) or "user" in schema.values()
    ]


def recategorised(before: Any, after: Any) -> bool:
    """Return whether a status that was known has another name or category now: its issues say what it was."""
    old = {word(one, "id"): one for one in objects(before)}
    return any(old.get(word(one, "id"), one) != one for one in objects(after))


def project_payload(body: Json) -> dict[str, Any]:
    """Return what of a project is stored; the address its mails come from is nobody's."""
    return {name: value for name, value in body.items() if name != "email"}


def creation_meta(jira: Jira, project: str) -> Iterator[dict[str, Any]]:
    """Return the issue types of a project, each with the fields that a new issue may or must have.

    Raises:
        RemoteError: there is no answer.
    """
    path = f"/issue/createmeta/{project}/issuetypes"
    for kind in _pages(jira, path, ("issueTypes", "values")):
        fields = list(_pages(jira, f"{path}/{word(kind, 'id')}", ("fields", "values")))
        yield {**kind, "fields": fields}


def _pages(jira: Jira, path: str, names: tuple[str, ...]) -> Iterator[Json]:
    """Return the entries of a list, by whichever of the names Cloud and Server give it."""
    start, more = 0, True
    while more:
        body = part(jira.get(path, {"startAt": str(start), "maxResults": "100"}).body)
        found = parts(body, next((name for name in names if name in body), names[0]))
        yield from found
        start += len(found)
        total = body.get("total")
        more = bool(found) and isinstance(total, int) and start < total
