"""Whether the text asks for one thing."""

import re
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Addressee, Passing
from scout.readiness import Answer, Criterion, Example, Judged, Phrase, Remedy, Topic, first, quote

_UMBRELLA = Phrase(
    r"\b(?:umbrella|tracker|tracking (?:issue|ticket)|meta.?(?:issue|ticket)|epic|roadmap|master list"
    r"|wish ?list|todo list|checklist of"
    r"|multiple (?:issues|bugs|problems|improvements|features)|several (?:issues|bugs|problems|improvements|features)"
    r"|(?:a )?(?:list|collection|number) of (?:issues|bugs|improvements|features|ideas|tasks|things)"
    r"|various (?:issues|improvements|fixes)"
    r"|redesign|overhaul|rewrite)\b"
)
_PARTS = Phrase(
    r"\b(?:consists? of|comprised of|composed of|split into|divided into|made up of)\b.{0,20}"
    r"\b(?:two|three|four|five|six|several|many|\d+) (?:\w+ )?(?:components?|parts|pieces|deliverables|phases"
    r"|steps|stages"
    r"|tickets|issues|tasks|projects)\b"
)
_RELEASE = re.compile(r"^\W*(?:[A-Z][\w.-]{1,30}\s){1,3}?(?:v?\d+(?:\.\d+){0,2}|\w*\.?next)$|^\W*\w+[ .]\w+\.next$")
_MORE = Phrase(
    r"^\W*(?:also|another (?:issue|problem|thing|bug)|additionally|secondly|second|furthermore|unrelated|in addition"
    r"|on (?:a|another) (?:side|related|separate) note|while (?:we['’]re|you['’]re|at it))\b"
)
_TWO_VERBS = Phrase(r"^\W*\w+ .*(?:\band (?:add|fix|remove|update|support|improve|implement|make|refactor|rename)\b|&)")
_LISTED = re.compile(r"\w, [\w ]{2,30}, (?:and |or )?\w")
_ONLY = Phrase(r"\b(?:only|one thing|nothing else|the others?|tickets? of (?:its|their) own|separate(?:ly)?)\b")
_EXEMPT = frozenset({*Topic} - {Topic.WANTED, Topic.CURRENT, Topic.QUESTIONS})
_MANY_TASKS, _MANY_ENTRIES, _MANY_PARTS = 4, 8, 6


class OneDeliverable(Criterion):
    """The text asks for one thing that can be delivered alone.

    ## Why it matters
    A ticket with three wishes is finished when the slowest is; its parts cannot be ordered, taken or closed apart.

    ## What to do with it
    Give each further wish a ticket of its own and say in 'Scope' what belongs to this one only.

    ## Source
    INVEST (independent, small), Wake 2003; singular in ISO/IEC/IEEE 29148, 5.2.5.
    """

    id: ClassVar[str] = "one-deliverable"
    since: ClassVar[str] = "0.1.0"
    version: ClassVar[int] = 2
    gate: ClassVar[bool] = True
    weight: ClassVar[float] = 1.0
    missing: ClassVar[str] = "multiple_deliverables"
    asks: ClassVar[Addressee] = Addressee.MAINTAINER
    question: ClassVar[str] = "Which one of these is this ticket about, and which become tickets of their own?"
    remedy: ClassVar[Remedy] = Remedy(
        advice="Give every further wish a ticket of its own, and say under 'Scope' what only belongs to this one.",
        append="## Scope\n\nOnly the dates of the export; the others are tickets of their own.",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Umbrella: exports",
            "- [ ] CSV\n- [ ] JSON\n- [ ] XML\n- [ ] a page for settings\n\nAlso, the import is slow.",
            0,
            0.4,
            Passing.FAILED,
        ),
        Example("Export in UTC", "The export must write UTC.", 1, 1, Passing.PASSED),
        Example(
            "Export in UTC",
            "It must.\n\n## Acceptance criteria\n\n- [ ] a\n- [ ] b\n- [ ] c\n- [ ] d\n- [ ] e\n",
            1,
            1,
            Passing.PASSED,
        ),
    )

    def look(self, text: Judged) -> Answer:
        """Return what is left of one after every sign of a second."""
        signs = [*_in_title(text), *_in_lists(text), *_in_words(text)]
        if not signs:
            return Answer(1, "It asks for one thing.")
        score = 1 - sum(cost for cost, _ in signs)
        if scope := next((part for part in text.reading.about(Topic.SCOPE) if _ONLY.search(part.text)), None):
            return Answer(max(0.7, (1 + max(score, 0)) / 2), f"{quote(scope.name)} says what belongs to it.")
        return Answer(score, f"More than one thing: {'; '.join(sign for _, sign in signs)}.")


_Signs = Iterator[tuple[float, str]]
"""What each sign costs, and the sign in words."""


def _in_title(text: Judged) -> _Signs:
    if _RELEASE.match(text.headline):
        yield 0.55, f"the title names a whole release: {quote(text.title)}"
    if _LISTED.search(text.headline):
        yield 0.2, f"three things in the title {quote(text.title)}"
    if _TWO_VERBS.search(text.headline):
        yield 0.2, f"two verbs in the title {quote(text.title)}"


def _in_lists(text: Judged) -> _Signs:
    own = [part for part in text.reading.parts if part.topics.isdisjoint(_EXEMPT)]
    tasks = [task for part in own for task in part.tasks]
    if len(tasks) >= _MANY_TASKS:
        yield 0.5, f"{len(tasks)} tasks, such as {quote(tasks[0])}"
    elif (entries := sum(part.entries - part.numbered for part in own)) >= _MANY_ENTRIES:
        yield 0.3, f"{entries} points in lists"
    named = [part for part in own if part.name and not part.topics and part.words]
    if len(named) >= _MANY_PARTS:
        yield 0.2, f"{len(named)} parts, such as {quote(named[0].name)}"


def _in_words(text: Judged) -> _Signs:
    sentences = text.reading.sentences
    if umbrella := first(_UMBRELLA, (text.headline, *sentences[:3])):
        yield 0.4, f"it calls itself more than one: {quote(umbrella)}"
    names = (part.name for part in text.reading.parts)
    if parts := first(_PARTS, (*sentences, *names)):
        yield 0.55, f"it names its parts: {quote(parts)}"
    if more := first(_MORE, sentences):
        yield 0.2, f"it goes on: {quote(more)}"
