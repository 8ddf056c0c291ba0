"""What raw records tell, whoever kept them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

DAY = 86_400.0


@dataclass(frozen=True)
class Word:
    """Something that was said: who, whether a program, when; of reviews the verdict."""

    who: str
    bot: bool
    at: datetime
    verdict: str = ""


@dataclass(frozen=True)
class Event:
    """Something that happened, under GitHub's name, with the label it is about."""

    name: str
    at: datetime
    bot: bool = False
    label: str = ""
    who: str = ""


@dataclass
class Thing:
    """A ticket or a change as its raw record tells it.

    Attributes:
        native: the tracker's own state.
        started: whether that means started.
        kind: of work; empty where nobody tells.
        closer: who closed it last; empty where nobody tells.
        size: lines added and deleted, where the record tells them.
        words: comments in the discussion.
        remarks: on lines.
        commits: their dates.
    """

    key: str
    created: datetime
    author: str
    bot: bool
    open: bool
    title: str = ""
    body: str = ""
    native: str = "open"
    started: bool = False
    kind: str = ""
    closed: datetime | None = None
    closer: str = ""
    merged: datetime | None = None
    draft: bool = False
    size: int | None = None
    labels: tuple[str, ...] = ()
    words: list[Word] = field(default_factory=list[Word])
    reviews: list[Word] = field(default_factory=list[Word])
    remarks: list[Word] = field(default_factory=list[Word])
    events: list[Event] = field(default_factory=list[Event])
    commits: list[datetime] = field(default_factory=list[datetime])

    @property
    def ended(self) -> datetime | None:
        """When it was merged, else closed."""
        return self.merged or self.closed

    @property
    def asked(self) -> datetime:
        """When it was ready for review."""
        ready = [one.at for one in self.events if one.name == "ready_for_review" and one.at >= self.created]
        return min([min(ready, default=self.created), *([self.merged] if self.merged else [])])

    def is_other(self, who: str) -> bool:
        """Whether somebody is somebody else; of two deleted accounts nobody can tell."""
        return who != self.author and bool(who or self.author)

    def seen(self, *, people: bool = False) -> list[datetime]:
        """Return when somebody else reviewed it or remarked on a line."""
        said = [*self.reviews, *self.remarks]
        return [one.at for one in said if self.is_other(one.who) and not (people and one.bot)]


@dataclass
class Archive:
    """All of one project, as of a moment.

    Attributes:
        has_history: whether it tells changes of state.
        home: `owner/name`, where tickets have addresses.
    """

    now: datetime
    tickets: list[Thing] = field(default_factory=list[Thing])
    changes: list[Thing] = field(default_factory=list[Thing])
    has_history: bool = False
    home: str = ""


def moment(text: str) -> datetime:
    """Return a moment of ISO 8601, as trackers write it."""
    return datetime.fromisoformat(text.replace("Z", "+00:00").replace("+0000", "+00:00")).astimezone(UTC)


def elapsed(start: datetime, end: datetime) -> float:
    """Return elapsed days."""
    return (end - start) / timedelta(seconds=DAY)
