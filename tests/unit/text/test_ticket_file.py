import codecs
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.model import TicketState, WorkKind
from scout.text.front_matter import TicketFileError
from scout.text.ticket_file import LARGEST, changed, compose, heading, parse, ticket, unreadable

TICKET = b"""---
title: Sort the list
Status: In-Progress
type: enhancement
tags: a, b
assignee: somebody
depends_on: [one.md, two]
created: 2026-01-02
updated_at: 2026-01-02T10:00:00+02:00
estimate: 3   # ours
---

# A heading

Text.
"""


def test_fields_are_understood_by_their_usual_names():
    found = ticket(parse(TICKET, "sort.md"), "p")
    assert (found.key, found.title, found.state, found.native_state) == (
        "sort", "Sort the list", TicketState.STARTED, "In-Progress",
    )  # fmt: skip
    assert (found.kind, found.labels, found.claimed, found.blocked_by) == (
        WorkKind.FEATURE, ("a", "b"), True, ("one", "two"),
    )  # fmt: skip
    assert found.created_at == datetime(2026, 1, 2, tzinfo=UTC)
    assert found.updated_at == datetime(2026, 1, 2, 8, tzinfo=UTC)
    assert found.body == "# A heading\n\nText."
    assert "somebody" not in found.model_dump_json()


def test_a_file_without_front_matter_is_a_ticket():
    found = ticket(parse(b"```\n# no\n```\n\n## Tidy *up* ##\n\nText.\n", "sub/tidy-up.md"), "p")
    assert (found.key, found.title, found.state) == ("sub/tidy-up", "Tidy *up*", TicketState.UNSTARTED)
    assert ticket(parse(b"Just text.\n", "clean_the-room.md"), "p").title == "Clean the room"
    assert ticket(parse(b"", "empty.md"), "p").body == ""


@pytest.mark.parametrize(("written", "claimed"), [
    ("assignee:", False), ("assignee: ''", False), ("assignees: []", False), ("claimed: false", False),
    ("assignee: nobody", False), ("assignees: [x]", True), ("claimed: true", True), ("assignee: x", True),
])  # fmt: skip
def test_whether_somebody_has_it_is_kept_and_who_is_not(written: str, claimed: bool):  # noqa: FBT001 - a table's column
    assert ticket(parse(f"---\n{written}\n---\n".encode(), "t.md"), "p").claimed is claimed


def test_an_unknown_state_is_shown_and_not_served():
    found = ticket(parse(b"---\nstate: Parked\n---\n", "t.md"), "p")
    assert (found.state, found.native_state) == (TicketState.TRIAGE, "Parked")


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_whatever_the_bytes_reading_is_lossless_or_a_clear_error(content: bytes):
    with suppress(TicketFileError):
        assert changed(parse(content, "t.md"), {}).content == content


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_a_change_keeps_marks_line_ends_comments_and_unknown_fields(mark: bytes, newline: bytes):
    content = mark + TICKET.replace(b"\n", newline)
    file = changed(parse(content, "t.md"), {"Status": "done"})
    assert file.content == content.replace(b"In-Progress", b"done")
    assert ticket(file, "p").state is TicketState.COMPLETED
    assert changed(file, {"Status": "In-Progress"}).content == content


def test_a_change_to_a_file_without_front_matter_adds_one():
    file = changed(parse(b"Text.\r\n", "t.md"), {"state": "started"})
    assert file.content == b"---\r\nstate: started\r\n---\r\nText.\r\n"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "cp1252", "latin-1"])
def test_old_encodings_are_read_and_kept(encoding: str):
    text = "---\ntitle: Caf\xe9 \xdcber\n---\nText \xa7\n"
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    file = parse(mark + text.encode(encoding), "t.md")
    assert ticket(file, "p").title == "Caf\xe9 \xdcber"
    assert changed(file, {"state": "done"}).content == mark + text.replace(
        "\n---\nT", "\nstate: done\n---\nT"
    ).encode(encoding)  # fmt: skip


def test_a_change_that_an_old_encoding_cannot_hold_is_written_in_utf_8():
    file = changed(parse("---\ntitle: Caf\xe9\n---\n".encode("cp1252"), "t.md"), {"title": "\u6f22"})
    assert "title: \u6f22" in file.content.decode("utf-8")


@pytest.mark.parametrize(("content", "words"), [
    (b"---\ncreated: yesterday\n---\n", "t.md:2: 'created' is 'yesterday'"),
    (b"---\ntitle: a\nlabels: {x: y}\n---\n", "t.md:3: 'labels' must be a list"),
    (b"---\nblocked_by: [[a]]\n---\n", "t.md:2: 'blocked_by' must be a list"),
    (b"---\ntitle: [a]\n---\n", "t.md:2: 'title' must be a text"),
    (b"one\ntwo\0\n", "t.md:2: a NUL character"),
    (b"x" * (LARGEST + 1), "t.md: larger than"),
])  # fmt: skip
def test_what_a_field_cannot_hold_is_an_error_with_its_place(content: bytes, words: str):
    with pytest.raises(TicketFileError) as caught:
        ticket(parse(content, "t.md"), "p")
    assert str(caught.value).startswith(words)
    kept = unreadable(content, "t.md", "p")
    assert (kept.key, kept.state, kept.native_state) == ("t", TicketState.TRIAGE, "unreadable")


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80), st.text("ab \n#-", max_size=80))
def test_what_scout_writes_it_reads_back(title: str, body: str):
    found = parse(compose({"title": title, "scout": {"key": "k" * 32}}, body), "t.md")
    assert found.fields["title"].value == title
    assert found.marker == {"key": "k" * 32}
    assert found.body.strip() == body.strip()


@pytest.mark.parametrize(("body", "title"), [
    ("~~~\n# no\n```\n# no\n~~~\n# yes", "yes"), ("    # code\n# a # b", "a # b"), ("#no", ""), ("# \n# b", "b"),
])  # fmt: skip
def test_the_first_heading_is_found_outside_code(body: str, title: str):
    assert heading(body) == title
