"""Readiness keeps only as long as the ground under a ticket does: when the files it names have moved on, it is stale.

Age alone says nothing: a ticket about files that nobody has touched since is as true as on its first day.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from scout.model import Frozen, Ticket

SHELF_LIFE = timedelta(days=180)
"""How long a ticket is fresh after it was last touched, whatever happened to its files."""

_REWRITTEN = 3  # changes to the named files since then


class Ground(Frozen):
    """What happened to the files that a ticket names.

    Attributes:
        path: the file that was changed most since the ticket was last touched.
        changes: how many changes of it landed since then.
    """

    path: str
    changes: int


def touched(ticket: Ticket) -> datetime | None:
    """Return when somebody last wrote on a ticket, comments included; None when nothing is dated."""
    dated = (ticket.created_at, ticket.updated_at, *(comment.at for comment in ticket.comments))
    return max((one for one in dated if one is not None), default=None)


def stale_from(ticket: Ticket, ground: Ground | None) -> datetime | None:
    """Return from when on a ticket's readiness is stale; None while its files stand as they stood."""
    last = touched(ticket)
    if last is None or ground is None or ground.changes < _REWRITTEN:
        return None
    return last + SHELF_LIFE


def stale(ticket: Ticket, ground: Ground | None, now: datetime) -> str:
    """Return why a ticket's readiness is stale at `now`; empty while it is fresh."""
    since = stale_from(ticket, ground)
    if since is None or ground is None or now < since:
        return ""
    last = since - SHELF_LIFE
    return f"stale: {ground.changes} changes of {ground.path} landed since it was last touched on {last:%Y-%m-%d}"


def going_stale(tickets: Iterable[Ticket], grounds: Mapping[str, Ground], until: datetime) -> frozenset[str]:
    """Return the keys of the tickets whose readiness is stale at a later moment, as far as is known today."""
    return frozenset(one.key for one in tickets if stale(one, grounds.get(one.key), until))
