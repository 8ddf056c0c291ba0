"""The rules at work: what speaks for and against each class of a taxonomy, and the class that follows.

Weights are weights of evidence in log-odds and add up (Good, Probability and the Weighing of Evidence, 1950; Minsky and
Selfridge's naive combination). Where a taxonomy asks its classes in order, the answer to each question has odds of its
own and the first yes wins: P(class) = P(yes) times the chance that no earlier answer was yes. Otherwise the classes
compete: P(class) is the softmax of their sums. Every point has a rule, a reason and a quotation.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from scout.errors import SettingsError
from scout.lifecycle.facts import FACTS
from scout.lifecycle.reading import Reading, first_match, names_of
from scout.lifecycle.record import Record
from scout.lifecycle.taxonomy import MOST_WEIGHT, Rule, Taxonomy

DIGITS = 4
_FLAT = 0.8
"""How much further reasons of one class count: they are rarely independent (a template has several of its phrases)."""


@dataclass(frozen=True, slots=True)
class Point:
    """A rule that held.

    Attributes:
        meaning: the class it speaks for or, with a negative weight, against.
        quotation: what it rests on, as it stands in the record.
    """

    rule: str
    meaning: str
    weight: float
    reason: str
    quotation: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Exactly one class, with why.

    Attributes:
        meaning: the class.
        confidence: 0..1, by the evidence.
        reason: a clause; `quotation` what it rests on.
        rule: the rule that decided; `default` where none spoke for the class.
        second: the runner-up.
        chances: by class; their sum is 1.
        points: every rule that held.
    """

    meaning: str
    confidence: float
    reason: str
    quotation: str
    rule: str
    second: str
    chances: Mapping[str, float]
    points: tuple[Point, ...]


_Check = Callable[[Reading], str | None]


@dataclass(frozen=True, slots=True)
class _Compiled:
    rule: Rule
    meaning: str
    checks: tuple[_Check, ...]
    unless: re.Pattern[str] | None

    def point(self, at: Reading) -> Point | None:
        """Return the rule's point, if all of it holds."""
        quotation = ""
        for check in self.checks:
            found = check(at)
            if found is None:
                return None
            quotation = quotation or found
        if self.unless and first_match(self.unless, at, self.rule.where) is not None:
            return None
        return Point(self.rule.id, self.meaning, self.rule.weight, self.rule.reason, quotation)


class Classifier:
    """A taxonomy's rules, ready to classify many records; it keeps nothing of any of them.

    Args:
        taxonomy: the classes and their rules.
        cases: further rules by class: corner cases that a brief tells.
        least: rules of less weight than this do not count.

    Raises:
        SettingsError: a rule names a fact that there is not, or a case a class that there is not.
    """

    def __init__(
        self, taxonomy: Taxonomy, cases: Mapping[str, Sequence[Rule]] | None = None, least: float = 0.0
    ) -> None:
        self.taxonomy = taxonomy
        known = {one.id: (*one.rules, *(cases or {}).get(one.id, ())) for one in taxonomy.classes}
        if strange := next((name for name in cases or {} if name not in known), None):
            raise SettingsError(
                f"A corner case is about '{strange}', which is no class.", "Name one of the taxonomy's."
            )
        counted = ((rule, name) for name, rules in known.items() for rule in rules if abs(rule.weight) >= least)
        self._rules = tuple(_compiled(rule, name) for rule, name in counted)
        self._priors = {one.id: one.prior for one in taxonomy.classes}

    def classify(self, record: Record) -> Verdict:
        """Return the class of a record; what a person has settled stands."""
        if record.settled in self._priors:
            return _settled(record.settled, self.taxonomy)
        at = Reading(record)
        return self.judged(tuple(point for rule in self._rules if (point := rule.point(at)) is not None))

    def judged(self, points: Sequence[Point]) -> Verdict:
        """Return the class that follows from these points."""
        sums = {name: prior + _sum(points, name) for name, prior in self._priors.items()}
        chances = _in_order(sums) if self.taxonomy.choice == "first" else _competing(sums)
        ordered = sorted(chances, key=lambda name: (-chances[name], self.taxonomy.names.index(name)))
        winner, second = ordered[0], ordered[1]
        best = max((one for one in points if one.meaning == winner and one.weight > 0), key=_weight, default=None)
        against = max((one for one in points if one.meaning != winner and one.weight < 0), key=_weight, default=None)
        told = best or against
        return Verdict(
            meaning=winner,
            confidence=round(chances[winner], DIGITS),
            reason=told.reason if told else "nothing speaks for another class",
            quotation=told.quotation if told else "",
            rule=best.rule if best else "default",
            second=second,
            chances={name: round(chance, DIGITS) for name, chance in chances.items()},
            points=tuple(points),
        )


