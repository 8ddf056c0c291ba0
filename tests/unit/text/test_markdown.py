"""Any text becomes a tree: what a reader sees, in linear time, without a crash."""

import base64

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scout.text.markdown import MAX_LENGTH, parse
from scout.text.render import markdown
from scout.text.tree import (
    Code,
    Heading,
    Listing,
    Markup,
    Paragraph,
    Quote,
    Rule,
    SpanKind,
    Table,
    entries,
    plain,
    walk,
)

TEXT = """Before.

# First *part*

A line with `code`, a [link](https://example.org/a) and **words**.

- [x] done
- [ ] not done
  > said

## Second

```py
x = 1
```

| a | b |
|---|---|
| 1 | `2` |

<!-- hidden -->

***
"""


def test_headings_divide_a_text_into_sections():
    sections = parse(TEXT).sections()
    assert [(s.title, s.level) for s in sections] == [("", 0), ("First part", 1), ("Second", 2)]
    assert [type(block) for block in sections[2].blocks] == [Code, Table, Markup, Rule]


def test_lines_are_counted_from_one():
    assert [block.line for block in parse(TEXT).blocks if isinstance(block, Heading)] == [3, 11]


def test_tasks_know_whether_they_are_done():
    assert [entry.done for entry in entries(parse(TEXT).blocks)] == [True, False]


def test_links_code_and_words_keep_their_marks():
    paragraph = parse(TEXT).blocks[2]
    assert isinstance(paragraph, Paragraph)
    kinds = {span.text: (span.kind, span.target, span.strong) for span in paragraph.spans}
    assert kinds["code"] == (SpanKind.CODE, "", False)
    assert kinds["link"] == (SpanKind.TEXT, "https://example.org/a", False)
    assert kinds["words"] == (SpanKind.TEXT, "", True)


def test_entities_and_escapes_are_what_a_reader_sees():
    block = parse(r"&#64;a \@b &amp;amp;").blocks[0]
    assert isinstance(block, Paragraph)
    assert plain(block.spans) == "@a @b &amp;"


def test_quotes_can_be_left_out_of_a_walk():
    blocks = parse(TEXT).blocks
    assert any(isinstance(block, Quote) for block in walk(blocks))
    said = [block for block in walk(blocks, quotes=False) if isinstance(block, Paragraph)]
    assert "said" not in {plain(block.spans) for block in said}


def test_characters_that_nobody_sees_are_no_part_of_a_tree():
    block = parse("T\u200bB\u202eD\u00ad \U000e0041").blocks[0]
    assert isinstance(block, Paragraph)
    assert plain(block.spans) == "TBD"


def test_the_start_of_a_numbered_list_is_kept():
    first, second = (block for text in ("0. a\n1. b", "7. a") for block in parse(text).blocks)
    assert isinstance(first, Listing)
    assert isinstance(second, Listing)
    assert (first.start, second.start) == (0, 7)


HOSTILE = {
    "nested quotes": ">" * 10_000 + " a",
    "nested quotes with spaces": "> " * 10_000 + "a",
    "nested lists": "\n".join("  " * level + "- a" for level in range(1_000)),
    "mixed nesting": "> - " * 10_000 + "a",
    "base64": base64.b64encode(bytes(range(256)) * 3_000).decode(),
    "brackets": "[" * 500_000,
    "images": "![" * 500_000,
    "emphasis": "*a " * 300_000,
    "emphasis over lines": "*a\n" * 300_000,
    "backticks": "".join("`" * n + " " for n in range(1, 1_000)),
    "table": "|a|b|\n|-|-|\n" + "|x|y|\n" * 200_000,
    "wide broken table": "|".join("a" * 2_000) + "\n" + "|".join("-" * 1_999) + "\n" + "x\n" * 2_000,
    "spaces": "a" + " " * 1_000_000 + "b",
    "line ends": "\r\n\u2028" * 300_000,
    "reference links": "\n".join(f"[a{n}]: /x" for n in range(50_000)),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_is_too_much(text: str):
    document = parse(text)
    assert document.cut or len(text) <= MAX_LENGTH


def test_a_text_that_is_left_out_in_part_says_so():
    assert not parse(TEXT).cut
    assert parse(">" * 100 + " a").cut
    assert parse("a" * (MAX_LENGTH + 1)).cut


@given(st.text())
def test_any_text_has_a_tree(text: str):
    assert parse(text).blocks is not None


@given(st.text(alphabet="ab `*_[]()<>#-+=.1\n|~!\\&;:/x"))
@example("_`1`:_")
@example("*a***b**~~c~~")
def test_written_and_read_again_the_words_stay(text: str):
    def words(document_text: str) -> list[str]:
        found = [block for block in walk(parse(document_text).blocks) if isinstance(block, Paragraph)]
        return "".join(plain(block.spans, code=False) for block in found).split()

    once = markdown(parse(text))
    twice = markdown(parse(once))
    assert words(twice) == words(once)
