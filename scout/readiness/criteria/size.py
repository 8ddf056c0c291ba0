"""Whether the work fits one sitting."""

import re
from typing import ClassVar

from scout.model import Addressee, Passing
from scout.readiness import Answer, Criterion, Example, Judged, Remedy, Topic, quote

_LARGE = re.compile(r"\b(?:L|XL|large|weeks?|months?|epic|quarter)\b")
_STATED = re.compile(
    r"\b(?:XS|S|M|L|XL|small|medium|large|\d+(?:\.\d+)?\s*(?:h|hours?|days?|points?|weeks?)|an? (?:hour|day"
    r"|week)|(?:under|less than) .{1,20})\b"
)
_LONG_TEXT, _MANY_ENTRIES = 600, 15


class Size(Criterion):
    """The work fits one sitting, and the text says so.

    ## Why it matters
    Small work flows; large work hides how much is left of it. A size that is written down is a claim that can be
    checked and learned from.

    ## What to do with it
    Add 'Size: S' (under two hours) or 'Size: M' (under a day). What is larger should be split first.

    ## Source
    INVEST (small, estimable), Wake 2003; SWE-bench Verified (difficulty as time for a fix).
    """

    id: ClassVar[str] = "size"
    since: ClassVar[str] = "0.1.0"
    weight: ClassVar[float] = 0.5
    asks: ClassVar[Addressee] = Addressee.MAINTAINER
    question: ClassVar[str] = "Does this fit one sitting, or how is it split?"
    remedy: ClassVar[Remedy] = Remedy(
        advice="Add a section 'Size' with S (under two hours) or M (under a day); split what is larger.",
        append="## Size\n\nM: under a day.",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Wrong zone", "Size: L, several weeks.", 0, 0.4, Passing.FAILED),
        Example("Wrong zone", "The zone is wrong.", 0.5, 0.7, Passing.PASSED),
        Example("Wrong zone", "The zone is wrong.\n\n## Size\n\nS: under two hours.\n", 1, 1, Passing.PASSED),
    )

    def look(self, text: Judged) -> Answer:
        """Return the score by the stated size, or by the bulk of the text."""
        reading = text.reading
        stated = [part for part in reading.about(Topic.SIZE) if _STATED.search(part.text)]
        if stated:
            last = stated[-1].text
            return Answer(0.3 if _LARGE.search(last) else 1.0, f"The size is stated: {quote(last)}.")
        entries = sum(part.entries for part in reading.parts)
        if reading.words > _LONG_TEXT or entries > _MANY_ENTRIES:
            return Answer(0.4, f"No size is stated, and {reading.words} words with {entries} points ask for much.")
        return Answer(0.6, "No size is stated; the text is short.")