def _settled(meaning: str, taxonomy: Taxonomy) -> Verdict:
    label = taxonomy.label(meaning)
    point = Point("settled", meaning, MOST_WEIGHT, "a person has given it this class", label)
    second = next(name for name in taxonomy.names if name != meaning)
    chances = {name: float(name == meaning) for name in taxonomy.names}
    return Verdict(meaning, 1.0, point.reason, label, point.rule, second, chances, (point,))


def _weight(point: Point) -> float:
    return abs(point.weight)


def _sum(points: Iterable[Point], meaning: str) -> float:
    """Return the evidence for a class: the strongest reason whole, each further one of its sign counts less."""
    total = 0.0
    for sign in (1, -1):
        weights = sorted(
            (abs(one.weight) for one in points if one.meaning == meaning and one.weight * sign > 0), reverse=True
        )
        total += sign * sum(weight * _FLAT**place for place, weight in enumerate(weights))
    return total


def _in_order(sums: Mapping[str, float]) -> dict[str, float]:
    left, chances = 1.0, dict[str, float]()
    *asked, last = sums
    for name in asked:
        yes = 1 / (1 + math.exp(-sums[name]))
        chances[name] = left * yes
        left *= 1 - yes
    return chances | {last: left}


def _competing(sums: Mapping[str, float]) -> dict[str, float]:
    most = max(sums.values())
    odds = {name: math.exp(value - most) for name, value in sums.items()}
    total = sum(odds.values())
    return {name: value / total for name, value in odds.items()}


def _compiled(rule: Rule, meaning: str) -> _Compiled:
    unknown = next((name for name in rule.facts if name.removeprefix("not-") not in FACTS), None)
    if unknown:
        raise SettingsError(f"The rule '{rule.id}' names the fact '{unknown}', which there is not.", _remedy())
    checks: list[_Check] = []
    checks += [_names(_either(rule.states), lambda at: ((at.record.state, names_of(at.record.state)),))] * bool(
        rule.states
    )
    checks += [_names(_either(rule.labels), lambda at: at.labels)] * bool(rule.labels)
    checks += [_names(_either(rule.kinds), _kinds)] * bool(rule.kinds)
    checks += [_names(_either(rule.priorities), _priorities)] * bool(rule.priorities)
    checks += [_column(name, re.compile(pattern)) for name, pattern in rule.fields.items()]
    checks += [_fact(rule.facts)] * bool(rule.facts)
    checks += [_phrase(_either(rule.phrases), rule.where)] * bool(rule.phrases)
    return _Compiled(rule, meaning, tuple(checks), _either(rule.unless) if rule.unless else None)


def _kinds(at: Reading) -> Iterable[tuple[str, tuple[str, ...]]]:
    return chain(((at.record.kind, names_of(at.record.kind)),) if at.record.kind else (), at.labels)


def _priorities(at: Reading) -> Iterable[tuple[str, tuple[str, ...]]]:
    return chain(((at.record.priority, names_of(at.record.priority)),) if at.record.priority else (), at.labels)


def _names(pattern: re.Pattern[str], of: Callable[[Reading], Iterable[tuple[str, tuple[str, ...]]]]) -> _Check:
    def check(at: Reading) -> str | None:
        return next((name for name, seen in of(at) if any(map(pattern.fullmatch, seen))), None)

    return check


def _column(name: str, pattern: re.Pattern[str]) -> _Check:
    def check(at: Reading) -> str | None:
        value = (at.record.fields or {}).get(name, "")
        return f"{name}: {value}" if pattern.search(value.lower()) else None

    return check


def _fact(names: Sequence[str]) -> _Check:
    def check(at: Reading) -> str | None:
        said: list[str] = []
        for name in names:
            found = FACTS[name.removeprefix("not-")](at)
            if bool(found) == name.startswith("not-"):
                return None
            said.append(found)
        return "; ".join(filter(None, said))

    return check


def _phrase(pattern: re.Pattern[str], places: Sequence[str]) -> _Check:
    return lambda at: first_match(pattern, at, places)


def _either(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns))


def _remedy() -> str:
    return f"There are: {', '.join(sorted(FACTS))}."
