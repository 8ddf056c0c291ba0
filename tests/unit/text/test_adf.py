"""Atlassian's document format reads as Markdown, whatever stands in it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.text.adf import markdown
from scout.text.markdown import parse
from scout.text.tree import plain

Node = dict[str, Any]


def text(words: str, *marks: str | Node) -> Node:
    named = [{"type": mark} if isinstance(mark, str) else mark for mark in marks]
    return {"type": "text", "text": words, **({"marks": named} if named else {})}


def node(kind: str, *content: Node, **attrs: Any) -> Node:
    return {"type": kind, "content": list(content), **({"attrs": attrs} if attrs else {})}


def paragraph(*words: str | Node) -> Node:
    return node("paragraph", *(text(word) if isinstance(word, str) else word for word in words))


def document(*content: Node) -> Node:
    return {"type": "doc", "version": 1, "content": list(content)}


LINK = {"type": "link", "attrs": {"href": "https://x.example/a"}}
CASES: list[tuple[str, Node, str]] = [
    ("heading", node("heading", text("Title"), level=3), "### Title"),
    (
        "marks",
        paragraph(text("a ", "strong"), text("b", "em", "strong"), " ", text("c", "strike")),
        "**a** ***b*** ~~c~~",
    ),
    ("code", paragraph(text("x_y*", "code")), "`x_y*`"),
    ("link", paragraph("see ", text("here", LINK)), "see [here](https://x.example/a)"),
    ("bare link", paragraph(text("https://x.example/a", LINK)), "<https://x.example/a>"),
    ("break", paragraph("a", {"type": "hardBreak"}, "b"), "a\nb"),
    ("mention", paragraph({"type": "mention", "attrs": {"id": "7", "text": "@Jane Doe"}}, " hi"), "@someone hi"),
    ("emoji", paragraph({"type": "emoji", "attrs": {"shortName": ":x:", "text": "❌"}}), "❌"),
    ("date", paragraph({"type": "date", "attrs": {"timestamp": "1700000000000"}}), "2023-11-14"),
    ("status", paragraph({"type": "status", "attrs": {"text": "IN REVIEW"}}), "IN REVIEW"),
    ("card", paragraph({"type": "inlineCard", "attrs": {"url": "https://x.example"}}), "<https://x.example>"),
    ("block of code", node("codeBlock", text("a\n```\n*b*"), language="js"), "````js\na\n```\n*b*\n````"),
    ("quote", node("blockquote", paragraph("a"), paragraph("b")), "> a\n>\n> b"),
    ("panel", node("panel", paragraph("a"), panelType="warning"), "**Warning**\n\na"),
    ("expand", node("expand", paragraph("a"), title="More"), "**More**\n\na"),
    ("rule", {"type": "rule"}, "***"),
    ("image", node("mediaSingle", {"type": "media", "attrs": {"id": "1", "alt": "a.png"}}), "![a.png](a.png)"),
    ("unknown", node("newThing", paragraph("kept")), "kept"),
    ("unknown text", {"type": "newThing", "text": "kept"}, "kept"),
    ("escapes", paragraph("<b> *x* snake_case # 1"), r"\<b> *x\* snake_case # 1"),
    ("no heading", paragraph("# of tries"), r"\# of tries"),
]


@pytest.mark.parametrize(("given_node", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_nodes_read_as_markdown(given_node: Node, expected: str):
    assert markdown(document(given_node)) == expected


def test_lists_nest_and_hold_code():
    inner = node("bulletList", node("listItem", paragraph("b")), node("listItem", paragraph("c")))
    code = node("codeBlock", text("x"))
    entries = [node("listItem", paragraph("a"), inner), node("listItem", paragraph("d"), code)]
    assert markdown(document(node("orderedList", *entries, order=3))) == (
        "3. a\n   - b\n   - c\n4. d\n   ```\n   x\n   ```"
    )


def test_tasks_show_whether_they_are_done():
    tasks = node("taskList", node("taskItem", text("a"), state="DONE"), node("taskItem", text("b"), state="TODO"))
    assert markdown(document(tasks)) == "- [x] a\n- [ ] b"


def test_tables_have_headings_and_one_line_a_row():
    rows = [
        node("tableRow", node("tableHeader", paragraph("A|B")), node("tableHeader", paragraph("C"))),
        node("tableRow", node("tableCell", paragraph("1"), paragraph("2")), node("tableCell", paragraph("3"))),
    ]
    assert markdown(document(node("table", *rows))) == "| A\\|B | C |\n| --- | --- |\n| 1 2 | 3 |"


def test_what_is_no_document():
    assert markdown(None) == ""
    assert markdown("h1. as it is") == "h1. as it is"
    assert markdown(7) == ""
    assert markdown({"content": "nothing"}) == ""


def test_depth_has_an_end_and_the_text_below_it_is_kept():
    deep = paragraph("bottom")
    for _ in range(400):
        deep = node("bulletList", node("listItem", paragraph("x"), deep))
    written = markdown(document(deep))
    assert "bottom" in written
    assert len(written) < 10_000


_words = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=30)


@given(_words.map(str.strip).filter(lambda words: words and words[0].isalnum() and not words[0].isdigit()))
@settings(max_examples=300)
def test_plain_text_reads_back_as_it_was(words: str):
    if "](" in words or "][" in words:
        return
    blocks = parse(markdown(document(paragraph(words)))).blocks
    assert len(blocks) == 1
    assert plain(getattr(blocks[0], "spans", ())) == words


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "content", "attrs", "marks", "text", "x"]), inner, max_size=5)
    ),
    max_leaves=25,
)
_kinds = st.sampled_from(["doc", "paragraph", "heading", "table", "tableRow", "taskList", "orderedList", "listItem"])
_kinds |= st.sampled_from(["codeBlock", "text", "media", "panel", "date", "mention", "blockquote", "expand", "status"])
_kinds |= st.sampled_from(["inlineCard", "blockCard", "emoji"])
_likely = st.recursive(
    st.fixed_dictionaries({"type": _kinds, "text": _json, "attrs": _json, "marks": _json}),
    lambda inner: st.fixed_dictionaries({"type": _kinds, "content": st.lists(inner, max_size=4) | _json}),
    max_leaves=12,
)


@given(_json | _likely)
@settings(max_examples=500)
def test_nothing_makes_it_fail(value: object):
    assert isinstance(markdown(value), str)
