"""Whether it can start now."""

from typing import ClassVar

from scout.model import Addressee, Passing
from scout.readiness import Answer, Criterion, Example, Judged, Phrase, Reading, Remedy, first, quote

_WAITING = Phrase(
    r"^\W*(?:still )?waiting (?:for|on)\b|\bwe(?: are|['’]re)(?: still)? waiting (?:for|on)\b"
    r"|\bwaiting (?:for|on) (?:\S+ ){0,4}(?:#\d|[a-z]+-\d|https?:|(?:releases?|upstream|merged?"
    r"|decisions?|reviews?|approval|answers?|reply|feedback|designs?"
    r"|confirmation|sign-?off|legal|vendor|owner|maintainers?)\b)"
    r"|\b(?:blocked (?:by|on|until)|depends on (?:#|the (?:release|merge)|[a-z]+-\d|https?:)"
    r"|(?:once|after|until|when) (?:#\d+|[a-z]+-\d+|this|that|it|the \w+|https?://\S+) (?:is|has been|gets?"
    r"|lands?) (?:merged|released|fixed|done|landed|resolved|available|decided)"
    r"|not (?:yet )?(?:merged|released|available upstream)|needs? (?:an )?upstream|on hold|postponed|put off)\b"
)
_IN_WORK = Phrase(
    r"^\W*(?:prs?|pull requests?|patch|fix)\b[^.?!]{0,40}?(?:https?://|#\d+\W*$)"
    r"|^(?!.*\b(?:see|similar|related|like|since|introduced|after|caused|merged|from|duplicate)\b)"
    r"\W*(?:[\w'’]+\W+){0,12}https?://\S+/(?:pull|pull-requests|merge_requests)/\d+(?!\S*#)\S*\W*$"
    r"|\b(?:opened|created|submitted|sent|made|have|has) (?:an? |the )?(?:\w+ )?(?:pr|pull request|patch)\b"
    r"|\bmind (?:testing|reviewing)\b.{0,10}(?:https?://|#\d)"
    r"|\b(?:i['’]?m|i am|i['’]ve been|i['’]ll be) working on (?:this|it|that|a (?:fix|patch|pr))\b|\bin progress\b"
)
_LANDED = Phrase(
    r"\b(?:merged|landed|abandoned|reverted|verified|approved|works? as expected|closing (?:this|as|it|ticket))\b"
    r"|\b(?:pr|pull request|patch)\b.{0,40}\bclosed\b"
    r"|\bclosing\W*$|\b(?:fixed|done|resolved|included|available|released) (?:in|by|with|as|on|and)\b"
)
_ASKED_BACK = Phrase(
    r"\b(?:(?:could|can|would) you (?:please )?(?:provide|share|try|confirm|test|post|attach|check|give|add|tell"
    r"|clarify|elaborate|explain|describe)"
    r"|please (?:can you |could you )?(?:provide|share|attach|try|confirm|test|post|clarify|add|describe|explain"
    r"|let (?:us|me) know)"
    r"|(?:more|extra|additional|further) (?:info(?:rmation)?|details|context)"
    r"|(?:unable|not able|can['’]?t|cannot|couldn['’]t|could not) (?:to )?reproduce"
    r"|need(?:s|ed)? (?:more )?(?:info|details|a test case|a reproducible)|reproducible (?:sample|test"
    r"|example)|steps to reproduce\?"
    r"|(?:is|are) (?:this|the|it|you) (?:\w+ )?still (?:\w+ing\b|there|an? |relevant|valid|reproducible|the case)"
    r"|do you still|(?:did|have) you (?:tr(?:y|ied)|follow(?:ed)?|manage[d]?|check(?:ed)?|test(?:ed)?)"
    r"|wh(?:at|ich) (?:version|platform|device|browser|sdk)\b.{0,60}\?"
    r"|i (?:asked|would ask|requested))(?!\w)"
)
_ASKED, _WAITS, _TAKEN = "Asked back and not answered", "It waits", "Somebody is at work on it"
_FREE = Phrase(r"^\W*(?:unblocked|no longer blocked|nothing blocks|can start)\b")


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
    version: ClassVar[int] = 2
    weight: ClassVar[float] = 2.0
    missing: ClassVar[str] = "blocked"
    asks: ClassVar[Addressee] = Addressee.MAINTAINER
    question: ClassVar[str] = "What does this still wait for, and is it there by now?"
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
        Example("Export in UTC", "It must write UTC. This is waiting for a decision.", 0, 0.4, Passing.FAILED),
        Example("Export in UTC", "The export hangs, waiting for the page to load.", 1, 1, Passing.PASSED),
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
    """Return what holds it by the comments since it was freed.

    Only the last one asks or waits still; work goes on until a later one says that it has landed.
    """
    freed = _last(_FREE, talk)
    since = talk[freed + 1 :]
    if since and (held := _held(since[-1], ((_ASKED_BACK, 0.3, _ASKED), (_WAITING, 0.3, _WAITS)))):
        return held
    going = talk[max(freed, _last(_LANDED, talk)) + 1 :]
    return next((held for said in reversed(going) if (held := _held(said, ((_IN_WORK, 0.4, _TAKEN),)))), None)


def _last(pattern: Phrase, talk: tuple[Reading, ...]) -> int:
    """Return which comment was the last to say it, from 0; -1 where none did."""
    return next((at for at in reversed(range(len(talk))) if first(pattern, talk[at].sentences)), -1)


def _held(reading: Reading, signs: tuple[tuple[Phrase, float, str], ...]) -> Answer | None:
    for pattern, score, told in signs:
        if found := first(pattern, reading.sentences):
            return Answer(score, f"{told}: {quote(found)}.")
    return None
