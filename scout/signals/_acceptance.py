"""What readers who had not written the scouts said of their findings: the table `acceptance.toml`, made from verdicts.

`make precision` writes the table from `tests/precision/fresh/*.jsonl`; nobody writes it by hand.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from scout.model import Frozen


class FreshVerdicts(Frozen):
    """What fresh readers said of one scout's findings.

    Attributes:
        read: how many findings they read.
        wanted: of these, what was true and worth a ticket.
        weight: what was read, each round counting half for every later one: scouts were mended in between.
        worth: of that weight, what was true and worth a ticket.
    """

    read: Annotated[int, Field(ge=1)]
    wanted: Annotated[int, Field(ge=0)]
    weight: Annotated[float, Field(gt=0)]
    worth: Annotated[float, Field(ge=0)]

    def chance(self, prior: float) -> float:
        """Return the chance of a yes, 0..1, drawn towards that of any scout, as if four more had been read (ADR 0033).

        Args:
            prior: the chance of any scout, 0..1.
        """
        return _drawn(self.worth, self.weight, prior)


class FreshReading(Frozen):
    """All that fresh readers said.

    Attributes:
        rounds: how often repositories were read that nobody had looked at before.
        read: findings in all.
        until: the newest day on which a repository was looked at.
        signals: by scout; those that found nothing in these repositories are not there.
    """

    rounds: int
    read: int
    until: str
    signals: dict[str, FreshVerdicts]


LIKE_READ = 4
"""Readings that the chance of any scout is worth."""
ANY_CHANCE = 0.6
"""Chance of a yes of a scout of which nothing is known."""
TRIAL_CHANCE = 0.3
"""A scout with a chance under this, all readings counted alike, has to prove itself before it is offered (ADR 0035)."""


@cache
def fresh_reading() -> FreshReading:
    """Return what fresh readers said."""
    return FreshReading.model_validate(
        tomllib.loads(files("scout.signals").joinpath("acceptance.toml").read_text("utf-8"))
    )


def on_trial(signal: str) -> str:
    """Return why a scout's findings are not offered unasked, or nothing.

    Readers wanted so little of what they ever read of it that the chance of a yes, drawn towards that of any scout, is
    under .3: nothing of five, one of nine. Rounds count alike here: a mended scout has to be met again to be believed.
    """
    known = fresh_reading().signals.get(signal)
    if known is None or _drawn(known.wanted, known.read, ANY_CHANCE) >= TRIAL_CHANCE:
        return ""
    return f"on trial: fresh readers wanted {known.wanted} of {known.read}; `signals.{signal}.offer` offers it here"


def _drawn(wanted: float, read: float, prior: float) -> float:
    return (wanted + prior * LIKE_READ) / (read + LIKE_READ)
