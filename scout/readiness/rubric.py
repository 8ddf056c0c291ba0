"""The rubric: all criteria with their weights, and what they say together."""

from collections.abc import Iterable, Mapping
from functools import cache

from scout.model import Passing, Readiness, Verdict, digest
from scout.readiness._base import Criterion, Judged
from scout.registry import plugins

READY_FROM = 0.6
"""The total a text needs beside passing every gate."""

RUBRIC_VERSION = 2

Factors = tuple[tuple[str, float], ...]
"""What a project's history leaves of criteria's weights, by id and in its order; 1 where one is not named."""


def all_criteria() -> tuple[Criterion, ...]:
    """Return the criteria in the rubric's order: gates first, heavier before lighter, then by id."""
    found = plugins(Criterion, "scout.readiness.criteria", "scout.criteria")
    made = (plugin() for plugin in found.values())  # pyright: ignore[reportAbstractUsage] - the registry finds concrete ones
    return tuple(sorted(made, key=lambda c: (not c.gate, -c.weight, c.id)))


@cache
def rubric_digest(factors: Factors = ()) -> str:
    """Return the digest of what decides a verdict: criteria, versions, weights, bars."""
    facts = [(c.id, c.version, c.gate, c.weight, c.bar) for c in all_criteria()]
    return digest(RUBRIC_VERSION, READY_FROM, facts, *([factors] if factors else []))


def assess(text: Judged, factors: Factors = ()) -> Readiness:
    """Return the verdicts of all criteria and their total; pure, never fails.

    The total is the weighted mean of the applicable verdicts. When a gate failed it is scaled into the range below
    `READY_FROM`, so that no eloquence makes up for a gate and texts behind one can still be ordered.

    Args:
        text: what is judged.
        factors: by which weights are multiplied; what a criterion says stays the same.
    """
    verdicts = _weighed((criterion.judge(text) for criterion in _criteria()), dict(factors))
    return concluded(verdicts, digest(text.digest, rubric_digest(factors)), rubric_digest(factors))


def concluded(verdicts: tuple[Verdict, ...], judged: str, rubric: str) -> Readiness:
    """Return what verdicts say together.

    Args:
        verdicts: in the rubric's order.
        judged: digest of exactly what was judged, rubric included.
        rubric: digest of the rubric.
    """
    failed = tuple(v.criterion for v in verdicts if v.gate and v.passing is Passing.FAILED)
    mean = _mean(verdicts)
    return Readiness(
        total=round(mean * READY_FROM * 0.999, 4) if failed else round(mean, 4),
        ready=not failed and mean >= READY_FROM,
        verdicts=verdicts,
        failed_gates=failed,
        digest=judged,
        rubric=rubric,
    )


@cache
def _criteria() -> tuple[Criterion, ...]:
    return all_criteria()


def _weighed(verdicts: Iterable[Verdict], factors: Mapping[str, float]) -> tuple[Verdict, ...]:
    if not factors:
        return tuple(verdicts)
    return tuple(
        one.model_copy(update={"weight": round(one.weight * factors.get(one.criterion, 1.0), 4)}) for one in verdicts
    )


def _mean(verdicts: tuple[Verdict, ...]) -> float:
    counted = [v for v in verdicts if v.passing is not Passing.NOT_APPLICABLE]
    weight = sum(v.weight for v in counted)
    return sum(v.weight * v.score for v in counted) / weight if weight else 0.0
