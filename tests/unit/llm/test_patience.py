"""A model is asked patiently but not for ever, and what it costs is set aside before."""

import threading
from pathlib import Path

import pytest

from scout.llm import Failure, ModelError
from scout.model import Spend
from tests.oracle import (
    Answering,
    breaks_off,
    ends_early,
    ends_with,
    fails,
    falls_silent,
    keeps_alive,
    never_ends_a_line,
    oracle,
    overflows,
    says,
    streams,
)
from tests.unit.llm.world import GOOD, KEY, Colour, World, a_world, model

__all__ = ["a_world"]


@pytest.mark.parametrize("lost", [breaks_off, ends_early, fails(500), fails(503), fails(429), fails(408)])
def test_what_is_lost_is_asked_again_after_a_while(lost: Answering, tmp_path: Path, world: World) -> None:
    with oracle(lost, lost, says(GOOD)) as there:
        assert model(there, tmp_path, world).ask("Which?", "Grass.", Colour).colour == "green"

    assert world.waits == [1.0, 2.0]


@pytest.mark.parametrize("lost", [breaks_off, fails(500), fails(429)])
def test_what_stays_lost_is_left_to_the_next_run(lost: Answering, tmp_path: Path, world: World) -> None:
    with oracle(lost) as there, pytest.raises(ModelError, match="gave no answer"):
        model(there, tmp_path, world).ask("Which?", "Grass.", Colour)
    assert len(there.asked) == 3

    with oracle(says(GOOD)) as again:
        assert model(again, tmp_path, world).ask("Which?", "Grass.", Colour).shades == 3


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "7"}, 7.0),
        ({"Retry_After": "Wed, 04 Mar 2026 00:00:20 GMT"}, 20.0),
        ({"retry_after_ms": "1500"}, 1.5),
        ({"Retry_After": "soon"}, 1.0),
    ],
)
def test_it_waits_as_long_as_it_is_asked_to(
    headers: dict[str, str], seconds: float, tmp_path: Path, world: World
) -> None:
    with oracle(fails(429, **headers), says(GOOD)) as there:
        model(there, tmp_path, world).ask("Which?", "Grass.", Colour)

    assert world.waits == [seconds]


def test_it_does_not_wait_beyond_its_patience(tmp_path: Path, world: World) -> None:
    with oracle(fails(429, Retry_After="3600")) as there, pytest.raises(ModelError, match="wait 3600 seconds"):
        model(there, tmp_path, world).ask("Which?", "Grass.", Colour)

    assert world.waits == []
    assert len(there.asked) == 1


def test_silence_ends_an_attempt(tmp_path: Path, world: World) -> None:
    let_go = threading.Event()
    try:
        with oracle(falls_silent(let_go), says(GOOD)) as there:
            found = model(there, tmp_path, world, timeout=0.3).ask("Which?", "Grass.", Colour)
            let_go.set()
    finally:
        let_go.set()

    assert found.colour == "green"


def test_nobody_there_is_said_in_a_sentence(tmp_path: Path, world: World) -> None:
    with oracle(says(GOOD)) as there:
        pass
    with pytest.raises(ModelError, match=r"at 127\.0\.0\.1 gave no answer: it could not be reached") as caught:
        model(there, tmp_path, world).ask("Which?", "Grass.", Colour)
    assert KEY not in str(caught.value)


def test_a_budget_ends_the_questions(tmp_path: Path, world: World) -> None:
    world.most = 1
    with oracle(says(GOOD)) as there:
        asking = model(there, tmp_path, world)
        asking.ask("Which?", "Grass.", Colour, "meadow")
        with pytest.raises(ModelError, match="The day's budget") as caught:
            asking.ask("Which?", "Snow.", Colour)

    assert caught.value.failure is Failure.OVER_BUDGET
    assert len(there.asked) == 1
    assert world.projects == ["meadow"]


def test_what_is_reserved_is_never_less_than_what_can_be_spent(tmp_path: Path, world: World) -> None:
    with oracle(says(GOOD, tokens=100)) as there:
        asking = model(there, tmp_path, world, price_of_questions=2.5, price_of_answers=10, answer_tokens=300)
        asking.ask("Which?", "Grass. 草. 🌱", Colour)

    sent = sum(len(message["content"].encode()) for message in there.asked[0]["messages"])
    assert there.asked[0]["max_completion_tokens"] == 300
    assert world.reserved[0].tokens >= sent + 300
    assert world.reserved[0].money >= sent * 2.5 + 300 * 10
    assert world.settled[0] == Spend(requests=1, tokens=100, money=993)  # 1 of the question, 99 of the answer


