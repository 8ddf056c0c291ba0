"""Sources of a project: names and tables, read by each source's own class; projects without a checkout."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scout.errors import SettingsError, UsageError
from scout.registry import plugins
from scout.service.wiring import Workspace, open_workspace
from scout.settings import SourceSettings, TrackerSettings, reaches
from scout.sources import Source

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def opened(folder: Path, settings: str = "") -> Workspace:
    if settings:
        (folder / "scout.toml").write_text(settings)
    return open_workspace(folder, NOW)


def board(server: Path, **keys: str) -> str:
    said = {"type": "board", "url": f"file://{server}", "board": "rocket", **keys}
    return "{" + ", ".join(f'{key} = "{value}"' for key, value in said.items()) + "}"


def project(sources: str, more: str = "") -> str:
    return f'[[project]]\nid = "rocket"\nsources = {sources}\n{more}'


def test_a_source_is_a_name_or_a_table(own: Path, server: Path):
    found = opened(own, project(f'["git", {board(server)}]')).project("rocket")
    assert [(one.id, one.named) for one in found.sources] == [("git", True), ("board", True)]
    assert type(found.sources[0].settings) is SourceSettings
    assert isinstance(found.sources[1].settings, TrackerSettings)
    assert found.required == ("git", "board")


@pytest.mark.parametrize(
    ("sources", "what", "remedy"),
    [
        ('[{type = "bord"}]', "no source called 'bord'", "Did you mean 'board'"),
        ('["gti"]', "no source called 'gti'", "Did you mean 'git'"),
        ('[{type = "board", bord = "x"}]', "unknown key 'bord'", "Did you mean 'board'"),
        ('[{type = "board"}]', "'board' in .* is wrong: Field required", "reference"),
        ('[{type = "board", board = "a b"}]', "a board has no blanks", "reference"),
        ('[{type = "git", depth = 3}]', "unknown key 'depth'", "Known here: type"),
        ('["git", {type = "git"}]', "two sources are of type 'git'; make a project of each", "reference"),
        ("[3]", "'project.0.sources.0'", "reference"),
        ("[{}]", "'project.0.sources.0.type'", "reference"),
    ],
)
@pytest.mark.usefixtures("server")
def test_what_is_wrong_with_a_source_is_one_sentence_and_one_remedy(own: Path, sources: str, what: str, remedy: str):
    with pytest.raises((SettingsError, UsageError), match=what) as caught:
        _ = opened(own, project(sources)).projects
    assert remedy in caught.value.remedy
    assert "\n" not in str(caught.value)


def test_what_a_table_says_is_never_shown(own: Path, server: Path):
    hidden = board(server, proxy="http://me:hunter2@proxy.example")
    work = opened(own, project(f"[{hidden}]"))
    assert "hunter2" not in repr(work.loaded) + repr(work.loaded.settings.project[0].sources)
    assert "hunter2" not in repr(work.project("rocket"))
    mistyped = board(server, tokn="ghp_hunter2")
    with pytest.raises(SettingsError) as caught:
        _ = opened(own, project(f"[{mistyped}]")).projects
    assert "hunter2" not in str(caught.value)
    assert "token_env" in caught.value.remedy or "token_file" in caught.value.remedy


def test_names_of_files_start_at_the_settings(own: Path, server: Path):
    found = opened(own, project(f"[{board(server, ca_file='secrets/ca.pem')}]")).project("rocket")
    settings = found.sources[0].settings
    assert isinstance(settings, TrackerSettings)
    assert settings.ca_file == str(own / "secrets" / "ca.pem")


def test_every_source_names_what_reaches_outside_so_that_trust_knows_it():
    known: dict[str, type[Source]] = plugins(Source, "scout.sources", "scout.sources")
    for kind in known.values():
        for section in (kind.settings, kind.discovery or kind.settings):
            told = {key for key in section.model_fields if reaches(key)}
            assert told == set(section.reaches_outside), section


def test_a_hostile_checkout_reaches_no_server(own: Path, server: Path):
    (own / ".git").mkdir()
    settings = project(f'["git", {board(server)}]') + f'[[discover]]\ntype = "board"\nurl = "file://{server}"\n'
    work = opened(own, settings)
    assert set(work.loaded.ignored) == {"discover", "project.sources.board.url"}
    assert [one.id for one in work.project("rocket").sources] == ["git"]
    assert work.loaded.settings.discover == ()


@pytest.mark.usefixtures("server")
def test_a_hostile_checkout_names_no_secrets(own: Path):
    (own / ".git").mkdir()
    said = '{type = "board", board = "rocket", token_env = "AWS_SECRET", ca_file = "/x", app_id = "1"}'
    work = opened(own, project(f'["git", {said}]'))
    assert set(work.loaded.ignored) == {f"project.sources.board.{key}" for key in ("token_env", "ca_file", "app_id")}
    kept = work.project("rocket").sources[1].settings
    assert isinstance(kept, TrackerSettings)
    assert (kept.token_env, kept.ca_file) == (None, None)


def test_trackers_alone_need_no_checkout(own: Path, server: Path):
    work = opened(own, project(f"[{board(server)}]"))
    found = work.project("rocket")
    assert not found.has_checkout
    assert found.path == work.home / "projects" / "rocket"
    with pytest.raises(UsageError, match="rocket has no checkout"):
        _ = found.checkout
    assert not work.home.exists(), "nothing is made before it is needed"
    work.remember(found)
    assert found.path.stat().st_mode & 0o777 == 0o700


def test_a_path_makes_a_checkout_whatever_the_sources(own: Path, server: Path):
    assert opened(own, project(f"[{board(server)}]", 'path = "."\n')).project("rocket").has_checkout


def test_what_was_imported_is_a_project_from_then_on(own: Path):
    work = opened(own)
    made = work.adopt("demo")
    assert (made.has_checkout, made.named, made.required) == (False, False, ())
    again = opened(own)
    assert again.project("demo") == made
    assert again.adopt("demo") == made
    assert [one.id for one in again.projects] == ["demo"]
    with pytest.raises(UsageError, match="not in a git repository") as caught:
        again.project()
    assert "--project, one of: demo" in caught.value.remedy
    with pytest.raises(UsageError, match="no project 'dmo'") as caught:
        again.project("dmo")
    assert "demo" in caught.value.remedy


def test_adopting_takes_what_there_is(own: Path, server: Path):
    work = opened(own, project(f"[{board(server)}]"))
    assert work.adopt("rocket") == work.project("rocket")
    with pytest.raises(UsageError, match="cannot be the id"):
        work.adopt("../escape")


def test_a_checkout_that_was_seen_is_found_by_name_from_anywhere(own: Path):
    (own / "src" / "rocket" / ".git").mkdir(parents=True)
    (own / "elsewhere").mkdir()
    work = opened(own / "src" / "rocket")
    work.remember(work.project())
    assert opened(own / "elsewhere").project("rocket").path == own / "src" / "rocket"
    (own / "src" / "rocket" / "scout.toml").write_text("[policy]\nfloor = 4\n")
    with pytest.raises(UsageError, match="other settings hold"):
        opened(own / "elsewhere").project("rocket")
    with pytest.raises(UsageError, match="not in a git repository"):
        _ = opened(own / "elsewhere").projects


def test_what_was_imported_belongs_to_a_project_unless_a_tracker_says_it_too(own: Path, server: Path):
    (own / "here" / ".git").mkdir(parents=True)
    settings = '[[project]]\nid = "here"\npath = "here"\n' + project(f"[{board(server)}]")
    work = opened(own, settings)
    assert (work.project("here").takes_imports, work.project("rocket").takes_imports) == (True, False)
    for name in ("here", "rocket"):
        (work.home / "imports" / name).mkdir(parents=True)
    work.reread()
    assert [one.id for one in work.project("here").sources] == ["git", "files", "imports"]
    assert work.project("here").required == ("git",)
    assert [one.id for one in work.project("rocket").sources] == ["board"]
