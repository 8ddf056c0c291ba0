"""Whether what was accepted may still be filed: by who may read it, and by what has changed since the yes."""

from collections.abc import Sequence
from typing import NamedTuple, assert_never

from scout.model import Candidate, Draft, Ticket, Visibility
from scout.publish.markers import labelled, marked
from scout.service.verify import Presence, verify
from scout.service.wiring import Project, Workspace

_OPENNESS = (Visibility.PRIVATE, Visibility.INTERNAL, Visibility.PUBLIC)


class Objection(NamedTuple):
    """Why something is not filed now.

    Attributes:
        changed: whether the world has changed since the yes, so that somebody has to decide again.
    """

    reason: str
    changed: bool = True


def hidden(work: Workspace, project: Project, draft: Draft, readers: Visibility | None) -> Objection | None:
    """Return what a tracker's readers may not see, or None.

    Args:
        work: the workspace.
        project: whose candidate it is.
        draft: the text, with its evidence.
        readers: who may read the tracker; None: whoever sees the project.
    """
    if readers is None:
        return None
    if _OPENNESS.index(readers) > _OPENNESS.index(project.visibility):
        what = f"The tracker is {readers}, and the project {project.visibility}: file elsewhere, or set "
        return Objection(f'{what}`visibility = "{readers}"` if everybody may see it.', changed=False)
    listed = {one.id: one.visibility for one in work.listed}
    others = {one.project for one in draft.evidence if one.project and one.project != project.id}
    secret = sorted(one for one in others if not readers.shows(listed.get(one, Visibility.PRIVATE)))
    if not secret:
        return None
    return Objection(f"It shows what stands in {', '.join(secret)}, which not all readers may see.", changed=False)


def repeated(candidate: Candidate, draft: Draft, tickets: Sequence[Ticket]) -> Objection | None:
    """Return which open ticket asks for the same by now, or None.

    By the finding's identity all tickets are looked through; by words those that are newer than the text, since older
    ones were compared when it was drafted. What Scout filed itself is about something else: it has another identity.
    """
    same = next((one.key for one in tickets if candidate.fingerprint in one.body), None)
    if same is not None:
        said = f"The open ticket {same} carries it already, perhaps from another state folder: reject the candidate."
        return Objection(said)
    newer = [one for one in tickets if one.created_at and one.created_at > draft.at and not _is_ours(one)]
    if not newer:
        return None
    from scout.text.sameness import same as is_same
    from scout.text.similarity import Index
    from scout.text.words import Words

    texts, asked = [Words(one.title, one.body) for one in newer], Words(draft.title, draft.body)
    (found,) = Index(texts).nearest([asked])
    twin = next((newer[near.place] for near in found if is_same(asked, texts[near.place], near)), None)
    if twin is None:
        return None
    return Objection(
        f"The ticket {twin.key}, opened since, asks for the same: '{twin.title}'. Merge it into that, or reject."
    )


def _is_ours(ticket: Ticket) -> bool:
    return bool(marked(ticket.body) or labelled(ticket.labels))


def unproven(work: Workspace, project: Project, candidate: Candidate, draft: Draft) -> Objection | None:
    """Return why the evidence does not hold now, or None."""
    answer = verify(work, project, candidate.fingerprint, seen=draft.sha)
    match answer.presence:
        case Presence.STILL_THERE:
            return None
        case Presence.GONE:
            where = answer.looked_at[:12]
            return Objection(f"The finding is gone at {where}: reject the candidate, or undo what hid it.")
        case Presence.UNKNOWN:
            return Objection(f"The finding cannot be looked for now: {answer.reason}", changed=False)
        case _:
            assert_never(answer.presence)
