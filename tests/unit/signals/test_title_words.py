"""Words that stand in titles, scopes and checks."""

import pytest

from scout.signals._words import MOST_TITLE, either, near_lines, searched, title


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("app/page.py", "app/page.py"),
        ("client/app/" + "pages/" * 15 + "dashboards", "…/pages/"),
        ("x" * 120 + ".py", "…xxx"),
        ("a" * 100 + "/b.py", "…aaa"),
    ],
)
def test_a_long_path_loses_whole_folders_where_enough_is_left_to_know_it_by(name: str, shown: str):
    said = title("Mend ", name, " now")
    assert said.startswith(f"Mend {shown}")
    assert said.endswith(f"{name[-4:]} now")
    assert len(said) <= MOST_TITLE


def test_what_is_searched_for_is_whole_words():
    assert searched("TODO: drop this when the walls are painted, and the doors as well --") == (
        "TODO: drop this when the walls are painted, and the doors as"
    )
    assert searched("once it is fixed */") == "once it is fixed"
    assert len(searched("x" * 100)) == 60


def test_places_are_told_by_file():
    assert near_lines([("a.py", 4), ("b.py", 2), ("a.py", 9)]) == (
        "`a.py`, around lines 4 and 9",
        "`b.py`, around line 2",
    )
    assert [either(list(names)) for names in ("a", "ab", "abc")] == ["a", "a or b", "a, b or c"]
