import re

from hypothesis import given
from hypothesis import strategies as st

from scout.publish.markers import fitting, labelled, marked, marker, unmarked
from tests.unit.publish.making import a_filing

FILING = a_filing()
KEY = FILING.intent.key


def test_a_body_tells_its_key_and_only_at_its_end():
    body = f"It is gone.\n\n{marker(FILING)}"
    assert marked(body) == KEY
    assert marked(f"{body}\r\n") == KEY
    assert unmarked(body) == "It is gone."
    assert marked(f"{body}\n\nsomebody's words") == ""
    assert marked("It is gone.") == ""


def test_labels_tell_their_keys():
    assert labelled(["scout", "size:S", f"scout-{KEY}", "scout-team"]) == (KEY,)


@given(st.text("ab`\n #", max_size=400), st.integers(150, 300))
def test_what_is_cut_fits_and_says_how_much_there_was(text: str, most: int):
    cut = fitting(text, most, "scout inbox show c-1")
    assert len(cut) <= most
    if len(text) <= most:
        assert cut == text
    else:
        assert f"All {len(text)} characters: `scout inbox show c-1`" in cut


def test_a_fence_that_is_cut_is_closed():
    cut = fitting("```py\n" + "x = 1\n" * 200 + "```\n", 400, "https://example.org/c-1")
    assert len(re.findall("^```", cut, re.MULTILINE)) == 2
    assert "[the whole text](https://example.org/c-1)" in cut
