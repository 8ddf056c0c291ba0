"""From the page to Dagster and back: only where the settings say where they are, and only to the web."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from scout.clock import now
from scout.service.links import in_dagster, on_page
from scout.service.wiring import Workspace, open_workspace
from scout.settings import ServeSettings


def opened(folder: Path, serve: str = "") -> Workspace:
    config = folder / "settings.toml"
    config.write_text(f'[[project]]\nid = "rocket"\npath = "."\n[serve]\n{serve}\n')
    return open_workspace(folder, now("2026-03-02T09:00:00Z"), config)


def test_without_addresses_there_are_no_links(tmp_path: Path):
    work = opened(tmp_path)
    assert in_dagster(work, "rocket") == ()
    assert on_page(work, "rocket") == {}


def test_links_name_the_project(tmp_path: Path):
    work = opened(tmp_path, 'dagster = "http://127.0.0.1:3000/"\npage = "https://scout.example.org"')
    assets, runs, alarm = in_dagster(work, "rocket")
    assert assets.address == "http://127.0.0.1:3000/assets/inbox_snapshot?view=partitions&partition=rocket"
    assert runs.address == "http://127.0.0.1:3000/runs?q%5B0%5D=tag%3Adagster%2Fpartition%3Drocket"
    assert alarm.address == "http://127.0.0.1:3000/assets/buffer_plan?view=checks&checkDetail=buffer_cover"
    assert on_page(work, "rocket") == {
        "page": "https://scout.example.org/projects/rocket",
        "inbox on the page": "https://scout.example.org/inbox?project=rocket&state=offered",
    }


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//a.example", "http://", "http://a?b", "http://a b"])
def test_an_address_is_one_of_the_web(address: str):
    with pytest.raises(ValidationError):
        ServeSettings(dagster=address)
