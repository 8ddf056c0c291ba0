"""A run in pieces, for whoever runs slices elsewhere: lay it out, do one slice, audit and join; and is it time to."""

from datetime import datetime

from scout.errors import ScoutError, UsageError
from scout.lifecycle import brief as briefs
from scout.lifecycle.foreman import Foreman, Terms
from scout.lifecycle.taxonomy import BUILT_IN
from scout.model import Frozen
from scout.service.checks import CheckReport
from scout.service.classify_plan import ClassificationPlan, Wishes, plan, planned
from scout.service.classify_report import ClassificationReport
from scout.service.classify_run import classify, unfinished
from scout.service.wiring import Project, Workspace
from scout.warehouse.store import NoWarehouseError
from scout.warehouse.tables import lifecycle as table


class SliceReport(Frozen):
    """A slice that was done: its worker, how many tickets it has, and how often the worker was started."""

    worker: str
    tickets: int
    started: int


class Due(Frozen):
    """Whether a project's tickets want to be classified.

    Attributes:
        begun: whether any was classified before: until somebody has begun, nothing is due.
        without: open tickets without a class; `changed` those that changed after they got it.
        newest: when an open ticket was last changed.
    """

    begun: bool
    without: int
    changed: int
    newest: datetime | None

    @property
    def is_due(self) -> bool:
        """Whether a run would find something."""
        return self.begun and self.without + self.changed > 0


def lay_out(work: Workspace, project: Project) -> ClassificationPlan:
    """Plan a project's run, all slices in one wave; one that is not finished goes on.

    Raises:
        UsageError: a project cannot be read.
    """
    wishes = _wishes(project)
    before = unfinished(work, wishes)
    return plan(work, wishes) if before is None else planned(before)


def open_slices(work: Workspace, project: Project) -> tuple[str, ...]:
    """Return the workers of the run that was laid out; none where there is nothing to do."""
    run = unfinished(work, _wishes(project))
    return tuple(one for wave in run.state().waves for one in wave) if run else ()


def do_slice(work: Workspace, project: Project, worker: str) -> SliceReport:
    """Let a worker go through its slice; what it has done before is kept.

    Raises:
        UsageError: there is no such slice.
        UnavailableError: the worker does not even begin.
    """
    run = unfinished(work, _wishes(project))
    if run is None or worker not in open_slices(work, project):
        raise UsageError(f"There is no slice '{worker}' of {project.id} to do.", "Lay it out: lifecycle_plan")
    told = briefs.read(run.worker(worker))
    foreman = Foreman(Terms(at_once=1), run.tell, lambda _brief, _question: None)
    (job,) = foreman.run([(run.worker(worker), told)])
    return SliceReport(worker=worker, tickets=told.count, started=job.started)


def finish(work: Workspace, project: Project) -> ClassificationReport:
    """Do what is left of a project's run: slices that nobody did, the audit, corrections, and the join."""
    return classify(work, _wishes(project))


def one_class_each(work: Workspace, project: Project) -> CheckReport:
    """Every open ticket has exactly one class: two cannot be stored, so that none may be missing."""
    found = _behind(work, project)
    without = found.open - found.classed
    reason = f"{without} of {found.open} open tickets have no class" if without else f"{found.open} open tickets"
    return CheckReport(passed=without == 0, reason=reason, facts={"open": found.open, "without": without})


def due(work: Workspace, project: Project) -> Due:
    """Return whether a project's tickets want to be classified, as far as they were pulled."""
    found = _behind(work, project)
    return Due(begun=found.classed > 0, without=found.open - found.classed, changed=found.changed, newest=found.newest)


def keep_up(work: Workspace, project: Project) -> tuple[str, ...]:
    """Classify what is new, where a project's tickets were classified before; return what went wrong, if anything."""
    try:
        if due(work, project).is_due:
            finish(work, project)
    except ScoutError as error:
        return (f"New tickets were not classified: {error.what}",)
    return ()


def _behind(work: Workspace, project: Project) -> table.Behind:
    try:
        with work.warehouse.reading() as connection:
            return table.behind(connection, project.id, BUILT_IN)
    except NoWarehouseError:
        return table.Behind(0, 0, 0, None)


def _wishes(project: Project) -> Wishes:
    return Wishes(projects=(project.id,), together=True)
