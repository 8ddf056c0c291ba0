"""How a project's flow is measured: its time zone and its week."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from scout.settings._section import Section

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class FlowSettings(Section):
    """A project's working calendar; holidays are those of `[portfolio]`."""

    time_zone: str = Field(default="UTC", description="where days begin and end: 'Europe/Berlin'")
    working_days: tuple[str, ...] = Field(
        default=WEEK[:5], description="days of the week that are worked: 'mon' … 'sun'"
    )

    @field_validator("time_zone")
    @classmethod
    def _zone_is_known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            message = f"'{value}' is no time zone; write one such as 'Europe/Berlin'"
            raise ValueError(message) from error
        return value

    @field_validator("working_days")
    @classmethod
    def _days_are_known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        named = tuple(day.strip().lower()[:3] for day in value)
        unknown = [day for day in named if day not in WEEK]
        if unknown or not named:
            message = f"working days are named {', '.join(WEEK)}; at least one"
            raise ValueError(message)
        return named
