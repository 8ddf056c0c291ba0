"""Which repository it is, whatever it is called by now."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from scout.errors import UnavailableError
from scout.remote.call import Call, Page
from scout.remote.caller import Caller
from scout.remote.failure import RefusedError
from scout.sources._github.door import MOVED
from scout.sources._github.place import Place
from scout.sources._github.shape import Json, key, part, text

_NOT_FOUND = 404
_HOPS = 3


@dataclass(frozen=True, slots=True)
class Home:
    """A repository.

    Attributes:
        name: owner and name, as GitHub writes them now.
        value: as it came; empty where nothing has changed.
        place: of the stream `repository`.
        has_issues: whether issues are switched on.
    """

    name: str
    value: Json
    place: Place
    has_issues: bool

    @property
    def root(self) -> str:
        """Its path in the API."""
        return f"/repos/{self.name}"


def resolved(caller: Caller, repository: str, place: Place | None, host: str) -> Home:
    """Return the repository that the settings mean. One that was renamed is followed.

    Args:
        caller: asks the server.
        repository: owner and name, as the settings write them.
        place: where the last pull ended.
        host: the server's name, for errors.

    Raises:
        RemoteError: it does not answer.
        UnavailableError: there is no such repository, or we may not see it.
    """
    known: Mapping[str, str] = place.known if place else {}
    tag = place.etag if place and known.get("name") else ""
    try:
        page = _followed(caller, Call(f"/repos/{repository}", etag=tag))
    except RefusedError as error:
        if error.status != _NOT_FOUND:
            raise
        what = f"There is no repository {repository} at {host}, or we may not see it."
        raise UnavailableError(what, "Check the name and `url`, and that the token may read it.") from error
    if page.unchanged and place:
        return Home(known["name"], {}, place, known.get("issues") != "off")
    value = part(page.body)
    name, has_issues = text(value.get("full_name")), value.get("has_issues") is not False
    says = {"name": name, "id": key(value.get("id")), **({} if has_issues else {"issues": "off"})}
    return Home(name, value, Place(etag=page.etag, known=says), has_issues)


def same_repository(before: Place | None, now: Place) -> bool:
    """Return whether it is the repository of the last pull, and not another one that took its name."""
    known: Mapping[str, str] = before.known if before else {}
    return not known.get("id") or known["id"] == now.known.get("id")


def _followed(caller: Caller, call: Call) -> Page:
    for _ in range(_HOPS):
        try:
            return caller(call, _is_repository)
        except RefusedError as error:
            if error.status not in MOVED:
                raise
            moved = caller.raw(call)
            path = urlsplit(moved.headers.get("location", "")).path
            marker = "/repositories/" if "/repositories/" in path else "/repos/"
            call = Call(f"{marker}{path.partition(marker)[2]}", etag=call.etag)
    return caller(call, _is_repository)


def _is_repository(body: object) -> bool:
    return "/" in text(part(body).get("full_name"))
