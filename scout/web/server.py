"""Serving the page on loopback, for as long as the command runs."""

import errno
import socket
import sys
from typing import ClassVar

import uvicorn

from scout.errors import StoreError, UsageError
from scout.model import Report
from scout.settings import Auth, ServeSettings
from scout.web.access import Keys, tokens_of
from scout.web.app import Opening, application
from scout.web.gate import place


class ServeReport(Report):
    """Where the page is; the address works once, in one browser."""

    schema_id: ClassVar[str] = "scout.page/1"

    url: str
    port: int


class Served:
    """A page that listens already and answers once `run` is called."""

    def __init__(self, opening: Opening, host: str, port: int, settings: ServeSettings | None = None) -> None:
        settings = settings or ServeSettings()
        keys = Keys(settings, tokens_of(settings))
        self._socket = listening(place(host, settings.auth), port)
        self._port: int = self._socket.getsockname()[1]
        self._app = application(opening, keys, self._port)
        name = f"[{host}]" if ":" in host else host
        door = {Auth.ADDRESS: f"/enter?token={keys.token}", Auth.TOKENS: "/enter", Auth.PROXY: "/"}[settings.auth]
        self.report = ServeReport(url=f"http://{name}:{self._port}{door}", port=self._port)

    def run(self) -> None:
        """Answer requests until the process is told to stop (Ctrl-C or SIGTERM)."""
        settings = uvicorn.Config(
            self._app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # it would believe X-Forwarded-For, and we pin the peer that really asks
            lifespan="off",
        )
        try:
            uvicorn.Server(settings).run(sockets=[self._socket])
        except KeyboardInterrupt:  # uvicorn has finished and passes the signal on; for us it is the wished end
            return
        finally:
            self._socket.close()


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens at a loopback address.

    Raises:
        UsageError: the port is taken or may not be used.
        StoreError: this machine has no such loopback.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if sys.platform != "win32":  # there it would let others take the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except PermissionError as error:
        listener.close()
        raise UsageError(f"Port {port} may not be used.", "Give one above 1023 with --port.") from error
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            message = f"Port {port} is taken by another program."
            raise UsageError(message, "Give another one with --port; 0 takes any that is free.") from error
        raise StoreError(f"Nothing can listen at {host}: {error.strerror}.", "Leave --host out.") from error
    return listener
