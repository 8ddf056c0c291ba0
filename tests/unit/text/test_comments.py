import io
import tokenize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.text.comments import MAX_LINE, comments, may_have_comments

WORDS = st.text("abc #'\"", min_size=1, max_size=12).map(
    lambda text: text.replace("'", "").replace('"', "").strip() or "x"
)


def said(path: str, text: str) -> list[tuple[int, str]]:
    return [(comment.line, comment.text) for comment in comments(path, text)]


def test_strings_that_look_like_comments_are_none():
    assert said("a.py", "x = '# TODO: no'\ny = 1  # yes\n") == [(2, "yes")]


def test_a_hash_bang_is_no_comment():
    assert said("tool", "#!/bin/sh\n# runs\nls\n") == [(2, "runs")]


def test_line_comments_directly_below_each_other_are_one():
    assert said("a.go", "// one\n// two\n\n// three\nvar x = 1 // four\n// five\n") == [
        (1, "one\ntwo"),
        (4, "three"),
        (5, "four"),
        (6, "five"),
    ]


def test_comments_of_other_indentation_are_others():
    assert said("a.py", "# one\nif x:\n    # two\n    pass\n# three\n") == [(1, "one"), (3, "two"), (5, "three")]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.js", "/**\n * One\n * two\n */\nlet a\n", [(1, "\nOne\ntwo\n")]),
        ("a.yml", "a: 'b # no' # yes\n", [(1, "yes")]),
        ("Dockerfile.dev", "# base\nFROM x\n", [(1, "base")]),
        ("requirements/dev.txt", "django==5.0  # until 5.1\n", [(1, "until 5.1")]),
        ("a.html.erb", "<p><%# gone soon %></p>\n<!-- here -->\n", [(1, "gone soon"), (2, "here")]),
        ("a.html", "{% if x %}{# soft #}{% endif %}\n", [(1, "soft")]),
        ("a.rb", "x = '# no'\n# yes\n", [(2, "yes")]),
        ("a.sql", "select '-- no' -- yes\n", [(1, "yes")]),
    ],
)
def test_each_language_has_its_own_marks(path: str, text: str, expected: list[tuple[int, str]]):
    assert said(path, text) == expected


@pytest.mark.parametrize("path", ["README.md", "notes.rst", "data.json", "poetry.lock", "unknown.zzz", "LICENSE"])
def test_what_has_no_known_language_has_no_comments(path: str):
    assert said(path, "# one\n") == []


def test_windows_line_ends_do_not_move_lines():
    assert said("a.py", "x = 1\r\n# one\r\n# two\r\n") == [(2, "one\ntwo")]


def test_a_program_wrote_what_has_endless_lines():
    assert said("a.js", "// one\n" + "x" * (MAX_LINE + 1)) == []


def test_a_place_within_a_comment_has_its_line():
    (comment,) = comments("a.py", "\n# one\n# two three\n")

    assert comment.line_of(comment.text.index("three")) == 3


@pytest.mark.parametrize(
    ("path", "answer"), [("a/b.py", True), ("Makefile", True), ("a.md", False), ("picture.png", False)]
)
def test_names_tell_whether_to_look(path: str, answer: bool):  # noqa: FBT001 the answer is what the test is about
    assert may_have_comments(path) is answer


@given(st.lists(st.tuples(st.sampled_from(["x = 1", "y = '#'", "if x:\n    pass", ""]), st.one_of(st.none(), WORDS))))
def test_python_comments_are_those_of_pythons_own_tokeniser(rows: list[tuple[str, str | None]]):
    text = "".join(f"{code}{f'  # {word}' if word is not None else ''}\n" for code, word in rows)

    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    expected = {token.start[0] for token in tokens if token.type == tokenize.COMMENT}
    found = {comment.line + offset for comment in comments("a.py", text) for offset in range(len(comment.lines))}

    assert found == expected


@given(st.sampled_from(["a.py", "b.js", "c.yml", "d.html", "e.sh", "Makefile", "f.rb"]), st.text(max_size=200))
def test_no_text_makes_it_fail(path: str, text: str):
    rows = text.count("\n") + 2

    assert all(1 <= comment.line <= rows for comment in comments(path, text))
