from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.signals import Commit, Moved
from scout.signals._paths import Past, is_placeholder, joined, nearest_path
from tests.plugins.building import build, viewed

LONG = "a line that makes the file long enough to be recognised\n" * 3


@pytest.mark.parametrize(
    ("folder", "path", "expected"),
    [("a/b", "../c.md", "a/c.md"), ("", "./x", "x"), ("a", "b//c/", "a/b/c"), ("a", "../../x", None), ("a", "..", "")],
)
def test_paths_are_joined_as_on_a_page(folder: str, path: str, expected: str | None):
    assert joined(folder, path) == expected


@given(st.lists(st.sampled_from(["a", "b", ".", "..", ""])).map("/".join))
def test_a_joined_path_has_no_steps_left(path: str):
    found = joined("x/y", path)

    assert found is None or not {".", ".."} & set(found.split("/"))


def test_the_past_knows_moves_over_several_steps_and_deletions(tmp_path: Path):
    commits = [
        Commit("2024-01-01", {"a.md": LONG, "b.md": "other\n", "old/x.md": LONG + "x\n", "old/y.md": LONG + "yy\n"}),
        Commit("2024-01-02", {"c.md": Moved("a.md"), "b.md": None}, "Move and delete"),
        Commit("2024-01-03", {"d.md": Moved("c.md"), "new/x.md": Moved("old/x.md"), "new/y.md": Moved("old/y.md")}),
    ]
    with viewed(build(tmp_path, commits), "2024-02-01") as view:
        past = Past(view)
        moved, gone, folder = past.fate("a.md"), past.fate("b.md"), past.fate("old")

        assert moved
        assert moved.now == "d.md"
        assert gone
        assert gone.told.startswith("was deleted in `")
        assert gone.told.endswith("of 2024-01-02 (Move and delete)")
        assert folder
        assert folder.now == "new"
        assert past.fate("never.md") is None
        assert past.fate("d.md") is None


def test_something_near_is_named(tmp_path: Path):
    files = {"docs/Guide.md": "x", "tools/run.sh": "x", "workspace.yaml": "x"}
    with viewed(build(tmp_path, [Commit("2024-01-01", files)]), "2024-02-01") as view:
        assert nearest_path(view.tree, "docs/guide.md") == "`docs/Guide.md` is, with other capitals"
        assert nearest_path(view.tree, "run.sh") == "a file of that name is at `tools/run.sh`"
        assert nearest_path(view.tree, "workspaces.yaml") == "`workspace.yaml` is"
        assert nearest_path(view.tree, "docs/workspace.yml").endswith("with another ending is at `workspace.yaml`")
        assert nearest_path(view.tree, "nothing.like.it") == ""


@pytest.mark.parametrize(
    "text", ["path/to/file.md", "<name>.md", "${X}/a.md", "your-project/a.md", "...", "{{ x }}.md"]
)
def test_samples_are_no_paths(text: str):
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["docs/names.md", "a/filenames/b.md", "to-do/x.md", "examples-old/a.md"])
def test_paths_are_no_samples(text: str):
    assert not is_placeholder(text)
