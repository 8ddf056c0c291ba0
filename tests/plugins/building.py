"""Real git repositories from the catalogue's examples."""

import os
import subprocess
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from scout.repository import Repository
from scout.signals import Commit, Example, Moved, View

CALM = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}


def build(folder: Path, commits: Sequence[Commit]) -> Path:
    """Make a repository with these commits and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    for commit in commits:
        add(folder, commit)
    return folder


def add(folder: Path, commit: Commit) -> None:
    """Write a commit's files and commit them at its date, as its author."""
    for path, content in commit.files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            place.unlink()
        elif isinstance(content, Moved):
            (folder / content.path).rename(place)
        else:
            place.write_bytes(content if isinstance(content, bytes) else content.encode())
    git(folder, "add", "--all", "--force")
    at = moment(commit.at).isoformat()
    mail = f"{commit.author}@example.org"
    person = {"NAME": commit.author, "EMAIL": mail, "DATE": at}
    signed = {f"GIT_{role}_{name}": value for role in ("AUTHOR", "COMMITTER") for name, value in person.items()}
    git(folder, "commit", "--quiet", "--allow-empty", "--message", commit.message, environment=signed)


def git(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """Run git in a folder and return what it says."""
    settings = {**os.environ, **CALM, **(environment or {})}
    done = subprocess.run(["git", *arguments], cwd=folder, env=settings, check=True, capture_output=True)
    return done.stdout.decode("utf-8", "surrogateescape")


def moment(text: str) -> datetime:
    """Return an ISO 8601 date or time as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@contextmanager
def viewed(folder: Path, now: str) -> Generator[View]:
    """Give the view of a repository's HEAD at a moment."""
    with Repository.open(folder) as repository:
        yield View.of(repository, repository.resolve("HEAD"), moment(now))


def last(example: Example) -> str:
    """Return the date of an example's last commit."""
    return example.commits[-1].at
