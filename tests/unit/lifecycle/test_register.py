"""A run's register: one row a ticket, what it was in doubt about, what an audit and a person made of it."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scout.lifecycle.register import FILE, Register, opened
from scout.lifecycle.sheet import Row


def row(number: int, meaning: str, confidence: float = 0.4) -> Row:
    return Row(str(number), meaning, confidence, "a reason", "", "a-rule", "other", {})


def filled(kept: Register, count: int) -> None:
    for number in range(count):
        kept.add(number, ("meadow", "files", f"t-{number}"), f"Ticket {number}", "d")
        kept.judge("wave-1-1", [row(number, "someday")])


def test_a_second_doubt_stands_beside_the_first_so_that_what_a_model_owes_is_asked_again(tmp_path: Path):
    with opened(tmp_path) as kept:
        filled(kept, 1)
        kept.doubt(0, "over_budget: This run's budget for the model is spent")
        kept.doubt(0, "the audit says waiting")
        kept.doubt_below(0.5, "low confidence")
        (one,) = kept.entries()
    assert one.doubt == "over_budget: This run's budget for the model is spent; the audit says waiting"


def test_a_correction_ends_a_doubt_and_remembers_the_first_class(tmp_path: Path):
    with opened(tmp_path) as kept:
        filled(kept, 1)
        kept.doubt(0, "unclear: the model cannot tell")
        kept.correct("audit-1-1", row(0, "waiting", 0.9))
        (one,) = kept.entries()
    assert (one.meaning, one.first, one.doubt) == ("waiting", "someday", "")


def test_entries_are_given_some_at_a_time_while_the_file_is_written(tmp_path: Path):
    with opened(tmp_path) as kept:
        filled(kept, 4_500)
        seen = 0
        for one in kept.entries("meadow"):
            kept.remember("meadow", [(one.source, one.key, None)])
            seen += 1
    assert seen == 4_500


def test_a_register_from_before_labels_were_kept_gets_their_column_whoever_opens_it_first(tmp_path: Path):
    with opened(tmp_path) as kept:
        filled(kept, 1)
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("ALTER TABLE ticket DROP COLUMN had")
    connection.close()

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(labels, [tmp_path] * 8))
    assert found == [[()]] * 8


def labels(folder: Path) -> list[tuple[str, ...]]:
    with opened(folder) as kept:
        return [one.labels for one in kept.entries()]
