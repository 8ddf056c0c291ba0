"""Makes small real repositories for tests: fixed times, made-up people."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

START = datetime(2024, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Made:
    """A repository on disk that commits a day after the last commit, by default as Ada."""

    path: Path
    bare: bool = False
    clock: datetime = START
    extra: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *(["--bare"] if self.bare else []))

    def git(self, *arguments: str | bytes, stdin: bytes = b"", **environment: str) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            env={**_plain(), **self.extra, **environment},
            input=stdin,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def write(self, files: Mapping[str, str | bytes]) -> None:
        for name, content in files.items():
            file = self.path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(
        self,
        files: Mapping[str, str | bytes] | None = None,
        message: str | bytes = "change",
        *,
        by: str = "Ada <ada@example.org>",
        zone: str = "+0000",
        remove: tuple[str, ...] = (),
    ) -> str:
        self.write(files or {})
        if remove:
            self.git("rm", "-q", "--", *remove)
        self.git("add", "-A")
        return self.record(message, by=by, zone=zone)

    def record(self, message: str | bytes = "change", *, by: str = "Ada <ada@example.org>", zone: str = "+0000") -> str:
        """Commit what is staged."""
        self.clock += DAY
        name, _, mail = by.removesuffix(">").partition(" <")
        stamp = f"{int(self.clock.timestamp())} {zone}"
        said = message.encode() if isinstance(message, str) else message
        people = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": mail, "GIT_AUTHOR_DATE": stamp}
        self.git(
            "commit",
            "-q",
            "--allow-empty",
            "--allow-empty-message",
            "-F",
            "-",
            stdin=said,
            GIT_COMMITTER_DATE=stamp,
            **people,
        )
        return self.head()

    def merge(self, branch: str, message: str = "merge") -> str:
        self.clock += DAY
        stamp = f"{int(self.clock.timestamp())} +0000"
        self.git("merge", "-q", "--no-ff", "-m", message, branch, GIT_AUTHOR_DATE=stamp, GIT_COMMITTER_DATE=stamp)
        return self.head()

    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    def forget(self, spec: str) -> str:
        """Remove one loose object, as in a damaged or partial clone, and return its name."""
        oid = self.git("rev-parse", spec)
        store = Path(self.git("rev-parse", "--absolute-git-dir")) / "objects"
        (store / oid[:2] / oid[2:]).unlink()
        return oid


def clone(made: Made, path: Path, *options: str) -> Path:
    """Clone over the file protocol, so that depth and filters count."""
    made.git("config", "uploadpack.allowFilter", "true")
    made.git("clone", "-q", *options, f"file://{made.path}", os.fspath(path))
    return path


def _plain() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@example.org",
        "LC_ALL": "C.UTF-8",
    }
