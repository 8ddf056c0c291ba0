"""The one place that starts git. Other people's repositories are hostile input.

Only a handful of questions (where is the repository, which refs are there) are put to the repository itself. Every
other call runs in a *scratch* git folder of our own with an empty configuration, which merely borrows the objects:
a configuration, a hook, an attribute or a promisor remote of the repository cannot name a program to run there,
because git never reads them.
"""

import os
import subprocess
import tempfile
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from scout.errors import UnavailableError
from scout.repository._call import Call, GitError, GitTimeoutError

LOOK_SECONDS = 60.0
READ_SECONDS = 900.0

_GUARDS = (
    ("core.hooksPath", os.devnull),
    ("core.fsmonitor", "false"),
    ("core.quotePath", "false"),
    ("core.pager", "cat"),
    ("protocol.allow", "never"),
    ("diff.external", ""),
    ("log.showSignature", "false"),
    ("gpg.program", "false"),
)
_OPTIONS = tuple(part for name, value in _GUARDS for part in ("-c", f"{name}={value}"))


def look(path: Path, *arguments: str, seconds: float = LOOK_SECONDS) -> bytes:
    """Return what git says from the folder `path`: it looks for a repository, with the user's `safe.directory`.

    Raises:
        GitError: git says no.
        GitTimeoutError: it took longer than `seconds`.
    """
    return _finished(("-C", os.fspath(path)), arguments, seconds)


def ask(git_dir: Path, *arguments: str, seconds: float = LOOK_SECONDS) -> bytes:
    """Return what git says about a repository that `look` has found.

    Raises:
        GitError: git says no.
        GitTimeoutError: it took longer than `seconds`.
    """
    return _finished((f"--git-dir={os.fspath(git_dir)}",), arguments, seconds)


class Git:
    """Git on the objects of one repository, apart from that repository's configuration.

    Args:
        objects: the folder of the objects.
        shallow: the repository's list of shallow commits; it may be missing.
        object_format: `sha1` or `sha256`.
    """

    def __init__(self, objects: Path, shallow: Path, object_format: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="scout-git-")
        self.folder = Path(self._folder.name)
        self._furnish(shallow, object_format)
        self._environment = _scratch_environment(self.folder, objects)
        self._children: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()

    def run(self, *arguments: str, stdin: bytes = b"", seconds: float = READ_SECONDS) -> bytes:
        """Return what git writes.

        Raises:
            GitError: git ended with an error.
            GitTimeoutError: it took longer than `seconds`.
        """
        with self.stream(*arguments, stdin=stdin, seconds=seconds) as chunks:
            return b"".join(chunks)

    @contextmanager
    def stream(self, *arguments: str, stdin: bytes = b"", seconds: float = READ_SECONDS) -> Generator[Iterator[bytes]]:
        """Give what git writes in chunks of at most 1 MiB; the child is ended when the block is left.

        Raises:
            GitError: git ended with an error; raised by the iterator after the last chunk.
            GitTimeoutError: it took longer than `seconds`.
        """
        child = self.start(*arguments)
        call = Call(child, _verb(arguments), stdin, seconds)
        try:
            yield call.chunks()
        finally:
            if child.poll() is None:
                child.kill()
            call.settle()
            self.end(child)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a child with three pipes; whoever starts it ends it with `end`."""
        command = ["git", *_OPTIONS, *arguments]
        child = subprocess.Popen(
            command,
            env=self._environment,
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
        )
        with self._lock:
            self._children.add(child)
        return child

    def end(self, child: subprocess.Popen[bytes]) -> None:
        """End a child and close its pipes; harmless when it has ended already."""
        if child.poll() is None:
            child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout, child.stderr):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        with self._lock:
            self._children.discard(child)

    def close(self) -> None:
        """End all children and remove the scratch folder."""
        for child in tuple(self._children):
            self.end(child)
        self._folder.cleanup()

    def _furnish(self, shallow: Path, object_format: str) -> None:
        for name in ("objects", "refs"):
            (self.folder / name).mkdir()
        (self.folder / "HEAD").write_text("ref: refs/heads/none\n")
        lines = ["[core]", "repositoryformatversion = 1", "bare = true"]
        if object_format != "sha1":
            lines += ["[extensions]", f"objectformat = {object_format}"]
        (self.folder / "config").write_text("\n".join([*lines, ""]))
        if shallow.is_file():
            (self.folder / "shallow").write_bytes(shallow.read_bytes())


def _finished(where: tuple[str, ...], arguments: tuple[str, ...], seconds: float) -> bytes:
    verb = _verb(arguments)
    command = ["git", *_OPTIONS, *where, *arguments]
    try:
        done = subprocess.run(
            command,
            env=_look_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired as error:
        raise GitTimeoutError(verb, seconds) from error
    except FileNotFoundError as error:
        message = "The command `git` was not found."
        raise UnavailableError(message, "Install git 2.31 or newer.") from error
    if done.returncode:
        raise GitError(verb, done.stderr)
    return done.stdout


def _verb(arguments: tuple[str, ...]) -> str:
    plain = iter(arguments)
    for word in plain:
        if word == "-c":
            next(plain, None)
        elif not word.startswith("-"):
            return word
    return ""


def _common_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "GIT_ALLOW_PROTOCOL": "",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_GRAFT_FILE": os.devnull,
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_PAGER": "cat",
        "LC_ALL": "C.UTF-8",
    }


def _look_environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if name.startswith(("GIT_CONFIG_", "GIT_CEILING_"))}
    return _common_environment() | own


def _scratch_environment(folder: Path, objects: Path) -> dict[str, str]:
    return _common_environment() | {
        "GIT_DIR": os.fspath(folder),
        "GIT_OBJECT_DIRECTORY": os.fspath(objects),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "HOME": os.fspath(folder),
        "XDG_CONFIG_HOME": os.fspath(folder),
    }
