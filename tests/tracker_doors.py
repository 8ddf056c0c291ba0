"""What can stand between Scout and a tracker: a certificate nobody knows, a proxy that wants a password, refusals."""

import ipaddress
import ssl
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from tests.tracker_conformance import Sent
from tests.trackers import listening

Answering = Callable[[Sent], web.StreamResponse | None]


def own_certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Return a server's context with a certificate that only its own file vouches for, and that file (PEM)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    place = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(place, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "own.pem"
    secret = folder / "own.key"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(_pem(key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    return context, file


def app_key() -> str:
    """Return a private key as a GitHub App has one (PEM)."""
    return _pem(rsa.generate_private_key(public_exponent=65_537, key_size=2048)).decode()


@contextmanager
def proxy(status: int = 407) -> Generator[tuple[str, list[Mapping[str, str]]]]:
    """Yield the address of a proxy that lets nobody through, and the headers of what it was asked."""
    asked: list[Mapping[str, str]] = []

    async def refuse(request: web.Request) -> web.Response:
        asked.append(dict(request.headers))
        return web.Response(
            status=status, text="<html><body><h1>Who are you?</h1></body></html>", content_type="text/html"
        )

    app = web.Application()
    app.add_routes([web.route("*", "/{anything:.*}", refuse)])
    with listening(app) as base:
        yield base, asked


def refusing(path: str, status: int, message: str, **headers: str) -> Answering:
    """Return a `before` that answers every request whose path holds `path` with a refusal in GitHub's form."""
    said = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(sent: Sent) -> web.Response | None:
        if path not in sent.path:
            return None
        body: dict[str, Any] = {"message": message, "documentation_url": "https://docs.github.com/rest", "errors": []}
        jira: dict[str, Any] = {"errorMessages": [message], "errors": {}}
        return web.json_response(jira if sent.path.startswith("/rest/") else body, status=status, headers=said)

    return answer


def _pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
