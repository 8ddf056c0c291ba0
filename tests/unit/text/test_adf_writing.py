"""What is filed in Jira Cloud reads as it was written."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.text import adf, wiki, wiki_writing
from scout.text.adf_writing import written
from scout.text.markdown import parse
from scout.text.render import markdown
from scout.text.tree import Code, Document, Entry, Heading, Listing, Paragraph, Quote, Rule, Span, SpanKind, Table

WORDS = (
    st.text("abcdefgh XYZ.,:;()=/'äß", min_size=1, max_size=20).map(lambda text: " ".join(text.split())).filter(bool)
)
PLAIN = st.builds(Span, WORDS, strong=st.booleans())
CODE = st.builds(Span, WORDS, kind=st.just(SpanKind.CODE))
LINKS = st.builds(Span, WORDS, target=st.just("https://example.org/a/b"))
SPANS = st.lists(PLAIN | CODE | LINKS, min_size=1, max_size=3).map(
    lambda spans: tuple(one for span in spans for one in (span, Span(" and ")))[:-1]
)
PARAGRAPHS = st.builds(Paragraph, SPANS)
CODES = st.builds(
    Code, st.text("ab \n{}[]*_`", max_size=30).map(lambda text: text.strip("\n")), st.sampled_from(["", "python"])
)
ENTRIES = st.builds(Entry, st.tuples(PARAGRAPHS))
TASKS = st.builds(Entry, st.tuples(PARAGRAPHS), st.booleans())
LISTS = st.builds(Listing, st.lists(ENTRIES, min_size=1, max_size=3).map(tuple), st.sampled_from([None, 1, 7]))
TASK_LISTS = st.builds(Listing, st.lists(TASKS, min_size=1, max_size=3).map(tuple))
TABLES = st.builds(
    Table,
    st.lists(
        st.tuples(st.builds(Span, WORDS).map(lambda one: (one,)), CODE.map(lambda one: (one,))), min_size=2, max_size=3
    ).map(tuple),
)
BLOCKS = (
    PARAGRAPHS
    | st.builds(Heading, SPANS, st.integers(1, 6))
    | CODES
    | LISTS
    | TASK_LISTS
    | TABLES
    | st.builds(Quote, st.lists(PARAGRAPHS, min_size=1, max_size=2).map(tuple))
    | st.builds(Rule)
)
APART = st.lists(BLOCKS, min_size=1, max_size=5).map(
    lambda blocks: [one for block in blocks for one in (block, Rule())]
)
DOCUMENTS = APART.map(lambda blocks: Document(tuple(blocks)))
"""The format has no place for blank lines between the entries of a list, which two lists in a row would read as."""
DRAFT = """## What is seen

`docs/page.md:3` links to [what](https://github.com/a/b) is **not** there; see ~~old~~ *new*.

- one
  - two
    1. three
- four

7. a
8. b

- [ ] `scout verify broken:fa --seen 90a` exits with 0
- [x] done

```py
def f(): pass
```

> quoted
> twice

| a | b |
| --- | --- |
| 1 | `2` |

***

one line
and another
"""
BLOCK_NODES = {
    "doc": {
        "paragraph",
        "heading",
        "codeBlock",
        "blockquote",
        "bulletList",
        "orderedList",
        "taskList",
        "table",
        "rule",
    },
    "blockquote": {"paragraph", "bulletList", "orderedList", "codeBlock", "taskList"},
    "listItem": {"paragraph", "bulletList", "orderedList", "codeBlock", "taskList"},
    "bulletList": {"listItem"},
    "orderedList": {"listItem"},
    "taskList": {"taskItem"},
    "table": {"tableRow"},
    "tableRow": {"tableHeader", "tableCell"},
    "tableHeader": {"paragraph"},
    "tableCell": {"paragraph"},
}


def test_a_whole_draft_comes_back_as_it_was():
    document = parse(DRAFT)
    assert markdown(parse(adf.markdown(written(document)))) == markdown(document)


@given(DOCUMENTS)
@settings(max_examples=80, deadline=None)
def test_every_document_comes_back_as_it_was(document: Document):
    once = parse(markdown(document))
    assert markdown(parse(adf.markdown(written(once)))) == markdown(once)


@given(st.text("ab *_`[](){}<>|#->1.\n!~", max_size=120))
@settings(max_examples=150, deadline=None)
def test_whatever_is_written_stands_where_the_format_lets_it_stand(text: str):
    for parent, node in nodes(written(parse(text))):
        if parent["type"] in BLOCK_NODES:
            assert node["type"] in BLOCK_NODES[parent["type"]], (parent["type"], node["type"])
        if node["type"] == "text":
            assert node["text"]
            kinds = {mark["type"] for mark in node.get("marks", ())}
            assert "code" not in kinds or kinds <= {"code", "link"}


@given(st.text("ab *_`[](){}<>|#->1.\n!~\\{code}", max_size=120))
@settings(max_examples=100, deadline=None)
def test_wiki_markup_can_be_made_of_anything_and_read_again(text: str):
    wiki.markdown(wiki_writing.written(parse(text)))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("# One", "h1. One"),
        ("a *b* **c** ~~d~~ `e`", "a _b_ *c* -d- {{e}}"),
        ("[a](https://example.org/)", "[a|https://example.org/]"),
        ("- a\n  - b", "* a\n** b"),
        ("```py\nx = {1}\n```", "{code:python}\nx = {1}\n{code}"),
        ("```\n{code}\n```", "{code}\n{ code}\n{code}"),
        ("a {color:red} [~ben] *", "a \\{color:red\\} \\[\\~ben\\] \\*"),
        ("> a", "{quote}\na\n{quote}"),
        ("- [ ] a\n- [x] b", "* ☐ a\n* ☑ b"),
    ],
)
def test_wiki_markup_says_the_same_and_text_in_it_stays_text(text: str, wanted: str):
    assert wiki_writing.written(parse(text)) == wanted


def nodes(node: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    for child in node.get("content", ()):
        yield node, child
        yield from nodes(child)
