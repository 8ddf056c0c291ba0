"""What should disappear: labels and states that nothing depends on any more, offered as housekeeping."""

from collections.abc import Iterable
from datetime import datetime

from scout.model import Frozen


class Disappearing(Frozen):
    """Something that could go.

    Attributes:
        kind: `label` or `state`.
        used: on how many tickets and changes it ever was; None where that were one to four.
        last_used: when (UTC); None for never.
        reason: why, a complete sentence.
    """

    kind: str
    name: str
    used: int | None
    last_used: datetime | None
    reason: str


_FEW = 5


def disappearing(rows: Iterable[tuple[str, str, int, datetime | None]]) -> tuple[Disappearing, ...]:
    """Return what could go, with the reason: never by age alone, but because nothing open has it."""
    return tuple(
        Disappearing(
            kind=kind,
            name=name,
            used=used if used == 0 or used >= _FEW else None,
            last_used=last,
            reason=f"No open ticket or change has the {kind}, and nobody has used it "
            + (f"since {last.date().isoformat()}." if last else "ever."),
        )
        for kind, name, used, last in rows
    )
