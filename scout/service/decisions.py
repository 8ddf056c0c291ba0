"""What goes with a decision, and what follows from one."""

from typing import ClassVar

from scout.model import CandidateState, Event, Frozen, Report
from scout.service.suppress import Hidden


class Said(Frozen):
    """What goes with a decision.

    Attributes:
        actor: a role or the label that the reviewer chose.
        owner: whether that is an owner of the project.
        seen: how many decisions the reviewer saw; one who was overtaken is told so. None for those of this moment.
    """

    reason: str = ""
    actor: str = "reviewer"
    owner: bool = True
    seen: int | None = None


class WalkReport(Report):
    """How far a walk through the inbox came.

    Attributes:
        decided: decisions that were made and stand.
        left: candidates of the portion that still wait.
    """

    schema_id: ClassVar[str] = "scout.walk/1"

    decided: int
    left: int


class DecisionReport(Report):
    """What was decided, and what follows.

    Attributes:
        hidden: what the rejection hides beside the candidate itself.
    """

    schema_id: ClassVar[str] = "scout.decision/1"

    candidate: str
    project: str
    event: Event
    state: CandidateState
    revision: int
    next: str
    hidden: tuple[Hidden, ...] = ()
