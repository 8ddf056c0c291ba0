"""What a language model may cost and has cost: reserved before a question, settled after it.

Whatever dies in between, and however many ask at once: the sum of what is reserved and settled never exceeds a
ceiling that it was compared with, since comparing and writing are one transaction under the write lock.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select

from scout.ledger.records import Reservation
from scout.ledger.rows import append
from scout.ledger.schema import reservations, settlements
from scout.model import Ceiling, Scope, Spend


def reserve(connection: Connection, wanted: Reservation, ceilings: Sequence[Ceiling]) -> int | Ceiling:
    """Append a reservation and return its number, or return the first ceiling that is in its way.

    The caller holds the write lock.
    """
    more = Spend(requests=1, tokens=wanted.tokens, money=wanted.money)
    for ceiling in ceilings:
        if not ceiling.holds(spent(connection, _within(wanted, ceiling.scope)).plus(more)):
            return ceiling
    newest: int = connection.scalar(select(func.coalesce(func.max(reservations.c.number), 0))) or 0
    append(connection, reservations, **wanted.having(number=newest + 1).model_dump())
    return newest + 1


def settle(connection: Connection, number: int, used: Spend, at: datetime) -> None:
    """Append what a reservation has come to; the first word on it stands."""
    known = select(settlements.c.reservation).where(settlements.c.reservation == number)
    if connection.scalar(known) is None:
        append(connection, settlements, reservation=number, tokens=used.tokens, money=used.money, at=at)


def spent(connection: Connection, condition: ColumnElement[bool]) -> Spend:
    """Return the sum of what reservations have come to, or may still come to."""
    tokens = func.coalesce(settlements.c.tokens, reservations.c.tokens)
    money = func.coalesce(settlements.c.money, reservations.c.money)
    sums = select(func.count(), func.coalesce(func.sum(tokens), 0), func.coalesce(func.sum(money), 0))
    row = connection.execute(sums.select_from(reservations.outerjoin(settlements)).where(condition)).one()
    return Spend(requests=int(row[0]), tokens=int(row[1]), money=int(row[2]))


def of_day(day: str, project: str | None = None) -> ColumnElement[bool]:
    """Return the condition for a day's reservations, of all projects or one."""
    mine = () if project is None else (reservations.c.project == project,)
    return and_(reservations.c.day == day, *mine)


def of_project(project: str) -> ColumnElement[bool]:
    """Return the condition for a project's reservations, of all days."""
    return reservations.c.project == project


def _within(wanted: Reservation, scope: Scope) -> ColumnElement[bool]:
    match scope:
        case Scope.RUN:
            return reservations.c.run == wanted.run
        case Scope.DAY:
            return of_day(wanted.day)
        case Scope.PROJECT:
            return of_day(wanted.day, wanted.project)
