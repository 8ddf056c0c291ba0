"""Whether the text says what is the case now."""

import re
from typing import ClassVar

from scout.model import Passing, WorkKind
from scout.readiness import Answer, Criterion, Example, Judged, Phrase, Remedy, Topic, first, quote
from scout.readiness.reading import count_words

_MIN_WORDS = 4
_STATED = Phrase(
    r"\b(?:currently|at present|right now|today|at the moment|as of (?:now|v?\d)|now(?: it)?|so far|already"
    r"|fail(?:s|ed|ing|ure)?|errors?|exceptions?|crash(?:es|ed)?|raise[sd]?|throws?|thrown|returns?|shows?|results? in"
    r"|(?:does|do|did|is|are|was|has|have|can|could|will)(?:n['’]t| not)|cannot|no longer|unable"
    r"|is (?:missing|broken|wrong|limited|hard|confusing|incorrect|impossible|only)|missing|wrong|incorrect(?:ly)?"
    r"|there (?:is|are) (?:no|only|currently|two|several)|problem|bug|regression|instead|inconsistent|ignore[sd]"
    r"|behaves?|happens?|assumes?|hard.?coded|requires?|seems|lacks?|fails|used to|since|stuck|hangs?)\b"
)
_NEEDED = Phrase(
    r"\b(?:need(?:s|ed)?|want(?:s|ed)?|would like|as an? \w+|in order to|so that|it would be|useful|should|must)\b"
)
_MIN_STATEMENT = 10
_TRACE = re.compile(r"Traceback|^[ \t]+at [\w.$]+\(|\b\w*(?:Error|Exception)\b|\b(?:error|fatal|panic):", re.MULTILINE)


class CurrentState(Criterion):
    """The text says what is the case now, or what need there is.

    ## Why it matters
    Who changes something has to know where they start from: without the present state nobody can tell whether it was
    understood, or is still so.

    ## What to do with it
    Add a section 'Current behaviour' (or 'What is seen'): what happens now, where, since when.

    ## Source
    SWE-bench Verified annotation guide (is the issue well specified?); observed behaviour in Chaparro et al.,
    'Detecting missing information in bug descriptions' (ESEC/FSE 2017); need statements in ISO/IEC/IEEE 29148.
    """

    id: ClassVar[str] = "current-state"
    since: ClassVar[str] = "0.1.0"
    gate: ClassVar[bool] = True
    weight: ClassVar[float] = 1.0
    needs_english: ClassVar[bool] = True
    question: ClassVar[str] = "What is the case now, and where was it seen?"
    remedy: ClassVar[Remedy] = Remedy(
        advice="Add a section 'Current behaviour': what happens now, and where.",
        append="## Current behaviour\n\nNow the export writes the dates of the server's time zone into every row.",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Dark theme", "A picture would be nice here.", 0, 0.4, Passing.FAILED),
        Example(
            "Export writes the wrong zone",
            "The export currently writes dates in the server's time zone, so that rows differ between servers.",
            0.6,
            0.9,
            Passing.PASSED,
        ),
        Example(
            "Export writes the wrong zone",
            "## What is seen\n\n`export.py` writes dates in the server's zone.\n\n## Wanted\n\nUTC.",
            1,
            1,
            Passing.PASSED,
        ),
    )

    def look(self, text: Judged) -> Answer:
        """Return whether a part is about the present state, or sentences tell of it."""
        reading = text.reading
        for part in reading.about(Topic.CURRENT, Topic.ACTUAL):
            if part.words >= _MIN_WORDS or part.shown:
                return Answer(1, f"The part {quote(part.name)} says what is the case now.")
        stated = first(_STATED, (*reading.sentences, text.headline))
        if stated:
            return Answer(0.75, f"The present state is told: {quote(stated)}.")
        if any(_TRACE.search(code.text) for code in reading.codes):
            return Answer(0.75, "The output that is shown tells what happens now.")
        if text.kind is not WorkKind.BUG and (needed := first(_NEEDED, reading.sentences)):
            return Answer(0.6, f"A need is told: {quote(needed)}.")
        if told := next((s for s in reading.sentences if _is_statement(s)), ""):
            return Answer(0.5, f"Something is told, without saying that it is so now: {quote(told)}.")
        return Answer(0.2, "Nothing says what is the case now, or what is needed.")


def _is_statement(sentence: str) -> bool:
    return not sentence.endswith("?") and count_words(sentence) >= _MIN_STATEMENT
