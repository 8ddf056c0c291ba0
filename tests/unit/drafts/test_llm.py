"""A model words a draft or does not: the outcome is one of six, the spend is right, and there is a draft always."""

import json
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from scout.drafts import Drafted, draft
from scout.drafts.llm import Attempt, DraftOutcome, attempt, material
from scout.drafts.prompts import prompt
from scout.llm import Model, Surroundings
from scout.model import Readiness, Spend, WorkKind, digest
from scout.settings import Llm
from tests.oracle import (
    Answering,
    Oracle,
    breaks_off,
    ends_early,
    ends_with,
    fails,
    falls_silent,
    oracle,
    overflows,
    says,
)
from tests.unit.drafts.stories import brief_of, finding
from tests.wordings import GOOD, Here, Purse, by_rubric

BRIEF = brief_of(finding())
OFFLINE: Drafted = draft(BRIEF)
UNTOLD = None


class Desk:
    """A model with a purse, and what it was asked to wait."""

    def __init__(self, there: Oracle, folder: Path, most: int = 1000, **settings: Any) -> None:
        self.purse = Purse(most)
        self.waits: list[float] = []
        chosen = Llm.model_validate({"base_url": there.url, "model": "m", "timeout": 5, **settings})
        world = Surroundings(self.waits.append, lambda: 1_772_582_400.0, lambda: 0.0)
        self.model = Model(chosen, "", folder, self.purse, world)

    def attempt(self, **changes: Any) -> Attempt:
        return attempt(BRIEF.having(**changes), self.model.ask, by_rubric, Here())


def test_a_draft_has_the_models_words_and_the_codes_evidence(tmp_path: Path):
    with oracle(says(GOOD, tokens=900)) as there:
        desk = Desk(there, tmp_path)
        made = desk.attempt()

    assert made.outcome is DraftOutcome.DRAFTED
    assert (made.reason, made.removed) == ("", ())
    assert made.words.title == GOOD["title"]
    assert GOOD["why"] in made.words.body
    own, ours = OFFLINE.body.splitlines(), made.words.body.splitlines()
    assert [line for line in own if "scout verify" in line] == [line for line in ours if "scout verify" in line]
    assert [line for line in own if "](<https" in line] == [line for line in ours if "](<https" in line]
    assert by_rubric(made.words.title, made.words.body, made.words.kind).failed_gates == ()
    assert desk.purse.spent == Spend(requests=1, tokens=900)


def test_the_same_brief_is_asked_about_once_whatever_day_it_is(tmp_path: Path):
    with oracle(says(GOOD)) as there:
        first = Desk(there, tmp_path).attempt()
        second = Desk(there, tmp_path).attempt(seen_on=BRIEF.seen_on.replace(day=9))

    assert len(there.asked) == 1
    assert second.words.title == first.words.title


INVENTED = {**GOOD, "current": "`src/invented.py` links to two pages that the guide does not have."}
DEFECTS: list[tuple[str, list[Answering], DraftOutcome, int, int | None]] = [
    ("refusal", [ends_with("stop", refusal="I will not.")], DraftOutcome.REFUSED, 1, UNTOLD),
    ("filter", [ends_with("content_filter")], DraftOutcome.REFUSED, 1, UNTOLD),
    ("declined", [says({**GOOD, "answer": "decline"}, tokens=70)], DraftOutcome.REFUSED, 1, 70),
    ("truncated", [ends_with("length", content='{"answer": "dr')], DraftOutcome.TRUNCATED, 1, UNTOLD),
    ("oversized", [overflows], DraftOutcome.TRUNCATED, 1, UNTOLD),
    ("invalid JSON", [says("{'answer'", tokens=70)], DraftOutcome.INVALID, 3, 210),
    ("wrong enum", [says({**GOOD, "answer": "maybe"}, tokens=70)], DraftOutcome.INVALID, 3, 210),
    ("missing field", [says({"answer": "draft"}, tokens=70)], DraftOutcome.INVALID, 3, 210),
    ("long title", [says({**GOOD, "title": "x" * 91}, tokens=70)], DraftOutcome.INVALID, 3, 210),
    ("invented path", [says(INVENTED, tokens=70)], DraftOutcome.INVALID, 2, 140),
    ("no quota", [fails(429, "insufficient_quota")], DraftOutcome.UNAVAILABLE, 1, 0),
    ("busy", [fails(429, Retry_After="5")], DraftOutcome.UNAVAILABLE, 3, 0),
    ("busy for long", [fails(429, Retry_After="500")], DraftOutcome.UNAVAILABLE, 1, 0),
    ("fault", [fails(500)], DraftOutcome.UNAVAILABLE, 3, 0),
    ("no key", [fails(401)], DraftOutcome.UNAVAILABLE, 1, 0),
    ("cut stream", [breaks_off], DraftOutcome.UNAVAILABLE, 3, UNTOLD),
    ("early end", [ends_early], DraftOutcome.UNAVAILABLE, 3, UNTOLD),
]


