"""What the register of accidental dependencies is made of: its entries, and what stops when they fail."""

from datetime import datetime
from enum import StrEnum

from scout.model import Frozen
from scout.signals._occasion import Occasion


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
        documented: whether a page names it, or how one runs it; what a change log says describes nothing.
        fallback: whether a failure is answered, in it or where it is called: tried again, limited in time, given
            another way; catching an error only to end with it is no answer.
        since: when it came to the main line; None where the history is cut off or does not tell.
        infrastructure_since: since when something there names it without a break, by any of its names: the moment at
            which it went from convenience to infrastructure.
        commit: the commit that made it so.
        temporary: places in it that call themselves temporary, each with since when.
        pinned: of a service, whether everything that is asked for there has a version or a checksum; None for a file.
        piped: of a service, whether what it gives goes straight to a shell somewhere; None for a file.
        awaited: of a service, whether a commit, a merge or a release uses something of it that is not pinned, with no
            answer to its failure; None for a file.
        ordinary: why nobody relies on it by accident, such as that a page describes it; empty where somebody does.
        told: why it is worth telling, from these facts, in one line; empty where it is ordinary.
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
    pinned: bool | None = None
    piped: bool | None = None
    awaited: bool | None = None
    ordinary: str = ""
    told: str = ""


MODES = {
    Occasion.HOOK: Failure.COMMIT,
    Occasion.CHECK: Failure.MERGE,
    Occasion.TOLERATED: Failure.SHOWN,
    Occasion.MERGED: Failure.MAIN,
    Occasion.ASKED: Failure.SHOWN,
    Occasion.DELIVERY: Failure.RELEASE,
    Occasion.IMAGE: Failure.IMAGE,
    Occasion.SCHEDULE: Failure.SILENT,
    Occasion.LEFT: Failure.SHOWN,
}
