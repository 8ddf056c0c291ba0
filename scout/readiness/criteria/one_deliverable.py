"""Whether the text asks for one thing."""

import re
from typing import ClassVar

from scout.model import Passing
from scout.readiness import Answer, Criterion, Example, Judged, Remedy, Topic, first, quote

_UMBRELLA = re.compile(
    r"\b(?:umbrella|tracker|tracking (?:issue|ticket)|meta.?(?:issue|ticket)|epic|roadmap|master list"
    r"|wish ?list|todo list|checklist of"
    r"|multiple (?:issues|bugs|problems|improvements|features)|several (?:issues|bugs|problems|improvements|features)"
    r"|(?:a )?(?:list|collection|number) of (?:issues|bugs|improvements|features|ideas|tasks|things)"
    r"|various (?:issues|improvements|fixes)"
    r"|redesign|overhaul|rewrite)\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"^\W*(?:also|another (?:issue|problem|thing|bug)|additionally|secondly|second|furthermore|unrelated|in addition"
    r"|on (?:a|another) (?:side|related|separate) note|while (?:we['’]re|you['’]re|at it))\b",
    re.IGNORECASE,
)
_TWO_VERBS = re.compile(
    r"^\W*\w+ .*(?:\band (?:add|fix|remove|update|support|improve|implement|make|refactor|rename)\b|&)", re.IGNORECASE
)
_LISTED = re.compile(r"\w, [\w ]{2,30}, (?:and |or )?\w")
_ONLY = re.compile(
    r"\b(?:only|one thing|nothing else|the others?|tickets? of (?:its|their) own|separate(?:ly)?)\b", re.IGNORECASE
)
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
    gate: ClassVar[bool] = True
    weight: ClassVar[float] = 1.0
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
        reading = text.reading
        signs: list[tuple[float, str]] = []
        if umbrella := first(_UMBRELLA, (text.headline, *reading.sentences[:3])):
            signs.append((0.4, f"it calls itself more than one: {quote(umbrella)}"))
        own = [part for part in reading.parts if part.topics.isdisjoint(_EXEMPT)]
        tasks = [task for part in own for task in part.tasks]
        if len(tasks) >= _MANY_TASKS:
            signs.append((0.5, f"{len(tasks)} tasks, such as {quote(tasks[0])}"))
        elif (entries := sum(part.entries - part.numbered for part in own)) >= _MANY_ENTRIES:
            signs.append((0.3, f"{entries} points in lists"))
        if len(named := [part for part in own if part.name and not part.topics and part.words]) >= _MANY_PARTS:
            signs.append((0.2, f"{len(named)} parts, such as {quote(named[0].name)}"))
        if more := first(_MORE, reading.sentences):
            signs.append((0.2, f"it goes on: {quote(more)}"))
        if _LISTED.search(text.headline):
            signs.append((0.2, f"three things in the title {quote(text.title)}"))
        if _TWO_VERBS.search(text.headline):
            signs.append((0.2, f"two verbs in the title {quote(text.title)}"))
        if not signs:
            return Answer(1, "It asks for one thing.")
        score = 1 - sum(cost for cost, _ in signs)
        if scope := next((part for part in reading.about(Topic.SCOPE) if _ONLY.search(part.text)), None):
            return Answer(max(0.7, (1 + max(score, 0)) / 2), f"{quote(scope.name)} says what belongs to it.")
        return Answer(score, f"More than one thing: {'; '.join(sign for _, sign in signs)}.")
