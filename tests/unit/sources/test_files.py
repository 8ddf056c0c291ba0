import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from scout.model import Outcome, Ticket, TicketState
from scout.sources import Pull, Rows, SourceContext
from scout.sources.files import FilesSource, current_tickets
from tests.fakes import Nothing

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _write(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@dataclass
class Looked:
    """A pull, and the tickets it wrote."""

    pull: Pull
    tickets: dict[str, Ticket]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.pull, name)


def _pull(checkout: Path, cursor: Any = None, **context: Any) -> Looked:
    rows: dict[str, list[dict[str, Any]]] = {}

    def sink(stream: str, batch: Rows) -> None:
        arrow: Any = pa  # it comes without types
        rows.setdefault(stream, []).extend(arrow.table(batch).to_pylist())

    at = SourceContext(path=checkout, home=checkout, now=NOW, salt=b"", known=Nothing(), **context)
    pull = FilesSource().pull("p", at, cursor, sink)
    records = rows.get("record", [])
    assert all(row["project"] == "p" and row["source"] == "files" and row["fetched_at"] == NOW for row in records)
    assert [row["record"] for row in rows.get("core_ticket", [])] == [row["key"] for row in records]
    return Looked(pull, {row["key"]: Ticket.model_validate_json(row["payload"]) for row in records})


def _tickets(looked: Looked) -> dict[str, Ticket]:
    return looked.tickets


def test_every_markdown_file_is_a_ticket(tmp_path: Path):
    _write(tmp_path, "tickets/a.md", "---\ntitle: A\nstate: done\n---\nBody\n")
    _write(tmp_path, "tickets/deep/b.markdown", "# B\n")
    for other in ("README.md", ".hidden.md", "_draft.md", "notes.txt", ".git/c.md"):
        _write(tmp_path, f"tickets/{other}", "# no\n")
    pull = _pull(tmp_path)
    found = _tickets(pull)
    assert {key: one.title for key, one in found.items()} == {"a": "A", "deep/b": "B"}
    assert found["a"].state is TicketState.COMPLETED
    assert (pull.outcome, pull.replaced, pull.unchanged) == (Outcome.PRESENT, {"ticket"}, False)
    assert json.loads(json.dumps(pull.cursor)) == pull.cursor


def test_an_unchanged_folder_gives_no_rows_and_any_change_gives_all(tmp_path: Path):
    path = _write(tmp_path, "tickets/a.md", "# A\n")
    cursor = _pull(tmp_path).cursor
    os.utime(path, (1, 1))
    again = _pull(tmp_path, cursor)
    assert (again.unchanged, again.tickets) == (True, {})
    _write(tmp_path, "tickets/b.md", "# B\n")
    assert set(_tickets(_pull(tmp_path, cursor))) == {"a", "b"}
    (tmp_path / "tickets/b.md").unlink()
    path.rename(path.with_name("c.md"))
    assert set(_tickets(_pull(tmp_path, cursor))) == {"c"}


def test_the_last_ticket_that_goes_is_gone_from_the_warehouse_too(tmp_path: Path):
    path = _write(tmp_path, "tickets/a.md", "# A\n")
    before = _pull(tmp_path)
    path.unlink()
    emptied = _pull(tmp_path, before.cursor)
    assert (emptied.outcome, emptied.replaced, _tickets(emptied)) == (Outcome.PRESENT, {"ticket"}, {})
    assert _pull(tmp_path, emptied.cursor).outcome is Outcome.ABSENT
    assert _pull(tmp_path, emptied.cursor).unchanged
    path.parent.rmdir()
    vanished = _pull(tmp_path, before.cursor)
    assert (vanished.outcome, vanished.replaced, vanished.unchanged) == (Outcome.PRESENT, {"ticket"}, False)
    assert _pull(tmp_path, vanished.cursor).outcome is Outcome.NOT_APPLICABLE


def test_a_missing_folder_is_no_fault_unless_it_was_named(tmp_path: Path):
    assert _pull(tmp_path).outcome is Outcome.NOT_APPLICABLE
    named = _pull(tmp_path, named=True)
    assert (named.outcome, named.reason) == (Outcome.UNAVAILABLE, "there is no folder tickets")


def test_one_broken_file_is_told_and_kept_and_the_others_are_read(tmp_path: Path):
    _write(tmp_path, "tickets/good.md", "# Good\n")
    _write(tmp_path, "tickets/broken.md", "---\ntitle: [\n---\nstill here\n")
    _write(tmp_path, "tickets/twice.md", "---\na: 1\na: 2\n---\n")
    _write(tmp_path, "tickets/nul.md", b"a\0b")
    _write(tmp_path, "tickets/huge.md", b"x" * (5 << 20))
    pull = _pull(tmp_path)
    found = _tickets(pull)
    assert found["good"].state is TicketState.UNSTARTED
    assert {key for key, one in found.items() if one.native_state == "unreadable"} == {"broken", "twice", "nul", "huge"}
    assert "still here" in found["broken"].body
    assert [note.split(" ")[0] for note in pull.notes] == ["broken.md:2:", "huge.md:", "nul.md:1:", "twice.md:3:"]


def test_links_are_never_followed(tmp_path: Path):
    outside = tmp_path / "outside"
    _write(outside, "secret.md", "# Secret\n")
    checkout = tmp_path / "checkout"
    _write(checkout, "tickets/a.md", "# A\n")
    (checkout / "tickets/link.md").symlink_to(outside / "secret.md")
    (checkout / "tickets/folder").symlink_to(outside)
    (checkout / "tickets/loop").symlink_to(checkout / "tickets")
    assert set(_tickets(_pull(checkout))) == {"a"}
    (checkout / "elsewhere").symlink_to(outside)
    refused = _pull(checkout, folder="elsewhere")
    assert (refused.outcome, "is not a folder in the checkout" in refused.reason) == (Outcome.UNAVAILABLE, True)


@pytest.mark.parametrize("folder", ["..", ".", ".git", ".git/tickets", "/etc"])
def test_only_a_folder_in_the_work_tree_is_read(tmp_path: Path, folder: str):
    (tmp_path / ".git").mkdir()
    assert _pull(tmp_path, folder=folder).outcome is Outcome.UNAVAILABLE


def test_links_in_circles_and_files_in_place_of_folders_are_unavailable(tmp_path: Path):
    (tmp_path / "round").symlink_to(tmp_path / "round")
    assert _pull(tmp_path, folder="round").outcome is Outcome.UNAVAILABLE
    _write(tmp_path, "flat", "text")
    assert _pull(tmp_path, folder="flat").outcome is Outcome.UNAVAILABLE


def test_odd_names_and_pipes_do_not_stop_the_rest(tmp_path: Path):
    _write(tmp_path, "tickets/new\nline.md", "# N\n")
    os.mkfifo(tmp_path / "tickets/pipe.md")
    (tmp_path / "tickets/folder.md").mkdir()
    with open(os.fsencode(tmp_path / "tickets") + b"/caf\xe9.md", "wb") as file:  # noqa: PTH123 - a name that is no UTF-8
        file.write(b"# C\n")
    assert set(_tickets(_pull(tmp_path))) == {"new\nline", "caf\\xe9"}


def test_the_folder_can_be_read_as_it_is_now(tmp_path: Path):
    assert current_tickets("p", tmp_path / "tickets") == ()
    _write(tmp_path, "tickets/a.md", "# A\n")
    assert [one.title for one in current_tickets("p", tmp_path / "tickets")] == ["A"]
