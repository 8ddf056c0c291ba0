"""Is a finding still there?"""

from enum import StrEnum
from typing import ClassVar, assert_never

from scout.errors import UsageError
from scout.model import Finding, Report
from scout.service.scan import FindingsReport, find, scouts
from scout.service.wiring import Project, Workspace
from scout.signals import Reads


class Presence(StrEnum):
    """What looking again showed."""

    GONE = "gone"
    STILL_THERE = "still_there"
    UNKNOWN = "unknown"


class VerifyReport(Report):
    """Whether a finding that was seen at one commit is there at another.

    Attributes:
        seen: the commit at which it was first found again.
        looked_at: the commit of the answer.
        where: locators of what is still there.
        reason: why the answer is unknown; empty otherwise.
    """

    schema_id: ClassVar[str] = "scout.verification/1"

    fingerprint: str
    seen: str
    looked_at: str
    presence: Presence
    subject: str = ""
    where: tuple[str, ...] = ()
    reason: str = ""

    @property
    def exit_code(self) -> int:
        """0 gone, 1 still there, 3 unknown."""
        match self.presence:
            case Presence.GONE:
                return 0
            case Presence.STILL_THERE:
                return 1
            case Presence.UNKNOWN:
                return 3
            case _:
                assert_never(self.presence)


def verify(work: Workspace, project: Project, fingerprint: str, *, seen: str, at: str = "HEAD") -> VerifyReport:
    """Find the finding again at `seen`, then look for it at `at`.

    The first step guards against a detector that has changed: what cannot be found where it was is not 'gone'. What
    trackers say is only known as it is now: a signal of trackers alone is looked for once.

    Raises:
        UsageError: the fingerprint names no scout, a commit is unknown, or the project has no checkout.
    """
    signal, colon, mark = fingerprint.partition(":")
    if not (signal and colon and mark):
        message = f"'{fingerprint}' is no fingerprint."
        raise UsageError(message, "It looks like broken-internal-link:5f1c0e9d2b7a4c33; tickets name theirs.")
    of_commits = bool(scouts([signal])[signal].reads & {Reads.TREE, Reads.HISTORY})
    if of_commits:
        _ = project.checkout
    before = find(work, project, signals=[signal], at=seen if of_commits else at)
    then = _matching(before, fingerprint)
    after = find(work, project, signals=[signal], at=at)
    now = _matching(after, fingerprint)
    if then is None and of_commits:
        presence, reason = Presence.UNKNOWN, f"It cannot be found at {before.sha[:12]}, where it was seen."
    elif now is None and not after.looks[0].whole:
        presence, reason = Presence.UNKNOWN, after.looks[0].reason
    else:
        presence, reason = (Presence.GONE if now is None else Presence.STILL_THERE), ""
    known = now or then
    return VerifyReport(
        fingerprint=fingerprint,
        seen=before.sha,
        looked_at=after.sha,
        presence=presence,
        subject=known.subject if known else "",
        where=tuple(evidence.locator for evidence in now.evidence) if now else (),
        reason=reason,
    )


def _matching(report: FindingsReport, fingerprint: str) -> Finding | None:
    return next((finding for finding in report.findings if finding.fingerprint == fingerprint), None)
