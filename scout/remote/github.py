"""GitHub, through PyGithub's requester: authentication, GitHub Apps, base URLs and certificates are the library's.

What PyGithub would do by itself is switched off, because one gate decides for all threads and processes: no retry, no
throttle. Nor does it follow redirects: it loses the query on the way, and a listing without its query is another
listing. A renamed repository's answer is a 301 like any other.
"""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

import requests
from github import Auth, GithubException
from github.InstallationAuthorization import InstallationAuthorization
from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass, Requester, RequestsResponse
from requests.utils import get_environ_proxies

from scout.errors import SettingsError, UnavailableError
from scout.remote.call import Answer, Call
from scout.remote.github_login import PUBLIC, App, Credential, credential_of
from scout.remote.lost import lost
from scout.remote.reading import GarbageError, dumped, parsed
from scout.settings import ServerSettings

GRAPHQL = "/graphql"
"""The path that stands for the GraphQL door, which Enterprise has elsewhere than the rest of its API."""
VERSION = "2022-11-28"
MEDIA = "application/vnd.github+json"
_AGENT = "backlog-scout"
_PAGE = 100
_PIECE = 1 << 20
_PROCESSING, _UNREADY = 202, 503
_UNAUTHORISED, _FAILED, _BROKEN = 401, 400, 500
_NOT_NOW = frozenset({403, 429})
_DIGEST = 16


class GitHubTransport:
    """One attempt at one request. Thread-safe: each request travels on a lane of its own, which is used again.

    Args:
        settings: `url`, `ca_file`, `proxy` and `timeout` count.
        who: see `credential_of`; it is sent to this url only.

    Raises:
        SettingsError: the url is none, or `ca_file` is not there.
        UnavailableError: the App's key is none.
    """

    def __init__(self, settings: ServerSettings, who: Credential) -> None:
        self._settings = settings
        self._base = _root(settings.url or PUBLIC)
        self._who = who
        self._verify = _certificates(settings.ca_file)
        proxy = settings.proxy
        self._proxies: dict[str, str] = (
            {"http": proxy, "https": proxy} if proxy else dict(get_environ_proxies(self._base, None))
        )
        self._lanes: deque[_Lane] = deque()
        self._auth = _auth(who, self._line)
        if who.app:
            self._requester()  # tells the App where it is, before threads ask for its token

    @property
    def host(self) -> str:
        """The server's name and port."""
        return urlsplit(self._base).netloc

    @property
    def account(self) -> str:
        """A digest of address and credential."""
        app = self._who.app
        secret = f"{app.app_id}/{app.installation_id}" if app else self._who.token
        said = f"{self._base}\0{secret}".encode("utf-8", "surrogateescape")
        return hashlib.blake2b(said, digest_size=_DIGEST).hexdigest()

    @property
    def credential(self) -> str:
        """Where the credential came from, in words; empty for nobody."""
        return self._who.source

    @property
    def base(self) -> str:
        """The API's root, without a slash at its end."""
        return self._base

    def send(self, call: Call) -> Answer:
        """Send once.

        Raises:
            Lost: no whole answer came.
        """
        try:
            lane = self._lanes.pop()
        except IndexError:
            lane = _Lane(self._requester(), self._line())
        try:
            return lane.send(call)
        except requests.RequestException as error:
            raise lost(error) from error
        except GithubException as error:  # the App was given no token
            return _declined(error)
        finally:
            self._lanes.append(lane)

    def close(self) -> None:
        """Close the connections."""
        while self._lanes:
            self._lanes.pop().line.close()

    def _requester(self) -> Requester:
        return Requester(
            auth=self._auth,
            base_url=self._base,
            timeout=cast("int", self._settings.timeout),  # requests takes fractions of a second, too
            user_agent=_AGENT,
            per_page=_PAGE,
            verify=self._verify,
            retry=0,
            pool_size=1,
            api_version=VERSION,
        )

    def _line(self) -> "_Line":
        parts = urlsplit(self._base)
        kind = HTTPRequestsConnectionClass if parts.scheme == "http" else HTTPSRequestsConnectionClass
        timeout = cast("int", self._settings.timeout)
        made = kind(parts.hostname or "", parts.port, retry=0, pool_size=1, timeout=timeout, verify=self._verify)
        made.session.trust_env = False  # the environment is asked once: it does not change from page to page
        made.session.proxies = self._proxies
        made.session.stream = True  # the body is read in few large pieces, not in many small ones
        return _Line(made)


def github_transport(
    settings: ServerSettings, *, app: App | None = None, environment: Mapping[str, str] = os.environ
) -> GitHubTransport:
    """Return a transport to the GitHub that the settings name, github.com by default.

    Raises:
        SettingsError: the url is none, or `ca_file` is not there.
        UnavailableError: a credential that the settings name cannot be had.
    """
    return GitHubTransport(settings, credential_of(settings, app, environment))


