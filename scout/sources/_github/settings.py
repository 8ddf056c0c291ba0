"""What `scout.toml` may say about a repository at GitHub."""

import re
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from scout.settings import TrackerSettings
from scout.sources._github.streams import chosen

_OWNER, _NAME = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})", r"[A-Za-z0-9._-]{1,100}"
_REPOSITORY = re.compile(rf"{_OWNER}/{_NAME}")
_PAGE = re.compile(
    r"(?:https?://|ssh://git@|git@)?(?:www\.)?[A-Za-z0-9.-]+\.[a-z]{2,}[:/]([^/\s]+/[^/\s]+?)(?:\.git)?/?"
)
_WRITE = "write it as owner/name: 'acme/rocket'"


class GitHubSettings(TrackerSettings):
    """A repository at github.com or on an Enterprise server."""

    reaches_outside = TrackerSettings.reaches_outside | {"app_id", "installation_id", "private_key_file"}

    url: str | None = Field(
        default=None,
        repr=False,
        description="the API's root; default https://api.github.com, Enterprise: https://host/api/v3",
    )
    repository: str = Field(description="what to read, as owner/name: 'acme/rocket'")
    app_id: str | None = Field(
        default=None, coerce_numbers_to_str=True, description="id of a GitHub App to ask as, instead of with a token"
    )
    installation_id: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="id of the App's installation, from the address of its settings page"
    )
    private_key_file: str | None = Field(default=None, description="file with the App's private key, PEM")

    @field_validator("repository")
    @classmethod
    def _repository_is_owner_and_name(cls, value: str) -> str:
        name = value.strip()
        if _REPOSITORY.fullmatch(name) and not name.endswith((".git", "/.", "/..")):
            return name
        page = _PAGE.fullmatch(name)
        near = page[1] if page and _REPOSITORY.fullmatch(page[1]) else ""
        raise ValueError(
            f"'{value}' is no repository: write it as '{near}'" if near else f"'{value}' is none: {_WRITE}"
        )

    @field_validator("streams")
    @classmethod
    def _streams_are_known(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        chosen(value)
        return value

    @model_validator(mode="after")
    def _app_is_whole(self) -> Self:
        said = {
            "app_id": self.app_id,
            "installation_id": self.installation_id,
            "private_key_file": self.private_key_file,
        }
        missing = [name for name, value in said.items() if not value]
        if missing and len(missing) < len(said):
            raise ValueError(f"a GitHub App needs {' and '.join(missing)}, too")
        return self


class GitHubDiscovery(GitHubSettings):
    """Repositories of an organisation or a person."""

    repository: str = Field(default="", exclude=True, description="filled in for each repository that is found")
    owner: str = Field(description="the organisation or person whose repositories to list")

    @field_validator("repository")
    @classmethod
    def _repository_is_owner_and_name(cls, value: str) -> str:
        return value

    @field_validator("owner")
    @classmethod
    def _owner_is_one(cls, value: str) -> str:
        if not re.fullmatch(_OWNER, value.strip()):
            raise ValueError(f"'{value}' is no owner: write only the name before the slash")
        return value.strip()
