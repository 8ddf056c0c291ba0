"""Whether something is still to be decided."""

import re
from typing import ClassVar

from scout.model import Passing, WorkKind
from scout.readiness import Answer, Criterion, Example, Judged, Reading, Remedy, Topic, first, quote

_OPEN = re.compile(
    r"[?？؟][\"')\]]*$"
    r"|\b(?:tbd|to be (?:decided|determined|discussed|defined|confirmed)|undecided|open question"
    r"|needs? (?:a )?(?:discussion|decision|consensus)"
    r"|(?:not|n['’]t) (?:really |quite |entirely |fully |100% )?(?:sure|certain|clear|know) (?:if|whether|how"
    r"|what|which|why|where|about)"
    r"|unsure|unclear (?:if|whether|how|what|which)|wonder(?:ing)? (?:if|whether|how|what|why)"
    r"|any (?:thoughts|opinions?|ideas|preferences?|suggestions|feedback)|what do you think|your (?:thoughts|opinion)"
    r"|one (?:option|possibility|approach|way|solution|idea) (?:is|would|could|might)|another (?:option"
    r"|possibility|approach|way|solution|idea)"
    r"|possible (?:solutions|approaches|options|fixes)|some (?:ways|options) to|(?:two|three|several|multiple"
    r"|some) (?:options|possibilities|approaches|alternatives)"
    r"|option (?:1|a|one)\b|either\b.{3,80}\bor\b|let me know (?:if|what|whether)|brainstorm|rfc\b"
    r"|decide (?:if|whether|on|what|how|which)"
    r"|should we|shall we|do we (?:want|need)|would it (?:be|make)|is it (?:possible|intended|worth))\b",
    re.IGNORECASE,
)
_OPEN_TITLE = re.compile(
    r"^\W*(?:consider|discuss|explore|evaluate|proposal|idea)\b|\b(?:discussion|brainstorm\w*|rfc)\b", re.IGNORECASE
)
_AGREED = re.compile(
    r"\b(?:agreed|i agree|concept ack|ack|makes sense|sounds good|good idea|confirmed|i can confirm"
    r"|can reproduce|pull request"
    r"|pr(?:s)? (?:is |are )?welcome|we (?:will|should)|accepted|approved|planned)\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:maybe|perhaps|alternatively|or (?:maybe|perhaps|just|we could)|(?:we|one|you) (?:could|might|may)"
    r"|could (?:also|perhaps|be)|might be (?:better|worth|good|nice|useful|an?)"
    r"|may be (?:better|worth|good|useful)|i (?:think|guess|suppose|feel|believe)|probably|it would be (?:nice"
    r"|great|cool|good|awesome|helpful|useful)"
    r"|would be (?:nice|great|cool|good|awesome|helpful|useful)|consider|things to|ideally|imho|not sure"
    r"|unclear|possibly|potentially|feature request|investigate|idea)\b",
    re.IGNORECASE,
)
_DECIDED = re.compile(r"^\W*(?:decision|decided|agreed|resolution)\b\s*[:—-]", re.IGNORECASE)
_POLITE = re.compile(
    r"\b(?:pull request|a PR|a patch|happy to|willing to|contribute|work on (?:this|it|that)|assign"
    r"|any (?:updates?|news|progress|eta)"
    r"|thanks|thank you|can i|may i|could you (?:please )?(?:assign|review|take))\b",
    re.IGNORECASE,
)
_ONE_OPEN, _ONE_HEDGE, _MAX_HEDGES = 0.55, 0.1, 4
_ANSWERED_COMMENT, _MAX_ANSWERED = 0.1, 3
_WISH = 0.15
"""What it costs a wish that nobody has agreed to: that it will be done at all is undecided."""


