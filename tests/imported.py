"""Makes real git repositories in one go, by `git fast-import`: any bytes for names and contents, thousands of files."""

import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from scout.signals import Commit, Moved
from scout.signals.testing import git, moment

TRICKY = b'"\\'


def imported(folder: Path, commits: Sequence[Commit], branch: str = "main") -> Path:
    """Make a repository, or one more branch of it, with these commits, as `build` does; nothing is checked out.

    A path that holds lone surrogates stands for the bytes that they were read from, as in `os.fsdecode`.
    """
    if not (folder / ".git").exists():
        folder.mkdir(parents=True, exist_ok=True)
        git(folder, "init", "--quiet", "--initial-branch", "main")
    stream = b"".join(piece for number, commit in enumerate(commits) for piece in _said(commit, branch, number))
    command = ["git", "fast-import", "--quiet", "--force"]
    subprocess.run(command, cwd=folder, input=stream, check=True, capture_output=True)
    for commit in commits:
        if commit.tag:
            named = git(folder, "log", "-1", "--format=%H", f"--before={moment(commit.at):%s}", branch).strip()
            git(folder, "tag", commit.tag, named)
    return folder


def _said(commit: Commit, branch: str, number: int) -> Iterator[bytes]:
    """Give what fast-import reads for one commit."""
    at = int(moment(commit.at).timestamp())
    who = f"{commit.author} <{commit.author}@example.org> {at} +0000".encode()
    yield b"commit refs/heads/%s\nauthor %s\ncommitter %s\n" % (branch.encode(), who, who)
    yield _sized(commit.message.encode())
    if not number:
        yield b"deleteall\n"
    for path, content in commit.files.items():
        if content is None:
            yield b"D %s\n" % quoted(path)
        elif isinstance(content, Moved):
            yield b"R %s %s\n" % (quoted(content.path), quoted(path))
        else:
            yield b"M 100644 inline %s\n" % quoted(path)
            yield _sized(content if isinstance(content, bytes) else content.encode())
    yield b"\n"


def _sized(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def quoted(path: str) -> bytes:
    """Return a path as fast-import reads it, whatever bytes it has."""
    return b'"%s"' % b"".join(_escaped(path.encode("utf-8", "surrogateescape")))


def _escaped(path: Iterable[int]) -> Iterator[bytes]:
    for byte in path:
        plain = 0x20 <= byte < 0x7F and byte not in TRICKY
        yield bytes([byte]) if plain else b"\\%03o" % byte
