"""Jira's wiki markup reads as Markdown, quickly, whatever it is."""

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scout.text.markdown import parse
from scout.text.tree import Code, Listing, Quote, SpanKind, Table, inline, walk
from scout.text.wiki import markdown


@pytest.mark.parametrize(
    ("wiki", "expected"),
    [
        ("h1. Title", "# Title"),
        ("h5.Without a space", "##### Without a space"),
        ("a *bold* and _soft_ word", "a **bold** and _soft_ word"),
        ("*_both_*", "**_both_**"),
        ("was -wrong- +right+", "was ~~wrong~~ right"),
        ("call {{run(*args)}} now", "call `run(*args)` now"),
        ("{{list\\[0\\]}}", "`list[0]`"),
        ("[the docs|https://x.example/a_b]", "[the docs](https://x.example/a_b)"),
        ("[https://x.example/a]", "https://x.example/a"),
        ("[text|https://x.example|a tip]", "[text](https://x.example)"),
        ("[^report.txt]", "[report.txt](report.txt)"),
        ("!screen 1.png|thumbnail!", "![screen 1.png](screen%201.png)"),
        ("!https://x.example/a.png!", "![a.png](https://x.example/a.png)"),
        ("ask [~jane.doe], please", "ask @someone, please"),
        ("[Jane|~jane.doe]", "@someone"),
        ("[mailto:jane@x.example]", "@someone"),
        ("{color:red}loud{color}", "loud"),
        ("a\n----\nb", "a\n\n***\n\nb"),
        ("bq. They said *so*", "> They said **so**"),
        (r"not \*bold\*", r"not \*bold\*"),
        ("line one\\\\\nline two", "line one\nline two"),
        ("all good :) (/) :-( and 3-4 things, a -x flag", "all good :) (/) :-( and 3-4 things, a -x flag"),
    ],
)
def test_notation_reads_as_markdown(wiki: str, expected: str):
    assert markdown(wiki) == expected


@pytest.mark.parametrize(
    "text",
    ["snake_case_name", "2 * 3 * 4", "array[0]", "a [note] b", "Hello! World!", "x ->y->z", "{tablename}", "C:\\Users"],
)
def test_what_means_nothing_stays_as_it_was(text: str):
    assert markdown(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the <View> tag", r"the \<View> tag"),
        ("# one\n\\# two", "1. one\n   \\# two"),
        ("name\n--", "name\n\\--"),
        ("glob a/*/b", r"glob a/\*/b"),
        ("see foo_ and bar_", r"see foo\_ and bar\_"),
        ("so ``` broken", r"so \`\`\` broken"),
    ],
)
def test_what_markdown_would_misread_is_escaped(text: str, expected: str):
    assert markdown(text) == expected


def test_lists_of_all_kinds_nest():
    wiki = "* a\n** b\n*# c\n*# d\n** e\n* f\n# g\n## h\n- i"
    assert markdown(wiki) == "- a\n  - b\n  1. c\n  2. d\n  - e\n- f\n1. g\n   1. h\n- i"


def test_a_numbered_list_goes_on_after_a_block_of_code():
    found = parse(markdown("# one\n{code}\nx\n{code}\n# two\n\n{code}\ny\n{code}\n\n# three")).blocks
    lists = [block for block in found if isinstance(block, Listing)]
    assert [(block.start, len(block.entries)) for block in lists] == [(1, 2), (3, 1)]


def test_tables_keep_links_and_code_in_their_cells():
    wiki = "||Name||Where||\n|a|[here|https://x.example]|\n|{{b|c}}|two\nlines|"
    assert markdown(wiki) == (
        "| Name | Where |\n| --- | --- |\n| a | [here](https://x.example) |\n| `b\\|c` | two lines |"
    )


def test_a_table_without_headings_gets_empty_ones():
    assert markdown("|a|b|") == "|  |  |\n| --- | --- |\n| a | b |"
    assert markdown("||a|b|") == "|  |  |\n| --- | --- |\n| **a** | b |"


def test_code_in_a_cell_stays_in_its_row():
    assert markdown("|a|{code}x\ny{code}|b|") == "|  |  |  |\n| --- | --- | --- |\n| a | `x y` | b |"


def test_panels_lose_their_frame_and_quotes_keep_theirs():
    assert markdown("{panel:title=Plan}\ndo it\n{panel}") == "**Plan**\n\ndo it"
    assert markdown("{note}careful{note}") == "**Note**\n\ncareful"
    assert markdown("x\n{quote}\nsaid *so*\n\nmore\n{quote}\ny") == "x\n\n> said **so**\n>\n> more\n\ny"


