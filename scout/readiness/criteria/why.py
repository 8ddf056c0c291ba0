"""Whether the text says why it matters."""

from typing import ClassVar

from scout.model import Passing
from scout.readiness import Answer, Criterion, Example, Judged, Phrase, Remedy, Topic, first, quote

_BECAUSE = Phrase(
    r"\b(?:because|so that|in order to|which (?:means|makes|leads|causes|breaks|is (?:confusing|bad|annoying))"
    r"|otherwise|prevents?"
    r"|breaks?|users? (?:will|are|can|have|who|need|cannot|get)|as an? \w+,? i|impact|affects?|therefore"
    r"|useful|confus(?:es|ing)|mislead(?:s|ing)"
    r"|costs?|slow(?:s|er)?|security|data loss|lose[sd]?|risk|benefits?|helps?|makes it (?:hard|easy|difficult"
    r"|impossible))\b"
)


class Why(Criterion):
    """The text says why it matters, and to whom.

    ## Why it matters
    The reason decides between solutions, orders the backlog and tells when the work is no longer wanted.

    ## What to do with it
    Add one sentence: who is hindered, how often, what it costs; or what becomes possible.

    ## Source
    INVEST (valuable), Wake 2003; rationale as an attribute of a requirement in ISO/IEC/IEEE 29148, 5.2.8.
    """

    id: ClassVar[str] = "why"
    since: ClassVar[str] = "0.1.0"
    weight: ClassVar[float] = 1.0
    needs_english: ClassVar[bool] = True
    question: ClassVar[str] = "Whom does this concern, and what does it cost them as it is?"
    remedy: ClassVar[Remedy] = Remedy(
        advice="Add a section 'Why it matters': who is hindered and how, or what becomes possible.",
        append="## Why it matters\n\nReports of two offices cannot be compared, as their rows have different zones.",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Wrong zone", "The zone is wrong.", 0, 0.3, Passing.FAILED),
        Example("Wrong zone", "The zone is wrong, so that users cannot compare reports.", 0.6, 0.8, Passing.PASSED),
        Example("Wrong zone", "## Why it matters\n\nReports cannot be compared.\n", 1, 1, Passing.PASSED),
    )

    def look(self, text: Judged) -> Answer:
        """Return whether a part or a sentence gives a reason."""
        for part in text.reading.about(Topic.WHY):
            return Answer(1, f"{quote(part.name)} gives a reason.")
        told = first(_BECAUSE, text.reading.sentences)
        return Answer(0.7, f"A reason is given: {quote(told)}.") if told else Answer(0.2, "No reason is given.")
