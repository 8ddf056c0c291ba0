"""The outbox: intents, what was tried, and the receipts."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from scout.errors import ConflictError, UsageError
from scout.ledger.candidates import decided, next_seq
from scout.ledger.opened import FENCE
from scout.ledger.records import Attempt, AttemptOutcome, Intent, Receipt
from scout.ledger.rows import append, value
from scout.ledger.schema import attempts, decisions, meta, outbox, receipts
from scout.model import Decision, Event, standing


def intend(connection: Connection, intent: Intent) -> None:
    """Append an intent; its key must be new."""
    if connection.scalar(select(outbox.c.key).where(outbox.c.key == intent.key)) is not None:
        what = f"Candidate {intent.candidate} is in the outbox already, as revision {intent.revision}."
        raise ConflictError(what, "`scout publish` shows what it would file.")
    append(connection, outbox, **intent.model_dump(exclude={"attempts"}))


def outstanding(connection: Connection, project: str | None) -> tuple[Intent, ...]:
    """Return the intents without a receipt, oldest first, each with its attempts."""
    wanted = and_(receipts.c.key.is_(None), *(() if project is None else (outbox.c.project == project,)))
    open_ones = select(outbox).outerjoin(receipts, receipts.c.key == outbox.c.key).where(wanted)
    tried: defaultdict[str, list[Attempt]] = defaultdict(list)
    among = open_ones.with_only_columns(outbox.c.key)
    query = select(attempts).where(attempts.c.key.in_(among)).order_by(attempts.c.key, attempts.c.number)
    for row in connection.execute(query).mappings():
        tried[row["key"]].append(value(Attempt, row))
    rows = connection.execute(open_ones).mappings()
    found = (value(Intent, row, attempts=tuple(tried[row["key"]])) for row in rows)
    return tuple(sorted(found, key=lambda intent: (intent.at, intent.key)))


def attempt(connection: Connection, key: str, outcome: AttemptOutcome, detail: str, at: datetime) -> int:
    """Append what was tried and return its number; nothing is started that is not accepted at this very moment."""
    intent = _intent(connection, key)
    if outcome is AttemptOutcome.STARTED and not _stands(connection, intent):
        what = f"Candidate {intent.candidate} was decided otherwise meanwhile."
        raise ConflictError(what, f"See `scout inbox show {intent.candidate}`.")
    count = connection.scalar(select(func.count()).where(attempts.c.key == key)) or 0
    append(connection, attempts, key=key, number=count + 1, at=at, outcome=outcome, detail=detail)
    return count + 1


def still_ours(connection: Connection, fence: str) -> None:
    """Refuse a publisher that another one has followed: it was held up for so long that its lock was taken.

    Raises:
        ConflictError: its word is not the newest for its tracker.
    """
    tracker = select(meta.c.name).where(meta.c.value == fence, meta.c.name.startswith(FENCE)).scalar_subquery()
    newest = select(meta.c.value).where(meta.c.name == tracker).order_by(meta.c.number.desc()).limit(1)
    if connection.scalar(newest) != fence:
        what = "Another process has taken over publishing from this ledger."
        raise ConflictError(what, "Let it end; what is accepted stays in the outbox.")


def refuse_in_flight(connection: Connection, candidate: str) -> None:
    """Refuse a decision about what is being filed: its outcome has to be known first.

    Raises:
        ConflictError: an attempt was started and has not ended.
    """
    latest = (
        select(attempts.c.outcome)
        .join(outbox, outbox.c.key == attempts.c.key)
        .outerjoin(receipts, receipts.c.key == outbox.c.key)
        .where(outbox.c.candidate == candidate, receipts.c.key.is_(None))
        .order_by(outbox.c.at.desc(), attempts.c.number.desc())
        .limit(1)
    )
    if connection.scalar(latest) in {AttemptOutcome.STARTED, AttemptOutcome.UNKNOWN}:
        what = f"Candidate {candidate} is being filed."
        raise ConflictError(what, "Let `scout publish --live` end it, then decide.")


def receive(connection: Connection, receipt: Receipt) -> bool:
    """Append a receipt and the candidate's publish event; False when that very ticket was received before."""
    intent = _intent(connection, receipt.key)
    row = connection.execute(select(receipts).where(receipts.c.key == receipt.key)).mappings().first()
    if row is not None:
        if row["ticket"] == receipt.ticket:
            return False
        what = f"Candidate {intent.candidate} was filed as {row['ticket']} already, and now as {receipt.ticket}."
        raise ConflictError(what, f"Close {receipt.ticket} as a duplicate of {row['ticket']}.")
    append(connection, receipts, **receipt.model_dump())
    published = Decision(
        seq=next_seq(connection, intent.candidate),
        event=Event.PUBLISH,
        reason=f"filed as {receipt.ticket}",
        actor="scout",
        revision=intent.revision,
        at=receipt.at,
    )
    append(connection, decisions, candidate=intent.candidate, **published.model_dump())
    return True


def received(connection: Connection, project: str | None) -> tuple[Receipt, ...]:
    """Return the receipts, oldest first."""
    query = select(receipts).join(outbox, outbox.c.key == receipts.c.key)
    if project is not None:
        query = query.where(outbox.c.project == project)
    rows = connection.execute(query).mappings()
    return tuple(sorted((value(Receipt, row) for row in rows), key=lambda receipt: (receipt.at, receipt.key)))


def _stands(connection: Connection, intent: Intent) -> bool:
    """Whether the last word about the candidate is the acceptance of this very revision."""
    counting = standing(decided(connection, intent.candidate))
    return bool(counting) and (counting[-1].event, counting[-1].revision) == (Event.ACCEPT, intent.revision)


def _intent(connection: Connection, key: str) -> Intent:
    row = connection.execute(select(outbox).where(outbox.c.key == key)).mappings().first()
    if row is None:
        what = f"The outbox has no intent '{key}'."
        raise UsageError(what, "`scout publish` shows what it holds.")
    return value(Intent, row)
