"""Whether the text says where the work ends."""

from typing import ClassVar

from scout.model import Addressee, Passing
from scout.readiness import Answer, Criterion, Example, Judged, Phrase, Remedy, Topic, first, quote

_BOUNDED = Phrase(
    r"\b(?:out of scope|in scope|non-goals?|not part of|(?:does|do|should) not (?:include|cover|change)"
    r"|limited to|only (?:the|for|in|when|affects)"
    r"|leave[s]? .{1,30} as (?:it is|is|they are)|separate (?:issue|ticket|pr)|follow-?up|backwards?.compatib\w+)\b"
)


class Scope(Criterion):
    """The text says what belongs to the work and what does not.

    ## Why it matters
    What is left unsaid grows: the neighbour's code is cleaned up too, and the review takes a week.

    ## What to do with it
    Add a section 'Scope' with what belongs to it, and what does not though one might think so.

    ## Source
    Scope and non-goals in design documents; INVEST (small, estimable); bounded in ISO/IEC/IEEE 29148, 5.2.
    """

    id: ClassVar[str] = "scope"
    since: ClassVar[str] = "0.1.0"
    weight: ClassVar[float] = 0.5
    needs_english: ClassVar[bool] = True
    asks: ClassVar[Addressee] = Addressee.MAINTAINER
    question: ClassVar[str] = "What belongs to this, and what does not?"
    remedy: ClassVar[Remedy] = Remedy(
        advice="Add a section 'Scope': what belongs to it, and what does not though one might think so.",
        append="## Scope\n\nOnly the dates of the export. Not part of it: the dates of the import.",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Wrong zone", "The zone is wrong.", 0, 0.4, Passing.FAILED),
        Example("Wrong zone", "The zone is wrong. The import is out of scope.", 0.6, 0.8, Passing.PASSED),
        Example("Wrong zone", "## Scope and non-goals\n\nThe export; not the import.\n", 1, 1, Passing.PASSED),
    )

    def look(self, text: Judged) -> Answer:
        """Return whether a part or a sentence draws a border."""
        for part in text.reading.about(Topic.SCOPE):
            return Answer(1, f"{quote(part.name)} draws a border.")
        told = first(_BOUNDED, text.reading.sentences)
        return Answer(0.7, f"A border is drawn: {quote(told)}.") if told else Answer(0.3, "Nothing says where it ends.")
