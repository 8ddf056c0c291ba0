"""What tests of the page share: a checkout, a state folder that a run has filled, and the page served for real."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, Protocol
from urllib.parse import urlsplit

from playwright.sync_api import Page

ROOT = Path(__file__).parents[1]
LOOKED = "2026-03-04T10:00:00Z"
HOSTILE = """## What is seen

<script>document.title = "taken"</script> and ![a picture](http://pictures.example/x.png), [click](javascript:alert(1))
and [a page](https://pages.example/guide).

- [ ] done
"""


Scheme = Literal["light", "dark"]
Process = subprocess.Popen[str]


@dataclass(frozen=True)
class Shown:
    """A page that is being served."""

    url: str
    port: int

    @property
    def root(self) -> str:
        """Return the address without path."""
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self, path: str, method: str = "GET", body: str | None = None, **headers: str
    ) -> tuple[int, dict[str, str], str]:
        """Return status, headers by lower-case name, and text of one answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, text

    def enter(self) -> tuple[int, str]:
        """Go through the door with the address that was printed; return status and cookie."""
        parts = urlsplit(self.url)
        status, headers, _ = self.ask(f"{parts.path}?{parts.query}")
        return status, headers.get("set-cookie", "")


class Visit(Protocol):
    """Opens the page in a browser profile of its own that has been let in."""

    def __call__(
        self, scheme: Scheme = "light", width: int = 1100, *, at: Shown | None = None, script: bool = True
    ) -> Page:
        """Return the first page; `at` is a page that this browser was not let in to yet."""
        ...


def a_checkout(folder: Path) -> Path:
    """Make a checkout with one thing to find."""
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "start.md").write_text("# Start\n\nRead [how to set it up](set-up.md) before anything else.\n")
    (folder / "README.md").write_text("# Meadow\n\nSee [the start](docs/start.md).\n")
    for arguments in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "Begin"]):
        subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, env=_committer())
    return folder


def a_state(checkout: Path, home: Path) -> Path:
    """Let a run look at the checkout, and a reviewer paste something hostile into the candidate it made."""
    scout("run", str(checkout), "--now", LOOKED, home=home)
    listed = json.loads(scout("inbox", "list", "--json", "--now", LOOKED, home=home, cwd=checkout))
    (candidate,) = listed["candidates"]
    hostile = home.parent / "hostile.md"
    hostile.write_text(HOSTILE)
    edit = ("inbox", "edit", candidate["id"], "--file", str(hostile))
    scout(*edit, "--now", LOOKED, home=home, cwd=checkout)
    return home


def scout(*arguments: str, home: Path, cwd: Path | None = None, code: int = 0) -> str:
    """Run a command as a user does; return stdout, or stderr where another exit code than 0 is expected."""
    done = subprocess.run(
        [sys.executable, "-m", "scout", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        timeout=120,
        env=surroundings(home),
    )
    assert done.returncode == code, done.stderr
    return done.stderr if code else done.stdout


@contextmanager
def served(checkout: Path, home: Path, now: str = LOOKED) -> Generator[Shown]:
    """Serve the page as a user does, and stop it as a user does."""
    command = [
        sys.executable,
        "-m",
        "scout",
        "serve",
        str(checkout),
        "--port",
        "0",
        "--no-open",
        "--json",
        "--now",
        now,
    ]
    with shown_by(command, home) as (page, _):
        yield page


@contextmanager
def shown_by(
    command: list[str], home: Path, errors: IO[str] | None = None
) -> "Generator[tuple[Shown, subprocess.Popen[str]]]":
    """Run a command that serves the page and says so as JSON, and stop it as a user does."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=surroundings(home)) as process:
        assert process.stdout is not None
        document = json.loads(process.stdout.readline())
        assert document["schema"] == "scout.page/1"
        try:
            yield Shown(document["url"], document["port"]), process
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0


@contextmanager
def in_background(command: list[str], log: Path, cwd: Path, env: dict[str, str]) -> Generator[subprocess.Popen[bytes]]:
    """Run a Python command with all it starts until the block ends; stop it as a user does and keep what it said."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=cwd, env=env, stdout=said, stderr=said, start_new_session=True
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def free_port() -> int:
    """Return a port of this machine that nobody listens at now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def surroundings(home: Path) -> dict[str, str]:
    """Return the environment of a process whose state and settings are its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCOUT_")}
    return {**kept, "SCOUT_HOME": str(home), "XDG_CONFIG_HOME": str(home.parent / "config"), "PYTHONPATH": str(ROOT)}


def _committer() -> dict[str, str]:
    roles, parts = ("AUTHOR", "COMMITTER"), ("NAME", "EMAIL")
    who = {f"GIT_{role}_{part}": "reviewer@meadow.example" for role in roles for part in parts}
    when = {f"GIT_{role}_DATE": "2026-03-01T12:00:00Z" for role in roles}
    return {**os.environ, **who, **when, "GIT_CONFIG_GLOBAL": os.devnull}
