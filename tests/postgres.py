"""A real PostgreSQL server for tests: Debian's package, an unprivileged user, a free port, a folder of its own."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

PASSWORD = "not-to-be-shown"  # noqa: S105 - of a server that lives as long as the tests


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `port` is on loopback."""

    port: int

    def url(self, database: str) -> str:
        """Return the URL of a database, password included."""
        return f"postgresql://scout:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database and return its URL."""
        name = f"ledger_{secrets.token_hex(6)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)


def programs() -> Path | None:
    """Return the folder of the newest installed server's programs; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextmanager
def running(binaries: Path) -> Generator[Server]:
    """Run a server until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="scout-postgres-"))
    try:
        with _free_port() as listener:
            port: int = listener.getsockname()[1]
            _make(binaries, folder, port)
        yield _started(binaries, folder, port)
    finally:
        _run([str(binaries / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "stop"], check=False)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Generator[Server]:
    """Run a server for this test process (with xdist: one for each worker)."""
    binaries = programs()
    if binaries is None:
        missing = "Debian's postgresql package is not installed: the ledger is NOT tested on PostgreSQL"
        if os.environ.get("SCOUT_REQUIRE_ALL") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    with running(binaries) as server:
        yield server


def _make(binaries: Path, folder: Path, port: int) -> None:
    secret = folder / "password"
    secret.write_text(PASSWORD)
    for path in (folder, secret):
        if os.geteuid() == 0:
            os.chown(path, _unprivileged().pw_uid, _unprivileged().pw_gid)
    options = ["-U", "scout", "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "--locale=C", "--no-sync"]
    _run([str(binaries / "initdb"), "-D", str(folder / "data"), *options])
    lines = {
        "port": port,
        "listen_addresses": "'127.0.0.1'",
        "unix_socket_directories": "''",
        "fsync": "off",
        "max_connections": 100,
    }
    with (folder / "data" / "postgresql.conf").open("a") as conf:
        conf.writelines(f"{name} = {value}\n" for name, value in lines.items())


def _started(binaries: Path, folder: Path, port: int) -> Server:
    _run([str(binaries / "pg_ctl"), "-D", str(folder / "data"), "-l", str(folder / "log"), "-w", "start"])
    return Server(port)


def _run(command: Sequence[str], *, check: bool = True) -> None:
    """Run a program of PostgreSQL's, which refuses to be root."""
    user = _unprivileged() if os.geteuid() == 0 else None
    subprocess.run(
        command,
        check=check,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
    )


def _unprivileged() -> pwd.struct_passwd:
    names = {user.pw_name: user for user in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _free_port() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    return listener