def test_a_mark_without_its_partner_harms_nothing_else():
    assert markdown("{quote}only *one*") == "only **one**"
    assert markdown("{code}only *one*") == "{code}only **one**"


def test_code_names_its_language_and_its_title():
    assert markdown("{code:java}\nx\n{code}") == "```java\nx\n```"
    assert markdown("{code:title=A.java|language=java}\nx\n{code}") == "**A.java**\n\n```java\nx\n```"
    assert markdown("{noformat}\n*x*\n{noformat}") == "```\n*x*\n```"


def test_fences_of_markdown_are_fences_here_too():
    assert markdown("see\n```js\na_b*c*\n```\nend") == "see\n\n```js\na_b*c*\n```\n\nend"


_code = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("`~{}*\t "), max_size=200)
_lines = st.lists(_code.filter(lambda line: "{code}" not in line), min_size=1, max_size=5).map("\n".join)


@given(_lines)
@example("````\n*x*\n```")
def test_code_keeps_its_bytes(code: str):
    assert markdown(f"before\n{{code:c}}\n{code}\n{{code}}\nafter").partition("\n\n")[2].startswith("```")
    fenced = markdown(f"{{code}}\n{code}\n{{code}}").split("\n")
    assert "\n".join(fenced[1:-1]) == code
    assert fenced[0] == fenced[-1]
    assert not re.search(rf"^ {{0,3}}{fenced[0]}`*[ \t]*$", code, re.MULTILINE)


def test_code_in_a_list_in_a_quote_is_read_back_unchanged():
    document = parse(markdown("{quote}\n# one\n{code}\n  a\n\n\tb\n{code}\n{quote}"))
    assert [block.text for block in walk(document.blocks) if isinstance(block, Code)] == ["  a\n\n\tb"]


_macros = st.sampled_from(
    ["{code}", "{code:x}", "{noformat}", "{quote}", "{panel:title=a}", "{info}", "{color:red}", "[~x]", "h2. ", "bq. "]
)
_signs = st.sampled_from([*"[]|*_-+!\\", "{{", "}}", "||", "??", "\\\\", "```", "----", "* ", "## ", "<b>"])
_words = st.sampled_from(["\n", "\r\n", "\n\n", "https://x.example/", "a.png", "\x00", "\ud800", " ", "é", "word"])
_pieces = _macros | _signs | _words


@given(st.lists(_pieces | st.text(max_size=5), max_size=60).map("".join))
@settings(max_examples=500)
def test_no_text_makes_it_fail(text: str):
    assert isinstance(markdown(text), str)


@given(st.lists(_pieces, max_size=60).map("".join))
def test_no_name_of_a_person_is_left(pieces: str):
    if "{code" not in pieces and "{noformat" not in pieces and "```" not in pieces:
        assert "@someone" in markdown(f"hello\n\n[~jane.doe] hello\n\n{pieces}")
        assert "jane" not in markdown(f"hello\n\n[~jane.doe] hello\n\n{pieces}")


def test_the_tree_sees_what_was_written():
    document = parse(markdown("{quote}\nx\n{quote}\n|a|b|\n\n!a.png!\n\n* b"))
    assert {type(block) for block in walk(document.blocks)} >= {Quote, Table, Listing}
    assert any(span.kind is SpanKind.IMAGE for spans in inline(document.blocks) for span in spans)


HOSTILE = {
    **{sign: sign * 3 for sign in "{*[_-+?!|`\\<~#h( \t"},
    **{
        piece: piece
        for piece in ("*a ", "-a-a ", "_a_a ", "{{a", "[a", "[[x]", "[x|", "|a", "|\na", "|a\nb\n", "* a\n")
    },
    **{piece: piece for piece in ("{quote}", "{code}", "{code:java}x", "{panel:title=x}", "{quote}bq. a\n", "http://")},
    **{piece: piece for piece in ("!a.png|", "\\\\ ", "```\n", "[~", "******* a\n", "# a\n{code}\nb\n{code}\n")},
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=[repr(name) for name in HOSTILE])
def test_time_and_size_grow_with_the_text_and_not_faster(piece: str):
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        started = time.process_time()
        assert len(markdown(text)) < 12 * length
        return time.process_time() - started

    assert min(seconds(1_000_000) for _ in range(2)) < 2  # a second on a machine that does nothing else
