"""What answers say: JSON or not, links, and words that may be shown."""

import json
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.remote.reading import LONGEST, GarbageError, body_of, dumped, links, parsed, said
from tests.unit.remote.scripted import answer

anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec=None)), inner, max_size=4),
    max_leaves=12,
)


@given(anything)
def test_what_is_written_is_read_again_lone_surrogates_too(value: Any):
    assert parsed(dumped(value)) == value
    assert parsed(json.dumps(value)) == value


@pytest.mark.parametrize(
    "body",
    [
        "",
        " ",
        "<!doctype html><html></html>",
        "[1, 2",
        '{"a": NaN}',
        "Infinity",
        "[" * 100_000,
        "\ufeff[]",
        b"\xff\xfe",
        "nil",
    ],
)
def test_garbage_is_told_from_json(body: str | bytes):
    with pytest.raises(GarbageError):
        parsed(body)


def test_garbage_says_what_it_is():
    for body, words in ((b"  <html>", "HTML"), (b"", "empty"), (b"[", "no JSON")):
        with pytest.raises(GarbageError, match=words):
            body_of(answer(200, body))


def test_links_have_relations():
    header = (
        '<https://x.example/a?page=2&q=a,b;c>; rel="next", <https://x.example/a?page=9>; title="the, last"; rel=last,'
        ' </first>; rel="first start"'
    )
    assert links(header) == {
        "next": "https://x.example/a?page=2&q=a,b;c",
        "last": "https://x.example/a?page=9",
        "first": "/first",
        "start": "/first",
    }
    assert links("") == links("nonsense; rel=next") == {}


@given(st.text(max_size=200))
def test_no_link_header_breaks_us(header: str):
    links(header)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"message": "Bad credentials", "documentation_url": "https://x.example"}', "Bad credentials"),
        (
            b'{"message": "Validation Failed", "errors": [{"message": "too long"}, "odd"]}',
            "Validation Failed; too long; odd",
        ),
        (
            b'{"errorMessages": ["No project."], "errors": {"jql": "Field is wrong."}}',
            "No project.; jql: Field is wrong.",
        ),
        (b'{"error": "invalid_token", "error_description": "expired"}', "expired; invalid_token"),
        (b"<html><head><title>x</title></head><body><h1>502 Bad&nbsp;Gateway</h1></body></html>", "502 Bad Gateway"),
        (b"  plain\n words \x00\x1b[31m ", "plain words [31m"),
        (b"", ""),
        (b"[]", ""),
        (b"3", ""),
        (b'{"message": {"message": "nested"}}', "nested"),
    ],
)
def test_a_server_is_quoted(body: bytes, words: str):
    assert said(answer(400, body)) == words


@pytest.mark.parametrize(
    "secret",
    [
        "ghp_abcdefgh12345678",
        "github_pat_11ABCDEFG_abcdefgh12345678",
        "ghs_abcdefgh12345678",
        "ATATT3xFfGF0abcdefgh=1234",
        "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl",
    ],
)
def test_a_secret_is_never_quoted(secret: str):
    for words in (secret, f"Bearer {secret}", f"token={secret}&x=1", f"https://me:{secret}@x.example/"):
        assert secret not in said(answer(401, json.dumps({"message": words})))


@pytest.mark.parametrize(
    "words", ["Authorization: Basic bWU6c2VjcmV0", "at https://me:secret@x.example/", "password=secret"]
)
def test_a_password_is_never_quoted(words: str):
    assert "secret" not in said(answer(401, words))
    assert "bWU6" not in said(answer(401, words))


@given(st.text(st.characters(codec=None), max_size=2000))
def test_quotes_are_short_and_printable(words: str):
    quote = said(answer(500, json.dumps({"message": words})))
    assert len(quote) <= LONGEST
    assert "\n" not in quote
    assert "\0" not in quote
    quote.encode()


def test_numbers_beyond_all_bounds_stay_numbers_that_json_can_say():
    assert parsed(b'{"least": -1e999, "half": "\\ud83d"}')["least"] == -sys.float_info.max
    assert b"null" not in dumped(parsed(b"[1e999]"))
