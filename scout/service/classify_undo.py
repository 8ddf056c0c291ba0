"""Take a run back: the classes, and what it has written into trackers; what people changed since is left alone."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from scout.errors import ScoutError, UsageError
from scout.ledger import Entry
from scout.ledger.labelling import LabelIntent, Relabelling
from scout.model import Report
from scout.publish.labels import Labeller
from scout.service.classify_deliver import Courier, by_tracker, tried, undoing
from scout.service.classify_runs import Phase, run_called
from scout.service.classify_standing import take_back
from scout.service.publishers import labeller_for
from scout.service.wiring import Workspace


class UndoReport(Report):
    """What was taken back.

    Attributes:
        live: whether trackers were written to.
        written: labels that the run had written, or may have; `undone` of them are what they were before it.
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
    every = [one for one in labels.intents(run.name, outstanding=False) if not one.undoes]
    written = [one for one in every if one.key in done or tried(one) is not None]
    if written and not live:
        return UndoReport(
            run=run.name, live=False, written=len(written), undone=0, held={}, restored=0, cleared=0, skipped=0
        )
    if written:
        labels.accept([undoing(one, work.now, actor) for one in written])
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


class _Ready(NamedTuple):
    """A project's labels that are to be restored, and what does that."""

    project: str
    labeller: Labeller
    intents: Sequence[LabelIntent]


def _write_back(
    work: Workspace, waiting: list[LabelIntent], labels: Relabelling, step: Callable[[str], None]
) -> dict[str, dict[str, str]]:
    """Restore what waits; return what was left alone, by project. Trackers do not wait for each other."""
    by_project: defaultdict[tuple[str, str], list[LabelIntent]] = defaultdict(list)
    for one in waiting:
        by_project[one.project, one.publisher].append(one)
    held: dict[str, dict[str, str]] = {}
    ready: list[_Ready] = []
    for (project, publisher), intents in by_project.items():
        step(f"Restoring {project}")
        try:
            labeller = labeller_for(work, work.project(project), publisher)
            reason = f"nothing writes labels on tickets from '{publisher}'"
        except ScoutError as error:
            labeller, reason = None, error.what
        if labeller is None:
            held[project] = {one.ticket: reason for one in intents}
        else:
            ready.append(_Ready(project, labeller, intents))
    left = by_tracker(ready, lambda one: one.labeller.tracker, lambda one: (one.project, _restored(work, labels, one)))
    held.update({project: reasons for project, reasons in left if reasons})
    return held


def _restored(work: Workspace, labels: Relabelling, ready: _Ready) -> dict[str, str]:
    """Restore one project's labels; return what was left alone, and why."""
    labeller = ready.labeller
    try:
        with work.ledger.publishing(labeller.tracker):
            labeller.check()
            fence = work.ledger.fence(work.now, labeller.tracker)
            return Courier(labeller, labels, work.now, fence).undo(ready.intents).held
    except ScoutError as error:
        return {one.ticket: error.what for one in ready.intents}
    finally:
        labeller.close()
