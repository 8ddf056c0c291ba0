"""What two pieces of work have in common is said in words, and the words are found again in the texts."""

from hypothesis import given
from hypothesis import strategies as st

from scout.drafts.alike import alike, nearness, pieces

TITLE = "Mend the link to the style guide"


def test_shared_words_and_those_of_one_side_are_named_whatever_their_endings():
    how = alike(TITLE, ["docs/start.md"], "Broken links in the guide", "See docs/start.md, line 3.")
    assert how.shared == ("link", "guide")
    assert how.here == ("Mend", "style")
    assert how.there == ("Broken",)
    assert how.places == ("docs/start.md",)
    assert how.enough


def test_one_word_in_common_is_chance():
    assert not alike(TITLE, [], "Rewrite the guide", "").enough
    assert nearness(TITLE, "Rewrite the guide") == 0
    assert nearness(TITLE, TITLE) == 1
    assert not alike(TITLE, ["a.py"], "Nothing of it", "about a.py").enough


@given(st.text(), st.lists(st.text(min_size=1)))
def test_the_pieces_of_a_text_are_the_text(text: str, words: list[str]):
    assert "".join(piece for _, piece in pieces(text, words)) == text


def test_the_shared_words_are_marked():
    assert pieces("Two links, one guide.", ["link", "guides"]) == (
        (False, "Two "),
        (True, "links"),
        (False, ", one "),
        (True, "guide"),
        (False, "."),
    )