class _Line:
    """A connection that keeps a body as it came, and keeps PyGithub from acting on an answer by itself."""

    def __init__(self, connection: HTTPRequestsConnectionClass | HTTPSRequestsConnectionClass) -> None:
        self._connection = connection
        self.close = connection.close
        self.request = connection.request
        self.body = b""
        self.location = ""

    def getresponse(self) -> RequestsResponse:
        """Return status and headers; the body, undecoded, and where to go instead are left in fields."""
        response = self._connection.getresponse().response
        self.body = b"".join(response.iter_content(_PIECE))
        self.location = response.headers.pop("location", "")
        if response.status_code == _PROCESSING:  # PyGithub would sleep and ask again, without end
            response.status_code = _UNREADY
        return _Envelope(response)


class _Envelope(RequestsResponse):
    """An answer without its body."""

    def read(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class _Lane:
    """What a request needs for itself: PyGithub's objects hold the request that is under way in their fields."""

    requester: Requester
    line: _Line

    def send(self, call: Call) -> Answer:
        url = self.requester.graphql_url if call.path == GRAPHQL else call.path
        headers = {"Accept": MEDIA} | ({"If-None-Match": call.etag} if call.etag else {})
        return _sent(self.requester, self.line, call.method, url, dict(call.params), headers, call.body)


def _sent(  # noqa: PLR0913, PLR0917 - a request's parts, in PyGithub's order
    requester: Requester,
    line: _Line,
    method: str,
    url: str,
    params: dict[str, str],
    headers: dict[str, str],
    body: Any,
) -> Answer:
    status, came, _ = requester.requestJson(method, url, params, headers, body, cast("Any", line))
    if line.location:
        came["location"] = line.location
    return Answer(status, came, line.body)


class _Installation(Auth.AppInstallationAuth):
    """An App's token, asked for once for all threads, on a line of ours that knows the proxy."""

    def __init__(self, app: App, line: Callable[[], _Line]) -> None:
        self._line = line
        self._renewing = Lock()
        super().__init__(Auth.AppAuth(app.app_id, app.private_key), app.installation_id)

    @property
    def token(self) -> str:
        with self._renewing:
            return super().token

    def _get_installation_authorization(self) -> InstallationAuthorization:
        path = f"/app/installations/{self.installation_id}/access_tokens"
        line = self._line()
        try:
            answer = _sent(self.requester, line, "POST", path, {}, {"Accept": MEDIA}, {})
        finally:
            line.close()
        given = _object(answer.body)
        if answer.status >= _FAILED or not {"token", "expires_at"} <= given.keys():
            raise GithubException(answer.status, given, dict(answer.headers))
        return InstallationAuthorization(self.requester, dict(answer.headers), given)


def _auth(who: Credential, line: Callable[[], _Line]) -> Auth.Auth | None:
    if who.app is None:
        return Auth.Token(who.token) if who.token else None
    made = _Installation(who.app, line)
    try:
        Auth.AppAuth(who.app.app_id, who.app.private_key).create_jwt()
    except Exception as error:  # whatever the libraries below PyGithub say of a key
        raise UnavailableError(
            f"{who.source} is none.".capitalize(), "Check `private_key_file`: PEM, as downloaded."
        ) from error
    return made


def _declined(error: GithubException) -> Answer:
    """Return the answer that gave an App no token as if it answered the request that wanted one."""
    status = error.status if error.status in _NOT_NOW or error.status >= _BROKEN else _UNAUTHORISED
    return Answer(status, {name.lower(): text for name, text in (error.headers or {}).items()}, dumped(error.data))


def _object(body: bytes | str) -> dict[str, Any]:
    try:
        value = parsed(body)
    except GarbageError:
        return {}
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _root(url: str) -> str:
    """Return the API's root as the settings name it.

    Raises:
        SettingsError: it is no address of the web, or it holds a credential.
    """
    try:
        parts = urlsplit(url.strip())
        known = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        parts, known = urlsplit(""), False
    if not known:
        raise SettingsError("GitHub's `url` is no address of the web.", f"Write the API's root, such as {PUBLIC}.")
    if "@" in parts.netloc:
        message = "GitHub's `url` holds a user or a password."
        raise SettingsError(message, "Take it out, revoke it, and name a variable with `token_env`.")
    if parts.hostname == "github.com":
        return PUBLIC
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


def _certificates(name: str | None) -> bool | str:
    """Return what certificates to trust: those of the settings, those of the environment, or the usual ones."""
    if name is None:
        return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
    path = Path(name).expanduser()
    if not path.exists():
        raise SettingsError(f"There are no certificates at {path}.", "Check `ca_file`.")
    return str(path)
