"""Whether the text says with what it was seen."""

import re
from typing import ClassVar

from scout.model import Passing, WorkKind
from scout.readiness import Answer, Criterion, Example, Judged, Remedy, Topic, quote

_VERSION = re.compile(r"\bv?\d+\.\d+(?:\.\d+)*(?:[-.]?(?:rc|a|b|dev|alpha|beta)\.?\d*)?\b")
_REVISION = re.compile(
    r"\b(?:on|in|of|at|from|against|with) (?:the )?(?:current |latest |git )?(?:master|main|trunk|HEAD|nightly"
    r"|develop)\b|\b[0-9a-f]{9,40}\b"
)
_SYSTEM = re.compile(
    r"\b(?:Windows|macOS|OS X|Linux|Ubuntu|Debian|Fedora|Android|iOS|Docker|Python|Node(?:\.js)?|Java|Ruby|Go"
    r"|Chrome|Firefox|Safari"
    r"|PostgreSQL|Postgres|MySQL|SQLite)\b"
)


class Environment(Criterion):
    """A defect is told with the versions and the system it was seen on.

    ## Why it matters
    Half of what cannot be reproduced is seen on another version.

    ## What to do with it
    Add a section 'Environment': version or commit, operating system, what else has a part in it.

    ## Source
    Bettenburg et al. (FSE 2008): version and operating system are among the parts that reporters can give easily.
    """

    id: ClassVar[str] = "environment"
    since: ClassVar[str] = "0.1.0"
    weight: ClassVar[float] = 0.75
    kinds: ClassVar[frozenset[WorkKind | None]] = frozenset({WorkKind.BUG})
    question: ClassVar[str] = "Which version, and on which system?"
    remedy: ClassVar[Remedy] = Remedy(
        advice="Add a section 'Environment': version or commit, operating system, and what else has a part in it.",
        append="## Environment\n\nVersion 2.3.1, Python 3.12.4, Debian 12.5.",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example("Wrong zone", "The zone is wrong.", 0, 0.2, Passing.FAILED, kind=WorkKind.BUG),
        Example("Wrong zone", "The zone is wrong in 2.3.1.", 0.6, 0.8, Passing.PASSED, kind=WorkKind.BUG),
        Example("Wrong zone", "## Environment\n\n2.3.1 on Debian 12.5\n", 1, 1, Passing.PASSED, kind=WorkKind.BUG),
        Example("Dark theme", "It should be dark.", 0, 0, Passing.NOT_APPLICABLE, kind=WorkKind.FEATURE),
    )

    def look(self, text: Judged) -> Answer:
        """Return whether versions and systems are named."""
        reading = text.reading
        for part in reading.about(Topic.ENVIRONMENT):
            return Answer(1, f"{quote(part.name)} is filled in.")
        passages = (text.title, reading.prose, *reading.code_spans, *(code.text for code in reading.codes))
        versions = [
            match.group() for passage in passages if (match := _VERSION.search(passage) or _REVISION.search(passage))
        ]
        system = next((match.group() for passage in passages if (match := _SYSTEM.search(passage))), "")
        named = [*versions[:1], *([system] if system else [])]
        if not named:
            return Answer(0.1, "No version and no system is named.")
        return Answer(0.1 + 0.6 * bool(versions) + 0.2 * bool(system), f"It names {', '.join(map(quote, named))}.")
