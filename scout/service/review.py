"""What reviewers see: the inbox, and a candidate whole."""

from datetime import datetime
from typing import ClassVar

from scout.drafts import Occurrence
from scout.errors import StoreError
from scout.model import CandidateState, Decision, Draft, Event, Report
from scout.review import inbox, transitions
from scout.service import snapshot
from scout.service.decide import named
from scout.service.elsewhere import elsewhere
from scout.service.inbox_line import InboxLine
from scout.service.shelf import Shelf, decided_today, shelf
from scout.service.tiers import tier_of
from scout.service.wiring import Project, Workspace
from scout.settings import Tier


class InboxReport(Report):
    """What waits for a decision, in the order to decide it.

    Attributes:
        portion: how many are shown today: the reviewers' measured or configured decisions a day.
        beyond: offered candidates that are not shown.
        states: how many candidates are in which state.
    """

    schema_id: ClassVar[str] = "scout.inbox/1"

    projects: tuple[str, ...]
    portion: int
    beyond: int
    states: dict[str, int]
    candidates: tuple[InboxLine, ...]


class CandidateReport(Report):
    """A candidate whole: newest text, evidence, readiness, and its life.

    Attributes:
        tier: who has to say yes: `one` reviewer, `two`, or an `owner`.
        parent: where the same cause was a candidate first, if that is another project that this one's readers may see.
        elsewhere: all other such projects where it is one now, the earliest first.
    """

    schema_id: ClassVar[str] = "scout.candidate/1"

    id: str
    project: str
    state: CandidateState
    signal: str
    subject: str
    fingerprint: str
    severity: int
    score: float
    created_at: datetime
    draft: Draft
    decisions: tuple[Decision, ...]
    ticket: str
    tier: Tier
    parent: Occurrence | None = None
    elsewhere: tuple[Occurrence, ...] = ()

    @property
    def decidable(self) -> bool:
        """Whether it waits for a decision."""
        return self.state in transitions.WAITING

    @property
    def undoable(self) -> bool:
        """Whether the last decision can be taken back."""
        tried = Event.START if self.state is CandidateState.PUBLISHING else None
        return transitions.undoable(self.decisions, tried) is not None


def listing(work: Workspace, name: str | None = None, *, everything: bool = False) -> InboxReport:
    """Return today's portion of what waits; with `everything`, all candidates in whatever state."""
    names = tuple(one.id for one in _projects(work, name))
    found = waiting(work, name)
    today = portion(work, found, name)
    return InboxReport(
        projects=names,
        portion=len(today.shown),
        beyond=0 if everything else today.rest,
        states=found.states,
        candidates=(*found.waiting, *found.others) if everything else today.shown,
    )


def waiting(work: Workspace, name: str | None = None) -> Shelf:
    """Return what waits, most worth deciding first, and all other candidates."""
    return shelf(work, (one.id for one in _projects(work, name)), _need(work))


def portion(work: Workspace, found: Shelf, name: str | None = None) -> inbox.Portion[InboxLine]:
    """Return as much of what waits as reviewers still decide today."""
    projects = _projects(work, name)
    decided = decided_today(work, (one.id for one in projects))
    return inbox.portion(found.waiting, sum(one.reviewers for one in projects), decided)


def show(work: Workspace, prefix: str, name: str | None = None) -> CandidateReport:
    """Return a candidate whole.

    Raises:
        UsageError: the id, or its beginning, names no candidate or several.
    """
    candidate = named(work, prefix, name)
    return CandidateReport(
        **candidate.model_dump(include=set(CandidateReport.model_fields) - {"decisions", "draft"}),
        state=transitions.state(candidate.decisions, work.now, candidate.tried),
        draft=candidate.draft,
        decisions=candidate.decisions,
        tier=tier_of(work, candidate),
        **elsewhere(work, candidate.project, candidate)._asdict(),
    )


def _need(work: Workspace) -> dict[str, float]:
    """Return by project how far its last plan saw it below its reorder point, in tickets."""
    try:
        parts = snapshot.by_project(work)
    except StoreError:
        return {}  # the snapshot is made anew by the next run, and says so
    plans = {name: one["plan"] for name, one in parts.items() if one.get("plan")}
    stock = {name: one["position"]["on_hand"] + one["position"]["on_order"] for name, one in plans.items()}
    short = {name: one["reorder_point"] - stock[name] for name, one in plans.items()}
    return {name: tickets for name, tickets in short.items() if tickets > 0}


def _projects(work: Workspace, name: str | None) -> tuple[Project, ...]:
    return work.projects if name is None else (work.project(name),)
