"""The source `git` on real repositories: everything once, then only what is new."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from scout.model import Outcome
from scout.repository import EmptyRepositoryError, Repository
from scout.sources import Pull, SourceContext
from scout.sources.git import GitSource
from tests.fakes import Nothing
from tests.making import START, Made, clone

SALT = b"s" * 32
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "made")


def pulled(path: Path, cursor: Mapping[str, Any] | None = None, salt: bytes = SALT) -> tuple[Pull, Rows]:
    with Repository.open(path) as repository:
        try:
            sha = repository.resolve()
        except EmptyRepositoryError:
            sha = ""
        rows: Rows = {name: [] for name in GitSource.streams}

        def sink(stream: str, batch: Any) -> None:
            rows[stream] += pa.table(batch).to_pylist()  # pyright: ignore[reportUnknownMemberType] Arrow has no types

        return GitSource().pull("p", _context(path, salt, repository, sha), cursor, sink), rows


def _context(path: Path, salt: bytes, repository: Repository | None = None, sha: str = "") -> SourceContext:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return SourceContext(path=path, home=path, now=now, salt=salt, known=Nothing(), repository=repository, sha=sha)


def column(rows: Rows, stream: str, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows[stream]]


def test_all_of_a_history_comes_at_first(made: Made):
    first = made.commit({"a.py": "1\n2\n", "b.bin": b"\0\1"}, "first", by="Ada <ada@example.org>", zone="+0200")
    made.git("checkout", "-q", "-b", "side")
    side = made.commit({"a.py": "1\n3\n4\n"}, "side", by="renovate[bot] <bot@example.org>")
    made.git("checkout", "-q", "main")
    made.git("mv", "b.bin", "c.bin")
    moved = made.commit(message="move")
    merged = made.merge("side", "merge it")
    undone = made.commit({"a.py": "1\n2\n"}, f'Revert "side"\n\nThis reverts commit {side}.\n')
    made.git("tag", "v1", merged)
    pull, rows = pulled(made.path)
    assert pull.outcome is Outcome.PRESENT
    assert pull.replaced == set(GitSource.streams)
    assert not pull.unchanged
    assert not pull.notes
    facts = column(rows, "git_commit", "sha", "parents", "is_merge", "is_bot", "first_parent", "files", "additions")
    assert set(facts) == {
        (first, 0, False, False, True, 2, 2),
        (side, 1, False, True, False, 1, 2),
        (moved, 1, False, False, True, 1, 0),
        (merged, 2, True, False, True, 0, 0),
        (undone, 1, False, False, True, 1, 1),
    }
    assert {row["sha"]: row["reverts"] for row in rows["git_commit"]}[undone] == side
    assert {row["sha"]: row["committed_at"] for row in rows["git_commit"]}[first] > START
    assert set(column(rows, "git_file_change", "sha", "path", "old_path", "status", "additions", "deletions")) == {
        (first, "a.py", "", "A", 2, 0),
        (first, "b.bin", "", "A", None, None),
        (side, "a.py", "", "M", 2, 1),
        (moved, "c.bin", "b.bin", "R", None, None),
        (undone, "a.py", "", "M", 1, 2),
    }
    assert column(rows, "git_tag", "project", "name", "sha") == [("p", "v1", merged)]


def test_people_are_keyed_pseudonyms_only(made: Made):
    made.commit({"a": "1"}, by="Ada <ada@example.org>")
    made.commit({"a": "2"}, by="Ada <ADA@example.org>")
    made.commit({"a": "3"}, by="Bob <bob@example.org>")
    _, rows = pulled(made.path)
    bob, ada, again = (row["author_id"] for row in rows["git_commit"])
    assert ada == again != bob
    assert len(ada) == 16
    assert "ada" not in repr(rows).lower().replace(ada, "")
    _, salted = pulled(made.path, salt=b"other")
    assert not {row["author_id"] for row in salted["git_commit"]} & {ada, bob}


def test_only_what_is_new_comes_afterwards(made: Made):
    made.commit({"a": "1"})
    before, _ = pulled(made.path)
    second = made.commit({"a": "2"})
    made.git("tag", "v2")
    pull, rows = pulled(made.path, before.cursor)
    assert pull.replaced == {"git_tag"}
    assert column(rows, "git_commit", "sha") == [(second,)]
    assert column(rows, "git_tag", "name") == [("v2",)]
    again, nothing = pulled(made.path, pull.cursor)
    assert again.unchanged
    assert nothing == {name: [] for name in GitSource.streams}


def test_a_new_tag_alone_brings_tags_alone(made: Made):
    made.commit({"a": "1"})
    before, _ = pulled(made.path)
    made.git("tag", "v1")
    pull, rows = pulled(made.path, before.cursor)
    assert not pull.unchanged
    assert rows["git_commit"] == []
    assert len(rows["git_tag"]) == 1


def test_a_rewritten_history_is_read_again(made: Made):
    made.commit({"a": "1"})
    made.commit({"a": "2"})
    before, _ = pulled(made.path)
    made.git("reset", "-q", "--hard", "HEAD~1")
    other = made.commit({"a": "3"})
    made.git("reflog", "expire", "--expire=now", "--all")
    made.git("gc", "-q", "--prune=now")
    pull, rows = pulled(made.path, before.cursor)
    assert pull.replaced == set(GitSource.streams)
    assert rows["git_commit"][0]["sha"] == other
    assert len(rows["git_commit"]) == 2
    assert "rewritten" in pull.notes[0]


def test_a_head_merged_from_the_wrong_side_is_read_again(made: Made):
    made.commit({"a": "1"})
    made.git("checkout", "-q", "-b", "side")
    made.commit({"b": "1"})
    made.git("checkout", "-q", "main")
    ours = made.commit({"a": "2"})
    before, _ = pulled(made.path)
    made.git("checkout", "-q", "side")
    made.merge("main")
    pull, rows = pulled(made.path, before.cursor)
    assert "git_commit" in pull.replaced
    assert {row["sha"]: row["first_parent"] for row in rows["git_commit"]}[ours] is False


def test_a_new_mailmap_or_a_deepened_clone_is_read_again(made: Made, tmp_path: Path):
    made.commit({"a": "1"}, by="Ada <old@example.org>")
    made.commit({"a": "2"})
    before, _ = pulled(made.path)
    made.commit({".mailmap": "Ada <ada@example.org> <old@example.org>\n"})
    pull, rows = pulled(made.path, before.cursor)
    assert len({row["author_id"] for row in rows["git_commit"]}) == 1
    assert "git_commit" in pull.replaced
    shallow = clone(made, tmp_path / "shallow", "--depth=1")
    first, few = pulled(shallow)
    assert len(few["git_commit"]) == 1
    assert any("shallow" in note for note in first.notes)
    Made(shallow).git("fetch", "-q", "--unshallow")
    _, all_of_it = pulled(shallow, first.cursor)
    assert len(all_of_it["git_commit"]) == 3


def test_partial_clones_have_names_and_no_numbers(made: Made, tmp_path: Path):
    made.commit({"a": "1\n"})
    made.git("mv", "a", "b")
    made.commit()
    pull, rows = pulled(clone(made, tmp_path / "partial", "--filter=blob:none", "--no-checkout"))
    assert pull.outcome is Outcome.PRESENT
    assert any("2 commits have no numbers" in note for note in pull.notes)
    assert column(rows, "git_commit", "files", "additions", "deletions") == [(1, None, None)] * 2
    assert column(rows, "git_file_change", "path", "status", "additions") == [("b", "R", None), ("a", "A", None)]


def test_one_lost_content_costs_only_the_numbers_of_its_commits(made: Made):
    for number in range(20):
        made.commit({f"f{number % 3}": "line\n" * number})
    made.forget("HEAD~10:f0")
    pull, rows = pulled(made.path)
    unknown = [row for row in rows["git_commit"] if row["additions"] is None]
    assert 1 <= len(unknown) <= 2
    assert len(rows["git_commit"]) == 20
    assert pull.outcome is Outcome.PRESENT
    lost = {row["sha"] for row in unknown}
    assert all((row["additions"] is None) == (row["sha"] in lost) for row in rows["git_file_change"])


def test_clones_without_trees_have_commits_alone(made: Made, tmp_path: Path):
    made.commit({"a": "1\n"})
    made.commit({"a": "2\n"})
    pull, rows = pulled(clone(made, tmp_path / "treeless", "--filter=tree:0", "--no-checkout"))
    assert pull.outcome is Outcome.PRESENT
    assert column(rows, "git_commit", "files", "additions") == [(None, None)] * 2
    assert rows["git_file_change"] == []


def test_a_lost_commit_is_said_while_rows_are_read(made: Made):
    made.commit({"a": "1"})
    made.commit({"a": "2"})
    made.forget("HEAD~1")
    pull, _ = pulled(made.path)
    assert (pull.outcome, pull.cursor) == (Outcome.UNAVAILABLE, None)
    assert pull.reason


def test_an_empty_repository_and_none_at_all_bring_nothing(made: Made):
    pull, rows = pulled(made.path)
    assert pull.outcome is Outcome.ABSENT
    assert not any(rows.values())
    none = GitSource().pull("p", _context(made.path, SALT), None, lambda stream, _: pytest.fail(stream))
    assert none.outcome is Outcome.NOT_APPLICABLE


def test_odd_names_of_files_survive(made: Made):
    names = ["new\nline", 'quo"te', "tab\there", ":colon", "ünï", "-1"]
    made.write(dict.fromkeys(names, "x\n"))
    with open(bytes(made.path) + b"/latin-\xe9", "wb") as file:  # noqa: PTH123 pathlib has no names of bytes
        file.write(b"y\n")
    made.commit()
    made.git("mv", "new\nline", ":1\t2\tthree")
    made.commit()
    _, rows = pulled(made.path)
    found = column(rows, "git_file_change", "path", "old_path", "additions")
    assert found[0] == (":1\t2\tthree", "new\nline", 0)
    assert set(found[1:]) == {(name, "", 1) for name in [*names, "latin-\\xe9"]}


def test_submodules_links_and_large_files_are_rows_like_others(made: Made):
    with (made.path / "big").open("wb") as file:
        file.truncate(100 << 20)
    (made.path / "loop").symlink_to("loop")
    made.git("add", "-A")
    made.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},lib")
    made.record()
    _, rows = pulled(made.path)
    assert dict(column(rows, "git_file_change", "path", "additions")) == {
        "big": None,
        "loop": 1,
        "lib": 1,
    }


@pytest.mark.parametrize("kind", ["whole", "partial"])
def test_the_same_commit_gives_the_same_rows(made: Made, tmp_path: Path, kind: str):
    for number in range(30):
        made.commit({f"f{number % 4}": "x\n" * number}, by=f"P{number % 3} <p{number % 3}@example.org>")
    path = made.path if kind == "whole" else clone(made, tmp_path / "p", "--filter=blob:none", "--no-checkout")
    (first, rows), (second, again) = pulled(path), pulled(path)
    assert rows == again
    assert (first.cursor, first.notes) == (second.cursor, second.notes)


def test_rows_agree_with_git_log_numstat(made: Made):
    for number in range(40):
        made.commit({f"f{number % 7}": "".join(f"{n}\n" for n in range(number, number * 3 % 50))})
        if number % 10 == 5:
            made.git("mv", f"f{number % 7}", f"moved{number}")
    made.commit()
    said = made.git("log", "--numstat", "--format=")
    numbers = [line.split("\t")[:2] for line in said.splitlines() if line]
    _, rows = pulled(made.path)
    assert column(rows, "git_file_change", "additions", "deletions") == [(int(a), int(d)) for a, d in numbers]
