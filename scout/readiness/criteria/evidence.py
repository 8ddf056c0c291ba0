"""Whether the text shows what it claims."""

import re
from typing import ClassVar

from scout.model import Passing
from scout.readiness import Answer, Criterion, Example, Judged, Remedy
from scout.text.tree import Quote, walk

_TRACE = re.compile(
    r"Traceback|^[ \t]+(?:at |File \")|\b\w*(?:Error|Exception)\b|\b(?:error|fatal|panic|warning)\b|^\$ |>>> ",
    re.MULTILINE | re.IGNORECASE,
)
_LOCATOR = re.compile(r"(?<![\w./-])[\w./-]{1,200}\.\w{1,6}:\d+|/blob/[\w.-]{1,80}/\S|\.\w{1,5}#L\d+")


class EvidenceShown(Criterion):
    """The text shows what it claims: code, output, a picture or a passage that can be opened.

    ## Why it matters
    What is shown can be compared with what is there; what is only claimed has to be found again first.

    ## What to do with it
    Quote the code, the output or the log in a fenced block, with the place it is from.

    ## Source
    Bettenburg et al. (FSE 2008): stack traces, code examples and screenshots; OpenSSF Scorecard (finding and location).
    """

    id: ClassVar[str] = "evidence"
    since: ClassVar[str] = "0.1.0"
    weight: ClassVar[float] = 1.5
    question: ClassVar[str] = "What exactly was seen: the message, the output, the values?"
    remedy: ClassVar[Remedy] = Remedy(
        advice="Quote the code, the output or the log in a fenced block, with the place it is from.",
        append="Seen at `app/export.py:41`:\n\n```text\n$ scout-demo export\nerror: 2026-03-01T09:00+09:00\n```",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Wrong zone", "The zone is wrong.", 0, 0.2, Passing.FAILED),
        Example(
            "Wrong zone",
            "See `app/export.py:41`:\n\n```\n$ demo export\nerror: bad zone\n```\n",
            1,
            1,
            Passing.PASSED,
        ),
    )

    def look(self, text: Judged) -> Answer:
        """Return how much is shown."""
        reading = text.reading
        blocks = [code for code in reading.codes if code.text.strip()]
        shown = {
            "code": 0.5 if blocks else 0.0,
            "output": 0.3 if any(_TRACE.search(code.text) for code in blocks) else 0.0,
            "a place": 0.3 if self._placed(text) else 0.0,
            "inline code": 0.25 if reading.code_spans else 0.0,
            "a picture": 0.3 if reading.pictures else 0.0,
            "a quotation": 0.25 if any(isinstance(b, Quote) for b in walk(text.document.blocks)) else 0.0,
            "more code": 0.1 if len(blocks) > 1 else 0.0,
        }
        there = [name for name, worth in shown.items() if worth]
        if not there:
            return Answer(0.1, "Nothing is shown: no code, output, picture or passage.")
        return Answer(0.1 + sum(shown.values()), f"Shown: {', '.join(there)}.")

    @staticmethod
    def _placed(text: Judged) -> bool:
        spans = (span.target or span.text for span in text.reading.spans)
        return any(_LOCATOR.search(one) for one in (*spans, text.reading.prose))
