"""A project named in `[llm]` gets drafts in a model's words; where there are none, it gets drafts all the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from scout.clock import now
from scout.service.assess import assess
from scout.service.run import RunReport, run
from scout.service.wiring import open_workspace
from tests.oracle import Answering, Oracle, Reply, ends_with, fails, oracle, says
from tests.rocket import NOW, rocket

REASON = "the crew counts by hand"
TICKET = f"""---
title: Show the fuel that is left
state: unstarted
---

`rocket/fly.py` says nothing about fuel, so {REASON}.

It should print the fuel that is left after each burn.
"""


def words(reply: Reply) -> None:
    """Answer like a model that keeps to the scout's words, and adds a sentence of its own."""
    asked = reply.oracle.asked[-1]
    name = asked["response_format"]["json_schema"]["name"]
    if name != "Wording":
        read = {"answers": [{"criterion": "why", "met": "yes", "quotation": REASON}]}
        says(read if name == "SecondReading" else {"proposals": []})(reply)
        return
    said: str = asked["messages"][1]["content"]
    told: dict[str, Any] = json.loads(said.partition("\n")[2].rpartition("\n")[0])
    story: dict[str, Any] = told["cluster"]["findings"][0]["story"]
    lists = {name: story.get(name, []) for name in ("acceptance", "tests", "scope", "non_goals", "risks")}
    own = {name: story[name] for name in ("title", "current", "why", "wanted")}
    says({"answer": "draft", **own, **lists, "current": f"{story['current']} It is in no file `src/invented.py`."})(
        reply
    )


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCOUT_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("SCOUT_CONFIG", raising=False)
    return rocket(tmp_path / "rocket", landed=4).path


def ran(checkout: Path, there: Oracle, more: str = "", projects: str = '["rocket"]', at: str = NOW) -> RunReport:
    config = checkout.parent / "own" / "scout.toml"
    config.parent.mkdir(exist_ok=True)
    config.write_text(
        f'[llm]\nbase_url = "{there.url}"\nmodel = "m"\nprojects = {projects}\npatience = 0\n{more}\n'
        f'[[project]]\nid = "rocket"\npath = "{checkout}"\n'
    )
    work = open_workspace(checkout, now(at), config)
    try:
        return run(work, work.project("rocket"))
    finally:
        work.close()


def drafters(checkout: Path) -> list[str]:
    work = open_workspace(checkout, now(NOW))
    try:
        return [one.draft.drafter for one in work.ledger.candidates()]
    finally:
        work.close()


def test_drafts_have_a_models_words_and_an_unchanged_run_asks_nothing(checkout: Path):
    with oracle(words) as there:
        first = ran(checkout, there)
        asked = len(there.asked)
        assert len(first.drafted) >= 2
        assert asked == len(first.drafted) + 1  # one for each draft, and one about what to do next
        assert set(drafters(checkout)) == {"llm"}
        assert [note for note in first.notes if "model" in note] == []

        second = ran(checkout, there, at="2026-03-02T15:00:00+00:00")
        assert len(there.asked) == asked
        assert second.drafted == ()

    work = open_workspace(checkout, now(NOW))
    try:
        assert all("src/invented.py" not in one.draft.body for one in work.ledger.candidates())
        assert work.ledger.spent(now().date().isoformat()).requests == asked
    finally:
        work.close()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (fails(500), "unavailable: The model at 127.0.0.1 gave no answer: it answered 500"),
        (ends_with("content_filter"), "refused: The model at 127.0.0.1 gave no answer: the model refused"),
        (says({"answer": "perhaps"}), "invalid: "),
    ],
)
def test_whatever_a_model_does_there_are_drafts_and_the_reason(answer: Answering, said: str, checkout: Path):
    with oracle(answer) as there:
        found = ran(checkout, there)

    assert len(found.drafted) >= 2
    assert set(drafters(checkout)) == {"offline"}
    assert [note for note in found.notes if "without the model's words" in note and said in note]


def test_a_budget_that_is_spent_is_said_and_stops_no_draft(checkout: Path):
    with oracle(words) as there:
        found = ran(checkout, there, "requests_per_run = 2")

    assert len(there.asked) == 2
    assert sorted(set(drafters(checkout))) == ["llm", "offline"]
    assert [note for note in found.notes if "over budget: This run's budget for the model is spent" in note]


def test_a_project_that_is_not_named_is_not_told_to_anybody(checkout: Path):
    with oracle(words) as there:
        found = ran(checkout, there, projects="[]")

    assert there.asked == []
    assert len(found.drafted) >= 2
    assert set(drafters(checkout)) == {"offline"}


def test_a_ticket_is_read_a_second_time_and_what_was_said_is_remembered(checkout: Path):
    (checkout / "tickets").mkdir()
    (checkout / "tickets" / "fuel.md").write_text(TICKET)
    with oracle(words) as there:
        ran(checkout, there)
        read = [one for one in there.asked if one["response_format"]["json_schema"]["name"] == "SecondReading"]
        assert len(read) == 1
        asked = len(there.asked)
        work = open_workspace(checkout, now(NOW), checkout.parent / "own" / "scout.toml")
        try:
            why = next(one for one in assess(work, "fuel", "rocket").verdicts if one.criterion == "why")
        finally:
            work.close()
        assert len(there.asked) == asked

    assert why.reason == f'A second reader finds it in "{REASON}".'
