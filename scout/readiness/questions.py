"""What has to be asked before the work can start: of whom, and what first. Pure; nothing is answered here."""

import re
from functools import cache

from scout.model import Addressee, Passing, Question, Readiness, Verdict
from scout.readiness._base import Criterion, quoted
from scout.readiness.rubric import all_criteria

_DECISIONS = "no-open-decision"
_OF_FACTS = re.compile(
    r"\b(?:can|could|would|will) you (?:please )?(?:reproduce|share|provide|post|attach|check|confirm|test|try|describe"
    r"|explain|give|send|tell|show)\b"
    r"|\b(?:which|what) (?:version|browser|os|operating system|platform|device|error|output|message)\b"
    r"|\bwhat (?:do|did|are|were) you\b|\b(?:do|did) you (?:have|see|get|use|mean|run|try)\b"
    r"|\bare you (?:using|on|running)\b|\bstill (?:happen|reproduc|see|relevant|valid|an issue)",
    re.IGNORECASE,
)
_OF_CODE = re.compile(
    r"\bwhere (?:is|are|does|do|in)\b|\bhow (?:does|do|is|are|can|could|would) (?:the|this|that|it|we|i|one)\b"
    r"|\bwhy\b|\bneeds? to (?:figure out|investigate|find out|look into|be investigated)\b"
    r"|\bwhich (?:file|module|function|class|method|package|test|endpoint)\b"
    r"|\bis (?:there|it|this) (?:a|an|any|already|fixed|done|possible|covered|tested|used)\b",
    re.IGNORECASE,
)


def open_questions(readiness: Readiness) -> tuple[Question, ...]:
    """Return what has to be asked, the most blocking first: failed gates by weight, then what the total lacks most.

    A question that the text itself leaves open stands before what it does not say: its answer often says that, too.
    """
    known = _criteria()
    failed = [one for one in readiness.verdicts if one.passing is Passing.FAILED and one.criterion in known]
    failed.sort(key=lambda one: (not one.gate, one.criterion != _DECISIONS, -one.weight * (1 - one.score)))
    return tuple(_question(one, known[one.criterion]) for one in failed)


def addressee(passage: str) -> Addressee:
    """Return who can answer a question that stands in a ticket: what is neither seen nor coded is to be decided."""
    if _OF_FACTS.search(passage):
        return Addressee.REPORTER
    return Addressee.MAINTAINER if _OF_CODE.search(passage) else Addressee.OWNER


@cache
def _criteria() -> dict[str, Criterion]:
    return {criterion.id: criterion for criterion in all_criteria()}


def _question(verdict: Verdict, criterion: Criterion) -> Question:
    passage = quoted(verdict.reason)
    asked = passage if criterion.id == _DECISIONS else ""
    return Question(
        to=addressee(asked) if asked else criterion.asks,
        text=asked if asked.endswith(("?", "？")) else criterion.question or criterion.remedy.advice,
        criterion=criterion.id,
        passage=passage,
    )
