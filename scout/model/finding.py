"""What scouts see: evidence, findings, and how a scout's look ended."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from pydantic import Field, computed_field

from scout.model._base import Frozen, digest


class Outcome(StrEnum):
    """How a look ended. Missing data is `unavailable`, never `absent`."""

    PRESENT = "present"
    ABSENT = "absent"
    UNAVAILABLE = "unavailable"
    NOT_APPLICABLE = "not_applicable"
    ERROR = "error"


class EvidenceKind(StrEnum):
    """What a locator points at."""

    FILE = "file"
    COMMIT = "commit"
    TICKET = "ticket"
    CHANGE = "change"
    RUN = "run"
    METRIC = "metric"


class Visibility(StrEnum):
    """Who may see a project, and with it what stands in it."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PRIVATE = "private"

    def shows(self, other: "Visibility") -> bool:
        """Whether every reader of a project like this one may see what stands in another project, like `other`.

        Two private projects may have different readers.
        """
        return other is Visibility.PUBLIC or (other is Visibility.INTERNAL and self is not Visibility.PUBLIC)


class Evidence(Frozen):
    """Something that anybody can open, and what was seen there.

    Attributes:
        kind: what the locator points at.
        locator: `path:line` or `path` for a file, a full SHA for a commit, the key of a ticket, of a change (pull
            request) or of a CI run, a metric with its query.
        project: the project it stands in, where that is not the finding's own.
        seen: what stands there, short, as it was read (one line, at most 300 characters).
        sha: the commit at which it was resolved; empty where that has no meaning.
        resolved: whether code opened the locator at that commit and found what is said.
    """

    kind: EvidenceKind
    locator: Annotated[str, Field(min_length=1)]
    seen: str
    project: str = ""
    sha: str = ""
    resolved: bool = False

    @property
    def path(self) -> str:
        """The file's path without the line, for a file."""
        head, colon, tail = self.locator.rpartition(":")
        return head if colon and tail.isdecimal() else self.locator

    @property
    def line(self) -> int | None:
        """The line, counted from 1, where the locator names one."""
        _, colon, tail = self.locator.rpartition(":")
        return int(tail) if colon and tail.isdecimal() and self.kind is EvidenceKind.FILE else None


class WorkKind(StrEnum):
    """What kind of work a ticket or candidate asks for."""

    BUG = "bug"
    FEATURE = "feature"
    CHORE = "chore"
    DOCS = "docs"
    TESTS = "tests"
    HOUSEKEEPING = "housekeeping"


class Story(Frozen):
    """A scout's own words about one finding: what a drafter composes an issue from. Plain text or inline Markdown.

    Attributes:
        title: an imperative sentence that names the subject, at most 90 characters, no full stop.
        current: what is the case now, and where; complete sentences.
        why: why it matters to whom; complete sentences.
        wanted: what is the case when the work is done; complete sentences.
        acceptance: facts or commands that can be checked, one a line (`scout verify` is added by the drafter).
        tests: tests to add or change, by path where it is known; empty where no test makes sense.
        scope: what belongs to the work.
        non_goals: what does not, though one might think so.
        risks: what could go wrong while doing it.
        size: S (under two hours), M (under a day), L (more: should be split).
    """

    title: Annotated[str, Field(min_length=1)]
    current: str
    why: str
    wanted: str
    acceptance: tuple[str, ...]
    tests: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    non_goals: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    size: Annotated[str, Field(pattern="^[SML]$")] = "S"


IN_LINE = "are offered first"
"""How the reason ends of a finding that is not offered because others come before it."""


def own_files(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """Return the files of the project itself that evidence stands in, each once, in its order."""
    own = (one.path for one in evidence if one.kind is EvidenceKind.FILE and not one.project)
    return tuple(dict.fromkeys(own))


class Finding(Frozen):
    """One occurrence of a signal about one subject, at one commit.

    Attributes:
        signal: id of the scout that saw it.
        subject: what it is about, for a reader: a path, a name; `.` is the repository as a whole. No line numbers.
        identity: what makes the subject the same thing tomorrow (survives moved lines and renamed files);
            the subject itself where nothing better is known.
        severity: 3 breaks or will break something people rely on, 2 misleads or costs time regularly, 1 is a nuisance.
        evidence: at least one locator, the most telling first; one finding may have many of the same cause.
        score: 0..1, how sure and how telling: orders findings of equal severity.
        offered: whether it survives grouping, caps and ranking.
        because: why it is not offered; empty when it is.
    """

    signal: str
    subject: Annotated[str, Field(min_length=1)]
    identity: str = ""
    severity: Annotated[int, Field(ge=1, le=3)]
    kind: WorkKind
    outcome: Outcome = Outcome.PRESENT
    story: Story
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1)]
    score: Annotated[float, Field(ge=0, le=1)] = 0.5
    offered: bool = True
    because: str = ""

    @property
    def in_line(self) -> bool:
        """Whether it is not offered only because others of this look come before it."""
        return not self.offered and self.because.endswith(IN_LINE)

    @computed_field
    @property
    def fingerprint(self) -> str:
        """Stable identity across runs: signal and subject, never wording or lines."""
        return f"{self.signal}:{digest(self.signal, self.identity or self.subject)}"

    @computed_field
    @property
    def evidence_digest(self) -> str:
        """What was seen, without line numbers and commits: changes when the facts change, not when lines move."""
        return digest(sorted((e.kind, e.path, e.seen.strip(), *filter(None, [e.project])) for e in self.evidence))


class Look(Frozen):
    """How one scout's look at one repository ended.

    Attributes:
        reason: why it could not be finished, or what was left out.
        findings: how many there are, offered or not.
        unread: files that it wanted and that are not in this clone.
    """

    signal: str
    outcome: Outcome
    reason: str = ""
    findings: int = 0
    unread: int = 0

    @property
    def whole(self) -> bool:
        """Whether everything was looked at, so that what is not found is not there."""
        return self.outcome not in {Outcome.UNAVAILABLE, Outcome.ERROR} and not self.unread
