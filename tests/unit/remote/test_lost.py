"""What went wrong on the way, told from real errors of the library."""

import socket
import ssl
from collections.abc import Generator
from contextlib import contextmanager
from threading import Thread

import pytest
import requests

from scout.remote.lost import lost


def failure(url: str, **options: object) -> requests.RequestException:
    with pytest.raises(requests.RequestException) as caught:
        requests.get(url, timeout=5, **options)  # pyright: ignore[reportArgumentType] - any option of the library
    return caught.value


@contextmanager
def listening(reply: bytes) -> Generator[str]:
    """A server that answers once with these bytes and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(reply)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join(10)


def test_a_refused_connection_may_be_taken_up_again():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    reason = lost(failure(f"http://127.0.0.1:{port}/"))
    assert (reason.why, reason.hopeless) == ("the connection was refused", False)


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (b"", "the connection was lost"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1, 2", "the answer was cut off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1", "the answer was cut off"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n[12]", "the answer was cut off"),
    ],
)
def test_what_was_cut_or_reset_may_come_whole_the_next_time(reply: bytes, why: str):
    with listening(reply) as place:
        reason = lost(failure(f"http://{place}/"))
    assert (reason.why, reason.hopeless) == (why, False)


def test_silence_has_a_word():
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(requests.Timeout) as caught:
        requests.get(f"http://127.0.0.1:{server.getsockname()[1]}/", timeout=0.01)
    assert (lost(caught.value).why, lost(caught.value).hopeless) == ("no answer came in time", False)


@pytest.mark.parametrize("url", ["nope", "nope://x", "http:///x"])
def test_an_address_that_is_none_is_hopeless(url: str):
    reason = lost(failure(url))
    assert (reason.hopeless, reason.remedy) == (True, "Check `url`.")


def test_a_host_without_an_address_is_hopeless():
    reason = lost(failure("http://no.such.host.invalid/"))
    assert (reason.why, reason.hopeless) == ("its name has no address", True)
    assert "`url`" in reason.remedy


def test_a_proxy_that_does_not_answer_is_hopeless():
    reason = lost(failure("http://tracker.example/", proxies={"http": "http://127.0.0.1:9"}))
    assert reason.hopeless
    assert "`proxy`" in reason.remedy


def test_plain_http_where_tls_is_due_is_hopeless():
    with listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as place:
        reason = lost(failure(f"https://{place}/"))
    assert reason.hopeless
    assert "`ca_file`" in reason.remedy


def test_a_certificate_that_is_not_trusted_names_the_setting():
    error = requests.exceptions.SSLError(ssl.SSLCertVerificationError("self-signed certificate"))
    reason = lost(error)
    assert (reason.why, reason.hopeless) == ("its certificate is not trusted", True)
    assert "`ca_file`" in reason.remedy


def test_addresses_and_credentials_stay_out_of_the_reason():
    reason = lost(failure("http://me:secret@no.such.host.invalid/?token=secret"))
    assert "secret" not in f"{reason} {reason.remedy}"
