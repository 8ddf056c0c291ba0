"""Keep what waits in the inbox true: new words for changed evidence, and nothing about what is gone."""

from collections.abc import Iterable
from contextlib import suppress
from typing import ClassVar

from scout.drafts import Cluster, clusters
from scout.errors import ConflictError
from scout.model import Candidate, Outcome, Report
from scout.review.transitions import WAITING, state
from scout.service.drafting import drafting
from scout.service.scan import FindingsReport
from scout.service.tickets import current_tickets
from scout.service.wiring import Project, Workspace
from scout.service.withdrawing import bring_back, withdraw


class UpkeepReport(Report):
    """What became of candidates that wait.

    Attributes:
        revised: those whose evidence has changed, and with it their text.
        withdrawn: those whose finding is gone.
        returned: those that were put aside until something that has come.
        notes: why revisions are not in a model's words, where one should have given them.
    """

    schema_id: ClassVar[str] = "scout.upkeep/1"

    project: str
    revised: tuple[str, ...]
    withdrawn: tuple[str, ...]
    returned: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def upkeep(work: Workspace, project: Project, found: FindingsReport) -> UpkeepReport:
    """Revise or withdraw waiting candidates whose finding has changed or gone; run it before the plan counts them.

    Where a scout could not look at everything, what it did not find is not gone. A reviewer who decides meanwhile has
    the last word, and a reviewer's own words are never replaced.
    """
    lives = work.ledger.candidates(project=project.id)
    waiting = [one for one in lives if state(one.decisions, work.now) in WAITING]
    causes = {mark: cause for cause in clusters(found.findings) for mark in cause.fingerprints}
    changed = [
        one
        for one in waiting
        if one.draft.drafter != "reviewer"
        and one.fingerprint in causes
        and causes[one.fingerprint].evidence_digest != one.draft.evidence_digest
    ]
    whole = {
        look.signal for look in found.looks if look.outcome in {Outcome.PRESENT, Outcome.ABSENT} and not look.reason
    }
    gone = [one for one in waiting if one.signal in whole and one.fingerprint not in causes]
    revised, notes = _revised(work, project, found, changed, causes) if changed else ((), ())
    return UpkeepReport(
        project=project.id,
        revised=revised,
        withdrawn=tuple(one.id for one in gone if withdraw(work, one, f"the finding is gone at {found.sha[:12]}")),
        returned=_returned(work, project, [one for one in waiting if one not in gone]),
        notes=notes,
    )


def _returned(work: Workspace, project: Project, waiting: Iterable[Candidate]) -> tuple[str, ...]:
    """Bring back what waited for a ticket that is closed now."""
    conditional = [one for one in waiting if any(decision.condition for decision in one.decisions)]
    if not conditional:
        return ()
    tickets = {one.key: one for one in current_tickets(work, project)}
    return tuple(one.id for one in conditional if bring_back(work, one, tickets))


def _revised(
    work: Workspace,
    project: Project,
    found: FindingsReport,
    changed: Iterable[Candidate],
    causes: dict[str, Cluster],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the candidates that got new words, and what is to say about those words."""
    revised: list[str] = []
    with drafting(work, project, found) as drafter:
        for one in changed:
            with suppress(ConflictError):
                work.ledger.revise(one.id, drafter.draft(causes[one.fingerprint], one.draft.number + 1))
                revised.append(one.id)
        return tuple(revised), drafter.notes
