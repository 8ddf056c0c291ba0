"""A made-up tracker that lies in a folder, installed as a third party's plugin, for tests of what surrounds sources.

The folder is its server: `boards.json` has what it lists, `down` says why it does not answer, `facts.json` what it
tells about us.
"""

import importlib
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import Field, field_validator

from scout import registry
from scout.errors import UnavailableError
from scout.model import Outcome
from scout.settings import SourceSettings, TrackerSettings
from scout.sources import Access, Found, Pull, Sink, Source, SourceContext, StreamState

ROOT = Path(__file__).parents[1]


class BoardSettings(TrackerSettings):
    """Where a board is."""

    board: str = Field(description="the board to read")

    @field_validator("board")
    @classmethod
    def _no_blanks(cls, value: str) -> str:
        if " " in value:
            message = "a board has no blanks"
            raise ValueError(message)
        return value


class BoardDiscovery(BoardSettings):
    """Where boards are."""

    board: str = Field(default="", description="nothing")
    shelf: str = Field(default="", description="the shelf they lie on")


class Board(Source):
    """Reads a made-up board. Only tests have one."""

    id: ClassVar[str] = "board"
    since: ClassVar[str] = "0.2"
    streams: ClassVar[tuple[str, ...]] = ("cards", "notes")
    settings: ClassVar[type[SourceSettings]] = BoardSettings
    discovery: ClassVar[type[SourceSettings] | None] = BoardDiscovery

    def pull(self, project: str, at: SourceContext, cursor: Mapping[str, Any] | None, sink: Sink) -> Pull:
        """Read nothing but whether it answers."""
        del project, cursor, sink
        folder = _folder(at.settings)
        streams = {"cards": StreamState(Outcome.PRESENT, required=True), "notes": StreamState(Outcome.PRESENT)}
        if (folder / "no-notes").exists():
            streams["notes"] = StreamState(Outcome.UNAVAILABLE, "notes are private")
        if (folder / "crash").exists():
            message = "ghp_secretinside"
            raise KeyError(message)
        if said := _down(folder):
            return Pull(
                Outcome.UNAVAILABLE, said, streams={"cards": StreamState(Outcome.UNAVAILABLE, said, required=True)}
            )
        return Pull(Outcome.PRESENT, cursor={"at": at.now.isoformat()}, streams=streams)

    @classmethod
    def offer(cls, remote: str) -> Mapping[str, Any] | None:
        """Take remotes of one made-up host."""
        name = remote.removeprefix("https://boards.example/")
        return {"type": "board", "board": name} if name != remote else None

    def examine(self, at: Access) -> tuple[str, ...]:
        """Say what lies there, or what keeps it from answering."""
        folder = _folder(at.settings)
        if said := _down(folder):
            raise UnavailableError(said, "Put it up again.")
        return (
            tuple(json.loads((folder / "facts.json").read_text())) if (folder / "facts.json").exists() else ("answers",)
        )

    def discover(self, at: Access) -> Iterable[Found]:
        """List what lies there."""
        folder = _folder(at.settings)
        if said := _down(folder):
            raise UnavailableError(said, "Put it up again.")
        for one in json.loads((folder / "boards.json").read_text()):
            yield Found(one["name"], {"board": one["name"]}, one.get("archived", False), one.get("fork", False))


def install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install the plugin for this process and its children; return the folder that is its server."""
    meta = folder / "site" / "stand_in-1.dist-info"
    meta.mkdir(parents=True)
    (meta / "METADATA").write_text("Metadata-Version: 2.1\nName: stand-in\nVersion: 1\n")
    (meta / "entry_points.txt").write_text("[scout.sources]\nboard = tests.stand_in:Board\n")
    monkeypatch.setattr(sys, "path", [str(meta.parent), *sys.path])
    monkeypatch.setenv("PYTHONPATH", f"{meta.parent}:{ROOT}")
    importlib.invalidate_caches()
    look_again()
    server = folder / "server"
    server.mkdir()
    return server


def look_again() -> None:
    """Forget which plugins were found: others are installed now."""
    registry._found.cache_clear()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def lists(server: Path, *boards: str | dict[str, Any]) -> None:
    """Let the server list these boards."""
    (server / "boards.json").write_text(json.dumps([{"name": one} if isinstance(one, str) else one for one in boards]))


def _folder(settings: object) -> Path:
    assert isinstance(settings, BoardSettings)
    return Path((settings.url or "").removeprefix("file://"))


def _down(folder: Path) -> str:
    place = folder / "down"
    return place.read_text() if place.exists() else ""
