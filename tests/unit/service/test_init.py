"""`scout init` offers the trackers it recognises, and enables none."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scout.service.init import init
from scout.settings import Settings
from tests.making import Made

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("remote", "offered"),
    [
        ("https://github.com/acme/rocket.git", '{type = "github", repository = "acme/rocket"}'),
        ("git@github.com:acme/rocket.git", '{type = "github", repository = "acme/rocket"}'),
        ("https://me:secret@github.com/acme/rocket", '{type = "github", repository = "acme/rocket"}'),
        (
            "git@github.acme.example:team/rocket.git",
            '{type = "github", url = "https://github.acme.example/api/v3", repository = "team/rocket"}',
        ),
        ("https://gitlab.com/acme/rocket.git", ""),
        ("/srv/git/rocket.git", ""),
    ],
)
def test_a_tracker_behind_a_remote_is_offered_but_not_enabled(own: Path, remote: str, offered: str):
    made = Made(own / "rocket")
    made.commit({"tickets/one.md": "# One\n"})
    made.git("remote", "add", "origin", remote)
    report = init(made.path, NOW)
    text = (made.path / "scout.toml").read_text()
    assert "secret" not in text + str(report)
    assert [one.type for one in Settings(**tomllib.loads(text)).project[0].sources or ()] == ["git", "files"]
    line = f'# sources = ["git", "files", {offered}]'
    assert (line in text) is bool(offered)
    if offered:
        enabled = text.replace('sources = ["git", "files"] ', "# ").replace(line, line.removeprefix("# "))
        assert [one.type for one in Settings(**tomllib.loads(enabled)).project[0].sources or ()][-1] == "github"


def test_the_same_tracker_behind_two_remotes_is_offered_once(own: Path):
    made = Made(own / "rocket")
    made.commit({"a.txt": "a\n"})
    made.git("remote", "add", "origin", "git@github.com:acme/rocket.git")
    made.git("remote", "add", "upstream", "https://github.com/acme/rocket")
    made.git("remote", "add", "fork", "https://github.com/ada/rocket")
    init(made.path, NOW)
    lines = [line for line in (made.path / "scout.toml").read_text().splitlines() if line.startswith("# sources")]
    assert [line.partition("repository = ")[2] for line in lines] == ['"acme/rocket"}]', '"ada/rocket"}]']
