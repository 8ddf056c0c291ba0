import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.buffer.fronts import LIKELY, Footprint, Past, Terrain, clash, collide, words

PATHS = ("src/order_list.py", "src/order_form.py", "src/user.py", "tests/test_order_list.py", "docs/guide.md")
HISTORY = (
    *[Past("Sort the orders", ("src/order_list.py", "tests/test_order_list.py"))] * 8,
    *[Past("Let a user choose a picture", ("src/user.py", "docs/guide.md"))] * 4,
    Past("Reformat", PATHS * 3),
)
NAMES = st.text("ab/.", min_size=1, max_size=8)


def _terrain(*changes: Past) -> Terrain:
    return Terrain(PATHS, changes or HISTORY)


def test_what_was_changed_together_will_be_again():
    found = _terrain().footprint("Something else", named=("src/order_list.py",))
    assert [one.path for one in found.likely()] == ["src/order_list.py", "tests/test_order_list.py"]
    assert found.chances["src/order_list.py"] == 1
    assert found.why["tests/test_order_list.py"].startswith("changed with src/order_list.py in")


def test_similar_titles_touch_the_same_files():
    found = _terrain().footprint("Users want another picture")
    assert {"src/user.py", "docs/guide.md"} <= found.chances.keys()
    assert "src/order_form.py" not in found.chances


@pytest.mark.parametrize("symbol", ["OrderForm", "order_form", "orderForm"])
def test_a_symbol_names_the_file_that_is_called_like_it(symbol: str):
    found = _terrain(Past("x", ("src/user.py",))).footprint("Mend it", f"`{symbol}()` fails")
    assert "src/order_form.py" in found.chances


def test_a_history_that_says_nothing_leaves_what_is_named():
    found = Terrain((), ()).footprint("Sort the orders", "`OrderForm`", ("src/gone.py",))
    assert found == Footprint(frozenset({"src/gone.py"}), {"src/gone.py": 1.0})


def test_wide_changes_and_files_that_are_gone_teach_nothing():
    wide = Past("Sort the orders", tuple(f"src/{number}.py" for number in range(13)))
    gone = Past("Sort the orders", ("src/old.py",))
    found = Terrain([f"src/{number}.py" for number in range(13)], [wide, gone]).footprint("Sort the orders")
    assert not found.chances


def test_two_tickets_meet_where_both_will_likely_change_a_file():
    terrain = _terrain()
    lists = terrain.footprint("Anything", named=("src/order_list.py",))
    tests = terrain.footprint("Whatever", named=("tests/test_order_list.py",))
    user = terrain.footprint("Nothing", named=("src/user.py",))
    assert "changed with" in clash(lists, tests)
    assert not clash(lists, user)


def test_titles_of_one_pattern_do_not_make_one_front():
    pages = [f"docs/about{number}.md" for number in range(9)]
    mended = Past("Repair the link to page0.md in docs/about0.md", ("docs/about0.md",))
    terrain = Terrain(pages, [mended])
    one, two = (
        terrain.footprint(f"Repair the link to page{number}.md in docs/about{number}.md", named=(pages[number],))
        for number in (3, 4)
    )
    assert "docs/about0.md" not in one.chances
    assert not clash(one, two)


def test_a_folder_contains_its_files():
    assert clash(Footprint(frozenset({"src"})), Footprint(frozenset({"src/user.py"}))) == "src"
    assert collide({"src/user.py"}, {"src/user.pyi", "srcs"}) == ""


@given(st.sets(NAMES, max_size=4), st.sets(NAMES, max_size=4), st.dictionaries(NAMES, st.floats(0, 1)))
def test_meeting_is_mutual(one: set[str], other: set[str], chances: dict[str, float]):
    mine, theirs = Footprint(frozenset(one), chances), Footprint(frozenset(other), dict.fromkeys(other, 1.0))
    assert bool(clash(mine, theirs)) == bool(clash(theirs, mine))


@given(st.lists(st.builds(Past, st.text(max_size=30), st.lists(st.sampled_from(PATHS), max_size=4).map(tuple))))
def test_chances_are_chances_whatever_the_history(changes: list[Past]):
    found = Terrain(PATHS, changes).footprint("Sort the orders of a user", "OrderList", ("src/user.py",), least=0.0)
    assert all(0 <= chance <= 1 for chance in found.chances.values())
    assert all(one.chance >= LIKELY for one in found.likely())


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_files_does_not_matter(seed: random.Random):
    paths = list(PATHS)
    shuffle: Callable[..., None] = seed.shuffle
    shuffle(paths)
    asked = ("Sort orders of a user", "`OrderForm`", ("src/user.py",))
    assert Terrain(paths, HISTORY).footprint(*asked) == _terrain().footprint(*asked)


def test_words_are_compared_without_endings_and_parts_of_names_count():
    assert words("Sorting the OrderLists") == words("sort order_list")
    assert words("Fix the bug in a PR") == {"bug"}
