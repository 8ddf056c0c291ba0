"""Readiness: verdicts with reasons and remedies, and their total."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from scout.model._base import Frozen
from scout.model.autonomy import AutonomyVerdict, Question


class Passing(StrEnum):
    """What a verdict says in a word."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"


class Verdict(Frozen):
    """One criterion's answer about one text.

    Attributes:
        criterion: the criterion's id.
        gate: whether it must pass for the text to be ready.
        weight: its share in the total before normalising; 0 for pure gates.
        score: 0..1.
        passing: whether the score reaches the criterion's bar, or the criterion has nothing to say here.
        reason: why, quoting the text it rests on.
        remedy: what a person can add or change to raise it; empty when nothing is missing.
        version: the criterion's version.
    """

    criterion: str
    gate: bool
    weight: float
    score: Annotated[float, Field(ge=0, le=1)]
    passing: Passing
    reason: str
    remedy: str = ""
    version: int = 1


class Readiness(Frozen):
    """All verdicts on one text, their total and what stands in the way.

    Attributes:
        total: 0..1, weighted mean of the applicable verdicts; a failed gate caps it below the bar.
        ready: every applicable gate passed and the total reaches the bar.
        failed_gates: criteria that must pass and did not, in the rubric's order.
        digest: of exactly what was judged (text, comments, states of links, rubric).
        rubric: digest of the rubric, weights learned from the project's history included.
        autonomy: who may take it; judged apart, and no part of the total. None where nobody asked.
        question: what has to be answered first, to whom; None when nothing is open.
    """

    total: Annotated[float, Field(ge=0, le=1)]
    ready: bool
    verdicts: tuple[Verdict, ...]
    failed_gates: tuple[str, ...]
    digest: str
    rubric: str
    autonomy: AutonomyVerdict | None = None
    question: Question | None = None
