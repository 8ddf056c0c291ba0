"""A day in, an order out."""

import json

import pytest

from scout.errors import UsageError
from scout.service.evaluate_policy import orders

DAY = {
    "day": 1,
    "on_hand": 2,
    "on_order": {"drafting": 0, "queued": 1, "accepted": 0},
    "today": {"starts": 2, "starved": 1, "leads": [3, 4.5], "waits": None, "another": 1},
    "ceiling": 4,
}


def test_each_day_is_answered_at_once():
    lines = iter([json.dumps(DAY), "", json.dumps({"on_hand": 100})])
    answers = orders(lines)
    first = next(answers)
    assert next(lines) == ""
    assert 0 < first.order <= 3
    assert "4 at a time" in first.reason
    assert [one.order for one in answers] == [0]


@pytest.mark.parametrize("line", ["{", "[]", '{"on_hand": -1}', '{"on_hand": "x"}', "{}", '{"on_hand":1e400}'])
def test_a_line_that_is_no_day_is_told_with_its_number(line: str):
    with pytest.raises(UsageError, match="Line 2"):
        list(orders([json.dumps(DAY), line]))
