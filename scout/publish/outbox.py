"""The outbox's decisions: what may be filed, and what to do next about one intent."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from scout.ledger import AttemptOutcome, Intent, Receipt
from scout.model import digest

_NO_LAG = timedelta()
SKEW = timedelta(minutes=15)
"""How far the clocks of two publishers may be apart: a moment that another one wrote down is no better than that."""


class Step(StrEnum):
    """What to do next about an intent.

    `look`: look the marker up, take the receipt when it is there, else file. `file`: the last attempt is known to
    have sent nothing. `wait`: the tracker's listing may not show yet what an earlier attempt did.
    """

    DONE = "done"
    LOOK = "look"
    FILE = "file"
    WAIT = "wait"


def idempotency_key(tracker: str, project: str, candidate: str, revision: int) -> str:
    """Return what marks one revision of one candidate in one tracker, for ever: 32 hexadecimal digits.

    A candidate's id is a digest of project, fingerprint and how often the idea came before: two ledgers make the same
    key for the same idea, and an idea that is rightly filed again after its ticket was closed gets another.
    """
    return digest("outbox", tracker, project, candidate, revision, length=32)


def next_step(intent: Intent, receipt: Receipt | None, now: datetime, lag: timedelta = _NO_LAG) -> Step:
    """Return what to do next about an intent.

    Args:
        intent: with its attempts. One that was started and has no later word ended as unknown: the process died.
        receipt: the tracker's answer, when there is one.
        now: the clock, UTC.
        lag: how long the tracker may need to list what was filed.
    """
    if receipt is not None:
        return Step.DONE
    if not intent.attempts:
        return Step.LOOK
    last = max(intent.attempts, key=lambda attempt: attempt.number)
    if last.outcome is AttemptOutcome.FAILED:
        return Step.FILE
    return Step.WAIT if last.at <= now < last.at + lag else Step.LOOK


def in_doubt(intent: Intent) -> bool:
    """Whether nobody knows how the last attempt ended: its process died, or no clear answer came."""
    last = max(intent.attempts, key=lambda attempt: attempt.number, default=None)
    return last is not None and last.outcome is not AttemptOutcome.FAILED


def to_watch(intent: Intent, now: datetime, lag: timedelta, watched: timedelta) -> timedelta:
    """Return how much longer a tracker has to be watched before looking tells whether an attempt in doubt went through.

    What counts is how long we, the only publisher by now, have watched by a clock of our own that never goes back:
    whoever made the attempt may have had another time. Only what is older than any clock can be wrong is believed.

    Args:
        intent: with its attempts.
        now: the clock, UTC.
        lag: how long the tracker may need to list what was filed.
        watched: for how long nobody else could send anything.
    """
    if not in_doubt(intent):
        return _NO_LAG
    last = max(intent.attempts, key=lambda attempt: attempt.number)
    return _NO_LAG if last.at + lag + SKEW <= now else max(lag - watched, _NO_LAG)


def due(intents: Iterable[Intent], accepted: Mapping[str, int]) -> tuple[Intent, ...]:
    """Return the intents whose very revision is accepted now, oldest first; no other may be filed.

    Args:
        intents: those without a receipt.
        accepted: the accepted revision by candidate, of candidates that are accepted now.
    """
    allowed = (intent for intent in intents if accepted.get(intent.candidate) == intent.revision)
    return tuple(sorted(allowed, key=lambda intent: (intent.at, intent.key)))
