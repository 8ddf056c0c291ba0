"""The rows behind the page's figures: replaced by project, read by pages, found again by their words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scout.errors import StoreError
from scout.warehouse.published import FindingRow, Rows, TicketRow


def a_ticket(
    place: int, title: str = "Mend the link", stock: str = "open", said: str = "It leads nowhere."
) -> TicketRow:
    state = "completed" if stock == "closed" else "unstarted"
    return TicketRow(place=place, source="jira", key=f"K-{place}", title=title, state=state, stock=stock, said=said)


def a_finding(place: int, *, offered: bool = True, leads: bool = True, signal: str = "todo-age") -> FindingRow:
    return FindingRow(
        place=place, fingerprint=f"{signal}:{place}", signal=signal, subject="a.py", title="An old note", severity=2,
        offered=offered, leads=leads, paths="a.py\nb.py",
    )  # fmt: skip


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    return Rows(tmp_path / "state" / "snapshot.sqlite")


def test_before_the_first_run_there_is_nothing(rows: Rows):
    assert rows.digest("rocket") == ""
    assert rows.tickets("rocket", "open") == ()
    assert rows.counts("rocket") == {}
    assert rows.like("rocket", "anything") == ()
    assert rows.ticket("rocket", "K-1") is None


def test_rows_are_read_by_pages_and_by_project(rows: Rows):
    rows.replace("rocket", "d1", [a_ticket(at, stock="ready" if at % 3 else "open") for at in range(9)], [])
    rows.replace("harbour", "d2", [a_ticket(0)], [a_finding(0)])
    first = rows.tickets("rocket", "ready", most=4)
    second = rows.tickets("rocket", "ready", after=first[-1].place, most=4)
    assert [one.place for one in (*first, *second)] == [1, 2, 4, 5, 7, 8]
    assert rows.counts("rocket") == {"ready": 6, "open": 3, "closed": 0}
    assert rows.findings("rocket", offered=True) == ()
    assert rows.ticket("harbour", "K-0") == a_ticket(0)
    assert (rows.digest("rocket"), rows.digest("harbour")) == ("d1", "d2")


def test_what_is_replaced_is_gone_and_is_not_found_by_its_words_any_more(rows: Rows):
    rows.replace("rocket", "d1", [a_ticket(0, "Mend the winch"), a_ticket(1, "Paint the mast")], [a_finding(0)])
    assert [one.key for one in rows.like("rocket", "Winches mended")] == ["K-0"]
    rows.replace("rocket", "d2", [a_ticket(0, "Paint the crane")], [])
    assert rows.like("rocket", "winch") == ()
    assert [one.title for one in rows.like("rocket", "painted cranes of the harbour")] == ["Paint the crane"]
    assert rows.findings("rocket", offered=True) == ()


def test_likeness_stays_in_the_project_and_leaves_out_what_was_closed_long_ago(rows: Rows):
    rows.replace("rocket", "d", [a_ticket(0), a_ticket(1, stock="closed", said="")], [])
    rows.replace("harbour", "d", [a_ticket(0)], [])
    assert [one.place for one in rows.like("rocket", 'the LINK " OR * NEAR(')] == [0]


def test_what_leads_is_found_by_its_scout(rows: Rows):
    given = [a_finding(0), a_finding(1, leads=False), a_finding(2, offered=False), a_finding(3, signal="other")]
    rows.replace("rocket", "d", [], given)
    assert rows.leads("rocket", "todo-age") == (given[0],)
    assert rows.findings("rocket", offered=False) == (given[2],)


def test_a_failed_replacement_leaves_what_was_there(rows: Rows):
    rows.replace("rocket", "d1", [a_ticket(0)], [])

    def breaking() -> Iterator[TicketRow]:
        yield a_ticket(5)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        rows.replace("rocket", "d2", breaking(), [])
    assert rows.digest("rocket") == "d1"
    assert [one.place for one in rows.tickets("rocket", "open")] == [0]
    assert len(rows.like("rocket", "link")) == 1


def test_a_damaged_file_is_told_and_made_anew_by_the_next_run(rows: Rows, tmp_path: Path):
    (tmp_path / "state").mkdir()
    file = tmp_path / "state" / "snapshot.sqlite"
    file.write_bytes(b"no database at all, whatever it is called" * 100)
    with pytest.raises(StoreError, match="the next `scout run` writes it anew"):
        rows.counts("rocket")
    rows.replace("rocket", "d1", [a_ticket(0)], [])
    assert rows.counts("rocket")["open"] == 1
    assert file.stat().st_mode & 0o777 == 0o600
