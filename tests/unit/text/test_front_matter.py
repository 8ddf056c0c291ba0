from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.text.front_matter import TicketFileError, Value, dumped, edited, fields, split

HEAD = """---
# the header
title: "Fix: it"   # why
created: 2026-01-02T10:00:00+02:00
labels:
    - a
    - b

# next
flow: [1,  2]
folded: >-
   two
   lines
deep: {x: {y: z}}
empty:
flag: true
"""

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
VALUES: st.SearchStrategy[Value] = st.one_of(
    WORDS, st.booleans(), st.none(), st.lists(WORDS, max_size=4).map(tuple), st.dictionaries(WORDS, WORDS, max_size=3)
)


def _values(head: str) -> dict[str, Value]:
    return {name: field.value for name, field in fields(head, "t.md").items()}


def test_values_are_read_as_written():
    assert _values(HEAD) == {
        "title": "Fix: it",
        "created": "2026-01-02T10:00:00+02:00",
        "labels": ("a", "b"),
        "flow": ("1", "2"),
        "folded": "two lines",
        "deep": {},
        "empty": None,
        "flag": True,
    }
    assert [field.line for field in fields(HEAD, "t.md").values()] == [3, 4, 5, 10, 11, 14, 15, 16]
    assert not fields(HEAD, "t.md")["deep"].readable


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_edit_touches_only_what_it_names(newline: str):
    head = HEAD.replace("\n", newline)
    after = edited(head, "t.md", {"labels": ("q",), "empty": "full", "new": {"k": "v"}, "flag": True})
    expected = HEAD.replace("labels:\n    - a\n    - b\n", "labels:\n- q\n").replace("empty:\n", "empty: full\n")
    assert after == (expected + "new:\n  k: v\n").replace("\n", newline)


def test_an_edit_that_changes_nothing_changes_nothing():
    assert edited(HEAD, "t.md", {"title": "Fix: it", "flow": ("1", "2"), "empty": None}) == HEAD


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["title", "labels", "empty", "flag", "folded", "new", "other"]), VALUES))
def test_any_value_comes_back_and_the_others_stay(changes: dict[str, Value]):
    after = edited(HEAD, "t.md", changes)
    assert _values(after) == {**_values(HEAD), **changes}
    assert "# the header\n" in after
    assert "# next\n" in after


@settings(deadline=None)
@given(st.dictionaries(WORDS.filter(bool), VALUES, max_size=5))
def test_new_front_matter_can_be_read_back(values: dict[str, Value]):
    assert _values("---\n" + dumped(values)) == values


def test_what_cannot_be_edited_in_place_is_refused():
    with pytest.raises(TicketFileError, match="cannot be edited in place"):
        edited("---\na: &x one\nb: *x\n", "t.md", {"a": "two"})


@settings(deadline=None)
@given(st.text("-\n\r. a:", max_size=60))
def test_the_parts_are_the_whole(text: str):
    with suppress(TicketFileError):
        assert "".join(split(text, "t.md")) == text


@pytest.mark.parametrize(
    ("head", "line", "words"),
    [
        ("---\ntitle: a\nlabels: [x\n", 3, "not valid YAML"),
        ("---\ntitle: a\nb: c: d\n", 3, "mapping values"),
        ("---\na: 1\nb: 2\na: 3\n", 4, "'a' occurs twice"),
        ("---\n- a\n- b\n", 2, "no list of 'name: value'"),
        ("---\n\tb: c\n", 2, "not valid YAML"),
        ("---\na: *nobody\n", 2, "not valid YAML"),
        ("---\na: " + "[" * 3000 + "\n", 1, "nested too deeply"),
        ("---\na: \x07\n", 1, "not valid YAML"),
    ],
)
def test_broken_front_matter_names_file_and_line(head: str, line: int, words: str):
    with pytest.raises(TicketFileError, match=words) as caught:
        fields(head, "broken.md")
    assert caught.value.line == line
    assert str(caught.value).startswith(f"broken.md:{line}: ")


def test_no_tag_ever_constructs_anything():
    head = "---\na: !!python/object/apply:os.system [exit 1]\nb: !!timestamp 2026-99-99\nc: &x [*x]\n"
    assert _values(head)["b"] == "2026-99-99"


def test_a_rule_at_the_beginning_is_no_front_matter():
    assert split("---\n\nJust text.\n", "t.md") == ("", "", "---\n\nJust text.\n")


def test_front_matter_without_end_or_without_limit_is_an_error():
    with pytest.raises(TicketFileError, match="no closing line"):
        split("---\ntitle: a\n\ntext\n", "t.md")
    with pytest.raises(TicketFileError, match="longer than"):
        split("---\na: " + "x" * 70_000 + "\n---\n", "t.md")
