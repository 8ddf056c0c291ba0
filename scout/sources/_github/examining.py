"""What GitHub says about us, and which repositories it shows."""

from collections.abc import Iterator
from datetime import UTC, datetime

from scout.errors import UnavailableError
from scout.remote.call import Call, Page, Transport
from scout.remote.caller import Caller
from scout.remote.failure import RefusedError
from scout.sources._base import Found
from scout.sources._github.door import numbered
from scout.sources._github.resolve import resolved
from scout.sources._github.settings import GitHubSettings
from scout.sources._github.shape import part, parts, text, whole
from scout.sources._github.sheet import read_links

_NOT_FOUND = 404
_PAGES = 100


def examined(ask: Caller, repository: str, transport: Transport) -> tuple[str, ...]:
    """Return which repository it is, as whom we ask, and how much of the hour's limit is left.

    Raises:
        UnavailableError: it does not answer, or shows no such repository.
    """
    home = resolved(ask, repository, None, transport.host)
    kind = "private" if home.value.get("private") is True else "public"
    lines = [f"{home.name} at {transport.host}: {kind}{'' if home.has_issues else ', without issues'}"]
    if home.name.lower() != repository.lower():
        lines.append(f"{repository} is called {home.name} now")
    who = transport.credential
    lines.append(f"asked with {who}" if who else "asked without a credential: 60 requests an hour")
    return (*lines, *_limit(ask))


def repositories_of(ask: Caller, settings: GitHubSettings) -> Iterator[Found]:
    """Return the repositories of an owner.

    Raises:
        UnavailableError: it does not answer, or there is no such owner.
    """
    owner = getattr(settings, "owner", "")
    first = _first(ask, owner, settings.page_size)
    path, page = first
    for number in range(2, _PAGES + 2):
        for repository in parts(page.body):
            name, full_name = text(repository.get("name")), text(repository.get("full_name"))
            if name and full_name:
                archived, fork = repository.get("archived") is True, repository.get("fork") is True
                yield Found(name, {"repository": full_name}, archived=archived, fork=fork)
        if read_links(page).next is None:
            return
        page = ask(Call(path, numbered(number, settings.page_size)), _is_list)


def _first(ask: Caller, owner: str, size: int) -> tuple[str, Page]:
    """Return the first page of an organisation's repositories, or of a person's."""
    paths = (f"/orgs/{owner}/repos", f"/users/{owner}/repos")
    for path in paths:
        try:
            return path, ask(Call(path, numbered(1, size)), _is_list)
        except RefusedError as error:
            if error.status != _NOT_FOUND:
                raise
    raise UnavailableError(f"GitHub knows no organisation and no person called {owner}.", "Check `owner`.")


def _limit(ask: Caller) -> tuple[str, ...]:
    try:
        core = part(ask(Call("/rate_limit")).body, "resources", "core")
    except RefusedError:  # an Enterprise server without limits
        return ()
    left, limit, reset = (whole(core.get(name)) for name in ("remaining", "limit", "reset"))
    if left is None or limit is None:
        return ()
    until = f", whole again at {datetime.fromtimestamp(reset, UTC):%H:%M} UTC" if reset else ""
    return (f"{left:,} of {limit:,} requests left this hour{until}",)


def _is_list(body: object) -> bool:
    return isinstance(body, list)
