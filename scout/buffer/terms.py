"""What the plan is made from beside demand and position: the settings, and what was measured so far."""

import math
from collections.abc import Sequence
from typing import Annotated, Any, Self

from pydantic import Field, ModelWrapValidatorHandler, ValidationError, model_validator

from scout.buffer.clumps import Clumps
from scout.buffer.lead_time import lead_time
from scout.errors import SettingsError
from scout.model import Frozen

_YIELD_WEIGHT = 10  # decisions that the prior yield is worth
_COLLAPSED = 0.1  # a smaller share of accepted candidates says that nobody wants more like them
_TOLD = 10  # decisions from which on that is believed

_Days = Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]


class Terms(Frozen):
    """What the settings say about the buffer.

    Attributes:
        service_level: probability that ready work lasts until the next has arrived.
        review_period: R, working days between two plans.
        floor: smallest s, in tickets.
        lead_time: working days from a candidate drafted to a ready ticket, until measured.
        yield_rate: ready tickets per candidate, until measured.
        decisions: decisions that reviewers make in a working day.
        drafting_days: working days that drafting takes on average; part of the lead time.
        most_undecided: undecided candidates at most, where that is said; else what reviewers can take.

    Raises:
        SettingsError: a value is out of range, or two contradict each other.
    """

    service_level: Annotated[float, Field(ge=0.5, le=0.9999)] = 0.95
    review_period: _Days = 1.0
    floor: Annotated[int, Field(ge=1, le=100_000)] = 3
    lead_time: _Days = 4.0
    yield_rate: Annotated[float, Field(ge=0.01, le=1)] = 0.6
    decisions: Annotated[float, Field(ge=0, le=100_000)] = 5.0
    drafting_days: Annotated[float, Field(ge=0, le=1000)] = 1.0
    most_undecided: Annotated[int, Field(ge=0)] | None = None

    @property
    def ceiling(self) -> int:
        """Undecided candidates at most: what reviewers decide while drafting goes on, and in two days more."""
        if self.most_undecided is not None:
            return self.most_undecided
        return math.floor(self.decisions * (self.drafting_days + 2))

    @model_validator(mode="wrap")
    @classmethod
    def _consistent(cls, values: Any, validated: ModelWrapValidatorHandler[Self]) -> Self:
        remedy = "Change it under [policy] (decisions: reviewers under [[project]]) in scout.toml."
        try:
            made = validated(values)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            message = f"The buffer cannot be planned with {name} = {first['input']}: {first['msg'].lower()}."
            raise SettingsError(message, remedy) from None
        if made.drafting_days > made.lead_time and "drafting_days" in made.model_fields_set:
            message = f"A lead time of {made.lead_time:g} working days cannot hold {made.drafting_days:g} of drafting."
            raise SettingsError(message, remedy)
        return made


class Experience(Frozen):
    """What was measured so far.

    Attributes:
        accepted: decided candidates that became ready tickets.
        decided: all decided candidates.
        lead_times: working days from drafted to ready, of those that arrived; impossible ones are left out.
        waiting: working days so far of candidates that did not arrive: undecided, not yet filed, or rejected.
        recent: candidates made within the last review period, decided or not.
        clumps: what is asked for at a time.
        refine_yield: ready tickets per rewrite of a ticket that is not ready; None until one was decided.
    """

    accepted: int = 0
    decided: int = 0
    lead_times: tuple[float, ...] = ()
    waiting: tuple[float, ...] = ()
    recent: int = 0
    clumps: Clumps = Clumps()
    refine_yield: Annotated[float, Field(ge=0, le=1)] | None = None

    @property
    def collapsed(self) -> bool:
        """Whether hardly anything is accepted any more: then one candidate at a time, until one is."""
        return self.decided >= _TOLD and self.accepted < _COLLAPSED * self.decided


def shrunk_yield(accepted: int, decided: int, prior: float) -> tuple[float, float]:
    """Return the mean and the variance of the yield (Beta–Binomial; the prior is worth ten decisions).

    Counts that contradict each other are brought into 0 ≤ accepted ≤ decided.
    """
    decided = max(decided, 0)
    accepted = min(max(accepted, 0), decided)
    weight = _YIELD_WEIGHT + decided
    mean = (prior * _YIELD_WEIGHT + accepted) / weight
    return mean, mean * (1 - mean) / (weight + 1)


def shrunk_lead_time(measured: Sequence[float], prior: float, waiting: Sequence[float] = ()) -> tuple[float, float]:
    """Return the mean and the variance of the lead time in working days; see `lead_time`."""
    found = lead_time(measured, waiting, prior)
    return found.mean, found.deviation**2
