"""Which places of a project are for people, or need an owner's decision first."""

from typing import Annotated

from pydantic import Field

from scout.model import Autonomy
from scout.settings._section import Section


class Restriction(Section):
    """Places that only people may work on, or agents only with review. It makes Scout's own verdict stricter only."""

    path: str = Field(description="a path or pattern: `payments/**`")
    level: Autonomy = Field(default=Autonomy.PERSON, description="the freest who may work there")
    reason: Annotated[str, Field(min_length=3)] = Field(description="why; shown with the verdict")
