"""Whether a defect can be seen by somebody else."""

from typing import ClassVar

from scout.model import Passing, WorkKind
from scout.readiness import Answer, Criterion, Example, Judged, Phrase, Remedy, Topic, first, quote

_STEPS_SHARE, _HALF_SHARE, _VERSION_SHARE, _RESULT_SHARE = 0.5, 0.35, 0.2, 0.15
_MIN_ENTRIES = 2
_MIN_CODE_LINES = 2
_CONDITION = Phrase(
    r"\b(?:when(?:ever)?|if (?:you|i|one|we|the|an?)|after|by (?:running|calling|using|clicking|opening)"
    r"|running|calling"
    r"|for example|e\.g\.|given|consider the following|the following (?:code|example|test|fails|snippet))\b"
)
_VERSION = Phrase(
    r"\bv?\d+\.\d+(?:\.\d+)?(?:[-.]?(?:rc|a|b|dev|alpha|beta)\.?\d*)?\b|\b(?:master|main|trunk|head|nightly"
    r"|latest version)\b"
    r"|\b[0-9a-f]{7,40}\b|\b(?:ubuntu|windows|macos|debian|fedora|android|ios)\s*\d+"
)
_UNSTEADY = Phrase(
    r"\b(?:sometimes|randomly|at random|intermittent(?:ly)?|occasional(?:ly)?|rarely|once in a while"
    r"|only (?:happened )?once"
    r"|(?:not|un)(?:[ -]able| sure how)? (?:to )?reproduc\w*|(?:can(?:no|['’])t|couldn['’]t"
    r"|don['’]t know how to) reproduce"
    r"|hard to reproduce|no idea how|not reproducible|(?:i|we) (?:was|were) (?:just )?\w+ing (?:the|a|an|my|it|some)"
    r"|i (?:believe|think|guess|suppose) (?:i|it|this|that) (?:was|happened|had))\b"
)
_UNSTEADY_COST, _UNSEEN_COST = 0.3, 0.55
_UNSEEN = Phrase(
    r"\b(?:unable|not able|can['’]?t|cannot|can not|couldn['’]t|could not|failed|did not|didn['’]t) (?:to )?"
    r"(?:reproduce|replicate|recreate)\b|\bnot reproducible\b|\bworks (?:fine )?for me\b"
)
_SEEN = Phrase(
    r"\b(?:i|we) (?:can|could|was able to|were able to|am able to|managed to) (?:\w+ )?(?:reproduce|confirm|replicate)"
    r"|\breproduced\b|\bconfirmed\b|\bsame (?:issue|problem|crash|error) (?:here|with|on)\b|\bstill (?:there"
    r"|happens)\b"
)
_ACTUAL = Phrase(
    r"traceback|\b\w*(?:error|exception)\b|\b(?:instead|raises?|returns?|shows?|prints?|results? in|error"
    r"|crash(?:es|ed)?|fail(?:s|ed))\b"
)
_EXPECTED = Phrase(r"\b(?:expect(?:ed|s)?|should(?:n['’]t)?|instead of|rather than|must|correct(?:ly)?|supposed to)\b")


class Reproduction(Criterion):
    """A defect is told so that somebody else can see it: steps, versions, actual against expected.

    ## Why it matters
    A defect that cannot be seen cannot be shown to be gone. Steps to reproduce are what developers need most and
    reporters leave out most.

    ## What to do with it
    Add numbered steps or a short program, the versions it was seen with, and the actual beside the expected result.

    ## Source
    Bettenburg et al., 'What makes a good bug report?' (FSE 2008): steps to reproduce, observed and expected
    behaviour, stack traces and versions are the four most useful parts.
    """

    id: ClassVar[str] = "reproduction"
    since: ClassVar[str] = "0.1.0"
    version: ClassVar[int] = 2
    gate: ClassVar[bool] = True
    weight: ClassVar[float] = 2.0
    kinds: ClassVar[frozenset[WorkKind | None]] = frozenset({WorkKind.BUG})
    question: ClassVar[str] = "By which steps does it happen, what was expected, and what happened instead?"
    remedy: ClassVar[Remedy] = Remedy(
        advice="Add steps to reproduce, the versions it was seen with, and the actual beside the expected result.",
        append="## Steps to reproduce\n\nSeen with version 2.3.1 on Debian 12.\n\n1. Open the list of reports.\n"
        "2. Choose a month, and another one at once.\n\n"
        "## Actual result\n\nThe totals of the first month are shown.\n\n"
        "## Expected result\n\nThe totals of the second month are shown.",
        comment="Reproduced again with version 2.3.1 on Debian 12, by the steps in the text.",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Totals are wrong", "The totals are wrong sometimes.", 0, 0.3, Passing.FAILED, kind=WorkKind.BUG),
        Example(
            "Totals are of the wrong month",
            "With 2.3.1:\n\n1. Open a report.\n2. Change the month twice.\n\nIt shows the month before, "
            "it should show the chosen one.",
            0.9,
            1,
            Passing.PASSED,
            kind=WorkKind.BUG,
        ),
        Example("Add a dark theme", "It should be dark.", 0, 0, Passing.NOT_APPLICABLE, kind=WorkKind.FEATURE),
    )

    def look(self, text: Judged) -> Answer:
        """Return what share of steps, versions, actual and expected result is there."""
        reading = text.reading
        everything = (text.title, *reading.sentences, *reading.code_spans, *(code.text for code in reading.codes))
        steps = self._steps(text)
        version = bool(reading.about(Topic.ENVIRONMENT)) or bool(first(_VERSION, everything))
        actual = bool(reading.about(Topic.ACTUAL)) or bool(first(_ACTUAL, everything))
        expected = bool(reading.about(Topic.WANTED)) or bool(first(_EXPECTED, reading.sentences))
        score = steps + _VERSION_SHARE * version + _RESULT_SHARE * (actual + expected)
        unsteady = first(_UNSTEADY, reading.sentences)
        parts = {"steps": steps > 0, "versions": version, "actual result": actual, "expected result": expected}
        there = [name for name, found in parts.items() if found]
        lacking = [name for name, found in parts.items() if not found]
        reason = f"There: {', '.join(there) or 'nothing'}." + (f" Missing: {', '.join(lacking)}." if lacking else "")
        if unseen := _unseen(text):
            return Answer(score - _UNSEEN_COST, f"{reason} Somebody could not see it: {quote(unseen)}.")
        if unsteady and steps < _STEPS_SHARE:
            return Answer(score - _UNSTEADY_COST, f"{reason} It does not happen each time: {quote(unsteady)}.")
        return Answer(score, reason)

    def _steps(self, text: Judged) -> float:
        reading = text.reading
        if reading.about(Topic.STEPS) or any(part.numbered >= _MIN_ENTRIES for part in reading.parts):
            return _STEPS_SHARE
        if any(len(code.text.splitlines()) >= _MIN_CODE_LINES for code in reading.codes):
            return _STEPS_SHARE
        return _HALF_SHARE if reading.codes or first(_CONDITION, (text.title, *reading.sentences)) else 0.0


def _unseen(text: Judged) -> str:
    """Return the comment in which somebody could not see it, if nobody has seen it since."""
    for said in reversed(text.talk):
        if first(_SEEN, said.sentences):
            return ""
        if unseen := first(_UNSEEN, said.sentences):
            return unseen
    return ""