@pytest.mark.parametrize(
    ("answers", "outcome", "calls", "tokens"), [one[1:] for one in DEFECTS], ids=[d[0] for d in DEFECTS]
)
def test_whatever_goes_wrong_the_offline_draft_is_delivered_at_the_right_price(
    answers: list[Answering], outcome: DraftOutcome, calls: int, tokens: int | None, tmp_path: Path
):
    with oracle(*answers) as there:
        desk = Desk(there, tmp_path)
        made = desk.attempt()

    assert made.outcome is outcome
    assert made.words == OFFLINE
    assert made.reason
    assert len(there.asked) == calls
    told = tokens if tokens is not None else sum(most.tokens for most in desk.purse.reserved)
    assert desk.purse.spent == Spend(requests=calls, tokens=told)


def test_a_model_that_hangs_is_not_waited_for(tmp_path: Path):
    let_go = threading.Event()
    try:
        with oracle(falls_silent(let_go)) as there:
            desk = Desk(there, tmp_path, timeout=0.2)
            made = desk.attempt()
            let_go.set()
    finally:
        let_go.set()

    assert (made.outcome, made.words) == (DraftOutcome.UNAVAILABLE, OFFLINE)
    assert desk.purse.settled == {}


def test_without_budget_nothing_is_asked(tmp_path: Path):
    with oracle(says(GOOD)) as there:
        made = Desk(there, tmp_path, most=0).attempt()

    assert (made.outcome, made.words) == (DraftOutcome.OVER_BUDGET, OFFLINE)
    assert there.asked == []


def test_what_comes_late_or_wrong_and_then_right_is_taken(tmp_path: Path):
    with oracle(fails(429, Retry_After="7"), fails(500), says("{"), says(GOOD)) as there:
        desk = Desk(there, tmp_path)
        assert desk.attempt().outcome is DraftOutcome.DRAFTED

    assert desk.waits == [7.0, 2.0]


def test_what_does_not_resolve_goes_back_once_with_the_reason(tmp_path: Path):
    with oracle(says(INVENTED), says(GOOD)) as there:
        made = Desk(there, tmp_path).attempt()

    assert made.outcome is DraftOutcome.DRAFTED
    told = _told(there, 1)
    assert told["objections"] == ["`current`: the code `src/invented.py` is not in the brief"]
    assert told["draft"]["title"] == GOOD["title"]
    assert prompt("again").text in there.asked[1]["messages"][0]["content"]


def test_failed_gates_go_back_once_with_their_remedies(tmp_path: Path):
    def strict(title: str, body: str, kind: WorkKind) -> Readiness:
        judged = by_rubric(title, body, kind)
        first = judged.verdicts[0].model_copy(update={"reason": "It is vague.", "remedy": "Say more."})
        if "setup" in body.split("Why it matters")[1][:100]:
            return judged
        return judged.model_copy(update={"verdicts": (first,), "failed_gates": (first.criterion,)})

    vague = {**GOOD, "why": "Who follows the guide ends on an error page."}
    with oracle(says(vague), says(GOOD)) as there:
        desk = Desk(there, tmp_path)
        made = attempt(BRIEF, desk.model.ask, strict, Here())
    assert made.outcome is DraftOutcome.DRAFTED
    assert _told(there, 1)["objections"][0].endswith(": It is vague. Say more.")

    with oracle(says(vague)) as there:
        made = attempt(BRIEF, Desk(there, tmp_path / "other").model.ask, strict, Here())
    assert (made.outcome, made.words) == (DraftOutcome.INVALID, OFFLINE)
    assert "It is vague. Say more." in made.reason
    assert len(there.asked) == 2


def _told(there: Oracle, number: int) -> dict[str, Any]:
    said: str = there.asked[number]["messages"][1]["content"]
    told: dict[str, Any] = json.loads(said.partition("\n")[2].rpartition("\n")[0])
    return told


def test_material_is_bounded_and_has_no_hidden_characters():
    many = tuple(
        one.having(locator=f"a{number}.md:1", seen="x" * 290) for number in range(900) for one in BRIEF.evidence[:1]
    )
    told = material(brief_of(finding(evidence=many, seen="a\u202e\u200bb"), evidence=many[:12]))
    assert len(told) < 20_000
    assert "\u202e" not in material(brief_of(finding(seen="a\u202e\u200bb")))


def test_a_prompt_that_changes_gets_a_new_version():
    def sealed(names: Iterable[str]) -> dict[str, tuple[int, str]]:
        return {name: (prompt(name).version, digest(prompt(name).text, length=8)) for name in names}

    assert sealed(["draft", "again", "reader"]) == {
        "draft": (1, "07caccd7"),
        "again": (1, "4bacad07"),
        "reader": (1, "3b298f6d"),
    }
