"""Which steps need a decision, how long it takes, how often it changes anything, and on which day it falls."""

import numpy as np

from scout.flow.chances import chance_of_many, chance_of_more, share_at_most
from scout.flow.log import DAY, Flags, Floats, FlowLog
from scout.flow.reading import ENOUGH
from scout.model import Frozen

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ALPHA = 0.001
_SHARE = 0.4
_HABIT = 0.03
_SHOWN = 20
_WEEK = 5


class DecisionStep(Frozen):
    """A step of the way that needs somebody's decision.

    Attributes:
        step: what is decided.
        role: who decides, as a role.
        n: decisions that were made.
        wait: median days from being asked to being decided.
        slow: 85th percentile.
        changed: part of the decisions that changed anything (asked for changes, refused).
        changed_high: upper end of its 95 % interval.
        habit: whether it changes so little that one may ask: is it control, or habit?
        caught: keys of cases where it did change something, the newest first: what it protects.
        batch_day: day of the week on which most of it happens, where that is no chance; empty otherwise.
        batch_share: part of the decisions on that day.
        question: what to ask about it; empty where nothing stands out.
    """

    step: str
    role: str
    n: int
    wait: float
    slow: float
    changed: float
    changed_high: float
    habit: bool
    caught: tuple[str, ...]
    batch_day: str
    batch_share: float
    question: str


def decision_steps(log: FlowLog) -> tuple[DecisionStep, ...]:
    """Return the steps that need a decision and were decided often enough to say anything, slowest first."""
    found = [*_review(log), *_merge(log), *_closing(log)]
    return tuple(sorted(found, key=lambda step: -step.wait))


def _review(log: FlowLog) -> list[DecisionStep]:
    change = log.change
    decided = np.fmin(change["approved"], np.where(change["changes_asked"] > 0, change["reviewed"], np.nan))
    rows = ~np.isnan(decided) & ~change["by_bot"] & (decided >= change["ready"])
    caught = (change["changes_asked"] > 0) | (change["rounds"] > 0)
    return _step("approve a change", "reviewer", log, rows, change["ready"], decided, caught)


def _merge(log: FlowLog) -> list[DecisionStep]:
    change = log.change
    rows = ~np.isnan(change["approved"]) & ~np.isnan(change["ended"]) & (change["ended"] >= change["approved"])
    return _step(
        "merge an approved change",
        "maintainer",
        log,
        rows,
        change["approved"],
        change["ended"],
        np.isnan(change["merged"]),
    )


def _closing(log: FlowLog) -> list[DecisionStep]:
    ticket = log.ticket
    rows = ~np.isnan(ticket["asked"]) & ~np.isnan(ticket["decided"]) & (ticket["decided"] >= ticket["asked"])
    refused = ticket["is_closed"] & (ticket["state"] == "canceled")
    return _step("answer a question", "owner", log, rows, ticket["asked"], ticket["decided"], refused, "ticket")


def _step(  # noqa: PLR0913, PLR0917 - what one step is made of
    name: str, role: str, log: FlowLog, rows: Flags, asked: Floats, decided: Floats, caught: Flags, kind: str = "change"
) -> list[DecisionStep]:
    n = int(rows.sum())
    if n < ENOUGH:
        return []
    days = (decided[rows] - asked[rows]) / DAY
    wait, slow = (float(one) for one in np.percentile(days, [50, 85]))
    hits = caught[rows]
    share = float(hits.mean())
    high = share_at_most(int(hits.sum()), n)
    habit = share < _HABIT / 2 and high < 2 * _HABIT
    day, part = batch_day(log, decided[rows], asked[rows])
    table = log.change if kind == "change" else log.ticket
    places = np.flatnonzero(rows & caught)
    newest = places[np.argsort(-decided[places], kind="stable")][:_SHOWN]
    return [
        DecisionStep(
            step=name,
            role=role,
            n=n,
            wait=wait,
            slow=slow,
            changed=share,
            changed_high=high,
            habit=habit,
            caught=tuple(str(key) for key in table["key"][newest].tolist()),
            batch_day=day,
            batch_share=part,
            question=_question(name, habit, n, int(hits.sum()), day),
        )
    ]


def _question(step: str, habit: bool, n: int, caught: int, day: str) -> str:  # noqa: FBT001 - a fact, not an option
    asks: list[str] = []
    if habit:
        asks.append(
            f"It changed something in {caught} of {n} cases: is the decision to {step} control or habit, "
            "and what does it protect?"
        )
    if day:
        asks.append(f"Most of it falls on a {day}: does it have to wait for that day?")
    return " ".join(asks)


def batch_day(log: FlowLog, decided: Floats, asked: Floats) -> tuple[str, float]:
    """Return the day of the week on which decisions are made in batches, and which part of them; '' for none.

    The days on which was decided are compared with those on which was asked by a test of two samples (χ²). Decisions of
    one day are one sitting, so that the test counts days, not decisions.
    """
    sittings = np.unique([log.calendar.day_of(one) for one in decided.tolist()])
    requests = np.unique([log.calendar.day_of(one) for one in asked.tolist()])
    days, other = (np.bincount((part + 3) % 7, minlength=7).astype(np.float64) for part in (sittings, requests))
    counts = np.bincount(log.calendar.weekdays(decided), minlength=7)
    top = int(counts.argmax())
    share = float(counts[top] / counts.sum())
    if sittings.size < ENOUGH or requests.size < ENOUGH or share < _SHARE:
        return "", 0.0
    of, of_asked = int(days.sum()), int(other.sum())
    more = chance_of_more(int(days[top]), of, int(other[top]), of_asked)
    many = chance_of_many(int(days[top]), of, 1 / _WEEK)
    return (DAYS[top], share) if max(more, many) < _ALPHA else ("", 0.0)
