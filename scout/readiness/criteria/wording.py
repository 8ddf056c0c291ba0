"""Whether the words have one meaning."""

import re
from typing import ClassVar

from scout.model import Passing
from scout.readiness import Answer, Criterion, Example, Judged, Remedy, quote

_VAGUE = re.compile(
    r"\b(?:etc|and so on|and/or|some(?:how|thing|times|where)|stuff|things|various|several|maybe|perhaps"
    r"|probably|possibly|kind of|sort of"
    r"|basically|nicer|better|fast(?:er)?|easy|easily|simpl[ey]|user.friendly|appropriate(?:ly)?|as needed"
    r"|if possible|weird|strange|properly"
    r"|flexible|robust|efficient(?:ly)?|and the like|a lot|often|normally|usually|generally|reasonable|adequate)\b",
    re.IGNORECASE,
)
_WORST_RATE = 0.06
"""Vague words in a hundred at which nothing is left of the score: six."""


class Wording(Criterion):
    """The words have one meaning: no 'etc.', 'somehow', 'nicer', 'as needed'.

    ## Why it matters
    Two readers build two things from one vague word, and both are right.

    ## What to do with it
    Put a number, a name or a list in the place of each vague word. Few of them do no harm; the weight is small.

    ## Source
    Unambiguous, and the list of terms to avoid, in ISO/IEC/IEEE 29148, 5.2.7; Femmer et al., 'Rapid quality assurance
    with requirements smells' (JSS 2017).
    """

    id: ClassVar[str] = "wording"
    since: ClassVar[str] = "0.1.0"
    weight: ClassVar[float] = 0.5
    needs_english: ClassVar[bool] = True
    question: ClassVar[str] = "What exactly do the vague words mean here?"
    remedy: ClassVar[Remedy] = Remedy(
        advice="Put a number, a name or a list in the place of each vague word.",
        replace="exactly",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Nicer export", "Somehow make things better, easier, etc. if possible.", 0, 0.3, Passing.FAILED),
        Example("Export in UTC", "Every row of the export has its date in UTC.", 1, 1, Passing.PASSED),
    )

    def look(self, text: Judged) -> Answer:
        """Return the score by the rate of vague words."""
        found = [match.group() for match in _VAGUE.finditer(text.reading.prose)]
        if not found:
            return Answer(1, "No vague word was found.")
        rate = len(found) / max(text.reading.words, 10)
        named = ", ".join(quote(word) for word in dict.fromkeys(word.lower() for word in found[:8]))
        return Answer(max(0.0, 1 - rate / _WORST_RATE), f"Vague: {named}.", tuple(dict.fromkeys(found)))
