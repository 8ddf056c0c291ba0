"""Labels on their way to a tracker: each written once, whoever is killed, and taken back to exactly what was there."""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any, cast

from scout.errors import ConflictError, ScoutError, UnavailableError
from scout.ledger import AttemptOutcome, Intent
from scout.ledger.labelling import LabelIntent, Relabelling
from scout.model import Frozen, digest
from scout.publish import Destination
from scout.publish.labels import Labelled, Labeller
from scout.publish.outbox import Step, next_step
from scout.registry import plugins
from scout.service.tickets import target_of
from scout.service.wiring import Project, Workspace

log = logging.getLogger(__name__)


class Delivery(Frozen):
    """What became of labels that were to be written.

    Attributes:
        held: why a ticket was left alone, by key; it stays and is tried again, unless somebody changed it since.
    """

    written: int = 0
    held: dict[str, str] = {}


def labeller_of(work: Workspace, project: Project, source: str) -> Labeller | None:
    """Return what writes labels on tickets of a source; None where nothing does."""
    known: dict[str, type[Labeller]] = plugins(Labeller, "scout.publish", "scout.labellers")
    kind = known.get(source)
    if kind is None or (kind.needs_checkout and not project.has_checkout):
        return None
    return kind(Destination(checkout=project.path, target=target_of(project), now=work.now))


def deliver(
    work: Workspace,
    labeller: Labeller,
    labels: Relabelling,
    waiting: Sequence[LabelIntent],
    now: Mapping[str, Labelled],
) -> Delivery:
    """Write what is accepted and has no receipt; nothing that happens to one ticket stops the others.

    Args:
        work: the workspace.
        labeller: writes them.
        labels: the ledger's part that is about labels.
        waiting: the intents.
        now: the tickets as they are; one that is left out is closed or gone.
    """
    for label in labeller.missing(sorted({one.label for one in waiting if not one.undoes})):
        labeller.make(label)
    kept = {receipt.key: receipt for run in sorted({one.run for one in waiting}) for receipt in labels.receipts(run)}
    written, held = 0, dict[str, str]()
    for intent in waiting:
        if next_step(_as_outbox(intent), None, work.now) is Step.WAIT:
            held[intent.ticket] = "an earlier attempt may not show yet"
            continue
        try:
            if intent.undoes:
                receipt = kept[intent.undoes]
                was, will = receipt.after, receipt.before
            else:
                was, will = _tried(intent) or _composed(labeller, intent, now)
            _write(work, labeller, labels, intent, (was, will))
            written += 1
        except UnavailableError as error:
            log.warning("%s could not be labelled: %s", intent.ticket, error.what)
            held[intent.ticket] = error.what
        except ScoutError as error:
            held[intent.ticket] = error.what
    return Delivery(written=written, held=held)


def undoing(intent: LabelIntent, work: Workspace, actor: str) -> LabelIntent:
    """Return the intent that takes one back."""
    key = digest("undo", intent.key, length=32)
    return intent.having(key=key, undoes=intent.key, actor=actor, at=work.now, attempts=())


def _composed(
    labeller: Labeller, intent: LabelIntent, now: Mapping[str, Labelled]
) -> tuple[dict[str, Any], dict[str, Any]]:
    if intent.ticket not in now:
        raise ConflictError("it is closed or gone.", "There is nothing to do.")
    return labeller.compose(now[intent.ticket], intent.label, intent.rivals)


def _write(
    work: Workspace,
    labeller: Labeller,
    labels: Relabelling,
    intent: LabelIntent,
    swap: tuple[Mapping[str, Any], Mapping[str, Any]],
) -> None:
    """Write down before and after, then the label, then the receipt: killed anywhere, nothing is lost."""
    labels.attempt(intent.key, AttemptOutcome.STARTED, at=work.now, detail=json.dumps(swap))
    try:
        labeller.swap(intent.ticket, *swap)
    except ScoutError as error:
        labels.attempt(intent.key, AttemptOutcome.FAILED, at=work.now, detail=error.what)
        raise
    labels.receive(intent.key, *swap, work.now)


def _tried(intent: LabelIntent) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return before and after of an attempt whose end nobody knows; a failed one has written nothing."""
    last = max(intent.attempts, key=lambda one: one.number, default=None)
    if last is None or last.outcome is not AttemptOutcome.STARTED:
        return None
    before, after = cast("list[dict[str, Any]]", json.loads(last.detail))
    return before, after


def _as_outbox(intent: LabelIntent) -> Intent:
    """Return the intent in the shape for which the outbox decides."""
    return Intent(
        key=intent.key,
        project=intent.project,
        candidate=intent.run,
        revision=1,
        publisher=intent.publisher,
        target=intent.target,
        at=intent.at,
        attempts=intent.attempts,
    )
