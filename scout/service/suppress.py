"""Standing 'not this': what one would hide, which there are, and how to lift one."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import ClassVar

from scout.errors import UsageError
from scout.model import Candidate, Decision, Event, Frozen, Report, Suppression, own_files
from scout.review.transitions import WAITING
from scout.service.shelf import shelf
from scout.service.snapshot import rows_of
from scout.service.wiring import Project, Workspace
from scout.service.withdrawing import withdraw

SCOPES = ("this", "path", "scout")


class Hidden(Frozen):
    """What a suppression hides: a candidate that waits, or a finding that is none yet (`candidate` is empty)."""

    candidate: str
    fingerprint: str
    subject: str
    title: str


class SuppressionsReport(Report):
    """The suppressions that stand in a project, oldest first."""

    schema_id: ClassVar[str] = "scout.suppressions/1"

    project: str
    suppressions: tuple[Suppression, ...]


class LiftedReport(Report):
    """How many suppressions were lifted."""

    schema_id: ClassVar[str] = "scout.lifted/1"

    project: str
    fingerprint: str
    lifted: int


def pattern(candidate: Candidate, scope: str) -> str:
    """Return what a rejection of this scope is about, as `Suppression.fingerprint`; empty for the candidate alone.

    Raises:
        UsageError: the scope is about paths, and the candidate is about no file.
    """
    if scope == "this":
        return ""
    if scope == "scout":
        return f"{candidate.signal}:*"
    path = next(iter(_paths(candidate)), "")
    if not path:
        message = f"{candidate.id} is about no file."
        raise UsageError(message, "Use --scope this or --scope scout.")
    if scope != "path":
        return f"{candidate.signal}:{scope}"
    folder = PurePosixPath(path).parent.as_posix()
    return f"{candidate.signal}:{path if folder == '.' else f'{folder}/*'}"


def hides(work: Workspace, project: Project, candidate: Candidate, scope: str) -> tuple[Hidden, ...]:
    """Return what a rejection of this scope would hide beside the candidate itself, by fingerprint."""
    wide = pattern(candidate, scope)
    if not wide:
        return ()
    rule = Suppression(fingerprint=wide, evidence_digest="", reason="", at=work.now)
    hidden = {
        one.fingerprint: Hidden(candidate="", fingerprint=one.fingerprint, subject=one.subject, title=one.title)
        for one in rows_of(work).leads(project.id, candidate.signal)
        if rule.covers(one.signal, one.paths.splitlines())
    }
    for one in shelf(work, (project.id,)).all:
        if one.state in WAITING and one.signal == candidate.signal and _covers(work, rule, one.id):
            hidden[one.fingerprint] = Hidden(
                candidate=one.id, fingerprint=one.fingerprint, subject=one.subject, title=one.title
            )
    hidden.pop(candidate.fingerprint, None)
    return tuple(hidden[name] for name in sorted(hidden))


def _covers(work: Workspace, rule: Suppression, name: str) -> bool:
    return rule.glob == "*" or rule.covers(rule.fingerprint.partition(":")[0], _paths(work.ledger.candidate(name)))


def withdraw_hidden(work: Workspace, hidden: Iterable[Hidden], reason: str) -> None:
    """Withdraw the candidates that a suppression hides; one that somebody decides about meanwhile stays as decided."""
    for one in hidden:
        if one.candidate:
            withdraw(work, work.ledger.candidate(one.candidate), reason)


def listing(work: Workspace, project: Project) -> SuppressionsReport:
    """Return what stands."""
    return SuppressionsReport(project=project.id, suppressions=work.ledger.suppressions(project.id))


def lift(work: Workspace, project: Project, fingerprint: str, reason: str) -> LiftedReport:
    """Lift the suppressions of a fingerprint or pattern: what they hid is offered again by the next run.

    Raises:
        UsageError: none stands.
    """
    count = work.ledger.lift(project.id, fingerprint, reason=reason, at=work.now)
    if not count:
        message = f"Nothing is suppressed in {project.id} as '{fingerprint}'."
        raise UsageError(message, "`scout inbox suppressions` shows what is.")
    return LiftedReport(project=project.id, fingerprint=fingerprint, lifted=count)


def lift_given(work: Workspace, candidate: Candidate, decision: Decision) -> None:
    """Lift what a rejection that was taken back had suppressed."""
    if decision.event is not Event.REJECT:
        return
    for one in work.ledger.suppressions(candidate.project):
        mine = one.fingerprint == candidate.fingerprint or one.covers(candidate.signal, _paths(candidate))
        if mine and one.at == decision.at:
            work.ledger.lift(candidate.project, one.fingerprint, reason="the rejection was taken back", at=work.now)


def _paths(candidate: Candidate) -> tuple[str, ...]:
    return own_files(candidate.draft.evidence)
