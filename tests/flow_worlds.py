"""Made-up projects whose truth is known: queues with given service times, and one thing that happens in them."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scout.flow import FlowLog, WorkingDays
from scout.flow.log import DAY

START = 19_723  # 2024-01-01, a Monday
WEEKS = 52
CHANGES = 600
WAITS = {"first review": 2.0, "author": 1.0, "review again": 1.5, "merge": 1.0}
"""Mean days of each wait of a change, exponentially distributed."""


@dataclass(frozen=True)
class Truth:
    """What is true in a world.

    Attributes:
        automated: first review becomes four times as quick in the middle, waiting for the merge 2.5 times as slow.
        stamp: approvals never change anything.
        thursday: approvals are given on Thursdays only.
        surge: tickets come 2.2 times as often for six weeks.
        overload: tickets come half as often again from the middle on, and no more are closed.
        theatre: a control is bypassed in 4 % of what lands in a week of up to 20, and in 25 % above.
    """

    automated: bool = False
    stamp: bool = False
    thursday: bool = False
    surge: bool = False
    overload: bool = False
    theatre: bool = False


def world(truth: Truth, seed: int) -> FlowLog:
    """Return the log of a world."""
    rng = np.random.default_rng(seed)
    ticket = _tickets(truth, rng)
    change, stay = _changes(truth, rng)
    landing = _landings(truth, rng)
    made = np.concatenate([ticket["created"], change["created"]])
    event = {
        "is_ticket": np.arange(made.size) < ticket["created"].size,
        "subject": np.concatenate([ticket["subject"], change["subject"]]),
        "event": np.full(made.size, "created", dtype=object),
        "at": np.sort(made),
        "said": np.full(made.size, "", dtype=object),
        "rule": np.full(made.size, "tracker", dtype=object),
        "confidence": np.ones(made.size),
        "by_bot": np.zeros(made.size, dtype=np.bool_),
    }
    none = {name: np.zeros(0, dtype=object) for name in ("subject", "state", "native", "next")}
    no_stay = {**none, "subject": np.zeros(0, dtype=np.int64), "since": np.zeros(0), "until": np.zeros(0)}
    empty: dict[str, NDArray[Any]] = {"area": np.zeros(0, dtype=object), "is_open": np.zeros(0, dtype=np.bool_)}
    log = FlowLog(
        now=(START + 7 * WEEKS) * DAY,
        ticket=ticket,
        change=change,
        event=event,
        ticket_stay=no_stay,
        change_stay=stay,
        area=empty,
        source={"source": np.array(["made"], dtype=object), "has_history": np.array([True])},
        disorder={"reason": np.zeros(0, dtype=object), "n": np.zeros(0, dtype=np.int64)},
        landing=landing,
        release={"at": np.zeros(0)},
        calendar=WorkingDays(),
    )
    return replace(log)


def _tickets(truth: Truth, rng: np.random.Generator) -> dict[str, NDArray[Any]]:
    """Return tickets that come ten a week and are closed, as many as come, by a team that can close ten a week."""
    rates = np.full(WEEKS, 10.0)
    if truth.surge:
        first = int(rng.integers(12, 34))
        rates[first : first + 6] *= 2.2
    came = rng.poisson(rates).astype(np.int64)
    can = rng.poisson(10.0, WEEKS).astype(np.int64)
    if truth.overload:
        came[WEEKS // 2 :] += rng.poisson(5.0, WEEKS - WEEKS // 2)
    weeks = np.repeat(np.arange(WEEKS, dtype=np.int64), came)
    created = np.sort((START + 7 * weeks + 7 * rng.random(weeks.size)) * DAY)
    closed = np.full(created.size, np.nan)
    done = 0
    for week in range(WEEKS):
        ends = np.sort((START + 7 * week + 7 * rng.random(int(can[week]))) * DAY).astype(np.float64)
        for end in ends.tolist():
            if done < created.size and created[done] < end:
                closed[done] = end
                done += 1
    n = created.size
    is_closed = ~np.isnan(closed)
    day = np.floor(created / DAY).astype(np.int64)
    zero, no = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.bool_)
    return {
        "subject": np.arange(n),
        "key": np.arange(n).astype(str).astype(object),
        "state": np.where(is_closed, "completed", "unstarted").astype(object),
        "created": created,
        "closed": closed,
        "asked": np.full(n, np.nan),
        "decided": np.full(n, np.nan),
        "is_closed": is_closed,
        "made_bulk": zero,
        "closed_bulk": zero,
        "moved": no,
        "created_day": day,
        "closed_day": np.where(is_closed, np.floor(np.nan_to_num(closed) / DAY), -1).astype(np.int64),
    }


def _changes(truth: Truth, rng: np.random.Generator) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]]]:
    """Return changes with their stays; a quarter goes back to the author once."""
    n = CHANGES
    created = np.sort((START + 7 * WEEKS * rng.random(n)) * DAY)
    late = created >= (START + 7 * WEEKS // 2) * DAY
    factor = {
        "first review": np.where(late & truth.automated, 0.25, 1.0),
        "merge": np.where(late & truth.automated, 2.5, 1.0),
    }
    waits = {name: rng.exponential(mean, n) * DAY * factor.get(name, 1.0) for name, mean in WAITS.items()}
    back = rng.random(n) < (0.0 if truth.stamp else 0.25)
    reviewed = created + waits["first review"]
    approved = np.where(back, reviewed + waits["author"] + waits["review again"], reviewed)
    if truth.thursday:
        approved = _next_thursday(approved)
        reviewed = np.where(back, reviewed, approved)
    merged = approved + waits["merge"]
    middle = np.where(back, reviewed + waits["author"], np.nan)
    steps = [
        ("first review", created, reviewed),
        ("author", np.where(back, reviewed, np.nan), middle),
        ("review again", middle, np.where(back, approved, np.nan)),
        ("merge", approved, merged),
    ]
    return _change_rows(created, reviewed, approved, merged, back), _stays(steps)


def _stays(steps: list[tuple[str, NDArray[np.float64], NDArray[np.float64]]]) -> dict[str, NDArray[Any]]:
    """Return the stays of changes, each change's in order; what lies in the future has not begun or not ended."""
    n, now = CHANGES, (START + 7 * WEEKS) * DAY
    order = np.concatenate([np.arange(n) * 4 + place for place in range(4)])
    since, until = np.concatenate([one[1] for one in steps]), np.concatenate([one[2] for one in steps])
    names = np.repeat(np.array([one[0] for one in steps], dtype=object), n)
    real = ~np.isnan(since) & (since < now)
    rows = np.argsort(order, kind="stable")
    rows = rows[real[rows]]
    return {
        "subject": order[rows] // 4,
        "state": names[rows],
        "native": names[rows],
        "since": since[rows],
        "until": np.where(until[rows] > now, np.nan, until[rows]),
        "next": np.where(names[rows] == "merge", "merged", "").astype(object),
    }


