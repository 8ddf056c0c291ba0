"""Other people's repositories are hostile input: nothing that they name may run, reach out or be followed."""

import os
import re
from pathlib import Path

import pytest

from scout.errors import UsageError
from scout.repository import GitTimeoutError, Repository
from tests.making import Made, clone


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path / "made")


TRAPS = (
    "core.fsmonitor",
    "core.pager",
    "core.editor",
    "core.sshCommand",
    "core.askPass",
    "core.gitProxy",
    "core.alternateRefsCommand",
    "diff.external",
    "diff.evil.command",
    "diff.evil.textconv",
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "filter.lfs.process",
    "gpg.program",
    "gpg.ssh.program",
    "credential.helper",
    "pager.log",
    "pager.blame",
    "sequence.editor",
    "uploadpack.packObjectsHook",
    "remote.origin.uploadpack",
    "alias.log",
    "alias.rev-parse",
)
HOOKS = (
    "reference-transaction",
    "post-checkout",
    "post-index-change",
    "fsmonitor-watchman",
    "pre-auto-gc",
    "post-merge",
)


def use_all_of(path: Path, sha: str) -> None:
    with Repository.open(path) as repository:
        assert repository.resolve() == sha
        repository.tags()
        repository.branch()
        repository.remotes()
        tree = repository.tree(sha)
        for name in tree.files:
            tree.text(name)
            tree.file_class(name)
            tree.ignored(name)
        list(tree.search(re.compile(b"."), lambda _: True))
        history = repository.history(sha)
        assert history.changes
        history.authors("a.evil")
        history.sole_maintainer(history.changes[0].at)
        history.text_since_many("a.evil", (1, 2))
        assert list(repository.log(sha, b"salt").batches())


def trap(made: Made, tmp_path: Path) -> tuple[Path, Path]:
    """Arm everything in the repository that could name a program; the program leaves a mark when it is run."""
    mark = tmp_path / "mark"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho \"$0 $*\" >> '{mark}'\ncat\n")
    program.chmod(0o755)
    for name in TRAPS:
        shell = f"!{program}" if name.startswith(("alias.", "credential.")) else str(program)
        made.git("config", name, shell)
    made.git("config", "log.showSignature", "true")
    made.git("config", "core.attributesFile", str(made.path / ".gitattributes"))
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in HOOKS:
        (hooks / name).symlink_to(program)
        (made.path / ".git" / "hooks" / name).unlink(missing_ok=True)
    made.git("config", "core.hooksPath", str(hooks))
    return program, mark


def test_nothing_that_a_repository_names_is_run(made: Made, tmp_path: Path):
    made.commit({"a.evil": "one\n", ".gitattributes": "* diff=evil filter=none\n*.evil diff=evil filter=evil\n"})
    sha = made.commit({"a.evil": "one\ntwo\n", ".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = ext::sh -c true\n'})
    _, mark = trap(made, tmp_path)
    use_all_of(made.path, sha)
    assert not mark.exists(), mark.read_text()


def test_the_trap_would_have_worked(made: Made, tmp_path: Path):
    made.commit({"a.evil": "one\n", ".gitattributes": "*.evil diff=evil\n"})
    made.commit({"a.evil": "one\ntwo\n"})
    _, mark = trap(made, tmp_path)
    made.git("log", "-p", "--ext-diff", stdin=b"")
    assert mark.exists()


@pytest.mark.parametrize("address", ["ext::{program} x", "file://{origin}", "ssh://nobody@localhost/none"])
def test_missing_contents_are_never_fetched(made: Made, tmp_path: Path, address: str):
    made.commit({"a.evil": "one\n"})
    sha = made.commit({"a.evil": "one\ntwo\n"})
    partial = clone(made, tmp_path / "partial", "--filter=blob:none", "--no-checkout")
    lazy = Made(partial)
    program, mark = trap(lazy, tmp_path)
    lazy.git("config", "protocol.ext.allow", "always")
    lazy.git("config", "protocol.allow", "always")
    lazy.git("config", "--replace-all", "remote.origin.url", address.format(program=program, origin=made.path))
    before = sorted(os.fspath(file) for file in (partial / ".git" / "objects").rglob("*"))
    use_all_of(partial, sha)
    assert sorted(os.fspath(file) for file in (partial / ".git" / "objects").rglob("*")) == before
    assert not mark.exists(), mark.read_text()


def test_nothing_is_written_into_a_repository(made: Made):
    made.commit({"a.evil": "one\n"})
    sha = made.commit({"a.evil": "one\ntwo\n"})
    before = {os.fspath(file): file.stat().st_mtime_ns for file in made.path.rglob("*")}
    use_all_of(made.path, sha)
    assert {os.fspath(file): file.stat().st_mtime_ns for file in made.path.rglob("*")} == before


def test_a_work_tree_elsewhere_is_not_followed(made: Made, tmp_path: Path):
    sha = made.commit({"a.evil": "x"})
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    made.git("config", "core.worktree", str(elsewhere))
    with Repository.open(made.path) as repository:
        assert repository.root == made.path
        assert repository.resolve() == sha


def test_a_repository_of_somebody_else_is_refused_with_the_remedy(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    made.commit({"a": "x"})
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder to another user")
    for folder in (made.path, made.path / ".git"):
        os.chown(folder, 65534, 65534)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "settings"))
    monkeypatch.delenv("SUDO_UID", raising=False)
    with pytest.raises(UsageError, match=r"safe\.directory") as refusal:
        Repository.open(made.path)
    assert "another user" in refusal.value.what
    (tmp_path / "settings").write_text(f"[safe]\n\tdirectory = {made.path}\n")
    with Repository.open(made.path) as repository:
        assert repository.tree(repository.resolve()).text("a") == "x"


def test_a_call_that_takes_too_long_is_ended_with_a_clear_error(made: Made, tmp_path: Path):
    made.commit({"a": "x"})
    os.mkfifo(tmp_path / "pipe")
    with Repository.open(made.path) as repository:
        with pytest.raises(GitTimeoutError, match=r"`git hash-object` took longer"):
            repository.git.run("hash-object", "--", str(tmp_path / "pipe"), seconds=0.2)
        assert not repository.git._children  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001 the promise itself


def test_closing_ends_every_child(made: Made):
    made.commit({"a": "x"})
    with Repository.open(made.path) as repository:
        child = repository.git.start("cat-file", "--batch")
        assert child.poll() is None
    assert child.poll() is not None
