"""Drift: which classes change after the fact, which rules people overrule, and what to change in those rules."""

import math
import re
from collections import Counter
from collections.abc import Mapping
from typing import ClassVar, Final, NamedTuple

from scout.lifecycle import register
from scout.lifecycle.taxonomy import MOST_WEIGHT, Rule, Taxonomy, load
from scout.model import Frozen, Report
from scout.service.classify_runs import Phase, runs
from scout.service.wiring import Workspace
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import lifecycle as table

FEWEST: Final = 3
"""Times that people have to overrule a rule before a change of it is proposed: fewer say nothing."""
_OVERRULED = re.compile(r"^(?P<rule>[^:]+): (?P<was>\S+) became (?P<now>\S+)$")
_SETTLED, _MODEL, _DEFAULT = "settled", "model", "default"


class Moved(Frozen):
    """How often people changed one class into another."""

    was: str
    now: str
    count: int


class RuleDrift(Frozen):
    """A rule that people overruled.

    Attributes:
        decided: tickets that it decided, those included that people changed.
        overruled: how often people changed its class; `became` into which.
        weight: as it is; None for what is no rule of the taxonomy (a model, or nothing that spoke).
        proposed: the weight at which its word would be as sure as people found it right; None where that is no remedy.
        remedy: what to change, in a sentence.
    """

    rule: str
    meaning: str
    decided: int
    overruled: int
    became: dict[str, int]
    weight: float | None
    proposed: float | None
    remedy: str


class DriftReport(Report):
    """What became of classes after they were given.

    Attributes:
        classed: tickets that have a class now; `doubtful` of them wait for a person.
        moved: changes by people, the commonest first.
        rules: those that were overruled, the most often first.
    """

    schema_id: ClassVar[str] = "scout.classification.drift/1"

    taxonomy: str
    runs: int
    classed: int
    doubtful: int
    moved: tuple[Moved, ...]
    rules: tuple[RuleDrift, ...]


class _Overruling(NamedTuple):
    rule: str
    was: str
    now: str


def drift(work: Workspace, taxonomy: str = "gtd") -> DriftReport:
    """Return what people have changed since, over all runs by a taxonomy.

    Raises:
        UsageError: there is no such taxonomy.
    """
    told = load(taxonomy)
    overruled, count = Counter[_Overruling](), 0
    for run in runs(work):
        state = run.state()
        if state.taxonomy != told.id or state.phase is not Phase.JOINED:
            continue
        count += 1
        with register.opened(run.folder) as kept:
            settled = kept.overruled()
        for named in (state.overruled, settled):
            overruled.update(_read(named))
    standing, doubtful = _standing(work, told.id)
    moved = Counter[tuple[str, str]]()
    for one, times in overruled.items():
        moved[one.was, one.now] += times
    return DriftReport(
        taxonomy=told.id,
        runs=count,
        classed=standing.total(),
        doubtful=doubtful,
        moved=tuple(Moved(was=was, now=now, count=times) for (was, now), times in moved.most_common()),
        rules=tuple(_rules(told, overruled, standing)),
    )


def proposed(weight: float, decided: int, overruled: int, confidence: float) -> float:
    """Return the weight at which a rule would be as sure as it was right. Pure.

    Weights are log-odds and add up, so that what a rule is too sure by is the difference of the log-odds of its
    confidence and of how often it was right; that is counted with one case more on either side (Laplace's rule of
    succession).

    Args:
        weight: as it is.
        decided: tickets that it decided.
        overruled: of those, how many people changed.
        confidence: 0..1, of verdicts by it, on average.
    """
    right = (decided - overruled + 1) / (decided + 2)
    shift = _log_odds(right) - _log_odds(min(max(confidence, 0.01), 0.99))
    return round(min(max(weight + min(shift, 0.0), -MOST_WEIGHT), MOST_WEIGHT), 1)


def _rules(told: Taxonomy, overruled: Mapping[_Overruling, int], standing: Counter[tuple[str, str]]) -> list[RuleDrift]:
    known = {rule.id: (one.id, rule) for one in told.classes for rule in one.rules}
    by_rule = Counter[tuple[str, str]]()
    for one, times in overruled.items():
        by_rule[one.rule, one.was] += times
    found: list[RuleDrift] = []
    for (name, was), times in by_rule.most_common():
        became = {one.now: count for one, count in overruled.items() if (one.rule, one.was) == (name, was)}
        decided = standing[name, was] + times
        rule = known.get(name, (was, None))[1]
        better = None
        if rule is not None and times >= FEWEST:
            better = proposed(rule.weight, decided, times, told.floor)
        found.append(
            RuleDrift(
                rule=name,
                meaning=was,
                decided=decided,
                overruled=times,
                became=dict(sorted(became.items(), key=lambda one: -one[1])),
                weight=rule.weight if rule else None,
                proposed=better if rule and better != rule.weight else None,
                remedy=_remedy(name, rule, times, decided, max(became, key=lambda one: became[one])),
            )
        )
    return found


def _remedy(name: str, rule: Rule | None, times: int, decided: int, mostly: str) -> str:
    if times < FEWEST:
        return "nothing yet: that is too seldom to say anything"
    if name == _DEFAULT:
        return f"give {mostly} a rule for what these have in common: nothing spoke for it"
    if name == _MODEL or rule is None:
        return f"tell a corner case for {mostly} in the brief: it is no rule of the taxonomy"
    if 2 * times > decided:
        return f"lower its weight, or say with `unless` what makes it {mostly}"
    return f"lower its weight, or add a stronger rule for {mostly}"


def _read(overruled: Mapping[str, int]) -> dict[_Overruling, int]:
    return {
        _Overruling(found["rule"], found["was"], found["now"]): times
        for said, times in overruled.items()
        if (found := _OVERRULED.match(said)) and found["rule"] != _SETTLED
    }


def _standing(work: Workspace, taxonomy: str) -> tuple[Counter[tuple[str, str]], int]:
    found, doubtful = Counter[tuple[str, str]](), 0
    try:
        with work.warehouse.reading() as connection:
            for project in work.projects:
                for one in table.standings(connection, project.id, taxonomy):
                    found[one.rule, one.meaning] += 1
                    doubtful += bool(one.doubt)
    except NoWarehouseError:
        pass
    return found, doubtful


def _log_odds(chance: float) -> float:
    return math.log(chance / (1 - chance))
