"""A model is asked patiently, within a budget, for a value in a closed shape, and never twice the same."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from scout.errors import SettingsError
from scout.llm import Model, ModelError
from scout.llm._asking import Surroundings
from scout.model import Frozen
from scout.settings import Llm
from tests.oracle import Answering, Oracle, breaks_off, ends_early, ends_with, fails, falls_silent, oracle, says

KEY = "sk-test-0123456789abcdef0123"
GOOD = {"colour": "green", "shades": 3}


class Colour(Frozen):
    colour: str
    shades: int


class World:
    """Time that passes when somebody waits."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.day = "2026-03-04"

    @property
    def surroundings(self) -> Surroundings:
        return Surroundings(self.waits.append, lambda: 1_772_582_400.0, lambda: self.day)


@pytest.fixture
def world() -> World:
    return World()


def model(there: Oracle, folder: Path, world: World, **settings: Any) -> Model:
    chosen = Llm.model_validate({"base_url": there.url, "model": "m", "timeout": 5, **settings})
    return Model(chosen, KEY, folder, world.surroundings)


def test_it_answers_with_a_checked_value(tmp_path: Path, world: World):
    with oracle(says(GOOD)) as there:
        assert model(there, tmp_path, world).ask("Which?", "Grass.", Colour) == Colour(colour="green", shades=3)

    asked = there.asked[0]
    assert there.keys == [f"Bearer {KEY}"]
    assert asked["response_format"]["json_schema"]["schema"]["additionalProperties"] is False
    assert "Grass." in asked["messages"][1]["content"]
    assert world.waits == []


def test_the_same_question_is_asked_once_even_by_another_run(tmp_path: Path, world: World):
    with oracle(says(GOOD)) as there:
        first = model(there, tmp_path, world).ask("Which?", "Grass.", Colour)
        assert model(there, tmp_path, world).ask("Which?", "Grass.", Colour) == first
        assert len(there.asked) == 1
        model(there, tmp_path, world).ask("Which?", "Snow.", Colour)

    assert len(there.asked) == 2


@pytest.mark.parametrize("bad", ['{"colour": "green"}', "green", '{"colour": "green", "shades": 3, "more": 1}', ""])
def test_a_wrong_shape_is_asked_to_be_mended_once(bad: str, tmp_path: Path, world: World):
    with oracle(says(bad), says(GOOD)) as there:
        assert model(there, tmp_path, world).ask("Which?", "Grass.", Colour).shades == 3

    assert len(there.asked) == 2
    assert "does not fit the schema" in there.asked[1]["messages"][-1]["content"]


def test_a_wrong_shape_twice_ends_it_and_is_not_asked_again(tmp_path: Path, world: World):
    with oracle(says("green")) as there:
        for _ in range(2):
            with pytest.raises(ModelError, match="do not fit the schema"):
                model(there, tmp_path, world).ask("Which?", "Grass.", Colour)

    assert len(there.asked) == 2


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (ends_with("stop", refusal="I will not."), "refused to answer"),
        (ends_with("content_filter"), "refused to answer"),
        (ends_with("length", content='{"colour": "gr'), "longer than `answer_tokens`"),
    ],
)
def test_a_refusal_is_taken_for_an_answer(answer: Answering, said: str, tmp_path: Path, world: World):
    with oracle(answer) as there:
        for _ in range(2):
            with pytest.raises(ModelError, match=said):
                model(there, tmp_path, world).ask("Which?", "Grass.", Colour)

    assert len(there.asked) == 1


@pytest.mark.parametrize("lost", [breaks_off, ends_early, fails(500), fails(503), fails(429), fails(408)])
def test_what_is_lost_is_asked_again_after_a_while(lost: Answering, tmp_path: Path, world: World):
    with oracle(lost, lost, says(GOOD)) as there:
        assert model(there, tmp_path, world).ask("Which?", "Grass.", Colour).colour == "green"

    assert world.waits == [1.0, 2.0]


@pytest.mark.parametrize("lost", [breaks_off, fails(500), fails(429)])
def test_what_stays_lost_is_left_to_the_next_run(lost: Answering, tmp_path: Path, world: World):
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
def test_it_waits_as_long_as_it_is_asked_to(headers: dict[str, str], seconds: float, tmp_path: Path, world: World):
    with oracle(fails(429, **headers), says(GOOD)) as there:
        model(there, tmp_path, world).ask("Which?", "Grass.", Colour)

    assert world.waits == [seconds]


def test_it_does_not_wait_beyond_its_patience(tmp_path: Path, world: World):
    with oracle(fails(429, Retry_After="3600")) as there, pytest.raises(ModelError, match="wait 3600 seconds"):
        model(there, tmp_path, world).ask("Which?", "Grass.", Colour)

    assert world.waits == []
    assert len(there.asked) == 1


