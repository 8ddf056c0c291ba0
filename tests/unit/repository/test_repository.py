from datetime import UTC, datetime
from pathlib import Path

import pytest

from scout.errors import UsageError
from scout.repository import EmptyRepositoryError, Repository
from tests.making import Made, clone
from tests.unit.repository.conftest import Opener


def test_it_is_found_from_any_folder_inside(made: Made):
    sha = made.commit({"a/b/c.txt": "x"})
    with Repository.open(made.path / "a" / "b") as repository:
        assert repository.root == made.path
        assert repository.git_dir == made.path / ".git"
        assert (repository.bare, repository.shallow) == (False, False)
        assert repository.resolve() == sha


def test_no_such_folder_a_file_and_no_repository_are_said_in_one_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    for path, said in (
        (tmp_path / "no", "does not exist"),
        (tmp_path / "file", "not a folder"),
        (tmp_path, "not in a"),
    ):
        with pytest.raises(UsageError, match=said):
            Repository.open(path)


def test_a_bare_repository_is_its_own_root(tmp_path: Path, made: Made):
    sha = made.commit({"a.txt": "x"})
    with Repository.open(clone(made, tmp_path / "bare.git", "--bare")) as repository:
        assert repository.bare
        assert repository.root == repository.git_dir == tmp_path / "bare.git"
        assert repository.tree(repository.resolve("main")).text("a.txt") == "x"
        assert repository.resolve() == sha


def test_an_empty_repository_says_that_it_has_no_commits(made: Made):
    with Repository.open(made.path) as repository:
        assert repository.branch() == "main"
        assert repository.tags() == ()
        with pytest.raises(EmptyRepositoryError, match="no commits yet"):
            repository.resolve()


@pytest.mark.parametrize("rev", ["nothing", "--all", "", "a\0b", "HEAD~9", "-n1"])
def test_an_unknown_revision_is_named(made: Made, rev: str):
    made.commit({"a": "x"})
    with Repository.open(made.path) as repository, pytest.raises(UsageError, match="is not a commit"):
        repository.resolve(rev)


def test_head_on_a_branch_that_is_gone_is_not_called_empty(made: Made):
    made.commit({"a": "x"})
    made.git("symbolic-ref", "HEAD", "refs/heads/gone")
    with Repository.open(made.path) as repository, pytest.raises(UsageError, match="'HEAD' is not a commit"):
        repository.resolve()


def test_a_detached_head_has_no_branch(made: Made):
    sha = made.commit({"a": "x"})
    made.git("checkout", "-q", "--detach")
    with Repository.open(made.path) as repository:
        assert repository.branch() is None
        assert repository.resolve() == sha


def test_tags_are_peeled_dated_and_ordered(made: Made):
    first = made.commit({"a": "1"})
    made.git("tag", "light")
    second = made.commit({"a": "2"})
    made.git("tag", "-a", "v1", "-m", "one", GIT_COMMITTER_DATE="1710000000 +0200")
    made.git("tag", "-a", "again", "v1", "-m", "tag of a tag", GIT_COMMITTER_DATE="1720000000 +0000")
    made.git("tag", "blob", "HEAD:a")
    with Repository.open(made.path) as repository:
        found = [(tag.name, tag.sha) for tag in repository.tags()]
        assert found == [("light", first), ("v1", second), ("again", second)]
        assert repository.tags()[1].at == datetime.fromtimestamp(1710000000, UTC)


def test_secrets_in_addresses_of_remotes_are_not_shown(made: Made):
    made.git("remote", "add", "origin", "https://someone:token@example.org/a/b.git")
    made.git("remote", "add", "other", "git@example.org:a/b.git")
    with Repository.open(made.path) as repository:
        assert repository.remotes() == {"origin": "https://example.org/a/b.git", "other": "git@example.org:a/b.git"}


def test_a_shallow_clone_says_so(made: Made, tmp_path: Path):
    made.commit({"a": "1"})
    made.commit({"a": "2"})
    with Repository.open(clone(made, tmp_path / "shallow", "--depth=1")) as repository:
        assert repository.shallow
        assert len(repository.history(repository.resolve()).changes) == 1


def test_variables_of_a_surrounding_git_are_not_followed(made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    sha = made.commit({"a": "1"})
    other = Made(tmp_path / "other")
    other.commit({"b": "2"})
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.path / ".git" / "index"))
    with Repository.open(made.path) as repository:
        assert repository.resolve() == sha


def test_a_linked_work_tree_is_read_like_any_other(made: Made, tmp_path: Path):
    made.commit({"a": "1"})
    made.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "linked"))
    with Repository.open(tmp_path / "linked") as repository:
        assert repository.root == tmp_path / "linked"
        assert repository.branch() == "side"
        assert repository.tree(repository.resolve()).text("a") == "1"


def test_sha256_repositories_are_read(tmp_path: Path):
    made = Made(tmp_path / "long", extra={"GIT_DEFAULT_HASH": "sha256"})
    sha = made.commit({"a": "1"})
    with Repository.open(made.path) as repository:
        assert len(sha) == 64
        assert repository.tree(sha).text("a") == "1"
        assert [change.sha for change in repository.history(sha).changes] == [sha]


def test_closing_removes_what_was_made_for_it(made: Made):
    made.commit({"a": "1"})
    repository = Repository.open(made.path)
    repository.tree(repository.resolve()).text("a")
    folder = repository.git.folder
    assert folder.is_dir()
    repository.close()
    assert not folder.exists()


def test_a_name_of_two_lines_is_no_name_of_a_content(opened: Opener, made: Made):
    made.commit({"a.txt": "one\n"})
    repository = opened(made)
    head = made.head()
    assert repository.objects.read(f"{head}:a.txt\n{head}:a.txt") is None
    assert repository.objects.read(f"{head}:a.txt") == b"one\n"
