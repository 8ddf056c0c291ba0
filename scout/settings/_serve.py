"""`[serve]`: who may open the page."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from scout.settings._section import Section

Address = Annotated[str, Field(pattern=r"^(?:https?://[^\s/?#]+(?:/[^\s?#]*)?)?$")]
"""An address of the web without query, or nothing."""


class Auth(StrEnum):
    """How the page knows who asks."""

    ADDRESS = "address"
    TOKENS = "tokens"
    PROXY = "proxy"


class ServeSettings(Section):
    """The page: where it may be opened from, and by whom."""

    reaches_outside = frozenset(
        {
            "auth",
            "tokens_file",
            "proxies",
            "user_header",
            "groups_header",
            "reviewers",
            "owners",
            "names",
            "page",
            "dagster",
        }
    )

    auth: Auth = Field(
        default=Auth.ADDRESS,
        description="`address`: a one-time address, loopback only; `tokens`: named tokens; `proxy`: a proxy says who",
    )
    names: tuple[str, ...] = Field(default=(), description="host names, with port, that browsers call the page by")
    tokens_file: str | None = Field(
        default=None, description="a file of lines `name role token`; role: viewer, reviewer or owner"
    )
    proxies: tuple[str, ...] = Field(default=(), description="addresses of the proxy; others' headers are not believed")
    user_header: str = Field(default="X-Forwarded-User", description="where the proxy says who asks")
    groups_header: str = Field(default="X-Forwarded-Groups", description="where it says the groups, with commas")
    reviewers: tuple[str, ...] = Field(default=(), description="groups that may decide; others may look")
    owners: tuple[str, ...] = Field(default=(), description="groups that decide as owners of the projects")
    session_hours: Annotated[float, Field(gt=0, le=24 * 30)] = Field(
        default=12, description="hours after which a browser has to come in anew"
    )

    page: Address = Field(default="", description="where browsers find the page; Dagster's facts link to it")
    dagster: Address = Field(default="", description="where browsers find Dagster; the page's health links to it")

    @model_validator(mode="after")
    def _mode_is_whole(self) -> "ServeSettings":
        if self.auth is Auth.TOKENS and not self.tokens_file:
            message = '`auth = "tokens"` needs `tokens_file`'
            raise ValueError(message)
        if self.auth is Auth.PROXY and not self.proxies:
            message = '`auth = "proxy"` needs `proxies`, the addresses whose headers are believed'
            raise ValueError(message)
        return self
