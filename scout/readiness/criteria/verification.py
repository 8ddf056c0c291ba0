"""Whether the text says how to see that it is done."""

import re
from typing import ClassVar

from scout.model import Addressee, Passing
from scout.readiness import Answer, Criterion, Example, Judged, Phrase, Remedy, Topic, first, quote

_COMMAND = re.compile(
    r"^[ \t]*(?:\$ |>>> )|\b(?:pytest|tox|make \w+|npm (?:run|test)|yarn|cargo|go test|ctest|mvn|gradle"
    r"|python3? -m|manage\.py|curl|scout verify"
    r"|bundle exec|rspec|assert\w*)\b",
    re.MULTILINE,
)
_TEST = Phrase(r"\b(?:tests?|test case|unit ?tests?|doctest|regression test|test suite|check that|verify that)\b")


class Verification(Criterion):
    """The text says how anybody can see that the work is done: a command, a test, a thing to look at.

    ## Why it matters
    Who works alone, person or agent, needs a check that says 'not yet' before a reviewer does.

    ## What to do with it
    Add a section 'How to verify' with the commands, or the test to add and what it must show.

    ## Source
    SWE-bench annotation guide (tests decide); INVEST (testable); verifiable in ISO/IEC/IEEE 29148, 5.2.5.
    """

    id: ClassVar[str] = "verification"
    since: ClassVar[str] = "0.1.0"
    weight: ClassVar[float] = 1.0
    asks: ClassVar[Addressee] = Addressee.MAINTAINER
    question: ClassVar[str] = "With which command or test is the result checked?"
    remedy: ClassVar[Remedy] = Remedy(
        advice="Add a section 'How to verify' with commands, or the test to add and what it must show.",
        append="## How to verify\n\n```sh\npytest tests/test_export.py\n```",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Wrong zone", "The zone is wrong.", 0, 0.2, Passing.FAILED),
        Example("Wrong zone", "A test should show that rows are in UTC.", 0.4, 0.6, Passing.PASSED),
        Example("Wrong zone", "## How to verify\n\n```sh\npytest tests/test_export.py\n```\n", 1, 1, Passing.PASSED),
    )

    def look(self, text: Judged) -> Answer:
        """Return whether a part, a command or a sentence gives a check."""
        reading = text.reading
        for part in reading.about(Topic.VERIFICATION):
            return Answer(1, f"{quote(part.name)} gives a check.")
        commands = first(_COMMAND, (*reading.code_spans, *(code.text for code in reading.codes)))
        if commands:
            return Answer(0.7, f"There is something to run: {quote(commands.strip().splitlines()[0])}.")
        if reading.about(Topic.STEPS) and reading.about(Topic.WANTED):
            return Answer(0.7, "The steps can be repeated and the result compared with what is expected.")
        told = first(_TEST, reading.sentences)
        return Answer(0.5, f"A test is spoken of: {quote(told)}.") if told else Answer(0.1, "Nothing gives a check.")
