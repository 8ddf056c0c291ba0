"""Whether something is still to be decided."""

import re
from itertools import islice
from typing import ClassVar

from scout.model import Addressee, Passing, WorkKind
from scout.readiness import Answer, Criterion, Example, Judged, Phrase, Reading, Remedy, Topic, first, quote

_OPEN = Phrase(
    r"[?？؟][\"')\]]*$"
    r"|\b(?:tbd|to be (?:decided|determined|discussed|defined|confirmed)|undecided|open question"
    r"|needs? (?:a )?(?:discussion|decision|consensus)"
    r"|(?:not|n['’]t) (?:really |quite |entirely |fully |100% )?(?:sure|certain|clear|know) (?:if|whether|how"
    r"|what|which|why|where|about)"
    r"|unsure|unclear (?:if|whether|how|what|which)|wonder(?:ing)? (?:if|whether|how|what|why)"
    r"|any (?:thoughts|opinions?|ideas|preferences?|suggestions|feedback)|what do you think|your (?:thoughts|opinion)"
    r"|one (?:option|possibility|approach|way|solution|idea) (?:is|would|could|might)|another (?:option"
    r"|possibility|approach|way|solution|idea)"
    r"|possible (?:solutions|approaches|options|fixes)|some (?:ways|options) to|(?:there are|we have|i see)"
    r" (?:two|three|several|multiple|some|a few|various) (?:possible )?(?:options|possibilities|approaches"
    r"|alternatives|ways)"
    r"|option (?:1|a|one)\b|(?:should|could|must|we) (?:\w+ )?either\b.{3,80}\bor\b|let me know (?:if|what"
    r"|whether)|brainstorm|rfc\b(?!\s*\d)"
    r"|decide (?:if|whether|on|what|how|which)"
    r"|(?:need|have|ought)s? to (?:investigate|figure out|find out|explore|decide|discuss|think (?:about|through))"
    r"|to be investigated|up for (?:debate|discussion)|open (?:to|for) (?:suggestions?|discussion|ideas)"
    r"|should we|shall we|do we (?:want|need)|would it (?:be (?!possible)|make)|is it (?:intended|worth))\b"
)
_OPEN_TITLE = Phrase(
    r"^\W*(?:\[?(?:consider|discuss|explore|evaluate|investigate|research|proposal|idea|spike))\b|\b(?:discussion"
    r"|brainstorm\w*|rfc)\b"
)
_AGREED = Phrase(
    r"\b(?:agreed|i agree|concept ack|ack|makes sense|sounds good|good idea|confirmed|i can confirm"
    r"|can reproduce|pull request"
    r"|pr(?:s)? (?:is |are )?welcome|we (?:will|should)|accepted|approved|planned)\b"
)
_HEDGED = Phrase(
    r"\b(?:maybe|perhaps|alternatively|or (?:maybe|perhaps|just|we could)|(?:we|one|you) (?:could|might|may)"
    r"|could (?:also|perhaps|be)|might be (?:better|worth|good|nice|useful|an?)"
    r"|may be (?:better|worth|good|useful)|i (?:think|guess|suppose|feel|believe)|probably|it would be (?:nice"
    r"|great|cool|good|awesome|helpful|useful)"
    r"|would be (?:nice|great|cool|good|awesome|helpful|useful)|consider|things to|ideally|imho|not sure"
    r"|unclear|possibly|potentially|feature request|investigate|idea)\b"
)
_AGAINST = Phrase(
    r"\b(?:i (?:still )?(?:disagree|do(?:n['’]t| not) (?:agree|like|see (?:any|the|a|how|why|much)|think (?:we|it|this"
    r"|that) (?:should|is|would|makes)))|nack|not convinced|(?:strongly |very much )?against (?:this|it|that)"
    r"|i(?:['’]d| would) (?:rather|prefer|be in favou?r|suggest|propose|argue|expect the opposite)"
    r"|(?:seems|is|would be) (?:easier|simpler|better) to (?:just )?\w+|a (?:policy|design) decision"
    r"|not (?:in favou?r|a fan)|(?:bad|terrible) idea|makes no sense|does(?:n['’]t| not) make sense"
    r"|(?:i think|maybe|perhaps) (?:we|it|this|that|a|an|the) .{0,40}(?:should|could|might|better|instead)"
    r"|instead,? (?:we|it|one)|(?:we|one) could|how about|the alternative|(?:on )?my (?:roadmap|radar)"
    r"|(?:we )?(?:might|may) (?:be )?consider(?:ing)?|keep (?:this|it) on (?:my|the|our) (?:radar|list))\b"
)
_DECIDED = Phrase(r"^\W*(?:decision|decided|agreed|resolution)\b\s*[:—-]")
_POLITE = Phrase(
    r"\b(?:pull request|a pr|a patch|happy to|willing to|contribute|work on (?:this|it|that)|assign"
    r"|any (?:updates?|news|progress|eta)"
    r"|thanks|thank you|can i|may i|could you (?:please )?(?:assign|review|take))\b"
)
_NICE = Phrase(
    r"\b(?:would|could|might) be (?:(?:a|very|really|quite) )?(?:nice|great|cool|good|awesome|helpful|useful"
    r"|valuable|handy"
    r"|convenient|minor|interesting)\b|\b(?:nice to have|i wish|feature request|minor (?:ux )?improvement)\b"
)
"""A wish that its author leaves open themselves."""
_ASIDE = Phrase(
    r"\b(?:other|earlier|older|previous|which) (?:\w+ )?(?:versions?|platforms?|systems?|browsers?|classes|places"
    r"|cases)\b"
    r"|\bthe same (?:can|could|might|may|happens|applies|is true)|\bexists? (?:on|for|in)\b"
    r"|\b(?:if|whether) (?:this|it) (?:also |only )?(?:affects|happens|applies|occurs|exists)\b"
    r"|,? right\s*\?$|^\W*(?:would it be possible|is it possible|is there (?:a|any) (?:reason|way)|(?:could"
    r"|can) (?:we|you)"
    r" (?:please )?(?:add|have|support|allow|make|provide|fix|include))\b"
)
"""Doubts about how far something reaches, and requests in the form of a question: no decision hangs on them."""
_CODE_SIGN = re.compile(r"[={}\\]|\w\(|->|::|!=|\bself\.")
_CODE_SIGNS = 3
_ONE_OPEN, _ONE_HEDGE, _MAX_OPEN, _MAX_HEDGES = 0.55, 0.1, 5, 4
_ANSWERED_COMMENT, _MAX_ANSWERED = 0.1, 3
_OPINION, _MAX_OPINIONS = 0.15, 3
_WISH, _NICETY = 0.15, 0.35
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
    version: ClassVar[int] = 2
    weight: ClassVar[float] = 3.0
    missing: ClassVar[str] = "open_decision"
    asks: ClassVar[Addressee] = Addressee.OWNER
    question: ClassVar[str] = "Will this be done, and in which of the ways that are named?"
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
        nicety = wish and first(_NICE, text.reading.sentences)
        return Answer(1 - asked - talked - _WISH * wish - _NICETY * bool(nicety), reason)

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
        found = list(islice((s for s in sentences if _is_open(s)), _MAX_OPEN))
        found += [text.headline] if _OPEN_TITLE.search(text.headline) and text.headline not in found else []
        hedging = (s for s in sentences if s not in found and (_HEDGED.search(s) or _ASIDE.search(s)))
        hedges = list(islice(hedging, _MAX_HEDGES))
        listed = [part.name for part in reading.about(Topic.QUESTIONS) if part.words]
        cost = _ONE_OPEN * bool(found or listed) + 0.1 * min(len(found) + len(listed), _MAX_OPEN)
        cost += _ONE_HEDGE * len(hedges)
        return cost, next(iter((*found, *listed, *hedges)), "")

    def _in_talk(self, text: Judged) -> tuple[float, str]:
        decided = next((at for at in reversed(range(len(text.talk))) if _settles(text.talk[at])), -1)
        since = text.talk[decided + 1 :]
        asking = [(at, s) for at, said in enumerate(since) if (s := _asked(said))]
        told = (s for said in reversed(since) if (s := first(_AGAINST, said.sentences)))
        opinions = list(islice(told, _MAX_OPINIONS))
        cost = _OPINION * len(opinions)
        if not asking:
            return cost, next(iter(opinions), "")
        at, sentence = asking[-1]
        unanswered = at == len(since) - 1
        asked = _ONE_OPEN if unanswered else _ANSWERED_COMMENT * min(len(asking), _MAX_ANSWERED)
        return max(asked, asked / 2 + cost), sentence


def _settles(said: Reading) -> bool:
    return bool(said.about(Topic.DECISION)) or bool(first(_DECIDED, said.sentences))


def _asked(said: Reading) -> str:
    return next((s for s in said.sentences if _is_open(s)), "")


def _is_open(sentence: str) -> bool:
    """Whether a sentence asks for a decision; code without a fence around it asks for nothing."""
    if not _OPEN.search(sentence) or _POLITE.search(sentence) or _ASIDE.search(sentence):
        return False
    return len(_CODE_SIGN.findall(sentence)) < _CODE_SIGNS
