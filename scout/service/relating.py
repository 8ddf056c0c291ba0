"""One cause in several projects: what was filed later becomes part of what was filed first, in the same tracker."""

from collections.abc import Iterator
from typing import NamedTuple

from scout.errors import ScoutError
from scout.ledger import Entry
from scout.model import Candidate, Frozen
from scout.publish import Publisher, Relative
from scout.service.elsewhere import elsewhere
from scout.service.publishers import target_in, tracker_in
from scout.service.wiring import Project, Workspace

LINKED = "publish: made a part"
_MOST = 10_000
"""Lines of the audit trail that are looked through for links of earlier runs; a link that is there is found anyway."""


class Related(Frozen):
    """A ticket that becomes part of another project's.

    Attributes:
        payload: exactly what would be written; empty where it was written, or is so already.
        reason: why it could not be done; it is tried again.
    """

    ticket: str
    parent: str
    payload: str = ""
    reason: str = ""


class _Pair(NamedTuple):
    candidate: Candidate
    parent: Relative
    said: str


def waiting(work: Workspace, project: Project) -> tuple[_Pair, ...]:
    """Return the filed candidates of a project that are not known to be part of what was filed first elsewhere."""
    filed = [one for one in work.ledger.candidates(project=project.id) if one.ticket and not one.refines]
    if not filed:
        return ()
    done = {one.subject for one in work.ledger.trail(project.id, _MOST) if one.verb == LINKED}
    return tuple(_pairs(work, project, [one for one in filed if one.id not in done]))


def relate(work: Workspace, pairs: tuple[_Pair, ...], publisher: Publisher, *, live: bool) -> Iterator[Related]:
    """Make tickets parts of others, or show what would be sent; what fails is told and tried again another time."""
    for candidate, parent, said in pairs if publisher.relates() else ():
        told = Related(ticket=candidate.ticket, parent=said)
        try:
            payload = publisher.relate(candidate.ticket, parent, live=live)
        except ScoutError as error:
            yield told.having(reason=str(error))
            continue
        if not live:
            if payload is not None:
                yield told.having(payload=f"{payload.where}\n{payload.content}")
            continue
        details = {"parent": said, "written": payload is not None}
        entry = Entry(
            at=work.now, actor="scout", verb=LINKED, project=candidate.project, subject=candidate.id, details=details
        )
        work.ledger.audit(entry)
        yield told


def _pairs(work: Workspace, project: Project, filed: list[Candidate]) -> Iterator[_Pair]:
    listed = {one.id: one for one in work.listed}
    for one in filed:
        parent = elsewhere(work, project.id, one).parent
        home = listed.get(parent.where) if parent else None
        if parent is None or home is None or not parent.ticket or not home.visibility.shows(project.visibility):
            continue
        if (home.publisher, tracker_in(work, home)) != (project.publisher, tracker_in(work, project)):
            continue
        url = next((it.url for it in work.ledger.receipts(home.id) if it.ticket == parent.ticket), "")
        yield _Pair(
            one, Relative(target=target_in(work, home), ticket=parent.ticket, url=url), f"{home.id} {parent.ticket}"
        )
