"""A working day in a project's life, as simulators and stores tell it."""

from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BeforeValidator, Field

_MOST = 1_000_000


def _whole(given: object) -> object:
    """Return a figure rounded down: some simulators give shares of a candidate."""
    return int(given) if isinstance(given, float) and abs(given) <= _MOST else given


Count = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=_MOST)]
"""How many; not negative."""

WorkingDays = Annotated[
    tuple[Annotated[float, Field(ge=0, le=_MOST, allow_inf_nan=False)], ...], BeforeValidator(lambda given: given or ())
]
"""Spans in working days; null is none."""


@dataclass(frozen=True, slots=True)
class OnOrder:
    """Candidates that are no ready tickets yet, by stage.

    Attributes:
        drafting: being written.
        queued: waiting for a decision.
        accepted: accepted, not ready yet.
    """

    drafting: Count = 0
    queued: Count = 0
    accepted: Count = 0

    @property
    def undecided(self) -> int:
        """Candidates that nobody has decided about."""
        return self.drafting + self.queued


@dataclass(frozen=True, slots=True)
class Today:
    """What happened in a working day; counts, except `leads` and `waits`, which are working days.

    Attributes:
        starts: tickets started.
        starved: tickets asked for when nothing was ready. They are demand, too: without them a starving project looks
            like a quiet one.
        on_hand: ready tickets as the day began.
        blocked: ready tickets that wait for others.
        ordered: candidates ordered the day before.
        presented: candidates that reviewers could have decided.
        queued: candidates that wait as the day ends.
        decided: decisions.
        accepted: decisions that accept.
        expired: ready tickets whose readiness ended.
        spoiled: accepted candidates that never became ready.
        readied: tickets that became ready.
        leads: from ordered to ready, of the tickets that became ready.
        waits: from drafted to decided, of the candidates that were decided.
    """

    starts: Count = 0
    starved: Count = 0
    on_hand: Count = 0
    blocked: Count = 0
    ordered: Count = 0
    presented: Count = 0
    queued: Count = 0
    decided: Count = 0
    accepted: Count = 0
    expired: Count = 0
    spoiled: Count = 0
    readied: Count = 0
    leads: WorkingDays = ()
    waits: WorkingDays = ()

    @property
    def asked(self) -> int:
        """Demand: what was started and what could not be."""
        return self.starts + self.starved


@dataclass(frozen=True, slots=True)
class Day:
    """What a policy knows as a working day ends.

    Attributes:
        on_hand: ready tickets.
        ceiling: undecided candidates at most; None for what the measured speed of reviewers allows.
    """

    on_hand: Count
    on_order: OnOrder = field(default_factory=OnOrder)
    today: Today = field(default_factory=Today)
    ceiling: Count | None = None
