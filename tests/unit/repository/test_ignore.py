import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scout.repository.ignore import Ignored
from tests.making import Made

PIECES = st.sampled_from(
    ["a", "b", "ab", "*", "**", "?", "/", "[ab]", "[!a]", "[a-c]", "\\*", "\\a", ".", "c.txt", "*.txt", "[[:alpha:]]"]
)
PATTERN = st.tuples(
    st.sampled_from(["", "/", "!"]),
    st.lists(PIECES, min_size=1, max_size=5).map("".join),
    st.sampled_from(["", "/", " ", "\\ "]),
).map("".join)
NAME = st.sampled_from(["a", "b", "ab", "abc", "c.txt", "x.txt", "*", ".", "a b"]).filter(lambda name: name != ".")
PATHS = st.lists(st.lists(NAME, min_size=1, max_size=4).map("/".join), min_size=1, max_size=6, unique=True)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("ignore"))


def by_git(ground: Made, root: str, nested: str, paths: list[str]) -> set[str]:
    (ground.path / "a").mkdir(exist_ok=True)
    (ground.path / ".gitignore").write_text(root)
    (ground.path / "a" / ".gitignore").write_text(nested)
    done = subprocess.run(
        ["git", "check-ignore", "--no-index", "-z", "--stdin"],
        cwd=ground.path,
        input="".join(f"{path}\0" for path in paths).encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    return {path for path in done.stdout.decode().split("\0") if path}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PATTERN, max_size=4), st.lists(PATTERN, max_size=2), PATHS)
def test_it_agrees_with_git(ground: Made, root: list[str], nested: list[str], paths: list[str]):
    paths = [path for path in paths if path != "a"]
    rules = Ignored({"": "\n".join(root).encode(), "a": "\n".join(nested).encode()})
    expected = by_git(ground, "\n".join(root), "\n".join(nested), paths) if paths else set[str]()
    assert {path for path in paths if rules.matches(path)} == expected


def test_the_tree_answers_for_files_folders_and_what_is_below():
    rules = Ignored({"": b"build/\n*.log\n!keep.log\n# comment\n\\#odd\n", "sub": b"/only\n"})
    assert rules.matches("build/")
    assert rules.matches("build/keep.log")
    assert rules.matches("x/build/y")
    assert not rules.matches("build")
    assert rules.matches("x.log")
    assert not rules.matches("keep.log")
    assert rules.matches("#odd")
    assert rules.matches("sub/only")
    assert not rules.matches("only")
    assert not rules.matches("sub/deep/only")
