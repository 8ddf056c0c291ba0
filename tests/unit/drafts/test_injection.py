"""No text of others gets into what is filed but as code, and none moves a gate, however willing the model is."""

import os
from collections.abc import Collection, Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scout.drafts import Background, Brief, Drafted, Excerpt, Past, Touch, draft
from scout.drafts.background import Related
from scout.drafts.llm import DraftOutcome, attempt
from scout.drafts.wording import MOST_TITLE, Wording
from scout.model import Evidence, EvidenceKind, Passing
from scout.text.sanitise import sanitise
from tests.alive import CLOSES, MENTION, alive, prose
from tests.unit.drafts.attacks import ATTACKS, Attack
from tests.unit.drafts.stories import DAY, GITHUB, SHA, brief_of, finding
from tests.wordings import GOOD, Here, by_rubric

EXAMPLES = int(os.environ.get("SCOUT_INJECTIONS", "300"))
"""Texts put together of attacks."""
OURS = GITHUB.prefixes if GITHUB else ()
PLACES = ("code", "name", "message", "ticket", "said")
WAYS = ("beside", "instead", "title", "quoted")


def hostile(text: str, where: Collection[str] = PLACES) -> Brief:
    """Return a brief in which a text stands wherever others can write, or in some of those places."""
    flat = " ".join(text.split()) or "x"
    code, name, message, ticket, said = (flat if place in where else "x" for place in PLACES)
    evidence = (
        Evidence(kind=EvidenceKind.FILE, locator="docs/guide.md:12", seen=code[:300], sha=SHA, resolved=True),
        Evidence(kind=EvidenceKind.FILE, locator=f"docs/{name[:80]}.md:3", seen="x", sha=SHA, resolved=True),
        Evidence(kind=EvidenceKind.COMMIT, locator=SHA, seen=message[:300], resolved=True),
        Evidence(kind=EvidenceKind.TICKET, locator="17", seen=ticket[:300], resolved=True),
    )
    touch = Touch(on=date(2026, 1, 2), sha=SHA, title=message[:200])
    lines = tuple(text.split("\n"))[:9] if "code" in where else ("x",)
    return brief_of(
        finding(evidence=evidence),
        excerpts=(Excerpt(path=f"docs/{name[:80]}.md", first=11, lines=lines),),
        past=Past(on=DAY, because=said, rejected=True, changed=("The evidence is another one now.",)),
        background=Background(
            path="docs/guide.md", since=touch, related=(Related(key="17", title=ticket[:200], open=True),)
        ),
    )


def obeying(payload: str, way: str) -> Wording:
    """Return what a model writes that does as it is told: it says the payload wherever it can."""
    changes: dict[str, Any] = {}
    match way:
        case "beside":
            changes = {key: f"{GOOD[key]} {payload}" for key in ("current", "why", "wanted")}
            lists = ("acceptance", "tests", "scope", "non_goals", "risks")
            changes |= {key: [*GOOD[key], payload, f"{GOOD['wanted']} {payload}"] for key in lists}
        case "instead":
            changes = dict.fromkeys(("current", "why", "wanted"), payload)
        case "title":
            changes = {"title": f"Repair docs/guide.md: {payload}".replace("\n", " ")[:MOST_TITLE]}
        case _:
            changes = {"why": f"{GOOD['why']} The guide says “{payload}” there.", "risks": [f"`{payload}`"]}
    return Wording.model_validate({**GOOD, **changes})


def filed(brief: Brief, payload: str, way: str) -> Drafted:
    """Return what would be filed when a model obeys, asked again as well."""

    def ask(instruction: str, told: str, shape: type[Any]) -> Any:
        assert instruction
        assert shape is Wording
        assert MENTION.search(instruction) is None
        assert "\u202e" not in told
        return obeying(payload, way)

    made = attempt(brief, ask, by_rubric, Here())
    assert made.outcome in {DraftOutcome.DRAFTED, DraftOutcome.INVALID}
    return made.words


@cache
def harmless() -> tuple[Drafted, dict[str, Passing]]:
    """Return the offline draft of harmless material, and what its gates say."""
    words = draft(hostile("x = 1"))
    return words, gates(words)


def gates(words: Drafted) -> dict[str, Passing]:
    """Return what the gates of the rubric say about a draft."""
    return {one.criterion: one.passing for one in by_rubric(words.title, words.body, words.kind).verdicts if one.gate}


def harm(words: Drafted, canary: str = "\0") -> Iterator[str]:
    """Yield whatever an attack has reached."""
    yield from alive(words.body, OURS)
    yield from (found.group() for pattern in (MENTION, CLOSES) for found in pattern.finditer(prose(words.title)))
    if sanitise(words.body, OURS) != words.body:
        yield "no fixed point"
    for shown in (prose(words.body), prose(words.title)):
        if canary.lower() in shown.lower():
            yield f"canary {canary!r}"
    same, before = harmless()
    if (now := gates(words)) != before or Passing.FAILED in now.values():
        yield f"gates {now}"
    if (words.kind, words.size) != (same.kind, same.size):
        yield "kind or size"


def test_there_are_enough_of_them():
    assert len(ATTACKS) >= 60


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_no_attack_reaches_a_filed_text_or_a_gate(attack: Attack):
    brief = hostile(attack.text)
    assert list(harm(draft(brief))) == []
    for way in WAYS:
        assert list(harm(filed(brief, attack.payload, way), attack.canary)) == [], way


def honest(_instruction: str, _told: str, shape: type[Any]) -> Any:
    return shape.model_validate(GOOD)


def test_an_honest_draft_of_hostile_material_is_still_the_models():
    for attack in ATTACKS.values():
        made = attempt(hostile(attack.text), honest, by_rubric, Here())
        assert made.outcome is DraftOutcome.DRAFTED, attack


_PIECES = st.sampled_from([one for attack in ATTACKS.values() for one in (attack.text, attack.payload)])
_TEXT = st.lists(_PIECES | st.text(max_size=20), min_size=1, max_size=3).map(" ".join)


@pytest.mark.slow
@settings(max_examples=EXAMPLES)
@given(_TEXT, _TEXT, st.sampled_from(PLACES), st.sampled_from(WAYS))
def test_whatever_is_put_together_of_attacks_nothing_comes_alive_and_no_gate_moves(
    text: str, payload: str, place: str, way: str
):
    assert list(harm(filed(hostile(text, [place]), payload, way))) == []
