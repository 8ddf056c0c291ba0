"""One repository at GitHub, as the publisher asks and changes it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self, cast
from urllib.parse import parse_qsl, urlsplit

from pydantic import Field, field_validator, model_validator

from scout.errors import SettingsError, UnavailableError
from scout.model import Visibility
from scout.publish._base import Destination
from scout.publish._tracker import Sender, TrackerPublishing, writes_of
from scout.remote.call import Call, Page
from scout.remote.caller import Caller, caller_for
from scout.remote.failure import RefusedError
from scout.remote.reading import parsed

if TYPE_CHECKING:
    from scout.remote.github import App, GitHubTransport

_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}/[A-Za-z0-9._-]{1,100}")
_NEWEST = {"sort": "created", "direction": "desc", "per_page": "100"}
_OK, _FORBIDDEN, _MISSING, _GONE, _INVALID = 200, 403, 404, 410, 422
_MOVED = frozenset({301, 302, 307, 308})
_STAYS = "The candidate stays in the outbox."
Json = Mapping[str, Any]


def ISSUE(body: Any) -> bool:  # noqa: N802 - a shape
    """Whether an answer is an issue."""
    return isinstance(body, dict) and type(cast("Json", body).get("number")) is int


def COMMENT(body: Any) -> bool:  # noqa: N802 - a shape
    """Whether an answer is a comment."""
    return isinstance(body, dict) and type(cast("Json", body).get("id")) is int


def _rows(body: Any) -> bool:
    return isinstance(body, list)


class GitHubPublishing(TrackerPublishing):
    """The repository to file in."""

    reaches_outside = TrackerPublishing.reaches_outside | {"app_id", "installation_id", "private_key_file"}

    repository: str = Field(description="where to file, as owner/name; default: that of the source `github`")
    app_id: str | None = Field(
        default=None, coerce_numbers_to_str=True, description="id of a GitHub App to file as, instead of with a token"
    )
    installation_id: Annotated[int, Field(ge=1)] | None = Field(default=None, description="id of its installation")
    private_key_file: str | None = Field(default=None, description="file with the App's private key, PEM")
    milestone: str = Field(default="", description="title of the milestone that every issue gets")

    @property
    def server(self) -> str:
        """The server; github.com where no other is named."""
        return super().server or "https://api.github.com"

    @field_validator("repository")
    @classmethod
    def _repository_is_owner_and_name(cls, value: str) -> str:
        if not _REPOSITORY.fullmatch(value.strip()):
            raise ValueError(f"'{value}' is no repository: write it as owner/name")
        return value.strip()

    @model_validator(mode="after")
    def _app_is_whole(self) -> Self:
        said = [bool(one) for one in (self.app_id, self.installation_id, self.private_key_file)]
        if any(said) and not all(said):
            raise ValueError("a GitHub App needs app_id, installation_id and private_key_file")
        return self


def opened(to: Destination) -> "Desk":
    """Return the desk that files where the settings say.

    Raises:
        SettingsError: the settings name no repository.
        UnavailableError: a credential that they name cannot be had.
    """
    from scout.remote.github import github_transport

    settings = to.settings
    if not isinstance(settings, GitHubPublishing):
        raise SettingsError("The publisher 'github' was told no `repository`.", "Set it in the project's `publish`.")
    transport = github_transport(settings, app=_app(settings))
    if not transport.credential:
        transport.close()
        what = f"There is no credential to file at {transport.host} with."
        raise UnavailableError(what, "Set GITHUB_TOKEN, or `token_env` or `token_file` in the settings.")
    ask = caller_for(transport, settings, to.home, step=to.step)
    return Desk(settings, transport, ask, Sender(ask, writes_of(settings, to.home, transport.account), transport.host))


@dataclass(eq=False)
class Desk:
    """One repository, asked and changed as one account."""

    settings: GitHubPublishing
    transport: "GitHubTransport"
    ask: Caller
    sender: Sender
    owned_by_organisation: bool = False

    @property
    def base(self) -> str:
        """The API's root."""
        return self.transport.base

    @property
    def root(self) -> str:
        """The repository's path."""
        return f"/repos/{self.settings.repository}"

    @property
    def lag(self) -> timedelta:
        """How long GitHub may need to list what was filed."""
        return timedelta(seconds=self.settings.listing_lag)

    @cached_property
    def readers(self) -> Visibility:
        """Who may read the repository, which is there and takes issues.

        Raises:
            UnavailableError: it is not there, or takes none.
        """
        name, answer = self.settings.repository, self.ask.raw(Call(self.root))
        if answer.status in _MOVED:
            raise UnavailableError(f"The repository {name} has moved.", "Write its new name as `repository`.")
        if answer.status != _OK:
            self._refuse(RefusedError(f"GitHub answered {answer.status} for {name}.", "", status=answer.status))
        found = cast("Json", parsed(answer.body))
        if str(found.get("full_name", name)).casefold() != name.casefold():
            what = f"The repository {name} is called {found['full_name']} now."
            raise UnavailableError(what, "Write that as `repository`.")
        if found.get("archived"):
            raise UnavailableError(f"The repository {name} is archived.", f"Unarchive it, or file elsewhere. {_STAYS}")
        if found.get("has_issues") is False:
            raise self._no_issues()
        owner = cast("Json", found.get("owner") or {})
        self.owned_by_organisation = owner.get("type") == "Organization"
        said = found.get("visibility") or ("private" if found.get("private") else "public")
        return Visibility(said) if said in set(Visibility) else Visibility.PUBLIC

    @cached_property
    def _account(self) -> int:
        """The id of the user who we are."""
        page = self.ask(Call("/user"), COMMENT)
        return page.body["id"]

    def ours(self, row: Json) -> bool:
        """Whether an issue or comment was written by the account that we file as."""
        if self.settings.app_id:
            app = cast("Json", row.get("performed_via_github_app") or {})
            return str(app.get("id")) == self.settings.app_id
        author = cast("Json", row.get("user") or {})
        return author.get("id") == self._account and "pull_request" not in row

    def extras(self) -> dict[str, Any]:
        """Return the milestone of an issue, as far as the settings name one.

        Raises:
            SettingsError: there is no such milestone.
        """
        return {"milestone": self._milestone} if self.settings.milestone else {}

    @cached_property
    def _milestone(self) -> int:
        wanted = self.settings.milestone
        for page in self._pages(f"{self.root}/milestones", {"state": "open", "per_page": "100"}):
            for one in page:
                if one.get("title") == wanted:
                    return one["number"]
        what = f"{self.settings.repository} has no open milestone '{wanted}'."
        raise SettingsError(what, "Make it, or correct `milestone`.")

    def issues(self, state: str = "all") -> Iterator[list[Json]]:
        """Return all issues, or those that are `open`, the newest first, page by page."""
        return self._pages(f"{self.root}/issues", {"state": state, **_NEWEST})

    def labels(self) -> Iterator[list[Json]]:
        """Return the repository's labels, page by page."""
        return self._pages(f"{self.root}/labels", {"per_page": "100"})

    def issue(self, number: str) -> Json:
        """Return one issue as it is now."""
        try:
            return self.ask(Call(f"{self.root}/issues/{number}"), ISSUE).body
        except RefusedError as error:
            self._refuse(error)
            raise

    def comments(self, number: str) -> list[Json]:
        """Return the comments of an issue."""
        try:
            return self.rows(f"{self.root}/issues/{number}/comments")
        except RefusedError as error:
            self._refuse(error)
            raise

    def rows(self, path: str) -> list[Json]:
        """Return all of a listing; refusals are told as they are."""
        return [one for page in self._paged(path, {"per_page": "100"}) for one in page]

    def sent(self, method: str, path: str, body: Json | None, good: Callable[[Any], bool] = lambda _: True) -> Page:
        """Send a request that writes; a refusal is told in words of filing."""
        try:
            return self.sender.send(method, path, body, good)
        except RefusedError as error:
            self._refuse(error)
            raise

    def _pages(self, path: str, params: Mapping[str, str]) -> Iterator[list[Json]]:
        try:
            yield from self._paged(path, params)
        except RefusedError as error:
            self._refuse(error)
            raise

    def _paged(self, path: str, params: Mapping[str, str]) -> Iterator[list[Json]]:
        wanted: Mapping[str, str] | None = params
        while wanted is not None:
            page = self.ask(Call(path, wanted), _rows)
            yield page.body
            following = page.links.get("next")
            wanted = dict(parse_qsl(urlsplit(following).query, keep_blank_values=True)) if following else None

    def _no_issues(self) -> UnavailableError:
        what = f"Issues are switched off in {self.settings.repository}."
        return UnavailableError(what, f"Switch them on in the repository's settings. {_STAYS}")

    def _refuse(self, error: RefusedError) -> None:
        """Raise what a refusal means to somebody who files; those that say it best themselves are left alone."""
        name, said = self.settings.repository, f": {error.said}" if error.said else ""
        match error.status:
            case status if status in _MOVED:
                what, remedy = f"{name} has moved.", "Write its new name as `repository`."
            case 404:
                what = f"There is no repository {name} for this account, or it may not write there."
                remedy = "Check the name, and give the token the permission to write issues."
            case 403:
                what = f"The account may not file in {name}{said}."
                remedy = "Give the token the permission to write issues; look whether the repository is archived."
            case 409:
                what = f"{name} is being changed at GitHub{said}."
                remedy = "Try again later: scout publish --live."
            case 410:
                raise self._no_issues() from error
            case 422:
                what = f"GitHub does not take what would be filed in {name}{said}."
                remedy = "Check `labels`, `milestone` and `types`: each has to be there."
            case _:
                return
        refused = RefusedError(what, f"{remedy} {_STAYS}", status=error.status, said=error.said)
        raise refused from error


def _app(settings: GitHubPublishing) -> "App | None":
    from scout.remote.github import App

    if not (settings.app_id and settings.installation_id and settings.private_key_file):
        return None
    path = Path(settings.private_key_file).expanduser()
    try:
        return App(settings.app_id, settings.installation_id, path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise UnavailableError(
            f"The private key {path} cannot be read: {reason}.", "Check `private_key_file`."
        ) from error
