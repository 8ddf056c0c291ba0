"""The figures of precision come from labels alone, and say so where nobody has read."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.model import Evidence, EvidenceKind, Finding, Story, WorkKind
from scout.signals import _acceptance, fresh_reading, on_trial
from scout.signals._acceptance import FreshReading, FreshVerdicts
from tests.precision import acceptance, measure
from tests.precision.measure import Label, State, figures, judged, labels, states_of

STATE = State("meadow/rocket", "a" * 40, "2026-03-04")


def label(verdict: str, **changes: str) -> Label:
    row = {
        "repository": STATE.repository,
        "sha": STATE.sha,
        "now": "2026-03-04T10:00:00Z",
        "signal": "todo-age",
        "locator": "a.py:3",
        "fingerprint": "todo-age:1",
    }
    return Label.of({**row, "verdict": verdict, **changes})


def finding(locator: str) -> Finding:
    return Finding(
        signal="todo-age",
        subject=locator,
        severity=1,
        kind=WorkKind.CHORE,
        story=Story(title="A", current="B.", why="C.", wanted="D.", acceptance=("E.",)),
        evidence=(Evidence(kind=EvidenceKind.FILE, locator=locator, seen="x"),),
    )


def test_all_labels_can_be_read_and_hold_no_text():
    known = labels()
    for file in measure.labelled():
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            assert len(row["note"].split()) <= 12, row
            assert len(row["repository"].split("/")) == 2
    assert {one.verdict for one in known} <= set(measure.VERDICTS)


def test_a_verdict_is_found_by_fingerprint_then_by_place():
    one, other, new = finding("a.py:3"), finding("b.py:9"), finding("c.py:1")
    known = [
        label("T", fingerprint=one.fingerprint, locator="moved.py:1"),
        label("F", locator="b.py:9", fingerprint="x"),
    ]

    assert [judgement.verdict for judgement in judged(STATE, [one, other, new], known)] == ["T", "F", "unread"]


def test_labels_of_other_repositories_and_commits_do_not_count():
    other = [label("T", repository="meadow/other"), label("T", sha="b" * 40, locator="a.py:3", fingerprint="x")]

    assert [judgement.verdict for judgement in judged(STATE, [finding("a.py:3")], other)] == ["unread"]


def test_figures_are_the_same_in_any_order():
    found = judged(STATE, [finding("a.py:3"), finding("b.py:9")], [label("T", locator="a.py:3")])
    archived = [label("t", sha="", signal="duplicate-tickets")]
    once = figures(found, [STATE], archived)

    assert once == figures(found[::-1], [STATE], archived)
    assert once["signals"]["todo-age"] == {"T": 1, "t": 0, "F": 0, "unread": 1, "repositories": 1}
    assert once["signals"]["duplicate-tickets"]["t"] == 1
    assert once["looked_at"] == [
        {"repository": "meadow/rocket", "sha": "a" * 12, "now": "2026-03-04", "T": 1, "t": 0, "F": 0, "unread": 1}
    ]


def test_a_repository_is_looked_at_in_the_state_that_most_labels_are_about():
    assert states_of([label("T"), label("T"), label("T", sha="b" * 40), label("T", sha="")]) == [STATE]


def test_without_clones_it_says_so_and_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    monkeypatch.delenv("SCOUT_MIRRORS", raising=False)
    monkeypatch.setattr(measure, "MEASURED", tmp_path / "measured.json")

    assert measure.main([]) == 0
    assert "SCOUT_MIRRORS" in capsys.readouterr().out
    assert not (tmp_path / "measured.json").exists()


def test_the_table_of_acceptance_is_what_fresh_readers_said():
    assert acceptance.TABLE.read_text("utf-8") == acceptance.table(acceptance.rounds()), "run `make precision`"
    reading = fresh_reading()
    assert reading.read == sum(one.read for one in reading.signals.values())
    assert all(0 <= one.worth <= one.weight <= one.read for one in reading.signals.values())


def test_a_verdict_counts_half_for_every_later_round():
    def said(*verdicts: str) -> list[dict[str, str]]:
        return [{"signal": "todo-age", "verdict": one, "now": "2026-03-04"} for one in verdicts]

    table = acceptance.table([said("T", "F"), said("t"), said("T")])
    assert 'rounds = 3\nread = 4\nuntil = "2026-03-04"' in table
    assert "todo-age = { read = 4, wanted = 2, weight = 2, worth = 1.25 }" in table


@pytest.mark.parametrize(
    ("read", "wanted", "kept_back"), [(4, 0, False), (5, 0, True), (7, 1, False), (8, 1, True), (24, 2, True)]
)
def test_a_scout_is_on_trial_while_fresh_readers_want_little_of_it(
    *, read: int, wanted: int, kept_back: bool, monkeypatch: pytest.MonkeyPatch
):
    said = FreshVerdicts(read=read, wanted=wanted, weight=1, worth=1)
    reading = FreshReading(rounds=1, read=read, until="2026-03-04", signals={"todo-age": said})
    monkeypatch.setattr(_acceptance, "fresh_reading", lambda: reading)

    assert bool(on_trial("todo-age")) is kept_back
    assert on_trial("skipped-test") == ""


@given(weight=st.floats(0.01, 1000), share=st.floats(0, 1), prior=st.floats(0.01, 1))
def test_a_first_chance_lies_between_what_is_known_of_all_and_what_was_read(weight: float, share: float, prior: float):
    found = FreshVerdicts(read=1, wanted=0, weight=weight, worth=weight * share).chance(prior)
    assert min(share, prior) - 1e-9 <= found <= max(share, prior) + 1e-9
