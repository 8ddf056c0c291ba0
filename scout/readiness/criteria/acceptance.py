"""Whether 'done' can be checked."""

from typing import ClassVar

from scout.model import Addressee, Passing
from scout.readiness import Answer, Criterion, Example, Judged, Phrase, Remedy, Topic, first, quote

_CHECKED = Phrase(r"\b(?:should|must|returns?|raises?|expect(?:ed|s)?|equals?|output|exits?|passes)\b")
_FULL = 2


class Acceptance(Criterion):
    """What 'done' means can be checked: a list of facts or commands.

    ## Why it matters
    Work without a check is done when somebody says so. For work that Scout wrote this is a gate; for what people
    write it counts, but does not decide.

    ## What to do with it
    Add 'Acceptance criteria' as a task list, each line a fact that anybody can see or a command that exits with 0.

    ## Source
    INVEST (testable), Wake 2003; Scrum's Definition of Ready; verifiable in ISO/IEC/IEEE 29148, 5.2.5.
    """

    id: ClassVar[str] = "acceptance"
    since: ClassVar[str] = "0.1.0"
    gate: ClassVar[bool] = True
    weight: ClassVar[float] = 1.5
    asks: ClassVar[Addressee] = Addressee.MAINTAINER
    question: ClassVar[str] = "By which facts or commands is it seen that this is done?"
    remedy: ClassVar[Remedy] = Remedy(
        advice="Add a section 'Acceptance criteria' with a task list of facts or commands that can be checked.",
        append="## Acceptance criteria\n\n- [ ] Every row of the export has a date in UTC.\n"
        "- [ ] `pytest tests/test_export.py` passes with the server's zone set to Asia/Tokyo.",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Nicer export", "Make the export nicer.", 0, 0.3, Passing.FAILED, generated=True),
        Example(
            "Export in UTC",
            "## Acceptance criteria\n\n- [ ] `pytest tests/test_export.py` passes\n- [ ] Rows end in `Z`\n",
            1,
            1,
            Passing.PASSED,
            generated=True,
        ),
        Example("Export in UTC", "Rows must end in `Z`.", 0.3, 0.5, Passing.FAILED),
    )

    def gates(self, text: Judged) -> bool:
        """Generated work must pass; people's work is weighed."""
        return text.generated

    def look(self, text: Judged) -> Answer:
        """Return how checkable the criteria are that are there."""
        reading = text.reading
        for part in reading.about(Topic.ACCEPTANCE):
            listed = max(len(part.tasks), part.entries)
            if listed:
                return Answer(0.8 + 0.1 * min(listed, _FULL), f"{quote(part.name)} lists {listed} that can be checked.")
            return Answer(0.7, f"{quote(part.name)} is there, as running text.")
        if text.generated:
            return Answer(0, "There is no section with acceptance criteria.")
        for part in reading.about(Topic.WANTED):
            return Answer(0.55, f"{quote(part.name)} tells what to look for.")
        told = first(_CHECKED, reading.sentences)
        if told:
            return Answer(0.4, f"No list of criteria, but something to look for: {quote(told)}.")
        return Answer(0.1, "Nothing says how to tell that it is done.")
