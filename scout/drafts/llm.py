"""The drafter with a model: it gives words to a finding; evidence, checks and frame stay code's.

However it ends, there is a draft: the offline one, with the reason, where the model's does not hold.
"""

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol, TypeVar

from pydantic import BaseModel

from scout.drafts.brief import Brief
from scout.drafts.critic import Judge, objections
from scout.drafts.known import facts, told
from scout.drafts.offline import Drafted, draft
from scout.drafts.prompts import prompt
from scout.drafts.verifier import Lookups, Verified, verify
from scout.drafts.wording import Wording
from scout.llm import Failure, ModelError
from scout.model import Frozen

_Shape = TypeVar("_Shape", bound=BaseModel)
_MOST_OBJECTIONS = 8
_MOST_TOLD = 300


class Ask(Protocol):
    """A model that answers in a closed shape."""

    def __call__(self, instruction: str, brief: str, shape: type[_Shape], /) -> _Shape:
        """Return an answer.

        Raises:
            ModelError: there is none, and why in a word.
        """
        ...


class DraftOutcome(StrEnum):
    """How drafting with a model ended; all but the first mean the offline draft."""

    DRAFTED = "drafted"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    INVALID = "invalid"
    OVER_BUDGET = "over_budget"
    UNAVAILABLE = "unavailable"


_OUTCOMES = {failure: DraftOutcome(failure.value) for failure in Failure}


class Attempt(Frozen):
    """What came of asking a model for a draft.

    Attributes:
        words: the issue; the model's only where the outcome is `drafted`, else the offline drafter's.
        reason: why it is not the model's, in a clause; empty when it is.
        removed: what was left out of the model's words, since it did not resolve.
    """

    outcome: DraftOutcome
    words: Drafted
    reason: str = ""
    removed: tuple[str, ...] = ()


def attempt(brief: Brief, ask: Ask, judge: Judge, lookups: Lookups) -> Attempt:
    """Return the draft that a model words, or the offline one with the reason.

    What the verifier or the rubric objects to goes back to the model once.

    Args:
        brief: what it may know.
        ask: the model.
        judge: the rubric.
        lookups: the repository at the commit, and the trackers.

    Raises:
        StoreError: what it costs cannot be written down.
    """
    try:
        return _asked(brief, ask, judge, lookups)
    except ModelError as error:
        return _offline(brief, _OUTCOMES[error.failure], error.what.rstrip("."))


def _asked(brief: Brief, ask: Ask, judge: Judge, lookups: Lookups) -> Attempt:
    instruction = prompt("draft").text
    wording = ask(instruction, material(brief), Wording)
    objected: tuple[str, ...] = ()
    for again in (True, False):
        if wording.answer == "decline":
            return _offline(brief, DraftOutcome.REFUSED, "it sees nothing to do")
        verified = verify(wording, brief, lookups)
        words, objected = _composed(brief, verified, judge)
        if words is not None:
            return Attempt(outcome=DraftOutcome.DRAFTED, words=words, removed=verified.removed)
        if again:
            rules = f"{instruction}\n\n{prompt('again').text}"
            wording = ask(rules, material(brief, wording, objected), Wording)
    return _offline(brief, DraftOutcome.INVALID, f"its draft does not hold: {'; '.join(objected)}")


def _composed(brief: Brief, verified: Verified, judge: Judge) -> tuple[Drafted | None, tuple[str, ...]]:
    """Return the issue, or what the verifier or the rubric objects to."""
    if verified.story is None:
        return None, verified.faults
    lead, *rest = brief.cluster.findings
    cluster = brief.cluster.having(findings=(lead.model_copy(update={"story": verified.story}), *rest))
    words = draft(brief.model_copy(update={"cluster": cluster}))
    objected = tuple(objections(judge(words.title, words.body, words.kind)))
    return (None if objected else words), objected


def material(brief: Brief, wording: Wording | None = None, objected: Iterable[str] = ()) -> str:
    """Return what a model is told, as JSON: the brief; where it has written before, that too, with the objections."""
    said = facts(brief)
    if wording is not None:
        short = [one[:_MOST_TOLD] for one in objected][:_MOST_OBJECTIONS]
        said |= told({"draft": wording.model_dump(mode="json"), "objections": short})
    return json.dumps(said, ensure_ascii=False, indent=1)


def _offline(brief: Brief, outcome: DraftOutcome, reason: str) -> Attempt:
    return Attempt(outcome=outcome, words=draft(brief), reason=reason)
