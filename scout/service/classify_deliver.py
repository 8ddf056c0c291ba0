"""Labels on their way to a tracker: each written once, whoever is killed, and taken back to exactly what was there."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar, cast

from scout.errors import ConflictError, ScoutError, UnavailableError
from scout.ledger import AttemptOutcome
from scout.ledger.labelling import LabelIntent, Relabelling
from scout.model import Frozen, digest
from scout.publish.labels import Labelled, Labeller
from scout.remote.failure import RemoteError, UnclearError

log = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")
Swap = tuple[dict[str, Any], dict[str, Any]]
"""What a ticket is before and after, in the labeller's own shape."""
TRIES = 2
"""How often a label is tried in one go while nobody knows how that ended: looking first makes that safe."""


AT_ONCE = 8
"""Trackers that are written to at the same time; each by one writer."""


class Delivery(Frozen):
    """What became of labels that were to be written.

    Attributes:
        held: why a ticket was left alone, by key; it stays and is tried again, unless somebody changed it since.
    """

    written: int = 0
    held: dict[str, str] = {}


class Courier:
    """Writes accepted labels into one tracker, one at a time.

    Args:
        labeller: writes them.
        labels: the ledger's part that is about labels.
        now: the clock, UTC.
        fence: our word in the ledger.
    """

    def __init__(self, labeller: Labeller, labels: Relabelling, now: datetime, fence: str) -> None:
        self._labeller, self._labels, self._now, self._fence = labeller, labels, now, fence

    def apply(self, waiting: Sequence[LabelIntent], now: Mapping[str, Labelled], *, make: bool) -> Delivery:
        """Write what is accepted and has no receipt; nothing that happens to one ticket stops the others.

        Args:
            waiting: the intents.
            now: the tickets as they are; one that is left out is closed or gone.
            make: make labels that are missing; else what wants them is left alone.
        """
        missing = self._labeller.missing(sorted({one.label for one in waiting}))
        if make:
            for label in missing:
                self._labeller.make(label)
            missing = ()
        held = {
            one.ticket: f"the label '{one.label}' is not there: allow it with --make-labels"
            for one in waiting
            if one.label in missing
        }
        able = [one for one in waiting if one.label not in missing]
        done = self._deliver(able, lambda one: tried(one) or self._composed(one, now))
        return done.having(held={**held, **done.held})

    def undo(self, waiting: Sequence[LabelIntent]) -> Delivery:
        """Restore what was before; what is neither that nor what was written is left alone."""
        kept: dict[str, Swap] = {}
        for run in {one.run for one in waiting}:
            kept.update({one.key: (one.after, one.before) for one in self._labels.receipts(run)})
            doubtful = {one.key: tried(one) for one in self._labels.intents(run) if not one.undoes}
            kept.update({key: (swap[1], swap[0]) for key, swap in doubtful.items() if swap})
        return self._deliver(waiting, lambda one: kept[one.undoes])

    def _deliver(self, waiting: Sequence[LabelIntent], swap_of: Callable[[LabelIntent], Swap]) -> Delivery:
        written, held = 0, dict[str, str]()
        stop: RemoteError | None = None
        for intent in waiting:
            if stop is not None:
                held[intent.ticket] = stop.what
                continue
            try:
                self._write(intent, swap_of(intent))
                written += 1
            except ScoutError as error:
                if isinstance(error, UnavailableError):
                    log.warning("%s could not be labelled: %s", intent.ticket, error.what)
                held[intent.ticket] = error.what
                stop = error if isinstance(error, RemoteError) and error.everywhere else None
        return Delivery(written=written, held=held)

    def _composed(self, intent: LabelIntent, now: Mapping[str, Labelled]) -> Swap:
        if intent.ticket not in now:
            raise ConflictError("it is closed or gone.", "There is nothing to do.")
        return self._labeller.compose(now[intent.ticket], intent.label, intent.rivals)

    def _write(self, intent: LabelIntent, swap: Swap) -> None:
        """Write down before and after, then the label, then the receipt: killed anywhere, nothing is lost."""
        doubtful = tried(intent) is not None
        for again in range(TRIES):
            self._attempt(intent, AttemptOutcome.STARTED, json.dumps(swap))
            try:
                self._labeller.swap(intent.ticket, *swap)
                break
            except UnclearError as error:
                doubtful = True
                self._attempt(intent, AttemptOutcome.UNKNOWN, error.what)
                if error.everywhere or again == TRIES - 1:
                    raise
            except ScoutError as error:
                settled = not doubtful or isinstance(error, ConflictError)  # it was read, and is what it was
                self._attempt(intent, AttemptOutcome.FAILED if settled else AttemptOutcome.UNKNOWN, error.what)
                raise
        self._labels.receive(intent.key, *swap, self._now)

    def _attempt(self, intent: LabelIntent, outcome: AttemptOutcome, detail: str) -> None:
        self._labels.attempt(intent.key, outcome, at=self._now, detail=detail, fence=self._fence)


def by_tracker(members: Sequence[T], tracker: Callable[[T], str], each: Callable[[T], R]) -> list[R]:
    """Return what `each` says of all, in any order: trackers do not wait for each other, what shares one does."""
    groups: dict[str, list[T]] = {}
    for one in members:
        groups.setdefault(tracker(one), []).append(one)

    def together(mine: Sequence[T]) -> list[R]:
        return [each(one) for one in mine]

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return [found for group in pool.map(together, groups.values()) for found in group]


def undoing(intent: LabelIntent, now: datetime, actor: str) -> LabelIntent:
    """Return the intent that takes one back."""
    key = digest("undo", intent.key, length=32)
    return intent.having(key=key, undoes=intent.key, actor=actor, at=now, attempts=())


def tried(intent: LabelIntent) -> Swap | None:
    """Return before and after of an attempt whose end nobody knows; a failed one has written nothing."""
    last = max(intent.attempts, key=lambda one: one.number, default=None)
    if last is None or last.outcome is AttemptOutcome.FAILED:
        return None
    begun = max((one for one in intent.attempts if one.outcome is AttemptOutcome.STARTED), key=lambda one: one.number)
    before, after = cast("list[dict[str, Any]]", json.loads(begun.detail))
    return before, after
