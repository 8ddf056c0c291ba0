"""Further measures from raw records alone, in plain Python: no table of Scout's, no library.

The measures are made of plain facts (`tests.flow_raw_read`), row by row: subject → (value, is it growing).
What needs a model of turns (rounds, sittings) or chance (forecasts) is not recomputed.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from tests.flow_raw import DAY
from tests.flow_raw_read import Archive, Thing, is_other

Rows = dict[str, tuple[float, bool]]
REVERT = re.compile(r"^\s*(revert|back ?out|roll ?back)\b")
HOT = re.compile(r"\bhot-?fix\b|\bemergency\b|\burgent\b")
URGENT = re.compile(r"\b(incident|hot[ _-]?fix|urgent|outage|emergency|support|p0)\b")
MANY, APART = 10, 60


def in_one_go(moments: Iterable[tuple[str, str, datetime]]) -> set[str]:
    """Return the keys of what came in runs of ten or more by one hand, a minute apart at most."""
    by_hand: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for key, hand, at in moments:
        by_hand[hand].append((at, key))
    found: set[str] = set()
    for rows in by_hand.values():
        run: list[tuple[datetime, str]] = []
        for at, key in sorted(rows):
            if run and (at - run[-1][0]).total_seconds() > APART:
                found |= {name for _, name in run} if len(run) >= MANY else set()
                run = []
            run.append((at, key))
        found |= {name for _, name in run} if len(run) >= MANY else set()
    return found


def _days(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / DAY


def lasting(now: datetime, rows: Iterable[tuple[str, datetime, datetime | None, datetime | None]]) -> Rows:
    """Return durations: start, end, and where it was cut off; what has not ended is still growing.

    An end before the start or in the future is none that counts: such rows are left out.
    """
    found: Rows = {}
    for key, start, end, cut in rows:
        last = end or cut or now
        if start <= now and last >= start and last <= now:
            found[key] = (_days(start, last), end is None)
    return found


def measures(found: Archive) -> dict[str, Rows]:
    """Return the rows of each measure that has rows."""
    now, tickets, changes = found.now, found.tickets, found.changes
    bulk = in_one_go((one.key, one.author, one.created) for one in tickets)
    mine = [one for one in changes if not one.bot]
    single = [one for one in tickets if one.key not in bulk]
    made: dict[str, Rows] = {}
    made["ticket-time-to-close"] = lasting(
        now,
        ((one.key, one.created, None if one.open else one.closed, None) for one in single if one.open or one.closed),
    )
    made["first-answer"] = lasting(now, ((one.key, one.created, _answer(one), one.closed) for one in single))
    made["work-item-age"] = {one.key: (_days(one.created, now), True) for one in single if one.open}
    made["change-time-to-merge"] = lasting(now, ((one.key, one.asked, one.merged, one.closed) for one in mine))
    made["review-wait"] = lasting(now, ((one.key, one.asked, _word(one), one.ended) for one in mine))
    made["change-age"] = {one.key: (_days(one.asked, now), True) for one in mine if one.open and not one.draft}
    seen = {one.key: (one, min(one.others(people=True))) for one in mine if one.others(people=True)}
    made["first-person-review-latency"] = {
        key: (_days(one.created, at), False) for key, (one, at) in seen.items() if at >= one.created
    }
    approved = {one.key: (one, at) for one in changes if (at := _approval(one)) is not None}
    made["approval-to-merge"] = lasting(now, ((key, at, one.merged, one.closed) for key, (one, at) in approved.items()))
    made["given-up-rate"] = {one.key: (float(one.merged is None), False) for one in mine if one.ended}
    reviewed = [one for one in mine if any(is_other(who, one.author) for who, *_ in one.reviews)]
    made["changes-asked-rate"] = {
        one.key: (
            float(any(said == "changes_requested" and is_other(who, one.author) for who, _, _, said in one.reviews)),
            False,
        )
        for one in reviewed
    }
    return made


def _answer(one: Thing) -> datetime | None:
    said = [at for who, bot, at in one.words if who != one.author and not bot and at >= one.created]
    return min(said) if said else None


def _word(one: Thing) -> datetime | None:
    """Return the first review, remark or comment by another person, not before it was ready."""
    said = one.others(people=True) + [at for who, bot, at in one.words if is_other(who, one.author) and not bot]
    return max(min(said), one.asked) if said else None


def _approval(one: Thing) -> datetime | None:
    said = [at for who, _, at, verdict in one.reviews if verdict == "approved" and is_other(who, one.author)]
    return min(said) if said else None


def values(found: Archive) -> dict[str, tuple[int, float]]:
    """Return n and value of measures that are one count or one ratio."""
    tickets, changes = found.tickets, found.changes
    last, first_known = _span(found)
    made: dict[str, tuple[int, float]] = {"queue-depth": _twice(sum(one.open for one in tickets))}
    first = max(last - timedelta(days=89), first_known)
    closed = [one for one in tickets if not one.open and one.closed]
    swept = in_one_go((one.key, one.closer, one.closed) for one in closed if one.closed)
    single = sum(first <= one.closed.date() <= last for one in closed if one.closed and one.key not in swept)
    if not swept:
        made["ticket-throughput"] = (single, single / _worked(first, last))
    merged = [one for one in changes if one.merged]
    reverts = sum(REVERT.search(one.title.lower()) is not None for one in merged)
    if len(merged) >= 5:
        made["revert-rate"] = (len(merged), reverts / len(merged))
    start = max(last - timedelta(days=181), first_known)
    weeks = ((last - start).days + 1) // 7
    since = last - timedelta(days=7 * weeks - 1)
    bad = [one.merged.date() for one in merged if one.merged and _is_bad(one.title)]
    bad += [one.created.date() for one in tickets if any(URGENT.search(name.lower()) for name in one.labels)]
    number = sum(since <= day <= last for day in bad)
    if weeks >= 5:
        made["exception-volume"] = (number, number / weeks)
    made |= _little(changes, start, last)
    return made


def _is_bad(title: str) -> bool:
    return (REVERT.search(title.lower()) or HOT.search(title.lower())) is not None


def _little(changes: list[Thing], start: date, last: date) -> dict[str, tuple[int, float]]:
    span = (last - start).days + 1
    ended = [one for one in changes if one.ended and start <= one.ended.date() <= last and one.ended >= one.created]
    if len(ended) < 5 or span < 20:
        return {}
    standing = [
        sum(one.created.date() <= day and not (one.ended and one.ended.date() <= day) for one in changes)
        for day in (start + timedelta(days=number) for number in range(span))
    ]
    taken = sum(_days(one.created, one.ended) for one in ended if one.ended) / len(ended)
    return {"littles-law": (len(ended), sum(standing) / span / (len(ended) / span) / taken)}


def _twice(number: int) -> tuple[int, float]:
    return number, float(number)


def _worked(first: date, last: date) -> int:
    return sum((first + timedelta(days=number)).weekday() < 5 for number in range((last - first).days + 1))


def _span(found: Archive) -> tuple[date, date]:
    """Return the last and the first day on which anything was created, closed or merged, up to now."""
    moments = [at for one in (*found.tickets, *found.changes) for at in (one.created, one.merged)]
    moments += [one.closed for one in found.tickets if not one.open]
    moments += [one.ended for one in found.changes if not one.open]
    known = [at.date() for at in moments if at is not None and at <= found.now]
    return max(known), min(known)


def left_after(rows: Iterable[tuple[float, bool]], share: float) -> float | None:
    """Return the first duration after which no more than `share` have not ended, by the product-limit estimate."""
    ordered = sorted(rows)
    alive, at = 1.0, 0
    while at < len(ordered):
        day = ordered[at][0]
        same = [growing for value, growing in ordered[at:] if value == day]
        ended = sum(not growing for growing in same)
        alive *= 1 - ended / (len(ordered) - at)
        if ended and alive <= share + 1e-12:
            return day
        at += len(same)
    return None
