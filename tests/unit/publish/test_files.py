import errno
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.errors import SettingsError, UnavailableError
from scout.model import TicketState, WorkKind
from scout.publish.files import content, names
from scout.sources.files import current_tickets
from scout.text.ticket_file import parse, ticket
from tests.unit.publish.making import NOW, a_filing, a_publisher

KEY = a_filing().intent.key
NAME = "mend-the-link-in-docs-01234567.md"


def _files(checkout: Path) -> list[str]:
    return sorted(path.relative_to(checkout).as_posix() for path in checkout.rglob("*") if not path.is_dir())


def test_an_accepted_candidate_becomes_a_ticket_that_the_source_reads(tmp_path: Path):
    receipt = a_publisher(tmp_path).file(a_filing())
    assert (receipt.key, receipt.ticket, receipt.url, receipt.at) == (KEY, NAME[:-3], f"tickets/{NAME}", NOW)
    (found,) = current_tickets("p", tmp_path / "tickets")
    assert (found.key, found.title, found.body) == (receipt.ticket, "Mend the link in docs", "It is gone.")
    assert (found.state, found.kind, found.labels) == (TicketState.UNSTARTED, WorkKind.DOCS, ("docs", "size:S"))
    assert found.created_at == NOW
    marker = parse((tmp_path / receipt.url).read_bytes(), NAME).marker
    assert marker == {"key": KEY, "candidate": "c-1", "fingerprint": "broken-internal-link:1", "sha": "f" * 40}


def test_filing_again_finds_what_is_there(tmp_path: Path):
    publisher = a_publisher(tmp_path)
    assert publisher.find(KEY) is None
    first = publisher.file(a_filing())
    assert publisher.file(a_filing()) == first == publisher.find(KEY)
    assert _files(tmp_path) == [f"tickets/{NAME}"]


def test_a_ticket_that_was_renamed_moved_edited_or_broken_is_still_the_same(tmp_path: Path):
    publisher = a_publisher(tmp_path)
    path = tmp_path / publisher.file(a_filing()).url
    moved = tmp_path / "tickets/done/other.md"
    moved.parent.mkdir()
    path.rename(moved)
    moved.write_bytes(moved.read_bytes().replace(b"unstarted", b"[broken"))
    assert publisher.file(a_filing()).ticket == "done/other"
    assert len(_files(tmp_path)) == 1


def test_a_key_that_is_only_mentioned_is_no_marker(tmp_path: Path):
    (tmp_path / "tickets").mkdir()
    (tmp_path / "tickets/note.md").write_text(f"See {KEY}.\n", "utf-8")
    assert a_publisher(tmp_path).find(KEY) is None


def test_nothing_that_exists_is_overwritten(tmp_path: Path):
    (tmp_path / "tickets").mkdir()
    (tmp_path / "tickets" / NAME).write_text("mine\n", "utf-8")
    publisher = a_publisher(tmp_path)
    assert publisher.preview(a_filing()).where == "tickets/mend-the-link-in-docs-0123456789ab.md"
    assert publisher.file(a_filing()).url == "tickets/mend-the-link-in-docs-0123456789ab.md"
    assert (tmp_path / "tickets" / NAME).read_text("utf-8") == "mine\n"


def test_when_every_name_is_taken_it_says_so_and_leaves_nothing(tmp_path: Path):
    (tmp_path / "tickets").mkdir()
    for name in names(a_filing()):
        (tmp_path / "tickets" / name).write_text("mine\n", "utf-8")
    with pytest.raises(UnavailableError, match="was not filed by Scout"):
        a_publisher(tmp_path).file(a_filing())
    assert len(_files(tmp_path)) == 4


def test_a_dry_run_says_exactly_what_would_be_written_and_writes_nothing(tmp_path: Path):
    publisher = a_publisher(tmp_path)
    payload = publisher.preview(a_filing())
    assert list(tmp_path.iterdir()) == []
    receipt = publisher.file(a_filing())
    assert payload.where == receipt.url
    assert payload.content.encode() == (tmp_path / receipt.url).read_bytes()


