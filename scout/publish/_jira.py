"""One project of a Jira, as the publisher asks and changes it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, cast

import orjson
from pydantic import Field, field_validator

from scout.errors import SettingsError, UnavailableError
from scout.model import WorkKind
from scout.publish._base import Destination
from scout.publish._tracker import Sender, TrackerPublishing, writes_of
from scout.remote.call import Call, Page
from scout.remote.caller import Caller, caller_for
from scout.remote.failure import RefusedError
from scout.text import adf, adf_writing, wiki, wiki_writing
from scout.text.markdown import parse

if TYPE_CHECKING:
    from scout.remote.jira import JiraTransport

_PROJECT_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,254}")
_OURS = frozenset({"project", "issuetype", "summary", "description", "labels", "reporter"})
_PAGE = 50
_STAYS = "The candidate stays in the outbox."
Json = Mapping[str, Any]


def _table(body: Any) -> bool:
    return isinstance(body, dict)


class JiraPublishing(TrackerPublishing):
    """The Jira project to file in."""

    reaches_outside = TrackerPublishing.reaches_outside | {"user_env", "auth"}

    project: str = Field(description="key of the project to file in; default: the only one of the source `jira`")
    auth: Literal["basic", "token", "pat"] | None = Field(
        default=None, description="basic (user and API token), token or pat (bearer); default: basic if a user is known"
    )
    user_env: str | None = Field(default=None, description="the variable that holds the user; default JIRA_USER")
    issue_type: str = Field(default="Task", description="issue type, unless `types` has one for the kind of work")
    link_type: str = Field(
        default="Relates", description="how an issue is linked with that of the same cause in another project"
    )
    fields: dict[str, Any] = Field(
        default={},
        description="values of further fields by name or id: {Team = {value = 'Core'}, priority = {id = '3'}}",
    )

    @field_validator("project")
    @classmethod
    def _key_is_a_key(cls, value: str) -> str:
        key = value.strip().upper()
        if not _PROJECT_KEY.fullmatch(key):
            raise ValueError(f"'{value}' is no key of a project: letters, digits and '_', a letter first")
        return key


def opened(to: Destination) -> "Desk":
    """Return the desk that files where the settings say.

    Raises:
        SettingsError: the settings name no Jira.
        UnavailableError: a credential that they name cannot be had.
    """
    from scout.remote.jira import jira_transport, login

    settings = to.settings
    if not isinstance(settings, JiraPublishing) or not settings.url:
        raise SettingsError("The publisher 'jira' was told no `url`.", "Set it in the project's `publish`.")
    who = login(settings, auth=settings.auth, user_env=settings.user_env)
    if not who.token:
        raise UnavailableError("There is no credential to file in Jira with.", "Set JIRA_USER and JIRA_TOKEN.")
    transport = jira_transport(settings, who)
    ask = caller_for(transport, settings, to.home, step=to.step, points_per_minute=None)
    return Desk(settings, transport, ask, Sender(ask, writes_of(settings, to.home, transport.account), transport.host))


@dataclass(eq=False)
class Desk:
    """One Jira project, asked and changed as one account."""

    settings: JiraPublishing
    transport: "JiraTransport"
    ask: Caller
    sender: Sender

    @property
    def lag(self) -> timedelta:
        """How long Jira's search may need to show what was filed."""
        return timedelta(seconds=self.settings.listing_lag)

    @cached_property
    def cloud(self) -> bool:
        """Whether it is Cloud, which speaks version 3 and documents, or Server, which speaks version 2 and wiki."""
        return self.ask(Call("/rest/api/2/serverInfo"), _table).body.get("deploymentType") == "Cloud"

    @property
    def root(self) -> str:
        """The API's path."""
        return f"/rest/api/{3 if self.cloud else 2}"

    @property
    def base(self) -> str:
        """The server's address."""
        from scout.remote.jira import base_url

        return base_url(self.settings.url or "")

    def text(self, markdown: str) -> Any:
        """Return Markdown as this Jira takes it."""
        return adf_writing.written(parse(markdown)) if self.cloud else wiki_writing.written(parse(markdown))

    def measure(self, markdown: str) -> int:
        """Return how long a text counts as."""
        made = self.text(markdown)
        return len(made) if isinstance(made, str) else len(orjson.dumps(made))

    def markdown(self, text: Any) -> str:
        """Return what this Jira has as a text as Markdown."""
        return wiki.markdown(text) if isinstance(text, str) else adf.markdown(text)

    def check(self) -> None:
        """Make sure that the project is there and takes every issue that would be filed.

        Raises:
            UnavailableError: it is not there, or archived.
            SettingsError: an issue type or a required field is missing in the settings.
        """
        found = self.asked(f"/project/{self.settings.project}")
        if found.get("archived"):
            what = f"The project {self.settings.project} is archived in Jira."
            raise UnavailableError(what, f"Restore it, or file elsewhere. {_STAYS}")
        for name in dict.fromkeys((self.settings.issue_type, *self.settings.types.values())):
            self.given(name)

    def type_of(self, kind: WorkKind) -> str:
        """Return the name of the issue type for a kind of work."""
        return self.settings.types.get(kind, self.settings.issue_type)

    def given(self, issue_type: str) -> dict[str, Any]:
        """Return the further fields of an issue of this type, by id, each of them on its form.

        Raises:
            SettingsError: there is no such type or field, or one that is required has no value.
        """
        form = self._form(issue_type)
        by_name = {str(one.get("name", "")).casefold(): name for name, one in form.items()}
        place = f"Jira's project {self.settings.project}"
        found: dict[str, Any] = {}
        for name, value in self.settings.fields.items():
            known = name if name in form else by_name.get(name.casefold())
            if known is None:
                what = f"{place} has no field '{name}' on the form of '{issue_type}'."
                raise SettingsError(what, f"Correct `fields`; there are: {', '.join(sorted(by_name))}.")
            found[known] = value
        required = {
            name: one
            for name, one in form.items()
            if one.get("required") and not one.get("hasDefaultValue") and name not in _OURS and name not in found
        }
        if required:
            named = ", ".join(f"'{one.get('name', name)}' ({name})" for name, one in sorted(required.items()))
            what = f"{place} wants for '{issue_type}' what the settings do not give: {named}."
            raise SettingsError(what, "Set each in `fields` of the project's `publish`, in Jira's JSON form.")
        if "labels" not in form:
            what = f"{place} has no field 'labels' on the form of '{issue_type}': what is filed could not be marked."
            raise SettingsError(what, "Let an administrator put it on that screen.")
        return found

    @cached_property
    def _forms(self) -> dict[str, Mapping[str, Json]]:
        return {}

    def _form(self, issue_type: str) -> Mapping[str, Json]:
        """Return the fields of the form of an issue type, by id; the form comes in pages."""
        if issue_type not in self._forms:
            types = self._types
            if issue_type not in types:
                what = f"Jira's project {self.settings.project} has no issue type '{issue_type}'."
                raise SettingsError(what, f"Set `issue_type` or `types`; there are: {', '.join(sorted(types))}.")
            path = f"/issue/createmeta/{self.settings.project}/issuetypes/{types[issue_type]}"
            rows = self._rows(path, "fields" if self.cloud else "values")
            self._forms[issue_type] = {str(one.get("fieldId") or one.get("key")): one for one in rows}
        return self._forms[issue_type]

    @cached_property
    def _types(self) -> dict[str, str]:
        path = f"/issue/createmeta/{self.settings.project}/issuetypes"
        rows = self._rows(path, "issueTypes" if self.cloud else "values")
        return {str(one["name"]): str(one["id"]) for one in rows if not one.get("subtask")}

    def _rows(self, path: str, name: str) -> Iterator[Json]:
        start = 0
        while True:
            body = self.asked(path, {"startAt": str(start), "maxResults": str(_PAGE)})
            rows = cast("list[Json]", body.get(name) or [])
            yield from rows
            start += len(rows)
            if not rows or start >= int(body.get("total") or 0):
                return

    def marked(self, label: str) -> Iterator[Json]:
        """Return the issues of ours that have a label, the oldest first."""
        jql = f'project = "{self.settings.project}" AND labels = "{label}" ORDER BY created ASC'
        found = self.searched(jql, "labels,creator,created")
        return (one for one in found if self.ours(one["fields"].get("creator")))

    def searched(self, jql: str, fields: str) -> Iterator[Json]:
        """Return the issues that match, with these fields."""
        params = {"jql": jql, "fields": fields, "maxResults": "100"}
        path, start = ("/search/jql" if self.cloud else "/search"), 0
        while True:
            body = self.asked(path, params if self.cloud else {**params, "startAt": str(start)})
            rows = cast("list[Json]", body.get("issues") or [])
            yield from rows
            start += len(rows)
            token = body.get("nextPageToken")
            if not rows or (not token if self.cloud else start >= int(body.get("total") or 0)):
                return
            params = {**params, "nextPageToken": str(token)} if self.cloud else params

    def ours(self, person: Any) -> bool:
        """Whether somebody is the account that we file as."""
        said: Json = cast("Json", person) if isinstance(person, dict) else {}
        return any(said.get(name) == self._account.get(name) for name in ("accountId", "key", "name") if said.get(name))

    @cached_property
    def _account(self) -> Json:
        return self.asked("/myself")

    def issue(self, key: str) -> Json:
        """Return the texts of an issue as they are now."""
        return self.fields(key, "summary,description,environment")

    def fields(self, key: str, names: str) -> Json:
        """Return fields of an issue as they are now."""
        return self.asked(f"/issue/{key}", {"fields": names})["fields"]

    def comments(self, key: str) -> list[Json]:
        """Return the comments of an issue."""
        return list(self._rows(f"/issue/{key}/comment", "comments"))

    def sent(self, method: str, path: str, body: Json, good: Callable[[Any], bool] = lambda _: True) -> Page:
        """Send a request that writes; a refusal is told in words of filing."""
        try:
            return self.sender.send(method, f"{self.root}{path}", body, good)
        except RefusedError as error:
            raise self._refusal(error) from error

    def asked(self, path: str, params: Mapping[str, str] | None = None) -> Json:
        """Return an object of the API; a refusal is told in words of filing."""
        try:
            return self.ask(Call(f"{self.root}{path}", params or {}), _table).body
        except RefusedError as error:
            raise self._refusal(error) from error

    def _refusal(self, error: RefusedError) -> RefusedError:
        """Return what a refusal means to somebody who files."""
        key, said = self.settings.project, f": {error.said}" if error.said else ""
        match error.status:
            case 400:
                what = f"Jira does not take what would be filed in {key}{said}."
                remedy = "Check `fields`, `issue_type` and `types`."
            case 403:
                what = f"The account may not file in {key}{said}."
                remedy = "Give it the permission to create issues there."
            case 404:
                what = f"There is no project {key} in Jira for this account{said}."
                remedy = "Check `project`, and that the account may see it."
            case 409 | 410 | 422:
                what = f"Jira refuses to file in {key} ({error.status}){said}."
                remedy = "Look whether the project is archived or being changed."
            case _:
                return error
        return RefusedError(what, f"{remedy} {_STAYS}", status=error.status, said=error.said)
