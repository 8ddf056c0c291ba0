"""`publish`: where a project's accepted candidates are filed."""

from collections.abc import Iterable
from typing import Any, Final

from pydantic import ConfigDict, Field, ValidationError, model_validator

from scout.settings._section import Section

UNKNOWN: Final = "extra_forbidden"
FOLDER = "files"
"""The publisher that needs no server."""


class Publish(Section):
    """Where accepted candidates are filed; other keys are the publisher's own (`scout explain`).

    What those keys say is never shown, since nobody knows yet what they are.
    """

    model_config = ConfigDict(frozen=True, extra="allow")
    reaches_outside = frozenset({"live"})

    to: str = Field(default=FOLDER, description="a publisher of `scout list publishers`")
    folder: str = Field(default="tickets", description="folder of Markdown tickets, from the project's path")
    live: bool = Field(default=False, description="file accepted candidates at the end of every run")

    @property
    def rest(self) -> dict[str, Any]:
        """The keys that only the publisher knows."""
        return dict(self.model_extra or {})

    @model_validator(mode="after")
    def _a_folder_has_no_more_keys(self) -> "Publish":
        if self.to == FOLDER and (strange := next(iter(self.rest), None)):
            name = type(self).__name__
            raise ValidationError.from_exception_data(name, [{"type": UNKNOWN, "loc": (strange,), "input": None}])
        return self

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        """Name the publisher's keys without their values."""
        known = [(name, getattr(self, name)) for name in type(self).model_fields]
        return (*known, ("rest", tuple(sorted(self.rest))))