def _change_rows(
    created: NDArray[np.float64],
    reviewed: NDArray[np.float64],
    approved: NDArray[np.float64],
    merged: NDArray[np.float64],
    back: NDArray[np.bool_],
) -> dict[str, NDArray[Any]]:
    n, now = CHANGES, (START + 7 * WEEKS) * DAY
    unknown = np.full(n, np.nan)
    ended = np.where(merged <= now, merged, np.nan)
    return {
        "subject": np.arange(n),
        "key": np.arange(n).astype(str).astype(object),
        "state": np.where(merged <= now, "merged", "open").astype(object),
        "by_bot": np.zeros(n, dtype=np.bool_),
        "created": created,
        "ready": created,
        "merged": ended,
        "closed": ended,
        "ended": ended,
        "reviewed": np.where(reviewed <= now, reviewed, unknown),
        "approved": np.where(approved <= now, approved, unknown),
        "changes_asked": back.astype(np.int64),
        "rounds": back.astype(np.int64),
        "created_day": np.floor(created / DAY).astype(np.int64),
        "ended_day": np.where(np.isnan(ended), -1, np.floor(np.nan_to_num(ended) / DAY)).astype(np.int64),
    }


def _next_thursday(moments: NDArray[np.float64]) -> NDArray[np.float64]:
    day = np.floor(moments / DAY)
    return (day + (3 - (day + 3)) % 7) * DAY + 36_000 + moments % 3600


def _landings(truth: Truth, rng: np.random.Generator) -> dict[str, NDArray[Any]]:
    """Return what landed in weeks of very different tempo, and whether it was reviewed."""
    counts = rng.poisson(rng.gamma(4.0, 5.0, WEEKS))
    week = np.repeat(np.arange(WEEKS), counts)
    chance = np.where(counts[week] > 20, 0.25, 0.04) if truth.theatre else np.full(week.size, 0.12)
    bypassed = rng.random(week.size) < chance
    at = np.sort((START + 7 * week + 7 * rng.random(week.size)) * DAY)
    no = np.zeros(week.size, dtype=np.bool_)
    return {
        "at": at,
        "by_bot": no,
        "locator": np.arange(week.size).astype(str).astype(object),
        "reviewed": (~bypassed).astype(np.int64),
    }
