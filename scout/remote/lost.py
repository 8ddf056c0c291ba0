"""What went wrong on the way to a server, in words; both clients travel by requests."""

import ssl
from collections.abc import Iterator
from socket import gaierror

import requests
from urllib3.exceptions import NameResolutionError

from scout.remote.failure import Lost


def lost(error: requests.RequestException) -> Lost:
    """Return the reason for a request that brought no whole answer.

    What cannot go better the next moment is hopeless and says what to do: a host without an address, a certificate that
    is not trusted, a proxy that does not let us through, an address that is none.
    """
    match error:
        case requests.exceptions.ProxyError():
            return Lost("the proxy did not let it through", hopeless=True, remedy="Set `proxy`, or check it.")
        case requests.exceptions.SSLError():
            return _distrusted(error)
        case (
            requests.exceptions.InvalidURL()
            | requests.exceptions.MissingSchema()
            | requests.exceptions.InvalidSchema()
            | requests.exceptions.TooManyRedirects()
        ):
            return Lost("its address leads nowhere", hopeless=True, remedy="Check `url`.")
        case requests.Timeout():
            return Lost("no answer came in time")
        case requests.exceptions.ChunkedEncodingError() | requests.exceptions.ContentDecodingError():
            return Lost("the answer was cut off")
        case _:
            return _unconnected(error)


def _distrusted(error: BaseException) -> Lost:
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in _causes(error)):
        return Lost(
            "its certificate is not trusted", hopeless=True, remedy="Set `ca_file` to the certificate to trust."
        )
    return Lost("no secure connection could be made", hopeless=True, remedy="Check `url`, `ca_file` and `proxy`.")


def _unconnected(error: BaseException) -> Lost:
    causes = list(_causes(error))
    if any(isinstance(one, NameResolutionError | gaierror) for one in causes):
        return Lost("its name has no address", hopeless=True, remedy="Check `url`, and `proxy` where one is needed.")
    if any(isinstance(one, ConnectionRefusedError) for one in causes):
        return Lost("the connection was refused", remedy="Check `url`, and whether it is up.")
    return Lost("the connection was lost")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Return an error and what it comes from: causes, contexts, arguments and reasons, as urllib3 nests them."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
