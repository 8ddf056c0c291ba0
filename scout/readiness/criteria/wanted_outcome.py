"""Whether the text says what should be the case afterwards."""

import re
from typing import ClassVar

from scout.model import Passing, WorkKind
from scout.readiness import Answer, Criterion, Example, Judged, Phrase, Remedy, Topic, first, quote

_MIN_WORDS = 3
_WANTED = Phrase(
    r"\b(?:should(?:n['’]t)?|ought to|must|expect(?:s|ed|ing)?|instead of|rather than|needs? to(?: be)?|has to|have to"
    r"|correct (?:behaviou?r|result|output)|(?:fixed|solved|resolved) by|the fix|(?:it|this"
    r"|that) would be (?:nice|good|great"
    r"|useful|helpful|better)|would (?:like|love|expect)|propos(?:e|al)|suggest|let['’]?s|we (?:want|need)"
    r"|so that|in order to)\b"
)
_WISHED = Phrase(r"\b(?:could|might) (?:also |just |then |simply )?\w+")
_IMPERATIVE = Phrase(
    r"^\W*(?:[^:]{1,40}:\s*){0,3}(?:please\s+)?(?:add|allow|support|remove|rename|update|replace|make|use|fix"
    r"|implement|introduce|show"
    r"|enable|improve|document|move|drop|deprecate|prevent|avoid|upgrade|bump|refactor|clean|give|provide|let"
    r"|increase|reduce"
    r"|include|indicate|warn|stop|handle|create|delete|mend|write|test|pin|restore|correct|explain|return"
    r"|raise|keep|set)\b"
)
_FAILURE = Phrase(
    r"\b(?:errors?|exceptions?|crash(?:es|ed)?|fail(?:s|ed|ing|ure)?|traceback|segfaults?|hangs?|\w+error|leaks?"
    r"|freez(?:es|ing)|unresponsive|stuck|missing|blank|typos?|cannot|unable|no longer|loses|omits?|ignores?"
    r"|broken|breaks?"
    r"|(?:is|are|was|does|do|did|can|could|will|wo|has|have)(?:n['’]t| not))\b"
)
_ODD = Phrase(
    r"\b(?:wrong(?:ly)?|incorrect(?:ly)?|invalid|inconsistent|misleading|confusing|weird|strange"
    r"|unexpected(?:ly)?|odd(?:ly)?"
    r"|problem|issue|bug|bad(?:ly)?|different(?:ly)?|duplicated?|ambiguous)\b"
)


_DELIBERATED = re.compile(r"^\W*(?:should|shall|must|do|would) (?:we|i|one)\b.*\?\W*$", re.IGNORECASE | re.DOTALL)
"""Who asks what should be done does not say it."""


class WantedOutcome(Criterion):
    """The text says what should be the case when the work is done.

    ## Why it matters
    Without a wanted outcome every solution is right, and none is: the discussion moves into the review of a change
    that was already made.

    ## What to do with it
    Add a section 'Expected behaviour' (or 'Wanted outcome'): what somebody sees when it is done, not how to do it.

    ## Source
    SWE-bench Verified annotation guide ('is it clear what a successful solution would look like?'); expected
    behaviour in Chaparro et al. (ESEC/FSE 2017); INVEST (valuable, testable).
    """

    id: ClassVar[str] = "wanted-outcome"
    since: ClassVar[str] = "0.1.0"
    gate: ClassVar[bool] = True
    version: ClassVar[int] = 3
    weight: ClassVar[float] = 3.0
    needs_english: ClassVar[bool] = True
    question: ClassVar[str] = "What should be the case when this is done?"
    remedy: ClassVar[Remedy] = Remedy(
        advice="Add a section 'Expected behaviour': what is the case when the work is done.",
        append="## Expected behaviour\n\nEvery row of the export has its date in UTC, whatever the server's zone is.",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Dates in exports", "The export has dates of the server's zone in it.", 0, 0.4, Passing.FAILED),
        Example("Dates in exports", "The export has local dates; it should have UTC.", 0.6, 0.9, Passing.PASSED),
        Example("Dates in exports", "The export has local dates. Should we leave them?", 0, 0.4, Passing.FAILED),
        Example(
            "Export writes the wrong zone",
            "**Actual:** local dates\n\n**Expected:** dates in UTC in every row\n",
            1,
            1,
            Passing.PASSED,
        ),
    )

    def look(self, text: Judged) -> Answer:
        """Return whether a part is about the wanted outcome, or sentences tell of it."""
        reading = text.reading
        for part in reading.about(Topic.WANTED, Topic.ACCEPTANCE):
            if part.words >= _MIN_WORDS or part.shown or part.tasks:
                return Answer(1, f"The part {quote(part.name)} says what is wanted.")
        wanted = first(_WANTED, [one for one in (*reading.sentences, text.headline) if not _DELIBERATED.match(one)])
        if wanted:
            return Answer(0.75, f"What is wanted is told: {quote(wanted)}.")
        if wished := first(_WISHED, reading.sentences):
            return Answer(0.6, f"What could be is told: {quote(wished)}.")
        asked = first(_IMPERATIVE, (text.headline, *reading.sentences))
        if asked:
            return Answer(0.6, f"The text asks for it: {quote(asked)}.")
        return _told_by_failure(text) or Answer(0.1, "Nothing says what should be the case when the work is done.")


def _told_by_failure(text: Judged) -> Answer | None:
    """Return what a defect says about what is wanted: of a crash the absence, of a wrong result too little."""
    if text.kind not in {WorkKind.BUG, None}:
        return None
    passages = (text.headline, *text.reading.sentences)
    if failing := first(_FAILURE, passages):
        return Answer(0.5, f"Only the failure is told, its absence must be what is wanted: {quote(failing)}.")
    if odd := first(_ODD, passages):
        return Answer(0.4, f"What is wrong is told, not what would be right: {quote(odd)}.")
    return None