def test_silence_ends_an_attempt(tmp_path: Path, world: World):
    let_go = threading.Event()
    try:
        with oracle(falls_silent(let_go), says(GOOD)) as there:
            found = model(there, tmp_path, world, timeout=0.3).ask("Which?", "Grass.", Colour)
            let_go.set()
    finally:
        let_go.set()

    assert found.colour == "green"


def test_nobody_there_is_said_in_a_sentence(tmp_path: Path, world: World):
    with oracle(says(GOOD)) as there:
        pass
    with pytest.raises(ModelError, match=r"at 127\.0\.0\.1 gave no answer: it could not be reached") as caught:
        model(there, tmp_path, world).ask("Which?", "Grass.", Colour)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "remedy"),
    [
        (fails(401), "api_key_file"),
        (fails(403), "permission"),
        (fails(404), "base_url"),
        (fails(400), "structured output"),
        (fails(429, "insufficient_quota"), "quota"),
        (fails(307, Location="http://127.0.0.1:9/v1"), "structured output"),
    ],
)
def test_a_no_is_not_asked_twice_and_has_a_remedy(answer: Answering, remedy: str, tmp_path: Path, world: World):
    with oracle(answer) as there, pytest.raises(ModelError, match=remedy):
        model(there, tmp_path, world).ask("Which?", "Grass.", Colour)

    assert len(there.asked) == 1
    assert world.waits == []


def test_secrets_do_not_leave(tmp_path: Path, world: World):
    secrets = ("ghp_" + "a1" * 18, "hunter2hunter2", "AKIA" + "ABCDEFGH12345678", KEY)
    brief = (
        f"token {secrets[0]}\npassword = '{secrets[1]}'\n{secrets[2]} {secrets[3]}\nhttps://u:{secrets[1]}@x.example/"
    )
    with oracle(says(GOOD)) as there:
        model(there, tmp_path, world).ask("Which?", brief, Colour)

    assert [secret for secret in secrets if secret in there.words] == []
    kept = "".join(file.read_text() for file in tmp_path.iterdir())
    assert [secret for secret in secrets if secret in kept] == []


@pytest.mark.parametrize(
    ("limits", "whose"),
    [
        ({"requests_per_run": 1}, "This run's budget"),
        ({"requests_per_day": 1}, "The day's budget"),
        ({"tokens_per_run": 9000}, "This run's budget"),
        ({"tokens_per_day": 9000}, "The day's budget"),
    ],
)
def test_a_budget_ends_the_questions(limits: dict[str, int], whose: str, tmp_path: Path, world: World):
    with oracle(says(GOOD, tokens=5000)) as there:
        asking = model(there, tmp_path, world, **limits)
        asking.ask("Which?", "Grass.", Colour)
        with pytest.raises(ModelError, match=whose):
            asking.ask("Which?", "Snow.", Colour)

    assert len(there.asked) == 1


def test_the_day_counts_over_all_runs_and_a_new_day_begins_at_nothing(tmp_path: Path, world: World):
    with oracle(says(GOOD)) as there:
        model(there, tmp_path, world, requests_per_day=1).ask("Which?", "Grass.", Colour)
        with pytest.raises(ModelError, match="The day's budget"):
            model(there, tmp_path, world, requests_per_day=1).ask("Which?", "Snow.", Colour)
        world.day = "2026-03-05"
        model(there, tmp_path, world, requests_per_day=1).ask("Which?", "Snow.", Colour)

    assert json.loads((tmp_path / "spent").read_text()) == {"day": "2026-03-05", "requests": 1, "tokens": 100}


def test_damaged_memory_is_no_fault(tmp_path: Path, world: World):
    with oracle(says(GOOD)) as there:
        model(there, tmp_path, world).ask("Which?", "Grass.", Colour)
        for file in tmp_path.iterdir():
            file.write_text("{")
        model(there, tmp_path, world).ask("Which?", "Grass.", Colour)

    assert len(there.asked) == 2


def test_no_settings_are_no_model_and_wrong_ones_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SCOUT_LLM_API_KEY", KEY)
    assert Model.of(Llm(), tmp_path, tmp_path) is None
    assert Model.of(Llm(model="m"), tmp_path, tmp_path) is None
    with pytest.raises(SettingsError, match="base_url"):
        Model.of(Llm(model="m", base_url="file:///etc"), tmp_path, tmp_path)
    with pytest.raises(SettingsError, match="cannot be read"):
        Model.of(Llm(model="m", base_url="http://x.example", api_key_file="nothing"), tmp_path, tmp_path)
