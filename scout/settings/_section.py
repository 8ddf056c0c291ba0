"""What every table of settings is."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A closed table of settings; `reaches_outside` names the keys that a checkout may set only when trusted."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    reaches_outside: ClassVar[frozenset[str]] = frozenset()
