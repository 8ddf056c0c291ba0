"""Whether the text says where in the code."""

import re
from typing import ClassVar

from scout.model import Addressee, Passing
from scout.readiness import Answer, Criterion, Example, Judged, Phrase, Remedy, Topic, first, quote

_PLACE = re.compile(
    r"(?:^|[\s`(\"'])(?:[\w.-]{1,60}/){0,12}[\w-]{1,60}(?:\.[\w-]{1,30}){0,3}\.(?:[a-z]{1,4}\d?"
    r"|[A-Z][a-z]+)(?::\d+|#L\d+)\b|/blob/[\w.-]{1,80}/[^\s)#]"
)
_FILE = re.compile(
    r"(?:^|[\s`(\"'])(?:[\w.-]{1,60}/){1,12}[\w.-]{1,60}|(?<![\w-])[\w-]{1,60}\.(?:py|js|ts|rb|go|java|c|h|cpp"
    r"|rs|sh|md|rst|toml|ya?ml|json|html|css|sql|txt)\b"
)
_NAME = re.compile(
    r"\b[A-Za-z_]\w*\.[A-Za-z_]\w*(?:\.\w+)*\b|\b\w+\(\)|\b[a-z]+_[a-z_]+\b|\b[a-z]+[A-Z]\w+|\b[A-Z][a-z]+[A-Z]\w+"
)
_CAUSE = Phrase(
    r"\b(?:because|caused? by|due to|the (?:problem|issue|reason|cause|culprit) (?:is|was|here|seems)"
    r"|root cause|this is since"
    r"|as a result of|introduced (?:in|by)|stems from|comes from|boils down|since (?:the|it|this))\b"
)


class Location(Criterion):
    """The text says where in the code, or what causes it.

    ## Why it matters
    Finding the place is often most of the work; whoever wrote the ticket usually has been there.

    ## What to do with it
    Name the file and line, or the function, in backticks; say the cause when it is known.

    ## Source
    Rahman and Roy, 'Improving IR-based bug localization' (ESEC/FSE 2018): program entities in a report decide how
    well its place is found; SWE-bench annotation guide.
    """

    id: ClassVar[str] = "location"
    since: ClassVar[str] = "0.1.0"
    weight: ClassVar[float] = 1.0
    asks: ClassVar[Addressee] = Addressee.MAINTAINER
    question: ClassVar[str] = "Which file or function does this concern?"
    remedy: ClassVar[Remedy] = Remedy(
        advice="Name the file and line or the function in backticks, and the cause when it is known.",
        append="## Cause\n\n`app/export.py:41` formats the date because `zone()` is never called there.",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Wrong zone", "The zone is wrong in the export.", 0, 0.2, Passing.FAILED),
        Example("Wrong zone", "`app/export.py:41` is wrong because it formats local time.", 0.9, 1, Passing.PASSED),
        Example("Wrong zone", "`export_rows` formats local time.", 0.5, 0.7, Passing.PASSED),
    )

    def look(self, text: Judged) -> Answer:
        """Return how near the text leads to the place, and whether it knows the cause."""
        reading = text.reading
        passages = (
            text.title,
            reading.prose,
            *(span.text for span in reading.spans),
            *(s.target for s in reading.spans),
        )
        near = next(
            (
                (worth, found)
                for pattern, worth in ((_PLACE, 0.7), (_FILE, 0.6), (_NAME, 0.5))
                if (found := _found(pattern, passages))
            ),
            (0.0, ""),
        )
        cause = first(_CAUSE, reading.sentences)
        told = bool(cause or reading.about(Topic.CAUSE))
        reasons = [f"It names {quote(near[1])}." if near[1] else "It names no place in the code."]
        reasons += [f"It tells a cause: {quote(cause)}."] if cause else []
        return Answer(0.1 + near[0] + 0.2 * told, " ".join(reasons))


def _found(pattern: re.Pattern[str], passages: tuple[str, ...]) -> str:
    return next((match.group().strip(" `(\"'/\n") for passage in passages if (match := pattern.search(passage))), "")
