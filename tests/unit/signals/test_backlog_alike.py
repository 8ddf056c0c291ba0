"""Tickets are called the same only where words leave no doubt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.signals.backlog._alike import Alike, words
from scout.signals.backlog._rows import crowd, ticket
from scout.signals.backlog._same import clusters

TEXT = "The printer spools the page and stops after the second sheet with a paper jam."


def same(one: str, other: str, text: str = TEXT, second: str = TEXT) -> bool:
    rows = (*crowd(12), ticket("1", one, body=text), ticket("2", other, body=second))
    return Alike(rows).same("1", "2")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Printer stops after second sheet", "printer stops after second sheet!"),
        ("Printer stops after second sheet", "Printer stops after the second sheet sometimes"),
        ("Upgrade printer driver of sheets", "Update printer driver of sheets"),
    ],
)
def test_the_same_in_nearly_the_same_words(one: str, other: str):
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Printer stops after second sheet", "Android: printer stops after second sheet"),
        ("Printer stops after second sheet", "Printer stops after second sheet in version 2"),
        ("Printer class TagNfcF without sample", "Printer class TagNfcV without sample"),
        ("Remove printer driver of sheets", "Printer driver of sheets"),
        ("Printer stops after second sheet", "Scanner stops after second sheet"),
        ("Printer", "Printer"),
    ],
)
def test_platforms_versions_and_families_are_apart(one: str, other: str):
    assert not same(one, other)


def test_equal_titles_with_other_texts_are_apart():
    assert not same(
        "Section on printing sheets", "Section on printing sheets", TEXT, "Colours of lamps hurt eyes at night."
    )


def test_lines_that_many_share_are_a_template():
    template = "Describe what you expected to happen and what happened instead"
    rows = [
        ticket(str(key), f"Lamp {word} breaks", body=template) for key, word in enumerate(("amber", "birch", "cedar"))
    ]

    assert Alike(rows).body("0", "1") == 0


def test_names_in_code_are_taken_apart():
    assert list(words("parsePaperTray not working")) == ["pars", "paper", "tray", "work"]


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=12))
def test_clusters_do_not_depend_on_the_order_of_pairs(pairs: list[tuple[str, str]]):
    groups = clusters(pairs)

    assert groups == clusters(pairs[::-1])
    assert sorted(key for group in groups for key in group) == sorted({key for pair in pairs for key in pair})


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_symmetric_and_a_share(one: str, other: str):
    alike = Alike([*crowd(3), ticket("1", one), ticket("2", other)])

    assert alike.title("1", "2") == pytest.approx(alike.title("2", "1"))
    assert 0 <= alike.title("1", "2") <= 1 + 1e-9
    assert alike.same("1", "2") == alike.same("2", "1")
