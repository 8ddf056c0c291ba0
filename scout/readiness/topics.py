"""What a heading or a label promises: the words that people and issue forms use for the same thing."""

import re
from enum import StrEnum
from functools import lru_cache


class Topic(StrEnum):
    """What a part of a ticket is about."""

    CURRENT = "current state"
    WANTED = "wanted outcome"
    STEPS = "steps"
    ACTUAL = "actual result"
    ENVIRONMENT = "environment"
    ACCEPTANCE = "acceptance criteria"
    WHY = "why it matters"
    SCOPE = "scope"
    EVIDENCE = "evidence"
    LOCATION = "location"
    CAUSE = "cause"
    VERIFICATION = "how to verify"
    SIZE = "size"
    DECISION = "decision"
    QUESTIONS = "open questions"
    REFERENCES = "references"


_WORDS: dict[Topic, str] = {
    Topic.CURRENT: r"current|description|summary|problem|background|describe the (?:bug|issue|problem)|^bug|"
    r"what is seen|what'?s wrong|as.is|symptoms?|is your feature request related|details",
    Topic.WANTED: r"expected|desired|wanted|goals?$|outcome|propos(?:al|ed)|solution|what (?:you|i|we) "
    r"(?:want|would like)"
    r"|suggest(?:ed|ion)|to.be$|(?<!your )feature (?:description|request)|describe the (?:solution|feature)|should",
    Topic.STEPS: r"steps|reproduc|repro\b|replicat|test ?case|minimal|example|sample code|code sample",
    Topic.ACTUAL: r"actual|observed|what happen|current (?:behaviou?r|output|result)|^results?$"
    r"|traceback|error|stack ?trace",
    Topic.ENVIRONMENT: r"environment|versions?\b|platform|system (?:info|details)|operating system"
    r"|^os\b|setup$|configuration$",
    Topic.ACCEPTANCE: r"acceptance|done when|definition of done|criteria|requirements?$|success",
    Topic.WHY: r"\bwhy\b|motivation|rationale|benefits?|impact|use.?case|user story|reasons?$|value$|significance",
    Topic.SCOPE: r"scope|non.?goals?|not included|limitations?",
    Topic.EVIDENCE: r"evidence|screenshots?|logs?\b|output|debug|what is seen where|where it is seen",
    Topic.LOCATION: r"\bwhere\b|location|affected|files?$|component|relevant code|pointers?",
    Topic.CAUSE: r"cause|analysis|diagnos|explanation",
    Topic.VERIFICATION: r"verif|how to (?:test|check)|test plan|tests?$|testing|validation|^qa\b",
    Topic.SIZE: r"^size|estimate|effort|story points",
    Topic.DECISION: r"decision|decided|conclusion|resolution|agreed",
    Topic.QUESTIONS: r"open (?:questions?|issues?)|questions?$|undecided|to be (?:decided|discussed)|\btbd\b"
    r"|alternatives(?!.{0,10}consider)"
    r"|options$"
    r"|possible (?:solutions|approaches|fixes)|discussion|considerations",
    Topic.REFERENCES: r"references?|linked|related|links?$|see also|additional context|further reading",
}
_PATTERNS = {topic: re.compile(words) for topic, words in _WORDS.items()}


@lru_cache(maxsize=8192)
def topics(label: str) -> frozenset[Topic]:
    """Return what a heading or label promises; nothing when its words are not known."""
    bare = label.strip().strip(":.?!*_").lower()
    return frozenset(topic for topic, pattern in _PATTERNS.items() if pattern.search(bare))
