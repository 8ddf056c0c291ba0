"""Which ready tickets are served to whoever asks for work."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from scout.buffer.fronts import Footprint, clash
from scout.buffer.position import on_hand
from scout.model import Frozen, Ticket, TicketState

_QUOTED = re.compile(r"`([\w.@+/-]+)(?::\d+(?:-\d+)?)?`")
_BARE = re.compile(r"(?<![\w:/.@+-])(?:[\w.@+-]+/)+[\w@+-][\w.@+-]*\.\w{1,8}\b")
_FILE = re.compile(r".*/.*|[\w.@+-]+\.[A-Za-z]\w{0,7}")
_EDGE = "./"
_LATEST = datetime.max.replace(tzinfo=UTC)


class Held(Frozen):
    """A ready ticket that is not served now, and why."""

    key: str
    reason: str


class Serving(Frozen):
    """The answer to 'what can I start?'.

    Attributes:
        tickets: what is served, best first.
        available: all that are ready, unblocked, unclaimed and unstarted, whatever they collide with.
        fronts: how many of those could start at once without touching the same files.
        held: those passed over because they collide, best first.
    """

    tickets: tuple[Ticket, ...]
    available: int
    fronts: int
    held: tuple[Held, ...] = ()


def mentioned_paths(ticket: Ticket) -> frozenset[str]:
    """Return the files and folders that a ticket's title and body name, without leading `./` and trailing `/`.

    A name counts when it stands in backticks and has a slash or a suffix, or has both anywhere; so 'and/or' and
    'Node.js' are words.
    """
    text = f"{ticket.title}\n{ticket.body}"
    quoted = (name for name in _QUOTED.findall(text) if _FILE.fullmatch(name))
    found = (name.removeprefix("./").rstrip(_EDGE) for name in (*quoted, *_BARE.findall(text)))
    return frozenset(path for path in found if path)


def serve(
    tickets: Iterable[Ticket],
    ready: Mapping[str, float],
    count: int,
    *,
    taken: Collection[str] = (),
    footprints: Mapping[str, Footprint] | None = None,
) -> Serving:
    """Choose up to `count` tickets to start now.

    Best is what is most ready, then oldest. A ticket is passed over when it would meet a better ticket, or work in
    motion, in a file: two people or agents in the same file hinder each other.

    Args:
        tickets: all tickets of one project, closed ones included.
        ready: readiness 0..1 of those that are ready, by key.
        count: how many to serve at most.
        taken: keys under a lease; they count as claimed.
        footprints: where each ticket's work will leave traces, by key; without one, the files that it names.
    """
    known = [one.having(claimed=True) if one.key in taken else one for one in tickets]
    places = footprints or {}
    busy = [(one.key, _footprint(one, places)) for one in in_motion(known)]
    free = sorted(on_hand(known, ready), key=lambda one: (-ready[one.key], one.created_at or _LATEST, one.key))
    fronts, held = list[Ticket](), list[Held]()
    for ticket in free:
        mine = _footprint(ticket, places)
        met = next(((key, path) for key, theirs in busy if (path := clash(mine, theirs))), None)
        if met is None:
            fronts.append(ticket)
            busy.append((ticket.key, mine))
        else:
            held.append(Held(key=ticket.key, reason=f"touches {met[1]}, as {met[0]} does"))
    return Serving(tickets=tuple(fronts[: max(count, 0)]), available=len(free), fronts=len(fronts), held=tuple(held))


def in_motion(tickets: Iterable[Ticket]) -> tuple[Ticket, ...]:
    """Return the tickets that somebody works on or has taken, by key."""
    moving = (one for one in tickets if one.state is TicketState.STARTED or (one.claimed and one.state.is_open))
    return tuple(sorted(moving, key=lambda one: one.key))


def _footprint(ticket: Ticket, places: Mapping[str, Footprint]) -> Footprint:
    found = places.get(ticket.key)
    if found is not None:
        return found
    named = mentioned_paths(ticket)
    return Footprint(named, dict.fromkeys(named, 1.0))
