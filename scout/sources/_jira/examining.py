"""What a Jira says about us, and which projects it shows."""

from collections.abc import Iterator

from scout.errors import UnavailableError
from scout.remote.caller import Caller
from scout.remote.failure import RefusedError, RemoteError
from scout.sources._base import Found
from scout.sources._jira.jql import none_of, query, restriction
from scout.sources._jira.lists import values
from scout.sources._jira.reasons import naming_jql
from scout.sources._jira.server import Jira
from scout.sources._jira.settings import JiraSettings
from scout.sources._jira.shape import Json, part, parts, word

_NOT_THERE = 404
_GUEST = frozenset({401, 403})


def examined(ask: Caller, settings: JiraSettings) -> tuple[str, ...]:
    """Return which Jira it is, who we are there, and which projects of the settings we may see.

    Raises:
        UnavailableError: it does not answer, or a project of the settings is not to be seen.
    """
    jira, told = _server(ask, settings)
    lines = [f"Jira {word(told, 'deploymentType') or 'Server'} {word(told, 'version')}".strip(), _account(jira)]
    unseen = list[RemoteError]()
    for key in settings.projects:
        try:
            jira.get(f"/project/{key}")
        except RefusedError as error:
            unseen.append(error)
    if unseen:
        raise UnavailableError(unseen[0].what, unseen[0].remedy)
    if settings.projects:
        lines.append(f"may see {', '.join(settings.projects)}")
    return tuple(lines)


def projects_of(ask: Caller, settings: JiraSettings) -> Iterator[Found]:
    """Return the projects that we may see; with `jql` in the settings, those with an issue that matches.

    Raises:
        UnavailableError: it does not answer.
    """
    jira, _ = _server(ask, settings)
    clause = restriction(settings.jql)
    with naming_jql(clause):
        matching = set(_matching(jira, clause)) if clause else None
    for project in _projects(jira):
        key = word(project, "key")
        if key and (matching is None or key in matching):
            yield Found(key, {"projects": [key]}, archived=project.get("archived") is True)


def _server(ask: Caller, settings: JiraSettings) -> tuple[Jira, Json]:
    """Return the server and what it says about itself, whichever kind it is."""
    cloud, server = (Jira(ask, cloud=cloud, size=settings.page_size) for cloud in (True, False))
    try:
        told = part(cloud.get("/serverInfo").body)
    except RefusedError as error:
        if error.status != _NOT_THERE:
            raise
        return server, part(server.get("/serverInfo").body)
    return (cloud if word(told, "deploymentType") == "Cloud" else server), told


def _account(jira: Jira) -> str:
    """Return what we are there, without a name."""
    try:
        me = part(jira.get("/myself").body)
    except RefusedError as error:
        if error.status not in _GUEST:
            raise
        return "not signed in: only what the public may see"
    kind = {"app": "a program", "customer": "a customer"}.get(word(me, "accountType"), "a person")
    return f"signed in as {kind}, time zone {word(me, 'timeZone') or 'unknown'}"


def _projects(jira: Jira) -> Iterator[Json]:
    """Return the projects that we may see: page by page on Cloud, all at once on a server."""
    if not jira.cloud:
        yield from parts({"all": jira.get("/project", kind=list).body}, "all")
    else:
        yield from values(jira.ask, f"{jira.root}/project/search")


def _matching(jira: Jira, clause: str) -> Iterator[str]:
    """Return the keys of projects with a matching issue: one question for each, and one for 'no more'."""
    known = list[str]()
    while True:
        found = jira.search(query(clause, none_of("project", known), order="key ASC"), fields="project", size=1)
        if not found.issues:
            return
        key = word(part(found.issues[0], "fields", "project"), "key")
        if not key or key in known:
            return
        known.append(key)
        yield key