class NoOpenDecision(Criterion):
    """Nothing is left to decide: no question, no TBD, no undecided options, in the text or in the comments.

    ## Why it matters
    Whoever takes the work stops at the first open question, and waits; or decides in silence what somebody else had
    to decide. Open questions are the strongest single sign that a ticket is not ready.

    ## What to do with it
    Have the question answered by whoever may, and write 'Decision: …' into the text, or as a comment when it was
    asked in the comments. Questions in code and quotes are not counted.

    ## Source
    SWE-bench Verified annotation guide ('room for ambiguity'); Definition of Ready; 'TBD' and open alternatives as
    defects of a requirement in ISO/IEC/IEEE 29148, 5.2.
    """

    id: ClassVar[str] = "no-open-decision"
    since: ClassVar[str] = "0.1.0"
    gate: ClassVar[bool] = True
    weight: ClassVar[float] = 3.0
    remedy: ClassVar[Remedy] = Remedy(
        advice="Have it decided by whoever may, and write 'Decision: …' where it was asked, in text or comment.",
        append="## Decision\n\nThe export writes UTC; a setting for the zone is not wanted.",
        comment="Decision: the export writes UTC; a setting for the zone is not wanted.",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Zones in exports", "Should we write UTC or the user's zone?", 0, 0.45, Passing.FAILED),
        Example("Export in UTC", "The export must write UTC.", 1, 1, Passing.PASSED),
        Example("Export in UTC", "It must write UTC.\n\n```\nwhat? why?\n```\n\n> really?\n", 1, 1, Passing.PASSED),
        Example(
            "Export in UTC", "It must write UTC.", 0, 0.45, Passing.FAILED, comments=("What about daylight saving?",)
        ),
        Example(
            "Export in UTC",
            "It must write UTC.",
            0.7,
            1,
            Passing.PASSED,
            comments=("What about daylight saving?", "Decision: UTC has none."),
        ),
    )

    def look(self, text: Judged) -> Answer:
        """Return what is left of certainty after questions, options and hedges."""
        asked, passages = self._in_text(text)
        talked, said = self._in_talk(text)
        passage = passages or said
        wish = self._is_wish(text)
        if not passage and not wish:
            return Answer(1, "No question, option or TBD is left open.")
        reason = f"Still open: {quote(passage)}." if passage else "Nobody has said that this wish will be fulfilled."
        return Answer(1 - asked - talked - _WISH * wish, reason)

    def _is_wish(self, text: Judged) -> bool:
        """Whether it is a new feature that nobody has agreed to yet; what Scout wrote is decided by its reviewer."""
        if text.kind is not WorkKind.FEATURE or text.generated or text.reading.about(Topic.DECISION):
            return False
        return not any(_settles(said) or first(_AGREED, said.sentences) for said in text.talk)

    def _in_text(self, text: Judged) -> tuple[float, str]:
        reading = text.reading
        if reading.about(Topic.DECISION):
            return 0.0, ""
        sentences = (text.headline, *reading.sentences)
        found = [s for s in sentences if _OPEN.search(s) and not _POLITE.search(s)]
        found += [text.headline] if _OPEN_TITLE.search(text.headline) and text.headline not in found else []
        hedges = [s for s in sentences if s not in found and _HEDGED.search(s)]
        listed = [part.name for part in reading.about(Topic.QUESTIONS) if part.words]
        cost = _ONE_OPEN * bool(found or listed) + 0.1 * min(len(found) + len(listed), 5)
        cost += _ONE_HEDGE * min(len(hedges), _MAX_HEDGES)
        return cost, next(iter((*found, *listed, *hedges)), "")

    def _in_talk(self, text: Judged) -> tuple[float, str]:
        decided = max((at for at, said in enumerate(text.talk) if _settles(said)), default=-1)
        since = text.talk[decided + 1 :]
        asking = [(at, s) for at, said in enumerate(since) if (s := _asked(said))]
        if not asking:
            return 0.0, ""
        at, sentence = asking[-1]
        unanswered = at == len(since) - 1
        return (_ONE_OPEN if unanswered else _ANSWERED_COMMENT * min(len(asking), _MAX_ANSWERED)), sentence


def _settles(said: Reading) -> bool:
    return bool(said.about(Topic.DECISION)) or bool(first(_DECIDED, said.sentences))


def _asked(said: Reading) -> str:
    return next((s for s in said.sentences if _OPEN.search(s) and not _POLITE.search(s)), "")
