"""Autonomy: who may take a piece of work, judged apart from how ready it is; and what has to be asked first."""

from enum import StrEnum

from scout.model._base import Frozen


class Autonomy(StrEnum):
    """Who may take it, from the freest to the strictest."""

    AGENT = "agent"
    REVIEWED = "agent_with_review"
    PERSON = "person"
    OWNER = "owner_first"

    @property
    def rank(self) -> int:
        """0 for the freest, 3 for the strictest."""
        return tuple(Autonomy).index(self)

    @property
    def words(self) -> str:
        """What it is called before readers."""
        return _WORDS[self]

    @property
    def for_agents(self) -> bool:
        """Whether an agent may take it."""
        return self.rank <= Autonomy.REVIEWED.rank


_WORDS = {
    Autonomy.AGENT: "agent alone",
    Autonomy.REVIEWED: "agent with review",
    Autonomy.PERSON: "person",
    Autonomy.OWNER: "owner's decision first",
}


class AutonomyReason(Frozen):
    """Why nobody freer may take it.

    Attributes:
        rule: the rule's id.
        level: the freest who may take it, by this rule.
        because: what the rule saw, quoting what it rests on.
    """

    rule: str
    level: Autonomy
    because: str


class AutonomyVerdict(Frozen):
    """Who may take a piece of work, and why nobody freer.

    Attributes:
        level: the strictest of the reasons.
        reasons: the strictest first.
    """

    level: Autonomy
    reasons: tuple[AutonomyReason, ...]

    @property
    def because(self) -> str:
        """What decides: the reasons of the strictest level."""
        return " ".join(reason.because for reason in self.reasons if reason.level is self.level)


class Addressee(StrEnum):
    """Who can answer a question; roles, never names."""

    REPORTER = "reporter"
    MAINTAINER = "maintainer"
    OWNER = "owner"


class Question(Frozen):
    """The one question whose answer is needed most.

    Attributes:
        to: who can answer it.
        text: the question, as it stands in the ticket or as the criterion asks it.
        criterion: the criterion that waits for the answer.
        passage: the words of the ticket that ask it; empty when nobody has asked yet.
    """

    to: Addressee
    text: str
    criterion: str
    passage: str = ""
