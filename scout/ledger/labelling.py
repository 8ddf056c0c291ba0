"""Labels on tickets: what was accepted, what was tried, and what each ticket had before and after."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import func, insert, select

from scout.errors import UsageError
from scout.ledger.opened import Opened
from scout.ledger.publishing import still_ours
from scout.ledger.records import Attempt, AttemptOutcome
from scout.ledger.rows import append, value
from scout.ledger.schema import relabel_attempts, relabel_receipts, relabellings
from scout.model import Frozen


class LabelIntent(Frozen):
    """The accepted wish that a ticket has a label and none of its rivals.

    Attributes:
        key: idempotency key; unique in the ledger.
        run: the run it comes from; all of a run are undone together.
        publisher: id of what writes it; `target` where to, in its words.
        rivals: labels of other classes of the same taxonomy; they go.
        undoes: key of the intent that this one takes back; empty for others.
        attempts: what was tried so far, oldest first; filled in by the ledger.
    """

    key: Annotated[str, Field(min_length=1)]
    run: str
    project: str
    publisher: str
    target: str
    ticket: str
    label: str
    rivals: tuple[str, ...] = ()
    undoes: str = ""
    actor: str
    at: datetime
    attempts: tuple[Attempt, ...] = ()


class LabelReceipt(Frozen):
    """What a ticket had before and after an intent was carried out, in the publisher's own shape."""

    key: str
    before: dict[str, Any]
    after: dict[str, Any]
    at: datetime


class Relabelling:
    """The part of an open ledger that is about labels.

    Args:
        ledger: the ledger.
    """

    def __init__(self, ledger: Opened) -> None:
        self._ledger = ledger

    def accept(self, intents: Sequence[LabelIntent]) -> int:
        """Record these intents, all or none; those whose key is known are passed over. Return how many are new."""
        with self._ledger.writing() as connection:
            keys = {key for (key,) in connection.execute(select(relabellings.c.key))} if intents else set[str]()
            new = [one for one in intents if one.key not in keys]
            if new:
                connection.execute(insert(relabellings), [one.model_dump(exclude={"attempts"}) for one in new])
            return len(new)

    def intents(self, run: str, *, outstanding: bool = True) -> tuple[LabelIntent, ...]:
        """Return a run's intents with their attempts, oldest first; by default those without a receipt."""
        query = select(relabellings).where(relabellings.c.run == run)
        if outstanding:
            query = query.outerjoin(relabel_receipts, relabel_receipts.c.key == relabellings.c.key)
            query = query.where(relabel_receipts.c.key.is_(None))
        among = query.with_only_columns(relabellings.c.key)
        tried: defaultdict[str, list[Attempt]] = defaultdict(list)
        with self._ledger.reading() as connection:
            attempts = select(relabel_attempts).where(relabel_attempts.c.key.in_(among))
            for row in connection.execute(attempts.order_by(relabel_attempts.c.number)).mappings():
                tried[row["key"]].append(value(Attempt, row))
            rows = connection.execute(query.order_by(relabellings.c.at, relabellings.c.key)).mappings()
            return tuple(value(LabelIntent, row, attempts=tuple(tried[row["key"]])) for row in rows)

    def attempt(self, key: str, outcome: AttemptOutcome, *, at: datetime, detail: str = "", fence: str = "") -> int:
        """Record a step and return its number.

        Args:
            key: of the intent.
            outcome: what to record.
            at: now.
            detail: before and after of what is started; else in words.
            fence: the publisher's word, which must be the newest; empty where there is only one.

        Raises:
            ConflictError: another publisher has taken over.
            UsageError: there is no such intent.
        """
        with self._ledger.writing() as connection:
            if fence:
                still_ours(connection, fence)
            if connection.scalar(select(relabellings.c.key).where(relabellings.c.key == key)) is None:
                raise UsageError(f"Nobody has accepted the label '{key}'.", "See `scout classify apply`.")
            counted = select(func.count()).where(relabel_attempts.c.key == key)
            number = (connection.scalar(counted) or 0) + 1
            append(connection, relabel_attempts, key=key, number=number, at=at, outcome=outcome, detail=detail)
            return number

    def receive(self, key: str, before: Mapping[str, Any], after: Mapping[str, Any], at: datetime) -> bool:
        """Record what a ticket had before and has now; False when that was recorded already."""
        with self._ledger.writing() as connection:
            if connection.scalar(select(relabel_receipts.c.key).where(relabel_receipts.c.key == key)) is not None:
                return False
            append(connection, relabel_receipts, key=key, before=dict(before), after=dict(after), at=at)
            return True

    def receipts(self, run: str) -> tuple[LabelReceipt, ...]:
        """Return a run's receipts, oldest first."""
        query = (
            select(relabel_receipts)
            .join(relabellings, relabellings.c.key == relabel_receipts.c.key)
            .where(relabellings.c.run == run)
            .order_by(relabel_receipts.c.at, relabel_receipts.c.key)
        )
        with self._ledger.reading() as connection:
            return tuple(value(LabelReceipt, row) for row in connection.execute(query).mappings())
