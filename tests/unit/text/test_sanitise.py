"""Whatever is filed notifies nobody, links nowhere foreign, closes nothing and hides nothing."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scout.text.sanitise import MAX_FILED, inert, sanitise, sanitise_title
from tests.alive import CLOSES, MENTION, alive

OURS = "https://forge.example/o/r/blob/abc/"
ATTACKS = {
    "mention": "Thanks @octo for this",
    "mention of a team": "ask @org/team-a",
    "escaped mention": r"\@octo",
    "entity mention": "&#64;octo &#x40;octo &commat;octo",
    "mention after a backtick": "a ` @octo",
    "mention between code spans": "`a`@octo`b`",
    "mention behind an escaped backtick": r"\`@octo",
    "mention in a heading": "# for @octo",
    "mention in a table": "| a |\n|---|\n| @octo |",
    "mention in a quote in a list": "- > @octo",
    "mention in emphasis": "**@octo** *@octo* ~~@octo~~",
    "mention in a link": "[@octo](https://evil.example)",
    "mention in an image": "![@octo](https://evil.example/x.png)",
    "mention split by a joiner": "@\u200docto @\u2060octo",
    "full-width mention": "＠octo",
    "Jira mention": "[~octo] [~accountid:5b10]",
    "chat mention": "<!channel> <@U123>",
    "mention after an open fence": "```\ncode\n```\n@octo\n````",
    "mention after nested fences": "````\n```\n@in\n```\n````\n@octo",
    "mention in front matter": "---\ncc: @octo\n---",
    "e-mail address": "write to a.person@example.org",
    "closing keyword": "Fixes #12",
    "closing keyword with colon": "resolves: #12, closes: org/repo#9",
    "closing keyword over a line end": "This closes\n#12",
    "closing keyword in code, reference outside": "`fixes` #12",
    "closing keyword and GH": "closed GH-12",
    "closing keyword and address": "fix https://github.com/o/r/issues/12",
    "closing keyword in emphasis": "**fixes** *#12*",
    "Jira smart commit": "PROJ-12 #close fixed it",
    "foreign reference": "see other/repo#4",
    "link": "[here](https://evil.example)",
    "link with our address as its text": f"[{OURS}x](https://evil.example)",
    "link that climbs": f"[x]({OURS}../../../../evil)",
    "link that climbs, encoded": f"[x]({OURS}%2e%2e/%2e%2e/evil)",
    "reference link": "[a][b]\n\n[b]: https://evil.example",
    "collapsed reference link": "[b]\n\n[b]: https://evil.example 'title'",
    "autolink": "<https://evil.example> <a@b.example>",
    "bare address": "https://evil.example/?q=1 and www.evil.example",
    "script address": "[a](javascript:alert(1)) javascript:alert(1)",
    "data address": "![a](data:image/svg+xml;base64,AAAA) [b](data:text/html,x)",
    "mail address": "[a](mailto:a@b.example)",
    "image": "![x](https://evil.example/pixel.png)",
    "image in a link": "[![x](https://e.example/a.png)](https://e.example)",
    "html image": '<img src="https://evil.example/pixel.png">',
    "html script": "<script>alert(1)</script>",
    "html link": '<a href="https://evil.example">x</a>',
    "html event": '<b onclick="x()">b</b>',
    "html details": "<details><summary>x</summary>\n\n@octo\n\n</details>",
    "html block": "<div>\n@octo fixes #1\n</div>",
    "broken html": "<div <b @octo>",
    "comment": "a <!-- hidden @octo --> b",
    "open comment": "a\n\n<!-- hidden @octo\n\nfixes #1",
    "processing instruction": "<?php @octo ?> <![CDATA[@octo]]>",
    "bidi": "a \u202e@octo\u202c b",
    "tags": "a\U000e0068\U000e0069 b",
    "control": "a\x00\x1b[31m@octo\x07",
    "soft hyphen": "@oc\u00adto",
    "diagram": "```mermaid\ngraph TD\nclick A href 'https://evil.example'\n```",
    "suggestion": "```suggestion\nrm -rf\n```",
    "command of a bot": "/close\n/assign octo",
    "command in a list": "- /lgtm",
    "table that breaks out": "| a |\n|---|\n| `|` @octo |",
    "code span that breaks out": "`` ` @in `` @octo `",
    "nested quotes": ">" * 40 + " @octo",
    "setext": "@octo\n=====",
    "lone tick in a link": "[`](https://evil.example) @octo `",
    "line separators": "/a\u2028/close\u2029@octo",
}


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS.keys())
def test_no_attack_comes_alive(text: str):
    calm = sanitise(text, [OURS])
    assert alive(calm, [OURS]) == []
    assert sanitise(calm, [OURS]) == calm


def test_the_check_itself_sees_what_is_alive():
    assert sum(bool(alive(text)) for text in ATTACKS.values()) >= 50


def test_code_stays_code():
    text = "Run `@decorated` and\n\n```py\n@cache  # fixes #12 <b>\nhttps://a.example\n```"
    assert sanitise(text) == text


def test_our_own_links_stay():
    text = f"[`a.py:1`]({OURS}a.py#L1) and {OURS}b.py"
    assert sanitise(text, [OURS]) == text
    assert OURS not in re.sub("`[^`]*`", "", sanitise(text))


def test_ordinary_markdown_is_left_as_it_is():
    text = (
        "## What is seen\n\nA *line* with **words**, snake_case, a < b & c, 1. no list, #12 and [x] too.\n\n"
        "- [ ] one\n- [x] two\n  - three\n\n1. a\n2. b\n\n> said\n\n"
        "| a | b |\n| --- | --- |\n| 1 | `x\\|y` |\n\n***\n\nEnd."
    )
    assert sanitise(text) == text


def test_a_text_that_is_too_long_is_cut_and_says_so():
    calm = sanitise("A sentence about nothing.\n\n" * 20_000)
    assert len(calm) <= MAX_FILED
    assert calm.endswith("too long or nested too deeply.)")
    assert sanitise(calm) == calm


_SIGNS = ["`", "``", "```", "~~~", "|", "\\", "[", "](", ")", "<", ">", "*", "_", "!", "&", ":", "<!--", "-->"]
_WORDS = ["a", "é", "@b", "#1", "fixes", "---", "===", "\u200b"]
_SPACES = [" ", "\n", "\n\n", "\t", "    ", "- ", "> ", "1. ", "# ", "[ ] ", "fixes ", OURS]
_PIECES = st.sampled_from([*ATTACKS.values(), *_SIGNS, *_WORDS, *_SPACES])


@settings(max_examples=1000, deadline=None)
@given(st.lists(_PIECES, max_size=14).map("".join) | st.text(max_size=80))
@example("@`a")
@example(f"{OURS}[~octo] [~octo]")
@example("- ```\n@a")
@example("\\\\`@a`")
def test_sanitised_text_is_calm_and_a_fixed_point(text: str):
    calm = sanitise(text, [OURS])
    assert sanitise(calm, [OURS]) == calm
    assert alive(calm, [OURS]) == []


@given(st.lists(_PIECES, max_size=10).map("".join))
def test_a_title_is_one_calm_line(text: str):
    calm = sanitise_title(text)
    assert "\n" not in calm
    assert sanitise_title(calm) == calm
    bare = re.sub("`[^`]+`", "\0", calm)
    assert not MENTION.search(bare)
    assert not CLOSES.search(bare)


@given(st.text())
def test_a_quotation_is_one_code_span(text: str):
    quoted = inert(text)
    assert "\n" not in quoted
    assert sanitise(quoted) == quoted.strip()
