"""Jira, through the session of the jira library: authentication, context path, certificates and proxies are its."""

import hashlib
import json
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import SplitResult, urlsplit, urlunsplit

import requests
from jira import JIRA, JIRAError
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from scout.errors import SettingsError, UnavailableError
from scout.remote.call import Answer, Call
from scout.remote.failure import Lost
from scout.remote.lost import lost
from scout.settings import ServerSettings

USER_ENV, TOKEN_ENV = "JIRA_USER", "JIRA_TOKEN"
UNAUTHORISED = 401
_DIGEST = 16


@dataclass(frozen=True, slots=True)
class Login:
    """Who we are to a Jira.

    Attributes:
        user: e-mail address (Cloud) or name (Server); empty for a personal access token and for nobody.
        token: API token, password or personal access token; empty for nobody.
        credential: where the token came from, in words.
    """

    user: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    credential: str = ""


def login(
    settings: ServerSettings,
    *,
    auth: str | None = None,
    user_env: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Login:
    """Return the credential that settings and environment name; an empty one where there is none.

    Args:
        settings: `token_file` wins over `token_env`, whose default is `JIRA_TOKEN`.
        auth: `basic` (user and token), or `token` or `pat` (a bearer token); None: `basic` when a user is known.
        user_env: the variable that holds the user, default `JIRA_USER`.
        environment: variables by name.

    Raises:
        UnavailableError: a file or variable that the settings name is missing, or basic authentication lacks a part.
    """
    token, credential = _token(settings, environment)
    user = "" if auth in {"token", "pat"} else environment.get(user_env or USER_ENV, "").strip()
    if auth == "basic" and not (user and token):
        missing = f"a user in {user_env or USER_ENV}" if not user else "a token"
        raise UnavailableError(f"Basic authentication at Jira lacks {missing}.", "Set it, or set `auth` to `pat`.")
    return Login(user if token else "", token, credential)


def _token(settings: ServerSettings, environment: Mapping[str, str]) -> tuple[str, str]:
    if settings.token_file:
        path = Path(settings.token_file).expanduser()
        try:
            return path.read_text(encoding="utf-8").strip(), f"the file {path.name}"
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no text"
            message = f"The token's file {path} cannot be read: {reason}."
            raise UnavailableError(message, "Check `token_file`.") from error
    name = settings.token_env or TOKEN_ENV
    token = environment.get(name, "").strip()
    if not token and settings.token_env:
        raise UnavailableError(f"The environment variable {name} is not set.", "Set it, or correct `token_env`.")
    return token, f"the environment variable {name}" if token else ""


def base_url(url: str) -> str:
    """Return where Jira is, from what people write: without `/rest/…`, `/browse/…` or `/jira/…` of a page's address.

    Raises:
        SettingsError: it is no address of the web, or it holds a credential.
    """
    parts = _split(url.strip())
    if parts is None:
        raise SettingsError("Jira's `url` is no address of the web.", "Write it as https://example.atlassian.net.")
    if "@" in parts.netloc:
        message = "Jira's `url` holds a user or a password."
        raise SettingsError(message, "Take it out, revoke it, and name a variable with `token_env`.")
    path = parts.path
    for tail in ("/rest/", "/browse/", "/secure/", "/projects/", "/jira/software/", "/jira/core/"):
        path = path.partition(tail)[0]
    return urlunsplit((parts.scheme, parts.netloc, path.removesuffix("/rest").rstrip("/"), "", ""))


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        known = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, a bracket that is not closed
        return None
    return parts if known else None


class JiraTransport:
    """One attempt at one request, by the jira library's session with its retries switched off. Thread-safe."""

    def __init__(self, settings: ServerSettings, who: Login) -> None:
        self._base = base_url(settings.url or "")
        self._who = who
        # A client asks the server about itself when it is made, unless told not to; the object keeps the session open.
        self._client = JIRA(
            options={"server": self._base, "verify": settings.ca_file or True},
            basic_auth=(who.user, who.token) if who.user else None,
            token_auth=who.token if who.token and not who.user else None,
            get_server_info=False,
            logging=False,
            max_retries=0,
            timeout=settings.timeout,
            proxies={"http": settings.proxy, "https": settings.proxy} if settings.proxy else None,
        )
        # The library has no public way to its session, and untyped keywords on it.
        self._session = cast("Any", self._client)._session  # noqa: SLF001
        if not who.token:
            self._session.auth = _Nobody()
        adapter = HTTPAdapter(pool_connections=2, pool_maxsize=settings.concurrency, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    @property
    def host(self) -> str:
        """The server's name and port."""
        return urlsplit(self._base).netloc

    @property
    def account(self) -> str:
        """A digest of address, user and token."""
        said = json.dumps([self._base, self._who.user, self._who.token]).encode()
        return hashlib.blake2b(said, digest_size=_DIGEST).hexdigest()

    @property
    def credential(self) -> str:
        """Where the token came from, in words; empty for nobody."""
        return self._who.credential

    def send(self, call: Call) -> Answer:
        """Send once.

        Raises:
            Lost: no whole answer came.
        """
        headers = {"If-None-Match": call.etag} if call.etag else {}
        try:
            response: requests.Response = self._session.request(
                call.method,
                self._base + call.path,
                params=dict(call.params),
                data=None if call.body is None else json.dumps(call.body),
                headers=headers,
            )
        except JIRAError as error:
            if error.response is None:
                raise Lost("the answer was empty") from error
            response = error.response
        except requests.exceptions.RequestException as error:
            raise lost(error) from error
        return _checked(_answer(response), response, signed_in=bool(self._who.token))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def jira_transport(settings: ServerSettings, who: Login) -> JiraTransport:
    """Return a transport to the Jira that the settings name.

    Args:
        settings: `url`, `ca_file`, `proxy`, `timeout` and `concurrency` count.
        who: see `login`; it is sent to this url only.

    Raises:
        SettingsError: the url is none.
    """
    return JiraTransport(settings, who)


@contextmanager
def connection(
    settings: ServerSettings, *, auth: str | None = None, user_env: str | None = None
) -> Generator[JiraTransport]:
    """Open a transport with the credential that settings and environment name, and close it at the end.

    Raises:
        UnavailableError: the credential is not there (`login`).
        SettingsError: the url is none.
    """
    transport = jira_transport(settings, login(settings, auth=auth, user_env=user_env))
    try:
        yield transport
    finally:
        transport.close()


class _Nobody(AuthBase):
    """Sends no credential, not even one that lies in a netrc file."""

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        return r


def _answer(response: requests.Response) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, response.content or b"")


def _checked(answer: Answer, response: requests.Response, *, signed_in: bool) -> Answer:
    """Return the answer as the one it is: Jira says some refusals with status 200.

    A wrong credential makes us a guest, whose answers are empty instead of refused; a page to log in is a page.

    Raises:
        Lost: it is a page to log in.
    """
    reason = answer.headers.get("x-seraph-loginreason", "").upper()
    if signed_in and "AUTHENTICATED_FAILED" in reason:
        return Answer(UNAUTHORISED, answer.headers, answer.body)
    html = "html" in answer.headers.get("content-type", "")
    if response.ok and html and (response.history or b"login" in response.content[:100_000].lower()):
        why = "it shows a page to log in"
        raise Lost(why, hopeless=True, remedy="Check `url` (Jira's root, https://…) and the credential.")
    return answer
