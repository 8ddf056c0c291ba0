"""Verdicts as labels in trackers: one reviewable batch a project, written after acceptance, exactly once, undoable."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import ClassVar, NamedTuple

from scout.errors import ConflictError, ScoutError, UsageError
from scout.ledger import Entry
from scout.ledger.labelling import LabelIntent, Relabelling
from scout.lifecycle import register
from scout.lifecycle.register import Entry as Ticket
from scout.model import Frozen, Report, digest
from scout.publish.labels import Labelled, Labeller, relabelled
from scout.service.classify_deliver import Delivery, deliver, labeller_of
from scout.service.classify_runs import Phase, Run, run_called
from scout.service.tickets import target_of
from scout.service.wiring import Workspace

SPOT_CHECK = 5
"""Tickets of a batch that are shown for a spot check, beside the doubtful ones."""


class Change(Frozen):
    """What would change on one ticket."""

    ticket: str
    title: str
    label: str
    gone: tuple[str, ...]
    confidence: float
    reason: str
    doubt: str


class Batch(Frozen):
    """What is offered for one project.

    Attributes:
        changes: how many tickets would change; `same` have the label already; `lost` are closed or gone.
        labels: how often each label would be set; `new` have to be made first.
        doubtful: of the changes, the least sure first; `sample` for a spot check.
        accepted: how many of the changes somebody has accepted; `written` how many were written.
        reason: why nothing is offered; empty when it is.
    """

    project: str
    publisher: str
    changes: int = 0
    same: int = 0
    lost: int = 0
    labels: dict[str, int] = {}
    new: tuple[str, ...] = ()
    doubtful: tuple[Change, ...] = ()
    sample: tuple[Change, ...] = ()
    accepted: int = 0
    written: int = 0
    held: dict[str, str] = {}
    reason: str = ""


class ApplyReport(Report):
    """What a run offers to trackers, and what was written.

    Attributes:
        failed: changes that could not be written; they stay and are tried again.
    """

    schema_id: ClassVar[str] = "scout.classification.application/1"

    run: str
    live: bool
    batches: tuple[Batch, ...]
    written: int
    failed: int


class _Wanted(NamedTuple):
    ticket: Ticket
    now: Labelled
    label: str


def apply(  # noqa: PLR0913 - what a reviewer may say
    work: Workspace,
    name: str | None = None,
    *,
    accept: Sequence[str] = (),
    live: bool = False,
    sure_only: bool = False,
    actor: str = "reviewer",
    step: Callable[[str], None] = lambda _: None,
) -> ApplyReport:
    """Show a run's batches, accept some of them, and with `live` write what is accepted.

    Args:
        work: the workspace.
        name: the run; the newest one by default.
        accept: projects whose batches are accepted now; `all` for every one.
        live: write; without it nothing is.
        sure_only: leave doubtful tickets out of what is accepted.
        actor: the role or label to keep beside the acceptance.
        step: takes a short phrase about progress.

    Raises:
        UsageError: there is no such run, or it is not finished.
        ConflictError: first answers and audit agree too little: nothing may be accepted.
        UnavailableError: another process is writing and does not end.
    """
    run = run_called(work, name)
    state = run.state()
    if state.phase is not Phase.JOINED:
        raise UsageError(f"The run {run.name} is {state.phase}.", "Finish it: scout classify run")
    if accept and state.agreement and state.agreement.stops:
        raise ConflictError(f"Nothing of {run.name} may be applied: {state.agreement.stops}.", "Mend the taxonomy.")
    unknown = next((one for one in accept if one != "all" and one not in state.origin.projects), None)
    if unknown:
        raise UsageError(f"The run {run.name} is not about '{unknown}'.", f"It is about {', '.join(state.counts)}.")
    batches: list[Batch] = []
    with work.ledger.publishing() if live else nullcontext():
        for project in state.origin.projects:
            step(f"Comparing {project}")
            taken = project in accept or "all" in accept
            batches.append(_Desk(work, run, project, actor).batch(taken=taken, live=live, sure_only=sure_only))
    return ApplyReport(
        run=run.name,
        live=live,
        batches=tuple(batches),
        written=sum(one.written for one in batches),
        failed=sum(len(one.held) for one in batches),
    )


class _Desk:
    """One project's batch of a run."""

    def __init__(self, work: Workspace, run: Run, project: str, actor: str) -> None:
        self._work, self._run, self._actor = work, run, actor
        self._project = work.project(project)
        self._taxonomy = run.taxonomy()
        self._labels = Relabelling(work.ledger)
        self._tracker = ""

    def batch(self, *, taken: bool, live: bool, sure_only: bool) -> Batch:
        """Return the batch; accept it and write it where that is wanted."""
        try:
            return self._batch(taken=taken, live=live, sure_only=sure_only)
        except ScoutError as error:  # the other projects go on
            return Batch(project=self._project.id, publisher="", reason=str(error))

    def _batch(self, *, taken: bool, live: bool, sure_only: bool) -> Batch:
        with register.opened(self._run.folder) as kept:
            tickets = list(kept.entries(self._project.id))
        sources = Counter(one.source for one in tickets)
        source = sources.most_common(1)[0][0] if sources else ""
        labeller = labeller_of(self._work, self._project, source)
        if labeller is None:
            reason = f"nothing writes labels on tickets from '{source}'" if source else "there are no tickets"
            return Batch(project=self._project.id, publisher=source, reason=reason)
        self._tracker = labeller.id
        mine = [one for one in tickets if one.source == source]
        now = labeller.read([one.key for one in mine])
        wanted = [_Wanted(one, now[one.key], self._label(one)) for one in mine if one.key in now]
        changes = [one for one in wanted if self._after(one) != one.now.labels]
        if taken:
            self._accept(labeller, [one for one in changes if not (sure_only and one.ticket.doubt)])
        waiting = [one for one in self._labels.intents(self._run.name) if one.project == self._project.id]
        done = deliver(self._work, labeller, self._labels, waiting, now) if live else Delivery()
        return self._told(labeller, changes, len(mine) - len(wanted), len(wanted) - len(changes)).having(
            accepted=len(waiting), written=done.written, held=done.held
        )

    def _told(self, labeller: Labeller, changes: Sequence[_Wanted], lost: int, same: int) -> Batch:
        ordered = sorted(changes, key=lambda one: (one.ticket.confidence or 0, one.ticket.number))
        sure = [one for one in ordered if not one.ticket.doubt]
        labels = Counter(one.label for one in changes)
        every = max(len(sure) // SPOT_CHECK, 1)
        return Batch(
            project=self._project.id,
            publisher=labeller.id,
            changes=len(changes),
            same=same,
            lost=lost,
            labels=dict(labels.most_common()),
            new=labeller.missing(sorted(labels)),
            doubtful=tuple(self._change(one) for one in ordered if one.ticket.doubt),
            sample=tuple(self._change(one) for one in sure[::every][:SPOT_CHECK]),
        )

    def _accept(self, labeller: Labeller, changes: Sequence[_Wanted]) -> None:
        intents = [
            LabelIntent(
                key=digest("label", labeller.id, self._project.id, one.ticket.key, self._run.name, length=32),
                run=self._run.name,
                project=self._project.id,
                publisher=labeller.id,
                target=target_of(self._project),
                ticket=one.ticket.key,
                label=one.label,
                rivals=self._rivals(one.label),
                actor=self._actor,
                at=self._work.now,
            )
            for one in changes
        ]
        new = self._labels.accept(intents)
        details = {"changes": len(intents), "new": new}
        self._work.ledger.audit(
            Entry(
                at=self._work.now,
                actor=self._actor,
                verb="classify: accepted",
                project=self._project.id,
                subject=self._run.name,
                details=details,
            )
        )

    def _label(self, one: Ticket) -> str:
        return self._taxonomy.label(one.meaning or self._taxonomy.fallback, self._tracker)

    def _rivals(self, label: str) -> tuple[str, ...]:
        every = (self._taxonomy.label(name, self._tracker) for name in self._taxonomy.names)
        return tuple(other for other in every if other != label)

    def _after(self, one: _Wanted) -> tuple[str, ...]:
        return relabelled(one.now.labels, one.label, self._rivals(one.label))

    def _change(self, one: _Wanted) -> Change:
        rivals = {name.casefold() for name in self._rivals(one.label)}
        return Change(
            ticket=one.ticket.key,
            title=one.ticket.title,
            label=one.label,
            gone=tuple(name for name in one.now.labels if name.casefold() in rivals),
            confidence=one.ticket.confidence or 0.0,
            reason=one.ticket.reason or "",
            doubt=one.ticket.doubt,
        )
