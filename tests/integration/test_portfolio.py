"""A portfolio on the command line: every project has its turn, and every answer says how old it is."""

import re
from pathlib import Path

import pytest

from tests.making import Made
from tests.rocket import Ran, Scout, rocket
from tests.stand_in import install, lists

TOKEN = "ghp_0123456789abcdefghijklmnopqrstuvwxyz"  # noqa: S105 - made up
LATER = "2026-03-05T09:00:00+00:00"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return install(tmp_path, monkeypatch)


@pytest.fixture
def scout(tmp_path: Path) -> Scout:
    (tmp_path / "work").mkdir()
    return Scout(tmp_path / "state", tmp_path / "work")


def board(server: Path, name: str) -> str:
    return f'[[project]]\nid = "{name}"\nsources = [{{type = "board", url = "file://{server}", board = "{name}"}}]\n'


def settle(scout: Scout, *tables: str) -> None:
    (scout.folder / "scout.toml").write_text("\n".join(tables))


def lines(ran: Ran) -> dict[str, str]:
    return {line["project"]: line["outcome"] for line in ran.document["projects"]}


def test_all_projects_have_their_turn(scout: Scout, server: Path, tmp_path: Path):
    rocket(scout.folder / "here", landed=3)
    (tmp_path / "dark").mkdir()
    (tmp_path / "dark" / "down").write_text("The board is on fire.")
    lists(server, "lantern", "old-archive")
    discovering = f'[[discover]]\ntype = "board"\nurl = "file://{server}"\nexclude = ["*-archive"]\n'
    here = '[[project]]\nid = "here"\npath = "here"\n'
    settle(scout, here, board(tmp_path / "dark", "dark"), board(server, "harbour"), discovering)
    ran = scout("run", "--all", "--json")
    assert ran.code == 3
    assert ran.document["schema"] == "scout.portfolio_run/1"
    assert lines(ran) == {"here": "complete", "dark": "partial", "harbour": "complete", "lantern": "complete"}
    assert (ran.document["complete"], ran.document["partial"], ran.document["failed"]) == (3, 1, 0)
    told = scout("run", "--all")
    assert "4 projects: 3 complete, 1 partial, 0 failed" in told.out
    assert "dark: board could not be read: The board is on fire" in told.out
    (tmp_path / "dark" / "down").unlink()
    assert scout("run", "--all").code == 0
    assert scout("run", "--all", "--project", "here").code == 2


def test_the_projects_are_listed_with_origin_and_age(scout: Scout, server: Path):
    lists(server, "lantern")
    settle(scout, board(server, "harbour"), f'[[discover]]\ntype = "board"\nurl = "file://{server}"\n')
    assert "harbour" in scout("list", "projects").out
    report = scout("list", "projects", "--refresh", "--json").document
    assert report["schema"] == "scout.projects/1"
    assert [(one["project"], one["origin"]) for one in report["projects"]] == [
        ("harbour", "settings"),
        ("lantern", "discovered"),
    ]
    scout("run", "--all")
    told = scout("list", "projects", now=LATER).out
    assert re.search(r"harbour +settings +board 3 days ago old", told)
    (server / "down").write_text("There is no shelf 'acme'.")
    refused = scout("list", "projects", "--refresh", now=LATER)
    assert refused.code == 3
    assert "There is no shelf 'acme'." in refused.out
    assert "lantern" in refused.out, "what was listed before stays"
    assert scout("list", "scouts", "--refresh").code == 2


def test_a_run_says_how_old_what_it_works_with_is(scout: Scout, server: Path):
    settle(scout, board(server, "harbour"))
    assert scout("run", "--project", "harbour").code == 0
    (server / "down").write_text("The board is on fire.")
    ran = scout("run", "--project", "harbour", now=LATER)
    assert ran.code == 3
    assert "last read 3 days ago" in " ".join(ran.out.split())
    assert "harbour, without a checkout: 0 open tickets" in ran.out


def test_the_doctor_tells_what_each_tracker_says(scout: Scout, server: Path):
    (server / "facts.json").write_text('["signed in as a robot", "scopes: repo"]')
    settle(scout, board(server, "harbour"))
    scout("run", "--all")
    told = " ".join(scout("doctor").out.split())
    assert "ok harbour/board: signed in as a robot; scopes: repo; read just now" in told
    assert "cards, notes: present (read just now)" in told
    (server / "down").write_text("The token has expired.")
    ill = scout("doctor", "--json")
    assert ill.code == 1
    (failed,) = (check for check in ill.document["checks"] if not check["passed"])
    assert (failed["name"], failed["found"]) == ("harbour/board", "The token has expired.")
    assert ill.document["sources"][0]["age"]["streams"][0]["stream"] == "cards"


@pytest.mark.usefixtures("server")
def test_init_offers_the_tracker_behind_a_remote_and_enables_nothing(scout: Scout):
    made = Made(scout.folder)
    made.commit({"a.txt": "a\n"})
    made.git("remote", "add", "origin", "https://boards.example/acme")
    ran = scout("init")
    assert ran.code == 0
    written = (scout.folder / "scout.toml").read_text()
    assert '# sources = ["git", {type = "board", board = "acme"}]' in written
    assert "scout explain board" in written
    assert "tracker: board could be read, too" in ran.out
    assert [one["source"] for one in scout("run", "--json").document["sources"]] == ["git"]
    (scout.folder / "scout.toml").write_text(written.replace('sources = ["git"] ', "#").replace("# sources", "sources"))
    assert [one["source"] for one in scout("run", "--json").document["sources"]] == ["git", "board"]


@pytest.mark.usefixtures("server")
def test_a_source_explains_its_settings(scout: Scout):
    told = scout("explain", "board", now=None).out
    assert "Reads a made-up board." in told
    assert re.search(r"board +required +The board to read \(text\)", told)
    assert "[needs trust]" in told
    assert "shelf" in told
    entry = scout("explain", "board", "--json", now=None).document
    assert {key["name"] for key in entry["keys"] if key["trust"]} >= {"url", "token_file", "proxy"}
    assert "settings" not in scout("explain", "git", now=None).out.lower().partition("git (source")[0]


@pytest.mark.parametrize("key", ["token", "tokn", "pasword"])
def test_a_secret_in_the_wrong_place_is_never_repeated(scout: Scout, server: Path, key: str):
    settle(scout, board(server, "harbour").replace("{", f'{{{key} = "{TOKEN}", ', 1))
    for command in (("run", "--project", "harbour"), ("run", "--all"), ("doctor",), ("list", "projects")):
        for options in ((), ("--json",)):
            ran = scout(*command, *options)
            assert ran.code != 0
            assert TOKEN not in ran.out + ran.err
            assert f"unknown key '{key}'" in ran.out + ran.err
