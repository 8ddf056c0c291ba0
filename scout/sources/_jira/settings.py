"""What `scout.toml` may say about a Jira."""

import re
from typing import Annotated, Literal

from pydantic import Field, field_validator

from scout.settings import TrackerSettings
from scout.sources._jira.jql import restriction

STREAMS = ("project", "status", "field", "issue", "sprint", "createmeta")
ON_REQUEST = frozenset({"createmeta"})
"""Streams that are read only where `streams` names them."""
PROJECT_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,254}")


class JiraSettings(TrackerSettings):
    """A Jira, and the projects of it that belong to one project of ours."""

    reaches_outside = TrackerSettings.reaches_outside | {"user_env", "auth"}

    projects: tuple[str, ...] = Field(default=(), description="keys of the projects to read: ['SCT', 'OPS']")
    jql: str = Field(default="", description="reads only issues that match, without ORDER BY: 'labels = backend'")
    auth: Literal["basic", "token", "pat"] | None = Field(
        default=None, description="basic (user and API token), token or pat (bearer); default: basic if a user is known"
    )
    user_env: str | None = Field(default=None, description="the variable that holds the user; default JIRA_USER")
    fields: dict[str, str] = Field(
        default={}, description="fields to keep beside a ticket, by name there: {'Story Points' = 'points'}"
    )
    sprint_boards: Annotated[int, Field(ge=0)] = Field(
        default=20, description="boards of a project to read sprints from, at most"
    )

    @field_validator("projects")
    @classmethod
    def _keys_are_keys(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        keys = tuple(dict.fromkeys(key.strip().upper() for key in value))
        for key in keys:
            if not PROJECT_KEY.fullmatch(key):
                raise ValueError(f"'{key}' is no key of a project: letters, digits and '_', a letter first")
        return keys

    @field_validator("streams")
    @classmethod
    def _streams_are_known(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for name in value or ():
            if name not in STREAMS:
                raise ValueError(f"there is no stream '{name}': {', '.join(STREAMS)}")
        return value

    @field_validator("jql")
    @classmethod
    def _jql_stays_inside(cls, value: str) -> str:
        restriction(value)
        return value

    def wants(self, stream: str) -> bool:
        """Return whether a stream is to be read."""
        return stream not in ON_REQUEST if self.streams is None else stream in self.streams
