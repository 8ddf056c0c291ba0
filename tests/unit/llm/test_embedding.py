"""A model gives vectors of texts: checked, within a budget, and never twice for the same text."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from scout.llm import Embedder, Failure, ModelError
from scout.settings import Llm
from tests.oracle import Answering, Oracle, cut_off, fails, falls_silent, gives, measures, oracle, overflows
from tests.unit.llm.world import KEY, World, a_world

__all__ = ["a_world"]

TEXTS = ("The importer stops.", "The printer spools.", "The importer stops.")


def embedder(there: Oracle, folder: Path, world: World, **settings: Any) -> Embedder:
    chosen = Llm.model_validate({"base_url": there.url, "embedding_model": "e", "timeout": 5, **settings})
    return Embedder(chosen, KEY, folder, world, world.surroundings)


def vectors(*some: tuple[int, list[Any]]) -> Answering:
    return gives({"data": [{"index": at, "embedding": vector} for at, vector in some]})


def test_each_text_has_a_vector_and_the_same_text_is_sent_once(tmp_path: Path, world: World) -> None:
    with oracle(measures(tokens=7)) as there:
        found = embedder(there, tmp_path, world, price_of_embeddings=2).vectors(TEXTS, "meadow")
    assert [len(one) for one in found] == [4, 4, 4]
    assert found[0] == found[2] != found[1]
    assert found[1][0] == TEXTS[1].count("e")
    assert there.asked[0]["input"] == list(TEXTS[:2])
    assert there.keys == [f"Bearer {KEY}"]
    (reserved,) = world.reserved
    assert reserved.tokens >= sum(map(len, TEXTS[:2]))
    assert (world.settled[0].tokens, world.settled[0].money) == (7, 14)
    assert world.projects == ["meadow"]


def test_a_second_run_asks_nothing_and_a_new_text_is_sent_alone(tmp_path: Path, world: World) -> None:
    with oracle(measures()) as there:
        first = embedder(there, tmp_path, world).vectors(TEXTS, "meadow")
        assert embedder(there, tmp_path, world).vectors(TEXTS, "meadow") == first
        assert embedder(there, tmp_path, world).vectors(TEXTS, "meadow", ask=False) == first
        assert len(there.asked) == 1
        embedder(there, tmp_path, world).vectors((*TEXTS, "Another."), "meadow")
    assert there.asked[1]["input"] == ["Another."]
    assert len(world.reserved) == 2


def test_nothing_is_asked_where_only_what_is_kept_was_wanted(tmp_path: Path, world: World) -> None:
    with oracle(measures()) as there, pytest.raises(ModelError, match="not asked"):
        embedder(there, tmp_path, world).vectors(TEXTS, "meadow", ask=False)
    assert there.asked == []


def test_a_model_that_has_changed_its_length_is_asked_again_for_what_was_kept(tmp_path: Path, world: World) -> None:
    with oracle(measures(length=4), measures(length=6)) as there:
        embedder(there, tmp_path, world).vectors(TEXTS, "meadow")
        found = embedder(there, tmp_path, world).vectors((*TEXTS, "Another."), "meadow")
        assert {len(one) for one in found} == {6}
        assert [one["input"] for one in there.asked[1:]] == [["Another."], list(TEXTS[:2])]
        embedder(there, tmp_path, world).vectors((*TEXTS, "Another."), "meadow")
    assert len(there.asked) == 3


def test_many_texts_are_sent_in_portions(tmp_path: Path, world: World) -> None:
    texts = [f"{number} {'x' * 4000}" for number in range(60)]
    with oracle(measures()) as there:
        assert len(embedder(there, tmp_path, world).vectors(texts, "meadow")) == 60
    assert [len(one["input"]) for one in there.asked] == [24, 24, 12]


@pytest.mark.parametrize(
    ("answer", "said", "failure"),
    [
        (measures(short=1), "1 vectors for 2 texts", Failure.INVALID),
        (vectors((0, [1]), (1, [1, 2])), "one length", Failure.INVALID),
        (vectors((0, []), (1, [])), "one length", Failure.INVALID),
        (vectors((1, [1]), (1, [2])), "vectors for", Failure.INVALID),
        (vectors((0, [1]), (1, ["NaN"])), "no numbers", Failure.INVALID),
        (vectors((0, [1]), (1, [1e300])), "no numbers", Failure.INVALID),
        (gives({"data": "none"}), "no vectors", Failure.INVALID),
        (gives([1]), "no vectors", Failure.INVALID),
        (overflows, "answer", Failure.TRUNCATED),
        (fails(401), "401", Failure.UNAVAILABLE),
    ],
)
def test_what_is_no_vector_for_each_text_is_refused(
    answer: Answering, said: str, failure: Failure, tmp_path: Path, world: World
) -> None:
    with oracle(answer) as there, pytest.raises(ModelError, match=said) as caught:
        embedder(there, tmp_path, world).vectors(TEXTS, "meadow")
    assert caught.value.failure == failure
    assert len(there.asked) == 1
    assert world.waits == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("answer", "waits"), [(fails(429, Retry_After="7"), [7.0]), (fails(500), [1.0]), (cut_off, [1.0])]
)
def test_what_may_go_better_is_asked_again_and_pays_for_what_it_cost(
    answer: Answering, waits: list[float], tmp_path: Path, world: World
) -> None:
    with oracle(answer, measures(tokens=9)) as there:
        assert len(embedder(there, tmp_path, world).vectors(TEXTS, "meadow")) == 3
    assert len(there.asked) == 2
    assert world.waits == waits
    assert world.settled[1].tokens == 9
    assert (0 in world.settled) is (answer is not cut_off), "nobody knows what a cut answer has cost: it counts whole"


def test_a_wait_beyond_our_patience_and_a_hang_are_given_up(tmp_path: Path, world: World) -> None:
    with oracle(fails(429, Retry_After="3600")) as there, pytest.raises(ModelError, match="3600"):
        embedder(there, tmp_path, world).vectors(TEXTS, "meadow")
    assert len(there.asked) == 1
    let_go = threading.Event()
    try:
        with oracle(falls_silent(let_go)) as there, pytest.raises(ModelError, match="seconds"):
            embedder(there, tmp_path, world, timeout=0.2, patience=0).vectors(TEXTS, "meadow")
    finally:
        let_go.set()


def test_beyond_the_budget_nothing_is_sent(tmp_path: Path, world: World) -> None:
    world.most = 0
    with oracle(measures()) as there, pytest.raises(ModelError, match="budget") as caught:
        embedder(there, tmp_path, world).vectors(TEXTS, "meadow")
    assert caught.value.failure is Failure.OVER_BUDGET
    assert there.asked == []


def test_secrets_do_not_leave(tmp_path: Path, world: World) -> None:
    secrets = ("ghp_" + "a1" * 18, "hunter2hunter2", KEY)
    with oracle(measures()) as there:
        embedder(there, tmp_path, world).vectors([f"{secrets[0]} password = '{secrets[1]}' {KEY}"], "meadow")
    assert [one for one in secrets if one in there.words] == []


def test_damaged_memory_is_no_fault(tmp_path: Path, world: World) -> None:
    with oracle(measures()) as there:
        first = embedder(there, tmp_path, world).vectors(TEXTS, "meadow")
        for file, content in zip(sorted(tmp_path.iterdir()), (b"abc", b"\xff" * 16), strict=True):
            file.write_bytes(content)
        assert embedder(there, tmp_path, world).vectors(TEXTS, "meadow") == first
    assert len(there.asked) == 2


def test_without_its_name_there_is_none(tmp_path: Path, world: World) -> None:
    assert Embedder.of(Llm(base_url="http://x.example", model="m"), tmp_path, tmp_path, world) is None
    assert Embedder.of(Llm(embedding_model="e"), tmp_path, tmp_path, world) is None
    assert json.loads(Llm().model_dump_json())["embedding_model"] is None
