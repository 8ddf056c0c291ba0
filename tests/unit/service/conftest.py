"""State and settings of one's own, and a tracker that lies in a folder."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests import stand_in


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder in which this test's state, settings and work lie."""
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("SCOUT_CONFIG", raising=False)
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    """Install the made-up tracker; return the folder that is its server."""
    yield stand_in.install(tmp_path, monkeypatch)
    stand_in.look_again()
