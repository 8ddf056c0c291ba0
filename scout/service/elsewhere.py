"""Where else in the portfolio a cause stands, as far as the readers of a project may know."""

from typing import NamedTuple

from scout.drafts import Occurrence, occurrences
from scout.model import Candidate, CandidateState, Finding
from scout.registry import plugins
from scout.review.transitions import state
from scout.service.wiring import Workspace
from scout.signals import Scout

_GONE = frozenset({CandidateState.REJECTED, CandidateState.MERGED, CandidateState.WITHDRAWN})


class Elsewhere(NamedTuple):
    """The same cause in other projects.

    Attributes:
        parent: where it was a candidate first; None where that is the project itself.
        elsewhere: all others where it is one now, the earliest first.
    """

    parent: Occurrence | None = None
    elsewhere: tuple[Occurrence, ...] = ()


def elsewhere(work: Workspace, project: str, found: Finding | Candidate) -> Elsewhere:
    """Return where else in the portfolio the same stands as was found in a project.

    The same is an equal finding about an equal name, of a scout whose subjects are names of the world, such as
    `PostgreSQL 13`. Passed over are what was rejected, merged or withdrawn, and projects that not every reader of this
    one may see: what stands there is said nowhere else, not even that it does.

    Raises:
        StoreError: the ledger cannot be read.
    """
    listed = {one.id: one for one in work.listed}
    if project not in listed or not _is_worldly(found):
        return Elsewhere()
    shows = listed[project].visibility.shows
    seen = [one.id for one in work.listed if one.id == project or shows(one.visibility)]
    if seen == [project]:
        return Elsewhere()
    standing = [
        one
        for one in work.ledger.candidates(fingerprint=found.fingerprint)
        if one.project in seen and one.subject == found.subject and state(one.decisions, work.now) not in _GONE
    ]
    return Elsewhere(*occurrences(standing, project, seen))


def _is_worldly(found: Finding | Candidate) -> bool:
    scout = plugins(Scout, "scout.signals", "scout.scouts").get(found.signal)
    return scout is not None and scout.worldly and found.subject != "."
