"""A ticket's text is replaced whole, where it is, and only while it is as it was read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.errors import ConflictError, UnavailableError, UsageError
from scout.model import Ticket
from scout.publish import Publisher
from scout.sources.files import current_tickets
from scout.text.front_matter import TicketFileError
from scout.text.ticket_file import parse, rebodied, ticket
from tests.unit.publish.making import a_filing, a_publisher

LINES = st.text(st.characters(exclude_characters="\0\r", exclude_categories=("Cs",)), max_size=60)


def written(folder: Path, name: str, content: bytes) -> Ticket:
    file = folder / "tickets" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return next(one for one in current_tickets("p", folder / "tickets") if f"{one.key}.md" == name)


@given(body=LINES, head=st.sampled_from(("", "---\ntitle: A\n# kept\n---\n", "---\r\ntitle: 'A'\r\n---\r\n\r\n")))
def test_only_the_body_changes(body: str, head: str):
    whole = f"{head}Old words.\n".encode()
    after = rebodied(parse(whole, "a.md"), body)
    assert after.content.startswith(head.encode())
    if head:
        assert ticket(after, "p").body == body.strip("\n")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_the_encoding_stays_where_it_can(encoding: str):
    after = rebodied(parse("Grüße\n".encode(encoding), "a.md"), "Grüße\n\nMehr.")
    assert after.content.decode(encoding) == "Grüße\n\nMehr.\n"
    assert rebodied(parse("Grüße\n".encode("cp1252"), "a.md"), "日本").content.decode() == "日本\n"


def test_a_body_that_is_no_text_or_too_large_is_refused():
    for body in ("a\0b", "x" * (5 << 20)):
        with pytest.raises(TicketFileError):
            rebodied(parse(b"Old.\n", "a.md"), body)


@pytest.mark.parametrize("name", ["a.md", "later/on/a.md"])
def test_without_live_it_is_shown_and_with_it_written(tmp_path: Path, name: str):
    old = written(tmp_path, name, b"---\nstate: open\n---\n\nOld.\n")
    shown = a_publisher(tmp_path).rewrite(a_filing(body="New."), old, live=False)
    assert (shown.where, shown.content) == (f"tickets/{name}", "---\nstate: open\n---\n\nNew.\n")
    assert (tmp_path / shown.where).read_bytes() == b"---\nstate: open\n---\n\nOld.\n"
    assert a_publisher(tmp_path).rewrite(a_filing(body="New."), old, live=True) == shown
    assert (tmp_path / shown.where).read_text() == shown.content
    assert [path.name for path in (tmp_path / "tickets").rglob("*") if path.is_file()] == ["a.md"]


def test_what_has_changed_or_is_gone_is_left_alone(tmp_path: Path):
    old = written(tmp_path, "a.md", b"Old.\n")
    (tmp_path / "tickets/a.md").write_text("Mine.\n")
    with pytest.raises(ConflictError, match="has changed meanwhile"):
        a_publisher(tmp_path).rewrite(a_filing(body="New."), old, live=True)
    assert (tmp_path / "tickets/a.md").read_text() == "Mine.\n"
    (tmp_path / "tickets/a.md").unlink()
    with pytest.raises(ConflictError, match="is gone"):
        a_publisher(tmp_path).rewrite(a_filing(body="New."), old, live=True)


def test_a_link_is_not_followed(tmp_path: Path):
    old = written(tmp_path, "a.md", b"Old.\n")
    (tmp_path / "secret.md").write_text("Old.\n")
    (tmp_path / "tickets/a.md").unlink()
    (tmp_path / "tickets/a.md").symlink_to(tmp_path / "secret.md")
    with pytest.raises((ConflictError, UnavailableError)):
        a_publisher(tmp_path).rewrite(a_filing(body="New."), old, live=True)
    assert (tmp_path / "secret.md").read_text() == "Old.\n"


def test_other_publishers_hold_it_back(tmp_path: Path):
    old = written(tmp_path, "a.md", b"Old.\n")
    with pytest.raises(UsageError, match="does not rewrite tickets"):
        Publisher.rewrite(a_publisher(tmp_path), a_filing(body="New."), old, live=True)
