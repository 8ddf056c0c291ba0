"""The audit: what a second worker looks at again, whose answer stands, what is a pattern, and when to stop. All pure.

The auditor has another brief: it is told of every corner case that anybody was told of, and it leaves hints out, so
that what only hints have decided comes out differently. It gets the tickets in another order and without the first
answer; that is compared afterwards.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from scout.lifecycle import agreement
from scout.lifecycle.agreement import ClassFigures, Kappa, Pair
from scout.lifecycle.brief import Case
from scout.lifecycle.sheet import Row

SHARE: Final = 0.1
"""Share of the sure verdicts that are audited blindly."""
LEAST: Final = 0.75
"""Rules of less weight than this are hints, which the auditor leaves out."""
KAPPA: Final = 0.6
"""Below this agreement nothing is offered for application ('substantial' begins here: Landis and Koch, 1977)."""
_ODD = 4.0
_FEWEST = 5


class Why(StrEnum):
    """Why a ticket is audited."""

    LOW = "low confidence"
    ODD = "its worker decides so oddly often"
    DIFFER = "rules and model differ"
    BLIND = "blind sample"


class Ruling(StrEnum):
    """What came of an audit."""

    AGREED = "agreed"
    CORRECTED = "corrected"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What an audit found about one ticket.

    Attributes:
        case: the corner case that the first worker was not told of; empty where that is not the reason.
    """

    name: str
    worker: str
    ruling: Ruling
    first: str
    second: str
    why: Why
    case: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """The same wrong class for the same corner case.

    Attributes:
        workers: whose briefs lacked it.
    """

    case: str
    first: str
    second: str
    count: int
    workers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How first answers and audit agree.

    Attributes:
        kappa: on the blind sample; `classes` likewise, by class.
        stops: why nothing is offered for application; empty when it is.
    """

    audited: int
    blind: int
    kappa: Kappa
    classes: tuple[ClassFigures, ...]
    stops: str


def reason_to_audit(name: str, row: Row, floor: float, odd: frozenset[str], seed: str) -> Why | None:
    """Return why a ticket is audited; None when it is not.

    Args:
        name: the ticket's.
        row: the first answer.
        floor: of confidence.
        odd: rules by which its worker decides oddly often.
        seed: of the blind sample; who is in it cannot be told beforehand and is the same whenever it is asked.
    """
    if row.confidence < floor:
        return Why.LOW
    if row.rule in odd:
        return Why.ODD
    return Why.BLIND if _drawn(name, seed) else None


def reason_to_check(row: Row, guess: str, seed: str) -> Why | None:
    """Return why a model's answer is checked by another worker; None when it is not.

    Args:
        row: the model's answer.
        guess: the class to which the rules leaned.
        seed: of the blind sample.
    """
    if row.meaning != guess:
        return Why.DIFFER
    return Why.BLIND if _drawn(row.id, seed) else None


def odd_rules(counts: Mapping[str, Counter[str]]) -> dict[str, frozenset[str]]:
    """Return by worker the rules by which it decides far more often than the others do.

    Far more: by more than four standard errors of the difference of two shares. A default that one worker falls back
    on is such a rule.

    Args:
        counts: decisions by rule, by worker.
    """
    total = sum((count.total() for count in counts.values()), 0)
    every = sum(counts.values(), Counter[str]())
    found: dict[str, frozenset[str]] = {}
    for name, mine in counts.items():
        others = total - mine.total()
        odd = {
            rule
            for rule, count in mine.items()
            if count >= _FEWEST and others and _deviation(count, mine.total(), every[rule] - count, others) > _ODD
        }
        found[name] = frozenset(odd)
    return found


def ruled(first: Row, second: Row, worker: str, why: Why, lacking: Iterable[Case]) -> Finding:
    """Return whose answer on a ticket stands.

    The auditor's, where it rests on a corner case that the first brief lacked; else the first stands and is doubtful.
    """
    name = first.id
    if first.meaning == second.meaning:
        return Finding(name, worker, Ruling.AGREED, first.meaning, second.meaning, why)
    case = next((one.rule.id for one in lacking if one.rule.id in second.rules), "")
    ruling = Ruling.CORRECTED if case else Ruling.DISPUTED
    return Finding(name, worker, ruling, first.meaning, second.meaning, why, case)


def patterns(findings: Iterable[Finding]) -> tuple[Pattern, ...]:
    """Return the corner cases that briefs lacked, the commonest first: all that such a worker decided is suspect."""
    corrected = [one for one in findings if one.ruling is Ruling.CORRECTED]
    counted = Counter((one.case, one.first, one.second) for one in corrected)
    return tuple(
        Pattern(*key, count, tuple(sorted({one.worker for one in corrected if one.case == key[0]})))
        for key, count in sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    )


def agreed(findings: Sequence[Finding], names: Sequence[str], floor: float = KAPPA) -> Agreement:
    """Return how first answers and audit agree, and whether that is enough."""
    blind = [Pair(one.first, one.second) for one in findings if one.why is Why.BLIND]
    kappa = agreement.cohen(blind)
    stops = ""
    if kappa.value is not None and kappa.value < floor:
        stops = f"first answers and audit agree too little: kappa {kappa.value:.2f}, below {floor:.2f}"
    return Agreement(len(findings), len(blind), kappa, agreement.by_class(blind, names), stops)


def _drawn(name: str, seed: str) -> bool:
    drawn = hashlib.blake2b(f"{seed}\0{name}".encode(), digest_size=4).digest()
    return int.from_bytes(drawn) < SHARE * 2**32


def _deviation(mine: int, of: int, theirs: int, others: int) -> float:
    """Return by how many standard errors one share exceeds another."""
    pooled = (mine + theirs) / (of + others)
    error = math.sqrt(pooled * (1 - pooled) * (1 / of + 1 / others))
    return (mine / of - theirs / others) / error if error else 0.0
