"""A project's card on the first page: pure functions from the snapshot and the ages of sources."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scout.clock import ago
from scout.model import Frozen, Outcome, Plan
from scout.service.ages import SourceAge, streams_told, trouble

_GAUGE = 100


class Source(Frozen):
    """A source of a project.

    Attributes:
        said: how old what is known of it is, in words.
        tag: what is wrong with that, in a word; empty when nothing is.
        streams: one line for all its streams of the same age and outcome.
    """

    id: str
    said: str
    tag: str
    streams: tuple[str, ...]


class Counts(Frozen):
    """Findings of a project: all, and those to offer."""

    all: int = 0
    offered: int = 0


class Tickets(Frozen):
    """Open tickets of a project, and the ready ones among them."""

    open: int = 0
    ready: int = 0


class Card(Frozen):
    """One project of the portfolio.

    Attributes:
        plan: None before the project's first run.
        cover: days of cover in words; empty without a plan.
        alarm: why it needs attention, in a word; empty when it does not.
        gauge: on hand, on order and s as parts of S, each 0..100.
        trouble: what must answer and is old, or could not be read, in clauses; empty when all is as it should be.
        tag: the same in a word: `partial` or `old`.
        waiting: candidates that wait for a decision.
    """

    id: str
    plan: Plan | None
    cover: str
    alarm: str
    gauge: tuple[int, int, int]
    sources: tuple[Source, ...]
    findings: Counts
    tickets: Tickets
    trouble: tuple[str, ...]
    tag: str
    waiting: int


def card(project: Mapping[str, Any], waiting: int, ages: tuple[SourceAge, ...], now: datetime) -> Card:
    """Return a project's card.

    Args:
        project: its part of the snapshot.
        waiting: how many of its candidates wait for a decision.
        ages: how old what is known of its sources is.
        now: the clock, UTC.
    """
    # The snapshot leaves the plan's moments out: they change with every run, and nothing here shows them.
    given = project.get("plan")
    plan = Plan.model_validate({"at": now, "next_review_at": now, **given}) if given else None
    bad = [one for one in ages if one.required and plan and (one.unread or one.old)]
    return Card(
        id=project["id"],
        plan=plan,
        cover=_cover(plan),
        alarm=_alarm(plan),
        gauge=_gauge(plan),
        sources=tuple(_source(one, now) for one in ages),
        findings=Counts.model_validate(project.get("findings", {})),
        tickets=Tickets.model_validate(project.get("tickets", {})),
        trouble=tuple(said for one in bad if (said := trouble(one, now))),
        tag="partial" if any(one.unread for one in bad) else "old" if bad else "",
        waiting=waiting,
    )


def _cover(plan: Plan | None) -> str:
    if plan is None:
        return ""
    if plan.days_of_cover is None:
        return "nothing is being started"
    days = f"{plan.days_of_cover:.1f}".removesuffix(".0")
    return f"{days} working day{'' if days == '1' else 's'} of cover"


def _alarm(plan: Plan | None) -> str:
    if plan is None:
        return ""
    if plan.position.blind:
        return "blind"
    if plan.position.on_hand == 0:
        return "empty"
    return "low" if plan.position.on_hand + plan.position.on_order <= plan.reorder_point else ""


def _gauge(plan: Plan | None) -> tuple[int, int, int]:
    if plan is None or plan.order_up_to <= 0:
        return 0, 0, 0
    on_hand = min(_GAUGE, round(_GAUGE * plan.position.on_hand / plan.order_up_to))
    on_order = min(_GAUGE - on_hand, round(_GAUGE * plan.position.on_order / plan.order_up_to))
    return on_hand, on_order, min(_GAUGE, round(_GAUGE * plan.reorder_point / plan.order_up_to))


def _source(one: SourceAge, now: datetime) -> Source:
    if one.outcome is Outcome.NOT_APPLICABLE:
        return Source(id=one.source, said=f"not applicable: {one.reason}", tag="", streams=())
    said = f"read {ago(one.fetched_at, now)}" if one.fetched_at else "never read"
    tag = "not read" if one.unread else "old" if one.old else ""
    return Source(
        id=one.source,
        said=f"{said}; {one.reason}" if one.unread and not one.required else said,
        tag=tag,
        streams=streams_told(one, now),
    )
