"""Whether the text stands on its own."""

import re
from typing import ClassVar

from scout.model import Passing
from scout.readiness import Answer, Criterion, Example, Judged, Phrase, Remedy, Topic, first, quote
from scout.readiness.reading import count_words

_LEANING = Phrase(
    r"\b(?:see|per|as (?:discussed|mentioned|described|explained|noted|suggested|reported)|discuss(?:ed|ion)"
    r"|follow(?:ing|s)?[- ]?up"
    r"|originally posted|moved from|derived from|copied from|continu(?:ing|ation)|above|mentioned|refer(?:s"
    r"|ring)? to|related to|split (?:from|out of)"
    r"|from|cf|linked|attached|attachment|this (?:comment|thread|commit|pr|issue|post"
    r"|discussion))\b.{0,60}(?:https?://|#\d+|\b[a-z]{2,}-\d+\b|\b(?:here|thread|list|archive|zip"
    r"|attachments?)\b)"
)
_LINK = re.compile(r"https?://\S+|#\d+\b|\b[A-Z]{2,}-\d+\b")
_ENOUGH = 120
"""Own words beside which links are references and no longer the text."""


class SelfContained(Criterion):
    """What linked pages and attachments say is said here.

    ## Why it matters
    Links rot, need a login, and say ten things of which one is meant.

    ## What to do with it
    Write down what the linked page says that is needed here; keep the link as the reference.

    ## Source
    SWE-bench Verified annotation guide: what stands behind a link is not part of the issue; complete in ISO/IEC/IEEE
    29148, 5.2.5.
    """

    id: ClassVar[str] = "self-contained"
    since: ClassVar[str] = "0.1.0"
    weight: ClassVar[float] = 1.0
    question: ClassVar[str] = "What do the pages behind the links say that is needed here?"
    remedy: ClassVar[Remedy] = Remedy(
        advice="Add a section 'What the linked pages say' with what is needed of them here.",
        append="## What the linked pages say\n\nThe thread agrees on three facts. Dates are stored in UTC since "
        "version 2.1. The zone of the server has no part in what users see. Rows that were exported before stay so.",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Wrong zone", "See https://lists.example.org/a/17.", 0, 0.4, Passing.FAILED),
        Example("Wrong zone", "The export writes local time; it should write UTC.", 1, 1, Passing.PASSED),
    )

    def look(self, text: Judged) -> Answer:
        """Return how much the text leans on what is elsewhere."""
        reading = text.reading
        told = [part for part in reading.about(Topic.REFERENCES) if "say" in part.name.lower()]
        own = count_words(_LINK.sub("", reading.prose))
        links = [span.target for span in reading.spans if span.target] + _LINK.findall(reading.prose)
        if not links:
            return Answer(1, "It leans on nothing elsewhere.")
        if told:
            return Answer(1, f"{quote(told[0].name)} tells what is elsewhere.")
        leaning = first(_LEANING, reading.sentences)
        enough = min(own / _ENOUGH, 1.0)
        score = (0.15 if leaning else 0.4) + (0.5 if leaning else 0.55) * enough
        reason = f"{own} words of its own beside {len(links)} references" + (f": {quote(leaning)}." if leaning else ".")
        return Answer(score, reason)
