"""Take a run back: the classes, and what it has written into trackers; what people changed since is left alone."""

from collections import defaultdict
from collections.abc import Callable
from contextlib import nullcontext
from typing import ClassVar

from scout.errors import UsageError
from scout.ledger import Entry
from scout.ledger.labelling import LabelIntent, Relabelling
from scout.model import Report
from scout.service.classify_deliver import deliver, labeller_of, undoing
from scout.service.classify_runs import Phase, run_called
from scout.service.classify_standing import take_back
from scout.service.wiring import Workspace


class UndoReport(Report):
    """What was taken back.

    Attributes:
        live: whether trackers were written to.
        written: labels that the run had written; `undone` of them are what they were before it.
        held: why a ticket was left alone, by project and key.
        restored: tickets that have the class again that they had before the run; `cleared` had none before.
        skipped: tickets that got another class since; they are left alone.
    """

    schema_id: ClassVar[str] = "scout.classification.undo/1"

    run: str
    live: bool
    written: int
    undone: int
    held: dict[str, dict[str, str]]
    restored: int
    cleared: int
    skipped: int


def undo(
    work: Workspace,
    name: str | None = None,
    *,
    live: bool = False,
    actor: str = "reviewer",
    step: Callable[[str], None] = lambda _: None,
) -> UndoReport:
    """Take a run back. Without `live` nothing is written into a tracker, and a run that has written there stays.

    Raises:
        UsageError: there is no such run, or it is not finished, or undone already.
        UnavailableError: another process is writing and does not end.
    """
    run = run_called(work, name)
    state = run.state()
    labels = Relabelling(work.ledger)
    left = any(one.undoes for one in labels.intents(run.name))  # an earlier undo could not write all
    if state.phase is not Phase.JOINED and not (state.phase is Phase.UNDONE and left):
        raise UsageError(
            f"The run {run.name} is {state.phase}: there is nothing to undo.", "See: scout classify status"
        )
    done = {receipt.key for receipt in labels.receipts(run.name)}
    written = [one for one in labels.intents(run.name, outstanding=False) if one.key in done and not one.undoes]
    if written and not live:
        return UndoReport(
            run=run.name, live=False, written=len(written), undone=0, held={}, restored=0, cleared=0, skipped=0
        )
    if written:
        labels.accept([undoing(one, work, actor) for one in written])
        details = {"labels": len(written)}
        work.ledger.audit(
            Entry(at=work.now, actor=actor, verb="classify: undone", project="", subject=run.name, details=details)
        )
    held = _write_back(work, [one for one in labels.intents(run.name) if one.undoes], labels, step)
    restored, cleared, skipped = (0, 0, 0) if state.phase is Phase.UNDONE else take_back(work, run)
    run.keep(state.having(phase=Phase.UNDONE))
    return UndoReport(
        run=run.name,
        live=live,
        written=len(written),
        undone=len(written) - sum(map(len, held.values())),
        held=held,
        restored=restored,
        cleared=cleared,
        skipped=skipped,
    )


def _write_back(
    work: Workspace, waiting: list[LabelIntent], labels: Relabelling, step: Callable[[str], None]
) -> dict[str, dict[str, str]]:
    by_project: defaultdict[tuple[str, str], list[LabelIntent]] = defaultdict(list)
    for one in waiting:
        by_project[one.project, one.publisher].append(one)
    held: dict[str, dict[str, str]] = {}
    with work.ledger.publishing() if waiting else nullcontext():
        for (project, publisher), intents in by_project.items():
            step(f"Restoring {project}")
            labeller = labeller_of(work, work.project(project), publisher)
            if labeller is None:
                held[project] = {one.ticket: f"nothing writes labels on tickets from '{publisher}'" for one in intents}
            elif found := deliver(work, labeller, labels, intents, {}).held:
                held[project] = found
    return held
