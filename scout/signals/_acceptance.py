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
        weight: the same, each round counting half for every later one: scouts were mended in between.
        worth: of that weight, what was true and worth a ticket.
    """

    read: Annotated[int, Field(ge=1)]
    weight: Annotated[float, Field(gt=0)]
    worth: Annotated[float, Field(ge=0)]


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


@cache
def fresh_reading() -> FreshReading:
    """Return what fresh readers said."""
    return FreshReading.model_validate(
        tomllib.loads(files("scout.signals").joinpath("acceptance.toml").read_text("utf-8"))
    )
