"""However many ask at once, turns come evenly and never faster than agreed."""

import asyncio
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scout.lifecycle.pace import Pace


@given(st.floats(min_value=1, max_value=600), st.lists(st.floats(min_value=0, max_value=30), min_size=1, max_size=40))
def test_no_minute_has_more_questions_than_agreed(per_minute: float, pauses: list[float]):
    now, turns = 0.0, list[float]()

    async def sleep(seconds: float) -> None:
        turns[-1] += seconds

    async def asked() -> None:
        nonlocal now
        pace = Pace(per_minute, lambda: now, sleep)
        for pause in pauses:
            now += pause
            turns.append(now)
            await pace.turn()

    asyncio.run(asked())
    apart = 60 / per_minute
    assert all(later - earlier >= apart * 0.999 for earlier, later in pairwise(turns))
