"""Who has to say yes to a candidate: one reviewer, two, or an owner, as the settings say for its kind of work."""

from scout.errors import ConflictError
from scout.model import Candidate, Event, standing
from scout.service.wiring import Workspace
from scout.settings import Tier


def tier_of(work: Workspace, candidate: Candidate) -> Tier:
    """Return how much a yes to a candidate weighs."""
    review = work.loaded.settings.review
    if candidate.refines:
        return review.refinements
    return review.tiers.get(candidate.draft.kind, Tier.ONE)


def yes(candidate: Candidate, tier: Tier, actor: str, *, owner: bool) -> Event:
    """Return what one reviewer's yes is: an acceptance, or the first of two.

    Raises:
        ConflictError: an owner has to say it, or this reviewer has said the first of two already.
    """
    if tier is Tier.OWNER and not owner:
        message = f"An owner of the project has to accept {candidate.id}: it is a {candidate.draft.kind}."
        raise ConflictError(message, "Ask an owner, or edit, defer or reject it.")
    if tier is not Tier.TWO:
        return Event.ACCEPT
    said = {one.actor for one in standing(candidate.decisions) if _counts(one.event, one.revision, candidate)}
    if not said:
        return Event.APPROVE
    if actor in said:
        message = f"{candidate.id} needs two reviewers, and '{actor}' has said yes already."
        raise ConflictError(message, "Ask another reviewer, or say with --as who you are.")
    return Event.ACCEPT


def _counts(event: Event, revision: int, candidate: Candidate) -> bool:
    return event is Event.APPROVE and revision == candidate.draft.number