@pytest.mark.parametrize(
    ("answer", "settled"),
    [
        (fails(429), Spend(requests=1)),
        (fails(500), Spend(requests=1)),
        (fails(401), Spend(requests=1)),
        (fails(504), None),
        (breaks_off, None),
        (ends_early, None),
        (ends_with("length", content="{"), None),
        (says("green", tokens=50), Spend(requests=1, tokens=50)),
    ],
)
def test_what_nobody_has_told_the_price_of_counts_whole(
    answer: Answering, settled: Spend | None, tmp_path: Path, world: World
) -> None:
    with oracle(answer) as there, pytest.raises(ModelError):
        model(there, tmp_path, world).ask("Which?", "Grass.", Colour)

    assert len(world.reserved) == len(there.asked)
    assert list(world.settled.values()) == ([] if settled is None else [settled] * len(there.asked))


def test_an_endpoint_that_is_down_is_left_alone_and_then_tried_once(tmp_path: Path, world: World) -> None:
    with oracle(fails(503)) as there:
        asking = model(there, tmp_path, world)
        for brief in "abc":
            with pytest.raises(ModelError, match="answered 503"):
                asking.ask("Which?", brief, Colour)
        with pytest.raises(ModelError, match="left alone"):
            asking.ask("Which?", "d", Colour)
        assert len(there.asked) == 9
        world.now += 301
        for brief in "ef":
            with pytest.raises(ModelError):
                asking.ask("Which?", brief, Colour)
        assert len(there.asked) == 12
        there.answers[:] = [says(GOOD)]
        world.now += 301
        assert asking.ask("Which?", "g", Colour) == asking.ask("Which?", "h", Colour)


def test_an_answer_about_us_is_the_last_one(tmp_path: Path, world: World) -> None:
    with oracle(fails(401)) as there:
        asking = model(there, tmp_path, world)
        for brief in "abc":
            with pytest.raises(ModelError):
                asking.ask("Which?", brief, Colour)

    assert len(there.asked) == 1


def test_refusals_are_no_reason_to_leave_it_alone(tmp_path: Path, world: World) -> None:
    with oracle(ends_with("content_filter")) as there:
        asking = model(there, tmp_path, world)
        for brief in "abcde":
            with pytest.raises(ModelError, match="refused"):
                asking.ask("Which?", brief, Colour)

    assert len(there.asked) == 5


def test_no_two_of_many_ask_again_at_the_same_moment(tmp_path: Path, world: World) -> None:
    world.chance = 0.5
    with oracle(fails(429, Retry_After="8"), fails(500), says(GOOD)) as there:
        model(there, tmp_path, world).ask("Which?", "Grass.", Colour)

    assert world.waits == [9.0, 2.25]


def test_an_answer_that_was_too_long_is_asked_for_again_when_there_is_more_room(tmp_path: Path, world: World) -> None:
    with oracle(ends_with("length", content="{"), says(GOOD)) as there:
        for _ in range(2):
            with pytest.raises(ModelError, match="answer_tokens") as caught:
                model(there, tmp_path, world, answer_tokens=300).ask("Which?", "Grass.", Colour)
            assert caught.value.failure is Failure.TRUNCATED
        assert len(there.asked) == 1
        model(there, tmp_path, world, answer_tokens=600).ask("Which?", "Grass.", Colour)

    assert len(there.asked) == 2


@pytest.mark.parametrize("unending", [overflows, never_ends_a_line])
def test_an_answer_without_end_is_cut_off(unending: Answering, tmp_path: Path, world: World) -> None:
    with oracle(unending) as there, pytest.raises(ModelError, match="longer than") as caught:
        model(there, tmp_path, world).ask("Which?", "Grass.", Colour)

    assert caught.value.failure is Failure.TRUNCATED
    assert len(there.asked) == 1


def test_signs_of_life_do_not_buy_time(tmp_path: Path, world: World) -> None:
    let_go = threading.Event()
    try:
        with oracle(keeps_alive(let_go), says(GOOD)) as there:
            found = model(there, tmp_path, world, timeout=0.3).ask("Which?", "Grass.", Colour)
            let_go.set()
    finally:
        let_go.set()

    assert found.colour == "green"


@pytest.mark.parametrize("said", ["[", '{"choices": 3}', '{"error": {"message": "x"}}', "[" * 100_000])
def test_events_that_are_none_of_the_protocol_are_a_lost_answer(said: str, tmp_path: Path, world: World) -> None:
    with oracle(streams(said), says(GOOD)) as there:
        assert model(there, tmp_path, world).ask("Which?", "Grass.", Colour).colour == "green"

    assert len(there.asked) == 2
