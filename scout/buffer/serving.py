"""Which ready tickets are served to whoever asks for work."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

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


def collide(one: Collection[str], other: Collection[str]) -> str:
    """Return a path of `one` that is, contains or lies in a path of `other`; empty when there is none."""
    for path in sorted(one):
        if any(path == theirs or _contains(path, theirs) or _contains(theirs, path) for theirs in other):
            return path
    return ""


def serve(tickets: Iterable[Ticket], ready: Mapping[str, float], count: int, *, taken: Collection[str] = ()) -> Serving:
    """Choose up to `count` tickets to start now.

    Best is what is most ready, then oldest. A ticket is passed over when a path that it mentions overlaps with one
    of a better ticket or of work in motion, since two people or agents in the same files hinder each other.

    Args:
        tickets: all tickets of one project, closed ones included.
        ready: readiness 0..1 of those that are ready, by key.
        count: how many to serve at most.
        taken: keys under a lease; they count as claimed.
    """
    known = [one.having(claimed=True) if one.key in taken else one for one in tickets]
    motion = [one for one in known if one.state is TicketState.STARTED or (one.claimed and one.state.is_open)]
    busy = [(one.key, mentioned_paths(one)) for one in sorted(motion, key=lambda one: one.key)]
    free = sorted(on_hand(known, ready), key=lambda one: (-ready[one.key], one.created_at or _LATEST, one.key))
    fronts, held = list[Ticket](), list[Held]()
    for ticket in free:
        paths = mentioned_paths(ticket)
        clash = next(((key, path) for key, others in busy if (path := collide(paths, others))), None)
        if clash is None:
            fronts.append(ticket)
            busy.append((ticket.key, paths))
        else:
            held.append(Held(key=ticket.key, reason=f"touches {clash[1]}, as {clash[0]} does"))
    return Serving(tickets=tuple(fronts[: max(count, 0)]), available=len(free), fronts=len(fronts), held=tuple(held))


def _contains(folder: str, path: str) -> bool:
    return path.startswith(f"{folder}/")