def test_what_killed_writers_left_is_swept_and_never_a_ticket(tmp_path: Path):
    folder = tmp_path / "tickets"
    folder.mkdir()
    (folder / ".scout-0011223344556677.tmp").write_text("---\ntitle: ha", "utf-8")
    (folder / ".scoutrc").write_text("mine", "utf-8")
    assert current_tickets("p", folder) == ()
    a_publisher(tmp_path).file(a_filing())
    assert _files(tmp_path) == ["tickets/.scoutrc", f"tickets/{NAME}"]


def test_nothing_is_written_outside_the_checkout(tmp_path: Path):
    checkout, outside = tmp_path / "checkout", tmp_path / "outside"
    checkout.mkdir()
    outside.mkdir()
    (checkout / "tickets").symlink_to(outside)
    (checkout / "deep").mkdir()
    (checkout / "deep/link").symlink_to("../..")
    for target in ("tickets", "../outside", str(outside), ".", ".git/tickets", "deep/link/outside", "tickets/new/er"):
        for attempt in (a_publisher(checkout, target).file, a_publisher(checkout, target).preview):
            with pytest.raises(SettingsError):
                attempt(a_filing())
    assert list(outside.iterdir()) == []
    assert not (checkout / ".git").exists()


def test_a_link_within_the_checkout_is_fine(tmp_path: Path):
    (tmp_path / "docs/tickets").mkdir(parents=True)
    (tmp_path / "tickets").symlink_to("docs/tickets")
    assert a_publisher(tmp_path).file(a_filing()).url == f"docs/tickets/{NAME}"


def test_a_bare_repository_has_no_place_for_tickets(tmp_path: Path):
    (tmp_path / "HEAD").write_text("ref: refs/heads/main\n", "utf-8")
    (tmp_path / "objects").mkdir()
    with pytest.raises(SettingsError, match="git's own folder"):
        a_publisher(tmp_path).file(a_filing())


def test_a_file_where_the_folder_should_be_is_a_clear_error(tmp_path: Path):
    (tmp_path / "tickets").write_text("", "utf-8")
    with pytest.raises(UnavailableError, match=r"cannot be used: (File exists|Not a directory)"):
        a_publisher(tmp_path).file(a_filing())


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EIO])
@pytest.mark.parametrize("call", ["fsync", "link", "open"])
def test_a_full_or_read_only_disk_is_a_clear_error_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
):
    (tmp_path / "tickets").mkdir()
    real = os.open

    def fail(*arguments: object, **_: object) -> int:
        if call == "open" and not str(arguments[0]).startswith(".scout-"):
            return real(*arguments)  # pyright: ignore[reportArgumentType, reportCallIssue] - passed on as given
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(UnavailableError, match="tickets folder") as caught:
        a_publisher(tmp_path).file(a_filing())
    assert "stays in the outbox" in caught.value.remedy
    monkeypatch.undo()
    assert _files(tmp_path) == []
    assert a_publisher(tmp_path).file(a_filing()).ticket == NAME[:-3]


def test_without_hard_links_it_works_and_overwrites_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "tickets").mkdir()
    (tmp_path / "tickets" / NAME).write_text("mine\n", "utf-8")

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", fail)
    receipt = a_publisher(tmp_path).file(a_filing())
    assert _files(tmp_path) == sorted([receipt.url, f"tickets/{NAME}"])
    assert (tmp_path / "tickets" / NAME).read_text("utf-8") == "mine\n"


@settings(deadline=None)
@given(st.text(max_size=200), st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_title_gives_a_plain_name_and_comes_back(title: str, body: str):
    filing = a_filing(title=title.encode("utf-8", "replace").decode(), body=body)
    assert len(set(names(filing))) == 4
    for name in names(filing):
        assert name.isascii()
        assert not set(name) & set("/\\ \0.") - {"."}
        assert len(name) < 110
        assert not name.startswith((".", "-", "_"))
    found = parse(content(filing), "t.md")
    assert found.fields["title"].value == filing.draft.title
    assert content(filing) == content(filing)


def test_a_title_that_looks_like_yaml_stays_a_title(tmp_path: Path):
    title = "no: - {x} # y\n---\nscout: {key: other}"
    receipt = a_publisher(tmp_path).file(a_filing(title=title))
    written = parse((tmp_path / receipt.url).read_bytes(), "t.md")
    assert written.fields["title"].value == title
    assert written.marker["key"] == KEY
    assert ticket(written, "p").title == "no: - {x} # y --- scout: {key: other}"
