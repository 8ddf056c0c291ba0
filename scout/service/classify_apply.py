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
from scout.service.classify_deliver import Courier, Delivery, by_tracker
from scout.service.classify_runs import Phase, Run, run_called
from scout.service.publishers import labeller_for
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
    make_labels: bool = False,
    asking: bool = True,
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
        make_labels: make labels that a tracker lacks; without it what wants them is left alone.
        asking: ask trackers what tickets have now; without it, what they had when the run read them, and was written.
        actor: the role or label to keep beside the acceptance.
        step: takes a short phrase about progress.

    Raises:
        UsageError: there is no such run, or it is not finished.
        ConflictError: first answers and audit agree too little: nothing may be accepted.
    """
    run = run_called(work, name)
    state = run.state()
    if state.phase is not Phase.JOINED:
        raise UsageError(f"The run {run.name} is {state.phase}.", "Finish it: scout classify run")
    if accept and state.agreement and state.agreement.stops:
        raise ConflictError(f"Nothing of {run.name} may be applied: {state.agreement.stops}.", "Mend the taxonomy.")
    if unknown := next((one for one in accept if one != "all" and one not in state.origin.projects), None):
        raise UsageError(f"The run {run.name} is not about '{unknown}'.", f"It is about {', '.join(state.counts)}.")
    wishes = Wishes(actor=actor, live=live, sure_only=sure_only, make_labels=make_labels, asking=asking or live)
    all_mine = [mine for project in state.origin.projects for mine in _by_source(run, project)]
    desks = [_Desk(work, run, mine, wishes, taken=bool({mine.project, "all"} & {*accept})) for mine in all_mine]
    step("Comparing labels")
    done = dict(by_tracker(desks, lambda one: one.tracker, lambda one: (one.place, one.batch())))
    batches = tuple(done[one.place] for one in desks)
    return ApplyReport(
        run=run.name,
        live=live,
        batches=batches,
        written=sum(one.written for one in batches),
        failed=sum(len(one.held) for one in batches),
    )


class _Mine(NamedTuple):
    """The tickets of a project that come from one source."""

    project: str
    source: str
    tickets: Sequence[Ticket]


def _by_source(run: Run, project: str) -> list[_Mine]:
    with register.opened(run.folder) as kept:
        tickets = list(kept.entries(project))
    sources = Counter(one.source for one in tickets)
    return [
        _Mine(project, source, [one for one in tickets if one.source == source]) for source, _ in sources.most_common()
    ] or [_Mine(project, "", ())]


class Wishes(Frozen):
    """What a reviewer said about all batches."""

    actor: str
    live: bool
    sure_only: bool
    make_labels: bool
    asking: bool


class _Desk:
    """One batch of a run: a project's tickets from one source."""

    def __init__(self, work: Workspace, run: Run, mine: _Mine, wishes: Wishes, *, taken: bool) -> None:
        self._work, self._run, self._wishes, self._taken = work, run, wishes, taken
        self._project, self._source, self._tickets = mine
        self._taxonomy = run.taxonomy()
        self._labels = Relabelling(work.ledger)
        self._labeller: Labeller | None = None
        self._reason = f"nothing writes labels on tickets from '{mine.source}'" if mine.source else "it has no tickets"
        try:
            self._labeller = labeller_for(work, work.project(mine.project), mine.source)
        except ScoutError as error:  # the other projects go on
            self._reason = str(error)

    @property
    def place(self) -> tuple[str, str]:
        """Which batch it is: project and source."""
        return self._project, self._source

    @property
    def tracker(self) -> str:
        """What it writes to."""
        return self._labeller.tracker if self._labeller else ""

    def batch(self) -> Batch:
        """Return the batch; accept it and write it where that is wanted."""
        if self._labeller is None:
            return Batch(project=self._project, publisher=self._source, reason=self._reason)
        try:
            with self._work.ledger.publishing(self.tracker) if self._wishes.live else nullcontext():
                return self._batch(self._labeller)
        except ScoutError as error:
            return Batch(project=self._project, publisher=self._source, reason=str(error))
        finally:
            self._labeller.close()

    def _batch(self, labeller: Labeller) -> Batch:
        now = labeller.read([one.key for one in self._tickets]) if self._wishes.asking else self._remembered()
        wanted = [_Wanted(one, now[one.key], self._label(one)) for one in self._tickets if one.key in now]
        changes = [one for one in wanted if self._after(one) != one.now.labels]
        if self._taken:
            self._accept(labeller, [one for one in changes if not (self._wishes.sure_only and one.ticket.doubt)])
        batch = self._told(labeller, changes, len(self._tickets) - len(wanted), len(wanted) - len(changes))
        waiting = [one for one in self._labels.intents(self._run.name) if self._is_here(one)]
        done = Delivery()
        if self._wishes.live and waiting:
            fence = self._work.ledger.fence(self._work.now, labeller.tracker)
            courier = Courier(labeller, self._labels, self._work.now, fence)
            done = courier.apply(waiting, now, make=self._wishes.make_labels)
        return batch.having(accepted=len(waiting), written=done.written, held=done.held)

    def _remembered(self) -> dict[str, Labelled]:
        """Return the tickets as they were read, with what was written of this run since."""
        done = {one.key for one in self._labels.receipts(self._run.name)}
        mine = [one for one in self._labels.intents(self._run.name, outstanding=False) if one.key in done]
        undone = {one.undoes for one in mine}
        written = {one.ticket: one for one in mine if not one.undoes and one.key not in undone and self._is_here(one)}

        def labels(one: Ticket) -> tuple[str, ...]:
            intent = written.get(one.key)
            return relabelled(one.labels, intent.label, intent.rivals) if intent else one.labels

        return {one.key: Labelled(ticket=one.key, labels=labels(one), mark="") for one in self._tickets}

    def _is_here(self, intent: LabelIntent) -> bool:
        return (intent.project, intent.publisher) == self.place

    def _told(self, labeller: Labeller, changes: Sequence[_Wanted], lost: int, same: int) -> Batch:
        ordered = sorted(changes, key=lambda one: (one.ticket.confidence or 0, one.ticket.number))
        sure = [one for one in ordered if not one.ticket.doubt]
        labels = Counter(one.label for one in changes)
        every = max(len(sure) // SPOT_CHECK, 1)
        return Batch(
            project=self._project,
            publisher=labeller.id,
            changes=len(changes),
            same=same,
            lost=lost,
            labels=dict(labels.most_common()),
            new=labeller.missing(sorted(labels)) if self._wishes.asking else (),
            doubtful=tuple(self._change(one) for one in ordered if one.ticket.doubt),
            sample=tuple(self._change(one) for one in sure[::every][:SPOT_CHECK]),
        )

    def _accept(self, labeller: Labeller, changes: Sequence[_Wanted]) -> None:
        intents = [
            LabelIntent(
                key=digest("label", labeller.id, self._project, one.ticket.key, self._run.name, length=32),
                run=self._run.name,
                project=self._project,
                publisher=labeller.id,
                target=labeller.to.target,
                ticket=one.ticket.key,
                label=one.label,
                rivals=self._rivals(one.label),
                actor=self._wishes.actor,
                at=self._work.now,
            )
            for one in changes
        ]
        new = self._labels.accept(intents)
        details = {"changes": len(intents), "new": new}
        self._work.ledger.audit(
            Entry(
                at=self._work.now,
                actor=self._wishes.actor,
                verb="classify: accepted",
                project=self._project,
                subject=self._run.name,
                details=details,
            )
        )

    def _label(self, one: Ticket) -> str:
        return self._called(one.meaning or self._taxonomy.fallback)

    def _rivals(self, label: str) -> tuple[str, ...]:
        return tuple(other for other in map(self._called, self._taxonomy.names) if other != label)

    def _called(self, meaning: str) -> str:
        label = self._taxonomy.label(meaning, self._source)
        return self._labeller.named(label) if self._labeller else label

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
