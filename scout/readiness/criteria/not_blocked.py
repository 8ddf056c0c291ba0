"""Whether it can start now."""

import re
from typing import ClassVar

from scout.model import Passing
from scout.readiness import Answer, Criterion, Example, Judged, Reading, Remedy, first, quote

_WAITING = re.compile(
    r"\b(?:blocked (?:by|on|until)|waiting (?:for|on)|depends on (?:#|the (?:release|merge)|[A-Z]+-\d|https?:)"
    r"|(?:once|after|until|when) (?:#\d+|[A-Z]+-\d+|this|that|it|the \w+|https?://\S+) (?:is|has been|gets?"
    r"|lands?) (?:merged|released|fixed|done|landed|resolved|available|decided)"
    r"|not (?:yet )?(?:merged|released|available upstream)|needs? (?:an )?upstream|on hold|postponed|put off)\b",
    re.IGNORECASE,
)
_IN_WORK = re.compile(
    r"^\W*PRs?\b\W{0,3}(?:https?://|#\d)|^https?://\S+/(?:pull|merge_requests)/\d+(?!\S*#)\S*$|\b(?:opened"
    r"|created|submitted|sent|made|have|has) (?:an? |the )?(?:\w+ )?(?:PR|pull request|patch)\b"
    r"|\b(?:i['’]?m|i am|i['’]ve been|i['’]ll be) working on\b|\bin progress\b",
    re.IGNORECASE,
)
_ASKED_BACK = re.compile(
    r"\b(?:(?:could|can|would) you (?:please )?(?:provide|share|try|confirm|test|post|attach|check|give|add"
    r"|clarify|elaborate|explain)"
    r"|please (?:provide|share|attach|try|confirm|test|post|clarify|add)|more info(?:rmation)?|(?:unable"
    r"|not able|can['’]?t|cannot|couldn['’]t) (?:to )?reproduce"
    r"|need(?:s|ed)? (?:more )?(?:info|details|a test case|a reproducible)|reproducible (?:sample|test"
    r"|example)|steps to reproduce\?"
    r"|i (?:asked|would ask|requested))\b",
    re.IGNORECASE,
)
_ASKED, _WAITS, _TAKEN = "Asked back and not answered", "It waits", "Somebody is at work on it"
_FREE = re.compile(r"^\W*(?:unblocked|no longer blocked|nothing blocks|can start)\b", re.IGNORECASE)


class NotBlocked(Criterion):
    """Nothing that is still open has to happen first.

    ## Why it matters
    Blocked work that looks ready is taken, put down and taken again; each time somebody reads it all.

    ## What to do with it
    Finish or unlink what blocks it, answer what was asked back, or say 'Unblocked: …' when it no longer waits.

    ## Source
    Definition of Ready (no unmet dependencies); INVEST (independent); Kanban's explicit blocking.
    """

    id: ClassVar[str] = "not-blocked"
    since: ClassVar[str] = "0.1.0"
    gate: ClassVar[bool] = True
    weight: ClassVar[float] = 2.0
    remedy: ClassVar[Remedy] = Remedy(
        advice="Finish or unlink what blocks it, answer what was asked, and write 'Unblocked: …' as the last word.",
        append="Unblocked: what it waited for is there.",
        comment="Unblocked: what it waited for is there.",
        unblock=True,
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Export in UTC", "It must write UTC.", 0, 0.2, Passing.FAILED, blocked_by=("17",)),
        Example("Export in UTC", "It must write UTC.", 1, 1, Passing.PASSED),
        Example("Export in UTC", "Blocked by the new release of the library.", 0, 0.4, Passing.FAILED),
        Example(
            "Export in UTC",
            "It must write UTC.",
            0,
            0.4,
            Passing.FAILED,
            comments=("I cannot reproduce it. Could you share a sample?",),
        ),
    )

    def look(self, text: Judged) -> Answer:
        """Return whether links, text or the last comments say that it waits."""
        if text.blocked_by:
            return Answer(0, f"Open and to be finished first: {', '.join(text.blocked_by)}.")
        reading = text.reading
        freed = first(_FREE, reading.sentences)
        if held := _held_in_talk(text.talk):
            return held
        if freed:
            return Answer(1, f"It no longer waits: {quote(freed)}.")
        return _held(reading, ((_IN_WORK, 0.4, _TAKEN), (_WAITING, 0.4, _WAITS))) or Answer(1, "Nothing says it waits.")


def _held_in_talk(talk: tuple[Reading, ...]) -> Answer | None:
    """Return what holds it by the comments since it was freed; only the last one asks or waits still."""
    freed = max((at for at, said in enumerate(talk) if first(_FREE, said.sentences)), default=-1)
    since = talk[freed + 1 :]
    if since and (held := _held(since[-1], ((_ASKED_BACK, 0.3, _ASKED), (_WAITING, 0.3, _WAITS)))):
        return held
    return next((held for said in reversed(since) if (held := _held(said, ((_IN_WORK, 0.4, _TAKEN),)))), None)


def _held(reading: Reading, signs: tuple[tuple[re.Pattern[str], float, str], ...]) -> Answer | None:
    for pattern, score, told in signs:
        if found := first(pattern, reading.sentences):
            return Answer(score, f"{told}: {quote(found)}.")
    return None
