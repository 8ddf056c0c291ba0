"""The buffer policy as a function of one working day after the other, for any simulator."""

from collections.abc import Iterable, Iterator

from pydantic import BaseModel, TypeAdapter, ValidationError

from scout.buffer.days import Day
from scout.buffer.life import Life
from scout.buffer.terms import Terms
from scout.buffer.wording import briefly
from scout.errors import UsageError

_DAY = TypeAdapter(Day)


class Ordered(BaseModel):
    """What the policy orders as a day ends.

    Attributes:
        order: candidates to draft.
        reason: why that many.
        constraint: what keeps ready work short; empty while nothing does, or nothing can be told.
    """

    order: int
    reason: str
    constraint: str = ""


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
            cause = life.cause
            named = cause.name.value if cause.name.is_shortage else ""
            yield Ordered(order=made.count, reason=briefly(made, cause), constraint=named)


def _read(line: str, number: int) -> Day:
    try:
        return _DAY.validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "it"
        message = f"Line {number} is no day: {where}: {first['msg']}."
        raise UsageError(message, "Give one JSON object a working day; `scout eval policy --help` shows one.") from None
