"""Who is at the page, and what they may do there: roles, sessions, tokens, and a trusted proxy's word."""

import hmac
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

from scout.errors import SettingsError
from scout.settings import Auth, ServeSettings

_MOST_FAILURES, _WITHIN = 10, 60.0
_SHORTEST_TOKEN = 20
_FIELDS = 3


class Role(IntEnum):
    """What somebody may do: look, decide, decide as an owner."""

    VIEWER = 1
    REVIEWER = 2
    OWNER = 3
    ADMIN = OWNER
    """Another word for an owner: there is nothing that one may do and the other not."""


class Session(NamedTuple):
    """A browser that was let in.

    Attributes:
        label: how its decisions are signed: a role or a name of the settings, never an account of a tracker.
        csrf: what each of its forms has to bring along.
        until: when it ends, in seconds of the monotonic clock.
    """

    label: str
    role: Role
    csrf: str
    until: float


class Keys:
    """What lets somebody in: the one-time address, named tokens, or the proxy; safe to share between threads.

    Args:
        settings: how the page knows who asks.
        tokens: name and role by token, where tokens are used.
        clock: seconds that only ever grow.
    """

    def __init__(
        self,
        settings: ServeSettings | None = None,
        tokens: Mapping[str, tuple[str, Role]] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings or ServeSettings()
        self.token = secrets.token_urlsafe(32)
        self._tokens = dict(tokens or {})
        if self.settings.auth is Auth.ADDRESS:
            self._tokens = {self.token: ("reviewer", Role.OWNER)}
        self._clock = clock
        self._sessions: dict[str, Session] = {}
        self._proxied: dict[tuple[str, Role], Session] = {}
        self._failures: deque[float] = deque(maxlen=_MOST_FAILURES)
        self._lock = threading.Lock()

    def exchange(self, token: str) -> str | None:
        """Return a new session's name for a token; None for any other text, and for an address that was used."""
        with self._lock:
            known = next((one for one in self._tokens if hmac.compare_digest(one.encode(), token.encode())), None)
            if known is None:
                self._failures.append(self._clock())
                return None
            label, role = self._tokens[known]
            if self.settings.auth is Auth.ADDRESS:
                del self._tokens[known]
            return self._opened(label, role)

    @property
    def refusing(self) -> bool:
        """Whether so many wrong tokens came lately that none is looked at for a while."""
        oldest = self._failures[0] if len(self._failures) == _MOST_FAILURES else None
        return oldest is not None and self._clock() - oldest < _WITHIN

    def session(self, name: str) -> Session | None:
        """Return the session that a cookie names; None when it is unknown or over."""
        with self._lock:
            digest = _digest(name)
            found = self._sessions.get(digest)
            if found is not None and found.until <= self._clock():
                del self._sessions[digest]
                return None
            return found

    def leave(self, name: str) -> None:
        """End a session."""
        with self._lock:
            self._sessions.pop(_digest(name), None)

    def proxied(self, peer: str, headers: Mapping[str, str]) -> Session | None:
        """Return the session that a trusted proxy's headers stand for; None for anybody else's word."""
        settings = self.settings
        user = headers.get(settings.user_header.lower(), "").strip()
        if settings.auth is not Auth.PROXY or peer not in settings.proxies or not user:
            return None
        groups = {one.strip() for one in headers.get(settings.groups_header.lower(), "").split(",")}
        role = Role.VIEWER
        if groups & set(settings.reviewers):
            role = Role.REVIEWER
        if groups & set(settings.owners):
            role = Role.OWNER
        with self._lock:
            return self._proxied.setdefault((user, role), Session(user, role, secrets.token_urlsafe(32), float("inf")))

    def _opened(self, label: str, role: Role) -> str:
        name = secrets.token_urlsafe(32)
        now = self._clock()
        self._sessions = {key: one for key, one in self._sessions.items() if one.until > now}
        until = now + self.settings.session_hours * 3600
        self._sessions[_digest(name)] = Session(label, role, secrets.token_urlsafe(32), until)
        return name


def tokens_of(settings: ServeSettings) -> dict[str, tuple[str, Role]]:
    """Return name and role by token from the file that the settings name; empty where no tokens are used.

    Raises:
        SettingsError: the file cannot be read, can be read by others, or has a line of another form.
    """
    if settings.auth is not Auth.TOKENS or settings.tokens_file is None:
        return {}
    path = Path(settings.tokens_file).expanduser()
    try:
        text = path.read_text("utf-8")
        open_to_others = bool(path.stat().st_mode & 0o077)
    except (OSError, UnicodeDecodeError) as error:
        message = f"The file of tokens {path} cannot be read: {error}."
        raise SettingsError(message, "Write lines `name role token` into it, readable by you alone.") from error
    if open_to_others:
        raise SettingsError(f"The file of tokens {path} can be read by others.", f"Run: chmod 600 {path}")
    found: dict[str, tuple[str, Role]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if not words or line.lstrip().startswith("#"):
            continue
        if len(words) != _FIELDS or words[1].upper() not in Role.__members__ or len(words[2]) < _SHORTEST_TOKEN:
            message = f"Line {number} of the file of tokens {path} is not `name role token`."
            remedy = f"The role is viewer, reviewer or owner; a token has {_SHORTEST_TOKEN} characters at least."
            raise SettingsError(message, remedy)
        found[words[2]] = (words[0], Role[words[1].upper()])
    return found


def _digest(name: str) -> str:
    """Return what a session is kept by: a look-up by the name itself would tell by its time how much of it is right."""
    return hmac.new(b"scout-session", name.encode(), "sha256").hexdigest()
