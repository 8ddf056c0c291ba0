"""Nothing invisible gets through."""

from hypothesis import given
from hypothesis import strategies as st

from scout.text.characters import visible


def test_invisible_characters_go():
    assert visible("a\u200bb\u202ec\u2066d\ufeffe\x00f\x1bg\u00adh\U000e0041i\u3164j\ud800k") == "abcdefghijk"


def test_what_is_seen_stays():
    text = "é ß 日本語 العربية 😀\ufe0f €\t|\n"
    assert visible(text) == text


def test_all_line_ends_are_one():
    assert visible("a\r\nb\rc\x0bd\x0ce\u2028f\u2029g\x85h") == "a\nb\nc\nd\ne\nf\ng\nh"


@given(st.text())
def test_twice_is_once(text: str):
    assert visible(visible(text)) == visible(text)
