"""The buffer policy as a function of one working day after the other, for any simulator."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from scout.buffer.life import Day, Life, OnOrder, Today
from scout.buffer.terms import Terms
from scout.buffer.wording import briefly
from scout.errors import UsageError

_LONGEST = 1_000_000
_Count = Annotated[int, Field(ge=0, le=_LONGEST)]
_Days = Annotated[
    tuple[Annotated[float, Field(ge=0, le=_LONGEST, allow_inf_nan=False)], ...],
    BeforeValidator(lambda given: given or ()),
]


class _Given(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _OnOrder(_Given):
    drafting: _Count = 0
    queued: _Count = 0
    accepted: _Count = 0


class _Today(_Given):
    starts: _Count = 0
    starved: _Count = 0
    on_hand: _Count = 0
    blocked: _Count = 0
    ordered: _Count = 0
    presented: _Count = 0
    queued: _Count = 0
    decided: _Count = 0
    accepted: _Count = 0
    expired: _Count = 0
    spoiled: _Count = 0
    readied: _Count = 0
    leads: _Days = ()
    waits: _Days = ()


class _Day(_Given):
    on_hand: _Count
    on_order: _OnOrder = _OnOrder()
    today: _Today = _Today()
    ceiling: _Count | None = None


class Ordered(BaseModel):
    """What the policy orders as a day ends.

    Attributes:
        order: candidates to draft.
        reason: why that many.
    """

    order: int
    reason: str


def orders(lines: Iterable[str], terms: Terms | None = None) -> Iterator[Ordered]:
    """Return an order for each day of one project's life.

    Args:
        lines: a JSON object a working day, in order; empty lines are passed over.
        terms: the settings.

    Raises:
        UsageError: a line is no day.
    """
    life = Life(terms)
    for number, line in enumerate(lines, 1):
        if line.strip():
            made = life.order(_read(line, number))
            yield Ordered(order=made.count, reason=briefly(made))


def _read(line: str, number: int) -> Day:
    try:
        said = _Day.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "it"
        message = f"Line {number} is no day: {where}: {first['msg']}."
        raise UsageError(message, "Give one JSON object a working day; `scout eval policy --help` shows one.") from None
    return Day(
        said.on_hand,
        OnOrder(**said.on_order.model_dump()),
        Today(**said.today.model_dump()),
        said.ceiling,
    )
