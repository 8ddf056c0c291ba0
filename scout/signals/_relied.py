"""What the register of accidental dependencies is made of: its entries, and what stops when they fail."""

from datetime import datetime
from enum import StrEnum

from scout.model import Frozen
from scout.signals._callers import Occasion


class Failure(StrEnum):
    """What stops when it fails."""

    COMMIT = "blocks commits"
    MERGE = "blocks merges"
    MAIN = "breaks the main line"
    SHOWN = "is shown, blocks nobody"
    TOLD = "is reported, blocks nobody"
    RELEASE = "blocks releases"
    IMAGE = "blocks images"
    SILENT = "fails silently"


class Dependent(Frozen):
    """Who relies on it: a line that calls it."""

    locator: str
    occasion: str
    project: str = ""


class Relied(Frozen):
    """An entry of the register.

    Attributes:
        kind: `script`, `service`, `schedule` (a workflow that only a clock starts) or `hook`.
        name: path of the file, or host of the service.
        dependents: lines that call it.
        failures: what stops when it fails.
        known_by: how many people ever changed it, which is how many know it; None for a service.
        tested: whether a test names it; None for what is no script.
        documented: whether a page names it.
        fallback: whether a failure is answered anywhere: a retry, a limit of time, an alternative.
        since: when it came to the main line; None where the history is cut off or does not tell.
        infrastructure_since: since when something there names it without a break, by any of its names: the moment at
            which it went from convenience to infrastructure.
        commit: the commit that made it so.
        temporary: places in it that call themselves temporary, each with since when.
        ordinary: why nobody relies on it by accident, such as that many know it; empty where somebody does.
    """

    kind: str
    name: str
    dependents: tuple[Dependent, ...]
    failures: tuple[Failure, ...]
    known_by: int | None
    tested: bool | None
    documented: bool
    fallback: bool
    since: datetime | None
    infrastructure_since: datetime | None
    commit: str
    temporary: tuple[str, ...]
    ordinary: str = ""


MODES = {
    Occasion.HOOK: Failure.COMMIT,
    Occasion.CHECK: Failure.MERGE,
    Occasion.TOLERATED: Failure.SHOWN,
    Occasion.MERGED: Failure.MAIN,
    Occasion.ASKED: Failure.SHOWN,
    Occasion.DELIVERY: Failure.RELEASE,
    Occasion.IMAGE: Failure.IMAGE,
    Occasion.SCHEDULE: Failure.SILENT,
}
