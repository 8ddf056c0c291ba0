"""A model is asked, within a consent, for a value in a closed shape, and never twice the same."""

from pathlib import Path

import pytest

from scout.errors import SettingsError
from scout.llm import Failure, Model, ModelError
from scout.settings import Llm
from tests.oracle import (
    Answering,
    ends_with,
    fails,
    oracle,
    says,
)
from tests.unit.llm.world import GOOD, KEY, Colour, World, a_world, model

__all__ = ["a_world"]


def test_it_answers_with_a_checked_value(tmp_path: Path, world: World) -> None:
    with oracle(says(GOOD)) as there:
        assert model(there, tmp_path, world).ask("Which?", "Grass.", Colour) == Colour(colour="green", shades=3)

    asked = there.asked[0]
    assert there.keys == [f"Bearer {KEY}"]
    assert asked["response_format"]["json_schema"]["schema"]["additionalProperties"] is False
    assert "Grass." in asked["messages"][1]["content"]
    assert world.waits == []


def test_the_same_question_is_asked_once_even_by_another_run(tmp_path: Path, world: World) -> None:
    with oracle(says(GOOD)) as there:
        first = model(there, tmp_path, world).ask("Which?", "Grass.", Colour)
        assert model(there, tmp_path, world).ask("Which?", "Grass.", Colour) == first
        assert len(there.asked) == 1
        model(there, tmp_path, world).ask("Which?", "Snow.", Colour)

    assert len(there.asked) == 2


@pytest.mark.parametrize("bad", ['{"colour": "green"}', "green", '{"colour": "green", "shades": 3, "more": 1}', ""])
def test_a_wrong_shape_is_asked_to_be_mended(bad: str, tmp_path: Path, world: World) -> None:
    with oracle(says(bad), says(bad), says(GOOD)) as there:
        assert model(there, tmp_path, world).ask("Which?", "Grass.", Colour).shades == 3

    assert len(there.asked) == 3
    assert "does not fit the schema" in there.asked[2]["messages"][-1]["content"]


def test_a_wrong_shape_three_times_ends_it_and_is_not_asked_again(tmp_path: Path, world: World) -> None:
    with oracle(says("green")) as there:
        for _ in range(2):
            with pytest.raises(ModelError, match="do not fit the schema") as caught:
                model(there, tmp_path, world).ask("Which?", "Grass.", Colour)
            assert caught.value.failure is Failure.INVALID

    assert len(there.asked) == 3


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (ends_with("stop", refusal="I will not."), "refused to answer"),
        (ends_with("content_filter"), "refused to answer"),
        (ends_with("length", content='{"colour": "gr'), "longer than `answer_tokens`"),
    ],
)
def test_a_refusal_is_taken_for_an_answer(answer: Answering, said: str, tmp_path: Path, world: World) -> None:
    with oracle(answer) as there:
        for _ in range(2):
            with pytest.raises(ModelError, match=said):
                model(there, tmp_path, world).ask("Which?", "Grass.", Colour)

    assert len(there.asked) == 1


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
def test_a_no_is_not_asked_twice_and_has_a_remedy(answer: Answering, remedy: str, tmp_path: Path, world: World) -> None:
    with oracle(answer) as there, pytest.raises(ModelError, match=remedy):
        model(there, tmp_path, world).ask("Which?", "Grass.", Colour)

    assert len(there.asked) == 1
    assert world.waits == []


def test_secrets_do_not_leave(tmp_path: Path, world: World) -> None:
    secrets = ("ghp_" + "a1" * 18, "hunter2hunter2", "AKIA" + "ABCDEFGH12345678", KEY)
    brief = (
        f"token {secrets[0]}\npassword = '{secrets[1]}'\n{secrets[2]} {secrets[3]}\nhttps://u:{secrets[1]}@x.example/"
    )
    with oracle(says(GOOD)) as there:
        model(there, tmp_path, world).ask("Which?", brief, Colour)

    assert [secret for secret in secrets if secret in there.words] == []
    kept = "".join(file.read_text() for file in tmp_path.iterdir())
    assert [secret for secret in secrets if secret in kept] == []


def test_damaged_memory_is_no_fault(tmp_path: Path, world: World) -> None:
    with oracle(says(GOOD)) as there:
        model(there, tmp_path, world).ask("Which?", "Grass.", Colour)
        for file in tmp_path.iterdir():
            file.write_text("{")
        model(there, tmp_path, world).ask("Which?", "Grass.", Colour)

    assert len(there.asked) == 2


def test_no_settings_are_no_model_and_wrong_ones_are_told(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCOUT_LLM_API_KEY", KEY)
    assert Model.of(Llm(), tmp_path, tmp_path, world) is None
    assert Model.of(Llm(model="m"), tmp_path, tmp_path, world) is None
    with pytest.raises(SettingsError, match="base_url"):
        Model.of(Llm(model="m", base_url="file:///etc"), tmp_path, tmp_path, world)
    with pytest.raises(SettingsError, match="cannot be read"):
        Model.of(Llm(model="m", base_url="http://x.example", api_key_file="nothing"), tmp_path, tmp_path, world)
