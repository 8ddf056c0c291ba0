"""A second reader may move what is weighed, with the ticket's own words; no gate listens to it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scout.llm import Model
from scout.model import Comment, Passing, Readiness, Ticket
from scout.readiness import READY_FROM, Judged, assess
from scout.service.asking import Asking
from scout.service.second_reader import ReadingLine, SecondReader, SecondReading, second
from scout.settings import Llm
from tests.oracle import Oracle, fails, oracle, says
from tests.unit.drafts.attacks import ATTACKS
from tests.wordings import Purse

BODY = """The nightly export writes an empty file when no order was placed on the day before.

It should write a file with the header line alone, since the importer reads the header first.

The importer of the warehouse team stops at an empty file, and somebody has to delete it by hand.
"""
TICKET = Ticket(
    project="p", key="1", source="files", title="Write the header of an empty export", body=BODY,
    comments=(Comment(at=None, body="The file is made by `export/nightly.py`, line 40."),),
)  # fmt: skip


def judged(ticket: Ticket = TICKET) -> Readiness:
    comments = tuple(one.body for one in ticket.comments)
    return assess(Judged.of(ticket.title, ticket.body, kind=ticket.kind, comments=comments))


def said(*answers: tuple[str, str, str]) -> SecondReading:
    return SecondReading.model_validate(
        {"answers": [{"criterion": name, "met": met, "quotation": words} for name, met, words in answers]}
    )


def weighed(readiness: Readiness, *, low: bool) -> str:
    """Return a weighed criterion that is low, or one that is not."""
    chosen = (one for one in readiness.verdicts if not one.gate and one.passing is not Passing.NOT_APPLICABLE)
    return next(one.criterion for one in chosen if (one.score < 0.5) is low)


QUOTED = "The importer of the warehouse team stops at an empty file"


def test_a_true_quotation_moves_what_is_weighed_up_and_down():
    before = judged()
    up, down = weighed(before, low=True), weighed(before, low=False)

    raised = second(before, said((up, "yes", QUOTED)), BODY)
    lowered = second(before, said((down, "no", QUOTED)), BODY)

    assert raised.total > before.total > lowered.total
    assert raised.digest != before.digest != lowered.digest
    moved = next(one for one in raised.verdicts if one.criterion == up)
    assert (moved.passing, moved.reason) == (Passing.PASSED, f'A second reader finds it in "{QUOTED}".')
    assert next(one for one in lowered.verdicts if one.criterion == down).remedy


@pytest.mark.parametrize(
    ("met", "words"),
    [
        ("yes", "The importer of the warehouse team stops at every file"),
        ("yes", "an empty"),
        ("yes", ""),
        ("unclear", QUOTED),
        ("no", "There is no such sentence in it."),
    ],
)
def test_what_proves_nothing_moves_nothing(met: str, words: str):
    before = judged()
    assert second(before, said(*((one.criterion, met, words) for one in before.verdicts)), BODY) == before


def test_one_sentence_proves_one_thing():
    before = judged()
    after = second(before, said(*((one.criterion, "yes", QUOTED) for one in reversed(before.verdicts))), BODY)
    assert sum(one != other for one, other in zip(before.verdicts, after.verdicts, strict=True)) <= 1


def opened() -> Readiness:
    """Return a readiness whose gates are all open."""
    return judged().having(failed_gates=())


def reader(there: Oracle, folder: Path, most: int = 5) -> SecondReader:
    model = Model(Llm(base_url=there.url, model="m", patience=0), "", folder, Purse())
    return SecondReader(Asking(model, "p"), most)


def test_comments_are_read_too_and_gates_are_not_asked_about(tmp_path: Path):
    before = opened()
    answer = said((weighed(before, low=True), "yes", "The file is made by `export/nightly.py`"))
    with oracle(says(answer.model_dump(mode="json"))) as there:
        assert reader(there, tmp_path).read(TICKET, before).total > before.total
        told: str = there.asked[0]["messages"][1]["content"]

    assert "export/nightly.py" in told
    assert not [one.criterion for one in before.verdicts if one.gate and f'"id": "{one.criterion}"' in told]


def test_it_is_asked_once_and_its_word_is_remembered(tmp_path: Path):
    before = opened()
    answer = said((weighed(before, low=True), "yes", QUOTED))
    with oracle(says(answer.model_dump(mode="json"))) as there:
        assert reader(there, tmp_path, most=0).read(TICKET, before) == before
        assert there.asked == []
        read = reader(there, tmp_path).read(TICKET, before)
        assert reader(there, tmp_path, most=0).read(TICKET, before) == read != before
        assert len(there.asked) == 1


def test_without_an_answer_the_rubrics_word_stands(tmp_path: Path):
    before = opened()
    with oracle(fails(400)) as there:
        assert reader(there, tmp_path).read(TICKET, before) == before
        assert len(there.asked) == 1


def test_where_it_cannot_decide_it_is_not_asked(tmp_path: Path):
    before = opened()
    with oracle(fails(400)) as there:
        closed = before.having(ready=False, failed_gates=("wanted-outcome",))
        assert reader(there, tmp_path).read(TICKET, closed) == closed
        assert there.asked == []


def test_hidden_characters_make_no_other_quotation():
    before = judged()
    name = weighed(before, low=True)
    assert second(before, said((name, "yes", f"The \u200bimporter{QUOTED[12:]}")), BODY).total > before.total


_LINES = BODY.splitlines() + [attack.text for attack in ATTACKS.values()]


@given(
    st.sampled_from([attack.text for attack in ATTACKS.values()]),
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["yes", "no"]), st.sampled_from(_LINES)), max_size=12),
)
def test_no_answer_moves_a_gate(attack: str, answers: list[tuple[int, str, str]]):
    ticket = TICKET.having(body=f"{BODY}\n{attack}\n")
    before = judged(ticket)
    names = [one.criterion for one in before.verdicts]
    reading = SecondReading(
        answers=tuple(
            ReadingLine.model_validate({"criterion": names[at % len(names)], "met": met, "quotation": words})
            for at, met, words in answers
        )
    )
    after = second(before, reading, ticket.body)
    assert after.failed_gates == before.failed_gates
    assert [one for one in after.verdicts if one.gate] == [one for one in before.verdicts if one.gate]
    assert not (after.ready and after.failed_gates)
    assert after.ready == (not after.failed_gates and after.total >= READY_FROM)
