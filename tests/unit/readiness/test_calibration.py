"""A total means what it meant in the project's history, as far as there is any; and says how sure that is."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.model import TicketState
from scout.readiness import Judged, assess, rubric_digest
from scout.readiness.calibration import BINS, Calibration, Past, calibrate, chance, outcome

CRITERIA = ("telling", "idle")


def _past(total: float, length: int, done: bool) -> Past:  # noqa: FBT001 - drawn
    return Past(total, length, {"telling": total, "idle": 0.5}, done)


HISTORIES = st.lists(st.builds(_past, st.floats(0, 1), st.integers(0, 10_000), st.booleans()), max_size=60)


def history(count: int, share: float = 0.8, seed: int = 7) -> list[Past]:
    """Return tickets that are finished the likelier the higher `telling`; `idle` is noise, and so is length."""
    chances = random.Random(seed)  # noqa: S311 - a sample
    made: list[Past] = []
    for _ in range(count):
        total = chances.random()
        done = chances.random() < share * total + (1 - share) * 0.5
        made.append(Past(total, chances.randrange(5_000), {"telling": total, "idle": chances.random()}, done))
    return made


def learned(count: int) -> Calibration:
    return calibrate(history(count), CRITERIA, "r")


def test_what_was_sent_back_did_not_succeed_and_what_nobody_wants_says_nothing():
    done, gone = TicketState.COMPLETED, TicketState.CANCELED
    assert outcome(done, "Fixed", (), sent_back=False) is True
    assert outcome(done, "Fixed", (), sent_back=True) is False
    assert outcome(done, "Needs more info", (), sent_back=False) is False
    assert outcome(gone, "Cannot Reproduce", (), sent_back=False) is False
    assert outcome(gone, "not_planned", ("needs-info",), sent_back=False) is False
    assert outcome(done, "completed", ("needs-info",), sent_back=False) is True
    assert outcome(gone, "Duplicate", (), sent_back=False) is None
    assert outcome(gone, "Won't Fix", ("bug",), sent_back=False) is None
    assert outcome(TicketState.UNSTARTED, "", (), sent_back=True) is False
    assert outcome(TicketState.UNSTARTED, "", (), sent_back=False) is None


def test_without_history_it_is_a_guess_and_says_so():
    known = chance(0.75, None)
    assert known.tickets == 0
    assert known.low < known.value < known.high
    assert known.high - known.low > 0.5
    assert str(known).endswith("n=0: a guess")


def test_the_more_history_the_narrower():
    widths = [(known := chance(0.65, learned(count))).high - known.low for count in (0, 60, 600, 6000)]
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.1


def test_with_much_history_it_is_the_share_that_was_counted():
    tickets = history(5000)
    near = [one for one in tickets if 0.7 <= one.total < 0.8]
    known = chance(0.75, calibrate(tickets, CRITERIA, "r"))
    assert known.value == pytest.approx(sum(one.done for one in near) / len(near), abs=0.03)
    assert str(known) == f"{known.value:.2f} ({known.low:.2f}–{known.high:.2f}), n={known.tickets}"


def test_where_there_is_little_other_projects_stand_in():
    others = [calibrate([Past(0.75, 100, {}, done=True)] * 200, CRITERIA, "r")]
    alone, among = chance(0.75, None), chance(0.75, None, others)
    assert among.value > alone.value + 0.1
    assert among.others == 200
    assert str(among).endswith("a guess from other projects")
    against = calibrate([Past(0.75, 100, {}, done=False)] * 400, CRITERIA, "r")
    assert chance(0.75, against, others).value < 0.1


@given(made=HISTORIES, other=HISTORIES)
def test_a_higher_score_never_means_a_lower_chance(made: list[Past], other: list[Past]):
    own, others = calibrate(made, CRITERIA, "r"), [calibrate(other, CRITERIA, "r")]
    along = [chance(at / BINS + 0.01, own, others) for at in range(BINS)]
    assert [one.value for one in along] == sorted(one.value for one in along)
    assert all(0 <= one.low <= one.value <= one.high <= 1 for one in along)
    assert calibrate(list(reversed(made)), CRITERIA, "r").tenths == own.tenths


@given(made=HISTORIES)
def test_weights_lose_at_most_half_and_nothing_without_enough_of_both_ends(made: list[Past]):
    known = calibrate(made, CRITERIA, "r")
    assert all(0.5 <= one.factor <= 1 for one in known.effects)
    if known.tickets < 40 or min(known.done, known.tickets - known.done) < 10:
        assert known.factors == ()


def test_a_criterion_without_effect_is_shown_as_such_and_loses_weight():
    telling, idle = learned(2000).effects
    assert (telling.said, telling.factor) == ("helps", 1.0)
    assert (idle.said, idle.factor) == ("no effect", 0.5)
    assert learned(2000).factors == (("idle", 0.5),)


def test_an_effect_of_length_alone_is_none():
    """Long texts succeed, and long texts have the higher verdict: among texts of like length nothing is left."""
    chances = random.Random(3)  # noqa: S311 - a sample
    made: list[Past] = []
    for _ in range(3000):
        length = chances.randrange(5)
        made.append(
            Past(0.5, length, {"long": length / 5 + chances.random() / 50}, chances.random() < length / 5 + 0.1)
        )
    (effect,) = calibrate(made, ("long",), "r").effects
    assert effect.area == pytest.approx(0.5, abs=0.05)
    assert effect.factor < 0.7


def test_weights_change_the_total_and_the_rubric_and_no_verdict():
    text = Judged.of("Export in UTC", "## Expected\n\nIt must write UTC.\n\n## Current\n\nIt writes local time.")
    plain, weighed = assess(text), assess(text, (("why", 0.5), ("environment", 0.5)))
    assert weighed.total > plain.total
    assert weighed.rubric == rubric_digest((("why", 0.5), ("environment", 0.5))) != plain.rubric
    assert weighed.digest != plain.digest
    assert [(one.criterion, one.score, one.passing) for one in weighed.verdicts] == [
        (one.criterion, one.score, one.passing) for one in plain.verdicts
    ]
