"""Taxonomies and their rules, told line by line; and why a ticket has its class."""

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from scout.errors import UsageError
from scout.lifecycle.brief import Brief
from scout.lifecycle.taxonomy import Meaning, Rule, Taxonomy, built_in, load, plain
from scout.model import Frozen, Report
from scout.service.catalogue import Entry
from scout.service.classify_records import of_project
from scout.service.wiring import Project, Workspace
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import lifecycle as table

_SINCE = "0.1.0"
_STRENGTHS = ((3.0, "says so"), (2.0, "strong"), (1.0, "a sign"), (0.0, "a hint"))


class Held(Frozen):
    """A rule that held for a ticket: `weight` in log-odds for its class, or against it when negative."""

    rule: str
    meaning: str
    weight: float
    reason: str
    quotation: str


class WhyReport(Report):
    """Why a ticket would get its class now, by rules alone.

    Attributes:
        stands: the class that it has; empty when it was never classified. `by` the rule, model or person behind it.
        chances: by class; their sum is 1.
    """

    schema_id: ClassVar[str] = "scout.classification.why/1"

    project: str
    key: str
    title: str
    stands: str
    by: str
    doubt: str
    meaning: str
    confidence: float
    chances: dict[str, float]
    rules: tuple[Held, ...]


def entries() -> Iterator[Entry]:
    """Give a page for each taxonomy that Scout brings, and for each of their rules; ids repeat between taxonomies."""
    for name in built_in():
        taxonomy = load(name)
        yield _taxonomy(taxonomy)
        for one in taxonomy.classes:
            for rule in one.rules:
                yield _rule(taxonomy, one, rule)


def why(work: Workspace, project: Project, key: str, taxonomy: str = "gtd") -> WhyReport:
    """Return which rules hold for an open ticket, and the class that follows.

    Raises:
        UsageError: there is no such ticket or taxonomy.
    """
    told = load(taxonomy)
    given = next((one for one in of_project(work, project) if one.record.id == key), None)
    if given is None:
        raise UsageError(f"{project.id} has no open ticket '{key}'.", "See: scout classify status")
    own = {plain(told.label(name, given.source)) for name in told.names}
    labels = tuple(one for one in given.record.labels if plain(one) not in own)
    record = replace(given.record, labels=labels, seen_at=work.now)
    found = Brief(run="", worker="why", taxonomy=told).classifier().classify(record)
    stands = _standing(work, project.id, told.id, (given.source, key))
    return WhyReport(
        project=project.id,
        key=key,
        title=record.title,
        stands=stands.meaning if stands else "",
        by=stands.rule if stands else "",
        doubt=stands.doubt if stands else "",
        meaning=found.meaning,
        confidence=found.confidence,
        chances=dict(found.chances),
        rules=tuple(
            Held(rule=one.rule, meaning=one.meaning, weight=one.weight, reason=one.reason, quotation=one.quotation)
            for one in sorted(found.points, key=lambda one: -abs(one.weight))
        ),
    )


def _standing(work: Workspace, project: str, taxonomy: str, place: tuple[str, str]) -> table.Standing | None:
    try:
        with work.warehouse.reading() as connection:
            held = table.standings(connection, project, taxonomy)
            return next((one for one in held if (one.source, one.key) == place), None)
    except NoWarehouseError:
        return None


def _taxonomy(told: Taxonomy) -> Entry:
    ordered = told.choice == "first"
    lines = [told.purpose or told.name, ""]
    lines += [f"Source: {told.source}", ""] * bool(told.source)
    lines += ["The classes are asked in this order; the first yes wins.", ""] * ordered
    for one in told.classes:
        lines += [f"## {one.name}", "", one.definition, ""]
        lines += [f"- {rule.id} ({_strength(rule)}): {rule.reason}" for rule in one.rules]
        lines += [] if one.rules else ["- No rule: it is what remains."]
        lines += [""]
    lines += ["## Where two classes fit", "", *(f"- {one}" for one in told.tie_breaks)] if told.tie_breaks else []
    facts = {"classes": ", ".join(told.names), "floor": f"{told.floor:g}: below it a person or a model is asked"}
    page = "\n".join(lines)
    return Entry(id=told.id, kind="taxonomy", since=_SINCE, summary=told.purpose or told.name, page=page, facts=facts)


def _rule(told: Taxonomy, one: Meaning, rule: Rule) -> Entry:
    places = ", ".join(name.replace("_", " ") for name in rule.where)
    stated = (
        ("state is", rule.states),
        ("label, without its theme, is", rule.labels),
        ("kind of work or label is", rule.kinds),
        ("priority or label is", rule.priorities),
    )
    lines = [f"{rule.reason[:1].upper()}{rule.reason[1:]}.", "", "All of this has to hold:", ""]
    lines += [f"- its {what} one of: {_patterns(patterns)}" for what, patterns in stated if patterns]
    lines += [f"- its column {name} matches {_code(pattern)}" for name, pattern in rule.fields.items()]
    lines += [f"- {_fact(name)}" for name in rule.facts]
    lines += [f"- in its {places} stands one of:", *(f"  - {_code(one)}" for one in rule.phrases)] * bool(rule.phrases)
    lines += ["- and there is none of:", *(f"  - {_code(one)}" for one in rule.unless)] * bool(rule.unless)
    side = "for" if rule.weight > 0 else "against"
    facts = {
        "speaks": f"{side} {one.id}, {_strength(rule)}",
        "weight": f"{rule.weight:g} (log-odds; further rules of the same class count for less)",
    }
    return Entry(
        id=rule.id,
        kind=f"rule of {told.id}",
        since=_SINCE,
        summary=rule.reason,
        page="\n".join(lines),
        facts=facts,
    )


def _strength(rule: Rule) -> str:
    word = next(word for least, word in _STRENGTHS if abs(rule.weight) >= least)
    return word if rule.weight > 0 else f"{word}, against it"


def _fact(name: str) -> str:
    negated = name.startswith("not-")
    words = name.removeprefix("not-").replace("-", " ")
    return f"not: {words}" if negated else f"fact: {words}"


def _patterns(patterns: tuple[str, ...]) -> str:
    return ", ".join(map(_code, patterns))


def _code(pattern: str) -> str:
    return f"`` {pattern} ``" if "`" in pattern else f"`{pattern}`"
