"""What is kept of a repository between runs: it saves work, and never changes an answer."""

import re
from pathlib import Path
from typing import Any

import pytest

from scout.repository import Repository, Tree, _kept
from scout.repository._git import Git
from scout.repository._kept import Kept, Made
from tests.making import Made as Project

HOPE = re.compile(rb"hope")


def lengths(names: list[str]) -> Made:
    return Made({name: len(name) for name in names})


def never(names: list[str]) -> Made:
    raise AssertionError(names)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path / "project")
    made.commit({"a.py": "# hope\n# fear\n", "b.md": "hope\n"}, by="Ada Oak <ada@example.org>")
    made.commit({"c.py": "x = 1\n"}, by="Ben Elm <ben@example.org>", remove=("b.md",))
    made.git("switch", "-q", "-c", "side")
    made.commit({"a.py": "# HOPE\n# fear\n# love\n"}, by="Cleo Ash <cleo@example.org>")
    made.git("switch", "-q", "main")
    made.commit({"d.md": "hope\n"})
    made.merge("side")
    return made


def facts(project: Project, cache: Path | None = None, rev: str = "HEAD") -> dict[str, Any]:
    with Repository.open(project.path, cache) as repository:
        sha = repository.resolve(rev)
        tree, history = repository.tree(sha), repository.history(sha)
        return {
            "changes": history.changes,
            "work": {path: history.work(path) for path in tree.files},
            "since": {path: history.text_since_many(path, range(1, _lines(tree, path))) for path in tree.files},
            "search": [file.path for file in tree.search(HOPE, lambda _: True)],
            "sole": history.sole_maintainer(project.clock),
        }


def _lines(tree: Tree, path: str) -> int:
    return (tree.text(path) or "").count("\n") + 1


def test_what_is_kept_is_not_made_again(folder: Path, tmp_path: Path):
    assert Kept(folder, tmp_path).made("lengths", ["one", "three"], lengths) == {"one": 3, "three": 5}
    asked: list[str] = []

    def noted(names: list[str]) -> Made:
        asked.extend(names)
        return lengths(names)

    assert Kept(folder, tmp_path).made("lengths", ["three", "seven!", "one"], noted) == {
        "three": 5,
        "seven!": 6,
        "one": 3,
    }
    assert asked == ["seven!"]
    assert Kept(folder, tmp_path).made("lengths", ["one", "seven!"], never) == {"one": 3, "seven!": 6}


@pytest.mark.parametrize("facts", [("cut",), ("", "")])
def test_results_of_another_pass_repository_or_clone_are_another(folder: Path, tmp_path: Path, facts: tuple[str, ...]):
    Kept(folder, tmp_path, "").made("lengths", ["one"], lengths)
    other = Made({"one": "other"})
    for what, place, known in (("more", tmp_path, ("",)), ("lengths", folder, ("",)), ("lengths", tmp_path, facts)):
        assert Kept(folder, place, *known).made(what, ["one"], lambda _: other) == {"one": "other"}


