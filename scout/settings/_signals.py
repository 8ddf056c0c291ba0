"""What scouts may be told, and which places they leave out."""

from typing import Annotated

from pydantic import Field

from scout.settings._section import Section


class SignalSettings(Section):
    """What any scout may be told; some have keys of their own (`scout explain <scout>`)."""

    enabled: bool = Field(default=True, description="whether this scout looks at all")
    cap: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="findings of a project that are offered at most; default: the scout's own cap"
    )
    offer: bool | None = Field(
        default=None, description="whether its findings are offered; default: unless the scout is on trial"
    )
    floor: Annotated[float, Field(ge=0, le=1)] | None = Field(
        default=None, description="chance of a yes under which it is throttled; default: `acceptance_floor` of [policy]"
    )
    ignore: tuple[str, ...] = Field(default=(), description="paths it leaves out, as patterns: `docs/old/**`")
    seconds: Annotated[float, Field(gt=0)] = Field(
        default=60, description="how long a scout of another package may look"
    )
    megabytes: Annotated[int, Field(ge=64)] = Field(
        default=1024, description="memory that a scout of another package may have"
    )


class Ignore(Section):
    """Places that scouts leave out, with the reason."""

    path: str = Field(description="a path or pattern: `vendor/**`")
    signals: tuple[str, ...] = Field(default=(), description="for these scouts only; default: all")
    reason: Annotated[str, Field(min_length=3)] = Field(description="why; shown with `scout find --json`")
