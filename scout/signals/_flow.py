"""What scouts see of a project's flow: what measuring it found that may be worth a ticket. Nobody's name is in it."""

from datetime import date

from scout.model import Frozen


class ControlQuarter(Frozen):
    """A whole quarter of a year of a control: how often it should have held, and how often it did not."""

    name: str
    opportunities: int
    bypassed: int


class ControlSeen(Frozen):
    """A rule that can be observed, and how it fares.

    Attributes:
        watches: what it protects, as a clause after 'that'.
        opportunity: when it should hold, and what counts as kept.
        suggestions: kinds of change to think about.
        slow_rate: share bypassed in slow weeks, 0..1; None where there is too little.
        fast_rate: share bypassed in fast weeks.
        slow_tempo: opportunities a week in slow weeks.
        fast_tempo: opportunities a week in fast weeks.
        rises: whether bypassing rises with tempo, for sure, of a rule that mostly holds in slow weeks.
        quarters: whole quarters with five opportunities at least, oldest first.
        examples: what bypassed it last before the running quarter, newest first: commits or changes.
        are_commits: which of the two.
    """

    id: str
    watches: str
    opportunity: str
    suggestions: tuple[str, ...] = ()
    slow_rate: float | None = None
    fast_rate: float | None = None
    slow_tempo: float = 0.0
    fast_tempo: float = 0.0
    rises: bool = False
    quarters: tuple[ControlQuarter, ...] = ()
    examples: tuple[str, ...] = ()
    are_commits: bool = False


class Member(Frozen):
    """One of what repeats.

    Attributes:
        kind: `ticket`, `revert`, `hot fix`, `fix` or `failed job`.
        locator: a ticket's or a change's key; for a job, what names its run.
    """

    kind: str
    locator: str
    text: str
    day: date


class Recurring(Frozen):
    """What comes again and again under different names.

    Attributes:
        name: words that most of its members share.
        members: newest first.
        waited: days that they took together.
        alike: how alike they are to the most typical of them, 0..1.
    """

    name: str
    members: tuple[Member, ...]
    waited: float
    alike: float


class Growing(Frozen):
    """A queue into which more comes than goes, by a test.

    Attributes:
        since: the first day of it.
        per_week: by how many it grows in a week.
        low: lower end of the 95 % interval of that.
        high: upper end.
        open_now: open tickets.
        quarters: whole quarters, oldest first: name, created, closed.
    """

    since: date
    per_week: float
    low: float
    high: float
    open_now: int
    quarters: tuple[tuple[str, int, int], ...]


class Unneeded(Frozen):
    """A label or a state that nothing depends on any more; `last_used` is None for never."""

    kind: str
    name: str
    last_used: date | None = None


class Habit(Frozen):
    """A decision that hardly ever changes anything.

    Attributes:
        step: what is decided.
        role: who decides, as a role.
        n: decisions.
        changed: share that changed something, 0..1.
        wait: median days from being asked to being decided.
        caught: cases in which it did change something, newest first.
    """

    step: str
    role: str
    n: int
    changed: float
    wait: float
    caught: tuple[str, ...] = ()


class FlowFacts(Frozen):
    """What measuring a project's flow found that may be worth a ticket."""

    controls: tuple[ControlSeen, ...] = ()
    recurring: tuple[Recurring, ...] = ()
    growing: Growing | None = None
    unneeded: tuple[Unneeded, ...] = ()
    habits: tuple[Habit, ...] = ()