def test_results_of_another_git_are_made_anew(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    Kept(folder, tmp_path).made("lengths", ["one"], lengths)
    monkeypatch.setattr(_kept, "git_version", lambda: (9, 9))
    assert Kept(folder, tmp_path).made("lengths", ["one"], lambda _: Made({"one": 0})) == {"one": 0}


def test_what_may_change_is_not_kept(folder: Path, tmp_path: Path):
    passing = Made({"one": 3}, {"two": 0})
    assert Kept(folder, tmp_path).made("some", ["one", "two"], lambda _: passing) == {"one": 3, "two": 0}
    assert Kept(folder, tmp_path).made("some", ["one", "two"], lambda names: Made({}, {names[0]: 1})) == {
        "one": 3,
        "two": 1,
    }


@pytest.mark.parametrize("damage", [b"", b"{}", b"\x00" * 40, None])
def test_damage_costs_time_only(folder: Path, project: Project, damage: bytes | None):
    wanted = facts(project)
    assert facts(project, folder) == wanted
    for file in folder.rglob("*.json"):
        file.write_bytes(file.read_bytes()[:-7] if damage is None else damage)
    assert facts(project, folder) == wanted


def test_a_folder_that_cannot_be_written_costs_time_only(folder: Path, project: Project):
    folder.write_text("in the way", "utf-8")
    assert facts(project, folder) == facts(project)


def test_only_so_much_is_kept(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_kept, "_MOST_NAMES", 2)
    kept = Kept(folder, tmp_path)
    kept.made("lengths", ["a", "b", "c"], lengths)
    assert kept.made("lengths", ["b", "c"], never) == {"b": 1, "c": 1}
    assert kept.made("lengths", ["a"], lambda _: Made({"a": 0})) == {"a": 0}
    monkeypatch.setattr(_kept, "_MOST_BYTES", 0)
    kept.close()
    assert not [file for file in folder.rglob("*") if file.is_file()]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []
    run = Git.run

    def noted(self: Git, *arguments: str, **more: Any) -> bytes:
        said.append(" ".join((*arguments, more.get("stdin", b"").decode("utf-8", "surrogateescape"))))
        return run(self, *arguments, **more)

    monkeypatch.setattr(Git, "run", noted)
    return said


def test_the_next_commit_reads_only_what_is_new(folder: Path, project: Project, asked: list[str]):
    facts(project, folder)
    new = project.commit({"e.py": "# hope\n"})
    wanted = facts(project)
    asked.clear()
    assert facts(project, folder) == wanted
    listed = [one.split("--stdin --", 1)[1].split() for one in asked if "--stdin --" in one]
    assert listed == [[new], [new]]
    assert [one.split()[-1] for one in asked if one.startswith("blame")] == ["e.py"]


def test_a_rewritten_history_and_a_new_mailmap_count(folder: Path, project: Project):
    facts(project, folder)
    project.commit({".mailmap": "Ada Oak <ada@example.org> <ben@example.org>\n"})
    assert facts(project, folder) == facts(project)
    project.git("reset", "-q", "--hard", "HEAD~3")
    project.commit({"a.py": "# fear\n# hope\n"}, by="Ben Elm <ben@example.org>")
    assert facts(project, folder) == facts(project)
    assert facts(project, folder, "HEAD~1") == facts(project, rev="HEAD~1")


def test_a_shallow_clone_that_was_made_whole_counts(folder: Path, project: Project, tmp_path: Path):
    clone = tmp_path / "clone"
    project.git("clone", "-q", "--depth=2", f"file://{project.path}", str(clone))
    copy = Project(clone)
    assert facts(copy, folder)["changes"] != facts(project)["changes"]
    copy.git("fetch", "-q", "--unshallow")
    assert facts(copy, folder)["changes"] == facts(project)["changes"]


def test_contents_that_were_missing_count_once_they_are_there(folder: Path, project: Project, tmp_path: Path):
    project.commit({"f.py": "".join(f"# line {number}\n" for number in range(20))})
    project.git("mv", "f.py", "g.py")
    project.commit({"g.py": "".join(f"# line {number}\n" for number in range(21))})
    project.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    project.git("clone", "-q", "--bare", "--filter=blob:none", f"file://{project.path}", str(clone))
    lacking = Project(clone, bare=True, clock=project.clock)
    assert facts(lacking, folder)["search"] == []
    assert {file.status for file in facts(lacking, folder)["changes"][0].files} == {"A", "D"}
    lacking.git("fetch", "-q", "--refetch", "--no-filter", "origin")
    assert facts(lacking, folder) == facts(project)


def test_nobody_is_named_in_what_is_kept(folder: Path, project: Project):
    facts(project, folder)
    kept = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert kept
    assert not re.search(rb"(?i)ada|ben|cleo|example\.org", kept)
