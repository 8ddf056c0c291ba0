"""`[review]`: who has to say yes."""

from enum import StrEnum

from pydantic import Field

from scout.model import WorkKind
from scout.settings._section import Section


class Tier(StrEnum):
    """How much a yes weighs."""

    ONE = "one"
    TWO = "two"
    OWNER = "owner"


class ReviewSettings(Section):
    """Who has to say yes, by kind of work."""

    tiers: dict[WorkKind, Tier] = Field(
        default={}, description="by kind of work: `one` reviewer (default), `two`, or an `owner`"
    )
    refinements: Tier = Field(default=Tier.ONE, description="who has to say yes to a rewritten ticket")
