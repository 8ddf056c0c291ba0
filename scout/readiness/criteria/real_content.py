"""Whether there is a text at all."""

from typing import ClassVar

from scout.model import Passing
from scout.readiness import Answer, Criterion, Example, Judged, Remedy, quote
from scout.readiness.reading import count_words

_FULL = 40
"""Words of prose that are enough for a full score: two or three sentences."""
_WORDS_PER_CODE_LINE, _WORDS_PER_PICTURE = 3, 5


class RealContent(Criterion):
    """The body says something in its author's own words.

    ## Why it matters
    A title alone leaves the reader to guess. Empty descriptions and untouched form fields are the commonest reason
    for sending a ticket back.

    ## What to do with it
    Write two or three sentences: what there is, what there should be, and where. Headings, quotes, HTML comments and
    'N/A' do not count; code, logs and pictures count a little, and so does the title beside a body.

    ## Source
    Bettenburg et al., 'What makes a good bug report?' (FSE 2008): incomplete information is the problem developers
    name first. Scrum's Definition of Ready.
    """

    id: ClassVar[str] = "real-content"
    since: ClassVar[str] = "0.1.0"
    version: ClassVar[int] = 2
    gate: ClassVar[bool] = True
    weight: ClassVar[float] = 1.0
    bar: ClassVar[float] = 0.3
    missing: ClassVar[str] = "content"
    question: ClassVar[str] = "What is this about: what is the case, and what should be?"
    remedy: ClassVar[Remedy] = Remedy(
        advice="Write two or three sentences of your own: what there is, what there should be, and where.",
        append="The report of one month is opened from the list of reports. It shows the totals of the month before "
        "when the month is changed twice within a second. It should show the totals of the month that is chosen, "
        "and the list should keep its place.",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Support tags with another media type",
            "### What happened\n\n_No response_\n\n<!-- Please describe -->\n",
            0,
            0.1,
            Passing.FAILED,
        ),
        Example(
            "Totals are of the wrong month",
            "When the month is changed twice within a second, the report shows the totals of the month before. "
            "It should show those of the month that is chosen, whatever the order in which the answers arrive. "
            "The list of reports already does this with a counter of requests.",
            0.9,
            1,
            Passing.PASSED,
        ),
    )

    def look(self, text: Judged) -> Answer:
        """Return the share of a few sentences that is there."""
        reading = text.reading
        lines = sum(len(code.text.splitlines()) for code in reading.codes)
        own = reading.words + min(lines * _WORDS_PER_CODE_LINE + reading.pictures * _WORDS_PER_PICTURE, _FULL // 2)
        words = own + min(count_words(text.title), own)
        if not own:
            return Answer(0, f"The body has no words beside the title {quote(text.title)}.")
        return Answer(words / _FULL, f"The body has {reading.words} words of its own and {lines} lines of code.")
