from hypothesis import given
from hypothesis import strategies as st

from scout.signals._base import lines
from scout.signals._markdown import page


def test_links_and_images_have_their_lines():
    found = page(
        "---\ntitle: x\n---\n# A\n\nOne\n[two](b.md)\nthree ![four](c.png)\n\n[ref]\n\n[ref]: d.md 'title'\n"
    ).links

    assert [(link.line, link.target, link.is_image) for link in found] == [
        (7, "b.md", False),
        (8, "c.png", True),
        (12, "d.md", False),
    ]


def test_links_in_html_count_and_those_in_code_and_comments_do_not():
    text = lines(
        '<p><a href="a.md">x</a></p>',
        "",
        'Text <img src="b.png"> `[c](c.md)`',
        "",
        '<!-- <a href="d.md"> -->',
        "",
        "    [e](e.md)",
    )
    found = page(text)

    assert [(link.line, link.target) for link in found.links] == [(1, "a.md"), (3, "b.png")]


def test_a_linked_image_has_both_targets():
    assert [link.target for link in page("[![b](badge.svg)](ci.md)\n").links] == ["ci.md", "badge.svg"]


def test_fences_and_spans_are_told_apart():
    code = page("Do `make x`.\n\n- step\n\n  ```bash\n  make y\n\n  make z\n  ```\n\n```\nplain\n```\n").code

    assert [(one.line, one.text, one.language, one.fence) for one in code] == [
        (1, "make x", "", 0),
        (6, "make y", "bash", 1),
        (8, "make z", "bash", 1),
        (12, "plain", "", 2),
    ]


@given(st.text(alphabet="[](){}<>`!#-* \nab/.\"'", max_size=150))
def test_whatever_a_page_says_its_lines_exist(text: str):
    read = page(text)

    assert all(1 <= one.line <= len(read.lines) for one in (*read.links, *read.code))


def test_an_indented_block_is_code_but_the_text_of_an_admonition_is_not():
    read = page("Run\n\n    make image\n\n!!! note\n\n    make sure\n")

    assert [(code.line, code.text) for code in read.code] == [(3, "make image")]
