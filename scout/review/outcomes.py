"""What became of a ticket after it was filed, and how sure that is: pure, from what its tracker tells.

A ticket that somebody closes among many others in one go, or that a bot closes, was tidied up: that says nothing about
the idea and counts as no rejection.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from scout.model import Frozen, TicketState

IGNORED_AFTER: Final = timedelta(days=60)
"""How long nothing happens to a ticket until it counts as ignored; how sure that is grows with the time."""
TIDY: Final = 5
"""Tickets closed without work within an hour from which on they count as tidied up."""


class Outcome(StrEnum):
    """What became of a filed ticket."""

    PENDING = "pending"
    PICKED_UP = "picked up"
    DONE = "done"
    REOPENED = "reopened"
    SENT_BACK = "sent back"
    IGNORED = "ignored"
    DISMISSED = "dismissed"
    UNKNOWN = "unknown"


class Course(Frozen):
    """What is known of a filed ticket.

    Attributes:
        filed_at: when it was filed.
        state: as it is now.
        resolution: in the tracker's words; empty where there is none.
        claimed: whether somebody has it.
        started: whether it was ever in a started state.
        merged: merged changes that say they close it.
        opened: changes that say so and are not merged.
        reopened: whether it was closed and opened again.
        went_back: whether it went from started to not started while it was open.
        closed_at: when it was closed.
        closed_by_bot: whether a bot did that.
        closed_beside: other tickets that were closed without work within the same hour.
        touched_at: when anything about it changed last.
    """

    filed_at: datetime
    state: TicketState
    resolution: str = ""
    claimed: bool = False
    started: bool = False
    merged: int = 0
    opened: int = 0
    reopened: bool = False
    went_back: bool = False
    closed_at: datetime | None = None
    closed_by_bot: bool = False
    closed_beside: int = 0
    touched_at: datetime | None = None


class Judged(Frozen):
    """An outcome.

    Attributes:
        sure: 0 nobody knows, 1 the tracker says exactly that.
        because: what it rests on, in words.
        rejected: whether it says that the idea was not wanted.
    """

    outcome: Outcome
    sure: float
    because: str
    rejected: bool = False


class Lesson(Frozen):
    """What the end of a filed ticket says about the yes that it was filed for; None where it says nothing.

    Attributes:
        wanted: whether it was wanted after all: no when somebody closed it without work, for this one.
        ready: whether it was ready work: not when it was sent back for definition, or not wanted.
        done: whether it was finished without being sent back, and what it was about is gone.
    """

    wanted: bool | None = None
    ready: bool | None = None
    done: bool | None = None


_LESSONS: Final = {
    Outcome.DONE: Lesson(wanted=True, ready=True, done=True),
    Outcome.PICKED_UP: Lesson(wanted=True, ready=True),
    Outcome.REOPENED: Lesson(wanted=True, ready=True, done=False),
    Outcome.SENT_BACK: Lesson(wanted=True, ready=False, done=False),
    Outcome.DISMISSED: Lesson(wanted=False, ready=False),
}


def lesson(said: Judged, *, still_there: bool = False) -> Lesson:
    """Return what an outcome teaches; what nobody knows, what waits and what was tidied up teaches nothing.

    Args:
        said: the outcome.
        still_there: whether a look after closing found again what it was about.
    """
    if said.sure < 1 / 2 or (said.outcome is Outcome.DISMISSED and not said.rejected):
        return Lesson()
    found = _LESSONS.get(said.outcome, Lesson())
    return found.having(done=False) if still_there and found.done else found


def judged(course: Course | None, now: datetime) -> Judged:
    """Return what became of a ticket; None stands for one that the tracker does not show."""
    if course is None:
        return Judged(outcome=Outcome.UNKNOWN, sure=0, because="it is not among the tickets that were read")
    match course.state:
        case TicketState.COMPLETED:
            return _done(course)
        case TicketState.CANCELED:
            return _dismissed(course)
        case _:
            return _open(course, now)


def _done(course: Course) -> Judged:
    if course.merged:
        return Judged(outcome=Outcome.DONE, sure=0.95, because="closed, and a merged change says it closes it")
    if course.started or course.claimed:
        return Judged(outcome=Outcome.DONE, sure=0.85, because="closed as completed after somebody had it")
    if course.closed_by_bot or course.closed_beside >= TIDY:
        return Judged(outcome=Outcome.DISMISSED, sure=0.6, because="closed among many others, and nobody ever had it")
    return Judged(outcome=Outcome.DONE, sure=0.65, because="closed as completed; nothing shows any work")


def _dismissed(course: Course) -> Judged:
    said = f" ({course.resolution.replace('_', ' ')})" if course.resolution else ""
    if course.closed_by_bot:
        return Judged(outcome=Outcome.DISMISSED, sure=0.9, because=f"closed by a bot{said}: tidied up")
    if course.closed_beside >= TIDY:
        because = f"closed without work{said} with {course.closed_beside} others within an hour: tidied up"
        return Judged(outcome=Outcome.DISMISSED, sure=0.8, because=because)
    return Judged(outcome=Outcome.DISMISSED, sure=0.85, because=f"closed without work{said}", rejected=True)


def _open(course: Course, now: datetime) -> Judged:
    for holds, outcome, sure, because in (
        (course.reopened, Outcome.REOPENED, 0.95, "closed and opened again"),
        (course.went_back, Outcome.SENT_BACK, 0.8, "went from started back to not started"),
        (course.state is TicketState.STARTED, Outcome.PICKED_UP, 0.95, "it is in a started state"),
        (course.opened or course.merged, Outcome.PICKED_UP, 0.9, "a change says it closes it"),
        (_triaged(course), Outcome.SENT_BACK, 0.5, "it was put to triage after it was filed"),
        (course.claimed, Outcome.PICKED_UP, 0.75, "somebody has it"),
    ):
        if holds:
            return Judged(outcome=outcome, sure=sure, because=because)
    quiet = now - max(course.filed_at, course.touched_at or course.filed_at)
    if quiet >= IGNORED_AFTER:
        sure = min(0.5 + 0.4 * (quiet - IGNORED_AFTER) / (3 * IGNORED_AFTER), 0.9)
        return Judged(outcome=Outcome.IGNORED, sure=round(sure, 2), because=f"nothing happened for {quiet.days} days")
    return Judged(outcome=Outcome.PENDING, sure=1, because="open, and nobody has it yet")


def _triaged(course: Course) -> bool:
    return course.state is TicketState.TRIAGE and course.touched_at is not None and course.touched_at > course.filed_at
