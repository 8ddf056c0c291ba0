"""What candidates of the past teach: how long they take to become ready tickets, and how many of them do."""

from collections.abc import Container, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from scout.buffer.calendar import Calendar
from scout.buffer.lead_time import LeadTime, lead_time
from scout.buffer.terms import Experience
from scout.buffer.yields import Decided, Yields, yields
from scout.model import Candidate, CandidateState, Decision, Event, Frozen, standing
from scout.review.transitions import state

_DECIDING = {Event.ACCEPT, Event.REJECT}


class Stage(Frozen):
    """How long one stage on the way to a ticket takes.

    Attributes:
        name: `draft to decision`, `decision to ticket`, or `draft to ticket` for the whole way.
        time: in working days.
    """

    name: str
    time: LeadTime


class Past(NamedTuple):
    """What candidates of the past teach.

    Attributes:
        experience: as the policy needs it.
        stages: the stages on the way to a ticket, then the whole way.
        yields: ready tickets per candidate, by scout and kind.
    """

    experience: Experience
    stages: tuple[Stage, ...]
    yields: Yields


class _Times(NamedTuple):
    """When things happened to a candidate; None for what did not."""

    drafted: datetime
    decided: datetime | None
    accepted: bool
    filed: datetime | None
    gone: bool


def past_of(  # noqa: PLR0913 - the settings that stand for what was not measured yet
    lives: Sequence[Candidate],
    now: datetime,
    calendar: Calendar,
    *,
    review_period: float,
    expected_days: float,
    expected_yield: float,
    unready: Container[str] = (),
) -> Past:
    """Return what candidates teach.

    Args:
        lives: all candidates of a project.
        now: the clock, UTC.
        calendar: the working days.
        review_period: working days within which a candidate counts as made just now.
        expected_days: lead time in working days before anything was measured.
        expected_yield: ready tickets per candidate before anything was decided.
        unready: ids of those whose ticket was sent back for definition, or closed as not wanted.
    """
    kept = [(one, _times(one, now)) for one in lives]
    whole = _spans([(it.drafted, it.filed, it) for _, it in kept], now, calendar)
    deciding = _spans([(it.drafted, it.decided, it) for _, it in kept], now, calendar)
    filing = _spans([(it.decided, it.filed, it) for _, it in kept if it.accepted and it.decided], now, calendar)
    decided = [
        Decided(one.signal, one.draft.kind.value, it.accepted and one.id not in unready)
        for one, it in kept
        if it.decided
    ]
    experience = Experience(
        accepted=sum(one.ready for one in decided),
        decided=len(decided),
        lead_times=tuple(whole[0]),
        waiting=tuple(whole[1]),
        recent=sum(not it.gone and _age(it.drafted, now, calendar) < review_period for _, it in kept),
    )
    stages = (
        Stage(name="draft to decision", time=lead_time(*deciding, expected_days / 2)),
        Stage(name="decision to ticket", time=lead_time(*filing, expected_days / 2)),
        Stage(name="draft to ticket", time=lead_time(*whole, expected_days)),
    )
    return Past(experience, stages, yields(decided, expected_yield))


def _times(one: Candidate, now: datetime) -> _Times:
    deciding = next((it for it in reversed(standing(one.decisions)) if it.event in _DECIDING), None)
    filed = next((it for it in one.decisions if it.event is Event.PUBLISH), None)
    return _Times(
        drafted=one.created_at,
        decided=_at(deciding),
        accepted=deciding is not None and deciding.event is Event.ACCEPT,
        filed=_at(filed),
        gone=state(one.decisions, now) is CandidateState.WITHDRAWN,
    )


def _age(begin: datetime, now: datetime, calendar: Calendar) -> int:
    """Return working days in whole days, so that two looks on one day say the same."""
    return calendar.count(begin.astimezone(UTC).date(), now.astimezone(UTC).date())


def _at(event: Decision | None) -> datetime | None:
    return event.at if event else None


def _spans(
    ways: Sequence[tuple[datetime | None, datetime | None, _Times]], now: datetime, calendar: Calendar
) -> tuple[list[float], list[float]]:
    """Return working days of those that came through, and so far of those that did not; the withdrawn tell nothing.

    A rejected one was watched until its rejection. What ends before it began, as imported dates may say, is left out.
    """
    arrived: list[float] = []
    waiting: list[float] = []
    for begin, end, it in ways:
        if begin is None or (end or now) < begin:
            continue
        if end is not None:
            arrived.append(calendar.between(begin, end))
        elif not it.gone:
            rejected = it.decided if it.decided and not it.accepted else None
            waiting.append(calendar.between(begin, rejected) if rejected else _age(begin, now, calendar))
    return arrived, waiting
