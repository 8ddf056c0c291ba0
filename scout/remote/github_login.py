"""Who we are to a GitHub: a token, a GitHub App, or nobody."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scout.errors import UnavailableError
from scout.settings import ServerSettings

PUBLIC = "https://api.github.com"
TOKENS = ("GITHUB_TOKEN", "GH_TOKEN")
"""Variables that hold a token for github.com, and for no other host."""


@dataclass(frozen=True, slots=True)
class App:
    """A GitHub App's installation.

    Attributes:
        private_key: in PEM.
    """

    app_id: str
    installation_id: int
    private_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Credential:
    """Who we are to a GitHub: the bearer of a token, an App, or nobody.

    Attributes:
        source: where it came from, in words; empty for nobody.
    """

    token: str = field(default="", repr=False)
    app: App | None = None
    source: str = ""


def credential_of(
    settings: ServerSettings, app: App | None = None, environment: Mapping[str, str] = os.environ
) -> Credential:
    """Return the credential that settings and environment name; an empty one where there is none.

    Args:
        settings: `token_file` wins over `token_env`; GITHUB_TOKEN and GH_TOKEN count for github.com only.
        app: wins over every token.
        environment: variables by name.

    Raises:
        UnavailableError: a file or variable that the settings name is missing or empty.
    """
    if app:
        return Credential(app=app, source=f"the private key of GitHub App {app.app_id}")
    if settings.token_file:
        return Credential(_read(settings.token_file), source=f"the file {Path(settings.token_file).name}")
    names = (settings.token_env,) if settings.token_env else TOKENS if _is_public(settings.url) else ()
    found = next((name for name in names if environment.get(name, "").strip()), "")
    if settings.token_env and not found:
        message = f"The environment variable {settings.token_env} is not set."
        raise UnavailableError(message, "Set it, or correct `token_env`.")
    return Credential(environment[found].strip(), source=f"the environment variable {found}") if found else Credential()


def _is_public(url: str | None) -> bool:
    return (url or PUBLIC).rstrip("/").lower() == PUBLIC


def _read(name: str) -> str:
    path = Path(name).expanduser()
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        message = f"The token's file {path} cannot be read: {reason}."
        raise UnavailableError(message, "Check `token_file`.") from error
    if not text or not text.isascii() or any(not sign.isprintable() for sign in text):
        message = f"The token's file {path} holds no token."
        raise UnavailableError(message, "Write the token into it, on one line.")
    return text
